"""Shivering: a body that grows cold while its heart races."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from healthtwin.domain import RULE_BY_NAME, AlertLevel, Evidence, Risk
from healthtwin.domain.arrays import COLUMN
from healthtwin.domain.signs import no_signs, speak
from healthtwin.forecast.exertion import seconds_of
from healthtwin.forecast.member import Verdict, Voice, measured

if TYPE_CHECKING:
    from healthtwin.forecast.member import Expected, ExpectedValues, StructuredArray

RULE = RULE_BY_NAME["shivering"]
COLD = 35.5  # Cel
FAST = 110.0  # /min
STATE = np.dtype([("since_s", "u4")])


class Shivering:
    """Speaks at once of a temperature below 35.5 Cel with a heart rate above 110 /min."""

    name = "shivering"
    version = 1
    voice = Voice.AT_ONCE
    rules = (RULE.number,)
    state_dtype = STATE

    def blank(self, count: int) -> StructuredArray:
        """Nobody shivers."""
        return np.zeros(count, STATE)

    def update(self, state: StructuredArray, observations: StructuredArray, expected: Expected, profiles: StructuredArray) -> Verdict:
        """See `healthtwin.forecast.Member.update`."""
        del expected, profiles
        values = measured(observations)
        cold = values[:, COLUMN["body_temperature"]] < COLD  # NaN compares as False
        shivers = cold & (values[:, COLUMN["heart_rate"]] > FAST)
        since_s = np.where(state["since_s"] > 0, state["since_s"], seconds_of(observations["time_ms"]))
        state["since_s"] = np.where(shivers, since_s, 0)
        signs = no_signs(len(state))
        speak(signs, shivers, RULE.number)
        level = np.where(shivers, np.uint8(AlertLevel.WARNING), np.uint8(0))
        return Verdict(level, shivers.astype(np.float64), signs, ~shivers)

    def explain(
        self, state: np.void, observation: np.void, expected: ExpectedValues, profile: np.void
    ) -> tuple[Evidence, ...]:
        """The rule itself, while it speaks."""
        del expected, profile
        if int(state["since_s"]) == 0:
            return ()
        return (Evidence(RULE.said, RULE.cited, time_ms=int(observation["time_ms"])),)

    def risks(
        self, state: np.void, observation: np.void, expected: ExpectedValues, profile: np.void
    ) -> tuple[Risk, ...]:
        """Nothing is forecast."""
        del state, observation, expected, profile
        return ()
