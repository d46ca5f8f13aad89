"""What is usual for one person moves a limit, down to what never moves; whom NEWS2's forecasts are for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.domain import DAY_MS
from healthtwin.domain.arrays import COLUMN, OWN_FIELDS
from healthtwin.domain.rules import within_h_of
from healthtwin.domain.signs import rules_in
from healthtwin.forecast import (
    SafetyRules,
    confirm_low_pulse,
    expected_row,
    nothing_expected,
    shipped_forecast,
)
from healthtwin.forecast.limit import HIGH, LOW, PLACE
from healthtwin.forecast.limits import limits_of
from healthtwin.pipeline import ProfilePayload
from healthtwin.pipeline.rows import profile_record
from tests.forecast.observed import NOON_MS, observed, ordinary, somebody

if TYPE_CHECKING:
    from collections.abc import Mapping

    from healthtwin.domain.arrays import StructuredArray

MEMBER = SafetyRules()
TODAY = NOON_MS // DAY_MS


def own(**known: object) -> StructuredArray:
    return somebody(own=True, **known)


def first(profile: StructuredArray, **values: float) -> tuple[int, int | None]:
    verdict = MEMBER.update(MEMBER.blank(1), observed(**values), nothing_expected(1), profile)
    level = int(verdict.level[0])
    return level, within_h_of(level, [rule.name for rule in rules_in(verdict.signs[0])])


KNOWN_LOW = own(low_pulse=36, low_pulse_until=TODAY + 90)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"heart_rate": 37, "asleep": 1}, (0, None)),
        ({"heart_rate": 36}, (0, None)),
        ({"heart_rate": 35}, (3, None)),
        ({"heart_rate": 29, "asleep": 1}, (3, None)),
        ({"heart_rate": 155}, (3, None)),
        ({"heart_rate": 38, "respiratory_rate": 22}, (0, None)),  # NEWS2's points for a known pulse
    ],
)
def test_a_known_low_pulse_is_no_alarm_and_nothing_else_moves(
    values: dict[str, float], told: tuple[int, int | None]
) -> None:
    assert first(KNOWN_LOW, **values) == told


def test_a_known_low_pulse_ends_on_its_day() -> None:
    assert first(own(low_pulse=36, low_pulse_until=TODAY), heart_rate=38)[0] == 0
    assert first(own(low_pulse=36, low_pulse_until=TODAY - 1), heart_rate=38) == (2, 2)


def test_a_confirmed_new_normal_reaches_the_limits_of_the_heart() -> None:
    state, profile = MEMBER.blank(1), somebody()
    levels = []
    for hour in range(24 * 16):
        beats = 45 - 7.5 * np.cos(hour % 24 / 24 * 2 * np.pi)  # 37.5 at night, 52 by day
        seen = observed(hour * 60, heart_rate=beats, asleep=int(hour % 24 < 7))
        levels.append(int(MEMBER.update(state, seen, nothing_expected(1), profile).level[0]))
        if hour == 24 * 8:
            confirm_low_pulse(profile, state, int(seen["time_ms"][0]))
    assert max(levels[: 24 * 8]) == 2
    assert max(levels[24 * 8 + 1 :]) == 0
    assert 30 <= profile["confirmed_low_pulse"][0] <= 33
    assert first(profile, heart_rate=29)[0] == 3


def test_nothing_is_confirmed_of_a_heart_that_was_never_seen_low() -> None:
    state, profile = MEMBER.blank(1), somebody()
    MEMBER.update(state, observed(heart_rate=70), nothing_expected(1), profile)
    confirm_low_pulse(profile, state, NOON_MS)
    assert not profile["own"][0]


def test_a_missed_pacemaker_asks_again_and_then_asks_for_somebody() -> None:
    paced, state = own(pacemaker_rate=60), MEMBER.blank(1)
    told = [
        int(MEMBER.update(state, observed(minute, heart_rate=53), nothing_expected(1), paced).level[0])
        for minute in (0, 2)
    ]
    assert told == [2, 2]
    assert first(paced, heart_rate=53) == (2, 24)
    assert first(paced, heart_rate=56) == (0, None)


def test_one_slow_reading_in_atrial_fibrillation_is_no_evidence() -> None:
    fibrillating = own(atrial_fibrillation=True)
    assert first(fibrillating, heart_rate=34) == (2, 2)
    assert first(fibrillating, heart_rate=38) == (2, 24)
    assert first(fibrillating, heart_rate=29) == (3, None)
    assert first(fibrillating, heart_rate=150) == (3, None)


@pytest.mark.parametrize(
    ("metres", "spo2", "level"),
    [(2600, 91, 2), (2810, 91, 2), (3500, 91, 0), (3500, 88, 2), (3500, 85, 3), (5500, 79, 3), (5500, 81, 2)],
)
def test_a_stated_height_lowers_the_limits_of_oxygen_but_never_below_80(
    metres: int, spo2: float, level: int
) -> None:
    there = own(altitude_m=metres, altitude_since=TODAY - 30, altitude_until=TODAY + 30)
    assert first(there, oxygen_saturation=spo2)[0] == level


def test_a_visitors_first_days_at_a_height_do_not_count_as_usual() -> None:
    there = own(altitude_m=3500, altitude_since=TODAY - 1, altitude_until=TODAY + 30)
    assert first(there, oxygen_saturation=89)[0] == 3


def test_the_limits_of_pregnancy_hold_for_six_weeks_after_birth() -> None:
    pressure = {"blood_pressure_systolic": 165, "blood_pressure_diastolic": 95}
    assert first(own(gave_birth=TODAY - 41), **pressure) == (2, 2)
    assert first(own(gave_birth=TODAY - 42), **pressure) == (0, None)


@settings(max_examples=80, deadline=None)
@given(
    low=st.integers(0, 45),
    confirmed=st.integers(0, 45),
    paced=st.integers(0, 120),
    metres=st.integers(0, 6000),
    af=st.booleans(),
    scale_2=st.booleans(),
    asleep=st.sampled_from([-1, 0, 1]),
)
def test_no_profile_moves_what_never_moves(
    low: int, confirmed: int, paced: int, metres: int, af: bool, scale_2: bool, asleep: int
) -> None:
    profile = own(
        low_pulse=low,
        confirmed_low_pulse=confirmed,
        pacemaker_rate=paced,
        altitude_m=metres,
        atrial_fibrillation=af,
        spo2_scale_2=scale_2,
        low_pulse_until=TODAY + 9,
        confirmed_until=TODAY + 9,
        altitude_until=TODAY + 9,
    )
    value = limits_of(observed(asleep=asleep), profile).value[0, :, :, 2]
    below = np.nextafter
    assert value[PLACE["heart_rate"], LOW] >= below(30, 0)
    assert value[PLACE["heart_rate"], HIGH] == 150
    assert value[PLACE["oxygen_saturation"], LOW] >= below(80, 0)
    assert value[PLACE["respiratory_rate"]].tolist() == [8, 30]
    assert value[PLACE["body_temperature"], HIGH] == 41
    assert value[PLACE["blood_pressure_systolic"], LOW] >= 70
    verdict = MEMBER.update(
        MEMBER.blank(1), observed(heart_rate=29, asleep=asleep), nothing_expected(1), profile
    )
    assert verdict.level[0] == 3


def test_every_field_that_moves_a_limit_is_one_that_a_row_asks_for() -> None:
    assert set(OWN_FIELDS) <= set(somebody().dtype.names or ())


@pytest.mark.parametrize(
    "profile",
    [
        somebody(birth_year=2024),
        somebody(birth_year=2021, birth_month=6),
        somebody(birth_year=1994, pregnant=True),
        own(birth_year=1994, gave_birth=TODAY - 3),
    ],
)
def test_forecasts_of_news2_are_neither_shown_nor_told_under_16_or_in_pregnancy(
    profile: StructuredArray,
) -> None:
    forecast = shipped_forecast()
    assert forecast.trained.models is not None

    def look(who: StructuredArray) -> tuple[int, list[str]]:
        state = forecast.blank(1)
        told = 0
        for minute in range(0, 600, 15):
            rows = observed(minute, heart_rate=124, respiratory_rate=24, oxygen_saturation=97)
            one = np.full(1, 4, np.uint8)
            judged = forecast.judge(state, rows, ordinary(rows), who, one, np.zeros(1, np.uint8))
            told |= int(judged.signs[0, 0]) & (1 << 24 | 1 << 25)
        shown = forecast.risks(state[0], rows[0], expected_row(ordinary(rows), 0), who[0])
        return told, [risk.condition for risk in shown if risk.condition != "unusual_for_you"]

    assert look(profile) == (0, [])
    assert "news_red" in " ".join(look(somebody())[1]).replace("-", "_")


def test_dates_of_a_profile_become_days() -> None:
    record = profile_record(ProfilePayload("UTC", gave_birth_on=date(2026, 2, 20), birth_month=5))
    assert (record["gave_birth"], record["birth_month"], record["own"]) == (20504, 5, True)


def test_what_is_usual_for_a_person_silences_only_what_speaks_for_lasting() -> None:
    state, profile = MEMBER.blank(1), somebody()
    told = []
    for minute in range(0, 60, 5):
        rows = observed(minute, oxygen_saturation=94, respiratory_rate=22)
        known = ordinary(rows)
        known.center[:, COLUMN["oxygen_saturation"]] = 94.6  # has lungs that hold 94 to 95 %
        known.center[:, COLUMN["respiratory_rate"]] = 21
        told.append(int(MEMBER.update(state, rows, known, profile).level[0]))
    assert set(told) == {0}
    rows = observed(65, oxygen_saturation=92)
    known = ordinary(rows)
    known.center[:, COLUMN["oxygen_saturation"]] = 92  # whatever was learned
    assert MEMBER.update(state, rows, known, profile).level[0] == 2


def test_a_pressure_far_under_the_own_usual_is_a_low_one() -> None:
    state, profile = MEMBER.blank(1), somebody()
    told = []
    for minute in (0, 2):
        rows = observed(minute, blood_pressure_systolic=112)
        known = ordinary(rows)
        known.center[:, COLUMN["blood_pressure_systolic"]] = 155
        verdict = MEMBER.update(state, rows, known, profile)
        names = [rule.name for rule in rules_in(verdict.signs[0])]
        told.append((int(verdict.level[0]), within_h_of(2, names)))
    assert told == [(2, 24), (2, 2)]
    assert first(profile, blood_pressure_systolic=112)[0] == 0


def oxygen(profile: StructuredArray, *rounds: Mapping[str, float]) -> list[set[str]]:
    """Rules that speak on each of several rounds, an hour apart."""
    state, told = MEMBER.blank(1), []
    for hour, values in enumerate(rounds):
        given = {name: value for name, value in values.items() if name != "supplemental_oxygen"}
        seen = observed(hour * 60, **given)
        seen["oxygen"] = int(values.get("supplemental_oxygen", -1))
        verdict = MEMBER.update(state, seen, nothing_expected(1), profile)
        told.append({rule.name for rule in rules_in(verdict.signs[0])})
    return told


def test_a_usual_score_is_told_from_two_points_above_it_and_seven_are_an_emergency_all_the_same() -> None:
    at_home = own(usual_news2=5, usual_news2_until=TODAY + 90, spo2_scale_2=True)
    usual = {"supplemental_oxygen": 1, "oxygen_saturation": 87, "respiratory_rate": 22, "heart_rate": 88}
    assert oxygen(at_home, usual) == [{"oxygen_saturation_lowered"}]
    assert "news2_urgent" in oxygen(somebody(spo2_scale_2=True), usual)[0]
    worse = {**usual, "heart_rate": 115}
    assert {"news2_urgent", "news2_emergency"} <= oxygen(at_home, worse)[0]
    over = own(usual_news2=5, usual_news2_until=TODAY - 1, spo2_scale_2=True)
    assert "news2_urgent" in oxygen(over, usual)[0]


def test_oxygen_that_is_newly_needed_is_told_and_that_of_every_day_is_not() -> None:
    on_air = {"supplemental_oxygen": 0, "oxygen_saturation": 97, "respiratory_rate": 16}
    on_oxygen = {"supplemental_oxygen": 1, "oxygen_saturation": 97, "respiratory_rate": 16}
    assert oxygen(somebody(), on_air, on_oxygen)[1] == {"oxygen_newly_needed"}
    assert oxygen(somebody(), on_oxygen, on_oxygen) == [set(), set()]
    known = own(usual_news2=2, usual_news2_until=TODAY + 90)
    assert oxygen(known, on_air, on_oxygen) == [set(), set()]
