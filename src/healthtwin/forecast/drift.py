"""Whether the scores of this house still look like those the models were trained on.

Every person's record counts, fading over a week, how many hours each watched score spent in which band of the
training side's distribution (`healthtwin.forecast.trained.BANDS`). Pooled over the people of a house and held
against the training side's own shares they give the population stability index::

    index = Σ over bands of (here − there) * ln(here / there)

It says that something differs, not what, nor that the models are wrong: at home it always will, since they
were trained on intensive-care stays. What it is for is a change of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import Said
from healthtwin.forecast.targets import WATCHED
from healthtwin.forecast.trained import BANDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MODERATE: Final = 0.1
LARGE: Final = 0.25
"""Rules of thumb from credit scoring, where the index comes from (Siddiqi, Credit Risk Scorecards, 2006)."""

LEAST_HOURS: Final = 200.0
"""Twenty hours for each of the ten bands: with fewer the index of chance alone reaches a tenth."""

_HALF_AN_HOUR: Final = 0.5

THERE: Final[Floats] = -np.diff(np.array([1.0, *BANDS, 0.0]))
"""Shares of the training side's scores in each band, lowest first."""


@dataclass(frozen=True, slots=True)
class Drift:
    """How far the scores of one target stand from the training side's.

    Attributes:
        target: its name. hours: person-hours of about the last week behind it.
        index: population stability index; None while `hours` are too few.
        said: whether that is too little to tell, like training, somewhat unlike it or unlike it.
    """

    target: str
    hours: float
    index: float | None
    said: Said


def stability_index(counted: Floats) -> float:
    """The index of one row of counts, shape (bands,); half an hour is added to each so that none is empty.

    >>> round(stability_index(1000.0 * THERE), 3), round(stability_index(np.r_[np.zeros(9), 1000.0]), 1)
    (0.0, 9.1)
    """
    smoothed = counted + _HALF_AN_HOUR
    here = smoothed / smoothed.sum()
    return float(((here - THERE) * np.log(here / THERE)).sum())


def drift_of(counted: Floats) -> tuple[Drift, ...]:
    """The drift of every watched target from hours in bands pooled over people, shape (watched, bands)."""
    return tuple(_drift(name, row) for name, row in zip(WATCHED, counted.astype(np.float64), strict=True))


def _drift(target: str, counted: Floats) -> Drift:
    hours = float(counted.sum())
    index = None if hours < LEAST_HOURS else stability_index(counted)
    return Drift(target, hours, index, drift_said(index))


def drift_said(index: float | None) -> Said:
    """What an index says; None: too few hours for one.

    >>> drift_said(0.05).code, drift_said(None).code
    ('drift-like', 'drift-too-little')
    """
    if index is None:
        return Said.of("drift-too-little")
    if index < MODERATE:
        return Said.of("drift-like")
    return Said.of("drift-somewhat") if index < LARGE else Said.of("drift-unlike")
