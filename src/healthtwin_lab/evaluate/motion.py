"""Motion against what was planted, through the browser's rounding; synthetic, and labelled so.

No open recordings carry a phone's motion with a reference for breathing or tremor. What can be shown is that
the detectors find what is there, at which size they stop, and that they refuse where nothing is.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.sensing import MotionTest, measure_motion
from healthtwin_lab.evaluate.planted_motion import (
    Planted,
    chest_breathing,
    hand_tremor,
    on_a_table,
    standing,
    walking,
)
from healthtwin_lab.evaluate.sensing_figures import goal

if TYPE_CHECKING:
    from collections.abc import Callable

BREATHING_PER_MIN: Final = (8.0, 30.0)
TILTS_DEG: Final = (0.1, 0.2, 0.5, 1.0)
"""Half of how far a breath turns the phone; people on their back: 0.5 to 2."""

PEOPLE_TILT_DEG: Final = 0.5
VISIBLE_TREMOR_M_S2: Final = 0.1
"""Goals are judged from here on: below, a detector may refuse, and is shown all the same."""

TREMOR_HZ: Final = (3.3, 11.7)
TREMOR_M_S2: Final = (0.05, 0.1, 0.3, 1.0)

DRAWS: Final = 40

TRIVIAL_BREATHING: Final = 15.0
TRIVIAL_TREMOR_HZ: Final = 6.0


def evaluate_planted_motion(draws: int | None = None) -> dict[str, Any]:
    """Errors and refusals over planted recordings, with and without rounding.

    Args:
        draws: recordings for each line; `DRAWS` if not given.
    """
    draws = draws or DRAWS
    found: dict[str, Any] = {
        "synthetic": "planted recordings; see healthtwin_lab.evaluate.planted_motion",
        "breathing": [
            {"tilt_deg": tilt, "gyroscope": gyroscope, **_breathing(tilt, gyroscope, draws)}
            for gyroscope in (True, False)
            for tilt in TILTS_DEG
        ],
        "tremor": [{"amplitude_m_s2": size, **_tremor(size, draws)} for size in TREMOR_M_S2],
        "where_nothing_is": _where_nothing_is(draws),
    }
    people = [row for row in found["breathing"] if row["tilt_deg"] >= PEOPLE_TILT_DEG]
    seen = [row for row in found["tremor"] if row["amplitude_m_s2"] >= VISIBLE_TREMOR_M_S2]
    found["goals"] = [
        _goal("chest breathing, synthetic, rounded, worst error", people, 1.0, "/min"),
        _goal("tremor frequency, synthetic, rounded, worst error", seen, 0.3, "Hz"),
    ]
    return found


def _goal(words: str, rows: list[dict[str, Any]], most: float, unit: str) -> dict[str, Any]:
    worst = [row["worst"] for row in rows if row["worst"] is not None]
    return goal(words, f"<= {most:g} {unit}", max(worst, default=None), most)


def _breathing(tilt_deg: float, gyroscope: bool, draws: int) -> dict[str, Any]:
    def draw(rng: np.random.Generator) -> Planted:
        rate = rng.uniform(*BREATHING_PER_MIN)
        return chest_breathing(rate, rng, tilt_deg=tilt_deg, gyroscope=gyroscope).rounded()

    return _errors("breathing", "respiratory_rate", draw, draws, most=1.0, trivial=TRIVIAL_BREATHING)


def _tremor(amplitude: float, draws: int) -> dict[str, Any]:
    def draw(rng: np.random.Generator) -> Planted:
        return hand_tremor(rng.uniform(*TREMOR_HZ), amplitude, rng).rounded()

    return _errors("tremor_rest", "tremor_frequency", draw, draws, most=0.3, trivial=TRIVIAL_TREMOR_HZ)


def _errors(
    test: MotionTest,
    metric: str,
    draw: Callable[[np.random.Generator], Planted],
    draws: int,
    *,
    most: float,
    trivial: float,
) -> dict[str, Any]:
    errors, trivial_errors, spent = [], [], 0.0
    for seed in range(draws):
        planted = draw(np.random.default_rng(seed))
        begun = time.perf_counter()
        answer = measure_motion(test, **planted.columns())
        spent += time.perf_counter() - begun
        trivial_errors.append(abs(trivial - planted.truth[metric]))
        if not answer.refused:
            errors.append(abs(answer.values[metric] - planted.truth[metric]))
    return {
        "recordings": draws,
        "refused": draws - len(errors),
        "mae": float(np.mean(errors)) if errors else None,
        "worst": float(np.max(errors)) if errors else None,
        "within_goal": sum(error <= most for error in errors),
        "always_the_same_mae": float(np.mean(trivial_errors)),
        "ms": 1000 * spent / draws,
    }


def _where_nothing_is(draws: int) -> dict[str, dict[str, str]]:
    """How often each test answered with a number where it should not; everything rounded."""
    cases: dict[str, tuple[Callable[[np.random.Generator], Planted], tuple[MotionTest, ...]]] = {
        "phone on a table": (on_a_table, ("breathing", "tremor_rest", "balance", "gait")),
        "walking": (lambda rng: walking(rng.uniform(80, 130), rng), ("breathing", "tremor_rest", "balance")),
        "standing": (lambda rng: standing(0.15, rng), ("gait", "tremor_rest")),
        "breathing on the chest": (
            lambda rng: chest_breathing(rng.uniform(*BREATHING_PER_MIN), rng),
            ("gait", "tremor_rest"),
        ),
    }
    return {
        case: {
            test: f"{sum(_answers(test, draw, seed) for seed in range(draws))} of {draws}" for test in tests
        }
        for case, (draw, tests) in cases.items()
    }


def _answers(test: MotionTest, draw: Callable[[np.random.Generator], Planted], seed: int) -> bool:
    return bool(measure_motion(test, **draw(np.random.default_rng(seed)).rounded().columns()).values)
