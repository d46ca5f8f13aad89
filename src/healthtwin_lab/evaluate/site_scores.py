"""A plain score of what may be coming, fitted here and now on other people, to measure the budget with.

The alarm budget must work for any score, and the shipped models have seen the recordings it would be measured
on. So this measurement brings its own: a ridge logistic regression on levels and changes, each site scored by
weights from people of other sites. It is not what the product runs, and its skill is not what is measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain.arrays import COLUMN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin_lab.cohorts.stays import Stays

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

METRICS: Final = (
    "oxygen_saturation",
    "respiratory_rate",
    "heart_rate",
    "blood_pressure_systolic",
    "body_temperature",
)
LAGS: Final = (1, 3, 6)
"""Rows back to which the present value is compared."""

RIDGE: Final = 1.0
NEWTON_STEPS: Final = 6
CLIP: Final = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class PlainScore:
    """Weights on standardised columns; `of` gives log odds."""

    center: Floats
    spread: Floats
    weight: Floats

    @classmethod
    def fitted(cls, x: Floats, came: Flags) -> PlainScore:
        """By Newton's method; `x` has shape (rows, columns), NaN unknown."""
        center = np.nanmean(x, axis=0)
        spread = np.nanstd(x, axis=0) + 1e-6
        score = cls(center, spread, np.zeros(x.shape[1] + 1))
        z, y = score._inputs(x), came.astype(np.float64)
        weight = score.weight.copy()
        weight[0] = np.log(y.mean() / (1.0 - y.mean()))
        for _ in range(NEWTON_STEPS):
            chance = 1.0 / (1.0 + np.exp(-(z @ weight)))
            bend = (z * (chance * (1.0 - chance))[:, None]).T @ z + RIDGE * np.eye(len(weight))
            weight = weight + np.linalg.solve(bend, z.T @ (y - chance) - RIDGE * weight)
        return cls(center, spread, weight)

    def of(self, x: Floats) -> Floats:
        """Log odds, shape (rows,)."""
        scores: Floats = self._inputs(x) @ self.weight
        return scores

    def _inputs(self, x: Floats) -> Floats:
        z = np.clip(np.nan_to_num((x - self.center) / self.spread), -CLIP, CLIP)
        return np.concatenate([np.ones((len(z), 1)), z], axis=1)


def plain_columns(stays: Stays) -> Floats:
    """Carried values, their changes, and how many hours the stay is old, shape (rows, columns)."""
    columns = [stays.hours - stays.hours[stays.starts][stays.person]]
    rows = np.arange(len(stays.person))
    for name in METRICS:
        raw = stays.value[:, COLUMN[name]]
        latest = np.maximum.accumulate(np.where(np.isnan(raw), -1, rows))
        same = (latest >= 0) & (stays.person[np.maximum(latest, 0)] == stays.person)
        now = np.where(same, raw[np.maximum(latest, 0)], np.nan)
        columns += [now, (rows - latest).astype(np.float64)]
        for lag in LAGS:
            back = np.roll(now, lag)
            back[np.roll(stays.person, lag) != stays.person] = np.nan
            back[:lag] = np.nan
            columns.append(now - back)
    return np.stack(columns, axis=1)
