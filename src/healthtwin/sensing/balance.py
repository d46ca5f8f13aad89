"""Balance: how much a body sways that stands still, with a phone held at the chest.

Acceleration across gravity, up to 3.5 Hz (Mancini et al., J Neuroeng Rehabil 2012: ISway): its root mean
square, the length of its path in a second, and the area of the ellipse that holds 95 % of it. As a phone at
the chest leans, gravity leaks into the horizontal; leaning and swaying are not told apart, as in the
publications.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import Said
from healthtwin.sensing.measurement import Measurement, Refusal
from healthtwin.sensing.motion_axes import Motion, band, refusal_for_the_sensor
from healthtwin.sensing.posture import posture_of
from healthtwin.sensing.signal_checks import refuse_all

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

METRICS: Final = ("sway_rms", "sway_path", "sway_area")

LEAST_RATE_HZ: Final = 15.0
"""Four samples in a period of the fastest sway."""

LEAST_S: Final = 15.0
"""Half of the usual 30 s: sway is slow (most of it below 1 Hz)."""

FASTEST_HZ: Final = 3.5

CHI_SQUARE_95: Final = 5.991
"""95 % of a two-dimensional normal distribution lies within this squared distance."""

NOT_STANDING_M_S2: Final = 0.8
"""Root mean square from which on it was a step or a fall, not sway; the least steady patients reach 0.5."""

LEAST_SWAY_M_S2: Final = 0.015
"""Nobody stands that still (the steadiest sway by 0.02 and more): the phone lies on something."""

LEAST_LEVELS: Final = 4
"""Different values on the axis that moved most: with fewer, the sensor's rounding is all there is to see."""


def balance(motion: Motion) -> Measurement:
    """Sway over the recording, without its first and last second (the tap on the screen).

    Returns:
        ``sway_rms`` (m/s²), ``sway_path`` (m/s³: metres per second squared of way in a second), ``sway_area``
        (m²/s⁴).
    """
    refusal = refusal_for_the_sensor(motion, LEAST_RATE_HZ, LEAST_S)
    if refusal is None and posture_of(motion) == "lying":
        refusal = _LYING
    if refusal is None and _levels(motion) < LEAST_LEVELS:
        refusal = _TOO_FINE
    if refusal is not None:
        return refuse_all(METRICS, refusal, motion.recorded_s)
    across = _across_gravity(motion)
    rms = float(np.sqrt((across**2).sum(axis=1).mean()))
    if rms < LEAST_SWAY_M_S2:
        return refuse_all(METRICS, _NOT_HELD, motion.recorded_s)
    if rms > NOT_STANDING_M_S2:
        return refuse_all(METRICS, _MOVED, motion.recorded_s)
    steps = np.linalg.norm(np.diff(across, axis=0), axis=1)
    area = np.pi * CHI_SQUARE_95 * np.sqrt(max(0.0, float(np.linalg.det(np.cov(across.T)))))
    return Measurement(
        {
            "sway_rms": round(rms, 4),
            "sway_path": round(float(steps.sum()) * motion.rate_hz / len(steps), 4),
            "sway_area": round(float(area), 5),
        },
        {},
        quality=round(1 - rms / NOT_STANDING_M_S2, 3),
        duration_s=motion.recorded_s,
        details={"used_s": round(len(across) / motion.rate_hz, 1)},
    )


_TOO_FINE: Final = Refusal(
    "too_fine",
    Said.of("refusal-too-fine"),
)

_LYING: Final = Refusal("lying", Said.of("refusal-lying"))

_NOT_HELD: Final = Refusal("not_held", Said.of("refusal-not-held"))

_MOVED: Final = Refusal("moved", Said.of("refusal-more-than-sway"))


def _across_gravity(motion: Motion) -> Floats:
    plane = np.linalg.svd(motion.gravity[None, :])[2][1:]
    edge = int(motion.rate_hz)
    slow = band(motion.acceleration @ plane.T, motion.rate_hz, None, FASTEST_HZ)[edge:-edge]
    return np.asarray(slow - slow.mean(axis=0))


def _levels(motion: Motion) -> int:
    return max(len(np.unique(np.round(motion.whole.columns[name], 6))) for name in ("ax", "ay", "az"))
