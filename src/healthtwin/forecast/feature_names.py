"""The table of features: what every column means, in words that an explanation can use.

The order is the column order of `healthtwin.forecast.features.advance`. Units are those of the metric where
none is named; "age" and "hours" are hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import METRICS
from healthtwin.forecast.feature_sums import MEMORIES_H

if TYPE_CHECKING:
    from collections.abc import Mapping

SERIES: Final = (
    "heart_rate",
    "respiratory_rate",
    "oxygen_saturation",
    "body_temperature",
    "blood_pressure_systolic",
    "blood_pressure_diastolic",
    "hrv_rmssd",
)
"""The metrics that features are made of. Resting heart rate and SDNN say what others say, more seldom."""

TYPICAL: Final = (80.0, 18.0, 97.0, 36.8, 120.0, 70.0, 35.0)
"""Subtracted before sums are kept in single precision, so that small changes are not rounded away."""

USUAL_SPREAD: Final = (8.0, 3.0, 1.8, 0.35, 12.0, 8.0, 12.0)
"""How much one person's readings vary within a day, to lean on while few of their own are known: medians of
the stays' standard deviations in cinc2019_setB, rounded; for HRV, of welltory_hrv_covid19."""

EXTREME_MEMORIES_H: Final = (6.0, 24.0)
"""Hours after which a lowest or highest value, or hours spent in an event, are mostly forgotten."""

LEVELS: Final = (1, 2, 3)
"""Memories of `MEMORIES_H` whose level is shown: 1 h, 3 h and 12 h (a quarter of an hour is the value)."""

WEIGHTS: Final = (2, 3)
"""Memories of which is shown how much was measured: 3 h and 12 h."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something a value does that is worth counting. Happens below `below` or from `from_` on.

    Attributes:
        name: in feature names. words: for people.
    """

    name: str
    words: str
    metric: str
    below: float = -np.inf
    from_: float = np.inf


EVENTS: Final = (
    Event("spo2_below_90", "oxygen saturation below 90 %", "oxygen_saturation", below=90.0),
    Event("spo2_below_92", "oxygen saturation below 92 %", "oxygen_saturation", below=92.0),
    Event("spo2_below_94", "oxygen saturation below 94 %", "oxygen_saturation", below=94.0),
    Event("breathing_from_21", "breathing rate of 21 /min or more", "respiratory_rate", from_=20.5),
    Event("breathing_from_25", "breathing rate of 25 /min or more", "respiratory_rate", from_=24.5),
    Event("breathing_below_11", "breathing rate below 11 /min", "respiratory_rate", below=10.5),
    Event("heart_from_111", "heart rate of 111 /min or more", "heart_rate", from_=110.5),
    Event("heart_from_131", "heart rate of 131 /min or more", "heart_rate", from_=130.5),
    Event("heart_below_51", "heart rate below 51 /min", "heart_rate", below=50.5),
    Event(
        "systolic_below_101", "systolic pressure of 100 mmHg or less", "blood_pressure_systolic", below=100.5
    ),
)
"""Edges of the NEWS2 chart (RCP 2017), and 90 and 92 % of the two reference targets."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A limit whose distance is shown in own spreads. `sign` 1: trouble lies above, -1: below."""

    name: str
    words: str
    metric: str
    limit: float
    sign: int


EDGES: Final = (
    Edge("spo2_90", "oxygen saturation from 90 %", "oxygen_saturation", 90.0, -1),
    Edge("breathing_25", "breathing rate from 25 /min", "respiratory_rate", 24.5, 1),
    Edge("breathing_8", "breathing rate from 8 /min", "respiratory_rate", 8.5, -1),
    Edge("heart_131", "heart rate from 131 /min", "heart_rate", 130.5, 1),
    Edge("heart_40", "heart rate from 40 /min", "heart_rate", 40.5, -1),
    Edge("systolic_90", "systolic pressure from 90 mmHg", "blood_pressure_systolic", 90.5, -1),
)


@dataclass(frozen=True, slots=True)
class Feature:
    """One column.

    Attributes:
        name: stable, for model cards. words: what it is, for people.
        metric: the metric it is made of; empty where it is of several or of none.
        unit: UCUM; "1" for counts, points and ratios, "h" for hours, "sd" for own spreads.
    """

    name: str
    words: str
    metric: str
    unit: str


def _memory_words(hours: float) -> str:
    return f"{hours * 60:g} min" if hours < 1 else f"{hours:g} h"


