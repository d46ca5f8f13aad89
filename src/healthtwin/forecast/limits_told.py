"""One person's absolute limits as plain data, and what one reading beside them means at once.

For whoever has to say what a value means before the house has answered: a phone without a network, a tile on
a screen. A second reading, the score of several vitals and the person's own usual stay with the members.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import METRICS as KNOWN_METRICS
from healthtwin.domain import RULES
from healthtwin.domain.arrays import blank_observations, blank_profiles
from healthtwin.forecast.limit import ASK, METRICS, PLACE, RULE_OF, Tier
from healthtwin.forecast.limits import ages, limits_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from healthtwin.domain import AlertLevel
    from healthtwin.domain.rules import Rule
    from healthtwin.forecast.member import StructuredArray

SIDES: Final = ("low", "high")
"""Names of `LOW` and `HIGH`."""

BELIEVED_BELOW: Final = 94.0
"""SpO2, %: slow breathing beside less than that is believed at once."""

AT_REST_ONLY: Final = frozenset({"heart_rate", "respiratory_rate"})
"""Metrics whose high limits say nothing about a body at work."""

METER: Final = {"blood_pressure_systolic": "cuff", "blood_pressure_diastolic": "cuff"}
"""Metrics that come from one meter; each other comes from one of its own."""


@dataclass(frozen=True, slots=True)
class ToldLimit:
    """A limit that holds for a person now; see `healthtwin.forecast.limit.Limit` for what each field means.

    Attributes:
        side: of `SIDES`: values at or below `value`, or at or above it, are beyond.
        tier: `Tier`. first: tier of one reading; 0 none, `ASK` that a second is asked for.
        at_once: from this value on one reading is enough; None where there is none.
    """

    metric: str
    side: str
    value: float
    tier: int
    after_s: int
    first: int
    at_once: float | None
    waits: bool


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one reading of a metric means at once. tier: `Tier` or `ASK`."""

    metric: str
    side: str
    tier: int

    @property
    def rule(self) -> Rule | None:
        """The rule that says so; None where only a second reading is asked for."""
        return None if self.tier == ASK else rule_of(self.metric, self.side, self.tier)

    @property
    def level(self) -> AlertLevel | None:
        """The level that it is told at; None where only a second reading is asked for."""
        return None if self.tier == ASK else Tier(self.tier).level


def rule_of(metric: str, side: str, tier: int) -> Rule | None:
    """The rule under which a limit speaks.

    >>> rule_of("oxygen_saturation", "low", 3).name
    'oxygen_saturation_very_low'
    """
    number = RULE_OF.get((metric, SIDES.index(side), Tier(tier)))
    return None if number is None else RULES[number]


def told_limits(time_ms: int, profile: np.void | None = None) -> tuple[ToldLimit, ...]:
    """The limits of a person who is awake and at rest, by metric, the gravest of each side first.

    Args:
        time_ms: now; a child grows out of limits. profile: a `PROFILE` record; None: a grown-up of whom
            nothing is known.
    """
    seen, profiles = _one(time_ms, profile)
    known = ages(seen, profiles)
    arrays = limits_at(known, seen, profiles)
    found = []
    for place, side, tier in np.argwhere(np.isfinite(arrays.value[0])).tolist():
        at = (0, place, side, tier)
        at_once = float(arrays.at_once[at])
        found.append(
            ToldLimit(
                metric=METRICS[place],
                side=SIDES[side],
                value=float(arrays.value[at]),
                tier=tier + 1,
                after_s=int(arrays.after_s[at]),
                first=int(arrays.first[at]),
                at_once=at_once if np.isfinite(at_once) else None,
                waits=bool(arrays.waits[at]),
            )
        )
    return tuple(sorted(found, key=lambda one: (PLACE[one.metric], one.side, -one.tier)))


def meanings(
    limits: Iterable[ToldLimit], values: Mapping[str, float], *, resting: bool = True
) -> tuple[Meaning, ...]:
    """What values measured together mean at once; only those beyond a limit, the gravest first.

    `static/app/judge.js` says the same of the same values; both are held by one file of cases.

    Args:
        limits: of the person. values: by metric, in its unit. resting: whether the person was at rest.

    >>> [(one.metric, one.tier) for one in meanings(told_limits(0), {"oxygen_saturation": 87.0})]
    [('oxygen_saturation', 3)]
    """
    over = [limit for limit in limits if _is_beyond(limit, values.get(limit.metric), resting=resting)]
    sure = [limit for limit in over if limit.after_s == 0 or _is_at_once(limit, values[limit.metric])]
    grave = {METER.get(limit.metric, limit.metric) for limit in sure if limit.tier >= Tier.NOW}
    worst: dict[str, Meaning] = {}
    for limit in over:
        believed = limit in sure or (limit.waits and _is_believed(limit, grave, values))
        tier = limit.tier if believed else limit.first
        known = worst.get(limit.metric)
        if tier and (known is None or tier > known.tier):
            worst[limit.metric] = Meaning(limit.metric, limit.side, tier)
    return tuple(sorted(worst.values(), key=lambda one: (-one.tier, PLACE[one.metric])))


def _is_beyond(limit: ToldLimit, value: float | None, *, resting: bool) -> bool:
    if value is None or (not resting and limit.side == "high" and limit.metric in AT_REST_ONLY):
        return False
    shown = as_shown(limit.metric, value)
    return max(value, shown) >= limit.value if limit.side == "high" else min(value, shown) <= limit.value


def as_shown(metric: str, value: float) -> float:
    """The value in the digits that people are shown, halves up.

    >>> as_shown("oxygen_saturation", 92.5), as_shown("body_temperature", 38.04)
    (93.0, 38.0)
    """
    steps = 10.0 ** KNOWN_METRICS[metric].digits
    return math.floor(value * steps + 0.5) / steps


def _is_at_once(limit: ToldLimit, value: float) -> bool:
    if limit.at_once is None:
        return False
    return value >= limit.at_once if limit.side == "high" else value <= limit.at_once


def _is_believed(limit: ToldLimit, grave: AbstractSet[str], values: Mapping[str, float]) -> bool:
    """Whether a reading that is doubted alone is believed for what another meter shows."""
    if grave - {METER.get(limit.metric, limit.metric)}:
        return True
    slow = (limit.metric, limit.side) == ("respiratory_rate", "low")
    return slow and values.get("oxygen_saturation", BELIEVED_BELOW) < BELIEVED_BELOW


def _one(time_ms: int, profile: np.void | None) -> tuple[StructuredArray, StructuredArray]:
    seen = blank_observations(1)
    seen["time_ms"] = time_ms
    return seen, blank_profiles(1) if profile is None else np.array([profile], profile.dtype)
