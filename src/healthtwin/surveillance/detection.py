"""What every method says of the weeks it tested, and what counts as one alarm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.surveillance.weekly_series import WeeklySeries

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Alarm:
    """One week with more cases than the weeks before explain.

    Attributes:
        week: its name. observed: cases reported. expected: by the weeks before. upper: the limit it exceeds.
        provisional: more reports of this week are still to come.
    """

    week: str
    expected: float
    upper: float
    observed: float
    provisional: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """One method over one series; every array has shape (weeks,).

    Attributes:
        expected, upper: NaN where a week was not tested.
        alarm: where the method says more than usual.
        provisional: of which weeks reports are still to come.
        method: what was run, in full, such as "farrington, 4 years of history".
    """

    series: WeeklySeries
    expected: Floats
    upper: Floats
    alarm: Flags
    provisional: Flags
    method: str

    @property
    def tested(self) -> Flags:
        """Which weeks could be tested."""
        known: Flags = ~np.isnan(self.upper)
        return known

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """Every week with an alarm, in order."""
        return tuple(
            Alarm(
                self.series.weeks[i],
                float(self.expected[i]),
                float(self.upper[i]),
                float(self.series.cases[i]),
                bool(self.provisional[i]),
            )
            for i in np.flatnonzero(self.alarm).tolist()
        )


def runs_of(alarm: Flags) -> list[tuple[int, int]]:
    """Alarms that follow each other without a pause are one: first and last week of each.

    >>> runs_of(np.array([True, True, False, True]))
    [(0, 1), (3, 3)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], alarm, [False]]).astype(np.int8)))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def false_runs(detection: Detection) -> int:
    """Runs of alarms that touch no labelled outbreak week; all of them where nobody labelled any."""
    labelled = detection.series.outbreak
    if labelled is None:
        return len(runs_of(detection.alarm))
    return sum(not labelled[first : last + 1].any() for first, last in runs_of(detection.alarm))
