"""How long and how far several metrics together have been unusual for this person: two-sided cumulative sums.

For every metric two sums, one per direction, after Page (Biometrika 1954;41:100)::

    sum ← max(0, sum + weight * step)
    step = min(z − ALLOWANCE, MARGIN * (shift − meter) / breadth), clipped to −CLIP … CLIP − ALLOWANCE

with z and shift (value − expected) from the twin, both signed towards that direction, so that the hour of day
and the activity are already taken out. The first part is what is unusual for the person, the second what the
meter cannot have done alone: `meter` is the smallest shift worth calling unusual (`domain.Meter`), `breadth`
the larger of the person's spread and half of it. So a lasting shift within the meter's error fills no sum,
however steady the person, and one well beyond it counts as before.

Time enters through `weight`: the same deviation counts by how long it lasted, not by how often it was
measured, so one reading a second and one every five minutes reach the same sum. Sums forget across gaps:
after `FORGET_S` without a value the metric starts anew, because what was unusual yesterday says nothing about
now.

Directions. Both count, since either may be trouble (a slow heart, a cold body), but not alike: a metric's row
(`domain.Baseline.worrying`) names the one in which deterioration usually goes, the other counts half.

How loud. A score may be told as a warning only where it is clear that no meter's error made it (`_loud`):
a shift of more than √2 meters' errors that has lasted, one beyond what a single reading may be off by, or
two metrics of different kinds outside their usual ranges together. In the first days of a new sensor one
meter's error more is expected. Within the usual range that is shown it is
information at most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin import twin
from healthtwin.domain import (
    BASELINES,
    LEARNED,
    MINUTE_MS,
    SECOND_MS,
    AlertLevel,
    Deviation,
    Direction,
    Evidence,
    Risk,
    rules,
)
from healthtwin.domain.arrays import COLUMNS
from healthtwin.domain.said import Said
from healthtwin.domain.shifts import LASTS_S, ONCE, TWO_METERS, USUAL, least_shift
from healthtwin.domain.signs import no_signs
from healthtwin.forecast.exertion import elapsed_s, exerting, seconds_of
from healthtwin.forecast.member import POOR_QUALITY, Verdict, Voice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from healthtwin.forecast.member import Expected, ExpectedValues, Flags, Floats, StructuredArray

ALLOWANCE: Final = 1.0
"""Deviations up to one spread are everyday: Page's reference value, half of the shift of two spreads that is
to be found quickest."""

MARGIN: Final = 2.0
"""How fast what lies beyond the meter's error counts: from half a spread beyond it, the person's own spreads
alone decide."""

CLIP: Final = 4.0
"""One reading counts as at most four spreads: a single absurd value must not fill the sum."""

USUAL_INTERVAL_S: Final = 5 * 60
"""Weight 1: a phone that measures every five minutes."""

LONGEST_WEIGHT: Final = 4.0
"""A reading after a longer pause stands for at most twenty minutes: nobody knows what happened between, and
one reading alone never reaches the threshold that people begin with. Less would let a threshold that was
learned from hourly readings go off too easily once they come every five minutes."""

FORGET_S: Final = 6 * 3600
FULL: Final = 28.0
"""Twice the threshold that people begin with: a sum grows no further, so that it falls again within hours
once the readings are back; a shift of one metric in its other direction, half as heavy, is information."""

OTHER_DIRECTION: Final = 0.5

SMOOTHING_S: Final = 15 * 60
"""Time constant of the shift that decides how loud: one reading moves it by a quarter at five minutes."""

MOST_SHARE: Final = 0.5
"""However long the pause before it, one reading makes up at most half of the shift."""

LEAST_READINGS: Final = 6
"""Fewer readings show nothing that lasts."""

AGREEING: Final = 2
"""Metrics of so many groups that lie outside their usual ranges together were not moved by one meter."""

DEVIATION_STATE: Final = np.dtype(
    [
        ("up", "f4", (COLUMNS,)),  # cumulative sum above the usual
        ("down", "f4", (COLUMNS,)),  # below
        ("at_s", "u4", (COLUMNS,)),  # latest value of each metric; 0 never
        ("since_s", "u4", (COLUMNS,)),  # when the larger sum last left 0; 0 while it is 0
        ("shift", "f4", (COLUMNS,)),  # smoothed value − expected, in the metric's unit
        ("readings", "u1", (COLUMNS,)),  # since then, at most 255
        ("active_s", "u4"),
    ],
)

_UP_WEIGHT: Final = np.where([b.worrying is Direction.ABOVE for b in BASELINES], 1.0, OTHER_DIRECTION)
_DOWN_WEIGHT: Final = np.where([b.worrying is Direction.BELOW for b in BASELINES], 1.0, OTHER_DIRECTION)
_RESTS: Final = np.array([baseline.moved_by_effort for baseline in BASELINES])

_GROUPS: Final = tuple(
    tuple(column for column, baseline in enumerate(BASELINES) if baseline.group == group)
    for group in dict.fromkeys(baseline.group for baseline in BASELINES)
)
"""Columns of metrics that say the same thing twice: of each group only the larger sum enters the score."""


class DeviationCusum:
    """Two-sided cumulative sums over all learned metrics. The score is open-ended, from 0 up.

    Its level says where the score may be told as a warning; how much is too much is for each person's alarm
    budget to say (`AlarmBudget`).

    References: E. S. Page, Continuous inspection schemes, Biometrika 41 (1954) 100–115.
    """

    name = "deviation"
    version = 4
    voice = Voice.BUDGETED
    rules = (rules.DEVIATION, rules.DEVIATION_STRONG)
    state_dtype = DEVIATION_STATE

    def blank(self, count: int) -> StructuredArray:
        """The state of `count` people of whom nothing was seen."""
        return np.zeros(count, DEVIATION_STATE)

    def update(
        self,
        state: StructuredArray,
        observations: StructuredArray,
        expected: Expected,
        profiles: StructuredArray,
    ) -> Verdict:
        """See `healthtwin.forecast.Member.update`."""
        del profiles
        now_s = seconds_of(observations["time_ms"])
        active = exerting(observations, state["active_s"])
        elapsed = elapsed_s(state["at_s"], now_s[:, None])
        forgotten = elapsed > FORGET_S
        for field in ("up", "down", "since_s", "shift", "readings"):
            np.copyto(state[field], 0, where=forgotten)
        good = observations["quality"] >= POOR_QUALITY
        seen = good[:, None] & expected.ready & ~np.isnan(expected.z) & ~(active[:, None] & _RESTS)
        z = np.where(seen, expected.z, 0.0)
        shift = np.where(seen, observations["value"] - expected.center, 0.0)
        spread = np.where(seen, expected.spread, 1.0)
        allowed = least_shift(expected.center) * (1.0 + observations["new_sensor"])
        meter = np.where(seen, allowed, 0.0)
        # The very first value after a gap weighs as one usual interval: its own history is unknown.
        weight = np.where(forgotten, 1.0, np.minimum(elapsed / USUAL_INTERVAL_S, LONGEST_WEIGHT))
        up = _between(state["up"] + weight * _step(z, shift, spread, meter), 0.0, FULL)
        down = _between(state["down"] + weight * _step(-z, -shift, spread, meter), 0.0, FULL)
        was_zero = (state["up"] == 0) & (state["down"] == 0)
        np.copyto(state["up"], up.astype(np.float32), where=seen)
        np.copyto(state["down"], down.astype(np.float32), where=seen)
        np.copyto(state["at_s"], now_s[:, None], where=seen)
        zero = (state["up"] == 0) & (state["down"] == 0)
        np.copyto(state["since_s"], now_s[:, None], where=seen & was_zero & ~zero)
        np.copyto(state["since_s"], 0, where=zero)
        span = np.where(forgotten, SMOOTHING_S, elapsed)
        share = np.minimum(span / (span + SMOOTHING_S), MOST_SHARE)
        smooth = state["shift"] + share * (shift - state["shift"])
        np.copyto(state["shift"], smooth.astype(np.float32), where=seen)
        more = np.minimum(state["readings"], 254).astype(np.uint8) + np.uint8(1)
        np.copyto(state["readings"], more, where=seen)
        np.copyto(state["readings"], 0, where=zero)
        score = deviation_score(state)
        loud = _loud(state, expected, now_s, seen, allowed)
        level = np.where(loud, np.uint8(AlertLevel.WARNING), np.uint8(0))
        return Verdict(level, score, no_signs(len(state)), ~loud)

    def begin_again(self, state: StructuredArray, columns: Iterable[int]) -> None:
        """Forget what was unusual of these metrics, in place: it is said to be the person's normal."""
        chosen = np.fromiter(columns, np.intp)
        for field in ("up", "down", "since_s", "shift", "readings"):
            state[field][:, chosen] = 0

    def explain(
        self, state: np.void, observation: np.void, expected: ExpectedValues, profile: np.void
    ) -> tuple[Evidence, ...]:
        """The metrics that carry the score, heaviest first, each against this person's own usual.

        One that is back inside the usual range is named only where no other carries it.
        """
        del profile
        drivers = _drivers(state, observation, expected)
        return tuple(
            Evidence(
                said=_said(driver, observation),
                source=Said.of("source-own-baseline"),
                metric=driver.metric,
                value=driver.value,
                expected=driver.expected,
                spread=driver.spread,
                time_ms=int(observation["time_ms"]),
            )
            for driver in [each for each in drivers if each.outside] or drivers
        )

    def risks(
        self, state: np.void, observation: np.void, expected: ExpectedValues, profile: np.void
    ) -> tuple[Risk, ...]:
        """How unusual the person's readings are together; no probability, since none was calibrated."""
        del profile
        score = float(deviation_score(np.array([state], state.dtype))[0])
        drivers = tuple(each for each in _drivers(state, observation, expected) if each.outside)
        return (Risk("unusual_for_you", None, score, 0, drivers, f"{self.name} {self.version}"),)


