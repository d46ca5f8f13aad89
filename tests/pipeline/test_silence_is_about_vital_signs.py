"""Whom nobody measures is silent, whatever else is sent; what was old when it came ends no silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from healthtwin.episodes import SILENCE_KEY, EpisodeChange, decode_change
from healthtwin.pipeline import HouseStep, VerbPayload
from healthtwin.stream import Fold
from tests.pipeline.recordings_of_people import ADA, START, in_the_log, message, profile, tick, verb, vitals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from healthtwin.stream import LogRecord

LATENESS: Final = 15 * MINUTE_MS
LIMIT: Final = HOUR_MS
BEGIN: Final = profile(START - 2 * DAY_MS, birth_year=1960, silence_after_ms=LIMIT)
ACKNOWLEDGED: Final = 2
PULSE: Final = {"heart_rate": 70.0}


def at(minutes: float) -> int:
    return START + round(minutes * MINUTE_MS)


def measured(
    minutes: float, came: float | None = None, values: Mapping[str, float] = PULSE, device: str = "d-phone"
) -> LogRecord:
    return message(at(minutes), values, arrived_ms=at(minutes if came is None else came), device=device)


def ticks(begin: int, end: int, apart: int = 1) -> list[LogRecord]:
    return [tick(at(minute)) for minute in range(begin, end, apart)]


def in_order(*parts: Iterable[LogRecord]) -> list[LogRecord]:
    return sorted((record for part in parts for record in part), key=lambda record: record.arrived_ms)


class Home:
    """Takes records one after another and keeps what was told of silence."""

    def __init__(self) -> None:
        self.fold = Fold(HouseStep(LATENESS), LATENESS, 2 * LATENESS)
        self.told: list[EpisodeChange] = []
        self._log = 0
        self._ids: set[str] = set()
        self.take([BEGIN])

    def take(self, records: Iterable[LogRecord]) -> None:
        for record in records:
            self._log += 1
            (placed,) = in_the_log([record])
            placed = msgspec.structs.replace(placed, offset=self._log)
            for _, change in self.fold.take([placed]):
                if change.id not in self._ids:
                    self._ids.add(change.id)
                    self.told.append(decode_change(change.payload))

    def verbs(self) -> list[str]:
        return [change.verb.name for change in self.told if change.dedup_key == SILENCE_KEY]

    @property
    def state(self) -> int:
        episode = self.fold.glance(ADA, SILENCE_KEY)
        assert episode is not None
        return int(episode["state"])

    @property
    def silent(self) -> bool:
        return 1 <= self.state <= 3


@pytest.mark.parametrize(
    "other",
    [
        {"steps": 12.0},
        {"activity_level": 0.0, "steps": 0.0},
        {"ambient_temperature": 21.0},
        {"weight": 71.0},
        {"cough_count": 2.0},
        {"supplemental_oxygen": 0.0},
        {"barometric_pressure": 1013.0},
        {"hrv_rmssd": 40.0},
    ],
    ids=str,
)
def test_what_is_no_vital_sign_neither_prevents_silence_nor_ends_it(other: dict[str, float]) -> None:
    home = Home()
    home.take(in_order([measured(0)], (measured(m, values=other) for m in range(10, 300, 10)), ticks(1, 300)))
    assert home.verbs() == ["OPENED"]
    assert home.told[-1].at_ms == at(60)
    home.take([measured(300)])
    assert home.verbs() == ["OPENED", "RESOLVED"]


def test_hours_old_readings_leave_the_same_alarm_with_its_acknowledgement() -> None:
    home = Home()
    home.take(in_order([measured(0)], ticks(1, 240)))
    acknowledge = VerbPayload("acknowledge", SILENCE_KEY, at(60), level=2, actor="t-1")
    home.take([verb(at(200.5), acknowledge)])
    home.take(in_order([measured(30, came=240)], ticks(241, 400)))
    assert home.verbs() == ["OPENED", "ACKNOWLEDGED"]
    assert home.state == ACKNOWLEDGED


def test_dealt_with_by_hand_no_old_upload_has_it_told_again() -> None:
    home = Home()
    home.take(in_order([measured(0)], ticks(1, 120)))
    home.take([verb(at(120.5), VerbPayload("resolve", SILENCE_KEY, at(60), level=2, actor="t-1"))])
    home.take(in_order([measured(50, came=240)], ticks(121, 400)))
    assert home.verbs().count("OPENED") == 1


@pytest.mark.parametrize("seconds_apart", [1, 6, 20])
def test_a_queue_sent_oldest_first_makes_no_storm(seconds_apart: int) -> None:
    """Five hours, a row every five minutes: the last ones end the silence, and it stays ended."""
    home = Home()
    home.take(in_order([measured(0)], ticks(1, 300)))
    came = [300 + number * seconds_apart / 60 for number in range(60)]
    queue = [measured(5 + 5 * number, came=when) for number, when in enumerate(came)]
    home.take(in_order(queue, ticks(300, 330)))
    assert home.verbs() == ["OPENED", "RESOLVED"]


@pytest.mark.parametrize("behind_ms", [16 * MINUTE_MS, 3 * HOUR_MS, DAY_MS])
def test_a_slow_clock_makes_at_most_one_alarm(behind_ms: int) -> None:
    home = Home()
    sent = [
        vitals(at(minute) - behind_ms, arrived_ms=at(minute) + SECOND_MS, heart_rate=70)
        for minute in range(0, 120, 5)
    ]
    home.take(in_order(sent, ticks(0, 120)))
    assert home.verbs().count("OPENED") <= 1
    assert not home.silent


def test_silence_has_a_switch_of_its_own() -> None:
    """Who switched alarms off but asks to be missed is missed."""
    home = Home()
    home.take([profile(at(-30), birth_year=1960, silence_after_ms=LIMIT, alarms=False)])
    home.take(in_order([measured(0)], ticks(1, 90)))
    assert home.verbs() == ["OPENED"]


readings = st.lists(
    st.tuples(st.integers(1, 400), st.sampled_from([0, 1, 5, 14, 16, 30, 59, 61, 90, 240]), st.booleans()),
    max_size=12,
)


@settings(max_examples=15, deadline=None)
@given(readings, st.booleans())
def test_it_stands_exactly_while_no_vital_sign_is_younger_than_the_limit(
    sent: list[tuple[int, int, bool]], steps: bool
) -> None:
    """Whatever the order and however old; and each silence is told once."""
    rows = [
        measured(came - age, came + 0.5, {"spo2": 97.0} if vital else {"steps": 5.0}, f"d-{number}")
        for number, (came, age, vital) in enumerate(sent)
    ]
    noise = [measured(minute, minute + 0.2, {"steps": 3.0}, "d-steps") for minute in range(0, 420, 20)]
    home, newest, silences, expected = Home(), at(0), 0, False
    for record in in_order([measured(0)], rows, noise if steps else [], ticks(1, 420, 3)):
        home.take([record])
        if record.kind == "tick":
            silent = record.time_ms - newest >= LIMIT
            assert home.silent == silent
            silences += silent and not expected
            expected = silent
        elif record in rows and sent[rows.index(record)][2]:
            newest = max(newest, record.time_ms)
            expected &= record.arrived_ms - newest >= LIMIT
    assert home.verbs().count("OPENED") == silences
