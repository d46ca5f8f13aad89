"""What is no recording of motion is named; what is a broken one is cut or refused."""

from __future__ import annotations

import numpy as np
import pytest

from healthtwin.domain.errors import InvalidInput
from healthtwin.sensing import MOTION_TESTS, MotionTest, measure_motion
from healthtwin_lab.evaluate.planted_motion import chest_breathing, hand_tremor, walking

WALK = walking(100, np.random.default_rng(0))

every_test = pytest.mark.parametrize("test", MOTION_TESTS)


@every_test
@pytest.mark.parametrize("factor", [1 / 9.80665, 0.001, 100.0])
def test_another_unit_than_m_s2_is_noticed(test: MotionTest, factor: float) -> None:
    with pytest.raises(InvalidInput, match="m/s² with gravity"):
        measure_motion(test, WALK.time_ms, *(WALK.acceleration * factor).T)


def test_acceleration_without_gravity_is_noticed() -> None:
    linear = WALK.acceleration - WALK.acceleration.mean(axis=0)
    with pytest.raises(InvalidInput, match="without gravity"):
        measure_motion("gait", WALK.time_ms, *linear.T)


def test_turn_rates_in_the_place_of_accelerations_are_noticed() -> None:
    breath = chest_breathing(15, np.random.default_rng(1))
    assert breath.rotation is not None
    with pytest.raises(InvalidInput, match="swapped"):
        measure_motion("breathing", breath.time_ms, *breath.rotation.T, *breath.acceleration.T)


def test_a_gyroscope_has_three_axes_or_none() -> None:
    with pytest.raises(InvalidInput, match="gz"):
        measure_motion("gait", **WALK.columns(), gx=WALK.time_ms * 0, gy=WALK.time_ms * 0)


def test_an_unknown_test_is_answered_with_those_that_exist() -> None:
    with pytest.raises(InvalidInput, match="tremor_posture"):
        measure_motion("dance", WALK.time_ms, *WALK.acceleration.T)  # type: ignore[arg-type]


@every_test
def test_a_sensor_that_stands_still_says_nothing(test: MotionTest) -> None:
    still = np.tile([0.0, 9.8, 0.0], (3000, 1))
    answer = measure_motion(test, np.arange(3000) * 20.0, *still.T)
    assert answer.values == {}
    assert {refusal.code for refusal in answer.refused.values()} == {"constant"}


@every_test
def test_five_samples_a_second_are_too_few(test: MotionTest) -> None:
    slow = walking(100, np.random.default_rng(2), seconds=60, rate_hz=5.0)
    answer = measure_motion(test, **slow.columns())
    assert answer.values == {}
    assert {refusal.code for refusal in answer.refused.values()} == {"sampling_too_slow"}


@every_test
def test_movement_beyond_the_sensors_range_is_refused(test: MotionTest) -> None:
    strong = walking(150, np.random.default_rng(3), push_m_s2=15.0)
    answer = measure_motion(test, strong.time_ms, *np.clip(strong.acceleration, -19.6, 19.6).T)
    assert answer.values == {}
    assert {refusal.code for refusal in answer.refused.values()} == {"clipped"}


def test_a_recording_with_a_hole_is_measured_on_its_longest_piece() -> None:
    breath = chest_breathing(15, np.random.default_rng(4), seconds=80)
    kept = (breath.time_ms < 10_000) | (breath.time_ms > 20_000)
    columns = {name: values[kept] for name, values in breath.columns().items()}
    answer = measure_motion("breathing", **columns)
    assert answer.values["respiratory_rate"] == pytest.approx(breath.truth["respiratory_rate"], abs=1.0)
    assert answer.details["breaths_ms"][0] >= 20_000
    assert answer.duration_s == pytest.approx(80, abs=0.1)
    kept = breath.time_ms % 20_000 < 15_000
    answer = measure_motion("breathing", **{n: values[kept] for n, values in breath.columns().items()})
    assert answer.refused["respiratory_rate"].code == "too_short"


@pytest.mark.parametrize("rate_hz", [50.0, 100.0, 400.0])
def test_the_sampling_rate_does_not_change_the_answer(rate_hz: float) -> None:
    tremor = hand_tremor(6.0, 1.0, np.random.default_rng(5), rate_hz=rate_hz)
    answer = measure_motion("tremor_rest", **tremor.columns())
    assert answer.values["tremor_frequency"] == pytest.approx(tremor.truth["tremor_frequency"], abs=0.2)
    assert answer.values["tremor_amplitude"] == pytest.approx(1.0, rel=0.05)
