"""An absolute limit: for whom, of what, from which value on, how soon somebody must act, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import AlertLevel, rules

if TYPE_CHECKING:
    from collections.abc import Mapping


class Tier(IntEnum):
    """How soon somebody must act. Ordered, so that the larger one is the more urgent."""

    TODAY = 1
    """A clinician today or tomorrow: a warning within 24 hours."""
    NOW = 2
    """Be seen now, within 1 to 2 hours: a warning within 2 hours."""
    EMERGENCY = 3
    """Act now: critical."""

    @property
    def level(self) -> AlertLevel:
        """The level that it is told at."""
        return AlertLevel.CRITICAL if self is Tier.EMERGENCY else AlertLevel.WARNING


class Read(StrEnum):
    """How well the source of a limit is known to whoever wrote it here."""

    READ = "read"
    """The source's own text or table was read."""
    RESTATED = "restated"
    """A page that restates it was read."""
    RECALLED = "recalled"
    """From memory: to be checked before anybody relies on it."""
    OURS = "ours"
    """A choice made here; no source sets it."""


METRICS: Final = (
    "respiratory_rate",
    "oxygen_saturation",
    "blood_pressure_systolic",
    "blood_pressure_diastolic",
    "heart_rate",
    "body_temperature",
    "blood_glucose",
)
"""The metrics that have absolute limits: the second axis of every array here; the last is not learned."""

PLACE: Final[Mapping[str, int]] = {name: i for i, name in enumerate(METRICS)}
"""Place of a limited metric on that axis."""

LOW, HIGH = range(2)
"""Sides: the third axis. Values at or below a low limit, at or above a high one, are beyond it."""

TIERS: Final = len(Tier)
"""The last axis: `Tier` less one."""

CHILD, ADULT, PREGNANT = "child", "adult", "pregnant"

ADULT_MONTHS: Final = 16 * 12
"""Age from which the limits and NEWS2 of adults hold."""


@dataclass(frozen=True, slots=True)
class Limit:
    """An absolute limit.

    Attributes:
        who: `ADULT`, `PREGNANT` or `CHILD`. months: ages from and up to (excluded), of children.
        metric: name of the metric. tier: how soon.
        low: speaks at or below; high: at or above; in the metric's unit, infinite where there is none.
        source: code of the words that say where it comes from. read: how well that is known.
        after_s: how long it must have been beyond, in two readings at least, before it speaks at its tier; 0:
            one reading is enough.
        first: what one reading is told as until then (`Tier`); 0 nothing, since a passing value means
            nothing; `ASK`: an information that asks for a second reading.
        at_once: from this value on one reading is enough all the same; NaN where there is none.
        waits: a second reading is asked for out of doubt: where none comes it is told at its tier as it is.
        own: what is usual for the person silences it: it lies so near the ordinary that some live there.
    """

    who: str
    metric: str
    tier: Tier
    source: str
    read: Read
    low: float = -np.inf
    high: float = np.inf
    months: tuple[int, int] = (0, 0)
    after_s: int = 0
    first: int = 0
    at_once: float = np.nan
    waits: bool = False
    own: bool = False

    @property
    def side(self) -> int:
        """`LOW` or `HIGH`."""
        return HIGH if np.isfinite(self.high) else LOW

    @property
    def rule(self) -> int:
        """Number of the rule under which it speaks."""
        return RULE_OF[self.metric, self.side, self.tier]


ASK: Final = -1
"""`Limit.first`: not told as a limit, only asked about."""


def below(value: float) -> float:
    """The limit of what speaks below a value, not at it."""
    return float(np.nextafter(value, -np.inf))


def above(value: float) -> float:
    """The limit of what speaks above a value, not at it."""
    return float(np.nextafter(value, np.inf))


_PRESSURE: Final = {
    (LOW, Tier.EMERGENCY): rules.PRESSURE_VERY_LOW,
    (LOW, Tier.NOW): rules.PRESSURE_LOW,
    (LOW, Tier.TODAY): rules.PRESSURE_LOWERED,
    (HIGH, Tier.EMERGENCY): rules.PRESSURE_VERY_HIGH,
    (HIGH, Tier.NOW): rules.PRESSURE_SEVERE,
    (HIGH, Tier.TODAY): rules.PRESSURE_HIGH,
}

RULE_OF: Final[Mapping[tuple[str, int, int], int]] = {
    ("oxygen_saturation", LOW, Tier.EMERGENCY): rules.SPO2_VERY_LOW,
    ("oxygen_saturation", LOW, Tier.NOW): rules.SPO2_LOW,
    ("oxygen_saturation", LOW, Tier.TODAY): rules.SPO2_LOWERED,
    ("heart_rate", HIGH, Tier.EMERGENCY): rules.HEART_RATE_VERY_HIGH,
    ("heart_rate", HIGH, Tier.NOW): rules.HEART_RATE_HIGH,
    ("heart_rate", HIGH, Tier.TODAY): rules.HEART_RATE_RAISED,
    ("heart_rate", LOW, Tier.EMERGENCY): rules.HEART_RATE_VERY_LOW,
    ("heart_rate", LOW, Tier.NOW): rules.HEART_RATE_LOW,
    ("heart_rate", LOW, Tier.TODAY): rules.HEART_RATE_LOWERED,
    ("respiratory_rate", HIGH, Tier.EMERGENCY): rules.BREATHING_VERY_FAST,
    ("respiratory_rate", HIGH, Tier.NOW): rules.BREATHING_FAST,
    ("respiratory_rate", HIGH, Tier.TODAY): rules.BREATHING_RAISED,
    ("respiratory_rate", LOW, Tier.EMERGENCY): rules.BREATHING_VERY_SLOW,
    ("respiratory_rate", LOW, Tier.NOW): rules.BREATHING_SLOW,
    ("respiratory_rate", LOW, Tier.TODAY): rules.BREATHING_LOWERED,
    ("body_temperature", HIGH, Tier.EMERGENCY): rules.TEMPERATURE_VERY_HIGH,
    ("body_temperature", HIGH, Tier.NOW): rules.TEMPERATURE_HIGH,
    ("body_temperature", HIGH, Tier.TODAY): rules.TEMPERATURE_RAISED,
    ("body_temperature", LOW, Tier.EMERGENCY): rules.TEMPERATURE_VERY_LOW,
    ("body_temperature", LOW, Tier.NOW): rules.TEMPERATURE_LOW,
    ("body_temperature", LOW, Tier.TODAY): rules.TEMPERATURE_LOWERED,
    ("blood_glucose", LOW, Tier.EMERGENCY): rules.GLUCOSE_VERY_LOW,
    ("blood_glucose", LOW, Tier.NOW): rules.GLUCOSE_LOW,
    ("blood_glucose", LOW, Tier.TODAY): rules.GLUCOSE_LOWERED,
    ("blood_glucose", HIGH, Tier.EMERGENCY): rules.GLUCOSE_VERY_HIGH,
    ("blood_glucose", HIGH, Tier.NOW): rules.GLUCOSE_HIGH,
    ("blood_glucose", HIGH, Tier.TODAY): rules.GLUCOSE_RAISED,
    **{("blood_pressure_systolic", side, tier): rule for (side, tier), rule in _PRESSURE.items()},
    **{("blood_pressure_diastolic", side, tier): rule for (side, tier), rule in _PRESSURE.items()},
}
"""Under which rule a limit speaks, by metric, side and tier."""
