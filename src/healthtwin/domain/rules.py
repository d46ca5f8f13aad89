"""The rule table: every reason for which the house may speak, with where it comes from.

A rule's number is its bit in `Verdict.signs` and in an episode's (`healthtwin.domain.signs`). It stands
in stored records, so it is never reused or renumbered; there is no largest one.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason to speak.

    Attributes:
        number: bit in `signs`, fixed for ever.
        name: in the API. text: for people; a fact, never a diagnosis.
        source: where the limit or pattern comes from.
        budgeted: whether the alarm budget may keep it quiet; a safety rule is never budgeted.
    """

    number: int
    name: str
    text: str
    source: str
    budgeted: bool = False


NEWS2_SOURCE: Final = "Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017"
MERIT_SOURCE: Final = "MERIT study calling criteria (Hillman et al., Lancet 2005;365:2091)"
OWN_BASELINE: Final = "own baseline, learned from this person's readings"

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

TRAINED_ON: Final = (
    "trained forecast, info at most; measured on intensive-care stays charted hourly, not at home "
    "(PhysioNet/CinC Challenge 2019, set B; Reyna et al., Crit Care Med 2020;48:210)"
)

_TABLE: Final = (
    Rule(
        SPO2_VERY_LOW,
        "oxygen_saturation_very_low",
        "oxygen saturation is very low",
        "WHO, Clinical management of COVID-19 (2023): below 90 % is severe; scale 2: " + NEWS2_SOURCE,
    ),
    Rule(
        HEART_RATE_VERY_HIGH,
        "heart_rate_very_high",
        "the heart beats very fast at rest",
        "AHA tachycardia algorithm (Circulation 2020;142:S366): from 150 /min a rhythm disorder is suspected",
    ),
    Rule(
        HEART_RATE_VERY_LOW,
        "heart_rate_very_low",
        "the heart beats very slowly",
        MERIT_SOURCE + ": below 40 /min, less the 5 /min that a meter may be off (ANSI/AAMI EC13)",
    ),
    Rule(
        BREATHING_VERY_FAST,
        "respiratory_rate_very_high",
        "breathing is very fast at rest",
        "CURB-65 (Lim et al., Thorax 2003;58:377): 30 /min and more",
    ),
    Rule(
        BREATHING_VERY_SLOW,
        "respiratory_rate_very_low",
        "breathing is very slow",
        MERIT_SOURCE + ": 5 /min and less",
    ),
    Rule(
        TEMPERATURE_VERY_HIGH,
        "body_temperature_very_high",
        "body temperature is dangerously high",
        "hyperpyrexia, above 41 Cel: Dinarello & Porat, Harrison's Principles of Internal Medicine, Fever",
    ),
    Rule(
        TEMPERATURE_VERY_LOW,
        "body_temperature_very_low",
        "body temperature is dangerously low",
        "European Resuscitation Council Guidelines 2021 (Lott et al.): moderate hypothermia below 32 Cel",
    ),
    Rule(
        PRESSURE_VERY_LOW,
        "blood_pressure_very_low",
        "blood pressure is very low",
        MERIT_SOURCE
        + ": below 90 mm[Hg] systolic, less 10, since ISO 81060-2 lets a cuff be off by 5 with a spread of 8",
    ),
    Rule(
        PRESSURE_VERY_HIGH,
        "blood_pressure_very_high",
        "blood pressure is extremely high",
        NEWS2_SOURCE + ": from 220 mm[Hg] systolic the highest score",
    ),
    Rule(
        PRESSURE_HIGH,
        "blood_pressure_high",
        "blood pressure is very high",
        "ACC/AHA guideline (Whelton et al., Hypertension 2018;71:e13): above 180 systolic or 120 diastolic",
    ),
    Rule(NEWS2_RED, "news2_red_parameter", "one vital sign alone scores 3 in NEWS2", NEWS2_SOURCE),
    Rule(NEWS2_URGENT, "news2_urgent", "NEWS2 reaches 5", NEWS2_SOURCE),
    Rule(NEWS2_EMERGENCY, "news2_emergency", "NEWS2 reaches 7", NEWS2_SOURCE),
    Rule(
        NOT_ALERT,
        "not_alert",
        "newly confused, or not fully awake",
        "NHS, Sudden confusion (delirium): call 999 or go to A&E",
    ),
    Rule(
        HEART_RATE_BEYOND_EFFORT,
        "heart_rate_beyond_effort",
        "the heart beats faster than effort explains at this age",
        "208 - 0.7 * age (Tanaka et al., J Am Coll Cardiol 2001;37:153) plus two standard deviations",
    ),
    Rule(
        DEVIATION,
        "unusual_for_you",
        "several readings together are unusual for you",
        OWN_BASELINE + "; cumulative sums after Page (Biometrika 1954;41:100)",
        budgeted=True,
    ),
    Rule(
        DEVIATION_STRONG,
        "very_unusual_for_you",
        "your readings stay far from your usual",
        OWN_BASELINE + "; cumulative sums after Page (Biometrika 1954;41:100)",
        budgeted=True,
    ),
    Rule(
        HRV_DOWN_HEART_RATE_UP,
        "hrv_down_heart_rate_up",
        "heart rate variability fell by 15 % or more within half an hour while the heart rate rose",
        "pattern from practice; how often it means anything is not known",
        budgeted=True,
    ),
    Rule(
        BREATHING_UP_SPO2_DOWN,
        "breathing_up_oxygen_down",
        "breathing became 40 % faster or more while oxygen saturation fell",
        "pattern from practice; how often it means anything is not known",
        budgeted=True,
    ),
    Rule(
        SPO2_BELOW_OWN,
        "oxygen_saturation_below_own",
        "oxygen saturation is 4 points or more below your usual",
        "a fall of 4 % is the desaturation that sleep medicine counts (Berry et al., AASM scoring manual)",
        budgeted=True,
    ),
    Rule(
        TEMPERATURE_AND_HEART_RATE_UP,
        "temperature_and_heart_rate_up",
        "body temperature is 1 °C or more above your usual and the heart beats faster with it",
        "fever adds about 8 /min per Cel (Karjalainen & Viitasalo, Arch Intern Med 1986;146:1169)",
        budgeted=True,
    ),
    Rule(
        FORECAST_HYPOXIA,
        "oxygen_saturation_may_fall",
        "oxygen saturation may fall below 90 % within the hour",
        TRAINED_ON + ": there 0.65 of 100 such hours were followed by it",
        budgeted=True,
    ),
    Rule(
        FORECAST_RED,
        "vital_sign_may_turn_red",
        "a vital sign may reach the red zone of NEWS2 within the hour",
        TRAINED_ON + ": there 5.9 of 100 such hours were followed by it",
        budgeted=True,
    ),
    Rule(
        SILENCE_RULE, "silence", "no reading for longer than agreed", "the limit set in the person's profile"
    ),
)

