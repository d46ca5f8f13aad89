"""Figures by person with a bootstrap over people: whoever is measured more often does not count for more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def mean_by(person: NDArray[np.intp], values: NDArray[np.generic]) -> Floats:
    """The mean of each person's values, of shape `(people,)`.

    Args:
        person: 0 to people − 1, each at least once, shape `(n,)`. values: shape `(n,)`.

    >>> mean_by(np.array([0, 0, 1]), np.array([1.0, 3.0, 5.0])).tolist()
    [2.0, 5.0]
    """
    total = np.bincount(person, weights=values.astype(np.float64))
    return total / np.bincount(person)


def with_interval(values: Floats, draws: NDArray[np.intp]) -> dict[str, float]:
    """The mean over people with its 95 % bootstrap interval.

    Args:
        values: one per person, shape `(people,)`.
        draws: indices of resampled people, shape `(resamples, people)`.
    """
    low, high = np.quantile(values[draws].mean(axis=1), [0.025, 0.975])
    return {"value": float(values.mean()), "low": float(low), "high": float(high)}


def ratio_of_means(above: Floats, below: Floats, draws: NDArray[np.intp]) -> dict[str, float]:
    """The ratio of two means over the same people with its 95 % bootstrap interval.

    Args:
        above, below: one per person, shape `(people,)`. draws: as in `with_interval`.
    """
    resampled = above[draws].mean(axis=1) / below[draws].mean(axis=1)
    low, high = np.quantile(resampled, [0.025, 0.975])
    return {"value": float(above.mean() / below.mean()), "low": float(low), "high": float(high)}
