"""From beats to intervals that can be trusted, and what is computed from them.

A beat is doubted for how it looks, an interval for what it would mean. Nothing is ever put in where something
is missing: an interval next to a doubted beat is left out, and so is every difference across it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.ndimage import median_filter

from healthtwin.sensing.light_curve import GRID_HZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.sensing.beats import Beats

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

LEAST_LIKENESS: Final = 0.7
"""Correlation with the recording's mean wave below which a beat is no beat (Orphanidou et al., IEEE J.
Biomed. Health Inform. 2015, take 0.86 for the mean of a 10-s window of contact PPG, which single beats
scatter round)."""

SURE_LIKENESS: Final = 0.93
"""A beat that looks this much like the others may come early or late: that is the heart, not noise."""

HEIGHT_FACTOR: Final = 3.0
"""A wave this many times higher or lower than its neighbours is a movement; breathing changes it by half."""

DISPLACED: Final = 2.5
"""Robust standard deviations of a beat's distance from the middle of its neighbours. The one constant that
was chosen by its result; `healthtwin evaluate sensing` shows what leaving each recording out would have
chosen."""

DISPLACED_MS: Final = 25.0
"""Added to those, so that in a very even pulse no ordinary timing error is a displacement."""

NEIGHBOURHOOD: Final = 9
"""Beats; about one breath to either side."""

MOST_UNEVEN: Final = 0.3
"""Share by which an interval may differ from the median around it. Deep breathing at rest changes healthy
people's intervals by up to 30 %; a missed beat makes 100 %, a false one 50 %."""

PNN_MS: Final = 50.0


def trusted_beats(beats: Beats, seen: Flags, displaced: float = DISPLACED) -> Flags:
    """Which beats can be trusted, shape (beats,).

    Args:
        seen: shape (n,), on the grid, False inside a pause of the frames.
        displaced: in place of `DISPLACED`.
    """
    height = median_filter(beats.height, NEIGHBOURHOOD, mode="nearest")
    usual = (beats.height < HEIGHT_FACTOR * height) & (beats.height > height / HEIGHT_FACTOR)
    ugly = beats.likeness < SURE_LIKENESS
    looks_right = (beats.likeness >= LEAST_LIKENESS) & usual & ~(ugly & _displaced(beats, displaced))
    return np.asarray(looks_right & _fully_seen(beats, seen))


def kept_intervals(interval_ms: Floats, linked: Flags, trusted: Flags) -> Flags:
    """Which intervals are kept, shape (beats − 1,).

    Args:
        interval_ms: shape (beats − 1,).
        linked: shape (beats − 1,), whether no beat was passed over between.
        trusted: shape (beats,).
    """
    kept = linked & trusted[1:] & trusted[:-1]
    if not kept.any():
        return kept
    places = np.flatnonzero(kept)
    around = median_filter(interval_ms[places], NEIGHBOURHOOD, mode="nearest")
    kept[places] = np.abs(interval_ms[places] / around - 1.0) <= MOST_UNEVEN
    return kept


def heart_rate(interval_ms: Floats, kept: Flags) -> float:
    """Beats a minute: 60,000 over the mean interval.

    >>> heart_rate(np.array([1000.0, 1010.0, 3000.0]), np.array([True, True, False]))
    59.701492537313435
    """
    return float(60_000.0 / interval_ms[kept].mean())


def sdnn(interval_ms: Floats, kept: Flags) -> float:
    """Standard deviation of the kept intervals (population), ms."""
    return float(interval_ms[kept].std())


def successive_differences(interval_ms: Floats, kept: Flags) -> Floats:
    """Differences, ms, of intervals next to each other; pairs across a removed beat are left out."""
    return np.asarray(np.diff(interval_ms)[kept[1:] & kept[:-1]])


def rmssd(differences_ms: Floats) -> float:
    """Root mean square of successive differences, ms (Task Force, Circulation 1996)."""
    return float(np.sqrt(np.mean(differences_ms**2)))


def pnn50(differences_ms: Floats) -> float:
    """Percentage of successive differences above 50 ms."""
    return float(100.0 * np.mean(np.abs(differences_ms) > PNN_MS))


def _displaced(beats: Beats, most: float) -> Flags:
    """Whether a beat lies further from the middle of its two neighbours than this heart's beats do."""
    displaced = np.zeros(len(beats.position), bool)
    off_ms = np.diff(beats.position, n=2) * (-500.0 / GRID_HZ)
    spread = 1.4826 * float(np.median(np.abs(off_ms)))
    displaced[1:-1] = np.abs(off_ms) > most * spread + DISPLACED_MS
    return displaced


def _fully_seen(beats: Beats, seen: Flags) -> Flags:
    unseen = np.concatenate([[0], np.cumsum(~seen)])
    reach = 0.25 * beats.period * GRID_HZ  # the upstroke and what a fit needs of the wave around it
    first, last = beats.position - reach, beats.position + reach + 1
    inside = (first >= 0) & (last <= len(seen))
    bounds = (np.clip(place, 0, len(seen)).astype(np.intp) for place in (first, last))
    from_first, to_last = (unseen[place] for place in bounds)
    return np.asarray(inside & (from_first == to_last))
