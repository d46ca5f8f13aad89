"""A trembling hand: its frequency and strength, or the reason why there is no figure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from healthtwin.sensing import Measurement, measure_motion
from healthtwin_lab.evaluate.planted_motion import Planted, hand_tremor, on_a_table, standing, turned, walking

seeds = st.integers(0, 10_000)


def measured(planted: Planted) -> Measurement:
    return measure_motion("tremor_rest", **planted.columns())


@settings(max_examples=25)
@given(seeds, st.floats(3.2, 11.8), st.floats(0.1, 5.0))
def test_a_planted_tremor_is_found_through_rounding(seed: int, frequency: float, size: float) -> None:
    planted = hand_tremor(frequency, size, np.random.default_rng(seed)).rounded()
    answer = measured(planted)
    assert answer.values["tremor_frequency"] == pytest.approx(planted.truth["tremor_frequency"], abs=0.3)
    assert answer.values["tremor_amplitude"] == pytest.approx(size, rel=0.15)


@settings(max_examples=10)
@given(seeds)
def test_how_the_phone_is_held_does_not_matter(seed: int) -> None:
    planted = hand_tremor(5.0, 1.0, np.random.default_rng(seed))
    around = Rotation.random(rng=np.random.default_rng(seed)).as_matrix()
    here, there = measured(planted).values, measured(turned(planted, around)).values
    assert there == pytest.approx(here, rel=1e-3)


@settings(max_examples=10)
@given(seeds, st.floats(0.5, 3.0))
def test_a_stronger_tremor_has_the_same_frequency(seed: int, gain: float) -> None:
    planted = hand_tremor(6.0, 1.0, np.random.default_rng(seed))
    mean = planted.acceleration.mean(axis=0)
    stronger = replace(planted, acceleration=mean + gain * (planted.acceleration - mean))
    here, there = measured(planted).values, measured(stronger).values
    assert there["tremor_frequency"] == pytest.approx(here["tremor_frequency"], abs=0.01)
    assert there["tremor_amplitude"] == pytest.approx(gain * here["tremor_amplitude"], rel=0.01)


def test_rest_and_posture_are_two_readings() -> None:
    planted = hand_tremor(8.0, 0.5, np.random.default_rng(1))
    assert set(measured(planted).values) == {"tremor_frequency", "tremor_amplitude"}
    held_out = measure_motion("tremor_posture", **planted.columns()).values
    assert set(held_out) == {"postural_tremor_frequency", "postural_tremor_amplitude"}


def test_an_overtone_that_is_stronger_does_not_hide_the_tremor() -> None:
    planted = hand_tremor(4.5, 1.0, np.random.default_rng(2), wander=0.0)
    clock = planted.time_ms / 1000
    overtone = 1.5 * np.sin(2 * np.pi * 9.0 * clock)[:, None]
    answer = measured(replace(planted, acceleration=planted.acceleration + overtone))
    assert answer.values["tremor_frequency"] == pytest.approx(4.5, abs=0.3)


@pytest.mark.parametrize("seed", range(5))
def test_no_tremor_is_said_and_not_given_as_zero(seed: int) -> None:
    for still in (on_a_table(np.random.default_rng(seed)), standing(0.1, np.random.default_rng(seed))):
        answer = measured(still.rounded())
        assert answer.values == {}
        assert answer.refused["tremor_frequency"].code in {"no_tremor", "constant"}
    assert measured(standing(0.1, np.random.default_rng(seed))).details["band_m_s2"] < 0.1


def test_walking_and_waving_are_no_tremor() -> None:
    assert measured(walking(110, np.random.default_rng(1))).refused["tremor_frequency"].code == "moved"
    waved = hand_tremor(5.0, 0.5, np.random.default_rng(3))
    far = 8 * np.sin(2 * np.pi * 0.8 * waved.time_ms / 1000)[:, None] * np.array([1.0, 0.0, 0.0])
    answer = measured(replace(waved, acceleration=waved.acceleration + far))
    assert answer.refused["tremor_frequency"].code == "moved"


def test_a_sensor_too_slow_for_a_tremor_is_not_asked() -> None:
    answer = measured(hand_tremor(5.0, 1.0, np.random.default_rng(4), rate_hz=20.0))
    assert answer.refused["tremor_frequency"].code == "sampling_too_slow"
    assert answer.refused["tremor_frequency"].facts["needed_hz"] == 30.0
