"""Observations, expectations and profiles in one line each, for the tests of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from healthtwin.domain import DAY_MS, LEARNED, MINUTE_MS
from healthtwin.domain.arrays import COLUMN, COLUMNS, blank_observations, blank_profiles
from healthtwin.forecast import ExpectedValues

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.domain.arrays import StructuredArray

NOON_MS = 1_772_366_400_000
"""2026-03-01T12:00:00Z."""

USUAL = {metric.name: ((metric.low + metric.high) / 2, metric.resolution * 10) for metric in LEARNED} | {
    "heart_rate": (65.0, 5.0),
    "resting_heart_rate": (58.0, 3.0),
    "respiratory_rate": (15.0, 1.5),
    "oxygen_saturation": (97.0, 1.0),
    "body_temperature": (36.7, 0.25),
    "hrv_rmssd": (45.0, 10.0),
    "hrv_sdnn": (55.0, 10.0),
    "blood_pressure_systolic": (122.0, 8.0),
    "blood_pressure_diastolic": (78.0, 6.0),
}
"""Center and spread of an ordinary adult; of other metrics, the middle of what is possible."""

CONTEXT = ("activity", "asleep", "posture", "oxygen", "consciousness", "quality", "live")


def observed(minute: float = 0.0, **given: float) -> StructuredArray:
    """One live observation `minute` minutes after noon; metrics and context by name."""
    row = blank_observations(1)
    row["time_ms"] = NOON_MS + round(minute * MINUTE_MS)
    row["arrived_ms"] = row["time_ms"]
    row["day"] = row["time_ms"] // DAY_MS
    row["hour"] = row["time_ms"] % DAY_MS // (60 * MINUTE_MS)
    row["live"] = True
    for name, value in given.items():
        if name in CONTEXT:
            row[name] = value
        else:
            row["value"][0, COLUMN[name]] = value
    return row


def somebody(**known: object) -> StructuredArray:
    """One profile: an adult, unless said otherwise."""
    profile = blank_profiles(1)
    profile["birth_year"] = 1980
    for name, value in known.items():
        profile[name] = value
    return profile


def ordinary(observations: StructuredArray) -> ExpectedValues:
    """What is expected of people whose normal is `USUAL` at every hour."""
    count = len(observations)
    center = np.empty((count, COLUMNS))
    spread = np.empty((count, COLUMNS))
    for name, (middle, width) in USUAL.items():
        center[:, COLUMN[name]], spread[:, COLUMN[name]] = middle, width
    z: NDArray[np.float64] = (observations["value"] - center) / spread
    return ExpectedValues.around(center, spread, z, np.ones((count, COLUMNS), np.bool_))
