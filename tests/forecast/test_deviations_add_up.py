"""The cumulative sums: what lasts counts, what passes does not, however often it is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from healthtwin.forecast import DeviationCusum, expected_row
from healthtwin.words import say
from tests.forecast.observed import observed, ordinary, somebody

if TYPE_CHECKING:
    from healthtwin.domain.arrays import StructuredArray

MEMBER = DeviationCusum()


def score_after(minutes: int, every: float, **values: float) -> float:
    state = MEMBER.blank(1)
    score = 0.0
    for step in range(round(minutes / every) + 1):
        score = float(_take(state, observed(step * every, **values)))
    return score


def _take(state: StructuredArray, seen: StructuredArray) -> float:
    return float(MEMBER.update(state, seen, ordinary(seen), somebody()).score[0])


def test_usual_values_leave_the_score_at_zero() -> None:
    assert score_after(120, 5, heart_rate=67, oxygen_saturation=97, respiratory_rate=15) == 0


def test_a_lasting_deviation_grows_and_a_single_one_is_forgotten() -> None:
    state = MEMBER.blank(1)
    single = _take(state, observed(0, heart_rate=80))
    assert 0 < single < 3
    for minute in range(5, 40, 5):
        last = _take(state, observed(minute, heart_rate=65))
    assert last == 0
    assert score_after(60, 5, heart_rate=80) > 20


def test_the_same_hour_weighs_the_same_however_often_it_is_measured() -> None:
    every_minute, every_five, every_ten = (score_after(60, every, heart_rate=77) for every in (1, 5, 10))
    assert every_minute == pytest.approx(every_five, rel=0.15)
    assert every_ten == pytest.approx(every_five, rel=0.15)


def test_both_directions_count_and_the_worrying_one_twice_as_much() -> None:
    up, down = score_after(30, 5, heart_rate=80), score_after(30, 5, heart_rate=50)
    assert up == pytest.approx(2 * down)
    assert score_after(30, 5, oxygen_saturation=94) == pytest.approx(
        2 * score_after(30, 5, oxygen_saturation=100)
    )


def test_several_metrics_add_up_but_the_same_thing_twice_does_not() -> None:
    heart = score_after(30, 5, heart_rate=80)
    both = score_after(30, 5, heart_rate=80, respiratory_rate=19.5)
    assert both > 1.9 * heart
    variability = score_after(30, 5, hrv_rmssd=15)
    assert score_after(30, 5, hrv_rmssd=15, hrv_sdnn=25) == pytest.approx(variability)


def test_one_absurd_value_cannot_fill_the_sum() -> None:
    assert score_after(0, 5, heart_rate=300) <= 3


def test_effort_moves_nothing_but_saturation() -> None:
    assert score_after(60, 5, heart_rate=150, respiratory_rate=30, activity=2.0) == 0
    assert score_after(60, 5, oxygen_saturation=93, activity=2.0) > 20


def test_after_six_hours_without_a_value_the_metric_starts_anew() -> None:
    state = MEMBER.blank(1)
    for minute in range(0, 60, 5):
        before = _take(state, observed(minute, heart_rate=80))
    after = _take(state, observed(60 + 6 * 60 + 1, heart_rate=80))
    assert after < before / 5


def test_a_reading_of_poor_quality_moves_nothing() -> None:
    assert score_after(30, 5, heart_rate=90, quality=0.2) == 0


def test_the_explanation_says_value_own_usual_direction_and_since_when() -> None:
    state = MEMBER.blank(1)
    for minute in range(0, 45, 5):
        seen = observed(minute, heart_rate=84, respiratory_rate=20)
        _take(state, seen)
    facts = MEMBER.explain(state[0], seen[0], expected_row(ordinary(seen), 0), somebody()[0])
    assert (
        say(facts[0].said) == "Heart rate 84 /min, 19 /min above your usual 65 ± 10 at 12:00, for 40 minutes"
    )
    assert (facts[0].expected, facts[0].spread) == (65, 5)
    (risk,) = MEMBER.risks(state[0], seen[0], expected_row(ordinary(seen), 0), somebody()[0])
    assert risk.condition == "unusual_for_you"
    assert risk.probability is None
    assert [driver.metric for driver in risk.drivers] == ["heart_rate", "respiratory_rate"]
