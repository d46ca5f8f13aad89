"""What a net is given of a feature row, and what it is taught beside the targets; no torch here.

A net's inputs are the feature columns that were ever known in training, standardised with the training
rows' own statistics and clipped, then the time since the state was kept. In the place of a missing value
stands one that is learned, per column; how old a value is is a column of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain.errors import InvalidInput
from healthtwin_lab.training.sequences import first_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin_lab.training.sequences import Flags, Floats32, People, Rows

CLIPPED_AT_SD: Final = 5.0
"""Standard deviations beyond which a value says no more than that it is extreme."""

LEAST_KNOWN: Final = 0.001
"""A column known in fewer of the training rows than this cannot be learned from and is left out."""

LEAST_SPREAD: Final = 1e-6
"""A column whose spread is less, by its size, is a constant with rounding noise."""

LATER_STEPS: Final = (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98)
"""The next value is taught as "is it above?" at these quantiles of what was seen: dense labels that share
their shape with the sparse ones, without assuming a distribution."""

_ONE_HOUR: Final = (0.9, 1.1)
"""Hours apart at which a row is the next hour's."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which feature columns a net must know by their meaning.

    Attributes:
        hours: column of "hours since the first reading".
        later: (value, age) columns of the metrics whose next value is taught; age 0 means "measured now".
    """

    hours: int
    later: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """How feature columns become inputs.

    Attributes:
        features: how many columns there are. columns: those used, shape (used,).
        center, spread: in the feature's unit, shape (used,).
    """

    features: int
    columns: Rows
    center: Floats32
    spread: Floats32

    @property
    def width(self) -> int:
        """How many inputs there are, without the time."""
        return len(self.columns)

    @classmethod
    def of(cls, x: Floats32, layout: Layout) -> Scaling:
        """Learned from training rows, shape (rows, features).

        The hours since the first reading are no input: no stay is as long as a phone is worn.

        Raises:
            InvalidInput: where no column is known often enough and varies.
        """
        often = np.flatnonzero((~np.isnan(x)).mean(axis=0) >= LEAST_KNOWN)
        often = often[often != layout.hours]
        center = np.array([np.nanmean(x[:, i], dtype=np.float64) for i in often])
        spread = np.array([np.nanstd(x[:, i], dtype=np.float64) for i in often])
        varies = spread > LEAST_SPREAD * (1.0 + np.abs(center))
        if not varies.any():
            raise InvalidInput("x", f"{x.shape}", "at least one feature that is known and varies")
        return cls(
            x.shape[1],
            often[varies],
            center[varies].astype(np.float32),
            spread[varies].astype(np.float32),
        )

    def __call__(self, x: Floats32) -> Floats32:
        """Inputs of these rows, shape (rows, width); NaN where missing."""
        z = (x[:, self.columns] - self.center) / self.spread
        clipped = np.minimum(np.maximum(z, -CLIPPED_AT_SD), CLIPPED_AT_SD)
        return np.asarray(clipped, np.float32)

    def of_every_column(self, of_used: Floats32) -> Floats32:
        """What is said per used column, said per feature column: 0 for those left out.

        Rows of `of_used` behind those of the columns stay behind them.
        """
        count = len(of_used) - self.width + self.features
        full = np.zeros((count, *of_used.shape[1:]), np.float32)
        full[self.columns] = of_used[: self.width]
        full[self.features :] = of_used[self.width :]
        return full


def later_steps(x: Floats32, person: People, layout: Layout) -> tuple[NDArray[np.bool_], Flags]:
    """What is taught of the next hour's values: (is it above each step, can it be told), both (rows, steps).

    Steps are quantiles of the values seen in these rows, `LATER_STEPS` per metric.
    """
    follows = ~first_rows(person)[1:]
    apart = np.diff(x[:, layout.hours])
    soon = np.r_[follows & (apart >= _ONE_HOUR[0]) & (apart <= _ONE_HOUR[1]), False]
    above, told = [], []
    for value, age in layout.later:
        measured = np.where(x[:, age] == 0, x[:, value], np.float32(np.nan))
        if np.isnan(measured).all():
            continue
        after = np.where(soon, np.r_[measured[1:], np.float32(np.nan)], np.float32(np.nan))
        for step in np.unique(np.nanquantile(measured, LATER_STEPS)):
            above.append(after > step)
            told.append(~np.isnan(after))
    if not above:
        return np.zeros((len(x), 0), np.bool_), np.zeros((len(x), 0), np.bool_)
    return np.stack(above, axis=1), np.stack(told, axis=1)
