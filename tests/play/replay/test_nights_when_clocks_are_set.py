"""Local times on the two nights of a year that have an hour too many or too few."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.play.replay.local_time import instants as instants_of
from tests.play.replay.reading_a_file import instants, recording_of, refused

BERLIN = '{ column = "when", timezone = "Europe/Berlin" }'

SET_BACK = {
    "Europe/Berlin": datetime(2025, 10, 26, 1, tzinfo=UTC),
    "America/New_York": datetime(2025, 11, 2, 6, tzinfo=UTC),
    "America/St_Johns": datetime(2025, 11, 2, 4, 30, tzinfo=UTC),
    "Australia/Lord_Howe": datetime(2026, 4, 4, 15, tzinfo=UTC),
    "Europe/Dublin": datetime(2025, 10, 26, 1, tzinfo=UTC),
    "Africa/Casablanca": datetime(2026, 2, 15, 2, tzinfo=UTC),
}
"""When clocks were set back, by zone."""


def local(moments: list[datetime], zone: str) -> list[datetime]:
    return [moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) for moment in moments]


def test_the_autumn_night_has_as_many_instants_as_rows(tmp_path: Path) -> None:
    began = datetime(2025, 10, 25, 22, tzinfo=UTC)
    truth = [began + timedelta(minutes=5 * i) for i in range(72)]
    rows = [f"{at:%Y-%m-%d %H:%M},{60 + i / 10}" for i, at in enumerate(local(truth, "Europe/Berlin"))]
    recording = recording_of(tmp_path, "\n".join(["when,hr", *rows]), time=BERLIN)
    assert instants(recording) == [f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in truth]
    assert recording.values[:, 0].tolist() == [60 + i / 10 for i in range(72)]
    assert recording.counts.warnings == ()


@settings(max_examples=150, deadline=None)
@given(
    zone=st.sampled_from(sorted(SET_BACK)),
    step_min=st.sampled_from([1, 2, 5, 7, 10, 15]),
    before_min=st.integers(60, 240),
    newest_first=st.booleans(),
    people=st.integers(1, 3),
)
def test_the_order_of_a_file_tells_which_is_the_second_hour(
    zone: str, step_min: int, before_min: int, newest_first: bool, people: int
) -> None:
    began = SET_BACK[zone] - timedelta(minutes=before_min)
    truth = [began + timedelta(minutes=step_min * i) for i in range((before_min + 180) // step_min)]
    truth = truth[::-1] if newest_first else truth
    rows = [(moment, person) for moment in truth for person in range(people)]
    found = instants_of(local([row[0] for row in rows], zone), [zone] * len(rows), [row[1] for row in rows])
    assert found.ms == [int(moment.timestamp() * 1000) for moment, _ in rows]
    assert (found.skipped, found.unsure) == ([], [])


@settings(max_examples=100, deadline=None)
@given(
    order=st.permutations(range(12)),
    zone=st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "America/New_York"]),
)
def test_no_order_loses_a_row_or_moves_it_by_more_than_the_clock_was(zone: str, order: list[int]) -> None:
    began = SET_BACK[zone] - timedelta(minutes=75)
    truth = [began + timedelta(minutes=15 * i) for i in order]
    found = instants_of(local(truth, zone), [zone] * len(truth), ["me"] * len(truth))
    for moment, at in zip(truth, found.ms, strict=True):
        assert at is not None
        assert abs(int(moment.timestamp() * 1000) - at) in (0, 1_800_000, 3_600_000)


def test_hourly_rows_step_back_where_a_time_stands_twice(tmp_path: Path) -> None:
    csv = "when,hr\n2025-10-26 01:30,60\n2025-10-26 02:30,61\n2025-10-26 02:30,63\n2025-10-26 03:30,62\n"
    recording = recording_of(tmp_path, csv, time=BERLIN)
    assert instants(recording)[1:3] == ["2025-10-26T00:30:00Z", "2025-10-26T01:30:00Z"]


def test_where_nothing_tells_which_hour_it_was_the_report_says_so(tmp_path: Path) -> None:
    csv = "when,hr\n2025-10-26 01:30,60\n2025-10-26 02:30,61\n2025-10-26 03:30,62\n"
    recording = recording_of(tmp_path, csv, time=BERLIN)
    assert instants(recording)[1] == "2025-10-26T00:30:00Z"
    (warning,) = recording.counts.warnings
    assert "line 3" in warning
    assert "came twice" in warning


@pytest.mark.parametrize(
    ("zone", "never"),
    [
        ("Europe/Berlin", "2026-03-29 02:30"),
        ("America/New_York", "2026-03-08 02:00"),
        ("Australia/Lord_Howe", "2026-10-04 02:15"),
    ],
)
def test_a_time_that_no_clock_showed_is_refused_with_its_reason(
    tmp_path: Path, zone: str, never: str
) -> None:
    csv = f"when,hr\n2026-01-01 08:00,60\n{never},61\n"
    recording = recording_of(tmp_path, csv, time=f'{{ column = "when", timezone = "{zone}" }}')
    assert refused(recording) == [("when", never, 3)]
    assert "set forward" in recording.counts.unreadable[0].allowed
    assert recording.values.tolist() == [[60]]


def test_a_time_with_its_offset_needs_no_guess(tmp_path: Path) -> None:
    csv = "when,hr\n2025-10-26T02:30:00+01:00,60\n2025-10-26T02:30:00+02:00,61\n"
    recording = recording_of(tmp_path, csv, time=BERLIN)
    assert instants(recording) == ["2025-10-26T00:30:00Z", "2025-10-26T01:30:00Z"]
    assert recording.counts.warnings == ()
