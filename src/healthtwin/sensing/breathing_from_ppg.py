"""Breathing rate from a finger's pulse: three ways in which breathing leaves its trace, one spectrum.

Breathing changes the time between beats, the height of the pulse wave and its baseline (Karlen et al.,
"Multiparameter respiratory rate estimation from the photoplethysmogram", IEEE Trans. Biomed. Eng. 2013).
Each trace becomes a spectrum in which slow drifts are levelled; the three are multiplied, so that a peak
counts when the traces agree on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from scipy.signal import detrend

from healthtwin.sensing.light_curve import GRID_HZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.sensing.beats import Beats

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

SAMPLES_HZ: Final = 4.0
"""Of the traces: well above twice the fastest breathing."""

SLOWEST_PER_MIN: Final = 7.0
"""Below lie the waves of blood pressure (0.1 Hz, 6 a minute), which no finger can tell from slow breaths."""

FASTEST_PER_MIN: Final = 36.0
STEP_PER_MIN: Final = 0.1
PIECE_S: Final = 60.0
"""Breathing changes over minutes; a spectrum over more of them would show several rates."""

DRIFT_POWER: Final = 2.0
"""The traces wander at random from beat to beat, so their power falls with the square of frequency;
multiplied by that square a wandering trace has no preferred rate."""

FLOOR: Final = 0.1
"""Of the mean power, added to each trace before the product: one that is silent at a rate vetoes nothing."""

PEAK_REACH: Final = 0.15
"""Share of the peak's rate to either side that counts as the peak: how much breaths at rest vary."""

BEATS_PER_BREATH: Final = 2.0
"""A trace with one value a beat tells rates up to half the heart rate."""


class Breathing(NamedTuple):
    """What the traces tell.

    Attributes:
        rate: breaths a minute.
        agreement: 0 to 1, share of the common spectrum that lies around that rate.
    """

    rate: float
    agreement: float


def breathing_rate(curve: Floats, beats: Beats, trusted: Flags, kept: Flags) -> Breathing | None:
    """The rate that interval, height and baseline have in common.

    Args:
        curve: shape (n,), on the grid, steps removed.
        trusted: shape (beats,); kept: shape (beats − 1,), of the intervals.

    Returns:
        None when too few beats were kept for any spectrum.
    """
    if kept.sum() < 2 * BEATS_PER_BREATH:
        return None
    middle = 0.5 * (beats.position[1:] + beats.position[:-1])
    interval = np.diff(beats.position)
    grid = np.arange(beats.position[0], beats.position[-1], GRID_HZ / SAMPLES_HZ)
    fastest = min(FASTEST_PER_MIN, 60.0 / BEATS_PER_BREATH * GRID_HZ / float(interval[kept].mean()))
    rates = np.arange(SLOWEST_PER_MIN, fastest, STEP_PER_MIN)
    if len(grid) < 2 * SAMPLES_HZ or len(rates) < 2:  # noqa: PLR2004
        return None
    height = np.log(np.maximum(beats.height, 1e-12))
    traces = (
        np.interp(grid, middle[kept], interval[kept]),
        np.interp(grid, beats.position[trusted], height[trusted]),
        np.interp(grid, middle[kept], _baseline(curve, beats.position)[kept]),
    )
    common = np.exp(np.mean([np.log(_level_spectrum(trace, rates) + FLOOR) for trace in traces], axis=0))
    common = common - common.min()
    peak = int(common.argmax())
    around = np.abs(rates - rates[peak]) <= PEAK_REACH * rates[peak]
    return Breathing(float(rates[peak]), float(common[around].sum() / max(float(common.sum()), 1e-30)))


def _baseline(curve: Floats, position: Floats) -> Floats:
    """Mean of the curve over each beat, shape (beats − 1,): the pulse itself cancels."""
    total = np.concatenate([[0.0], np.cumsum(curve)])
    at = np.interp(position, np.arange(len(total)), total)
    return np.asarray(np.diff(at) / np.diff(position))


def _level_spectrum(trace: Floats, rates: Floats) -> Floats:
    """Power at the rates, drifts levelled, mean 1; of a long trace, the mean over minutes (Welch 1967)."""
    length = min(len(trace), int(PIECE_S * SAMPLES_HZ))
    pieces = np.lib.stride_tricks.sliding_window_view(trace, length)[:: length // 2]
    turns = np.outer(np.arange(length) / SAMPLES_HZ, rates / 60.0)
    waves = detrend(pieces, axis=1) * np.hanning(length)
    power = (np.abs(waves @ np.exp(-2j * np.pi * turns)) ** 2).mean(axis=0) * rates**DRIFT_POWER
    return np.asarray(power / max(float(power.mean()), 1e-30))
