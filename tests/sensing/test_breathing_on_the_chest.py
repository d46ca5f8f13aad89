"""A phone on the chest counts breaths through the browser's rounding, and says so when it cannot."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from healthtwin.sensing import Measurement, measure_motion
from healthtwin_lab.evaluate.planted_motion import Planted, chest_breathing, on_a_table, turned, walking

seeds = st.integers(0, 10_000)


def measured(planted: Planted) -> Measurement:
    return measure_motion("breathing", **planted.columns())


@pytest.mark.parametrize("gyroscope", [True, False])
@pytest.mark.parametrize("rate", [7.0, 12.0, 18.0, 30.0])
def test_breaths_are_counted_although_the_accelerometer_is_rounded(rate: float, gyroscope: bool) -> None:
    planted = chest_breathing(rate, np.random.default_rng(int(rate)), gyroscope=gyroscope).rounded()
    answer = measured(planted)
    assert answer.values["respiratory_rate"] == pytest.approx(planted.truth["respiratory_rate"], abs=1.0)
    breaths = answer.details["breaths_ms"]
    assert len(breaths) == pytest.approx(answer.values["respiratory_rate"], abs=2)
    assert np.all(np.diff(breaths) > 0)


@settings(max_examples=12)
@given(seeds, st.floats(8, 30), st.floats(0.4, 2.0))
def test_a_planted_rate_is_found_or_refused(seed: int, rate: float, tilt: float) -> None:
    planted = chest_breathing(rate, np.random.default_rng(seed), tilt_deg=tilt).rounded()
    answer = measured(planted)
    if not answer.refused:
        assert answer.values["respiratory_rate"] == pytest.approx(planted.truth["respiratory_rate"], abs=1.0)


@settings(max_examples=8)
@given(seeds)
def test_how_the_phone_lies_does_not_matter(seed: int) -> None:
    planted = chest_breathing(15, np.random.default_rng(seed))
    around = Rotation.random(rng=np.random.default_rng(seed)).as_matrix()
    here, there = measured(planted), measured(turned(planted, around))
    assert there.values["respiratory_rate"] == pytest.approx(here.values["respiratory_rate"], abs=0.05)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("rounded", [True, False])
def test_a_phone_on_a_table_does_not_breathe(seed: int, rounded: bool) -> None:
    planted = on_a_table(np.random.default_rng(seed), gyroscope=seed % 2 == 0)
    answer = measured(planted.rounded() if rounded else planted)
    assert answer.values == {}
    assert answer.refused["respiratory_rate"].code in {"no_breathing", "constant"}


def test_walking_is_not_taken_for_breathing() -> None:
    answer = measured(walking(100, np.random.default_rng(1), seconds=60).rounded())
    assert answer.refused["respiratory_rate"].code == "moving"
    assert answer.refused["respiratory_rate"].facts["needed_s"] == 25.0


def test_the_still_part_of_a_restless_recording_is_enough() -> None:
    calm = chest_breathing(14, np.random.default_rng(3), seconds=60)
    restless = calm.acceleration.copy()
    restless[:900] += 3 * np.sin(np.arange(900) / 6)[:, None]
    answer = measure_motion("breathing", calm.time_ms, *restless.T)
    assert answer.values["respiratory_rate"] == pytest.approx(calm.truth["respiratory_rate"], abs=1.0)
    assert answer.details["still_s"] < 46
    assert answer.details["breaths_ms"][0] >= 14_000


def test_breaths_that_come_and_go_are_not_averaged() -> None:
    """Ten breaths a minute for one half, thirty for the other: there is no one rate to tell."""
    slow = chest_breathing(9, np.random.default_rng(4), seconds=40, irregular=0.0)
    fast = chest_breathing(33, np.random.default_rng(4), seconds=40, irregular=0.0)
    both = np.concatenate([slow.acceleration, fast.acceleration])
    answer = measure_motion("breathing", np.arange(len(both)) * (1000 / 60), *both.T)
    assert answer.values == {}


def test_half_a_minute_is_needed() -> None:
    answer = measured(chest_breathing(15, np.random.default_rng(5), seconds=20))
    assert answer.refused["respiratory_rate"].code == "too_short"


def test_where_gravity_points_tells_how_somebody_lies() -> None:
    flat = chest_breathing(15, np.random.default_rng(6))
    assert measured(flat).details["posture"] in {"lying", "reclined"}
    upright = walking(100, np.random.default_rng(6))
    assert measure_motion("activity", **upright.columns()).details["posture"] == "upright"
