"""What makes a stated epsilon wrong: weights, many rows of one patient, noise that drops out, delta.

Each is a function that gives the true figure, or refuses. All speak of adding or removing one unit, without
sampling.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import InvalidInput
from healthtwin.privacy.accountant import Schedule, epsilon_of

if TYPE_CHECKING:
    from collections.abc import Sequence

CAREFUL_SHARE: Final = 0.1
"""Of 1/n: with a larger delta one in ten such promises may hide a whole person's record."""


def weighted_noise(noise_multiplier: float, weights: Sequence[float]) -> float:
    """The noise multiplier that a weighted mean has, when its noise was sized for equal weights.

    A site of 303 patients among 610 moves a mean that is weighted by patients by half of the clip norm, not
    by a third.

    Args:
        noise_multiplier: as stated, for a mean over `len(weights)` equal units.
        weights: of the units, in any scale.

    Raises:
        InvalidInput: a weight is negative or no number, or all are 0.

    >>> round(weighted_noise(3.73, [303, 46, 261]), 2)
    2.5
    """
    for i, weight in enumerate(weights):
        if not (math.isfinite(weight) and weight >= 0):
            raise InvalidInput("weights", weight, "a number from 0 up", index=i)
    total = sum(weights)
    if total == 0:
        raise InvalidInput("weights", list(weights), "at least one above 0")
    largest = max(weights) / total
    return noise_multiplier / (largest * len(weights))


def epsilon_of_many_rows(noise_multiplier: float, rows: int, schedule: Schedule) -> float:
    """Epsilon for a patient with several rows, where each row was clipped by itself.

    Raises:
        InvalidInput: there are no rows, or they are sampled (a group under sampling is another computation).

    >>> from healthtwin.privacy import noise_for
    >>> once = Schedule(rounds=20)
    >>> [round(epsilon_of_many_rows(noise_for(1.0, once), rows, once), 2) for rows in (2, 4, 12)]
    [2.15, 4.75, 18.26]
    """
    if rows < 1:
        raise InvalidInput("rows", rows, "1 or more")
    if rows > 1 and schedule.sample_rate < 1:
        raise InvalidInput("sample_rate", schedule.sample_rate, "1: clip by patient where rows are sampled")
    return epsilon_of(noise_multiplier / rows, schedule)


def noise_after_dropout(noise_multiplier: float, sites: int, survivors: int) -> float:
    """The noise multiplier that is left when each site added an equal share and some dropped out.

    Raises:
        InvalidInput: not 1 to `sites` survived.

    >>> from healthtwin.privacy import noise_for
    >>> once = Schedule(rounds=1)
    >>> [round(epsilon_of(noise_after_dropout(noise_for(1.0, once), 3, left), once), 2) for left in (2, 1)]
    [1.25, 1.83]
    """
    if not 1 <= survivors <= sites:
        raise InvalidInput("survivors", survivors, f"1 to {sites}")
    return noise_multiplier * math.sqrt(survivors / sites)


def check_delta(delta: float, units: int) -> bool:
    """Whether delta is small enough for so many units.

    Returns:
        False where it is allowed but not careful: above a tenth of 1/n.

    Raises:
        InvalidInput: it is 1/n or more: publishing one whole record at random would keep such a promise.

    >>> check_delta(1e-5, 740)
    True
    """
    if units < 1:
        raise InvalidInput("units", units, "1 or more")
    if delta >= 1 / units:
        raise InvalidInput("delta", delta, f"below 1/{units} for {units} units")
    return delta <= CAREFUL_SHARE / units
