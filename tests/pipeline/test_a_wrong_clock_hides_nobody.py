"""A wrong clock is noticed and its readings judged by arrival; a queue of old readings is no wrong clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from healthtwin.episodes import EpisodeChange, Verb, decode_change
from healthtwin.pipeline import HouseStep
from healthtwin.stream import Fold
from tests.pipeline.recordings_of_people import ADA, START, in_the_log, profile, tick, vitals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from healthtwin.stream import LogRecord

LATENESS: Final = 15 * MINUTE_MS
Values = dict[str, float]

FINE: Final = {"spo2": 97.0, "heart_rate": 68.0}
DANGER: Final = {"spo2": 80.0, "heart_rate": 160.0}
BEGIN: Final = profile(START - HOUR_MS, birth_year=1960)


def new_fold() -> Fold:
    return Fold(HouseStep(LATENESS), LATENESS, 2 * LATENESS)


def opened(fold: Fold, records: Sequence[LogRecord], key: str = "vitals") -> list[EpisodeChange]:
    once = {change.id: change for _, change in fold.take(in_the_log([BEGIN, *records]))}  # as the outbox does
    told = {
        change.alert_id: change
        for change in map(decode_change, [each.payload for each in once.values()])
        if change.verb is Verb.OPENED and change.dedup_key == key
    }
    return list(told.values())


def row(time_ms: int, arrived_ms: int, values: Values, device: str = "d-phone") -> LogRecord:
    oxygen, heart = values["spo2"], values["heart_rate"]
    return vitals(time_ms, device=device, arrived_ms=arrived_ms, spo2=oxygen, heart_rate=heart)


def sent(offset_ms: int, minutes: range, values: Values, device: str = "d-phone") -> list[LogRecord]:
    """One row a message, taken as it arrives by a clock that is behind by `offset_ms`."""
    present = [START + minute * MINUTE_MS for minute in minutes]
    return [row(at_ms - offset_ms, at_ms + 300, values, device) for at_ms in present]


@pytest.mark.parametrize(
    "offset_ms",
    [16 * MINUTE_MS, 20 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS, DAY_MS, 365 * DAY_MS],
    ids=["16 min", "20 min", "summer time", "time zone", "a day", "a year"],
)
def test_a_danger_is_told_however_far_the_clock_is_behind(offset_ms: int) -> None:
    fold = new_fold()
    (first,) = opened(fold, sent(offset_ms, range(0, 180, 5), DANGER))
    assert first.arrived_ms <= START + 11 * MINUTE_MS
    (problem,) = fold.clock_problems(ADA)
    assert problem.kind == "behind"
    assert abs(problem.behind_ms - offset_ms) <= MINUTE_MS
    assert fold.wrong_clocks() == 1


def test_once_the_clock_is_known_a_danger_is_told_with_its_own_arrival() -> None:
    calm = sent(20 * MINUTE_MS, range(0, 60, 5), FINE)
    (danger,) = sent(20 * MINUTE_MS, range(60, 61), DANGER)
    (told,) = opened(new_fold(), [*calm, danger])
    assert told.arrived_ms == danger.arrived_ms
    assert abs(told.at_ms - danger.arrived_ms) <= MINUTE_MS


@pytest.mark.parametrize("apart", [1, 5, 30, 60], ids="every {} min".format)
def test_how_often_a_device_speaks_makes_no_difference(apart: int) -> None:
    assert len(opened(new_fold(), sent(3 * HOUR_MS, range(0, 13 * apart, apart), DANGER))) == 1


def test_a_clock_that_is_set_right_is_no_problem_any_more() -> None:
    fold = new_fold()
    wrong, right = sent(DAY_MS, range(0, 60, 5), FINE), sent(0, range(60, 120, 5), FINE)
    danger = sent(0, range(120, 121), DANGER)
    (told,) = opened(fold, [*wrong, *right, *danger])
    assert told.arrived_ms == danger[0].arrived_ms
    assert fold.clock_problems(ADA) == []
    assert fold.wrong_clocks() == 0


def test_a_clock_that_falls_back_later_is_followed() -> None:
    """An empty battery puts it back to where it left the factory."""
    right, wrong = sent(0, range(0, 60, 5), FINE), sent(400 * DAY_MS, range(60, 120, 5), DANGER)
    (told,) = opened(new_fold(), [*right, *wrong])
    assert told.arrived_ms <= START + 71 * MINUTE_MS


def test_of_two_devices_of_one_person_only_the_wrong_one_is_shifted() -> None:
    fold = new_fold()
    watch = sent(0, range(0, 120, 5), FINE, "d-watch")
    oximeter = sent(3 * HOUR_MS, range(2, 120, 5), DANGER, "d-oximeter")
    records = sorted([*watch, *oximeter], key=lambda record: record.arrived_ms)
    assert len(opened(fold, records)) >= 1
    (problem,) = fold.clock_problems(ADA)
    assert abs(problem.behind_ms - 3 * HOUR_MS) <= MINUTE_MS


def test_a_clock_that_goes_on_slowing_down_is_followed() -> None:
    """A minute in the hour more, from ten on: it passes the allowed lateness on the way."""
    records = [
        row(START + at - 10 * MINUTE_MS - at // 60, START + at, FINE)
        for at in range(0, 10 * HOUR_MS, 5 * MINUTE_MS)
    ]
    end = START + 10 * HOUR_MS
    danger = row(end - 20 * MINUTE_MS, end, DANGER)
    (told,) = opened(new_fold(), [*records, danger])
    assert told.arrived_ms == end


def test_a_clock_that_jumps_is_noticed_and_its_readings_count_when_they_come() -> None:
    fold = new_fold()
    offsets = [0, 3 * HOUR_MS, 0, DAY_MS, 0, 5 * HOUR_MS, 0, 2 * DAY_MS]
    records = [
        record
        for turn in range(24)
        for record in sent(offsets[turn % len(offsets)], range(turn * 5, turn * 5 + 1), FINE)
    ]
    danger = sent(7 * HOUR_MS, range(120, 121), DANGER)
    (told,) = opened(fold, [*records, *danger])
    assert told.arrived_ms == danger[0].arrived_ms
    assert [problem.kind for problem in fold.clock_problems(ADA)] == ["jumping"]


def queue(hours: int, per_message: int, seconds_apart: int, *, newest_first: bool) -> list[LogRecord]:
    """What a phone without a network sends afterwards: a row every five minutes of these hours."""
    arrives = START + hours * HOUR_MS
    stamps = list(range(START, arrives, 5 * MINUTE_MS))
    if newest_first:
        stamps.reverse()
    return [
        row(stamp, arrives + nth // per_message * seconds_apart * SECOND_MS, DANGER)
        for nth, stamp in enumerate(stamps)
    ]


@pytest.mark.parametrize("newest_first", [False, True], ids=["oldest first", "newest first"])
@pytest.mark.parametrize(("per_message", "seconds_apart"), [(1, 1), (1, 6), (1, 60), (12, 30), (1000, 1)])
def test_a_queue_of_old_readings_tells_at_most_what_is_young(
    per_message: int, seconds_apart: int, *, newest_first: bool
) -> None:
    fold = new_fold()
    records = queue(5, per_message, seconds_apart, newest_first=newest_first)
    told = opened(fold, records)
    assert len(told) <= (3 if newest_first else 1)  # an earlier sign that came later moves the start
    for change in told:
        assert change.arrived_ms - change.at_ms <= LATENESS
    assert fold.clock_problems(ADA) == []


def test_an_import_of_a_year_opens_nothing_and_blames_no_clock() -> None:
    fold = new_fold()
    end = START + DAY_MS
    records = [row(end - day * DAY_MS, end, DANGER) for day in range(365, 1, -1)]
    assert opened(fold, records) == []
    assert fold.clock_problems(ADA) == []


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([0, 16, 60, 180, 1440, 525_600]), st.integers(1, 10)),
        min_size=1,
        max_size=3,
    ),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40), st.booleans()), max_size=3),
    st.integers(0, 2),
)
def test_whatever_else_is_sent_a_danger_is_told_with_its_arrival(
    clocks: list[tuple[int, int]], uploads: list[tuple[int, int, bool]], whose: int
) -> None:
    """Devices with clocks of their own, uploads of old queues between; then one of them sees a danger."""
    minutes = 90
    records = [
        record
        for number, (behind, apart) in enumerate(clocks)
        for record in sent(behind * MINUTE_MS, range(0, minutes, apart), FINE, f"d-{number}")
    ]
    for number, (at, rows, backwards) in enumerate(uploads):
        arrived = START + 3 * at * MINUTE_MS
        young_ms = arrived - HOUR_MS - 45 * number * MINUTE_MS  # always the same lag would be a slow clock
        stamps = [young_ms - nth * 7 * MINUTE_MS for nth in range(rows)]
        records += [
            row(stamp, arrived, DANGER, "d-queue") for stamp in (stamps if backwards else reversed(stamps))
        ]
    records.sort(key=lambda record: record.arrived_ms)
    number = whose % len(clocks)
    (danger,) = sent(clocks[number][0] * MINUTE_MS, range(minutes, minutes + 1), DANGER, f"d-{number}")
    told = opened(new_fold(), [*records, danger])
    assert [change.arrived_ms for change in told] == [danger.arrived_ms]


# ---------------------------------------------------------------- the house's own clock


@pytest.mark.parametrize("ahead_ms", [16 * MINUTE_MS, 20 * MINUTE_MS, 10 * DAY_MS, 3650 * DAY_MS])
def test_a_clock_of_the_house_that_was_ahead_for_a_moment_mutes_nobody(ahead_ms: int) -> None:
    calm = sent(0, range(0, 60, 5), FINE)
    jumped = [
        row(START + HOUR_MS + second * SECOND_MS, START + HOUR_MS + ahead_ms, FINE) for second in range(3)
    ]
    ahead = row(START + HOUR_MS + ahead_ms, START + HOUR_MS + ahead_ms, FINE)
    danger = sent(0, range(62, 63), DANGER)
    told = opened(new_fold(), [*calm, *jumped, ahead, tick(START + HOUR_MS + ahead_ms), *danger])
    assert [change.arrived_ms for change in told] == [danger[0].arrived_ms]


def test_what_the_house_knows_after_a_jump_is_the_same_after_a_replay_in_any_cuts() -> None:
    ahead_ms = 3 * DAY_MS
    calm = sent(0, range(0, 30, 5), FINE)
    jumped = row(START + ahead_ms, START + ahead_ms, FINE)
    log = in_the_log([BEGIN, *calm, jumped, *sent(0, range(31, 90, 5), DANGER)])
    whole, single = new_fold(), new_fold()
    told_whole = [change.id for _, change in whole.take(log)]
    told_single = [change.id for record in log for _, change in single.take([record])]
    assert told_whole == told_single
    for one, other in zip(whole.peek(ADA) or (), single.peek(ADA) or (), strict=True):
        assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize("behind_ms", [20 * MINUTE_MS, HOUR_MS, DAY_MS])
def test_a_slow_device_that_sends_several_rows_at_once_is_judged_by_arrival_too(behind_ms: int) -> None:
    """Every quarter of an hour the last three readings, oldest first."""
    calm = [
        row(START + (quarter * 15 - ago) * MINUTE_MS - behind_ms, START + quarter * 15 * MINUTE_MS, FINE)
        for quarter in range(6)
        for ago in (10, 5, 0)
    ]
    end = START + 90 * MINUTE_MS
    danger = [row(end - ago * MINUTE_MS - behind_ms, end, DANGER if ago == 0 else FINE) for ago in (10, 5, 0)]
    fold = new_fold()
    (told,) = opened(fold, [*calm, *danger])
    assert told.arrived_ms == end
    assert [problem.kind for problem in fold.clock_problems(ADA)] == ["behind"]


def test_a_slow_device_that_was_without_a_network_tells_what_is_young_alone() -> None:
    """Its queue comes at once when it is back; an hour ago is an hour ago, by its clock as by a right one."""
    behind_ms = 3 * HOUR_MS
    calm = sent(behind_ms, range(0, 60, 5), FINE)
    back = START + 3 * HOUR_MS
    queued = [
        row(START + minute * MINUTE_MS - behind_ms, back, DANGER if minute < 150 else FINE)
        for minute in range(60, 181, 5)
    ]
    assert opened(new_fold(), [*calm, *queued]) == []
