"""How much a body moves, on the twin's scale: 0 sedentary, 1 light, 2 active, continuous between and above.

The measure is the mean amplitude deviation of the acceleration's size (MAD: Vähä-Ypyä et al., Clin Physiol
Funct Imaging 2015), which is the same however the phone is turned and needs no calibration of the sensor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.sensing.measurement import Measurement
from healthtwin.sensing.motion_axes import STANDARD_GRAVITY, Motion, refusal_for_the_sensor
from healthtwin.sensing.posture import posture_of
from healthtwin.sensing.signal_checks import refuse_all
from healthtwin.sensing.walking import walks_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

METRICS: Final = ("activity_level", "steps")

LEAST_RATE_HZ: Final = 15.0
"""Steps reach 3 a second, and their first overtone has to be seen."""

LEAST_S: Final = 10.0

EPOCH_S: Final = 5.0
"""As in the publications whose cut-points are used."""

CUT_POINTS_MG: Final = (0.0, 27.0, 91.0, 414.0)
LEVELS: Final = (0.0, 0.5, 1.5, 2.5)
"""Sedentary to light at 27 mg (Aittasalo et al., BMC Sports Sci Med Rehabil 2015), light to moderate at 91 mg
(3 MET) and moderate to vigorous at 414 mg (6 MET; Vähä-Ypyä et al., PLoS ONE 2015). The borders lie half-way
between the words of `healthtwin.domain.ACTIVITY_WORDS`; above 414 mg the last slope goes on."""


def activity(motion: Motion) -> Measurement:
    """Activity level and steps over the recording.

    Returns:
        ``activity_level`` and ``steps``; in the details ``mad_mg`` (mean over the epochs), ``walked_s`` and
        ``posture``.
    """
    refusal = refusal_for_the_sensor(motion, LEAST_RATE_HZ, LEAST_S)
    if refusal is not None:
        return refuse_all(METRICS, refusal, motion.recorded_s)
    deviation = float(mean_amplitude_deviation_mg(motion).mean())
    walks = walks_in(motion)
    return Measurement(
        {
            "activity_level": round(level_of(deviation), 3),
            "steps": float(sum(len(walk.steps_s) for walk in walks)),
        },
        {},
        quality=1.0,
        duration_s=motion.recorded_s,
        details={
            "mad_mg": round(deviation, 2),
            "walked_s": round(sum(walk.duration_s for walk in walks), 1),
            "posture": posture_of(motion),
        },
    )


def mean_amplitude_deviation_mg(motion: Motion) -> Floats:
    """Shape (epochs,), thousandths of standard gravity."""
    length = int(EPOCH_S * motion.rate_hz)
    size = motion.size / STANDARD_GRAVITY * 1000
    epochs = size[: len(size) // length * length].reshape(-1, length)
    return np.asarray(np.abs(epochs - epochs.mean(axis=1, keepdims=True)).mean(axis=1))


def level_of(deviation_mg: float) -> float:
    """Mean amplitude deviation on the twin's scale.

    >>> level_of(0.0), level_of(27.0), level_of(91.0), level_of(737.0)
    (0.0, 0.5, 1.5, 3.5)
    """
    beyond = max(0.0, deviation_mg - CUT_POINTS_MG[-1])
    slope = (LEVELS[-1] - LEVELS[-2]) / (CUT_POINTS_MG[-1] - CUT_POINTS_MG[-2])
    return float(np.interp(deviation_mg, CUT_POINTS_MG, LEVELS)) + beyond * slope
