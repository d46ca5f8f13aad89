"""How long a beat is, second by second, before any beat is known.

Every window answers with its autocorrelation, which peaks at the period and its multiples, times its
spectrum, which peaks at the rate and its multiples; only the period itself has both (Peeters, "Music pitch
representation by periodicity measures based on combined temporal and spectral representations", ICASSP
2006). The pulse and its slope are asked together: the slope is deaf to slow motion, the pulse to fine
noise. A Viterbi search then finds the track that no single window can talk out of.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.sensing.light_curve import GRID_HZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SLOWEST_HZ: Final = 27 / 60
FASTEST_HZ: Final = 228 / 60
"""A little beyond the 28 to 220 beats a minute that are measured."""

RATES: Final = 106
"""Steps of 2 %; the beats themselves decide, so finer ones bring nothing."""

WINDOW_S: Final = 8.0
"""At least four beats of the slowest heart, short enough to follow a rate that changes."""

HOP_S: Final = 1.0

CHANGE_PRICE: Final = 60.0
"""Of the squared logarithm of a rate's change from second to second: 10 % a second, more than hearts do,
costs about as much as a perfect window is worth."""

THINNED: Final = 2
"""Every second grid point will do here: beats are timed elsewhere."""

TRACK_HZ: Final = GRID_HZ / THINNED
FFT_POINTS: Final = 1024
"""More than twice a window, so that its autocorrelation does not wrap."""


@dataclass(frozen=True, slots=True)
class PeriodTrack:
    """A period for every second.

    Attributes:
        centre: shape (windows,), grid position of each window's middle.
        period: shape (windows,), seconds.
        periodicity: shape (windows,), autocorrelation of the pulse at that period, −1 to 1.
    """

    centre: Floats
    period: Floats
    periodicity: Floats

    def period_at(self, positions: Floats) -> Floats:
        """Seconds at grid positions."""
        return np.interp(positions, self.centre, self.period)


def repetition(pulse: Floats) -> float:
    """How well a pulse repeats, window by window, each at its own best period: mean autocorrelation, −1 to 1.

    Cheaper than a track, so that channels can be compared before one is tracked.

    Args:
        pulse: shape (n,), band-passed and of even height.
    """
    pulse = pulse[::THINNED]
    starts, length = _windows(len(pulse))
    correlation, salience = _salience(pulse, starts, length)
    return float(correlation[np.arange(len(starts)), salience.argmax(axis=1)].mean())


def track_period(pulse: Floats, slope: Floats) -> PeriodTrack:
    """The likeliest course of the period.

    Args:
        pulse: shape (n,), band-passed and of even height; n covers at least half a window.
        slope: shape (n,), its derivative, of even height.
    """
    pulse, slope = pulse[::THINNED], slope[::THINNED]
    starts, length = _windows(len(pulse))
    correlation, salience = _salience(pulse, starts, length)
    salience = salience + _salience(slope, starts, length)[1]
    path = _viterbi(salience)
    return PeriodTrack(
        centre=np.asarray((starts + length / 2) * THINNED, np.float64),
        period=1.0 / _rates()[path],
        periodicity=correlation[np.arange(len(path)), path],
    )


def _windows(samples: int) -> tuple[NDArray[np.intp], int]:
    """Where windows start, and how long they are."""
    length = min(int(WINDOW_S * TRACK_HZ), samples)
    return np.arange(0, samples - length + 1, int(HOP_S * TRACK_HZ)), length


def _salience(values: Floats, starts: NDArray[np.intp], length: int) -> tuple[Floats, Floats]:
    """Autocorrelation and salience, both of shape (windows, RATES)."""
    taper, of_taper = _taper(length)
    windows = np.lib.stride_tricks.sliding_window_view(values, length)[starts]
    windows = (windows - windows.mean(axis=1, keepdims=True)) * taper
    spectrum = np.abs(np.fft.rfft(windows, FFT_POINTS)) ** 2
    correlation = np.fft.irfft(spectrum, FFT_POINTS)[:, :length]
    correlation /= np.maximum(correlation[:, :1], 1e-30) * of_taper
    at_rates = _sampled(correlation, TRACK_HZ / _rates())
    power = _sampled(spectrum, _rates() * (FFT_POINTS / TRACK_HZ))
    power /= np.maximum(power.max(axis=1, keepdims=True), 1e-30)
    return at_rates, np.maximum(at_rates, 0.0) * np.sqrt(power)


@lru_cache(maxsize=8)
def _taper(length: int) -> tuple[Floats, Floats]:
    """A window's weights, and their own autocorrelation by which that of the signal is divided."""
    taper = np.hanning(length)
    own = np.fft.irfft(np.abs(np.fft.rfft(taper, FFT_POINTS)) ** 2, FFT_POINTS)[:length]
    return taper, np.maximum(own / own[0], 0.05)


def _sampled(rows: Floats, places: Floats) -> Floats:
    """Rows at fractional columns, by straight lines."""
    left = np.minimum(places.astype(np.intp), rows.shape[1] - 2)
    part = np.minimum(places - left, 1.0)
    return np.asarray(rows[:, left] * (1.0 - part) + rows[:, left + 1] * part)


def _viterbi(salience: Floats) -> NDArray[np.intp]:
    price = _prices()
    best = salience[0]
    came_from = np.zeros(salience.shape, np.intp)
    for step in range(1, len(salience)):
        choices = best[None, :] - price
        came_from[step] = choices.argmax(axis=1)
        best = salience[step] + choices.max(axis=1)
    path = np.zeros(len(salience), np.intp)
    path[-1] = best.argmax()
    for step in range(len(salience) - 1, 0, -1):
        path[step - 1] = came_from[step, path[step]]
    return path


@lru_cache(maxsize=1)
def _rates() -> Floats:
    return np.geomspace(SLOWEST_HZ, FASTEST_HZ, RATES)


@lru_cache(maxsize=1)
def _prices() -> Floats:
    logarithm = np.log(_rates())
    return np.asarray(CHANGE_PRICE * (logarithm[:, None] - logarithm[None, :]) ** 2)
