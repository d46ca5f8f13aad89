"""How a twin learns: every speed and threshold, with its unit and its reason.

What differs from metric to metric stands on the metric's row (`healthtwin.domain.Baseline`). Planted rhythms
and the design half of the recorded people decided memory, rhythm and the weight of the priors; what
`healthtwin_lab.evaluate.baseline` reports comes from the other half, on which no setting was chosen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import BASELINES, LEARNED

if TYPE_CHECKING:
    from numpy.typing import NDArray

HOUR_S: Final = 3600.0
DAY_S: Final = 24 * HOUR_S


def _column(name: str) -> NDArray[np.float64]:
    values = (float(getattr(baseline, name)) for baseline in BASELINES)
    column: NDArray[np.float64] = np.fromiter(values, np.float64)
    return column


def _least_spread() -> NDArray[np.float64]:
    # A rounded reading carries no more than its resolution; under the root the table alone decides.
    resolution = np.where(_column("square_root"), 0.0, [metric.resolution for metric in LEARNED])
    least: NDArray[np.float64] = np.maximum(_column("least_spread"), resolution)
    return least


@dataclass(frozen=True, slots=True, eq=False)
class Tuning:
    """Every speed and threshold of a twin; `DEFAULT_TUNING` is what the product runs.

    Times are in seconds; evidence is counted in independent readings.

    Attributes:
        memory_s: how long the past counts: time constant of forgetting.
        memory_readings: somebody measured rarely keeps at least this many readings in mind, however old.
        independent_after_s: readings closer together than this say nearly the same thing: a reading `d`
            seconds after the last one counts `d / (d + independent_after_s)`.
        hour_independent_after_s: the same within one hour of day, whose next turn comes a day later.
        hour_prior: how many readings an hour of day must outweigh before it leaves the overall level.
        hour_memory_readings: most evidence an hour of day keeps, so that a rhythm can still move.
        scale_prior: how many readings `prior_spread` counts for; above 2, or the band would have no width.
        huber: residuals beyond this many spreads teach no more than one at this distance.
        stale_s: after this long without a reading, what was known counts half.
        ready_evidence, ready_days: least independent readings and days with data before anything is expected.
        by_hour, by_activity: whether the context is used at all; off only to measure what it brings.
        prior_spread, least_spread, square_root, slope_prior: those of `domain.BASELINES` as arrays of
            shape `(metrics,)`.
        by_meter: whether the usual range is at least as wide as the meter's error (`domain.Meter`); off only
            to measure how well the learned spread alone foretells readings.
    """

    memory_s: float = 21 * DAY_S
    memory_readings: float = 20.0
    independent_after_s: float = 4 * HOUR_S
    hour_independent_after_s: float = 1 * HOUR_S
    hour_prior: float = 2.0
    hour_memory_readings: float = 30.0
    scale_prior: float = 3.0
    huber: float = 2.5
    stale_s: float = 90 * DAY_S
    ready_evidence: float = 4.0
    ready_days: int = 3
    by_hour: bool = True
    by_activity: bool = True
    by_meter: bool = True
    prior_spread: NDArray[np.float64] = field(default_factory=lambda: _column("prior_spread"))
    least_spread: NDArray[np.float64] = field(default_factory=_least_spread)
    square_root: NDArray[np.bool_] = field(default_factory=lambda: _column("square_root").astype(bool))
    slope_prior: NDArray[np.float64] = field(default_factory=lambda: _column("slope_prior"))


DEFAULT_TUNING: Final = Tuning()
"""What the product runs."""
