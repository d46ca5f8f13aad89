"""Absolute limits and NEWS2: at once, on fresh values only, and not on a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from healthtwin.domain.rules import within_h_of
from healthtwin.domain.signs import rules_in
from healthtwin.forecast import SafetyRules, Verdict, expected_row, nothing_expected
from healthtwin.words import say
from tests.forecast.observed import observed, somebody

if TYPE_CHECKING:
    from healthtwin.domain.arrays import StructuredArray

MEMBER = SafetyRules()


def look(state: StructuredArray, seen: StructuredArray, profile: StructuredArray | None = None) -> Verdict:
    return MEMBER.update(state, seen, nothing_expected(1), somebody() if profile is None else profile)


def first_look(profile: StructuredArray | None = None, /, **values: float) -> tuple[int, set[str]]:
    """Level and names of the rules that speak on the first observation of a person."""
    verdict = look(MEMBER.blank(1), observed(**values), profile)
    return int(verdict.level[0]), {rule.name for rule in rules_in(verdict.signs[0])}


def spoken(verdict: Verdict) -> set[str]:
    return {rule.name for rule in rules_in(verdict.signs[0])}


def within(profile: StructuredArray | None = None, /, **values: float) -> int | None:
    return within_h_of(*first_look(profile, **values))


def facts(state: StructuredArray, seen: StructuredArray, profile: StructuredArray | None = None) -> list[str]:
    who = somebody() if profile is None else profile
    told = MEMBER.explain(state[0], seen[0], expected_row(nothing_expected(1), 0), who[0])
    return [say(fact.said) for fact in told]


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"oxygen_saturation": 89.9}, "oxygen_saturation_very_low"),
        ({"heart_rate": 150}, "heart_rate_very_high"),
        ({"heart_rate": 35}, "heart_rate_very_low"),
        ({"respiratory_rate": 30}, "respiratory_rate_very_high"),
        ({"respiratory_rate": 5}, "respiratory_rate_very_low"),
        ({"respiratory_rate": 7, "oxygen_saturation": 93}, "respiratory_rate_very_low"),
        ({"respiratory_rate": 7, "consciousness": 1}, "respiratory_rate_very_low"),
        ({"body_temperature": 41.0}, "body_temperature_very_high"),
        ({"body_temperature": 33.9}, "body_temperature_very_low"),
        ({"blood_pressure_systolic": 79}, "blood_pressure_very_low"),
        ({"consciousness": 1}, "not_alert"),
    ],
)
def test_one_value_beyond_an_absolute_limit_is_critical_at_once(values: dict[str, float], rule: str) -> None:
    level, rules = first_look(**values)
    assert level == 3
    assert rule in rules


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"oxygen_saturation": 91}, "oxygen_saturation_low"),
        ({"heart_rate": 131}, "heart_rate_high"),
        ({"heart_rate": 40}, "heart_rate_low"),
        ({"respiratory_rate": 25}, "respiratory_rate_high"),
        ({"respiratory_rate": 8}, "respiratory_rate_low"),
        ({"body_temperature": 35.0}, "body_temperature_low"),
    ],
)
def test_a_single_red_parameter_warns_at_once_though_the_set_is_partial(
    values: dict[str, float], rule: str
) -> None:
    level, rules = first_look(**values)
    assert level == 2
    assert {"news2_red_parameter", rule} <= rules
    assert within(**values) == 2


@pytest.mark.parametrize(
    ("values", "hours"),
    [
        ({"oxygen_saturation": 92}, 2),
        ({"oxygen_saturation": 90}, 2),
        ({"body_temperature": 40.5}, 2),
        ({"body_temperature": 34.5}, 2),
        ({"respiratory_rate": 9, "asleep": 0}, 24),
        ({"blood_pressure_systolic": 180}, 24),
        ({"blood_pressure_diastolic": 120}, 24),
        ({"blood_pressure_systolic": 232, "blood_pressure_diastolic": 104}, 24),
        ({"blood_pressure_systolic": 88}, 24),
        ({"heart_rate": 38, "asleep": 1}, 24),
    ],
)
def test_a_warning_says_within_how_long(values: dict[str, float], hours: int) -> None:
    assert first_look(**values)[0] == 2
    assert within(**values) == hours


@pytest.mark.parametrize(
    ("values", "level", "hours"),
    [
        ({"respiratory_rate": 7}, 3, None),
        ({"blood_pressure_systolic": 224}, 2, 2),
        ({"blood_pressure_systolic": 86}, 2, 2),
    ],
)
def test_a_second_reading_raises_what_one_alone_was_told_as_less(
    values: dict[str, float], level: int, hours: int | None
) -> None:
    state = MEMBER.blank(1)
    first = look(state, observed(0, **values))
    assert first.level[0] == 2  # never silent for want of a second reading
    assert "reading_doubtful" in spoken(first)
    assert any("one reading, not confirmed" in text for text in facts(state, observed(0, **values)))
    second = look(state, observed(2, **values))
    assert (int(second.level[0]), within_h_of(int(second.level[0]), spoken(second))) == (level, hours)
    assert "reading_doubtful" not in spoken(second)


def test_a_calm_second_reading_takes_the_first_back() -> None:
    state = MEMBER.blank(1)
    look(state, observed(0, respiratory_rate=7))
    assert look(state, observed(1, respiratory_rate=14)).calm[0]
    assert look(state, observed(30, respiratory_rate=7)).level[0] == 2  # again the first of its kind


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"heart_rate": 122}, "heart_rate_raised"),
        ({"respiratory_rate": 22}, "respiratory_rate_raised"),
        ({"respiratory_rate": 10}, "respiratory_rate_lowered"),
        ({"oxygen_saturation": 94}, "oxygen_saturation_lowered"),
    ],
)
def test_what_means_nothing_while_it_passes_is_told_once_it_lasts(
    values: dict[str, float], rule: str
) -> None:
    state = MEMBER.blank(1)
    assert look(state, observed(0, **values)).level[0] == 0
    assert look(state, observed(5, **values)).level[0] == 0
    verdict = look(state, observed(30, **values))
    assert (int(verdict.level[0]), spoken(verdict)) == (2, {rule})
    assert within_h_of(2, spoken(verdict)) == 24


def test_two_readings_hours_apart_are_no_run() -> None:
    state = MEMBER.blank(1)
    look(state, observed(0, heart_rate=122))
    assert look(state, observed(300, heart_rate=122)).level[0] == 0


def test_aggregates_warn_at_5_and_are_critical_at_7() -> None:
    assert first_look(heart_rate=112, respiratory_rate=22)[0] == 0
    assert first_look(heart_rate=112, respiratory_rate=22, body_temperature=38.5) == (2, {"news2_urgent"})
    assert first_look(heart_rate=112, respiratory_rate=22, body_temperature=38.5, oxygen_saturation=93) == (
        3,
        {"news2_urgent", "news2_emergency"},
    )


def test_ordinary_values_say_nothing() -> None:
    verdict = look(MEMBER.blank(1), observed(heart_rate=68, respiratory_rate=15, oxygen_saturation=97))
    assert (int(verdict.level[0]), bool(verdict.signs.any()), bool(verdict.calm[0])) == (0, False, True)


def test_values_that_come_one_by_one_within_a_round_are_one_set() -> None:
    state = MEMBER.blank(1)
    assert look(state, observed(0, heart_rate=112)).level[0] == 0
    assert look(state, observed(4, respiratory_rate=22)).level[0] == 0
    assert look(state, observed(8, body_temperature=38.5)).level[0] == 2


def test_older_values_are_shown_with_their_age_and_decide_nothing() -> None:
    state = MEMBER.blank(1)
    look(state, observed(0, heart_rate=112, respiratory_rate=22))
    seen = observed(60, oxygen_saturation=91)
    assert look(state, seen).level[0] == 2  # the red parameter, not the total with older values
    text = " | ".join(facts(state, seen))
    assert "NEWS2 at least 3 (1 of 7 measured): oxygen saturation 3" in text
    assert (
        "NEWS2 at least 7 (3 of 7 measured): respiratory rate of 60 min ago 2, heart rate of 60 min ago 2"
        in text
    )


def test_after_four_hours_an_older_value_is_not_even_shown() -> None:
    state = MEMBER.blank(1)
    look(state, observed(0, heart_rate=112))
    seen = observed(241, oxygen_saturation=91)
    look(state, seen)
    assert not any("heart rate" in text for text in facts(state, seen))


def test_an_observation_that_scores_nothing_raises_no_alarm_on_what_others_said() -> None:
    state = MEMBER.blank(1)
    look(state, observed(0, heart_rate=112, respiratory_rate=22, body_temperature=38.5))
    assert look(state, observed(3, blood_pressure_systolic=120)).level[0] == 0


@pytest.mark.parametrize(
    "profile", [somebody(birth_year=2016), somebody(birth_year=2010), somebody(pregnant=True)]
)
def test_news2_is_not_used_under_16_or_in_pregnancy(profile: StructuredArray) -> None:
    values = {"oxygen_saturation": 95.5, "heart_rate": 112, "respiratory_rate": 22, "body_temperature": 37.9}
    assert first_look(profile, **values, oxygen=1) == (0, set())
    assert first_look(**values, oxygen=1) == (2, {"news2_urgent"})


def test_limits_for_adults_leave_children_alone_but_not_those_that_hold_for_everybody() -> None:
    child = somebody(birth_year=2022)
    assert first_look(child, heart_rate=135, respiratory_rate=31) == (0, set())
    assert first_look(child, oxygen_saturation=89) == (3, {"oxygen_saturation_very_low"})
    assert first_look(child, body_temperature=41.2) == (3, {"body_temperature_very_high"})


def test_absolute_limits_hold_in_pregnancy_and_where_the_age_is_unknown() -> None:
    assert first_look(somebody(pregnant=True), heart_rate=155)[0] == 3
    assert first_look(somebody(birth_year=0), heart_rate=155)[0] == 3


def test_scale_2_only_where_it_was_set() -> None:
    scale_2 = somebody(spo2_scale_2=True)
    assert first_look(scale_2, oxygen_saturation=89) == (0, set())
    assert first_look(scale_2, oxygen_saturation=87) == (2, {"oxygen_saturation_lowered"})
    assert first_look(scale_2, oxygen_saturation=84) == (2, {"oxygen_saturation_low"})
    assert first_look(scale_2, oxygen_saturation=83)[0] == 3
    assert first_look(somebody(), oxygen_saturation=89)[0] == 3


def test_on_a_run_and_just_after_it_heart_and_breath_may_be_fast() -> None:
    state = MEMBER.blank(1)
    for minute in range(0, 45, 5):
        assert look(state, observed(minute, heart_rate=168, respiratory_rate=38, activity=2.5)).level[0] == 0
    assert look(state, observed(50, heart_rate=151, respiratory_rate=31, activity=0)).level[0] == 0
    assert look(state, observed(70, heart_rate=151, activity=0)).level[0] == 3


def test_effort_excuses_neither_low_saturation_nor_a_heart_beyond_what_effort_explains() -> None:
    assert first_look(oxygen_saturation=88, activity=2)[0] == 3
    assert first_look(heart_rate=197, activity=2) == (2, {"heart_rate_beyond_effort"})  # 46 years old
    assert first_look(heart_rate=195, activity=2) == (0, set())


def test_unknown_activity_counts_as_rest() -> None:
    assert first_look(heart_rate=155)[0] == 3


def test_a_reading_of_poor_quality_is_not_judged() -> None:
    assert first_look(oxygen_saturation=70, quality=0.2) == (0, set())


def test_what_raised_an_alarm_must_itself_be_measured_again_before_it_is_over() -> None:
    state = MEMBER.blank(1)
    look(state, observed(0, oxygen_saturation=88))
    assert not look(state, observed(5, heart_rate=70)).calm[0]  # other values say nothing about oxygen
    assert not look(state, observed(10, oxygen_saturation=92)).calm[0]  # back, but not clearly
    assert look(state, observed(15, oxygen_saturation=95)).calm[0]


def test_an_aggregate_is_over_only_once_as_much_was_measured_again() -> None:
    state = MEMBER.blank(1)
    look(state, observed(0, heart_rate=112, respiratory_rate=22, body_temperature=38.5))
    assert not look(state, observed(300, heart_rate=70)).calm[0]
    assert look(state, observed(305, heart_rate=70, respiratory_rate=15, body_temperature=37.0)).calm[0]


def test_the_explanation_names_value_rule_and_source() -> None:
    state, seen = MEMBER.blank(1), observed(oxygen_saturation=88)
    look(state, seen)
    told = MEMBER.explain(state[0], seen[0], expected_row(nothing_expected(1), 0), somebody()[0])
    assert say(told[0].said) == "Oxygen saturation 88 %: oxygen saturation is very low"
    assert told[0].value == 88
    assert "WHO" in say(told[0].source)
    assert np.isfinite(told[0].time_ms or np.nan)
