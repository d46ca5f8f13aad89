from __future__ import annotations

import pytest

from healthtwin.domain import DAY_MS, HOUR_MS, Context, Reading
from healthtwin.domain.errors import InvalidInput
from healthtwin.twin import TWIN, PersonalBaseline
from healthtwin.words import say
from tests.twin.people import START_MS


def reading(day: float, value: float = 70.0, metric: str = "heart_rate", quality: float = 1.0) -> Reading:
    return Reading(
        "me", metric, value, START_MS + int(day * DAY_MS), quality, context=Context(activity_level=0.0)
    )


@pytest.fixture
def known() -> PersonalBaseline:
    baseline = PersonalBaseline("America/New_York")
    for day in range(35):
        baseline.update(reading(day, 68 + day % 5))
    return baseline


def test_a_baseline_says_what_is_usual_in_the_persons_own_hour(known: PersonalBaseline) -> None:
    usual = known.expected("heart_rate", START_MS + 35 * DAY_MS, activity_level=0.0)
    assert usual is not None
    assert usual.hour == 19  # midnight UTC in November, in New York
    assert usual.center == pytest.approx(70, abs=1)
    assert known.expected("spo2", START_MS + 35 * DAY_MS) is None
    assert (known.days, known.phase) == (35, 2)


def test_asking_teaches_nothing(known: PersonalBaseline) -> None:
    before = known.to_bytes()
    known.explain(reading(36, 120))
    known.deviation(reading(36, 120))
    known.expected("heart_rate", START_MS)
    assert known.to_bytes() == before


def test_a_frozen_baseline_learns_nothing_but_remembers_since_when(known: PersonalBaseline) -> None:
    usual = known.expected("heart_rate", START_MS + 36 * DAY_MS)
    known.update(reading(36, 120), pace=0.0)
    assert known.expected("heart_rate", START_MS + 36 * DAY_MS) == usual
    later = reading(36 + 2 / 24, 118)
    deviation = known.deviation(later)
    assert deviation is not None
    assert deviation.since_ms == START_MS + 36 * DAY_MS
    assert say(known.explain(later)).endswith("for 2 h")


def test_a_baseline_survives_the_way_through_bytes(known: PersonalBaseline) -> None:
    again = PersonalBaseline.from_bytes(known.to_bytes(), "America/New_York")
    for baseline in (known, again):
        baseline.update(reading(37, 75))
    assert again.to_bytes() == known.to_bytes()


def test_a_confirmed_new_normal_starts_again(known: PersonalBaseline) -> None:
    known.confirm_new_normal(["heart_rate"])
    assert known.expected("heart_rate", START_MS + 35 * DAY_MS) is None
    assert say(known.explain(reading(35, 90))) == "too little is known yet: 35 days with data"
    for day in range(35, 41):
        known.update(reading(day, 90))
    usual = known.expected("heart_rate", START_MS + 41 * DAY_MS)
    assert usual is not None
    assert usual.center == pytest.approx(90, abs=1)


def test_what_cannot_be_right_is_refused_with_what_would_be(known: PersonalBaseline) -> None:
    with pytest.raises(InvalidInput, match="10 to 350 /min"):
        known.update(reading(36, -5))
    with pytest.raises(InvalidInput, match="one that is learned"):
        known.update(reading(36, 5000, "steps"))
    with pytest.raises(InvalidInput, match="one of heart_rate"):
        known.expected("pulse", START_MS)
    with pytest.raises(InvalidInput, match="from 0 to 1"):
        known.update(reading(36), pace=2)
    with pytest.raises(InvalidInput, match="from 0 to 1"):
        known.update(reading(36, quality=float("nan")))
    with pytest.raises(InvalidInput, match="IANA"):
        PersonalBaseline("Mars/Olympus")
    with pytest.raises(InvalidInput, match=f"{TWIN.itemsize} bytes"):
        PersonalBaseline.from_bytes(b"\0" * 12)
    with pytest.raises(InvalidInput, match="state version"):
        PersonalBaseline.from_bytes(b"\0" * TWIN.itemsize)


def test_the_hour_follows_the_change_to_summer_time() -> None:
    baseline = PersonalBaseline("Europe/Vienna")
    spring = 1_774_746_000_000  # 2026-03-29T01:00:00Z, the hour in which Vienna's clocks go from 2 to 3
    for day in range(-9, 0):
        baseline.update(Reading("me", "heart_rate", 60, spring + day * DAY_MS))
    before = baseline.expected("heart_rate", spring - HOUR_MS)
    after = baseline.expected("heart_rate", spring)
    assert before is not None
    assert after is not None
    assert (before.hour, after.hour) == (1, 3)
