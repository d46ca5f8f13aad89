"""What a screen says of one reading is what the house's own safety rules say of it, for everybody."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.domain import METRICS
from healthtwin.domain.arrays import COLUMN, blank_observations, blank_profiles
from healthtwin.domain.signs import rules_in
from healthtwin.forecast import SafetyRules, nothing_expected
from healthtwin.forecast.limit import METRICS as LIMITED
from healthtwin.forecast.limit import RULE_OF, Tier
from healthtwin.forecast.limits_told import meanings, told_limits

NOW_MS = 1_790_000_000_000  # 2026-09-21

CASES = Path(__file__).with_name("limit_cases.json")
"""Cases that a phone's judge is held to as well (tests/app/test_a_value_is_judged_on_the_phone.py)."""

NUMBERS = set(RULE_OF.values())


class Case(msgspec.Struct):
    """birth_year 0: not known. tiers: what is told at once, by metric."""

    said: str
    values: dict[str, float]
    tiers: dict[str, int]
    birth_year: int = 0
    pregnant: bool = False
    spo2_scale_2: bool = False
    resting: bool = True

    def profile(self) -> np.void:
        record: np.void = blank_profiles(1)[0]
        record["birth_year"] = self.birth_year
        record["pregnant"] = self.pregnant
        record["spo2_scale_2"] = self.spo2_scale_2
        return record


def cases() -> list[Case]:
    return msgspec.json.decode(CASES.read_bytes(), type=list[Case])


def test_every_case_is_told_as_it_is_written() -> None:
    for case in cases():
        limits = told_limits(NOW_MS, case.profile())
        found = {one.metric: one.tier for one in meanings(limits, case.values, resting=case.resting)}
        assert found == case.tiers, case.said


@st.composite
def somebody(draw: st.DrawFn) -> np.void:
    record: np.void = blank_profiles(1)[0]
    record["birth_year"] = draw(st.sampled_from([0, 1950, 1990, 2008, 2015, 2023, 2026]))
    record["pregnant"] = draw(st.booleans())
    record["spo2_scale_2"] = draw(st.booleans())
    return record


measured = st.dictionaries(st.sampled_from(LIMITED), st.floats(0, 1), min_size=1)


@settings(max_examples=150, deadline=None)
@given(somebody(), measured, st.booleans())
def test_the_safety_rules_say_the_same_of_a_first_reading(
    profile: np.void, places: dict[str, float], resting: bool
) -> None:
    values = {
        name: round(METRICS[name].low + place * (METRICS[name].high - METRICS[name].low), 1)
        for name, place in places.items()
    }
    seen = blank_observations(1)
    seen["time_ms"], seen["activity"] = NOW_MS, 0 if resting else 2
    for name, value in values.items():
        if name in COLUMN:
            seen["value"][0, COLUMN[name]] = value
        else:
            seen["glucose"] = value
    member = SafetyRules()
    verdict = member.update(member.blank(1), seen, nothing_expected(1), np.array([profile], profile.dtype))
    spoken = {rule.name for rule in rules_in(verdict.signs[0]) if rule.number in NUMBERS}
    found = meanings(told_limits(NOW_MS, profile), values, resting=resting)
    named = {one.rule.name for one in found if one.rule is not None}
    if any(rule.name == "reading_doubtful" for rule in rules_in(verdict.signs[0])):
        # The house asks for a second reading first; the phone says at once what it would mean: never less.
        gravest = max((one.tier for one in found), default=0)
        assert (3 if gravest == Tier.EMERGENCY else 2 if gravest else 1) >= verdict.level[0]
    else:
        assert named == spoken
