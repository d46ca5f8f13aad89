"""A ward of beds that the stays of a file pass through, so that the alarm budget lives as it would on site.

The file says nothing of the calendar. Each bed takes the next stay when its last one ends, in the order of
the file, so that the site sees some two dozen people at a time for months, as a ward does. A look's outcome
becomes known when the target's horizon has passed; only then is it settled.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.forecast.site_budget import SiteBudget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from healthtwin.forecast.site_budget import TailReference
    from healthtwin.training.tables import FeatureTable

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

BEDS: Final = 24
"""An intensive-care ward of usual size."""

HOURS_PER_DAY: Final = 24


def site_hours(table: FeatureTable, beds: int = BEDS) -> NDArray[np.int64]:
    """Hour of the ward at which each row happens, shape (rows,)."""
    first = np.flatnonzero(np.diff(table.person, prepend=-1))
    ends = np.append(first[1:], len(table.person)) - 1
    length = np.floor(table.hours[ends] - table.hours[first]).astype(np.int64) + 1
    free = np.zeros(beds, np.int64)
    begins = np.zeros(len(first), np.int64)
    for person, hours in enumerate(length.tolist()):
        bed = int(free.argmin())
        begins[person] = free[bed]
        free[bed] += hours
    place = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(table.person))))
    since = np.floor(table.hours - table.hours[first][place] + 1e-6).astype(np.int64)
    return np.asarray(begins[place] + since, np.int64)


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
    asked_per_look = asked_per_day / HOURS_PER_DAY
    budget = SiteBudget()
    targets = score.shape[1]
    site = budget.blank(targets)
    surprise = np.stack([tail.surprise_of(score[:, i]) for i, tail in enumerate(tails)], axis=1)
    quiet = table.eligible & (table.targets == 0)
    hour = site_hours(table, beds)
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
        day = np.full(targets, now // HOURS_PER_DAY)
        budget.settle(site, day, due_asked * asked_per_look, due_alarms)
        rows = order[begin:end]
        alarms[rows] = surprise[rows] >= budget.threshold(site, asked_per_look)
        looks = quiet[rows].sum(axis=0).astype(np.float64)
        pending.append((now, looks, (alarms[rows] & quiet[rows]).sum(axis=0).astype(np.float64)))
    return alarms
