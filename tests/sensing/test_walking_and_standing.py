"""Steps, cadence, limp, unsteadiness, activity and sway from a phone at the trunk."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from healthtwin.sensing import measure_any_motion, measure_motion
from healthtwin_lab.evaluate.planted_motion import chest_breathing, on_a_table, standing, turned, walking

seeds = st.integers(0, 10_000)


@settings(max_examples=20)
@given(seeds, st.floats(60, 170))
def test_a_planted_cadence_and_its_steps_are_found(seed: int, cadence: float) -> None:
    planted = walking(cadence, np.random.default_rng(seed)).rounded()
    gait = measure_motion("gait", **planted.columns())
    assert gait.values["gait_cadence"] == pytest.approx(planted.truth["gait_cadence"], abs=1.0)
    steps = measure_motion("activity", **planted.columns()).values["steps"]
    assert steps == pytest.approx(planted.truth["steps"], abs=2)
    assert sum(walk["steps"] for walk in gait.details["walks"]) == steps


@settings(max_examples=8)
@given(seeds)
def test_how_the_phone_is_worn_does_not_matter(seed: int) -> None:
    planted = walking(105, np.random.default_rng(seed), limp=0.05)
    around = Rotation.random(rng=np.random.default_rng(seed)).as_matrix()
    for test in ("gait", "activity", "balance"):
        here = measure_motion(test, **planted.columns())
        there = measure_motion(test, **turned(planted, around).columns())
        # Some values are told in steps of 0.01, and rounding may fall on either side of one.
        assert there.values == pytest.approx(here.values, rel=1e-3, abs=0.0101)


def test_a_limp_makes_left_and_right_unlike_but_not_unsteady() -> None:
    even = measure_motion("gait", **walking(100, np.random.default_rng(1)).columns()).values
    limping = measure_motion("gait", **walking(100, np.random.default_rng(1), limp=0.15).columns()).values
    assert even["gait_asymmetry"] < 2
    assert limping["gait_asymmetry"] > 15
    assert limping["gait_unsteadiness"] == pytest.approx(even["gait_unsteadiness"], abs=0.5)


def test_unsteady_steps_are_less_alike() -> None:
    def values(irregular: float) -> dict[str, float]:
        planted = walking(100, np.random.default_rng(2), irregular=irregular)
        return dict(measure_motion("gait", **planted.columns()).values)

    steady, unsteady = values(0.01), values(0.08)
    assert unsteady["gait_unsteadiness"] > 3 * steady["gait_unsteadiness"]
    assert unsteady["gait_regularity"] < steady["gait_regularity"]


def test_a_few_steps_give_a_cadence_but_nothing_finer() -> None:
    planted = walking(100, np.random.default_rng(3), seconds=30)
    few = planted.acceleration.copy()
    few[360:] = np.array([0.0, 9.8, 0.0])
    answer = measure_motion("gait", planted.time_ms, *few.T)
    assert answer.values["gait_cadence"] == pytest.approx(100, abs=4)
    assert answer.refused["gait_regularity"].code == "too_few_steps"
    assert answer.refused["gait_regularity"].facts["needed_steps"] == 16


def test_standing_sitting_and_lying_are_no_walk() -> None:
    for still in (
        standing(0.2, np.random.default_rng(4)),
        chest_breathing(15, np.random.default_rng(4)),
        on_a_table(np.random.default_rng(4)),
    ):
        assert measure_motion("gait", **still.columns()).refused["gait_cadence"].code == "no_walk"
        assert measure_motion("activity", **still.columns()).values["steps"] == 0.0


def test_activity_grows_from_lying_to_walking_to_running() -> None:
    def level(push: float, cadence: float) -> float:
        planted = walking(cadence, np.random.default_rng(5), push_m_s2=push)
        return measure_motion("activity", **planted.columns()).values["activity_level"]

    lying = measure_motion("activity", **chest_breathing(15, np.random.default_rng(5)).columns())
    assert lying.values["activity_level"] < 0.5
    assert 0.5 < level(1.0, 80) < 1.5 < level(3.0, 115) < level(9.0, 165)


@pytest.mark.parametrize("sway", [0.1, 0.2, 0.5])
def test_planted_sway_is_measured_through_rounding(sway: float) -> None:
    planted = standing(sway, np.random.default_rng(6))
    answer = measure_motion("balance", **planted.rounded().columns())
    assert answer.values["sway_rms"] == pytest.approx(sway, rel=0.1)
    half = measure_motion("balance", **standing(sway / 2, np.random.default_rng(6)).columns())
    assert answer.values["sway_area"] == pytest.approx(4 * half.values["sway_area"], rel=0.15)
    assert answer.values["sway_path"] > 1.5 * half.values["sway_path"]


def test_sway_is_refused_where_nobody_stands() -> None:
    lying = chest_breathing(15, np.random.default_rng(7))
    assert measure_motion("balance", **lying.columns()).refused["sway_rms"].code == "lying"
    stepping = walking(100, np.random.default_rng(7))
    assert measure_motion("balance", **stepping.columns()).refused["sway_rms"].code == "moved"
    fine = standing(0.03, np.random.default_rng(7)).rounded()
    assert measure_motion("balance", **fine.columns()).refused["sway_rms"].code == "too_fine"
    leaning_on_a_wall = standing(0.001, np.random.default_rng(7))
    assert measure_motion("balance", **leaning_on_a_wall.columns()).refused["sway_rms"].code == "not_held"


def test_everything_is_tried_where_nobody_says_what_was_done() -> None:
    answer = measure_any_motion(**walking(100, np.random.default_rng(8)).columns())
    assert {"gait_cadence", "steps", "activity_level"} <= set(answer.values)
    assert {"respiratory_rate", "tremor_frequency", "sway_rms"} <= set(answer.refused)
    assert answer.details["gait"]["walks"]
    assert not set(answer.values) & set(answer.refused)
