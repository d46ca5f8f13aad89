"""The rule table: every reason for which the house may speak, with where it comes from.

A rule's number is its bit in `Verdict.signs` and in an episode's (`healthtwin.domain.signs`). It stands
in stored records, so it is never reused or renumbered; there is no largest one.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from healthtwin.domain.said import Said
from healthtwin.domain.vocabulary import AlertLevel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


SEEN_NOW_H: Final = 2
"""Be seen now: NICE NG143 has a child with a red sign seen face to face within 2 hours; RCP (2017) has a
NEWS2 of 5, or one red parameter, assessed urgently."""

SEEN_SOON_H: Final = 24
"""Today or tomorrow."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason to speak.

    Attributes:
        number: bit in `signs`, fixed for ever.
        name: in the API. What people read is `said`, a fact and never a diagnosis, and `cited`: they stand in
            the catalogues (``words/*/rules.ftl``).
        budgeted: whether the alarm budget may keep it quiet; a safety rule is never budgeted.
        within_h: of a warning, within how many hours somebody must see the person: `SEEN_NOW_H` (a duty
            doctor) or `SEEN_SOON_H` (today or tomorrow); None of a rule that only informs or is critical.
    """

    number: int
    name: str
    budgeted: bool = False
    within_h: int | None = None

    @property
    def said(self) -> Said:
        """The reason, for people."""
        return Said.of(f"rule-{self.name.replace('_', '-')}")

    @property
    def cited(self) -> Said:
        """Where its limit or pattern comes from."""
        return Said.of(f"rule-{self.name.replace('_', '-')}.source")


SPO2_VERY_LOW: Final = 0
HEART_RATE_VERY_HIGH: Final = 1
HEART_RATE_VERY_LOW: Final = 2
BREATHING_VERY_FAST: Final = 3
BREATHING_VERY_SLOW: Final = 4
TEMPERATURE_VERY_HIGH: Final = 5
TEMPERATURE_VERY_LOW: Final = 6
PRESSURE_VERY_LOW: Final = 7
PRESSURE_VERY_HIGH: Final = 8
PRESSURE_HIGH: Final = 9
NEWS2_RED: Final = 10
NEWS2_URGENT: Final = 11
NEWS2_EMERGENCY: Final = 12
NOT_ALERT: Final = 13
HEART_RATE_BEYOND_EFFORT: Final = 14
DEVIATION: Final = 16
DEVIATION_STRONG: Final = 17
HRV_DOWN_HEART_RATE_UP: Final = 20
BREATHING_UP_SPO2_DOWN: Final = 21
SPO2_BELOW_OWN: Final = 22
TEMPERATURE_AND_HEART_RATE_UP: Final = 23
FORECAST_HYPOXIA: Final = 24
FORECAST_RED: Final = 25
SILENCE_RULE: Final = 30
SPO2_LOW: Final = 32
SPO2_LOWERED: Final = 33
HEART_RATE_HIGH: Final = 34
HEART_RATE_RAISED: Final = 35
HEART_RATE_LOW: Final = 36
HEART_RATE_LOWERED: Final = 37
BREATHING_FAST: Final = 38
BREATHING_RAISED: Final = 39
BREATHING_SLOW: Final = 40
BREATHING_LOWERED: Final = 41
TEMPERATURE_HIGH: Final = 42
TEMPERATURE_RAISED: Final = 43
TEMPERATURE_LOW: Final = 44
TEMPERATURE_LOWERED: Final = 45
PRESSURE_SEVERE: Final = 46
PRESSURE_LOW: Final = 47
PRESSURE_LOWERED: Final = 48
DOUBTFUL: Final = 49
GLUCOSE_VERY_LOW: Final = 50
GLUCOSE_LOW: Final = 51
GLUCOSE_LOWERED: Final = 52
GLUCOSE_VERY_HIGH: Final = 53
GLUCOSE_HIGH: Final = 54
GLUCOSE_RAISED: Final = 55
OXYGEN_NEWLY_NEEDED: Final = 56

_TABLE: Final = (
    Rule(NOT_ALERT, "not_alert"),
    Rule(SPO2_VERY_LOW, "oxygen_saturation_very_low"),
    Rule(BREATHING_VERY_SLOW, "respiratory_rate_very_low"),
    Rule(BREATHING_VERY_FAST, "respiratory_rate_very_high"),
    Rule(HEART_RATE_VERY_LOW, "heart_rate_very_low"),
    Rule(HEART_RATE_VERY_HIGH, "heart_rate_very_high"),
    Rule(PRESSURE_VERY_LOW, "blood_pressure_very_low"),
    Rule(PRESSURE_VERY_HIGH, "blood_pressure_very_high"),
    Rule(TEMPERATURE_VERY_HIGH, "body_temperature_very_high"),
    Rule(TEMPERATURE_VERY_LOW, "body_temperature_very_low"),
    Rule(GLUCOSE_VERY_LOW, "blood_glucose_very_low"),
    Rule(GLUCOSE_VERY_HIGH, "blood_glucose_very_high"),
    Rule(NEWS2_EMERGENCY, "news2_emergency"),
    Rule(SPO2_LOW, "oxygen_saturation_low", within_h=SEEN_NOW_H),
    Rule(BREATHING_SLOW, "respiratory_rate_low", within_h=SEEN_NOW_H),
    Rule(BREATHING_FAST, "respiratory_rate_high", within_h=SEEN_NOW_H),
    Rule(HEART_RATE_LOW, "heart_rate_low", within_h=SEEN_NOW_H),
    Rule(HEART_RATE_HIGH, "heart_rate_high", within_h=SEEN_NOW_H),
    Rule(PRESSURE_LOW, "blood_pressure_low", within_h=SEEN_NOW_H),
    Rule(PRESSURE_SEVERE, "blood_pressure_severe", within_h=SEEN_NOW_H),
    Rule(TEMPERATURE_HIGH, "body_temperature_high", within_h=SEEN_NOW_H),
    Rule(TEMPERATURE_LOW, "body_temperature_low", within_h=SEEN_NOW_H),
    Rule(GLUCOSE_LOW, "blood_glucose_low", within_h=SEEN_NOW_H),
    Rule(GLUCOSE_HIGH, "blood_glucose_high", within_h=SEEN_NOW_H),
    Rule(OXYGEN_NEWLY_NEEDED, "oxygen_newly_needed", within_h=SEEN_NOW_H),
    Rule(NEWS2_RED, "news2_red_parameter", within_h=SEEN_NOW_H),
    Rule(NEWS2_URGENT, "news2_urgent", within_h=SEEN_NOW_H),
    Rule(HEART_RATE_BEYOND_EFFORT, "heart_rate_beyond_effort", within_h=SEEN_SOON_H),
    Rule(SPO2_LOWERED, "oxygen_saturation_lowered", within_h=SEEN_SOON_H),
    Rule(BREATHING_LOWERED, "respiratory_rate_lowered", within_h=SEEN_SOON_H),
    Rule(BREATHING_RAISED, "respiratory_rate_raised", within_h=SEEN_SOON_H),
    Rule(HEART_RATE_LOWERED, "heart_rate_lowered", within_h=SEEN_SOON_H),
    Rule(HEART_RATE_RAISED, "heart_rate_raised", within_h=SEEN_SOON_H),
    Rule(PRESSURE_LOWERED, "blood_pressure_lowered", within_h=SEEN_SOON_H),
    Rule(PRESSURE_HIGH, "blood_pressure_high", within_h=SEEN_SOON_H),
    Rule(TEMPERATURE_RAISED, "body_temperature_raised", within_h=SEEN_SOON_H),
    Rule(TEMPERATURE_LOWERED, "body_temperature_lowered", within_h=SEEN_SOON_H),
    Rule(GLUCOSE_LOWERED, "blood_glucose_lowered", within_h=SEEN_SOON_H),
    Rule(GLUCOSE_RAISED, "blood_glucose_raised", within_h=SEEN_SOON_H),
    Rule(BREATHING_UP_SPO2_DOWN, "breathing_up_oxygen_down", budgeted=True, within_h=SEEN_SOON_H),
    Rule(SPO2_BELOW_OWN, "oxygen_saturation_below_own", budgeted=True, within_h=SEEN_SOON_H),
    Rule(TEMPERATURE_AND_HEART_RATE_UP, "temperature_and_heart_rate_up", budgeted=True, within_h=SEEN_SOON_H),
    Rule(HRV_DOWN_HEART_RATE_UP, "hrv_down_heart_rate_up", budgeted=True, within_h=SEEN_SOON_H),
    Rule(DEVIATION_STRONG, "very_unusual_for_you", budgeted=True, within_h=SEEN_SOON_H),
    Rule(DOUBTFUL, "reading_doubtful"),
    Rule(FORECAST_HYPOXIA, "oxygen_saturation_may_fall", budgeted=True),
    Rule(FORECAST_RED, "vital_sign_may_turn_red", budgeted=True),
    Rule(DEVIATION, "unusual_for_you", budgeted=True),
    Rule(SILENCE_RULE, "silence", within_h=SEEN_SOON_H),
)
"""The gravest first: in this order rules are named when several have spoken."""

RULES: Final[Mapping[int, Rule]] = MappingProxyType(
    {rule.number: rule for rule in sorted(_TABLE, key=lambda rule: rule.number)}
)
"""Every rule by number."""

RULE_BY_NAME: Final[Mapping[str, Rule]] = MappingProxyType({rule.name: rule for rule in _TABLE})
"""Every rule by the name that stands in the API."""

GRAVEST_FIRST: Final = tuple(rule.number for rule in _TABLE)
"""The order in which rules are named when several have spoken."""


def within_h_of(level: int, names: Iterable[str]) -> int | None:
    """Within how many hours a warning asks for somebody: the smallest of its rules'; None at other levels.

    >>> within_h_of(2, ["news2_urgent", "blood_pressure_high"]), within_h_of(3, ["not_alert"])
    (2, None)
    """
    if level != AlertLevel.WARNING:
        return None
    asked = (RULE_BY_NAME[name].within_h for name in names if name in RULE_BY_NAME)
    return min((hours for hours in asked if hours is not None), default=SEEN_SOON_H)
