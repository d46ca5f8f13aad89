"""How far a value must lie from the usual before it can be called unusual, for many people at once.

Two measures must agree. The person's own spread says what is rare for them; the meter's error
(`domain.Meter`) says what the meter may have done alone. A new watch that reads 5 /min more than the old one
is many spreads of a steady heart away and means nothing.

Arrays have the shape `(people, metrics)`, or `(metrics,)` for one person; columns follow `domain.LEARNED`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain.metrics import BASELINES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

USUAL: Final = 2.0
"""Half-width of the usual range in spreads: about 95 of 100 ordinary readings fall inside."""

TWO_METERS: Final = 1.4142135623730951
"""√2: the usual was learned with an error of the same size as the new reading's, so their difference may be
off by this much more. A shift beyond it is no meter's doing; it may be worth more than information."""

LASTING: Final = np.array([baseline.meter.lasting for baseline in BASELINES])
ONCE: Final = np.array([baseline.meter.once for baseline in BASELINES])
LASTS_S: Final = np.array([baseline.meter.lasts_h * 3600.0 for baseline in BASELINES])
_RELATIVE: Final = np.array([baseline.meter.relative for baseline in BASELINES])


def least_shift(center: Floats, shift: Floats = LASTING) -> Floats:
    """A shift of `domain.Meter` (`LASTING` or `ONCE`) in each metric's unit, for people of this `center`.

    >>> from healthtwin.domain.arrays import COLUMN
    >>> usual = np.full(len(LASTING), 40.0)
    >>> float(least_shift(usual)[COLUMN["heart_rate"]]), float(least_shift(usual)[COLUMN["hrv_rmssd"]])
    (5.0, 10.0)
    """
    return np.where(_RELATIVE, shift * np.abs(center), shift)


def outside(value: Floats, center: Floats, z: Floats) -> Flags:
    """Where a value lies outside the usual range: beyond both the person's spreads and the meter's error.

    What is not known or not measured (NaN) is not outside.
    """
    beyond: Flags = (np.abs(z) > USUAL) & (np.abs(value - center) > least_shift(center))
    return beyond
