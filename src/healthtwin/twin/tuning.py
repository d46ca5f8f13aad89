"""How a twin learns: every speed and threshold, with its unit and its reason.

Physiology and sensor repeatability decided where they speak. Elsewhere (square root for HRV, memory,
rhythm, weight of the priors) planted rhythms and the design half of the recorded people did; what
`healthtwin_lab.evaluate.baseline` reports comes from the other half, on which no setting was chosen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import LEARNED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

HOUR_S: Final = 3600.0
DAY_S: Final = 24 * HOUR_S


@dataclass(frozen=True, slots=True)
class MetricTuning:
    """What is known about one metric before the person is.

    Attributes:
        prior_spread: spread assumed before anything was seen; wide on purpose, so that few readings err on
            the quiet side. In the metric's unit, or in its square root where `square_root`.
        least_spread: smallest spread ever claimed, in the same unit: what a good sensor repeats on an
            unchanged person.
        square_root: whether the baseline is learned on the square root of the value. HRV is skewed, the more
            the shorter the recording, and its spread grows with its level; on the design half the root gave
            narrower bands at the same coverage than the value itself for phone recordings, and than the
            logarithm for nights.
        slope_prior: evidence (squared activity levels x readings) that the effect of activity must outweigh;
            small where effort is known to move the metric within seconds. On the design half it lowered the
            error of a day's mean heart rate by a tenth and did nothing for the others.
    """

    prior_spread: float
    least_spread: float
    square_root: bool = False
    slope_prior: float = 2.0


METRIC_TUNING: Final[Mapping[str, MetricTuning]] = MappingProxyType(
    {
        "heart_rate": MetricTuning(10.0, 1.5, slope_prior=0.1),
        "resting_heart_rate": MetricTuning(4.0, 1.0),
        "respiratory_rate": MetricTuning(2.0, 0.5, slope_prior=0.5),
        "oxygen_saturation": MetricTuning(
            1.5, 0.7
        ),  # pulse oximeters state an accuracy of 2 % (ISO 80601-2-61)
        "body_temperature": MetricTuning(0.4, 0.1),  # clinical thermometers: 0.1 to 0.2 °C
        "hrv_rmssd": MetricTuning(1.3, 0.2, square_root=True),
        "hrv_sdnn": MetricTuning(1.3, 0.2, square_root=True),
        # Cuffs: mean error up to 5 mmHg (ISO 81060-2).
        "blood_pressure_systolic": MetricTuning(12.0, 3.0, slope_prior=0.5),
        "blood_pressure_diastolic": MetricTuning(8.0, 2.0, slope_prior=0.5),
    }
)
"""What is known about each learned metric beforehand."""


def _column(name: str) -> NDArray[np.float64]:
    values = (float(getattr(METRIC_TUNING[metric.name], name)) for metric in LEARNED)
    column: NDArray[np.float64] = np.fromiter(values, np.float64)
    return column


def _least_spread() -> NDArray[np.float64]:
    # A rounded reading carries no more than its resolution; under the root the table alone decides.
    resolution = np.array([0.0 if METRIC_TUNING[m.name].square_root else m.resolution for m in LEARNED])
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
        prior_spread, least_spread, square_root, slope_prior: `METRIC_TUNING` as arrays of shape `(metrics,)`.
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
    prior_spread: NDArray[np.float64] = field(default_factory=lambda: _column("prior_spread"))
    least_spread: NDArray[np.float64] = field(default_factory=_least_spread)
    square_root: NDArray[np.bool_] = field(default_factory=lambda: _column("square_root").astype(bool))
    slope_prior: NDArray[np.float64] = field(default_factory=lambda: _column("slope_prior"))


DEFAULT_TUNING: Final = Tuning()
"""What the product runs."""
