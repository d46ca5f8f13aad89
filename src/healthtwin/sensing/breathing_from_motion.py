"""Breathing rate from a phone that lies on the chest.

A breath turns the phone by a degree or so: gravity shifts between its axes by g·sin(1°) = 0.17 m/s², and the
gyroscope sees 1–2 °/s. Browsers round the accelerometer to 0.1 m/s², about what there is to be seen; but
heart beats and the sensor's own noise carry the value back and forth over the rounding step, so that the mean
of many samples still follows the breath (dithering: Lipshitz, Wannamaker, Vanderkooy, J. Audio Eng. Soc.
1992).

1. All channels speak one language: the turn in radians, from the gyroscope by integration, from each
   accelerometer axis through gravity.
2. Each channel's power in the breathing band is weighed against its own noise and added up (spectral
   accumulation): the strongest frequency is the candidate.
3. The direction in which the channels move together at that frequency (first principal axis) gives one
   waveform; its phase, followed over the recording, counts the breaths. Breaths need not be equally long.
4. Both must agree, stand out of the noise, and hold most of the movement. Otherwise: refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.signal import hilbert

from healthtwin.domain import Said
from healthtwin.sensing.measurement import Measurement, Refusal
from healthtwin.sensing.motion_axes import STANDARD_GRAVITY, Motion, band, refusal_for_the_sensor
from healthtwin.sensing.posture import posture_of
from healthtwin.sensing.signal_checks import refuse_all

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

METRIC: Final = "respiratory_rate"

LEAST_RATE_HZ: Final = 10.0
"""Breathing is slow, but averaging over the rounding steps needs many samples."""

LEAST_STILL_S: Final = 25.0
"""Four breaths at 10 a minute: fewer do not make a rate. The screen asks for 60 s."""

SLOWEST_HZ: Final = 5 / 60
FASTEST_HZ: Final = 45 / 60
"""5 to 45 breaths a minute. Outside, sway and heart beat cannot be told from breathing by a phone."""

WORK_RATE_HZ: Final = 8.0
"""Samples per second after averaging: ten times the fastest breathing."""

MOVING_M_S2: Final = 0.6
"""Root mean square of the acceleration above 0.9 Hz over 2 s from which on a body moves. Heart beats on a
chest make 0.02–0.15, a slow step 0.5 and more; speaking and coughing lie between and spoil only their
seconds."""

SMOOTH_HZ: Final = 2.5
"""Averaging before thinning: three times the fastest breathing, well below half of `WORK_RATE_HZ`."""

STILL_WINDOW_S: Final = 2.0

LEAST_PROMINENCE: Final = 7.0
"""Candidate against the noise, in accumulated power. Of 300 recordings of a phone on a table (half rounded,
half without gyroscope) none was answered."""

LEAST_SHARE: Final = 0.6
"""Of the movement in the breathing band, how much the breaths (with one overtone) must explain. Planted
breathing shows 0.73 and more, a phone that slowly slides or sways 0.55 at most."""

MOST_UNEVEN: Final = 0.22
"""Coefficient of variation of the breaths' lengths. At rest it is 0.1 to 0.2; a hand's random swinging shows
more."""

MOST_DISAGREEMENT: Final = 0.15
"""Between the strongest frequency and the breaths counted, as a share; breath-to-breath variation shifts them
apart by a few percent."""

LEAST_BREATHS: Final = 4.0

SHALLOW: Final = 0.3
LEAST_LASTING: Final = 0.8
"""A movement shallower than three tenths of the deep ones for more than a fifth of the time is not one
breathing
that lasts: it paused, or two rates followed each other, and a mean would be true of neither."""

BREATH_WIDTH: Final = 0.25
"""How far breaths of unequal length spread around their frequency, as a share of it."""

TYPICAL_HZ: Final = 0.25
"""15 a minute: where the two sensors are compared."""


@dataclass(frozen=True, slots=True)
class _Turns:
    """Turns of the phone over the still stretch, at `WORK_RATE_HZ`.

    Attributes:
        tilt: shape (n, 2), radians, from the accelerometer across gravity.
        tilt_noise: rad²/Hz, flat.
        speed: shape (n, 3), rad/s, from the gyroscope; (n, 0) without one.
        speed_noise: (rad/s)²/Hz, flat.
    """

    tilt: Floats
    tilt_noise: float
    speed: Floats
    speed_noise: float


@dataclass(frozen=True, slots=True)
class _Candidate:
    frequency_hz: float
    prominence: float
    share: float


_NO_BREATHING: Final = Refusal(
    "no_breathing",
    Said.of("refusal-no-breathing"),
)

_IRREGULAR: Final = Refusal("irregular", Said.of("refusal-irregular"))


def breathing_from_motion(motion: Motion) -> Measurement:
    """Breaths per minute over the longest still stretch.

    Returns:
        ``respiratory_rate``, with ``breaths_ms`` (one instant for each breath, always the same moment of it,
        on the sender's clock), ``still_s`` and ``posture`` in the details.
    """
    refusal = refusal_for_the_sensor(motion, LEAST_RATE_HZ, LEAST_STILL_S)
    if refusal is not None:
        return refuse_all([METRIC], refusal, motion.recorded_s)
    still = _longest_still(motion)
    still_s = (still.stop - still.start) / motion.rate_hz
    if still_s < LEAST_STILL_S:
        return refuse_all([METRIC], _moving(still_s), motion.recorded_s)
    turns = _turns(motion, still)
    candidate = _strongest(turns)
    if candidate.prominence < LEAST_PROMINENCE or candidate.share < LEAST_SHARE:
        return refuse_all([METRIC], _NO_BREATHING, motion.recorded_s)
    rate_hz, instants, lasting = _count(_common_wave(turns, candidate.frequency_hz))
    disagreement = abs(rate_hz / candidate.frequency_hz - 1)
    lasted = lasting >= LEAST_LASTING and rate_hz * still_s >= LEAST_BREATHS
    lengths = np.diff(instants)
    uneven = float(lengths.std() / lengths.mean()) if len(lengths) > 1 else 0.0
    if disagreement > MOST_DISAGREEMENT or uneven > MOST_UNEVEN or not lasted:
        return refuse_all([METRIC], _IRREGULAR, motion.recorded_s)
    start_ms = motion.start_ms + 1000 * still.start / motion.rate_hz
    return Measurement(
        {METRIC: round(60 * rate_hz, 2)},
        {},
        quality=round(candidate.share * (1 - disagreement / MOST_DISAGREEMENT / 2), 3),
        duration_s=motion.recorded_s,
        details={
            "breaths_ms": [round(start_ms + 1000 * at) for at in instants],
            "still_s": round(still_s, 1),
            "posture": posture_of(motion),
        },
    )


def _moving(still_s: float) -> Refusal:
    return Refusal(
        "moving",
        Said.of("refusal-moving", still_s=round(still_s, 1), needed_s=LEAST_STILL_S),
    )


def _longest_still(motion: Motion) -> slice:
    fast = band(motion.acceleration, motion.rate_hz, 0.9, None)
    window = max(1, int(STILL_WINDOW_S * motion.rate_hz))
    power = np.convolve((fast**2).sum(axis=1), np.ones(window) / window, "same")
    moving = np.concatenate([[True], np.sqrt(power) > MOVING_M_S2, [True]])
    edges = np.flatnonzero(np.diff(moving))
    if len(edges) == 0:
        return slice(0, 0)
    starts, ends = edges[::2], edges[1::2]
    at = int((ends - starts).argmax())
    return slice(int(starts[at]), int(ends[at]))


def _turns(motion: Motion, still: slice) -> _Turns:
    gravity = motion.acceleration[still].mean(axis=0)
    # Along gravity a turn shows only in second order; what is seen there is heart beat and noise.
    across = np.linalg.svd(gravity[None, :])[2][1:]
    tilt = _averaged(motion.acceleration[still] @ across.T / STANDARD_GRAVITY, motion.rate_hz)
    if motion.rotation is None:
        speed = np.zeros((len(tilt), 0))
    else:
        speed = _averaged(np.radians(motion.rotation[still]), motion.rate_hz)
    return _Turns(tilt, _noise(tilt), speed, _noise(speed))


def _averaged(values: Floats, rate_hz: float) -> Floats:
    """At `WORK_RATE_HZ` with everything faster averaged away, and a slow drift (quadratic) taken out."""
    smooth = band(values, rate_hz, None, SMOOTH_HZ)
    at = np.arange(0, len(values) - 1, rate_hz / WORK_RATE_HZ)
    before = at.astype(np.intp)
    share = (at - before)[:, None]
    slow = (1 - share) * smooth[before] + share * smooth[before + 1]
    time = np.linspace(-1, 1, len(slow))
    powers = np.vander(time, 3)
    return np.asarray(slow - powers @ np.linalg.lstsq(powers, slow, rcond=None)[0])


_TRANSFORM: Final = 4096
"""Length of the transform at `WORK_RATE_HZ`: steps of 0.002 Hz, finer than a minute's recording resolves, so
that a peak is found between its cells. A still stretch of more than 8 min is cut there."""

_CELLS: Final = slice(20, 1000)
_GRID_HZ: Final = np.arange(20, 1000) * WORK_RATE_HZ / _TRANSFORM
"""Frequencies looked at: 0.04 to 1.95 Hz."""


def _spectrum(values: Floats) -> Floats:
    """Density over `_GRID_HZ`, Hann window, shape (frequencies, channels)."""
    values = values[:_TRANSFORM]
    window = np.hanning(len(values))
    transform = np.fft.rfft(values * window[:, None], _TRANSFORM, axis=0)[_CELLS]
    return np.asarray(2 * np.abs(transform) ** 2 / (WORK_RATE_HZ * (window**2).sum()))


def _noise(values: Floats) -> float:
    """Density of what is no breath: the median over the grid, mean over the channels."""
    if values.shape[1] == 0:
        return 0.0
    # The median of an exponential distribution is ln 2 of its mean.
    return float(np.median(_spectrum(values), axis=0).mean() / np.log(2)) + 1e-18


def _strongest(turns: _Turns) -> _Candidate:
    """The frequency at which the phone turned most, if it stands out of the noise."""
    power, noise = _accumulated(turns)
    inside = (_GRID_HZ >= SLOWEST_HZ) & (_GRID_HZ <= FASTEST_HZ)
    stands_out = inside & (power >= LEAST_PROMINENCE * noise)
    if not stands_out.any():
        return _Candidate(float(_GRID_HZ[inside][power[inside].argmax()]), 0.0, 0.0)
    at = int(np.where(stands_out, power, 0.0).argmax())
    frequency = float(_GRID_HZ[at])
    breath = np.zeros(len(_GRID_HZ), bool)
    for overtone in (1, 2):
        breath |= np.abs(_GRID_HZ - overtone * frequency) <= BREATH_WIDTH * overtone * frequency
    wide = (_GRID_HZ >= 0.8 * SLOWEST_HZ) & (_GRID_HZ <= 1.3 * FASTEST_HZ)
    share = float(power[breath & wide].sum() / power[wide].sum())
    return _Candidate(frequency, float(power[at] / noise[at]), share)


def _accumulated(turns: _Turns) -> tuple[Floats, Floats]:
    """Power of the turn over `_GRID_HZ`, each sensor weighed by its noise, and the noise in it."""
    tilt_weight, speed_weight = _weights(turns)
    power = tilt_weight * _spectrum(turns.tilt).sum(axis=1)
    noise = tilt_weight * turns.tilt_noise * np.full(len(_GRID_HZ), turns.tilt.shape[1])
    if turns.speed.shape[1]:
        integrated = (2 * np.pi * _GRID_HZ) ** 2
        power = power + speed_weight * _spectrum(turns.speed).sum(axis=1) / integrated
        noise = noise + speed_weight * turns.speed_noise * turns.speed.shape[1] / integrated
    return power, noise


def _weights(turns: _Turns) -> tuple[float, float]:
    """One over each sensor's noise at `TYPICAL_HZ`, as turn."""
    tilt = 1 / turns.tilt_noise
    if not turns.speed.shape[1]:
        return tilt, 0.0
    return tilt, (2 * np.pi * TYPICAL_HZ) ** 2 / turns.speed_noise


def _common_wave(turns: _Turns, frequency_hz: float) -> Floats:
    """The one movement that all channels share near a frequency, shape (n,): first principal axis."""
    tilt_weight, speed_weight = _weights(turns)
    angle = np.cumsum(turns.speed, axis=0) / WORK_RATE_HZ
    table = np.concatenate([np.sqrt(tilt_weight) * turns.tilt, np.sqrt(speed_weight) * angle], axis=1)
    near = band(table, WORK_RATE_HZ, 0.5 * frequency_hz, 1.7 * frequency_hz)
    direction = np.linalg.svd(near, full_matrices=False)[2][0]
    return np.asarray(near @ direction)


def _count(wave: Floats) -> tuple[float, list[float], float]:
    """Mean frequency by following the phase, seconds of each whole breath, and share of time it lasted."""
    turning = hilbert(wave)
    phase = np.unwrap(np.angle(turning))
    depth = np.abs(turning)
    lasting = float((depth >= SHALLOW * np.percentile(depth, 75)).mean())
    edge = int(WORK_RATE_HZ)  # the first and last second carry the filter's edges
    inner = phase[edge:-edge]
    rate_hz = float((inner[-1] - inner[0]) / (2 * np.pi) * WORK_RATE_HZ / (len(inner) - 1))
    done = np.maximum.accumulate(inner) / (2 * np.pi)
    whole = np.arange(np.ceil(done[0]), np.floor(done[-1]) + 1)
    instants = (np.interp(whole, done, np.arange(len(done))) + edge) / WORK_RATE_HZ
    return rate_hz, instants.tolist(), lasting
