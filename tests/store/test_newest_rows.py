"""The newest row of each metric: what was read stays true whatever is written, whoever reads meanwhile."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.domain import DAY_MS
from healthtwin.store import SeriesStore
from healthtwin.store.series.latest import LatestRows

if TYPE_CHECKING:
    from pathlib import Path

ADA, BO = "ada0", "bo00"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.sampled_from([ADA, BO]), st.integers(1, 2), st.integers(0, 20 * DAY_MS)),
            st.sampled_from(["ask", "seal", "retain", "erase"]),
        ),
        max_size=30,
    )
)
def test_whatever_is_written_it_is_what_a_store_says_that_has_kept_nothing(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int] | str]
) -> None:
    path = tmp_path_factory.mktemp("series") / "series.db"
    with SeriesStore(path, raw_days=5) as store:
        for number, step in enumerate(steps):
            if isinstance(step, tuple):
                store.append([(*step, float(number), 1.0)], through_offset=number)
            elif step == "seal":
                store.seal(15 * DAY_MS)
            elif step == "retain":
                store.retain(20 * DAY_MS)
            elif step == "erase":
                store.erase(BO)
            with SeriesStore(path, raw_days=5) as fresh:
                assert {who: store.latest(who) for who in (ADA, BO)} == {
                    who: fresh.latest(who) for who in (ADA, BO)
                }


def test_who_asks_may_change_what_they_got(tmp_path: Path) -> None:
    with SeriesStore(tmp_path / "series.db") as store:
        store.append([(ADA, 1, 0, 60.0, 1.0)], through_offset=1)
        store.latest(ADA).clear()
        assert store.latest(ADA) == {1: (0, 60.0)}


def test_a_read_that_a_write_overtook_is_not_kept() -> None:
    kept = LatestRows(10)
    began, written = threading.Event(), threading.Event()

    def slow(_: str) -> dict[int, tuple[int, float]]:
        began.set()
        assert written.wait(10)
        return {1: (0, 60.0)}

    reader = threading.Thread(target=kept.of, args=(ADA, slow))
    reader.start()
    assert began.wait(10)
    kept.forget([ADA])
    written.set()
    reader.join(10)
    assert kept.of(ADA, lambda _: {1: (5, 61.0)}) == {1: (5, 61.0)}


def test_a_read_that_fails_leaves_nothing_behind() -> None:
    kept = LatestRows(10)

    def broken(_: str) -> dict[int, tuple[int, float]]:
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        kept.of(ADA, broken)
    assert kept.of(ADA, lambda _: {}) == {}


def test_who_was_asked_about_longest_ago_goes_first() -> None:
    kept = LatestRows(2)
    read: list[str] = []

    def noted(person: str) -> dict[int, tuple[int, float]]:
        read.append(person)
        return {}

    for person in (ADA, BO, ADA, "cy00", ADA, BO):
        kept.of(person, noted)
    assert read == [ADA, BO, "cy00", BO]
