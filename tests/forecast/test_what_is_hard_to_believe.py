"""A reading that is possible and hard to believe asks for a second one at once; silence never follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.domain.rules import within_h_of
from healthtwin.domain.signs import rules_in
from healthtwin.forecast import SafetyRules, expected_row, nothing_expected
from healthtwin.words import say
from tests.forecast.observed import NOON_MS, observed, somebody

if TYPE_CHECKING:
    from healthtwin.domain.arrays import StructuredArray

MEMBER = SafetyRules()


class Watched:
    """One person's readings, minute by minute."""

    def __init__(self, profile: StructuredArray | None = None) -> None:
        self.state = MEMBER.blank(1)
        self.profile = somebody() if profile is None else profile

    def see(self, minute: float, **values: float) -> int:
        self.seen = observed(minute, **values)
        self.verdict = MEMBER.update(self.state, self.seen, nothing_expected(1), self.profile)
        return int(self.verdict.level[0])

    @property
    def rules(self) -> set[str]:
        return {rule.name for rule in rules_in(self.verdict.signs[0])}

    def facts(self) -> str:
        told = MEMBER.explain(
            self.state[0], self.seen[0], expected_row(nothing_expected(1), 0), self.profile[0]
        )
        return " | ".join(say(fact.said) for fact in told)


@pytest.mark.parametrize(
    ("before", "then"),
    [
        ((-0.5, {"heart_rate": 70}), {"heart_rate": 160}),
        ((-3, {"heart_rate": 76}), {"heart_rate": 38}),
        ((-3, {"heart_rate": 78}), {"heart_rate": 156}),
        ((-30, {"heart_rate": 70}), {"heart_rate": 240}),
        ((-0.1, {"oxygen_saturation": 97}), {"oxygen_saturation": 84}),
        ((-3, {"body_temperature": 36.6}), {"body_temperature": 33.0}),
    ],
)
def test_what_is_hard_to_believe_asks_for_a_second_reading_and_that_settles_it(
    before: tuple[float, dict[str, float]], then: dict[str, float]
) -> None:
    watched = Watched()
    assert watched.see(before[0], **before[1]) == 0
    assert watched.see(0, **then) == 1
    assert watched.rules == {"reading_doubtful"}
    assert "one reading, not confirmed" in watched.facts()
    assert watched.see(1, **then) >= 2  # it is so: at its own level
    again = Watched()
    again.see(before[0], **before[1])
    again.see(0, **then)
    assert again.see(1, heart_rate=70, oxygen_saturation=97, body_temperature=36.6) <= 1


def test_where_no_second_reading_comes_it_is_told_at_its_own_level_as_not_confirmed() -> None:
    watched = Watched()
    watched.see(-30, heart_rate=70)
    assert watched.see(0, heart_rate=240) == 1
    assert watched.see(10, oxygen_saturation=97) == 1 or not watched.rules
    assert watched.see(16, oxygen_saturation=97) == 3
    assert "heart_rate_very_high" in watched.rules
    assert (
        "Heart rate 240 /min: the heart beats very fast at rest (one reading, not confirmed)"
        in watched.facts()
    )
    assert watched.see(20, heart_rate=72) == 0  # measured again: it was not so


def test_a_meter_that_measures_all_the_time_is_waited_for_two_minutes() -> None:
    watched = Watched()
    watched.see(-1, heart_rate=70)
    assert watched.see(0, heart_rate=160) == 1
    level, signs = MEMBER.overdue(watched.state, watched.profile, NOON_MS + 119_000)
    assert not level.any()
    level, signs = MEMBER.overdue(watched.state, watched.profile, NOON_MS + 121_000)
    assert level.tolist() == [3]
    assert {rule.name for rule in rules_in(signs[0])} == {"heart_rate_very_high", "reading_doubtful"}


@pytest.mark.parametrize(
    ("systolic", "diastolic"),
    [(78, 70), (226, 100)],  # hardly a pulse between them, or far too much
)
def test_a_disturbed_cuff_is_told_for_today_and_asked_again(systolic: float, diastolic: float) -> None:
    watched = Watched()
    values = {"blood_pressure_systolic": systolic, "blood_pressure_diastolic": diastolic}
    assert watched.see(0, **values) == 2
    assert within_h_of(2, watched.rules) == 24
    assert "reading_doubtful" in watched.rules
    watched.see(2, **values)
    assert within_h_of(2, watched.rules) == 2 or watched.verdict.level[0] == 3


@pytest.mark.parametrize("values", [{"respiratory_rate": 7}, {"blood_pressure_systolic": 85}])
def test_what_was_told_as_less_for_want_of_a_second_reading_rises_by_the_clock(
    values: dict[str, float],
) -> None:
    watched = Watched()
    first = watched.see(0, **values)
    assert first == 2
    level, _ = MEMBER.overdue(watched.state, watched.profile, NOON_MS + 16 * 60_000)
    assert level[0] == (3 if "respiratory_rate" in values else 2)


