"""A cumulative sum over weeks: many small excesses that no single week would show.

Each count becomes a standard normal value under a negative binomial with the mean and scatter of the year
before, of which single peaks are cut off, so that one outbreak of the past does not hide the next; of these
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
from healthtwin.surveillance.limits import EnoughCases, normal_score

if TYPE_CHECKING:
    from healthtwin.surveillance.weekly_series import WeeklySeries


@dataclass(frozen=True, slots=True)
class CusumSettings:
    """How the cumulative sum is run.

    Attributes:
        baseline: weeks that are compared with. gap: weeks between them and the tested one.
        reference: what a week may lie above the usual without adding, in standard deviations: half of the
            shift that is to be found quickest.
        limit: where the sum speaks, chosen on simulated series of the shapes of Noufaily et al. (2013), on
            none of the recordings.
        cut_off: quantile at which peaks of the baseline are cut.
        enough: an alarm asks for so many cases in so many weeks.
    """

    baseline: int = 52
    gap: int = 2
    reference: float = 0.5
    limit: float = 3.0
    cut_off: float = 0.97
    enough: EnoughCases = EnoughCases()


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
        before = series.cases[t - settings.gap - settings.baseline : t - settings.gap]
        before = before[~np.isnan(before)]
        if 2 * len(before) <= settings.baseline or np.isnan(series.cases[t]):
            continue
        before = np.minimum(before, max(float(np.quantile(before, settings.cut_off)), 1.0))
        mean = float(before.mean()) + _LEAST_MEAN
        scatter = max(float(before.var()) / mean, 1.0)
        needed = settings.limit - total + settings.reference
        expected[t], upper[t] = mean, max(mean + needed * float(np.sqrt(mean * scatter)), mean)
        score = float(normal_score(series.cases[t], np.float64(mean), scatter))
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
