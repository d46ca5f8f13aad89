"""Methods of surveillance on recorded series: false runs per year, and planted outbreaks found.

Outbreaks are planted into the recorded counts: cases of a Poisson number with k standard deviations of the
year before as mean, spread over the weeks after their begin as Noufaily et al. (2013) do it (log-normal,
sigma 0.5). Found means an alarm in a week that got planted cases. The same outbreaks are shown to every
method, and to the plainest rule there is: more than the second-highest of the last 52 weeks.

A run of alarm weeks is one alarm. The labelled outbreaks of the series are too few to test anything; they are
listed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain.errors import InvalidInput
from healthtwin.surveillance import (
    METHODS,
    Detection,
    EarsSettings,
    ears,
    false_runs,
    read_series,
    runs_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from healthtwin.surveillance import WeeklySeries

    Method = Callable[[WeeklySeries], Detection]

FOLDER: Final = "surveillance"
SIZES: Final = (3, 5, 10)
"""Planted cases, in standard deviations of the year before."""

PLANTED_EACH: Final = 12
"""Outbreaks a series and size."""

HISTORY: Final = 110
"""Weeks before the first tested one: two years and what a method leaves between."""

_LAST_WEEKS: Final = 4
_SPREAD: Final = 0.5
_YEAR: Final = 52
_SECOND: Final = 2


def second_highest(series: WeeklySeries) -> Detection:
    """The plainest rule: more cases than in all but one of the last 52 weeks."""
    expected, upper = np.full(len(series), np.nan), np.full(len(series), np.nan)
    for t in range(_YEAR, len(series)):
        before = series.cases[t - _YEAR : t]
        before = before[~np.isnan(before)]
        if len(before) > _YEAR // 2 and not np.isnan(series.cases[t]):
            expected[t], upper[t] = float(np.median(before)), float(np.sort(before)[-_SECOND])
    alarm = series.cases > upper
    return Detection(series, expected, upper, alarm, np.zeros(len(series), np.bool_), "second-highest of 52")


COMPARED: Final[dict[str, Method]] = {
    **METHODS,
    "ears C1": lambda series: ears(series, EarsSettings(variant="C1")),
    "ears C3": lambda series: ears(series, EarsSettings(variant="C3")),
    "second-highest of 52 weeks": second_highest,
}


def evaluate_surveillance(data: Path, seed: int = 0) -> dict[str, Any]:
    """Every method on every labelled series.

    Raises:
        InvalidInput: the folder holds no such series.
    """
    folder = data / FOLDER
    read = {path.stem: read_series(path) for path in sorted(folder.glob("rki_*.csv")) if _labelled(path)}
    if not read:
        raise InvalidInput("--data", str(data), f"a folder with {FOLDER}/rki_*.csv (week, cases, state)")
    rng = np.random.default_rng(seed)
    planted = {
        size: [plant(series, size, rng) for series in read.values() for _ in range(PLANTED_EACH)]
        for size in SIZES
    }
    return {
        "series": {name: len(series) for name, series in read.items()},
        "planted_each_size": len(read) * PLANTED_EACH,
        "seed": seed,
        "methods": {name: _measured(run, read, planted) for name, run in COMPARED.items()},
        "labelled": {name: _labelled_runs(series) for name, series in read.items()},
    }


def plant(series: WeeklySeries, size: float, rng: np.random.Generator) -> tuple[WeeklySeries, int, int]:
    """One outbreak more: the series with it, its first week and its last."""
    begin = int(rng.integers(HISTORY, len(series) - _LAST_WEEKS))
    scatter = max(float(np.nanstd(series.cases[begin - _YEAR : begin])), 1.0)
    cases = series.cases.copy()
    weeks = begin + np.floor(rng.lognormal(0.0, _SPREAD, max(rng.poisson(size * scatter), 1))).astype(int)
    weeks = weeks[weeks < len(series)]
    np.add.at(cases, weeks, 1.0)
    return series.with_cases(cases), int(weeks.min(initial=begin)), int(weeks.max(initial=begin))


def _measured(
    run: Method,
    read: dict[str, WeeklySeries],
    planted: dict[int, list[tuple[WeeklySeries, int, int]]],
) -> dict[str, Any]:
    plain = [_from_history(run(series)) for series in read.values()]
    years = sum(float(found.tested.sum()) / found.series.weeks_a_year for found in plain)
    return {
        "false_runs_per_year": sum(false_runs(found) for found in plain) / years,
        "alarm_weeks_per_year": sum(int(found.alarm.sum()) for found in plain) / years,
        "years": years,
        "found": {
            str(size): float(
                np.mean([run(series).alarm[first : last + 1].any() for series, first, last in outbreaks])
            )
            for size, outbreaks in planted.items()
        },
    }


def _from_history(found: Detection) -> Detection:
    """The same weeks for every method, whatever history it asks for."""
    early = np.arange(len(found.series)) < HISTORY
    return Detection(
        found.series,
        np.where(early, np.nan, found.expected),
        np.where(early, np.nan, found.upper),
        found.alarm & ~early,
        found.provisional,
        found.method,
    )


def _labelled_runs(series: WeeklySeries) -> list[dict[str, str]]:
    labelled = series.outbreak if series.outbreak is not None else np.zeros(len(series), np.bool_)
    return [{"first": series.weeks[a], "last": series.weeks[b]} for a, b in runs_of(labelled)]


def _labelled(path: Path) -> bool:
    with path.open(encoding="utf-8") as lines:
        return lines.readline().strip() == '"week","cases","state"'