@pytest.mark.parametrize(
    "values",
    [
        {"oxygen_saturation": 79},
        {"heart_rate": 240, "oxygen_saturation": 88},
        {"heart_rate": 240, "consciousness": 1},
        {"respiratory_rate": 5},
    ],
)
def test_what_must_be_acted_on_at_once_is_never_doubted(values: dict[str, float]) -> None:
    watched = Watched()
    watched.see(-0.1, heart_rate=70, oxygen_saturation=98, respiratory_rate=15)
    assert watched.see(0, **values) == 3
    assert "reading_doubtful" not in watched.rules


def test_a_code_that_slips_through_once_a_day_is_not_a_critical_a_day() -> None:
    watched = Watched()
    worst = 0
    for day in range(10):
        for minute in range(0, 1440, 5):
            beats = 240 if minute == 600 else 68
            worst = max(worst, watched.see(day * 1440 + minute, heart_rate=beats))
    assert worst == 1


def test_a_heart_of_a_child_may_be_faster_than_any_grown_one() -> None:
    assert Watched(somebody(birth_year=2025, birth_month=6)).see(0, heart_rate=235) == 3


@settings(max_examples=60, deadline=None)
@given(
    first=st.integers(20, 250),
    second=st.integers(20, 250),
    gap_s=st.integers(1, 900),
    metric=st.sampled_from(["heart_rate", "respiratory_rate", "oxygen_saturation"]),
)
def test_no_reading_beyond_a_grave_limit_is_met_with_silence(
    first: int, second: int, gap_s: int, metric: str
) -> None:
    if metric != "heart_rate":
        first, second = min(first, 100), min(second, 100)
    alone = Watched()
    believed = alone.see(0, **{metric: second})
    watched = Watched()
    watched.see(0, **{metric: first})
    told = watched.see(gap_s / 60, **{metric: second})
    if believed >= 2:
        assert told >= 1
        by_then, _ = MEMBER.overdue(watched.state, watched.profile, NOON_MS + (gap_s + 901) * 1000)
        assert max(told, int(by_then[0])) >= min(believed, 3) or np.isnan(second)


def test_two_doubts_wait_side_by_side_and_both_are_told() -> None:
    watched = Watched()
    watched.see(0, respiratory_rate=7)
    watched.see(1, blood_pressure_systolic=85, blood_pressure_diastolic=55)
    level, signs = MEMBER.overdue(watched.state, watched.profile, NOON_MS + 17 * 60_000)
    assert level[0] == 3
    rules = {rule.name for rule in rules_in(signs[0])}
    assert {"respiratory_rate_very_low", "blood_pressure_low"} <= rules
    watched.see(17, heart_rate=70)
    assert "Breathing rate 7 /min" in watched.facts()
    assert "Systolic blood pressure 85 mmHg" in watched.facts()


@pytest.mark.parametrize("borne_out", [{"oxygen_saturation": 93}, {"consciousness": 1}, {"heart_rate": 155}])
def test_another_meter_bears_out_what_was_doubted_whichever_spoke_first(borne_out: dict[str, float]) -> None:
    slow_first = Watched()
    assert slow_first.see(0, respiratory_rate=7) == 2
    assert slow_first.see(1, **borne_out) == 3
    assert "respiratory_rate_very_low" in slow_first.rules
    slow_last = Watched()
    slow_last.see(0, **borne_out)
    together = Watched()
    assert together.see(0, respiratory_rate=7, **borne_out) == 3


MOMENTS = st.tuples(
    st.sampled_from(
        [
            {"respiratory_rate": 7.0},
            {"respiratory_rate": 8.0},
            {"blood_pressure_systolic": 85.0, "blood_pressure_diastolic": 55.0},
            {"blood_pressure_systolic": 78.0, "blood_pressure_diastolic": 70.0},
            {"heart_rate": 240.0},
            {"heart_rate": 33.0},
            {"body_temperature": 33.5},
            {"oxygen_saturation": 91.0},
        ]
    ),
    st.integers(1, 300),
)


@settings(max_examples=80, deadline=None)
@given(moments=st.lists(MOMENTS, min_size=1, max_size=4, unique_by=lambda moment: min(moment[0])))
def test_no_doubt_puts_out_another(moments: list[tuple[dict[str, float], int]]) -> None:
    watched, after_s, told, alone = Watched(), 0, 0, 0
    for values, gap_s in moments:
        after_s += gap_s
        told = max(told, watched.see(after_s / 60, **values))
        single = Watched()
        single.see(0, **values)
        by_then, _ = MEMBER.overdue(single.state, single.profile, NOON_MS + 901_000)
        alone = max(alone, int(by_then[0]))
    by_then, _ = MEMBER.overdue(watched.state, watched.profile, NOON_MS + (after_s + 901) * 1000)
    assert max(told, int(by_then[0])) >= alone
