"""Children, pregnancy: their own limits by age in months, never those of adults and never NEWS2."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.domain.arrays import blank_observations, blank_profiles
from healthtwin.domain.rules import within_h_of
from healthtwin.domain.signs import rules_in
from healthtwin.forecast import SafetyRules, expected_row, nothing_expected
from healthtwin.forecast.limit import HIGH, LOW, METRICS, PLACE
from healthtwin.forecast.limits import ages, limits_of
from healthtwin.words import say
from tests.forecast.observed import observed, somebody

if TYPE_CHECKING:
    from healthtwin.domain.arrays import StructuredArray

MEMBER = SafetyRules()
MARCH_2026 = (2026, 3)


def aged(months: int) -> StructuredArray:
    """Somebody of so many completed months on the first of March 2026."""
    month = MARCH_2026[0] * 12 + MARCH_2026[1] - 1 - months - 1  # born on the last day of that month
    return somebody(birth_year=month // 12, birth_month=month % 12 + 1)


def first(profile: StructuredArray, **values: float) -> tuple[int, int | None, set[str]]:
    verdict = MEMBER.update(MEMBER.blank(1), observed(**values), nothing_expected(1), profile)
    names = {rule.name for rule in rules_in(verdict.signs[0])}
    level = int(verdict.level[0])
    return level, within_h_of(level, names), names


@pytest.mark.parametrize(
    ("months", "values"),
    [
        (120, {"heart_rate": 30, "respiratory_rate": 4, "blood_pressure_systolic": 60}),
        (120, {"heart_rate": 45}),
        (1, {"heart_rate": 79}),
        (1, {"heart_rate": 190}),
        (30, {"heart_rate": 250}),
        (30, {"respiratory_rate": 75, "blood_pressure_systolic": 55}),
        (8, {"respiratory_rate": 15}),
        (150, {"heart_rate": 140}),
        (150, {"respiratory_rate": 30}),
        (1, {"oxygen_saturation": 91}),
        (60, {"oxygen_saturation": 89}),
        (60, {"body_temperature": 34.9}),
    ],
)
def test_what_no_child_of_that_age_has_in_health_is_critical(months: int, values: dict[str, float]) -> None:
    assert first(aged(months), **values)[0] == 3


@pytest.mark.parametrize(
    ("months", "values", "hours"),
    [
        (1, {"body_temperature": 38.0}, 2),
        (4, {"body_temperature": 38.5}, None),
        (4, {"body_temperature": 39.0}, 24),
        (60, {"body_temperature": 40.2}, 24),
        (30, {"respiratory_rate": 50}, 2),
        (100, {"respiratory_rate": 25}, 2),
        (30, {"oxygen_saturation": 90}, 2),
        (100, {"oxygen_saturation": 91}, 2),
        (100, {"heart_rate": 58}, 2),
        (54, {"blood_pressure_systolic": 77}, 2),
        (66, {"blood_pressure_systolic": 77}, 2),
        (180, {"blood_pressure_systolic": 184}, 2),
    ],
)
def test_what_is_grave_at_that_age_is_told_with_its_hours(
    months: int, values: dict[str, float], hours: int | None
) -> None:
    level, within, _ = first(aged(months), **values)
    assert (level, within) == (0 if hours is None else 2, hours)


def test_a_fast_heart_of_a_child_is_asked_about_and_told_when_it_stays() -> None:
    state, child = MEMBER.blank(1), aged(20)
    levels = [
        int(MEMBER.update(state, observed(minute, heart_rate=155), nothing_expected(1), child).level[0])
        for minute in (0, 5, 15)
    ]
    assert levels == [1, 1, 2]  # a crying child, or one that is ill: the second reading tells


def test_a_healthy_day_of_an_infant_says_nothing() -> None:
    state, child = MEMBER.blank(1), aged(22)
    for minute in range(0, 1440, 15):
        beats = 110 + 15 * np.sin(minute / 229)
        seen = observed(minute, heart_rate=beats, respiratory_rate=25, oxygen_saturation=98)
        assert MEMBER.update(state, seen, nothing_expected(1), child).level[0] == 0


def test_asleep_a_low_value_of_a_child_waits_for_a_second_reading_but_is_told_at_once() -> None:
    state, child = MEMBER.blank(1), aged(30)
    levels = [
        int(MEMBER.update(state, observed(m, heart_rate=58, asleep=1), nothing_expected(1), child).level[0])
        for m in (0, 2)
    ]
    assert levels == [2, 3]


def test_from_16_on_the_limits_of_adults_hold() -> None:
    assert not ages(observed(), aged(192)).minor[0]
    assert ages(observed(), aged(191)).minor[0]
    assert first(aged(192), heart_rate=135)[0:2] == (2, 2)
    assert "news2_red_parameter" in first(aged(192), heart_rate=135)[2]
    assert first(somebody(birth_year=2010), heart_rate=160)[0] == 3  # 15 or 16: both say so


def test_without_the_month_of_birth_the_loosest_limit_holds_and_it_is_said() -> None:
    child = somebody(birth_year=2024)  # 14 to 26 months in March 2026
    assert first(child, heart_rate=61)[0] == 2
    assert first(child, blood_pressure_systolic=73)[0] == 0  # 72 at 1 year, 74 at 2
    state, seen = MEMBER.blank(1), observed(heart_rate=55)
    MEMBER.update(state, seen, nothing_expected(1), child)
    told = MEMBER.explain(state[0], seen[0], expected_row(nothing_expected(1), 0), child[0])
    assert any("month of birth is missing" in say(fact.said) for fact in told)


@settings(max_examples=60, deadline=None)
@given(born=st.integers(2005, 2026), month=st.integers(1, 12))
def test_coarse_limits_are_never_stricter_than_those_of_the_true_month(born: int, month: int) -> None:
    seen = observed()
    coarse = limits_of(seen, somebody(birth_year=born)).value[0]
    fine = limits_of(seen, somebody(birth_year=born, birth_month=month)).value[0]
    for graver in (1, 0):  # what passes a graver limit is at least as urgent as any milder one would say
        np.maximum(fine[:, LOW, graver], fine[:, LOW, graver + 1], out=fine[:, LOW, graver])
        np.minimum(fine[:, HIGH, graver], fine[:, HIGH, graver + 1], out=fine[:, HIGH, graver])
    assert (coarse[:, LOW] <= fine[:, LOW]).all()
    assert (coarse[:, HIGH] >= fine[:, HIGH]).all()


@pytest.mark.parametrize(
    ("born", "values", "level", "hours"),
    [
        (2025, {"oxygen_saturation": 90}, 2, 2),  # 2 months: act now below 92; 3 and more: be seen now
        (2025, {"body_temperature": 40}, 2, 24),  # 2 months: be seen now from 38; 14 months: today from 40
        (2010, {"body_temperature": 34.5}, 2, 2),  # 15: act now below 35; 16: be seen now
        (2010, {"body_temperature": 40}, 2, 24),
        (2010, {"respiratory_rate": 10}, 2, 24),  # 15: be seen now up to 10; 16: today up to 11
        (2010, {"blood_pressure_systolic": 181}, 2, 24),
        (2010, {"blood_pressure_diastolic": 121}, 2, 24),
    ],
)
def test_what_every_possible_age_calls_dangerous_is_told_by_the_mildest_of_them(
    born: int, values: dict[str, float], level: int, hours: int | None
) -> None:
    assert first(somebody(birth_year=born), **values)[:2] == (level, hours)


_TRIED = {
    "respiratory_rate": (4, 85),
    "oxygen_saturation": (75, 97),
    "blood_pressure_systolic": (44, 225),
    "blood_pressure_diastolic": (40, 140),
    "heart_rate": (25, 215),
    "body_temperature": (33, 42),
}


@settings(max_examples=80, deadline=None)
@given(
    born=st.integers(2009, 2026),
    metric=st.sampled_from(sorted(_TRIED)),
    part=st.integers(0, 200),
)
def test_not_to_know_the_month_silences_nothing_that_every_month_would_tell(
    born: int, metric: str, part: int
) -> None:
    low, high = _TRIED[metric]
    value = {metric: round(low + (high - low) * part / 200, 1)}
    last = MARCH_2026[1] if born == MARCH_2026[0] else 12
    mildest = min(first(somebody(birth_year=born, birth_month=m), **value)[0] for m in range(1, last + 1))
    assert first(somebody(birth_year=born), **value)[0] >= mildest


@settings(max_examples=40, deadline=None)
@given(months=st.integers(0, 250), pregnant=st.booleans())
def test_a_graver_limit_never_lies_inside_a_milder_one(months: int, pregnant: bool) -> None:
    profile = aged(months)
    profile["pregnant"] = pregnant
    value = limits_of(observed(), profile).value[0]
    for metric in METRICS:
        low = [each for each in value[PLACE[metric], LOW] if np.isfinite(each)]
        high = [each for each in value[PLACE[metric], HIGH] if np.isfinite(each)]
        assert low == sorted(low, reverse=True)
        assert high == sorted(high)


def test_one_row_a_person_whoever_else_stands_in_the_batch() -> None:
    profiles = blank_profiles(40)
    profiles["birth_year"][:30] = np.arange(1997, 2027)
    profiles["birth_month"][::2] = 5
    profiles["pregnant"][::7] = True
    profiles["spo2_scale_2"][::5] = True
    seen = blank_observations(40)
    seen["time_ms"] = observed()["time_ms"]
    seen["asleep"][::3] = 1
    whole = limits_of(seen, profiles)
    for i in range(40):
        one = limits_of(seen[i : i + 1], profiles[i : i + 1])
        assert all((mine[0] == theirs[i]).all() for mine, theirs in zip(one.parts, whole.parts, strict=True))


PREGNANT = somebody(birth_year=1994, pregnant=True)


@pytest.mark.parametrize(
    ("values", "level", "hours"),
    [
        ({"blood_pressure_systolic": 168, "blood_pressure_diastolic": 112, "heart_rate": 92}, 2, 2),
        ({"blood_pressure_systolic": 184, "blood_pressure_diastolic": 100}, 3, None),
        ({"blood_pressure_diastolic": 104}, 2, 2),
        ({"blood_pressure_systolic": 142, "blood_pressure_diastolic": 86}, 2, 24),
        ({"blood_pressure_systolic": 138, "blood_pressure_diastolic": 88}, 0, None),
        ({"blood_pressure_systolic": 79}, 3, None),
        ({"heart_rate": 131}, 3, None),
        ({"heart_rate": 121}, 2, 2),
        ({"heart_rate": 48}, 2, 2),
        ({"oxygen_saturation": 91}, 3, None),
        ({"oxygen_saturation": 94}, 2, 2),
        ({"respiratory_rate": 31}, 3, None),
        ({"respiratory_rate": 27}, 2, 2),
        ({"respiratory_rate": 9}, 2, 2),
        ({"body_temperature": 38.0}, 2, 2),
        ({"body_temperature": 39.6}, 3, None),
        ({"body_temperature": 35.8}, 2, 2),
        ({"oxygen_saturation": 91, "heart_rate": 135, "respiratory_rate": 27}, 3, None),
    ],
)
def test_pregnancy_has_its_own_limits(values: dict[str, float], level: int, hours: int | None) -> None:
    assert first(PREGNANT, **values)[0:2] == (level, hours)


def test_severe_pressure_in_pregnancy_that_stands_after_a_quarter_of_an_hour_is_critical() -> None:
    state = MEMBER.blank(1)
    levels = [
        int(
            MEMBER.update(
                state,
                observed(minute, blood_pressure_systolic=168, blood_pressure_diastolic=112),
                nothing_expected(1),
                PREGNANT,
            ).level[0]
        )
        for minute in (0, 5, 15)
    ]
    assert levels == [2, 2, 3]


def test_either_pressure_confirms_the_other_of_the_sitting_before() -> None:
    state = MEMBER.blank(1)
    levels = []
    for minute, systolic, diastolic in ((0, 162, 98), (15, 156, 112)):
        seen = observed(minute, blood_pressure_systolic=systolic, blood_pressure_diastolic=diastolic)
        levels.append(int(MEMBER.update(state, seen, nothing_expected(1), PREGNANT).level[0]))
    assert levels == [2, 3]
