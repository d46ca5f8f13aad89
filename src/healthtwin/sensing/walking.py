"""Steps, and the walks they belong to, from the vertical acceleration of a phone or sensor near the trunk.

A step is a peak of the vertical acceleration between 0.6 and 3 Hz. Steps that follow each other closely make
a walk; single movements do not. How well that fares is what `healthtwin evaluate sensing` says of mobgap_lab.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.signal import find_peaks

from healthtwin.sensing.motion_axes import Motion, band, vertical

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SLOWEST_STEP_HZ: Final = 0.6
FASTEST_STEP_HZ: Final = 2.5
"""36 to 150 steps a minute pass unweakened; running at 180 is weakened to a third and still ten times as
strong as a step need be."""

LEAST_STEP_S: Final = 0.3
"""Two peaks closer than this are one step."""

MOST_ODD: Final = 0.4
"""A stride further than this share from the walk's median has a step too few (1.5) or too many (0.75 and
less)."""


@dataclass(frozen=True, slots=True)
class StepSettings:
    """What makes peaks steps, and steps a walk.

    Attributes:
        prominence_m_s2: how far a peak must stand out of its surroundings; a shuffling step makes about 1.
        fastest_hz: upper end of the band of steps.
        longest_step_s: a longer pause ends the walk. Half of the 3-s break within a walking bout on which the
            Mobilise-D consortium agreed (Kluge et al., J Med Internet Res 2021), since a break holds two
            steps.
        least_steps: fewer in a row are moving about, not walking.
    """

    prominence_m_s2: float = 0.7
    fastest_hz: float = FASTEST_STEP_HZ
    longest_step_s: float = 1.5
    least_steps: int = 7


DEFAULT_STEPS: Final = StepSettings()


@dataclass(frozen=True, slots=True)
class Walk:
    """One walk without a pause.

    Attributes:
        steps_s: shape (n,), when each step came, seconds after the start of the motion.
    """

    steps_s: Floats

    @property
    def duration_s(self) -> float:
        """From the first step to the last."""
        return float(self.steps_s[-1] - self.steps_s[0])

    @property
    def strides_s(self) -> Floats:
        """Shape (n - 2,): from each step to the next of the same foot; strides overlap by a step."""
        return np.asarray(self.steps_s[2:] - self.steps_s[:-2])

    @property
    def whole_strides_s(self) -> Floats:
        """Those strides in which no step was missed or counted twice, shape (m,)."""
        strides = self.strides_s
        middle = float(np.median(strides))
        return np.asarray(strides[np.abs(strides / middle - 1) <= MOST_ODD])

    @property
    def cadence_per_min(self) -> float:
        """Mean over the whole strides of the steps a minute that each would make.

        The definition of the INDIP reference; a hesitation weighs less than in steps divided by time.
        """
        return float((120 / self.whole_strides_s).mean())


def walks_in(motion: Motion, settings: StepSettings = DEFAULT_STEPS) -> list[Walk]:
    """The walks of a recording, in order."""
    bounce = band(vertical(motion), motion.rate_hz, SLOWEST_STEP_HZ, settings.fastest_hz)
    peaks, _ = find_peaks(
        bounce,
        prominence=settings.prominence_m_s2,
        distance=max(1, int(LEAST_STEP_S * motion.rate_hz)),
    )
    steps = peaks / motion.rate_hz
    breaks = np.flatnonzero(np.diff(steps) > settings.longest_step_s) + 1
    return [Walk(run) for run in np.split(steps, breaks) if len(run) >= settings.least_steps]
