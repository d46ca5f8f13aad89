"""Level, slope and variability that forget: regressions over several memories, one reading at a time.

For every series and memory six sums are kept, of weight, time, value and their products, with time counted
from the latest reading of the series. A new reading moves the origin, lets the old weights fade and adds its
own: the work and the room are the same for the thousandth reading as for the second, and no reading is kept.

A reading weighs as long as it stood alone, up to an hour: sixty within an hour weigh like one an hour, so
that what was learned from hourly charts can be asked of a phone that measures every five minutes.

Fading. ``exp(-t / memory)`` is not rounded the same in scalar and vector code, and a batch of one must give
the bytes that a batch of a thousand gives. ``(1 + t / (8 * memory)) ** -8`` is: three squarings and one
division, which IEEE 754 rounds correctly. Up to one memory it differs from the exponential by less than 0.03;
beyond, it forgets a little later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

MEMORIES_H: Final = (0.25, 1.0, 3.0, 12.0)
"""Hours: from what a phone sees within a quarter of an hour to the half day that hourly charts tell of."""

SUMS: Final = 6
"""Of weight, time, time squared, value, time times value, value squared."""

LONGEST_WEIGHT_H: Final = 1.0
"""One reading stands for at most the hour around it."""

LEAST_WEIGHT: Final = 0.01
"""Below this, a minute of readings long ago or less, a memory is empty and says nothing."""

SLOPE_PRIOR: Final = 0.3
"""Times the memory: spread of times that a slope needs to be believed by half. Two readings close together
would otherwise give slopes made of noise."""

_MEMORIES: Final = np.array(MEMORIES_H)
_RIDGE: Final = (SLOPE_PRIOR * _MEMORIES) ** 2


@dataclass(frozen=True, slots=True, eq=False)
class Faded:
    """What the sums say now; every array has shape (people, series, memories), NaN where memory is empty.

    Attributes:
        weight: hours of readings remembered.
        level: mean of the values, in the unit they were given in.
        slope: change per hour, drawn to 0 where the readings stand too close to tell.
        spread: standard deviation around the level.
    """

    weight: Floats
    level: Floats
    slope: Floats
    spread: Floats


def fading(elapsed_h: Floats, memory_h: Floats | float) -> Floats:
    """Share that remains after a time, 1 at once and 0 after for ever.

    >>> fading(np.array([0.0, 1.0, np.inf]), 1.0).round(3).tolist()
    [1.0, 0.39, 0.0]
    """
    base = 1.0 + elapsed_h / (8.0 * memory_h)
    squared = base * base
    fourth = squared * squared
    return 1.0 / (fourth * fourth)


def weight_of(elapsed_h: Floats) -> Floats:
    """What one reading weighs, in hours, by how long after the one before it came; the first weighs one."""
    return np.minimum(elapsed_h, LONGEST_WEIGHT_H)


def shifted(sums: Floats, elapsed_h: Floats) -> Floats:
    """The sums as seen this much later: moved to the new origin of time, and faded.

    Args:
        sums: shape (people, SUMS, series, memories). elapsed_h: shape (people, series), finite.
    """
    later = elapsed_h[:, :, None]
    weight, time, time2, value, time_value, value2 = (sums[:, i] for i in range(SUMS))
    kept = fading(later, _MEMORIES)
    moved = np.empty_like(sums)
    moved[:, 0] = weight * kept
    moved[:, 1] = (time - later * weight) * kept
    moved[:, 2] = (time2 - 2.0 * later * time + later * later * weight) * kept
    moved[:, 3] = value * kept
    moved[:, 4] = (time_value - later * value) * kept
    moved[:, 5] = value2 * kept
    return moved


def add_reading(sums: Floats, value: Floats, weight: Floats, seen: Flags) -> None:
    """Add one reading at the origin of time, in place; `value`, `weight` and `seen` (people, series)."""
    added = np.where(seen, weight, 0.0)
    known = added * np.where(seen, value, 0.0)
    sums[:, 0] += added[:, :, None]
    sums[:, 3] += known[:, :, None]
    sums[:, 5] += (known * np.where(seen, value, 0.0))[:, :, None]


def read(sums: Floats) -> Faded:
    """Level, slope and spread from the sums, shape (people, SUMS, series, memories)."""
    weight, time, time2, value, time_value, value2 = (sums[:, i] for i in range(SUMS))
    held = np.where(weight >= LEAST_WEIGHT, weight, np.nan)
    level, mean_time = value / held, time / held
    apart = np.maximum(time2 / held - mean_time * mean_time, 0.0)
    together = time_value / held - mean_time * level
    return Faded(
        weight=weight,
        level=level,
        slope=together / (apart + _RIDGE),
        spread=np.sqrt(np.maximum(value2 / held - level * level, 0.0)),
    )
