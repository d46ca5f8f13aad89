"""The trained forecast in the house: an info at most, in a budget, beside safety rules it cannot touch."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.domain import RULE_BY_NAME
from healthtwin.domain.arrays import COLUMN, blank_observations, blank_profiles
from healthtwin.domain.signs import rules_in, signs_of
from healthtwin.forecast import (
    drift_of,
    expected_row,
    nothing_expected,
    shipped_forecast,
    shipped_models,
)
from healthtwin.forecast.drift import THERE, stability_index
from healthtwin.forecast.targets import WATCHED
from healthtwin.forecast.trained import RULE_OF
from healthtwin.words import say
from tests.forecast.observed import NOON_MS

if shipped_models() is None:
    pytest.skip("no models lie in healthtwin/forecast/models", allow_module_level=True)

FORECAST = shipped_forecast()
TRAINED_SIGNS = signs_of(*RULE_OF.values())
GETTING_WORSE = [(97, 16, 80), (95, 20, 95), (94, 22, 105), (93, 24, 115), (92.5, 24, 120)]


def ward(people: int, minute: float, saturation: object, breathing: object, heart: object) -> np.ndarray:
    rows = blank_observations(people)
    rows["time_ms"] = NOON_MS + round(minute * 60_000)
    rows["day"] = rows["time_ms"] // 86_400_000
    rows["live"] = True
    for name, value in (
        ("oxygen_saturation", saturation),
        ("respiratory_rate", breathing),
        ("heart_rate", heart),
    ):
        rows["value"][:, COLUMN[name]] = value
    return rows


def told(state: np.ndarray, rows: np.ndarray, *, asked: float = 7.0, phase: int = 1) -> object:
    profiles = blank_profiles(len(rows))
    profiles["false_alarms_per_week"] = asked
    people = len(rows)
    reached, shut = np.full(people, phase, np.uint8), np.zeros(people, np.uint8)
    return FORECAST.judge(state, rows, nothing_expected(people), profiles, reached, shut)


def worse(state: np.ndarray, **how: float) -> list[object]:
    return [
        told(state, ward(1, 60 * k, *values), **how)  # type: ignore[arg-type]
        for k, values in enumerate(GETTING_WORSE)
    ]


def test_a_person_who_gets_worse_is_given_a_higher_chance_and_its_reasons() -> None:
    state = FORECAST.blank(1)
    chances = []
    for k, values in enumerate(GETTING_WORSE[:4]):
        rows = ward(1, 60 * k, *values)
        told(state, rows)
        said = FORECAST.risks(state[0], rows[0], expected_row(nothing_expected(1), 0), blank_profiles(1)[0])
        found = {risk.condition: risk for risk in said}
        chance = found["news_red"].probability
        assert chance is not None
        chances.append(chance)
    assert chances[-1] > chances[0]
    now = found["news_red"]
    assert now.said is not None
    assert "not at home" in say(now.said)
    assert now.horizon_ms == 3_600_000
    assert len(now.reasons) == len(now.drivers)
    assert all(driver.expected is not None for driver in now.drivers)


def test_trained_risks_are_worth_an_info_at_most_and_name_their_evidence() -> None:
    state = FORECAST.blank(1)
    spoke = [verdict for verdict in worse(state) if (verdict.signs[0] & TRAINED_SIGNS).any()]  # type: ignore[attr-defined]
    for verdict in spoke:
        alone = not rules_in(verdict.signs[0] & ~TRAINED_SIGNS)  # type: ignore[attr-defined]
        assert verdict.level[0] == 1 or not alone  # type: ignore[attr-defined]
        assert not verdict.calm[0]  # type: ignore[attr-defined]
    rows = ward(1, 240, *GETTING_WORSE[-1])
    facts = FORECAST.explain(
        state[0],
        rows[0],
        expected_row(nothing_expected(1), 0),
        blank_profiles(1)[0],
        signs_of(RULE_OF["hypoxia"]),
    )
    assert any("of 100 hours like this one" in say(fact.said) for fact in facts)


def test_a_budget_of_nothing_silences_trained_risks() -> None:
    state = FORECAST.blank(1)
    assert not any((verdict.signs[0] & TRAINED_SIGNS).any() for verdict in worse(state, asked=0.0))  # type: ignore[attr-defined]


@settings(max_examples=15, deadline=None)
@given(
    asked=st.floats(0, 50),
    debt=st.floats(-60, 60),
    shift=st.floats(-15, 15),
    saturation=st.floats(70, 89),
)
def test_no_budget_ever_silences_a_safety_rule(
    asked: float, debt: float, shift: float, saturation: float
) -> None:
    plain, pressed = FORECAST.blank(1), FORECAST.blank(1)
    pressed["alarms"]["budget"]["debt"], pressed["alarms"]["budget"]["shift"] = debt, shift
    rows = ward(1, 0, saturation, 31, 155)
    free, bound = told(plain, rows, asked=1.0), told(pressed, rows, asked=asked)
    safety = signs_of(*(rule.number for rule in RULE_BY_NAME.values() if not rule.budgeted))
    assert (free.signs[0] & safety == bound.signs[0] & safety).all()  # type: ignore[attr-defined]
    assert free.level[0] == bound.level[0] == 3  # type: ignore[attr-defined]


def test_an_alarm_that_came_true_was_no_false_one() -> None:
    """Two people are told the same; of one the safety rule speaks within the hour."""
    state = FORECAST.blank(2)
    for k in range(3):
        told(state, ward(2, 60 * k, 95.0, 20, 90))
    state["alarms"]["alarm_s"] = (NOON_MS + 120 * 60_000) // 1000
    told(state, ward(2, 150, [84.0, 95.0], 20, 90))
    told(state, ward(2, 200, [95.0, 95.0], 20, 90))
    shift = state["alarms"]["budget"]["shift"]
    assert shift[0] < shift[1]


def test_who_stands_in_the_batch_changes_no_bit_of_a_score() -> None:
    rng, people = np.random.default_rng(7), 23
    whole, alone, pairs = (FORECAST.blank(people) for _ in range(3))
    for k in range(14):
        rows = ward(people, 25 * k, *rng.normal([[96], [17], [85]], [[2], [3], [12]], (3, people)))
        told(whole, rows)
        for i in range(people):
            told(alone[i : i + 1], rows[i : i + 1])
        for i in range(0, people, 2):
            told(pairs[i : i + 2], rows[i : i + 2])
    assert whole.tobytes() == alone.tobytes() == pairs.tobytes()


def test_models_are_asked_when_due_and_not_at_every_reading() -> None:
    state = FORECAST.blank(1)
    told(state, ward(1, 0, 96, 17, 85))
    score = state["trained"]["score"].copy()
    told(state, ward(1, 1, 91, 28, 130))
    assert (state["trained"]["score"] == score).all()
    told(state, ward(1, 6, 93, 24, 125))
    assert (state["trained"]["score"] != score).any()


def test_what_a_rule_says_of_its_base_rate_is_what_the_card_measured() -> None:
    models = shipped_models()
    assert models is not None
    for name in WATCHED:
        measured = 100 * models.base_rate(name)
        rule = next(rule for rule in RULE_BY_NAME.values() if rule.number == RULE_OF[name])
        said = float(say(rule.cited).split(": there ")[1].split(" of 100")[0])
        assert said == pytest.approx(measured, rel=0.1)


def test_drift_is_none_where_scores_are_as_in_training_and_large_where_they_are_not() -> None:
    few, same, other = 10 * THERE, 5_000 * THERE, 5_000 * THERE[::-1]
    assert [say(each.said) for each in drift_of(np.stack([few, same]))] == [
        "too little to tell",
        "like training",
    ]
    assert drift_of(np.stack([other, other]))[0].said.code == "drift-unlike"
    assert stability_index(same) < 0.01


def test_hours_are_counted_by_band_and_fade() -> None:
    state = FORECAST.blank(1)
    for hour in range(300):
        told(state, ward(1, 60 * hour, 96, 17, 85))
    hours = float(state["trained"]["bands"][0, 0].sum())
    assert 80 < hours < 200  # an hour each, faded over a week
