"""A file of hospital stays played to an alarm budget as a ward would have lived it, hour by hour.

Time runs through the ward (`healthtwin_lab.evaluate.ward`): a threshold at an hour rests only on what the
hours before it had shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.forecast.site_budget import SiteBudget, TailReference
from healthtwin_lab.evaluate.ward import BEDS, HOURS_A_DAY, ward_hours

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """The rows of a file of stays as far as alarms go; every array has shape (rows,).

    Attributes:
        stay, hour: as in `ward_hours`.
        event_free: looks that count: what is foreseen is not there already, and the next hour, which shows
            whether it comes, was charted (the target's *eligible*).
        came: whether it came within the hour; known, and used, one hour later.
        asked_about: looks at which an alarm may be on, which nobody can wait to see charted.
    """

    stay: Whole
    hour: Floats
    event_free: Flags
    came: Flags
    asked_about: Flags


@dataclass(frozen=True, slots=True, eq=False)
class SiteReplay:
    """What a ward would have lived through.

    Attributes:
        alarm: at each row, whether the alarm was on, shape (rows,).
        threshold: surprise from which it was, shape (rows,).
        asked: false alarms that the event-free looks were allowed. got: those given.
        days: that the ward took. offset: where the threshold stood in the end, above the training side's.
    """

    alarm: Flags
    threshold: Floats
    asked: float
    got: int
    days: int
    offset: float


KEPT: Final = ("training side", "site", "person", "site and person")
"""Who keeps a budget: nobody (the training side's threshold stays), the site, each person for themselves, or
both, as the running house has it: what the site has learned is where each new person begins."""


def replay_site(
    looks: Looks,
    score: Floats,
    reference: TailReference,
    per_day: float = 1.0,
    *,
    beds: int = BEDS,
    kept: str = "site",
) -> SiteReplay:
    """Alarms of a whole site under its budget, every threshold resting on the past alone.

    Args:
        score: on the reference's scale, shape (rows,); NaN where nothing could be said: no alarm.
        reference: of the training side.
        per_day: false alarms asked for per person-day of event-free looks.
        kept: by whom the budget is kept, one of `KEPT`.
    """
    surprise = np.where(looks.asked_about, reference.surprise_of(score), np.nan)
    per_look = per_day / HOURS_A_DAY
    budget = SiteBudget()
    site = budget.blank(1)
    _, number = np.unique(looks.stay, return_inverse=True)
    person = budget.blank(int(number.max()) + 1 if len(number) else 0)
    clock = ward_hours(looks.stay, looks.hour, beds)
    order = np.argsort(clock, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(clock[order]) > 0]) if len(order) else np.zeros(0, np.int64)
    alarm = np.zeros(len(score), np.bool_)
    thresholds = np.zeros(len(score))
    counts = looks.event_free & ~looks.came & ~np.isnan(surprise)
    before: NDArray[np.intp] | None = None
    for rows in np.split(order, starts[1:]):
        if before is not None:
            known = before[counts[before]]
            day = int(clock[before[0]]) // HOURS_A_DAY
            asked, false = np.full(len(known), per_look), alarm[known].astype(np.float64)
            if "site" in kept and kept != "training side":
                budget.settle(site, np.array([day]), asked.sum(keepdims=True), false.sum(keepdims=True))
            if "person" in kept:
                those = person[number[known]]
                budget.settle(those, np.full(len(known), day), asked, false)
                person[number[known]] = those
        begin = budget.offset(site)[0]
        at = budget.threshold_at(person[number[rows]], begin, per_look)
        thresholds[rows] = at
        alarm[rows] = surprise[rows] >= at  # NaN compares as False
        before = rows
    return SiteReplay(
        alarm=alarm,
        threshold=thresholds,
        asked=per_look * int(counts.sum()),
        got=int((alarm & counts).sum()),
        days=int(clock.max()) // HOURS_A_DAY + 1 if len(clock) else 0,
        offset=float(budget.offset(site)[0]),
    )
