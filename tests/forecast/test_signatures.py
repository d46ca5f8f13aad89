"""Patterns from practice: each completes only on its own terms, and says so in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from healthtwin.domain import AlertLevel
from healthtwin.domain.signs import rules_in
from healthtwin.forecast import Signatures, expected_row, nothing_expected
from healthtwin.words import say
from tests.forecast.observed import observed, ordinary, somebody

if TYPE_CHECKING:
    from collections.abc import Sequence

    from healthtwin.domain.arrays import StructuredArray

MEMBER = Signatures()


def names(state: StructuredArray, seen: StructuredArray, *, baseline: bool = True) -> set[str]:
    expected = ordinary(seen) if baseline else nothing_expected(1)
    return {rule.name for rule in rules_in(MEMBER.update(state, seen, expected, somebody()).signs[0])}


def said(course: Sequence[dict[str, float]], *, every: float = 5.0, baseline: bool = True) -> set[str]:
    """Every rule that spoke while these values came, one each `every` minutes."""
    state = MEMBER.blank(1)
    spoken: set[str] = set()
    for step, values in enumerate(course):
        spoken |= names(state, observed(step * every, **values), baseline=baseline)
    return spoken


def ramp(start: dict[str, float], end: dict[str, float], steps: int) -> list[dict[str, float]]:
    return [
        {name: start[name] + (end[name] - start[name]) * step / steps for name in start}
        for step in range(steps + 1)
    ]


REST = {"heart_rate": 65.0, "hrv_rmssd": 45.0, "respiratory_rate": 15.0, "oxygen_saturation": 97.0}


@pytest.mark.parametrize("baseline", [True, False])
def test_variability_falling_while_the_heart_rises(baseline: bool) -> None:
    strained = {**REST, "hrv_rmssd": 28.0, "heart_rate": 78.0}
    course = [REST] * 8 + ramp(REST, strained, 6) + [strained] * 2
    assert said(course, baseline=baseline) == {"hrv_down_heart_rate_up"}


def test_variability_falling_alone_says_nothing() -> None:
    assert said([REST] * 8 + [{**REST, "hrv_rmssd": 28.0}] * 8) == set()


def test_a_heart_rising_alone_says_nothing() -> None:
    assert said([REST] * 8 + [{**REST, "heart_rate": 80.0}] * 8) == set()


def test_what_stays_within_the_everyday_range_says_nothing() -> None:
    assert said([REST] * 8 + [{**REST, "hrv_rmssd": 37.0, "heart_rate": 69.0}] * 8) == set()


def test_breathing_faster_while_saturation_falls() -> None:
    worse = {**REST, "respiratory_rate": 24.0, "oxygen_saturation": 94.0}
    assert said([REST] * 8 + ramp(REST, worse, 6) + [worse] * 3) == {"breathing_up_oxygen_down"}
    assert said([REST] * 8 + [{**worse, "oxygen_saturation": 97.0}] * 8) == set()


def test_saturation_four_points_below_the_own_usual_whatever_that_is() -> None:
    assert said([{"oxygen_saturation": 93.0}]) == {"oxygen_saturation_below_own"}
    assert said([{"oxygen_saturation": 93.1}]) == set()
    assert said([{"oxygen_saturation": 85.0}], baseline=False) == set()


def test_fever_with_a_faster_heart() -> None:
    assert said([{"body_temperature": 37.7, "heart_rate": 73.0}]) == {"temperature_and_heart_rate_up"}
    assert said([{"body_temperature": 37.7, "heart_rate": 70.0}]) == set()
    assert said([{"body_temperature": 37.7, "heart_rate": 120.0, "activity": 2.0}]) == set()


def test_effort_completes_no_pattern_of_heart_and_breath() -> None:
    run = {
        "heart_rate": 140.0,
        "hrv_rmssd": 12.0,
        "respiratory_rate": 30.0,
        "oxygen_saturation": 97.0,
        "activity": 2.5,
    }
    assert said([REST] * 8 + [run] * 8 + [REST] * 8) == set()


def test_with_nothing_to_compare_with_there_is_no_pattern() -> None:
    strained = {**REST, "hrv_rmssd": 28.0, "heart_rate": 78.0}
    assert said([REST, strained], every=90.0) == set()
    assert said([REST, strained], every=5.0) == set()


def test_readings_every_minute_reach_as_far_back_as_readings_every_five() -> None:
    strained = {**REST, "hrv_rmssd": 28.0, "heart_rate": 78.0}
    course = [REST] * 40 + ramp(REST, strained, 30) + [strained] * 5
    assert said(course, every=1.0) == {"hrv_down_heart_rate_up"}


def test_the_explanation_names_the_values_and_that_nobody_knows_what_it_means() -> None:
    state = MEMBER.blank(1)
    seen = observed(0, oxygen_saturation=92.0)
    names(state, seen)
    (fact,) = MEMBER.explain(state[0], seen[0], expected_row(ordinary(seen), 0), somebody()[0])
    assert say(fact.said) == (
        "oxygen saturation is 4 points or more below your usual (Oxygen saturation now 92 %, usually 97)"
    )


def test_one_noisy_reading_may_be_told_but_backs_no_warning_and_two_in_a_row_do() -> None:
    low = {"oxygen_saturation": 93.0}
    state = MEMBER.blank(1)
    levels = []
    for minute, values in ((0, low), (5, REST), (10, low), (15, low), (16, REST), (17, low)):
        seen = observed(minute, **values)
        levels.append(int(MEMBER.update(state, seen, ordinary(seen), somebody()).level[0]))
    assert levels == [AlertLevel.INFO, 0, AlertLevel.INFO, AlertLevel.WARNING, 0, AlertLevel.INFO]
