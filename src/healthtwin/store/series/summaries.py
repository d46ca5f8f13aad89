"""Rows summed up in bins of time: how many, their mean, lowest and highest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.store.series.block import Rows


@dataclass(frozen=True, slots=True, eq=False)
class Bins:
    """What the rows of each bin come to; bins without a row are left out.

    Attributes:
        t: start of the bin, epoch ms, int64, ascending, shape `(bins,)`.
        mean, minimum, maximum: in the metric's unit, float64, shape `(bins,)`.
        count: rows, int64, shape `(bins,)`.
    """

    t: NDArray[np.int64]
    mean: NDArray[np.float64]
    minimum: NDArray[np.float64]
    maximum: NDArray[np.float64]
    count: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.t)


@dataclass(frozen=True, slots=True)
class DaySummary:
    """One UTC day of one metric."""

    count: int
    mean: float
    minimum: float
    maximum: float

    def joined(self, other: DaySummary) -> DaySummary:
        """The summary of both sets of rows together.

        >>> DaySummary(1, 60.0, 60.0, 60.0).joined(DaySummary(3, 72.0, 70.0, 75.0))
        DaySummary(count=4, mean=69.0, minimum=60.0, maximum=75.0)
        """
        count = self.count + other.count
        return DaySummary(
            count,
            (self.mean * self.count + other.mean * other.count) / count,
            min(self.minimum, other.minimum),
            max(self.maximum, other.maximum),
        )


def binned(rows: Rows, step_ms: int) -> Bins:
    """The rows in bins of `step_ms` that start at whole multiples of it since the epoch."""
    if not len(rows):
        nothing = np.empty(0, np.float64)
        return Bins(np.empty(0, np.int64), nothing, nothing, nothing, np.empty(0, np.int64))
    bins = rows.t // step_ms
    first = np.flatnonzero(np.append(True, bins[1:] != bins[:-1]))
    count = np.diff(np.append(first, len(bins)))
    return Bins(
        bins[first] * step_ms,
        np.add.reduceat(rows.v, first) / count,
        np.minimum.reduceat(rows.v, first),
        np.maximum.reduceat(rows.v, first),
        count.astype(np.int64),
    )


def bins_of_days(days: dict[int, DaySummary]) -> Bins:
    """Summaries by start of day (epoch ms) as bins, ascending."""
    ordered = sorted(days.items())
    return Bins(
        np.array([day for day, _ in ordered], np.int64),
        np.array([summary.mean for _, summary in ordered], np.float64),
        np.array([summary.minimum for _, summary in ordered], np.float64),
        np.array([summary.maximum for _, summary in ordered], np.float64),
        np.array([summary.count for _, summary in ordered], np.int64),
    )
