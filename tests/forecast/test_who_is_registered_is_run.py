"""A member that stands among the members is run, kept, heard, explained and shown, without another line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from healthtwin.domain import AlertLevel, Evidence, Risk, Said, rules
from healthtwin.domain.arrays import COLUMN
from healthtwin.domain.signs import no_signs, rules_in, speak
from healthtwin.forecast import MEMBERS, Forecast, Verdict, Voice, expected_row, shipped_models
from healthtwin.pipeline import HouseStep
from tests.forecast.observed import observed, ordinary, somebody

if TYPE_CHECKING:
    from healthtwin.domain.arrays import StructuredArray
    from healthtwin.forecast import Expected, ExpectedValues

WARM = np.dtype([("seen", "u4")])


class Warm:
    """Speaks of every temperature from 38 on."""

    name = "warm"
    version = 1
    state_dtype = WARM

    def __init__(self, voice: Voice, rule: int) -> None:
        self.voice = voice
        self.rules = (rule,)

    def blank(self, count: int) -> StructuredArray:
        return np.zeros(count, WARM)

    def update(
        self,
        state: StructuredArray,
        observations: StructuredArray,
        expected: Expected,
        profiles: StructuredArray,
    ) -> Verdict:
        del expected, profiles
        state["seen"] += 1
        warm = observations["value"][:, COLUMN["body_temperature"]] >= 38.0
        signs = no_signs(len(state))
        speak(signs, warm, self.rules[0])
        level = np.where(warm, np.uint8(AlertLevel.CRITICAL), np.uint8(0))
        return Verdict(level, np.where(warm, 1e6, 0.0), signs, ~warm)

    def explain(
        self, state: np.void, observation: np.void, expected: ExpectedValues, profile: np.void
    ) -> tuple[Evidence, ...]:
        del state, observation, expected, profile
        return (Evidence(Said("warm"), Said("the-test")),)

    def risks(
        self, state: np.void, observation: np.void, expected: ExpectedValues, profile: np.void
    ) -> tuple[Risk, ...]:
        del state, observation, expected, profile
        return (Risk("warm", None, 1.0, 0, (), "warm 1"),)


@pytest.mark.parametrize(
    ("voice", "rule", "level", "told"),
    [
        (Voice.AT_ONCE, rules.TEMPERATURE_VERY_HIGH, 3, "body_temperature_very_high"),
        (Voice.BUDGETED, rules.DEVIATION, 2, "unusual_for_you"),
        (Voice.SHOWN, rules.TEMPERATURE_VERY_HIGH, 0, None),
    ],
)
def test_a_new_member_is_heard_as_it_says(voice: Voice, rule: int, level: int, told: str | None) -> None:
    forecast = Forecast(shipped_models(), members=(*MEMBERS, Warm(voice, rule)))
    state, seen, who = forecast.blank(1), observed(0, body_temperature=38.5), somebody()
    expected = ordinary(seen)
    verdict = forecast.judge(state, seen, expected, who, np.array([3], "u1"), np.array([0], "u1"))
    assert state["warm"]["seen"].tolist() == [1]
    assert int(verdict.level[0]) >= level
    names = [each.name for each in rules_in(verdict.signs[0])]
    assert told is None or told in names
    one = expected_row(expected, 0)
    facts = forecast.explain(state[0], seen[0], one, who[0], verdict.signs[0])
    assert any(fact.said.code == "warm" for fact in facts) == (told is not None)
    assert "warm" in {risk.condition for risk in forecast.risks(state[0], seen[0], one, who[0])}


def test_a_pattern_of_a_new_member_is_heard_once_the_score_is_not_settled() -> None:
    backing = Warm(Voice.BACKING, rules.SPO2_BELOW_OWN)
    forecast = Forecast(None, members=(*MEMBERS, backing))
    state, who, phase = forecast.blank(1), somebody(), np.array([3], "u1")
    levels = []
    for minute in range(0, 60, 5):
        seen = observed(minute, body_temperature=38.5)
        judged = forecast.judge(state, seen, ordinary(seen), who, phase, np.array([0], "u1"))
        levels.append(int(judged.level[0]))
    assert levels[0] == 0
    assert levels[-1] == 2


def test_states_of_other_members_are_computed_again() -> None:
    one_more = Forecast(shipped_models(), members=(*MEMBERS, Warm(Voice.SHOWN, rules.NOT_ALERT)))
    plain, warmer = HouseStep(900_000), HouseStep(900_000, forecast=one_more)
    assert warmer.version != plain.version
    assert "warm" in (warmer.state_dtype["forecast"].names or ())
