"""What the silent and the asking phase spare: alerts on recordings of people in daily life, by days known.

The people of `lifesnaps_daily` and `welltory_hrv_covid19` carry no label of trouble at home, so every alert
counts as false and the figures are upper bounds. Compared are the product's phases (silent to day 30, asking
to day 60), shorter ones, and none at all, on the same readings through the same step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain import DAY_MS, RULE_BY_NAME, AlertLevel, Verb
from healthtwin.episodes import VITALS_KEY
from healthtwin.pipeline import DEFAULT_LEARNING, Learning
from healthtwin.twin import Phases
from healthtwin_lab.evaluate.on_the_step import play

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from healthtwin_lab.evaluate.recordings import Recording

POLICIES: Final[Mapping[str, Phases]] = {
    "product (30, 60, 90)": DEFAULT_LEARNING.phases,
    "14, 28, 42": Phases(14, 28, 42),
    "7, 14, 21": Phases(7, 14, 21),
    "none": Phases(0, 0, 0),
}

DAYS_KNOWN: Final = ((0, 14), (15, 30), (31, 60), (61, 90), (91, 10_000))
"""Days with data behind the twin, both ends included."""

_WARNING, _ANY = "warning_or_worse", "any"


def compare_phases(recordings: Sequence[Recording]) -> dict[str, Any]:
    """Alerts of the personal baseline per 100 person-days with data, by policy and by days known.

    Safety rules are left out: no phase holds them back. A day counts for the days known when it began.
    """
    return {name: _alerts(recordings, Learning(phases=phases)) for name, phases in POLICIES.items()}


def _alerts(recordings: Sequence[Recording], learning: Learning) -> list[dict[str, Any]]:
    counts = {kind: np.zeros(len(DAYS_KNOWN), np.int64) for kind in (_ANY, _WARNING)}
    person_days = np.zeros(len(DAYS_KNOWN), np.int64)
    last_day = np.full(len(recordings), np.iinfo(np.int64).min)
    for now in play(recordings, learning):
        known = now.state["twin"]["days"].astype(np.int64)
        bins = _bin_of(known)
        day = now.time_ms // DAY_MS  # recordings hold local wall time as if it were UTC
        fresh = day > last_day[now.who]
        last_day[now.who] = day
        np.add.at(person_days, bins[fresh], 1)
        for i, change in now.told:
            if change.dedup_key != VITALS_KEY or change.verb not in (Verb.OPENED, Verb.RAISED):
                continue
            if not any(RULE_BY_NAME[rule].budgeted for rule in change.rules):
                continue
            counts[_ANY][bins[i]] += change.verb == Verb.OPENED
            counts[_WARNING][bins[i]] += change.level >= AlertLevel.WARNING
    return [
        {
            "days_known": list(days),
            "person_days": int(person_days[i]),
            **{kind: int(found[i]) for kind, found in counts.items()},
            **{
                f"{kind}_per_100_person_days": 100 * int(found[i]) / int(person_days[i])
                for kind, found in counts.items()
                if person_days[i]
            },
        }
        for i, days in enumerate(DAYS_KNOWN)
    ]


def _bin_of(days: NDArray[np.int64]) -> NDArray[np.intp]:
    starts = np.array([first for first, _ in DAYS_KNOWN])
    return np.searchsorted(starts, days, side="right") - 1
