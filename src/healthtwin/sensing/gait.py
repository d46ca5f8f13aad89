"""Gait: cadence, how alike strides are, how unlike left and right are, how unsteady strides are.

Regularity and asymmetry come from the autocorrelation of the vertical acceleration (Moe-Nilssen & Helbostad,
J Biomech 2004): its value one stride later says how alike strides are, its value one step later how alike a
step is to that of the other foot. Unsteadiness is the coefficient of variation of stride times (Hausdorff, J
Neuroeng Rehabil 2005), computed over single strides, so that a limp does not count as unsteadiness.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import Said
from healthtwin.sensing.measurement import Measurement, Refusal
from healthtwin.sensing.motion_axes import Motion, band, refusal_for_the_sensor, vertical
from healthtwin.sensing.signal_checks import refuse_all
from healthtwin.sensing.walking import Walk, walks_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

METRICS: Final = ("gait_cadence", "gait_regularity", "gait_asymmetry", "gait_unsteadiness")

LEAST_RATE_HZ: Final = 20.0
"""Step times to within 50 ms before interpolation."""

LEAST_S: Final = 8.0

LEAST_STEPS: Final = 16
"""Eight strides: below, regularity and unsteadiness are anecdotes. Cadence is given from the first walk
on."""

HIGHEST_HZ: Final = 8.0
"""Overtones of a step up to the third; above is the phone rattling in its pocket."""

LAG_SLACK: Final = 0.2
"""How far from the mean stride its autocorrelation peak is looked for, as a share."""


def gait(motion: Motion) -> Measurement:
    """How somebody walks, over the walks of a recording.

    Returns:
        ``gait_cadence`` (/min, mean over all walks by strides); from the longest walk, if it has
        `LEAST_STEPS`: ``gait_regularity`` (0 to 1), ``gait_asymmetry`` (%, 0 alike), ``gait_unsteadiness``
        (%). Details: ``walks`` with start, duration, steps and cadence of each.
    """
    refusal = refusal_for_the_sensor(motion, LEAST_RATE_HZ, LEAST_S)
    walks = [] if refusal is not None else walks_in(motion)
    if refusal is None and not walks:
        refusal = _NO_WALK
    if refusal is not None:
        return refuse_all(METRICS, refusal, motion.recorded_s)
    values = {"gait_cadence": round(cadence_of(walks), 2)}
    refused: dict[str, Refusal] = {}
    longest = max(walks, key=lambda walk: len(walk.steps_s))
    quality = min(1.0, len(longest.steps_s) / LEAST_STEPS) / 2
    shape = _shape(motion, longest) if len(longest.steps_s) >= LEAST_STEPS else None
    if shape is None:
        refused = dict.fromkeys(METRICS[1:], _too_few_steps(longest))
    else:
        values.update(zip(METRICS[1:], shape, strict=True))
        quality = 0.5 + shape[0] / 2
    return Measurement(
        values,
        refused,
        quality=round(quality, 3),
        duration_s=motion.recorded_s,
        details={
            "walks": [
                {
                    "start_ms": round(motion.start_ms + 1000 * float(walk.steps_s[0])),
                    "duration_s": round(walk.duration_s, 2),
                    "steps": len(walk.steps_s),
                    "cadence": round(walk.cadence_per_min, 1),
                }
                for walk in walks
            ]
        },
    )


def cadence_of(walks: list[Walk]) -> float:
    """Steps a minute over several walks, each stride weighing the same."""
    return float(np.concatenate([120 / walk.whole_strides_s for walk in walks]).mean())


_NO_WALK: Final = Refusal("no_walk", Said.of("refusal-no-walk"))


def _too_few_steps(walk: Walk) -> Refusal:
    return Refusal(
        "too_few_steps",
        Said.of("refusal-few-steps", steps=len(walk.steps_s), needed_steps=LEAST_STEPS),
    )


def _shape(motion: Motion, walk: Walk) -> tuple[float, float, float] | None:
    """Regularity, asymmetry and unsteadiness; None where strides do not repeat at all."""
    start, end = (int(at * motion.rate_hz) for at in (walk.steps_s[0], walk.steps_s[-1]))
    bounce = band(vertical(motion), motion.rate_hz, 0.4, HIGHEST_HZ)[start:end]
    likeness = _autocorrelation(bounce)
    stride_lag = float(np.median(walk.strides_s)) * motion.rate_hz
    stride = _peak(likeness, stride_lag)
    step = _peak(likeness, stride_lag / 2)
    if stride <= 0:
        return None
    strides = walk.whole_strides_s
    unsteady = 100 * float(strides.std() / strides.mean())
    # Of one step against the next: both feet alike, and a step repeats as well as a stride does.
    unlike = 100 * max(0.0, (stride - step) / stride)
    return round(min(1.0, stride), 4), round(min(200.0, unlike), 2), round(unsteady, 2)


def _autocorrelation(values: Floats) -> Floats:
    """Unbiased, 1 at lag 0."""
    centred = values - values.mean()
    n = len(centred)
    power = np.abs(np.fft.rfft(centred, 2 * n)) ** 2
    raw = np.fft.irfft(power)[:n] / (n - np.arange(n))
    return np.asarray(raw / max(float(raw[0]), 1e-18))


def _peak(likeness: Floats, lag: float) -> float:
    low, high = int(lag * (1 - LAG_SLACK)), int(np.ceil(lag * (1 + LAG_SLACK))) + 1
    return float(likeness[low:high].max())
