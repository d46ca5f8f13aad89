"""Messages go out in event order, person-days count as stated, nothing is called false without truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtwin.domain import DAY_MS, HOUR_MS
from healthtwin.domain.errors import InvalidInput
from healthtwin.play.replay import RecordedPerson, Recording, parse_speed, shortened
from healthtwin.play.replay.plan import MOST_ROWS, WINDOW_MS, messages, watched_ms
from healthtwin.play.replay.recording import ReaderCounts
from healthtwin.play.replay.report import Percentiles, PlayedAlert, count_alerts, false_alarms, split_by_label


def recording_of(times_ms: list[int], subject: list[int]) -> Recording:
    order = np.argsort(np.array(times_ms, np.int64), kind="stable")
    people = max(subject, default=-1) + 1
    return Recording(
        name="x",
        notes=(),
        label=None,
        subjects=tuple(RecordedPerson(str(i), "UTC") for i in range(people)),
        metrics=("heart_rate",),
        times_ms=np.array(times_ms, np.int64)[order],
        subject=np.array(subject, np.int32)[order],
        values=np.full((len(times_ms), 1), 60.0),
        counts=ReaderCounts(rows=len(times_ms)),
    )


@given(
    st.lists(st.tuples(st.integers(0, 3 * WINDOW_MS), st.integers(0, 4)), min_size=1, max_size=60),
)
def test_messages_carry_every_row_once_in_event_order_within_the_window(rows: list[tuple[int, int]]) -> None:
    recording = recording_of([time for time, _ in rows], [who for _, who in rows])
    cut = list(messages(recording))
    assert [i for message in cut for i in range(message.first, message.last)] == list(range(len(rows)))
    for message in cut:
        span = recording.times_ms[message.first : message.last]
        assert span[-1] - span[0] < WINDOW_MS
        assert message.until_ms == span[-1]


def test_a_message_never_exceeds_the_most_rows() -> None:
    cut = list(messages(recording_of([0] * (MOST_ROWS + 1), [0] * (MOST_ROWS + 1))))
    assert [message.last - message.first for message in cut] == [MOST_ROWS, 1]


def test_an_hourly_stay_counts_its_hours_and_a_daily_row_counts_a_day() -> None:
    hourly = recording_of([i * HOUR_MS for i in range(38)], [0] * 38)
    assert watched_ms(hourly).tolist() == [38 * HOUR_MS]
    daily = recording_of([0, DAY_MS, 2 * DAY_MS], [0, 0, 0])
    assert watched_ms(daily).tolist() == [3 * DAY_MS]


def test_a_gap_of_weeks_counts_as_one_day() -> None:
    assert watched_ms(recording_of([0, 30 * DAY_MS], [0, 0])).tolist() == [2 * DAY_MS]


def test_somebody_without_a_row_was_not_watched() -> None:
    assert watched_ms(recording_of([0, HOUR_MS], [1, 1])).tolist() == [0, 2 * HOUR_MS]


def test_a_shortened_recording_keeps_the_first_people_and_rows() -> None:
    recording = recording_of([5, 1, 3, 2], [0, 1, 0, 2])
    kept = shortened(recording, people=2, rows=2)
    assert [subject.name for subject in kept.subjects] == ["0", "1"]
    assert kept.times_ms.tolist() == [1, 3]
    with pytest.raises(InvalidInput, match="--limit"):
        shortened(recording, rows=0)


@pytest.mark.parametrize("text", ["fast", "0", "0.5x", "-2", "nan", "inf"])
def test_a_speed_below_life_or_of_no_sense_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="--speed"):
        parse_speed(text)


def test_without_truth_every_alert_counts_as_false_and_the_report_says_that_it_is_a_bound() -> None:
    told = false_alarms(None, 0.25)
    assert told.per_person_day == 0.25
    assert "upper bound" in told.means


def test_with_a_label_alerts_of_people_who_never_carry_it_bound_the_false_ones() -> None:
    alerts = [
        PlayedAlert(0, "critical", "r", 1),
        PlayedAlert(1, "warning", "r", 2),
        PlayedAlert(1, "warning", "r", 3),
        PlayedAlert(1, "info", "r", 4),
    ]
    split = split_by_label(alerts, [True, False], [1.0, 4.0], "sepsis")
    assert (split.labelled.alerts, split.unlabelled.alerts) == (1, 2)
    assert split.unlabelled.people_with_alert == 1
    told = false_alarms(split, 0.6)
    assert told.per_person_day == 0.5
    assert "upper bound" in told.means


@given(
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["info", "warning", "critical"]))),
    st.floats(0.1, 1e4),
)
def test_alerts_add_up_over_levels_and_rules(alerts: list[tuple[int, str]], days: float) -> None:
    counts = count_alerts([PlayedAlert(who, level, level[0], 0) for who, level in alerts], days)
    assert sum(counts.by_level.values()) == sum(counts.by_rule.values()) == counts.total == len(alerts)
    assert counts.people_with_warning_or_worse == len({who for who, level in alerts if level != "info"})


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_percentiles_are_figures_that_were_measured(values: list[float]) -> None:
    told = Percentiles.of(values)
    rounded = {round(value, 2) for value in values}
    assert {told.p50, told.p99} <= rounded
    assert told.count == len(values)
