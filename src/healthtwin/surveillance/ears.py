"""EARS C1, C2 and C3: is this week above the last seven, for places with hardly any history?

C1 compares with the seven weeks just before; C2 leaves two weeks between, so that an outbreak that begins
slowly does not hide itself; C3 adds up how far C2 was exceeded in this week and the two before.

Source: L. Hutwagner, W. Thompson, G. M. Seeman, T. Treadwell, The bioterrorism preparedness and response
Early Aberration Reporting System (EARS), J. Urban Health 80 (2003) i89-i96.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain.errors import InvalidInput
from healthtwin.surveillance.detection import Detection
from healthtwin.surveillance.limits import FIVE_IN_FOUR_WEEKS, EnoughCases

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.surveillance.weekly_series import WeeklySeries

    Floats = NDArray[np.float64]

VARIANTS: Final = ("C1", "C2", "C3")

LEAST_SPREAD: Final = 0.5
"""Cases: seven weeks without a case would otherwise make the first one infinitely unusual. Therefore the
spread is at least Poisson's, the root of the mean: seven counts that happen to lie close together say
little, and taken at their word they alarm more often than once a year."""


@dataclass(frozen=True, slots=True)
class EarsSettings:
    """How EARS is run.

    Attributes:
        variant: C1, C2 or C3. baseline: weeks that are compared with.
        deviations: how many standard deviations above them the limit of C1 and C2 lies.
        summed: limit of C3's sum.
        enough: an alarm asks for so many cases in so many weeks.
    """

    variant: str = "C2"
    baseline: int = 7
    deviations: float = 3.0
    summed: float = 2.0
    enough: EnoughCases = FIVE_IN_FOUR_WEEKS


DEFAULT_EARS: Final = EarsSettings()
_GAP: Final = {"C1": 0, "C2": 2, "C3": 2}
_SUMMED_WEEKS: Final = 3


def ears(series: WeeklySeries, settings: EarsSettings = DEFAULT_EARS) -> Detection:
    """Test every week that has a whole baseline before it, of which at least half was reported.

    Raises:
        InvalidInput: there is no such variant.
    """
    if settings.variant not in VARIANTS:
        raise InvalidInput("variant", settings.variant, ", ".join(VARIANTS))
    mean, spread = _baseline(series.cases, settings.baseline, _GAP[settings.variant])
    upper = mean + settings.deviations * spread
    beyond = series.cases > upper
    if settings.variant == "C3":
        excess = np.nan_to_num(np.maximum((series.cases - mean) / spread - 1.0, 0.0))
        # Weeks that alarmed themselves are left out of the sum: C3 is for what creeps up beneath C2.
        before = np.where(beyond, 0.0, excess)
        summed = excess + sum(_shifted(before, weeks) for weeks in range(1, _SUMMED_WEEKS))
        earlier = summed - excess
        upper = mean + (1.0 + np.maximum(settings.summed - earlier, 0.0)) * spread
        beyond = (summed > settings.summed) & (series.cases > mean)
    tested = ~np.isnan(upper) & ~np.isnan(series.cases)
    return Detection(
        series,
        np.where(tested, mean, np.nan),
        np.where(tested, upper, np.nan),
        beyond & tested & settings.enough.reached(series.cases),
        np.zeros(len(series), np.bool_),
        f"EARS {settings.variant}, {settings.baseline} weeks of baseline",
    )


def _baseline(cases: Floats, weeks: int, gap: int) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the weeks before each, shape as `cases`; NaN without enough of them."""
    mean, spread = np.full(len(cases), np.nan), np.full(len(cases), np.nan)
    for t in range(weeks + gap, len(cases)):
        before = cases[t - gap - weeks : t - gap]
        before = before[~np.isnan(before)]
        if 2 * len(before) > weeks:
            mean[t] = before.mean()
            spread[t] = max(float(before.std(ddof=1)), float(np.sqrt(mean[t])), LEAST_SPREAD)
    return mean, spread


def _shifted(values: Floats, weeks: int) -> Floats:
    return np.concatenate([np.zeros(weeks), values[: len(values) - weeks]])
