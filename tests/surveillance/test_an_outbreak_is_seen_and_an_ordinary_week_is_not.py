"""What every method owes: an outbreak is seen, ordinary weeks rarely, and the past hides nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.surveillance import (
    METHODS,
    EarsSettings,
    EnoughCases,
    FarringtonSettings,
    WeeklySeries,
    detect,
    ears,
    farrington,
    runs_of,
    series_of,
)

YEARS = 6
YEAR = 52
WEEKS = YEARS * YEAR


def seasonal(mean: float, seed: int, weeks: int = WEEKS, season: float = 0.5) -> np.ndarray:
    """Poisson counts with a winter that trebles those of the summer."""
    wave = 1 + season * np.cos(2 * np.pi * np.arange(weeks) / YEAR)
    return np.random.default_rng(seed).poisson(mean * wave).astype(float)


@pytest.mark.parametrize("method", METHODS)
def test_ten_times_the_usual_is_an_alarm_for_every_method(method: str) -> None:
    cases = seasonal(8, 1)
    cases[-1] = 80
    assert detect(series_of(cases.tolist()), method).alarm[-1]


@pytest.mark.parametrize("method", METHODS)
def test_ordinary_weeks_give_at_most_one_false_run_a_year(method: str) -> None:
    season = 0.0 if method == "ears" else 0.5  # seven weeks know no season
    found = [
        detect(series_of(seasonal(mean, seed, season=season).tolist()), method)
        for seed, mean in enumerate([2, 5, 12, 40])
    ]
    years = sum(float(one.tested.sum()) / YEAR for one in found)
    assert sum(len(runs_of(one.alarm)) for one in found) / years <= 1.0


@pytest.mark.parametrize("method", ["farrington", "cusum"])
def test_an_outbreak_of_last_year_does_not_hide_the_next(method: str) -> None:
    cases = np.random.default_rng(3).poisson(3, WEEKS).astype(float)
    cases[-50:-47] = [60, 80, 50]
    cases[-1] = 20
    assert detect(series_of(cases.tolist()), method).alarm[-1]


def test_the_winter_that_comes_every_year_is_no_outbreak() -> None:
    cases = seasonal(20, 4)
    winter = [week for week in range(3 * YEAR, WEEKS) if week % YEAR < 4]
    assert detect(series_of(cases.tolist()), "farrington").alarm[winter].mean() < 0.1


def test_backlog_after_the_holidays_is_no_outbreak() -> None:
    cases = np.random.default_rng(5).poisson(40, WEEKS).astype(float)
    weeks = np.array([name.partition("-W")[2] for name in series_of(cases.tolist(), "2019-W01").weeks])
    cases[np.isin(weeks, ["52", "53", "01"])] *= 0.6
    cases[weeks == "02"] *= 1.3
    cases = np.round(cases)
    found = detect(series_of(cases.tolist(), "2019-W01"), "farrington")
    assert found.series.calendar is not None
    assert not found.alarm[np.isin(found.series.calendar, [1, 2, 52, 53])].any()


@pytest.mark.parametrize("method", METHODS)
def test_single_cases_of_a_rare_illness_are_no_outbreak_unless_it_is_watched_by_name(method: str) -> None:
    rng = np.random.default_rng(6)
    cases = (rng.random(WEEKS) < 0.05).astype(float)
    cases[-4:] = [1, 1, 0, 2]
    assert not detect(series_of(cases.tolist()), method).alarm.any()
    named = farrington(series_of(cases.tolist()), FarringtonSettings(enough=EnoughCases(1)))
    assert named.alarm[-1]


def test_a_week_that_nobody_reported_is_neither_zero_nor_an_alarm() -> None:
    cases = seasonal(10, 7)
    whole = detect(series_of(cases.tolist()), "farrington")
    cases[-1] = np.nan
    cases[100:110] = np.nan
    with_gaps = detect(series_of(cases.tolist()), "farrington")
    assert np.isnan(with_gaps.upper[-1])
    assert not with_gaps.alarm[-1]
    assert abs(with_gaps.expected[-2] - whole.expected[-2]) < 2


def test_with_sixty_weeks_of_history_the_short_method_is_run_and_named() -> None:
    found = detect(series_of(seasonal(8, 8, 60).tolist()), "farrington")
    assert found.method.startswith("EARS C2")
    assert "60 weeks are too few for farrington" in found.method


def test_with_four_weeks_nothing_is_tested_and_nothing_alarms() -> None:
    found = detect(series_of([1, 2, 90, 3]), "ears")
    assert not found.tested.any()
    assert not found.alarm.any()


def test_what_creeps_up_is_seen_by_c3_before_any_single_week_stands_out() -> None:
    cases = [4, 6, 5, 4, 6, 5, 4, 5, 6, 5, 4, 6, 5, 9, 9, 9]
    assert not ears(series_of(cases), EarsSettings(variant="C2")).alarm[-3:].any()
    assert ears(series_of(cases), EarsSettings(variant="C3")).alarm[-3:].any()


@settings(max_examples=25, deadline=None)
@given(
    cases=st.lists(
        st.one_of(st.integers(0, 400).map(float), st.just(float("nan"))), min_size=0, max_size=260
    ),
    method=st.sampled_from(sorted(METHODS)),
)
def test_any_series_is_judged_without_a_crash_and_only_by_the_past(cases: list[float], method: str) -> None:
    found = detect(series_of(cases), method)
    assert not (found.alarm & ~found.tested).any()
    assert (found.series.cases[found.alarm] > found.expected[found.alarm]).all()
    if len(cases) > 1 and "too few" not in found.method:
        shorter = WeeklySeries(found.series.weeks[:-1], found.series.cases[:-1])
        before = METHODS[method](shorter)
        np.testing.assert_array_equal(METHODS[method](found.series).alarm[:-1], before.alarm)
