"""Where "more than usual" begins: quantiles of counts, and how few cases are no outbreak."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.stats import nbinom, norm, poisson

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

_NEARLY_POISSON: Final = 1.0 + 1e-6
_LEAST_MEAN: Final = 1e-6


@dataclass(frozen=True, slots=True)
class EnoughCases:
    """One or two cases are no outbreak of a common illness; of a rare one that has a name they may be.

    Attributes:
        cases: in this week and the ones before it together. weeks: how many those are.
    """

    cases: int = 5
    weeks: int = 4

    def reached(self, counts: Floats) -> Flags:
        """Where enough cases came in lately, shape (weeks,); weeks that nobody reported add none.

        >>> EnoughCases(5, 4).reached(np.array([1.0, 1.0, 2.0, 1.0])).tolist()
        [False, False, False, True]
        """
        padded = np.concatenate([np.zeros(self.weeks - 1), np.nan_to_num(counts)])
        sums = np.convolve(padded, np.ones(self.weeks), "valid")[: len(counts)]
        return np.asarray(sums >= self.cases, np.bool_)


FIVE_IN_FOUR_WEEKS: Final = EnoughCases()
"""What Farrington et al. (1996) ask for before an alarm."""


def upper_limit(mean: float, dispersion: float, alpha: float) -> float:
    """The count that an ordinary week exceeds with probability `alpha` at most.

    Args:
        mean: expected. dispersion: variance over mean; above 1 a negative binomial, else Poisson's.
    """
    mean = max(mean, _LEAST_MEAN)
    if dispersion > _NEARLY_POISSON:
        size = mean / (dispersion - 1)
        return float(nbinom.ppf(1 - alpha, size, 1 / dispersion))
    return float(poisson.ppf(1 - alpha, mean))


def normal_score(counts: Floats | float, mean: Floats | float, dispersion: Floats | float) -> Floats:
    """How far each count lies out, as a standard normal value by its mid-probability, shape as `counts`.

    Args:
        mean: expected. dispersion: variance over mean, above 1.
    """
    mean = np.maximum(mean, _LEAST_MEAN)
    spread = np.maximum(dispersion, _NEARLY_POISSON)
    size, chance = mean / (spread - 1), 1 / spread
    tail = nbinom.sf(counts, size, chance) + 0.5 * nbinom.pmf(counts, size, chance)
    return np.asarray(-norm.ppf(np.clip(tail, 1e-15, 1 - 1e-15)), np.float64)