RULES: Final[Mapping[int, Rule]] = MappingProxyType({rule.number: rule for rule in _TABLE})
"""Every rule by number."""

RULE_BY_NAME: Final[Mapping[str, Rule]] = MappingProxyType({rule.name: rule for rule in _TABLE})
"""Every rule by the name that stands in the API."""

GRAVEST_FIRST: Final = (
    NOT_ALERT,
    SPO2_VERY_LOW,
    BREATHING_VERY_SLOW,
    BREATHING_VERY_FAST,
    HEART_RATE_VERY_LOW,
    HEART_RATE_VERY_HIGH,
    PRESSURE_VERY_LOW,
    PRESSURE_VERY_HIGH,
    TEMPERATURE_VERY_HIGH,
    TEMPERATURE_VERY_LOW,
    NEWS2_EMERGENCY,
    HEART_RATE_BEYOND_EFFORT,
    NEWS2_RED,
    NEWS2_URGENT,
    PRESSURE_HIGH,
    BREATHING_UP_SPO2_DOWN,
    SPO2_BELOW_OWN,
    TEMPERATURE_AND_HEART_RATE_UP,
    HRV_DOWN_HEART_RATE_UP,
    DEVIATION_STRONG,
    FORECAST_HYPOXIA,
    FORECAST_RED,
    DEVIATION,
    SILENCE_RULE,
)
"""The order in which rules are named when several have spoken."""
