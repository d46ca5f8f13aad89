"""A cumulative sum over weeks: many small excesses that no single week would show.

Each count becomes a standard normal value under a negative binomial with what the improved Farrington method
holds usual for the season; before there are two years of history, with mean and scatter of the year before,
of which single peaks are cut off. Either way an outbreak of the past does not hide the next. Of these values
the sum of Page is taken.

Sources: E. S. Page, Continuous inspection schemes, Biometrika 41 (1954) 100-115; G. Rossi, L. Lampugnani,
M. Marchi, An approximate CUSUM procedure for surveillance of health events, Statistics in Medicine 18 (1999)
2111-2122.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.surveillance.detection import Detection
from healthtwin.surveillance.farrington import Usual, usual_of
from healthtwin.surveillance.limits import FIVE_IN_FOUR_WEEKS, EnoughCases, normal_score

if TYPE_CHECKING:
    from healthtwin.surveillance.weekly_series import WeeklySeries


@dataclass(frozen=True, slots=True)
class CusumSettings:
    """How the cumulative sum is run.

    Attributes:
        baseline: weeks that are compared with. gap: weeks between them and the tested one.
        reference: what a week may lie above the usual without adding, in standard deviations: half of the
            shift that is to be found quickest.
        limit: where the sum speaks: with normal scores in every 200th ordinary week on average (Siegmund's
            approximation for a reference of 0.5), a false run in about four years.
        cut_off: quantile at which peaks of the baseline are cut.
        enough: an alarm asks for so many cases in so many weeks.
    """

    baseline: int = 52
    gap: int = 2
    reference: float = 0.5
    limit: float = 3.5
    cut_off: float = 0.97
    enough: EnoughCases = FIVE_IN_FOUR_WEEKS


DEFAULT_CUSUM: Final = CusumSettings()

_LEAST_MEAN: Final = 0.01
_FULL: Final = 1.2
"""Times the limit: the sum grows no further, so that it is over soon after the outbreak is."""


def cusum(series: WeeklySeries, settings: CusumSettings = DEFAULT_CUSUM) -> Detection:
    """Test every week that has a year before it, of which at least half was reported."""
    weeks = len(series)
    expected, upper = np.full(weeks, np.nan), np.full(weeks, np.nan)
    alarm = np.zeros(weeks, np.bool_)
    total = 0.0
    for t in range(settings.baseline + settings.gap, weeks):
        usual = (
            None if np.isnan(series.cases[t]) else usual_of(series, t) or _of_the_year(series, t, settings)
        )
        if usual is None:
            continue
        mean, scatter = usual.mean, usual.dispersion
        needed = settings.limit - total + settings.reference
        expected[t], upper[t] = mean, max(mean + needed * float(np.sqrt(mean * scatter)), mean)
        score = float(normal_score(series.cases[t], mean, scatter))
        total = min(max(0.0, total + score - settings.reference), _FULL * settings.limit)
        alarm[t] = total > settings.limit and series.cases[t] > mean
    return Detection(
        series,
        expected,
        upper,
        alarm & settings.enough.reached(series.cases),
        np.zeros(weeks, np.bool_),
        f"CUSUM, {settings.baseline} weeks of baseline",
    )


def _of_the_year(series: WeeklySeries, t: int, settings: CusumSettings) -> Usual | None:
    """What was usual in the year before week `t`; None where less than half of it was reported."""
    before = series.cases[t - settings.gap - settings.baseline : t - settings.gap]
    before = before[~np.isnan(before)]
    if 2 * len(before) <= settings.baseline:
        return None
    before = np.minimum(before, max(float(np.quantile(before, settings.cut_off)), 1.0))
    mean = float(before.mean()) + _LEAST_MEAN
    return Usual(mean, max(float(before.var()) / mean, 1.0), 1)
