"""Planted people: observations whose truth is known, for the tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from healthtwin.domain import DAY_MS, HOUR_MS
from healthtwin.domain.arrays import COLUMN, blank_observations
from healthtwin.twin import blank_twins, learn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    StructuredArray = NDArray[np.void]

START_MS = 20_000 * DAY_MS


def observations(
    time_ms: NDArray[np.int64] | list[int], metric: str = "heart_rate", value: object = np.nan
) -> StructuredArray:
    """One observation for each time, of one metric, at the local time of UTC."""
    times = np.asarray(time_ms, np.int64)
    rows = blank_observations(len(times))
    rows["time_ms"] = rows["arrived_ms"] = times
    rows["hour"] = times // HOUR_MS % 24
    rows["day"] = times // DAY_MS
    rows["value"][:, COLUMN[metric]] = value
    return rows


def learn_in_turn(twins: StructuredArray, rows: StructuredArray, pace: float = 1.0) -> None:
    """Let a single twin learn the rows one after the other."""
    for i in range(len(rows)):
        learn(twins, rows[i : i + 1], pace)


def somebody(
    days: int = 40, per_day: int = 1, center: float = 70.0, spread: float = 4.0, seed: int = 1
) -> StructuredArray:
    """A twin of a person whose heart rate is `center` ± `spread` at all hours."""
    times = START_MS + np.arange(days * per_day) * (DAY_MS // per_day)
    values = np.random.default_rng(seed).normal(center, spread, len(times))
    twins = blank_twins(1)
    learn_in_turn(twins, observations(times, value=values))
    return twins