def _between(value: Floats, low: float, high: float) -> Floats:
    return np.minimum(np.maximum(value, low), high)  # np.clip costs three times as much on a batch of one


def _step(z: Floats, shift: Floats, spread: Floats, meter: Floats) -> Floats:
    """What one reading adds to the sum of the direction that `z` and `shift` are signed towards."""
    breadth = np.maximum(spread, 0.5 * meter)
    beyond = np.where(meter > 0, MARGIN * (shift - meter) / breadth, np.inf)
    return _between(np.minimum(z - ALLOWANCE, beyond), -CLIP, CLIP - ALLOWANCE)


def _loud(
    state: StructuredArray, expected: Expected, now_s: NDArray[np.uint32], seen: Flags, meter: Floats
) -> Flags:
    """For whom the score may be a warning: see the module. It takes a value of now; NaN compares as False.

    Args:
        meter: what may be the meter's doing alone, in each metric's unit: of a new sensor more.
    """
    up = state["up"] * _UP_WEIGHT >= state["down"] * _DOWN_WEIGHT
    shift = np.where(up, 1.0, -1.0) * state["shift"]
    standing = np.maximum(state["up"], state["down"]) > 0
    beyond = standing & (shift > USUAL * expected.spread) & (shift >= meter)
    lasted = (elapsed_s(state["since_s"], now_s[:, None]) >= LASTS_S) & (state["since_s"] > 0)
    lasting = beyond & (shift >= TWO_METERS * meter) & lasted & (state["readings"] >= LEAST_READINGS)
    more = meter - least_shift(expected.center)
    at_once = beyond & (shift >= least_shift(expected.center, ONCE) + more)
    groups = np.zeros(len(state), np.int64)
    for columns in _GROUPS:
        groups += np.logical_or.reduce(beyond[:, list(columns)], axis=1)
    agreeing = beyond & (groups >= AGREEING)[:, None]
    loud: Flags = np.logical_or.reduce((lasting | at_once | agreeing) & seen, axis=1)
    return loud


