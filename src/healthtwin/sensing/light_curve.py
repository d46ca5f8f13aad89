"""A camera's light as a curve that beats can be found in: even clock, no steps, even height.

Arrays have shape (n,) on one grid of `GRID_HZ`; times in milliseconds, positions in grid steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.ndimage import median_filter, uniform_filter1d
from scipy.signal import butter, sosfilt, sosfilt_zi

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

GRID_HZ: Final = 60.0
"""Twice a phone's frame rate, so that interpolation costs no steepness; faster sensors are thinned to it."""

LONGEST_BRIDGE_MS: Final = 250.0
"""A pause in the frames up to this long is bridged by a straight line: an upstroke lasts about 200 ms, so at
most one landmark of one beat suffers. What lies in a longer pause was not seen."""

STEEP_SHARE: Final = 0.1
STEEPEST: Final = 1.5
"""An upstroke takes about a tenth of a beat; its steepest moment is some 1.5 times the slope that only a
tenth of all moments exceed. A finger that shifts, or a camera that changes its exposure, makes steps far
steeper, which would ring through every filter."""

PIECE_S: Final = 1.75
PIECES_AROUND: Final = 5
"""That slope is the median over five pieces; at 35 beats a minute each still holds an upstroke, and jolts
must fill three pieces before they count as beats."""

EDGE_PERIODS: Final = 3.0
"""Of the lowest frequency; the curve is turned about both ends for so long that a filter settles before
it."""

EVEN_HEIGHT_S: Final = 3.0
"""Height is evened out over a few beats, so that a strong stretch does not outvote a weak one."""


@dataclass(frozen=True, slots=True)
class LightCurve:
    """One channel on the grid.

    Attributes:
        start_ms: time of the first grid point.
        values: shape (n,), steps removed, in the channel's unit.
        seen: shape (n,), False inside a pause of the frames.
    """

    start_ms: float
    values: Floats
    seen: Flags

    def at_ms(self, positions: Floats) -> Floats:
        """Grid positions as times."""
        return self.start_ms + positions * (1000.0 / GRID_HZ)


def light_curve(time_ms: Floats, channel: Floats) -> LightCurve:
    """Put one channel on the grid and take its steps out.

    Args:
        time_ms: shape (frames,), strictly increasing, steps may vary.
        channel: shape (frames,).
    """
    start_ms = float(time_ms[0])
    time_ms = (
        time_ms - start_ms
    )  # a clock that counts from 1970 has no digits left for fractions of a grid step
    grid = np.arange(0.0, time_ms[-1], 1000.0 / GRID_HZ)
    if np.median(np.diff(time_ms)) < 500.0 / GRID_HZ:
        channel = _averaged_to_grid_step(time_ms, channel)
    values = np.interp(grid, time_ms, channel)
    after = np.searchsorted(time_ms, grid, side="right").clip(1, len(time_ms) - 1)
    seen = (time_ms[after] - time_ms[after - 1]) <= LONGEST_BRIDGE_MS
    return LightCurve(start_ms, _without_steps(values), seen)


def band(values: Floats, low_hz: float, high_hz: float) -> Floats:
    """What lies between two frequencies, without delay (Butterworth of second order, run both ways)."""
    sections, settled = _sections(low_hz, high_hz)
    pad = min(len(values) - 1, int(EDGE_PERIODS * GRID_HZ / low_hz))
    before, after = 2.0 * values[0] - values[pad:0:-1], 2.0 * values[-1] - values[-2 : -pad - 2 : -1]
    run = np.concatenate([before, values, after])
    for _ in range(2):  # there and back; scipy's sosfiltfilt would solve for `settled` anew in every call
        run, _ = sosfilt(sections, run, zi=settled * run[0])
        run = run[::-1]
    return np.asarray(run[pad : len(run) - pad])


def even_height(values: Floats) -> Floats:
    """Divided by the local root mean square; silence stays small."""
    power = uniform_filter1d(values**2, int(EVEN_HEIGHT_S * GRID_HZ), mode="nearest")
    return np.asarray(values / np.sqrt(power + 1e-6 * power.max() + 1e-30))


@lru_cache(maxsize=32)
def _sections(low_hz: float, high_hz: float) -> tuple[Floats, Floats]:
    """Filter sections, and the state in which a constant 1 leaves them."""
    sections = butter(2, [low_hz, high_hz], "bandpass", fs=GRID_HZ, output="sos")
    return sections, sosfilt_zi(sections)


def _averaged_to_grid_step(time_ms: Floats, channel: Floats) -> Floats:
    """A running mean as long as a grid step, so that thinning a fast sensor folds no noise into the pulse."""
    frames = max(1, round((1000.0 / GRID_HZ) / float(np.median(np.diff(time_ms)))))
    return np.asarray(uniform_filter1d(channel, frames, mode="nearest"))


def _without_steps(values: Floats) -> Floats:
    slope = np.diff(values, prepend=values[0])
    size = int(PIECE_S * GRID_HZ)
    pieces = max(1, len(slope) // size)
    steep = np.quantile(np.abs(slope[: pieces * size]).reshape(pieces, -1), 1.0 - STEEP_SHARE, axis=1)
    usual = median_filter(steep, PIECES_AROUND, mode="nearest")
    most = STEEPEST * np.interp(np.arange(len(slope)), (np.arange(pieces) + 0.5) * size, usual)
    return np.cumsum(np.clip(slope, -most, most))
