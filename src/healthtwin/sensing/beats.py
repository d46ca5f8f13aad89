"""Which upstrokes are beats, and when exactly.

Every local maximum of the slope is a candidate. The best chain of candidates is found by dynamic
programming, guided by the period track (after Ellis, "Beat tracking by dynamic programming", J. New Music
Research 2007). Then each beat is timed between the grid points, by three landmarks that err independently:
the steepest slope, and the best fit of the recording's own mean upstroke and mean wave. They are mixed so
that the intervals are calmest: what is the heart's is in all three, what is only in one is noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.sensing.light_curve import GRID_HZ, band, even_height

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.sensing.period_track import PeriodTrack

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Places = NDArray[np.intp]

UNEVENNESS_PRICE: Final = 6.0
"""Of the squared logarithm of interval over period; 30 % off costs 0.4, a skipped beat 2.9: more than a
beat's whole gain, so a beat is skipped only where there is none."""

SHORTEST_STEP: Final = 0.45
LONGEST_STEP: Final = 2.6
"""Times the period: from a very premature beat to two beats missed in a row."""

RESTART_PRICE: Final = 4.0
"""For beginning anew after a stretch without beats; above the price of a skipped beat."""

GAIN_CAP: Final = 2.0
"""Times the root mean square of the slope: the height of an ordinary upstroke. A jolt counts no more."""

PULSE_HZ: Final = (0.5, 5.0)
"""From the slowest heart to what a finger's pulse wave carries at rest with 9/10 of its slope's power."""

WAVE_HZ: Final = (0.8, 8.0)
"""For timing: without breathing's baseline, with everything a 30-Hz camera can tell."""

UPSTROKE: Final = 0.2
WAVE: Final = 0.35
"""Reach of the two mean shapes to either side of the steepest slope, in periods."""

LONGEST_SHIFT: Final = 0.12
"""How far a fit may move a beat, in periods."""

FIT_ROUNDS: Final = 3
"""After the third the mean shape, and with it the fits, stand still."""
MIX_RIDGE: Final = 0.1
"""Keeps the mix from trusting chance differences of some tens of beats."""

ALIKE: Final = 0.8
"""Beats that correlate this well with the median shape form the mean shape."""

FEWEST_FOR_MIX: Final = 8


@dataclass(frozen=True, slots=True)
class Beats:
    """A chain of beats, in order.

    Attributes:
        position: shape (beats,), grid positions, fractional.
        period: shape (beats,), seconds, from the period track.
        likeness: shape (beats,), correlation with the mean wave of the recording, −1 to 1.
        height: shape (beats,), swing of the wave around the beat, in the curve's unit.
        linked: shape (beats − 1,), whether the next beat follows without a restart between.
    """

    position: Floats
    period: Floats
    likeness: Floats
    height: Floats
    linked: Flags


def slope_skewness(values: Floats) -> float:
    """Third standardised moment of the slope: positive when upstrokes are the steep side of the wave.

    The heart ejects faster than the vessel drains: the steep side is the beat, whichever way light counts.
    """
    slope = np.diff(values)
    return float(np.mean(slope**3) / max(float(np.mean(slope**2)) ** 1.5, 1e-30))


def find_beats(curve: Floats, track: PeriodTrack) -> Beats | None:
    """Find and time the beats of a curve whose upstrokes rise.

    Args:
        curve: shape (n,), on the grid, steps removed.

    Returns:
        the beats; None when there are fewer than three.
    """
    slope = np.gradient(even_height(band(curve, *PULSE_HZ)))
    candidate, height = _maxima(slope)
    if len(candidate) < 3:  # noqa: PLR2004 - an interval and its neighbour
        return None
    gain = np.minimum(height / np.sqrt(np.mean(slope**2)), GAIN_CAP)
    chain, linked = _best_chain(candidate / GRID_HZ, gain, track.period_at(candidate))
    if len(chain) < 3:  # noqa: PLR2004
        return None
    coarse = candidate[chain]
    period = track.period_at(coarse)
    wave = band(curve, *WAVE_HZ)
    even = even_height(wave)
    by_upstroke, _ = _fitted(even, coarse, period, UPSTROKE)
    by_wave, likeness = _fitted(even, coarse, period, WAVE)
    position = _calmest_mix(np.stack([coarse, by_upstroke, by_wave], axis=1), linked, likeness)
    reach = np.linspace(-WAVE, WAVE, 24)
    swing = np.interp(coarse[:, None] + reach * period[:, None] * GRID_HZ, np.arange(len(wave)), wave)
    return Beats(position, period, likeness, np.ptp(swing, axis=1), linked)


def _maxima(values: Floats) -> tuple[Floats, Floats]:
    """Positions between the grid points (parabola through three) and heights of positive local maxima."""
    at = np.flatnonzero((values[1:-1] > values[:-2]) & (values[1:-1] >= values[2:]) & (values[1:-1] > 0)) + 1
    before, here, after = values[at - 1], values[at], values[at + 1]
    return at + 0.5 * (before - after) / (before - 2.0 * here + after), here