def deviation_score(state: StructuredArray) -> Floats:
    """Sum over the groups of each group's larger weighted sum, shape (people,)."""
    carried = np.maximum(state["up"] * _UP_WEIGHT, state["down"] * _DOWN_WEIGHT)
    score = np.zeros(len(state))
    for first, *others in _GROUPS:  # added one by one: a reduction's rounding could depend on the batch
        largest = carried[:, first]
        for column in others:
            largest = np.maximum(largest, carried[:, column])
        score = score + largest
    return score


def _drivers(state: np.void, observation: np.void, expected: ExpectedValues) -> tuple[Deviation, ...]:
    """Metrics with a standing sum and a value in this observation, heaviest first."""
    up, down = state["up"] * _UP_WEIGHT, state["down"] * _DOWN_WEIGHT
    order = np.argsort(-np.maximum(up, down), kind="stable")
    drivers = []
    for column in order.tolist():
        standing = max(float(up[column]), float(down[column]))
        z = float(expected.z[column])
        if standing == 0 or np.isnan(z):
            continue
        drivers.append(
            Deviation(
                metric=LEARNED[column].name,
                value=float(observation["value"][column]),
                expected=float(expected.center[column]),
                spread=float(expected.spread[column]),
                z=z,
                direction=Direction.ABOVE if z >= 0 else Direction.BELOW,
                since_ms=_since_ms(state, observation, column),
                hour=int(observation["hour"]),
                low=float(expected.low[column]),
                high=float(expected.high[column]),
            )
        )
    return tuple(drivers)


def _since_ms(state: np.void, observation: np.void, column: int) -> int | None:
    """When the sum left zero; None where that was just now."""
    since_ms = int(state["since_s"][column]) * SECOND_MS
    return since_ms if int(observation["time_ms"]) - since_ms >= MINUTE_MS else None


def _said(driver: Deviation, observation: np.void) -> Said:
    activity = float(observation["activity"])
    told = twin.explain(
        driver,
        activity=None if np.isnan(activity) else activity,
        now_ms=int(observation["time_ms"]),
    )
    return Said("evidence-against-usual", told.facts)
