"""Tremor: the frequency at which a hand shakes between 3 and 12 Hz, and how strongly.

The powers of the three axes are added, so that neither how the phone is held nor the direction of the tremor
matters. Method: Welch's averaged periodogram for whether there is a tremor at all, the periodogram of the
whole recording for its exact frequency (Edwards & Beuter, Sensors 2000; Elble & Ondo, Parkinsonism Relat
Disord 2022).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from scipy.signal import welch

from healthtwin.domain import Said
from healthtwin.sensing.measurement import Measurement, Refusal
from healthtwin.sensing.motion_axes import Motion, band, refusal_for_the_sensor
from healthtwin.sensing.signal_checks import refuse_all

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Position = Literal["rest", "posture"]

METRICS_OF: Final[dict[Position, tuple[str, str]]] = {
    "rest": ("tremor_frequency", "tremor_amplitude"),
    "posture": ("postural_tremor_frequency", "postural_tremor_amplitude"),
}
"""A hand that lies in the lap (rest) and one held out (posture) tremble for different reasons."""

LOWEST_HZ: Final = 3.0
HIGHEST_HZ: Final = 12.0
"""Slower is movement on purpose; faster needs sensors that browsers do not give."""

LEAST_RATE_HZ: Final = 30.0
"""2.5 samples in a period of the fastest tremor."""

LEAST_S: Final = 8.0
"""Eight half-overlapping pieces of 2 s: with fewer, noise alone makes peaks."""

PIECE_S: Final = 2.0

BACKGROUND_HZ: Final = (2.0, 15.0)
"""A little wider than tremor, so that the median is taken beside it."""

LEAST_PROMINENCE: Final = 6.0
"""Peak of the averaged power against the median over `BACKGROUND_HZ`. Noise alone stays below 3."""

LEAST_AMPLITUDE_M_S2: Final = 0.03
"""A third of the browser's rounding step: what is smaller can be an artefact of rounding."""

WIDTH_HZ: Final = 1.0
"""A tremor strays around its frequency by less than this (half-width at which its power is added)."""

OVERTONE_SHARE: Final = 1 / 16
"""Accelerations grow with the square of the frequency, so that an overtone can be stronger than its tone.
Half the frequency is the tremor where its movement is the larger: power (1/2)⁴ = 1/16 of the overtone's."""

VOLUNTARY_M_S2: Final = 2.5
"""Root mean square below 2.5 Hz, gravity's share of turning the phone included: above, the hand was moved."""

STEPPING_HZ: Final = (0.8, 2.7)
STEPPING_M_S2: Final = 0.5
"""A movement that repeats as steps do, stronger than this and than the tremor, brings overtones between 3 and
12 Hz that are no tremor."""


def tremor(motion: Motion, position: Position) -> Measurement:
    """Frequency (Hz) and amplitude (m/s²) of a trembling hand.

    The amplitude is the peak of the acceleration: root mean square × √2.

    Returns:
        The two metrics of the position in `METRICS_OF`; ``band_m_s2`` in the details is the amplitude of
        everything between 3 and 12 Hz, also where no tremor stood out. ``prominence`` is peak over
        background.
    """
    metrics = METRICS_OF[position]
    refusal = refusal_for_the_sensor(motion, LEAST_RATE_HZ, LEAST_S)
    if refusal is not None:
        return refuse_all(metrics, refusal, motion.recorded_s)
    slow = band(motion.acceleration, motion.rate_hz, None, 2.5)
    if float(np.sqrt(slow.var(axis=0).sum())) > VOLUNTARY_M_S2:
        return refuse_all(metrics, _MOVED, motion.recorded_s)
    shaking = band(motion.acceleration, motion.rate_hz, LOWEST_HZ / 2, None)
    grid, power = _averaged_power(shaking, motion.rate_hz)
    inside = (grid >= LOWEST_HZ) & (grid <= HIGHEST_HZ)
    background = float(np.median(power[_background(grid)])) + 1e-18
    at = _tone(grid, power, inside, LEAST_PROMINENCE * background)
    step = grid[1] - grid[0]
    all_of_it = float(np.sqrt(2 * power[inside].sum() * step))
    details = {"band_m_s2": round(all_of_it, 4), "prominence": round(float(power[at]) / background, 1)}
    amplitude = float(np.sqrt(2 * power[np.abs(grid - grid[at]) <= WIDTH_HZ].sum() * step))
    if power[at] < LEAST_PROMINENCE * background or amplitude < LEAST_AMPLITUDE_M_S2:
        answer = refuse_all(metrics, _NO_TREMOR, motion.recorded_s)
        return Measurement({}, answer.refused, 0.0, motion.recorded_s, details)
    stepping = float(np.sqrt(2 * band(motion.acceleration, motion.rate_hz, *STEPPING_HZ).var(axis=0).sum()))
    if stepping > max(STEPPING_M_S2, amplitude):
        return refuse_all(metrics, _MOVED, motion.recorded_s)
    frequency = _exact_frequency(shaking, motion.rate_hz, float(grid[at]))
    near = np.abs(grid - grid[at]) <= WIDTH_HZ
    quality = float(power[near].sum() / power[_background(grid)].sum())
    return Measurement(
        dict(zip(metrics, (round(frequency, 3), round(amplitude, 4)), strict=True)),
        {},
        quality=round(min(1.0, quality), 3),
        duration_s=motion.recorded_s,
        details=details,
    )


_MOVED: Final = Refusal("moved", Said.of("refusal-hand-moved"))

_NO_TREMOR: Final = Refusal("no_tremor", Said.of("refusal-no-tremor"))


def _averaged_power(shaking: Floats, rate_hz: float) -> tuple[Floats, Floats]:
    piece = min(len(shaking), int(PIECE_S * rate_hz))
    grid, power = welch(shaking, rate_hz, nperseg=piece, nfft=4 * piece, axis=0, detrend="constant")
    return np.asarray(grid), np.asarray(power.sum(axis=1))


def _background(grid: Floats) -> NDArray[np.bool_]:
    return np.asarray((grid >= BACKGROUND_HZ[0]) & (grid <= BACKGROUND_HZ[1]))


def _tone(grid: Floats, power: Floats, inside: NDArray[np.bool_], floor: float) -> int:
    """Index of the strongest peak, or of half its frequency where that moves the hand further."""
    at = int(np.where(inside, power, 0.0).argmax())
    half = np.abs(grid - grid[at] / 2) <= WIDTH_HZ / 4
    if grid[at] / 2 >= LOWEST_HZ and half.any():
        below = int(np.where(half, power, 0.0).argmax())
        if power[below] >= max(OVERTONE_SHARE * power[at], floor):
            return below
    return at


def _exact_frequency(shaking: Floats, rate_hz: float, near_hz: float) -> float:
    """Centre of power around a peak, over the whole recording: a tremor strays from one line."""
    window = np.hanning(len(shaking))
    count = 1 << (4 * len(shaking) - 1).bit_length()
    grid = np.fft.rfftfreq(count, 1 / rate_hz)
    power = (np.abs(np.fft.rfft(shaking * window[:, None], count, axis=0)) ** 2).sum(axis=1)
    around = np.abs(grid - near_hz) <= WIDTH_HZ / 2
    top = power[around].max()
    strong = around & (power >= top / 4)
    return float((grid[strong] * power[strong]).sum() / power[strong].sum())