def _best_chain(time_s: Floats, gain: Floats, period: Floats) -> tuple[Places, Flags]:
    """Indices of the chain with the most gain less prices, and which of its links are no restart."""
    count = len(time_s)
    total = gain.copy()
    came_from = np.full(count, -1)
    restarted = np.zeros(count, bool)
    first = np.searchsorted(time_s, time_s - LONGEST_STEP * period)
    last = np.searchsorted(time_s, time_s - SHORTEST_STEP * period, side="right")
    best_so_far = np.empty(count, np.intp)
    for j in range(count):
        low, high = first[j], last[j]
        reached, link = 0.0, -1
        if high > low:
            uneven = np.log((time_s[j] - time_s[low:high]) / period[j])
            offers = total[low:high] - UNEVENNESS_PRICE * uneven * uneven
            k = int(offers.argmax())
            reached, link = float(offers[k]), low + k
        if high > 0:
            far = int(best_so_far[high - 1])
            if total[far] - RESTART_PRICE > reached:
                reached, link = float(total[far]) - RESTART_PRICE, far
                restarted[j] = True
        if reached > 0:
            total[j] += reached
            came_from[j] = link
        best_so_far[j] = j if j == 0 or total[j] > total[best_so_far[j - 1]] else best_so_far[j - 1]
    chain = []
    j = int(total.argmax())
    while j >= 0:
        chain.append(j)
        j = int(came_from[j])
    found = np.array(chain[::-1], np.intp)
    return found, ~restarted[found[1:]]


def _fitted(wave: Floats, position: Floats, period: Floats, reach: float) -> tuple[Floats, Floats]:
    """Positions at which the recording's own mean shape fits best, and how well (correlation)."""
    typical = float(np.median(period)) * GRID_HZ
    half, most = max(2, round(reach * typical)), max(2, round(LONGEST_SHIFT * typical))
    around = np.arange(-half - most, half + most + 1)
    rows = np.arange(len(position))
    likeness = np.zeros(len(position))
    for _ in range(FIT_ROUNDS):
        cuts = np.interp(position[:, None] + around, np.arange(len(wave)), wave)
        shape = _mean_shape(cuts[:, most : len(around) - most])
        windows = np.lib.stride_tricks.sliding_window_view(cuts, len(shape), axis=1)
        swing = np.sqrt(np.maximum(windows.var(axis=2) * len(shape), 1e-12))
        fit = windows @ shape / swing
        best = fit.argmax(axis=1).clip(1, 2 * most - 1)
        before, here, after = fit[rows, best - 1], fit[rows, best], fit[rows, best + 1]
        bend = np.minimum(before - 2.0 * here + after, -1e-12)
        shift = best - most + np.clip(0.5 * (before - after) / bend, -1.0, 1.0)
        position = position + shift - np.median(shift)
        likeness = here
    return position, likeness


def _mean_shape(cuts: Floats) -> Floats:
    """Mean of the beats that look like the median beat; sums to 0, of length 1."""
    cuts = cuts - cuts.mean(axis=1, keepdims=True)
    cuts = cuts / np.maximum(np.linalg.norm(cuts, axis=1, keepdims=True), 1e-12)
    shape = np.median(cuts, axis=0)
    alike = cuts @ shape > ALIKE * np.linalg.norm(shape)
    if alike.any():
        shape = cuts[alike].mean(axis=0)
    shape = shape - shape.mean()
    return np.asarray(shape / max(float(np.linalg.norm(shape)), 1e-12))


def _calmest_mix(landmarks: Floats, linked: Flags, likeness: Floats) -> Floats:
    """Weighted mean of the landmarks, shape (beats, 3), that makes successive intervals differ least.

    The weights sum to 1 and none is negative, so a change of the heart, which moves all landmarks, stays
    whole.
    """
    centred = landmarks - np.median(landmarks - landmarks[:, :1], axis=0)
    change = np.diff(centred, n=2, axis=0)
    usable = linked[1:] & linked[:-1] & (np.lib.stride_tricks.sliding_window_view(likeness, 3).min(1) > ALIKE)
    if usable.sum() < FEWEST_FOR_MIX:
        return np.asarray(centred.mean(axis=1))
    change = change[usable]
    size = np.abs(change).mean(axis=1)
    change = change[size <= 5.0 * np.median(size)]
    covariance = change.T @ change / len(change)
    own = np.diag(covariance).mean() - covariance.mean()
    covariance = covariance + MIX_RIDGE * max(float(own), 1e-9) * np.eye(3)
    chosen = [0, 1, 2]
    while True:
        weights = np.linalg.solve(covariance[np.ix_(chosen, chosen)], np.ones(len(chosen)))
        weights /= weights.sum()
        if (weights >= 0).all():
            return np.asarray(centred[:, chosen] @ weights)
        chosen = [place for place, weight in zip(chosen, weights, strict=True) if weight > 0]
