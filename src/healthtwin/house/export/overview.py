"""What an export turned out to hold, gathered while it is written, for the page that explains it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from healthtwin.domain import Metric
    from healthtwin.store import Bins
    from healthtwin.store.people import Person


@dataclass(frozen=True, slots=True)
class Year:
    """A year of one metric. count: values; mean, low, high: in the metric's unit."""

    year: int
    count: int
    mean: float
    low: float
    high: float


@dataclass(slots=True)
class Overview:
    """What is told on the first page.

    Attributes:
        person: whose it is. made_ms: when it was asked for; from_ms, to_ms: what was asked for, epoch ms.
        files: names, in their order. rows: how many rows each table holds about them.
        years: the years of each metric that has values, oldest first.
    """

    person: Person
    made_ms: int
    from_ms: int
    to_ms: int
    files: list[str] = field(default_factory=list)
    rows: Mapping[str, int] = field(default_factory=dict)
    years: dict[Metric, list[Year]] = field(default_factory=dict)

    def add_days(self, metric: Metric, days: Bins) -> None:
        """Sum days up by the years (UTC) they lie in."""
        if not len(days):
            return
        years = days.t.astype("M8[ms]").astype("M8[Y]").astype(np.int64) + 1970
        told = []
        for year in np.unique(years).tolist():
            here = years == year
            count = int(days.count[here].sum())
            mean = float((days.mean[here] * days.count[here]).sum()) / count
            told.append(
                Year(year, count, mean, float(days.minimum[here].min()), float(days.maximum[here].max()))
            )
        self.years[metric] = told
