"""Training tables: feature rows by the running house's own code, and the targets beside them.

Everybody's k-th row is taken together (`lock step`), so the offline path is the online path: the same
function on the same records, only with more people in the batch.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain import DAY_MS, HOUR_MS
from healthtwin.domain.arrays import blank_observations, blank_profiles
from healthtwin.forecast.feature_names import FEATURES
from healthtwin.forecast.features import advance, blank_features
from healthtwin.forecast.member import ExpectedValues, nothing_expected
from healthtwin_lab.cohorts.labels import labels
from healthtwin_lab.cohorts.stays import Stays, load_stays

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["FeatureTable", "Stays", "feature_table", "load_stays", "observations_of", "profiles_of"]

ANCHOR: Final = datetime(2019, 1, 1, tzinfo=UTC)
"""Hour 0 of every stay: the file has no dates. The features do not look at the calendar but for age."""


@dataclass(frozen=True, slots=True, eq=False)
class FeatureTable:
    """One row per row of the stays.

    Attributes:
        people: ids, shape (people,). person: index into it, shape (rows,). hours: shape (rows,).
        x: float32, shape (rows, features): `healthtwin.forecast.feature_names.FEATURES`.
        targets: 1 where it came true, int8, shape (rows, targets): `healthtwin.forecast.targets.TRAINED`.
        eligible: where it can be judged, shape (rows, targets).
    """

    people: NDArray[Any]
    person: NDArray[np.intp]
    hours: NDArray[np.float64]
    x: NDArray[np.float32]
    targets: NDArray[np.int8]
    eligible: NDArray[np.bool_]


def feature_table(stays: Stays) -> FeatureTable:
    """Features and targets of all stays, rows in the order of the stays."""
    y, eligible = labels(stays)
    return FeatureTable(stays.people, stays.person, stays.hours, _features(stays), y, eligible)


def observations_of(stays: Stays) -> NDArray[np.void]:
    """The stays as the observations that the running house would see, shape (rows,)."""
    rows = blank_observations(len(stays.hours))
    anchor_ms = int(ANCHOR.timestamp()) * 1000
    rows["time_ms"] = anchor_ms + np.rint(stays.hours * HOUR_MS).astype(np.int64)
    rows["arrived_ms"] = rows["time_ms"]
    rows["value"] = stays.value
    rows["hour"] = (rows["time_ms"] % DAY_MS) // HOUR_MS
    rows["day"] = rows["time_ms"] // DAY_MS
    rows["live"] = True
    return rows


def profiles_of(stays: Stays) -> NDArray[np.void]:
    """What is known of each person, shape (people,)."""
    profiles = blank_profiles(len(stays.people))
    born = np.where(np.isnan(stays.age), 0, ANCHOR.year - np.floor(np.nan_to_num(stays.age)))
    profiles["birth_year"] = born
    profiles["sex"] = stays.sex
    return profiles


def _features(stays: Stays) -> NDArray[np.float32]:
    observations, profiles = observations_of(stays), profiles_of(stays)
    starts = stays.starts
    lengths = np.diff(np.append(starts, len(stays.person)))
    longest_first = np.argsort(-lengths, kind="stable")
    starts, lengths, profiles = starts[longest_first], lengths[longest_first], profiles[longest_first]
    state = blank_features(len(starts))
    expected = nothing_expected(len(starts))
    table = np.empty((len(observations), len(FEATURES)), np.float32)
    for k in range(int(lengths[0])):
        count = int((lengths > k).sum())
        rows = starts[:count] + k
        known = ExpectedValues.of(expected, slice(count))
        table[rows] = advance(state[:count], observations[rows], profiles[:count], known)
    return table
