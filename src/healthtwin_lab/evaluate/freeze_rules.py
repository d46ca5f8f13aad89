"""What freezing learning during an alarm brings and costs, on synthetic people. Not evidence about people.

Two changes are planted after a hundred ordinary days of a reading every 90 minutes:

- *worsening*: over three weeks the heart comes to beat, and the breath to go, 35 % faster, for good. That
  must not become normal. Measured: on which share of the days of some weeks something stood open or was
  unusual (|z| above 2 in heart or breathing rate for most of the day's readings).
- *new normal*: from one day to the next the heart beats 18 % slower (a new medicine), for good. That must
  become normal. Measured: how many days it took until a quiet week began (at most one day of it noticed).

Nobody confirms anything, which a person or clinician could at any time. The price is what is noticed on the
ordinary days before.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain import DAY_MS
from healthtwin.domain.arrays import COLUMN
from healthtwin.episodes import VITALS_KEY, Freeze, is_open
from healthtwin.pipeline import DEFAULT_LEARNING, Learning
from healthtwin.twin import expect
from healthtwin_lab.bootstrap import with_interval
from healthtwin_lab.evaluate.learning_variants import synthetic_recordings
from healthtwin_lab.evaluate.on_the_step import play

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from healthtwin_lab.evaluate.recordings import Recording

ORDINARY_DAYS: Final = 100
CHANGED_DAYS: Final = 75
RAMP_DAYS: Final = 21.0
PEOPLE: Final = 16

WATCHED: Final = ("heart_rate", "respiratory_rate")
WORSENING: Final[Mapping[str, float]] = {"heart_rate": 0.35, "respiratory_rate": 0.35}
NEW_NORMAL: Final[Mapping[str, float]] = {"heart_rate": -0.18}

UNUSUAL_Z: Final = 2.0
UNUSUAL_SHARE: Final = 0.5
"""A day is unusual when more than this share of its readings is."""

WEEKS: Final[Mapping[str, tuple[int, int]]] = {"first 3": (0, 21), "4 and 5": (21, 35), "10 and 11": (61, 75)}
"""Weeks after the onset, as days [first, last)."""

RULES: Final[Mapping[str, Freeze]] = {
    "product": DEFAULT_LEARNING.freeze,
    "always learns": Freeze(slow_pace=1.0, frozen_pace=1.0, late_pace=1.0),
    "slow, never frozen": Freeze(frozen_pace=0.25),
    "frozen at info too": Freeze(slow_pace=0.0),
    "usual pace after 14 days": Freeze(late_pace=1.0),
    "usual pace after 28 days": Freeze(late_pace=1.0, longest_ms=28 * DAY_MS),
    "frozen as long as it is open": Freeze(slow_pace=0.0, longest_ms=400 * DAY_MS),
}
"""One rule changed at a time."""


def compare_freezes(
    seed: int, people: int = PEOPLE, rules: Mapping[str, Freeze] = RULES, every: int = 1
) -> dict[str, Any]:
    """Each freeze rule on the two planted changes.

    Args:
        seed: of the synthetic people and of the bootstrap.
        people: how many, the same under every rule.
        rules: by name.
        every: 1 takes each reading, 2 every other one …

    Returns:
        JSON-ready; figures are means over people with a 95 % bootstrap interval. `days_until_normal` counts
        somebody for whom it never came as `CHANGED_DAYS`, and `never` says how many those are.
    """
    ordinary = synthetic_recordings(seed, people, ORDINARY_DAYS + CHANGED_DAYS)
    ordinary = [replace(one, observations=one.observations[::every]) for one in ordinary]
    worsening = [_changed(one, WORSENING, RAMP_DAYS) for one in ordinary]
    new_normal = [_changed(one, NEW_NORMAL, 0.0) for one in ordinary]
    draws = np.random.default_rng(seed).integers(0, people, (1000, people))
    found = {}
    for name, freeze in rules.items():
        learning = Learning(freeze=freeze)
        ill, settled = _days(worsening, learning), _days(new_normal, learning)
        seen = ill[:, ORDINARY_DAYS:]
        until = np.array([_days_until_quiet(person) for person in settled[:, ORDINARY_DAYS:]])
        found[name] = {
            "worsening_noticed_in_weeks": {
                weeks: with_interval(seen[:, first:last].mean(axis=1), draws)
                for weeks, (first, last) in WEEKS.items()
            },
            "days_until_new_normal": with_interval(until.astype(np.float64), draws),
            "never": int((until >= CHANGED_DAYS).sum()),
            "ordinary_days_noticed": with_interval(ill[:, 60:ORDINARY_DAYS].mean(axis=1), draws),
        }
    return {
        "synthetic": True,
        "people": people,
        "ordinary_days": ORDINARY_DAYS,
        "changed_days": CHANGED_DAYS,
        "rules": found,
    }


def _changed(recording: Recording, factors: Mapping[str, float], ramp_days: float) -> Recording:
    observations = recording.observations.copy()
    first = int(observations["day"][0]) + ORDINARY_DAYS
    into = (observations["time_ms"] / DAY_MS) - first
    share = np.clip(into / ramp_days, 0.0, 1.0) if ramp_days else (into >= 0).astype(np.float64)
    for metric, factor in factors.items():
        observations["value"][:, COLUMN[metric]] *= 1.0 + factor * share
    return replace(recording, observations=observations)


def _days(recordings: Sequence[Recording], learning: Learning) -> NDArray[np.bool_]:
    """Whether each day of each person was noticed: an episode open at its end, or most readings unusual."""
    first = np.array([int(one.observations["day"][0]) for one in recordings])
    days = ORDINARY_DAYS + CHANGED_DAYS
    open_at_end = np.zeros((len(recordings), days), np.bool_)
    unusual, readings = np.zeros((2, len(recordings), days))
    columns = [COLUMN[metric] for metric in WATCHED]
    for now in play(recordings, learning):
        day = np.minimum(now.time_ms // DAY_MS - first[now.who], days - 1)
        open_at_end[now.who, day] = is_open(now.state[VITALS_KEY])
        z = np.abs(expect(now.state["twin"], now.state["last"], learning.tuning).z[:, columns])
        unusual[now.who, day] += (z > UNUSUAL_Z).any(axis=1)
        readings[now.who, day] += 1
    return open_at_end | (unusual > UNUSUAL_SHARE * np.maximum(readings, 1))


def _days_until_quiet(noticed: NDArray[np.bool_]) -> int:
    """The first day that begins a quiet week, at most one of its days noticed; all days when there is none.

    Args:
        noticed: shape (days,). Ordinary days are noticed now and then too, so the last one says nothing.
    """
    weeks = np.lib.stride_tricks.sliding_window_view(noticed, 7).sum(axis=1)
    quiet = np.flatnonzero(weeks <= 1)
    return int(quiet[0]) if len(quiet) else len(noticed)