def _of_series(metric: str) -> list[Feature]:
    label, unit = METRICS[metric].label, METRICS[metric].unit
    columns = [
        ("now", label, unit),
        ("age", f"age of {label}", "h"),
        ("change", f"{label}, change since the reading before", unit),
        ("gap", f"hours between the last two readings of {label}", "h"),
        ("own", f"{label}, own usual level", unit),
        ("above_own", f"{label}, above own usual level", unit),
        ("own_z", f"{label}, above own usual level in own spreads", "sd"),
    ]
    for i in LEVELS:
        over = _memory_words(MEMORIES_H[i])
        columns.append((f"above_{MEMORIES_H[i]:g}h", f"{label}, above its mean of about {over}", unit))
    for hours in MEMORIES_H:
        over = _memory_words(hours)
        columns.append((f"slope_{hours:g}h", f"{label}, change per hour over about {over}", f"{unit}/h"))
    for i in LEVELS:
        over = _memory_words(MEMORIES_H[i])
        columns.append((f"spread_{MEMORIES_H[i]:g}h", f"{label}, variability over about {over}", unit))
    for i in WEIGHTS:
        over = _memory_words(MEMORIES_H[i])
        columns.append((f"measured_{MEMORIES_H[i]:g}h", f"hours of {label} measured in about {over}", "h"))
    for hours in EXTREME_MEMORIES_H:
        columns.append((f"low_{hours:g}h", f"{label}, lowest of about {hours:g} h", unit))
        columns.append((f"high_{hours:g}h", f"{label}, highest of about {hours:g} h", unit))
    return [Feature(f"{metric}.{name}", words, metric, unit) for name, words, unit in columns]


def _of_event(event: Event) -> list[Feature]:
    hours = [
        Feature(
            f"{event.name}.hours_{memory:g}h",
            f"hours with {event.words} in about {memory:g} h",
            event.metric,
            "h",
        )
        for memory in EXTREME_MEMORIES_H
    ]
    return [*hours, Feature(f"{event.name}.age", f"hours since {event.words}", event.metric, "h")]


def _of_edge(edge: Edge) -> list[Feature]:
    return [
        Feature(f"{edge.name}.room_now", f"room of {edge.words}, in own spreads", edge.metric, "sd"),
        Feature(
            f"{edge.name}.room_12h", f"room of {edge.words}, of the mean of about 12 h", edge.metric, "sd"
        ),
    ]


NEWS_POINTS: Final = (
    "respiratory_rate",
    "oxygen_saturation",
    "blood_pressure_systolic",
    "heart_rate",
    "body_temperature",
)
"""Parameters of the NEWS2 chart whose points are columns of their own."""

_OVERALL: Final = (
    *(Feature(f"news2.{name}", f"NEWS2 points of {METRICS[name].label}", name, "1") for name in NEWS_POINTS),
    Feature("news2.total", "NEWS2 of what is known (values up to 4 h old)", "", "1"),
    Feature("news2.red", "parameters that score 3 alone in NEWS2", "", "1"),
    Feature("news2.known", "parameters of NEWS2 that are known", "", "1"),
    Feature("shock_index", "heart rate by systolic pressure", "", "1"),
    Feature("saturation_by_breathing", "oxygen saturation by breathing rate", "", "1"),
    Feature("pulse_pressure", "systolic less diastolic pressure", "", "mm[Hg]"),
    Feature("mean_pressure", "mean arterial pressure from systolic and diastolic", "", "mm[Hg]"),
    Feature("age_years", "age", "", "a"),
    Feature("male", "recorded sex is male", "", "1"),
    Feature("scale_2", "judged on SpO2 scale 2 (a clinician's setting)", "", "1"),
    Feature("pregnant", "pregnant", "", "1"),
    Feature("known_hours", "hours since the first reading", "", "h"),
    Feature("activity", "activity level", "", "1"),
    Feature("asleep", "asleep", "", "1"),
    Feature("oxygen", "on supplemental oxygen", "", "1"),
)

FEATURES: Final[tuple[Feature, ...]] = (
    *(feature for metric in SERIES for feature in _of_series(metric)),
    *(feature for event in EVENTS for feature in _of_event(event)),
    *(feature for edge in EDGES for feature in _of_edge(edge)),
    *_OVERALL,
)
"""Every feature, in column order."""

FEATURE: Final[Mapping[str, int]] = MappingProxyType({feature.name: i for i, feature in enumerate(FEATURES)})
"""Column of a feature by name."""
