"""Beats between the beats: what the period track passes over where every second one comes early or weak.

Such a pulse repeats best from the strong beat to the next strong one: half the heart's rate, and evenly so.
In the mean of all its cycles a second upstroke then stands, which a wave reflected in the arm also makes. The
two are told apart by how steep it is and how late: in 45 windows of real fingers at rest the reflected wave
follows its upstroke by 0.25 to 0.33 s and is at most 0.35 times as steep. An extrasystole's wave comes later
or steeper, unless it is both early and hardly to be seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.ndimage import gaussian_filter1d

from healthtwin.sensing.light_curve import GRID_HZ, band

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.sensing.beats import Beats

    Floats = NDArray[np.float64]

CYCLE_HZ: Final = (0.4, 8.0)
"""Below what a slow heart's cycle needs, so that filtering makes no second rise of its own."""

SMOOTHING: Final = 0.035
"""Of the period: half of what an upstroke takes at least."""
FEWEST_CYCLES: Final = 6
FIRST_PHASE: Final = 0.18
LAST_PHASE: Final = 0.86
"""Where in a cycle another upstroke is looked for."""

LATE_S: Final = 0.36
LATE_PHASE: Final = 0.365
"""Seconds, and share of the cycle, after the beat's own upstroke: reflected waves have come by then."""

STEEP: Final = 0.43
FAINT: Final = 0.3
FAINTEST: Final = 0.22
"""Times the beat's own steepest slope: no reflected wave is as steep as the first, whenever it comes; what is
late and not even as steep as the second (as the third beyond two fifths of the cycle) is noise."""

SURELY_LATE: Final = 0.41

LEAST_RISE: Final = 0.15
"""Of the beat's own rise."""

LEAST_SHARE: Final = 0.6
PLAIN_SHARE: Final = 0.4
PLAIN_RISE: Final = 3.0
"""Of the cycles in which it is to be seen; fewer where it is three times as high as the least, since between
beats alike the track changes from one to the other."""


def hidden_beats(curve: Floats, beats: Beats) -> int:
    """How many upstrokes a cycle has, beyond its first, that no reflected wave explains.

    Args:
        curve: shape (n,), on the grid, steps removed, beats rising.
    """
    period = float(np.median(np.diff(beats.position)))
    around = np.arange(-int(0.3 * period), int(period))
    wave = gaussian_filter1d(band(curve, *CYCLE_HZ), SMOOTHING * period)
    whole = (beats.position + around[0] >= 0) & (beats.position + around[-1] < len(wave))
    if whole.sum() < FEWEST_CYCLES:
        return 0
    cycles = np.interp(beats.position[whole][:, None] + around, np.arange(len(wave)), wave)
    cycle = np.median(cycles, axis=0)
    slope = np.gradient(cycle)
    own = int(np.argmax(np.where(np.abs(around) <= 0.1 * period, slope, -np.inf)))
    foot, top = _rise(cycle, own)
    least = LEAST_RISE * float(cycle[top] - cycle[foot])
    found = 0
    peaks = np.flatnonzero((slope[1:-1] > slope[:-2]) & (slope[1:-1] >= slope[2:])) + 1
    for low, high in sorted({_rise(cycle, at) for at in peaks.tolist()}):
        at = low + int(slope[low : high + 1].argmax())
        delay = float(around[at] - around[own])
        late = delay >= max(LATE_S * GRID_HZ, LATE_PHASE * period)
        if not FIRST_PHASE <= around[at] / period <= LAST_PHASE:
            continue
        rise = float(cycle[high] - cycle[low])
        slopes = cycles[:, at + 1] - cycles[:, at - 1]
        doubt = 0.5 * float(slopes.std()) / np.sqrt(len(slopes))
        faint = FAINTEST if delay >= SURELY_LATE * period else FAINT
        if rise < least or slope[at] - doubt < (faint if late else STEEP) * slope[own]:
            continue
        seen = float((cycles[:, high] - cycles[:, low] > 0.5 * rise).mean())
        found += seen >= (PLAIN_SHARE if rise >= PLAIN_RISE * least else LEAST_SHARE)
    return found


def _rise(cycle: Floats, at: int) -> tuple[int, int]:
    """From where to where a curve rises around a place."""
    low = high = at
    while low > 0 and cycle[low - 1] < cycle[low]:
        low -= 1
    while high < len(cycle) - 1 and cycle[high + 1] > cycle[high]:
        high += 1
    return low, high
