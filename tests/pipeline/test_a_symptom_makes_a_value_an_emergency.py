"""A symptom raises what a value says, told before or after it; it never lowers anything and it passes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from healthtwin.domain import MINUTE_MS, AlertLevel, NewRecord, decode_change
from healthtwin.domain.log import PLAINTEXT_KEY, Change
from healthtwin.domain.symptoms import Symptom
from healthtwin.episodes import VITALS_KEY
from healthtwin.pipeline import (
    PROFILE,
    VERB,
    VITALS,
    HouseStep,
    ProfilePayload,
    VerbPayload,
    VitalsPayload,
    encode,
)

START_MS = 1_772_366_400_000
SYS, DIA, HEART, SPO2 = 8, 9, 1, 4


class Lived:
    """One person's newest state, and the worst that was told."""

    def __init__(self, *, pregnant: bool = False, **facts: Any) -> None:  # noqa: ANN401
        self.step = HouseStep(15 * MINUTE_MS)
        self.state = self.step.blank(1)
        self.worst = 0
        self.reasons: set[str] = set()
        self._take(-60, PROFILE, ProfilePayload("UTC", birth_year=1990, pregnant=pregnant, **facts))

    def feel(self, minute: float, symptom: Symptom) -> int:
        return self._take(minute, VERB, VerbPayload("feel", VITALS_KEY, 0, columns=int(symptom)))

    def close(self, minute: float) -> int:
        return self._take(minute, VERB, VerbPayload("resolve", VITALS_KEY, START_MS, level=2))

    def see(self, minute: float, **values: float) -> int:
        codes = {"systolic": SYS, "diastolic": DIA, "heart_rate": HEART, "spo2": SPO2}
        return self._take(minute, VITALS, VitalsPayload({codes[name]: v for name, v in values.items()}))

    def _take(self, minute: float, kind: str, payload: ProfilePayload | VerbPayload | VitalsPayload) -> int:
        at_ms = START_MS + round(minute * MINUTE_MS)
        record = NewRecord("s-1", kind, at_ms, at_ms, "d-1", None, PLAINTEXT_KEY, encode(payload))
        told: list[tuple[int, Change]] = self.step.advance(self.state, self.step.rows([record]), late=False)
        for _, change in told:
            episode = decode_change(change.payload)
            self.worst = max(self.worst, int(episode.level))
            self.reasons |= {fact.said.code for fact in episode.evidence}
        return self.worst


@pytest.mark.parametrize(
    ("pregnant", "values", "symptom", "level"),
    [
        (False, {"systolic": 186, "diastolic": 104}, Symptom.CHEST, AlertLevel.CRITICAL),
        (False, {"systolic": 186, "diastolic": 104}, Symptom.VISION, AlertLevel.CRITICAL),
        (False, {"systolic": 186, "diastolic": 104}, Symptom.HEADACHE, AlertLevel.WARNING),
        (False, {"systolic": 150, "diastolic": 94}, Symptom.CHEST, 0),
        (False, {"heart_rate": 38}, Symptom.FAINT, AlertLevel.CRITICAL),
        (False, {"heart_rate": 60}, Symptom.FAINT, 0),
        (True, {"systolic": 162, "diastolic": 96}, Symptom.HEADACHE, AlertLevel.CRITICAL),
        (True, {"systolic": 162, "diastolic": 96}, Symptom.RIBS, AlertLevel.CRITICAL),
        (True, {"systolic": 144, "diastolic": 88}, Symptom.HEADACHE, AlertLevel.WARNING),
    ],
)
def test_a_symptom_before_or_after_a_value_is_the_same(
    pregnant: bool, values: dict[str, float], symptom: Symptom, level: int
) -> None:
    before = Lived(pregnant=pregnant)
    before.feel(-10, symptom)
    assert before.see(0, **values) == level
    after = Lived(pregnant=pregnant)
    after.see(0, **values)
    assert after.feel(5, symptom) == level


def test_a_symptom_of_yesterday_says_nothing_about_a_value_of_today() -> None:
    lived = Lived()
    lived.feel(-20 * 60, Symptom.CHEST)
    assert lived.see(0, systolic=186, diastolic=104) == AlertLevel.WARNING


def test_a_symptom_stands_among_the_reasons_only_where_it_changed_something() -> None:
    pressed, breathless = Lived(), Lived()
    pressed.feel(0, Symptom.CHEST)
    pressed.see(1, systolic=186, diastolic=104)
    assert "evidence-symptom" in pressed.reasons
    breathless.feel(0, Symptom.BREATH)
    assert breathless.see(1, spo2=84) == AlertLevel.CRITICAL
    assert "evidence-symptom" not in breathless.reasons


def test_a_symptom_makes_an_emergency_of_a_value_whose_alert_was_closed() -> None:
    lived = Lived()
    assert lived.see(0, systolic=186, diastolic=104) == AlertLevel.WARNING
    lived.close(1)
    assert lived.state[VITALS_KEY]["held"][0]
    assert lived.feel(5, Symptom.CHEST) == AlertLevel.CRITICAL


@pytest.mark.parametrize("first", ["value", "symptom"])
def test_a_symptom_makes_an_emergency_of_a_slow_heart_that_is_known_and_raised_nothing(first: str) -> None:
    known: dict[str, Any] = {
        "low_pulse_floor": 34,
        "low_pulse_known_by": "Dr Who",
        "low_pulse_known_until": date(2026, 12, 31).isoformat(),
    }
    lived = Lived(**known)
    if first == "value":
        assert lived.see(0, heart_rate=38) == 0
        assert lived.feel(5, Symptom.FAINT) == AlertLevel.CRITICAL
    else:
        lived.feel(0, Symptom.FAINT)
        assert lived.see(5, heart_rate=38) == AlertLevel.CRITICAL


def test_a_slow_heart_with_tiredness_is_to_be_seen_in_the_first_days_of_a_slowing_medicine() -> None:
    begun = date(2026, 2, 22)
    new = Lived(beta_blocker_since=begun)
    new.see(0, heart_rate=47)
    assert new.worst == 0
    assert new.feel(5, Symptom.TIRED) == AlertLevel.WARNING
    told_before = Lived(beta_blocker_since=begun)
    told_before.feel(0, Symptom.TIRED)
    assert told_before.see(5, heart_rate=47) == AlertLevel.WARNING
    for nobody in (Lived(), Lived(beta_blocker_since=date(2026, 1, 2))):
        nobody.see(0, heart_rate=47)
        assert nobody.feel(5, Symptom.TIRED) == 0
