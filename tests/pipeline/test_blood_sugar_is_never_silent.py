"""A dangerous blood sugar is told, told again when clearly worse, and closed by a calm one."""

from __future__ import annotations

import pytest

from healthtwin.domain import AlertLevel
from tests.pipeline.one_house import OneHouse


def levels(house: OneHouse) -> list[tuple[str, str, int | None]]:
    return [(change.level.word, change.rule, change.within_h) for change in house.messages]


@pytest.mark.parametrize(
    ("value", "level", "rule", "within"),
    [
        (35, "critical", "blood_glucose_very_low", None),
        (50, "warning", "blood_glucose_low", 2),
        (420, "warning", "blood_glucose_high", 2),
        (650, "critical", "blood_glucose_very_high", None),
    ],
)
@pytest.mark.parametrize("facts", [{}, {"birth_year": 2018, "birth_month": 1}, {"pregnant": True}])
def test_one_reading_is_enough_for_everybody(
    value: float, level: str, rule: str, within: int | None, facts: dict[str, object]
) -> None:
    house = OneHouse(facts=facts)
    house.see(0, glucose=value)
    assert levels(house) == [(level, rule, within)]


@pytest.mark.parametrize(("value", "rule"), [(64, "blood_glucose_lowered"), (270, "blood_glucose_raised")])
def test_a_milder_one_asks_for_a_second_reading_and_is_told_when_it_stays(value: float, rule: str) -> None:
    house = OneHouse()
    told = house.see(0, glucose=value)
    assert [(change.level, change.rule) for change in told] == [(AlertLevel.INFO, "reading_doubtful")]
    told = house.see(15, glucose=value)
    assert [(change.level, change.rule, change.within_h) for change in told] == [
        (AlertLevel.WARNING, rule, 24)
    ]
    calm = OneHouse()
    calm.see(0, glucose=value)
    assert not [change for change in calm.see(15, glucose=110) if change.level > AlertLevel.INFO]


def test_one_that_becomes_clearly_worse_is_told_again_to_whoever_took_note() -> None:
    house = OneHouse()
    house.see(0, glucose=52)
    house.act("acknowledge", 1)
    assert not house.see(10, glucose=50)  # within what two readings of one person differ by
    told = house.see(20, glucose=36)
    assert [change.level for change in told] == [AlertLevel.CRITICAL]
    assert house.state == "triggered"


def test_a_calm_reading_after_the_advice_closes_it() -> None:
    house = OneHouse()
    house.see(0, glucose=52)
    house.see(15, glucose=105)
    house.tick(16)
    house.see(30, glucose=110)
    house.tick(47)
    assert house.state == "resolved"


def test_who_is_drowsy_with_a_low_sugar_is_an_emergency() -> None:
    house = OneHouse()
    told = house.see(0, glucose=60, consciousness=1)
    assert told[0].level is AlertLevel.CRITICAL
