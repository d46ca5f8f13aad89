from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from healthtwin.domain import DAY_MS, HOUR_MS
from healthtwin.domain.arrays import COLUMN
from healthtwin.twin import DEFAULT_TUNING, blank_twins, expect, learn
from tests.twin.people import START_MS, learn_in_turn, observations, somebody

HEART = COLUMN["heart_rate"]
readings = st.lists(st.floats(40, 160), min_size=8, max_size=30)
linear = st.sampled_from(["heart_rate", "respiratory_rate", "body_temperature", "blood_pressure_systolic"])


def times_of(count: int, seed: int) -> np.ndarray:
    steps = np.random.default_rng(seed).integers(HOUR_MS, 2 * DAY_MS, count)
    return START_MS + np.cumsum(steps)


@settings(max_examples=60, deadline=None)
@given(readings, linear, st.integers(-40, 120), st.integers(0, 99))
def test_moving_every_reading_moves_the_expectation_as_far(
    values: list[float], metric: str, shift: int, seed: int
) -> None:
    times = times_of(len(values), seed)
    here, there = blank_twins(1), blank_twins(1)
    learn_in_turn(here, observations(times, metric, np.array(values)))
    learn_in_turn(there, observations(times, metric, np.array(values) + shift))
    asked = observations([int(times[-1]) + HOUR_MS])
    column = COLUMN[metric]
    before, after = expect(here, asked), expect(there, asked)
    assert before.ready[0, column] == after.ready[0, column]
    assume(before.ready[0, column])
    assert after.center[0, column] - before.center[0, column] == pytest.approx(shift, abs=2e-3)
    assert after.spread[0, column] == pytest.approx(before.spread[0, column], rel=1e-3)


@settings(max_examples=60, deadline=None)
@given(readings, st.sampled_from([0.25, 0.5, 2.0, 8.0]), st.integers(0, 99))
def test_measuring_in_another_unit_gives_the_same_expectation_in_that_unit(
    values: list[float], factor: float, seed: int
) -> None:
    times = times_of(len(values), seed)
    stretched = replace(
        DEFAULT_TUNING,
        prior_spread=DEFAULT_TUNING.prior_spread * factor,
        least_spread=DEFAULT_TUNING.least_spread * factor,
    )
    one, other = blank_twins(1), blank_twins(1, stretched)
    for row in observations(times, value=np.array(values))[:, None]:
        learn(one, row)
    for row in observations(times, value=np.array(values) * factor)[:, None]:
        learn(other, row, 1.0, stretched)
    asked = observations([int(times[-1]) + HOUR_MS])
    before, after = expect(one, asked), expect(other, asked, stretched)
    # A power of two only moves the exponent, so even the bits agree.
    np.testing.assert_array_equal(after.center[0, HEART], before.center[0, HEART] * factor)
    np.testing.assert_array_equal(after.spread[0, HEART], before.spread[0, HEART] * factor)


@settings(max_examples=60, deadline=None)
@given(st.floats(10, 350), st.integers(5, 60), st.integers(0, 23), st.integers(0, 99))
def test_one_absurd_reading_moves_what_is_expected_by_no_more_than_the_huber_bound(
    absurd: float, days: int, hour: int, seed: int
) -> None:
    twins = somebody(days=days, seed=seed)
    when = START_MS + days * DAY_MS + hour * HOUR_MS
    before = expect(twins, observations([when]))
    assume(before.ready[0, HEART])
    evidence = float(twins["evidence"][0, HEART])
    learn(twins, observations([when], value=absurd))
    after = expect(twins, observations([when]))
    # A single reading is worth at most 1, so level and hour of day together take at most this share of it.
    level, of_hour = 1 / (0.95 * evidence), 1 / DEFAULT_TUNING.hour_prior
    rate = (level + of_hour) / (1 + level + of_hour)
    reach = DEFAULT_TUNING.huber * before.spread[0, HEART] * rate
    assert abs(after.center[0, HEART] - before.center[0, HEART]) <= reach * (1 + 1e-6)


@given(st.floats(40, 160), st.sampled_from(["pace", "quality", "value"]))
def test_frozen_useless_or_empty_observations_change_not_a_byte(value: float, nothing: str) -> None:
    twins = somebody(days=12)
    kept = twins.tobytes()
    row = observations([START_MS + 30 * DAY_MS], value=value)
    row["activity"] = 1.0
    if nothing == "quality":
        row["quality"] = 0.0
    if nothing == "value":
        row["value"] = np.nan
    learn(twins, row, 0.0 if nothing == "pace" else 1.0)
    assert twins.tobytes() == kept


