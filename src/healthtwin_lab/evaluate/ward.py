"""A ward of beds that the stays of a file pass through, so that the alarm budget lives as it would on site.

The file says nothing of the calendar. Each bed takes the next stay when its last one ends, in the order of
the file, so that the site sees a ward's worth of people at a time for months. A look's outcome
becomes known when the target's horizon has passed; only then is it settled.
"""

from __future__ import annotations

import heapq
from collections import deque
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.forecast.site_budget import SiteBudget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from healthtwin.forecast.site_budget import TailReference
    from healthtwin_lab.cohorts.tables import FeatureTable

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Whole = NDArray[np.int64]

BEDS: Final = 16
"""An intensive-care unit of usual size. With more beds a ward learns in fewer days but may move no faster in
a day."""

HOURS_A_DAY: Final = 24

HOUR_ROUNDED: Final = 1e-6
"""Hours worked out from minutes or seconds may fall this much short of a whole one."""


def ward_hours(stay: Whole, hour: Floats, beds: int = BEDS) -> Whole:
    """The ward's hour of each row, shape (rows,), from 0.

    Args:
        stay: which stay each row belongs to; stays are admitted in the order in which they first appear.
        hour: since that stay began.

    >>> ward_hours(np.array([0, 0, 1, 2]), np.array([1.0, 2.0, 5.0, 1.0]), beds=2).tolist()
    [0, 1, 0, 1]
    """
    _, first, number = np.unique(stay, return_index=True, return_inverse=True)
    begin, end = np.full(len(first), np.inf), np.full(len(first), -np.inf)
    np.minimum.at(begin, number, hour)
    np.maximum.at(end, number, hour)
    free = [0] * beds
    admitted = np.zeros(len(first), np.int64)
    for each in np.argsort(first, kind="stable").tolist():
        admitted[each] = heapq.heappop(free)
        heapq.heappush(free, int(admitted[each] + np.floor(end[each] - begin[each] + HOUR_ROUNDED)) + 1)
    hours: Whole = admitted[number] + np.floor(hour - begin[number] + HOUR_ROUNDED).astype(np.int64)
    return hours


def budgeted_alarms(
    table: FeatureTable,
    score: Floats,
    tails: Sequence[TailReference],
    horizons_h: Sequence[float],
    asked_per_day: float,
    beds: int = BEDS,
) -> Flags:
    """Where the shipped budget lets each target speak, shape (rows, targets).

    Args:
        score: stacked, shape (rows, targets). tails: the training side's, per target.
        horizons_h: hours after which an outcome is known, per target.
        asked_per_day: false alarms per person-day asked for.
    """
    asked_per_look = asked_per_day / HOURS_A_DAY
    budget = SiteBudget()
    targets = score.shape[1]
    site = budget.blank(targets)
    surprise = np.stack([tail.surprise_of(score[:, i]) for i, tail in enumerate(tails)], axis=1)
    quiet = table.eligible & (table.targets == 0)
    hour = ward_hours(table.person, table.hours, beds)
    order = np.argsort(hour, kind="stable")
    edges = np.flatnonzero(np.diff(hour[order], prepend=-1))
    wait = np.ceil(np.asarray(horizons_h)).astype(np.int64)
    alarms = np.zeros(score.shape, np.bool_)
    pending: deque[tuple[int, Floats, Floats]] = deque()
    for begin, end in zip(edges, np.append(edges[1:], len(order)), strict=True):
        now = int(hour[order[begin]])
        due_asked, due_alarms = np.zeros(targets), np.zeros(targets)
        for at, looks, false in pending:
            due = now - at == wait
            due_asked += np.where(due, looks, 0.0)
            due_alarms += np.where(due, false, 0.0)
        while pending and now - pending[0][0] >= wait.max():
            pending.popleft()
        day = np.full(targets, now // HOURS_A_DAY)
        budget.settle(site, day, due_asked * asked_per_look, due_alarms)
        rows = order[begin:end]
        alarms[rows] = surprise[rows] >= budget.threshold(site, asked_per_look)
        looks = quiet[rows].sum(axis=0).astype(np.float64)
        pending.append((now, looks, (alarms[rows] & quiet[rows]).sum(axis=0).astype(np.float64)))
    return alarms
