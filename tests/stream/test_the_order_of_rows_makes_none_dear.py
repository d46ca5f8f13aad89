"""Rows may come in any order, and cost what they cost in order: the newest state is not computed for each."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.domain import MINUTE_MS, SECOND_MS
from healthtwin.stream import Caused, Fold, NewRecord
from tests.stream.heart_step import HeartStep, episodes_in, episodes_told, reading, tick
from tests.stream.test_checkpoints_change_nothing import CountingStep
from tests.stream.test_order_and_lateness import (
    IDLE_MS,
    LATENESS_MS,
    START_MS,
    logged,
    states,
    told_by_person,
)

ROWS = 840
NOW_MS = START_MS + ROWS * SECOND_MS


def newest_first(*, high_at: int = -1, each_s: float = 0.0) -> list[NewRecord]:
    """Fourteen minutes at one a second, in one message or one after the other."""
    return [
        reading(
            "ada",
            START_MS + n * SECOND_MS,
            150.0 if n == high_at else 70.0 + n % 5,
            sequence=n,
            arrived_ms=NOW_MS + int(1_000 * each_s * (ROWS - n)),
        )
        for n in range(ROWS - 1, -1, -1)
    ]


def test_a_quarter_of_an_hour_newest_first_costs_a_few_steps_a_row() -> None:
    for each_s in (0.0, 0.05, 0.5):
        step = CountingStep()
        Fold(step, LATENESS_MS, IDLE_MS).take(
            logged([*newest_first(each_s=each_s), tick(NOW_MS + MINUTE_MS)])
        )
        assert step.taken < 60 * ROWS


def test_it_leads_to_what_the_right_order_leads_to() -> None:
    straight, backwards = (Fold(HeartStep(), LATENESS_MS, IDLE_MS) for _ in range(2))
    records = newest_first(high_at=100)
    told_straight = straight.take(logged([*reversed(records), tick(NOW_MS)]))
    told_backwards = backwards.take(logged([*records, tick(NOW_MS)]))
    assert states(backwards) == states(straight)
    newest = backwards.peek("ada")
    assert newest is not None
    assert episodes_told(told_backwards) == episodes_told(told_straight) == {"ada": episodes_in(newest[1])}


def test_whoever_looks_sees_everything_before_it_is_told() -> None:
    fold = Fold(HeartStep(), LATENESS_MS, IDLE_MS)
    told = fold.take(logged(newest_first(high_at=100)))
    assert told == []
    newest = fold.peek("ada")
    assert newest is not None
    assert newest[1]["rows"] == ROWS
    assert newest[1]["episodes"] == 1


def test_a_danger_deep_in_an_upload_is_told_within_seconds_of_the_logs_clock() -> None:
    fold = Fold(HeartStep(), LATENESS_MS, IDLE_MS)
    records = [*newest_first(high_at=100), reading("bob", NOW_MS + 11 * SECOND_MS, 70.0)]
    told = fold.take(logged(records))
    assert episodes_told(told) == {"ada": {(START_MS + 100 * SECOND_MS, START_MS + 101 * SECOND_MS)}}


def test_a_reading_of_now_is_judged_at_once_though_an_upload_is_not_computed_yet() -> None:
    fold = Fold(HeartStep(), LATENESS_MS, IDLE_MS)
    records = [*newest_first(), reading("ada", NOW_MS + SECOND_MS, 150.0)]
    assert episodes_told(fold.take(logged(records))) == {"ada": {(NOW_MS + SECOND_MS, 0)}}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ada", "bob"]),
            st.sampled_from(["phone", "watch"]),
            st.integers(0, 40),
            st.sampled_from([60.0, 85.0, 105.0, 130.0]),
            st.integers(0, 3_000),
        ),
        max_size=60,
    ),
    st.lists(st.integers(0, 60), max_size=6),
)
@settings(max_examples=60, deadline=None)
def test_cuts_change_nothing_of_what_is_told_and_when(
    drawn: list[tuple[str, str, int, float, int]], cuts: list[int]
) -> None:
    """Bursts of rows a second apart in any order, so that many are overtaken by many."""
    arrived_ms = itertools.accumulate((pause_ms for *_, pause_ms in drawn), initial=START_MS + MINUTE_MS)
    log = logged(
        [
            reading(
                person, START_MS + second * SECOND_MS, value, device=f"{person}'s {device}", arrived_ms=at
            )
            for (person, device, second, value, _), at in zip(drawn, arrived_ms, strict=False)
        ]
    )
    whole, pieces = (Fold(HeartStep(), LATENESS_MS, IDLE_MS) for _ in range(2))
    told_whole = whole.take(log)
    edges = sorted({0, len(log), *(min(cut, len(log)) for cut in cuts)})
    told_pieces: list[Caused] = []
    for start, end in itertools.pairwise(edges):
        told_pieces += pieces.take(log[start:end])
    assert states(pieces) == states(whole)
    assert told_by_person(told_pieces) == told_by_person(told_whole)