def test_a_metric_that_was_not_measured_is_not_touched() -> None:
    twins = somebody(days=10)
    before = twins.copy()
    learn(twins, observations([START_MS + 11 * DAY_MS], "respiratory_rate", 15.0))
    for name in ("center", "variance", "evidence", "latest_s", "slope"):
        np.testing.assert_array_equal(twins[name][:, HEART], before[name][:, HEART])
    np.testing.assert_array_equal(twins["rhythm"][:, :, HEART], before["rhythm"][:, :, HEART])


def test_a_missing_value_has_no_deviation_and_an_unknown_metric_no_expectation() -> None:
    expectation = expect(somebody(), observations([START_MS + 41 * DAY_MS]))
    assert np.isfinite(expectation.center[0, HEART])
    assert np.isnan(expectation.z[0, HEART])
    others = np.arange(expectation.center.shape[1]) != HEART
    for array in (expectation.center, expectation.spread, expectation.z, expectation.low, expectation.high):
        assert np.isnan(array[0, others]).all()
    assert not expectation.ready[0, others].any()


@settings(max_examples=25)
@given(st.floats(0.01, 1.0))
def test_a_lower_pace_moves_the_level_less(pace: float) -> None:
    usual, slowed = somebody(), somebody()
    row = observations([START_MS + 41 * DAY_MS], value=80.0)
    before = float(usual["center"][0, HEART])
    learn(usual, row, 1.0)
    learn(slowed, row, pace)
    assert 0 < slowed["center"][0, HEART] - before <= usual["center"][0, HEART] - before


@settings(max_examples=25)
@given(st.floats(0.05, 0.95))
def test_a_reading_of_poor_quality_teaches_as_a_slowed_one_does(quality: float) -> None:
    poor, slowed = somebody(), somebody()
    row = observations([START_MS + 41 * DAY_MS], value=80.0)
    learn(slowed, row, quality)
    row["quality"] = quality
    learn(poor, row, 1.0)
    assert poor.tobytes() == slowed.tobytes()


@given(st.floats(0, 400), st.sampled_from(["hrv_rmssd", "hrv_sdnn", "heart_rate"]))
def test_distance_times_spread_is_always_the_difference_in_the_metrics_unit(
    value: float, metric: str
) -> None:
    times = START_MS + np.arange(30) * DAY_MS
    twins = blank_twins(1)
    learn_in_turn(twins, observations(times, metric, np.random.default_rng(2).lognormal(3.7, 0.3, 30)))
    expectation = expect(twins, observations([START_MS + 30 * DAY_MS], metric, value))
    column = COLUMN[metric]
    gap = value - expectation.center[0, column]
    assert expectation.z[0, column] * expectation.spread[0, column] == pytest.approx(gap, rel=1e-6, abs=1e-6)
    assert (expectation.low < expectation.center)[0, column]
    assert expectation.low[0, column] >= 0  # no usual range ever reaches below zero


def test_a_variability_of_zero_is_a_value_like_any_other() -> None:
    twins = blank_twins(1)
    values = np.where(np.arange(30) % 10 == 4, 0.0, 40.0)
    learn_in_turn(twins, observations(START_MS + np.arange(30) * DAY_MS, "hrv_rmssd", values))
    expectation = expect(twins, observations([START_MS + 30 * DAY_MS], "hrv_rmssd", 0.0))
    assert 25 < expectation.center[0, COLUMN["hrv_rmssd"]] < 42
    assert expectation.z[0, COLUMN["hrv_rmssd"]] < -1.5


def test_without_a_value_the_spread_of_variability_is_a_quarter_of_its_usual_range() -> None:
    twins = blank_twins(1)
    values = np.random.default_rng(3).normal(40, 5, 30)
    learn_in_turn(twins, observations(START_MS + np.arange(30) * DAY_MS, "hrv_rmssd", values))
    expectation = expect(twins, observations([START_MS + 30 * DAY_MS]))
    column = COLUMN["hrv_rmssd"]
    quarter = (expectation.high[0, column] - expectation.low[0, column]) / 4
    assert expectation.spread[0, column] == pytest.approx(quarter)
