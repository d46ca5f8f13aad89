"""How early a warning came, how alarms spread over days, and what the same measures say where nothing is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin_lab.measures import Ranked, auroc, false_alarms_per_day, sensitivity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin_lab.cohorts.tables import FeatureTable

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

LOOK_BACK_H: Final = 12
"""Hours before an event in which an unbroken warning may begin."""

GAP_H: Final = 2.0
"""A warning that pauses for at most two hours is still the same one."""

MOST_ALARMS: Final = 8
"""Alarms a day from which the histogram no longer tells apart."""


def lead_times(table: FeatureTable, target: int, alarms: Flags) -> dict[str, Any]:
    """How many hours before each event its warning began: the unbroken run of alarms that reaches it.

    Args:
        alarms: of every row, shape (rows,). The event comes one hour after its positive row.

    Returns:
        `events`, `warned`, `median_h` (of those warned) and `histogram`: hours → events, "0" not warned.
    """
    hours, person = table.hours, table.person
    leads = []
    for row in np.flatnonzero(table.targets[:, target] == 1):
        event_h, lead, at, reached = hours[row] + 1.0, 0.0, row, hours[row] + 1.0
        while at >= 0 and person[at] == person[row] and event_h - hours[at] <= LOOK_BACK_H:
            if reached - hours[at] > GAP_H:
                break
            if alarms[at]:
                lead, reached = event_h - hours[at], hours[at]
            at -= 1
        leads.append(lead)
    whole = np.ceil(np.array(leads)).astype(int) if leads else np.zeros(0, int)
    warned = whole[whole > 0]
    return {
        "events": len(leads),
        "warned": len(warned),
        "median_h": float(np.median(warned)) if len(warned) else None,
        "histogram": {str(h): int((whole == h).sum()) for h in range(LOOK_BACK_H + 1)},
    }


def alarms_per_day(table: FeatureTable, target: int, alarms: Flags) -> dict[str, int]:
    """Person-days by how many false alarm hours they held; the last one and more."""
    quiet = table.eligible[:, target] & (table.targets[:, target] == 0)
    day = np.floor(table.hours / 24.0).astype(np.int64)
    key = table.person[quiet] * (day.max() - day.min() + 2) + (day[quiet] - day.min())
    _, number = np.unique(key, return_inverse=True)
    counts = np.bincount(number, weights=alarms[quiet]).astype(int) if len(number) else np.zeros(0, int)
    capped = np.minimum(counts, MOST_ALARMS)
    return {str(n): int((capped == n).sum()) for n in range(MOST_ALARMS + 1)}


def placebo(table: FeatureTable, target: int, score: Floats, alarms: Flags, seed: int) -> dict[str, Any]:
    """The same measures where there is nothing to find.

    `permuted`: labels dealt out anew among the judged rows. `healthy_windows`: people who never had the
    event; one of their hours each, drawn at random, stands for an event.
    """
    rng = np.random.default_rng(seed)
    rows = np.flatnonzero(table.eligible[:, target])
    came = table.targets[rows, target] == 1
    dealt = rng.permutation(came)
    with_event = np.unique(table.person[rows[came]])
    healthy = rows[~np.isin(table.person[rows], with_event)]
    shuffled = rng.permutation(healthy)
    _, one_each = np.unique(table.person[shuffled], return_index=True)
    drawn = np.zeros(len(table.person), np.bool_)
    drawn[shuffled[one_each]] = True
    found: dict[str, Any] = {
        "permuted": {
            "auroc": auroc(*Ranked.of(dealt, score[rows]).counts()),
            "sensitivity_at_1_false_alarm": sensitivity(dealt, alarms[rows]),
        }
    }
    if len(healthy):
        marked = drawn[healthy]
        found["healthy_windows"] = {
            "people": len(one_each),
            "auroc": auroc(*Ranked.of(marked, score[healthy]).counts()),
            "sensitivity_at_1_false_alarm": sensitivity(marked, alarms[healthy]),
            "false_alarms_per_day_at_1": false_alarms_per_day(marked, alarms[healthy]),
        }
    return found
