"""The improved Farrington method: is this week above what the same season of earlier years explains?

A quasi-Poisson regression on the years before, with a trend and a season of ten steps; what looks like an
outbreak of the past is weighted down, the last half year is left out so that an outbreak that is just
beginning does not raise its own limit, and the limit is a quantile of a negative binomial.

Source: A. Noufaily, D. G. Enki, P. Farrington, P. Garthwaite, N. Andrews, A. Charlett, An improved algorithm
for outbreak detection in multiple surveillance systems, Statistics in Medicine 32 (2013) 1206-1222; the
method before: C. P. Farrington et al., J. R. Statist. Soc. A 159 (1996) 547-563.

Where the file holds less history than the method asks for, it works on what there is, from two years on, and
says so: `Detection.method` names the years.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain.errors import InvalidInput
from healthtwin.surveillance.detection import Detection
from healthtwin.surveillance.limits import FIVE_IN_FOUR_WEEKS, EnoughCases, upper_limit
from healthtwin.surveillance.quasi_poisson import anscombe, fit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.surveillance.weekly_series import WeeklySeries

    Floats = NDArray[np.float64]

LEAST_YEARS: Final = 2
"""With one year there is no telling a season from an outbreak."""


@dataclass(frozen=True, slots=True)
class FarringtonSettings:
    """How the improved Farrington method is run; the published choices.

    Attributes:
        years: of history at most. half_window: weeks on each side that count as the same season.
        season_steps: steps of the season over the rest of the year.
        left_out: youngest weeks that teach nothing.
        unusual: Anscombe residual above which a week of the past is weighted down.
        alpha: how often an ordinary week may exceed the limit.
        enough: an alarm asks for so many cases in so many weeks.
    """

    years: int = 5
    half_window: int = 3
    season_steps: int = 10
    left_out: int = 26
    unusual: float = 2.58
    alpha: float = 0.01
    enough: EnoughCases = FIVE_IN_FOUR_WEEKS


DEFAULT_FARRINGTON: Final = FarringtonSettings()


def farrington(series: WeeklySeries, settings: FarringtonSettings = DEFAULT_FARRINGTON) -> Detection:
    """Test every week that has two years before it.

    Raises:
        InvalidInput: `alpha` is no probability that a test can have.
    """
    if not 0 < settings.alpha < 0.5:  # noqa: PLR2004 - a limit below the median is none
        raise InvalidInput("alpha", settings.alpha, "above 0 and below 0.5")
    weeks = len(series)
    expected, upper = np.full(weeks, np.nan), np.full(weeks, np.nan)
    most_years = 0
    for t in range(weeks):
        if np.isnan(series.cases[t]):
            continue
        usual = usual_of(series, t, settings)
        if usual is not None:
            most_years = max(most_years, usual.years)
            expected[t] = usual.mean
            upper[t] = upper_limit(usual.mean, usual.dispersion, settings.alpha)
    alarm = (series.cases > upper) & settings.enough.reached(series.cases)
    return Detection(
        series,
        expected,
        upper,
        alarm,
        np.zeros(weeks, np.bool_),
        f"farrington, {most_years} years of history" if most_years else "farrington",
    )


@dataclass(frozen=True, slots=True)
class Usual:
    """What the years before say of one week: its mean, variance over mean, and how many years those are."""

    mean: float
    dispersion: float
    years: int


def usual_of(series: WeeklySeries, t: int, settings: FarringtonSettings = DEFAULT_FARRINGTON) -> Usual | None:
    """What is usual in week `t`; None where fewer than two years, or too few weeks of them, were reported."""
    years = min(settings.years, int((t - settings.half_window) / series.weeks_a_year))
    if years < LEAST_YEARS:
        return None
    first = max(round(t - years * series.weeks_a_year) - settings.half_window, 0)
    rows = np.arange(first, t - settings.left_out)
    rows = rows[~np.isnan(series.cases[rows])]
    season = _season(rows - t, series.weeks_a_year, settings)
    steps = np.unique(season)
    steps = steps[steps > 0]
    if len(rows) < 3 * (len(steps) + 2) or not (season == 0).any():
        return None
    span = max(t - first, 1)
    holidays, holidays_now = _holidays(series, rows, t)
    columns = np.column_stack(
        [
            np.ones(len(rows)),
            (rows - t) / span,
            *((season == step).astype(float) for step in steps),
            *holidays,
        ]
    )
    counts = series.cases[rows]
    fitted = fit(columns, counts, np.ones(len(rows)))
    residual = anscombe(counts, fitted)
    weights = np.where(residual > settings.unusual, np.maximum(residual, 1e-9) ** -2.0, 1.0)
    weights *= len(rows) / weights.sum()
    fitted = fit(columns, counts, weights)
    now = np.zeros(columns.shape[1])
    now[0] = 1.0
    now[len(now) - len(holidays) :] = holidays_now
    mean, _ = fitted.predict(now)
    highest = float(counts.max())
    if mean > highest:  # a trend carried too far ahead: Noufaily et al. leave it out there
        flat = np.delete(columns, 1, axis=1)
        fitted = fit(flat, counts, weights)
        mean, _ = fitted.predict(np.delete(now, 1))
    return Usual(mean, fitted.dispersion, years)


_HOLIDAYS: Final = (frozenset({52, 53, 1}), frozenset({2}))
"""Around the turn of the year fewer people are seen and reported, and the week after brings what was left
lying; neither is the illness. Known only where the file says which week of the year is which."""


def _holidays(series: WeeklySeries, rows: NDArray[np.int64], t: int) -> tuple[list[Floats], list[float]]:
    """A column for each group of holiday weeks that the past has twice or more, and its value in week `t`."""
    if series.calendar is None:
        return [], []
    columns, now = [], []
    for group in _HOLIDAYS:
        inside = np.isin(series.calendar[rows], list(group))
        if inside.sum() >= LEAST_YEARS:
            columns.append(inside.astype(np.float64))
            now.append(float(int(series.calendar[t]) in group))
    return columns, now


def _season(lags: NDArray[np.int64], weeks_a_year: float, settings: FarringtonSettings) -> NDArray[np.int64]:
    """Step of the season of each week, counted from the tested one's: 0 is the same season."""
    phase = np.mod(lags + settings.half_window, weeks_a_year)
    width = 2 * settings.half_window + 1
    others = max(settings.season_steps - 1, 1)
    step = 1 + np.floor((phase - width) / ((weeks_a_year - width) / others)).astype(np.int64)
    return np.where(phase < width, 0, np.clip(step, 1, others))
