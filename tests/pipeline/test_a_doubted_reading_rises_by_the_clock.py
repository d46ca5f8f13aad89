"""One reading that is hard to believe, and then none: by the clock it is told at its own level, once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from healthtwin.domain import MINUTE_MS, AlertLevel, NewRecord, decode_change
from healthtwin.domain.log import PLAINTEXT_KEY, Change
from healthtwin.episodes import VITALS_KEY
from healthtwin.pipeline import PROFILE, VITALS, HouseStep, ProfilePayload, VitalsPayload, encode
from healthtwin.words import say
from tests.pipeline.one_house import OneHouse

START_MS = 1_772_366_400_000
LATENESS_MS = 15 * MINUTE_MS


def record(minute: float, payload: VitalsPayload | ProfilePayload) -> NewRecord:
    time_ms = START_MS + round(minute * MINUTE_MS)
    kind = VITALS if isinstance(payload, VitalsPayload) else PROFILE
    return NewRecord("s-1", kind, time_ms, time_ms, "d-1", None, PLAINTEXT_KEY, encode(payload))


class Lived:
    """One person's newest state, and what was told."""

    def __init__(self) -> None:
        self.step = HouseStep(LATENESS_MS)
        self.state = self.step.blank(1)
        self.told: list[tuple[str, AlertLevel, str]] = []
        self.take(-60, ProfilePayload("UTC", birth_year=1970))

    def take(self, minute: float, payload: VitalsPayload | ProfilePayload) -> None:
        rows = self.step.rows([record(minute, payload)])
        self._note(self.step.advance(self.state, rows, late=False))

    def pulse(self, minute: float, value: float) -> None:
        self.take(minute, VitalsPayload({1: value}))

    def tick(self, minute: float) -> None:
        settled = self.state.copy()
        self._note(self.step.tick(self.state, settled, START_MS + round(minute * MINUTE_MS)))

    def _note(self, changes: list[tuple[int, Change]]) -> None:
        for _, change in changes:
            told = decode_change(change.payload)
            if told.dedup_key == VITALS_KEY:
                facts = " | ".join(say(fact.said) for fact in told.evidence)
                self.told.append((told.verb.value, told.level, facts))


def test_a_doubted_reading_of_which_no_second_comes_is_told_once_at_its_own_level() -> None:
    lived = Lived()
    lived.pulse(-20, 70)
    lived.pulse(0, 240)
    assert [(verb, level) for verb, level, _ in lived.told] == [("opened", AlertLevel.INFO)]
    for minute in range(1, 15):
        lived.tick(minute)
    assert len(lived.told) == 1
    for minute in range(15, 60):
        lived.tick(minute)
    assert [(verb, level) for verb, level, _ in lived.told[1:]] == [("raised", AlertLevel.CRITICAL)]
    assert "Heart rate 240 /min" in lived.told[1][2]
    assert "one reading, not confirmed" in lived.told[1][2]


def test_a_calm_second_reading_leaves_nothing_to_rise() -> None:
    lived = Lived()
    lived.pulse(-20, 70)
    lived.pulse(0, 240)
    lived.pulse(5, 72)
    for minute in range(6, 60):
        lived.tick(minute)
    assert {level for _, level, _ in lived.told} == {AlertLevel.INFO}


def test_breathing_seen_slow_once_rises_to_critical_by_the_clock() -> None:
    lived = Lived()
    lived.take(0, VitalsPayload({3: 7.0}))
    for minute in range(1, 30):
        lived.tick(minute)
    assert [level for _, level, _ in lived.told] == [AlertLevel.WARNING, AlertLevel.CRITICAL]
    assert np.isin(3, lived.state[VITALS_KEY]["level"])


@pytest.mark.parametrize("doubted", [{"heart_rate": 160}, {"heart_rate": 225}, {"temperature": 41.5}])
def test_what_was_doubted_after_an_alert_was_closed_by_hand_opens_by_the_clock(
    doubted: dict[str, Any],
) -> None:
    house = OneHouse()
    house.see(-3, heart_rate=80, temperature=36.6)
    house.see(0, systolic=186, diastolic=104)
    house.act("resolve", 1)
    house.see(1.5, **doubted)
    assert house.state == "resolved"
    for minute in range(2, 40):
        house.tick(minute)
    assert house.state == "triggered"
    assert [each.level for each in house.messages] == [AlertLevel.WARNING, AlertLevel.CRITICAL]


def test_what_was_doubted_before_an_alert_was_closed_by_hand_stays_closed() -> None:
    house = OneHouse()
    house.see(0, respiratory_rate=7)
    house.act("resolve", 1)
    for minute in range(2, 40):
        house.tick(minute)
    assert house.state == "resolved"
    assert len(house.messages) == 1
