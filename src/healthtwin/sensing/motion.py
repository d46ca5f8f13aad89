"""Measures one recording of a phone's motion: which test asks which detector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

from healthtwin.domain.errors import InvalidInput
from healthtwin.sensing.activity import activity
from healthtwin.sensing.balance import balance
from healthtwin.sensing.breathing_from_motion import breathing_from_motion
from healthtwin.sensing.gait import gait
from healthtwin.sensing.measurement import Measurement
from healthtwin.sensing.motion_axes import Motion, read_motion
from healthtwin.sensing.tremor import tremor

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

MotionTest = Literal["breathing", "tremor_rest", "tremor_posture", "balance", "gait", "activity"]

MOTION_TESTS: Final[tuple[MotionTest, ...]] = get_args(MotionTest)
"""What somebody can be asked to do with the phone."""

_DETECTORS: Final[dict[MotionTest, Callable[[Motion], Measurement]]] = {
    "breathing": breathing_from_motion,
    "tremor_rest": lambda motion: tremor(motion, "rest"),
    "tremor_posture": lambda motion: tremor(motion, "posture"),
    "balance": balance,
    "gait": gait,
    "activity": activity,
}


def measure_motion(
    test: MotionTest,
    time_ms: ArrayLike,
    ax: ArrayLike,
    ay: ArrayLike,
    az: ArrayLike,
    gx: ArrayLike | None = None,
    gy: ArrayLike | None = None,
    gz: ArrayLike | None = None,
) -> Measurement:
    """One test on one recording.

    Args:
        test: what the person was asked to do: ``breathing`` (phone on the chest), ``tremor_rest`` (hand in
            the lap), ``tremor_posture`` (arm held out), ``balance`` (standing), ``gait`` (walking),
            ``activity``.
        time_ms: shape (n,), strictly increasing, from any start.
        ax, ay, az: shape (n,), m/s² with gravity (`accelerationIncludingGravity` of a browser).
        gx, gy, gz: shape (n,), °/s; all three or none.

    Raises:
        InvalidInput: for what is no such recording; what is one but cannot carry the test is refused instead.
    """
    if test not in MOTION_TESTS:
        raise InvalidInput("test", test, "one of " + ", ".join(MOTION_TESTS))
    return _DETECTORS[test](read_motion(time_ms, (ax, ay, az), (gx, gy, gz)))


UNASKED: Final[tuple[MotionTest, ...]] = ("breathing", "tremor_rest", "balance", "gait", "activity")
"""What can be tried on a recording of which nothing is known; whether an arm was held out cannot be seen."""


def measure_any_motion(
    time_ms: ArrayLike,
    ax: ArrayLike,
    ay: ArrayLike,
    az: ArrayLike,
    gx: ArrayLike | None = None,
    gy: ArrayLike | None = None,
    gz: ArrayLike | None = None,
) -> Measurement:
    """Every test of `UNASKED` on one recording: what it carries, and for the rest why not.

    Args:
        time_ms, ax, ay, az, gx, gy, gz: as `measure_motion`.

    Returns:
        All values and refusals; each test's details under its name. `quality` is that of the least certain
        test that gave a value.

    Raises:
        InvalidInput: as `measure_motion`.
    """
    motion = read_motion(time_ms, (ax, ay, az), (gx, gy, gz))
    found = {test: _DETECTORS[test](motion) for test in UNASKED}
    return Measurement(
        {name: value for answer in found.values() for name, value in answer.values.items()},
        {name: refusal for answer in found.values() for name, refusal in answer.refused.items()},
        quality=min((answer.quality for answer in found.values() if answer.values), default=0.0),
        duration_s=motion.recorded_s,
        details={test: dict(answer.details) for test, answer in found.items() if answer.details},
    )
