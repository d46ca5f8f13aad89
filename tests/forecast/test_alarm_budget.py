"""The alarm budget: it reaches the rate asked for, within bounds, and only on event-free time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from healthtwin.domain import DAY_MS, MINUTE_MS
from healthtwin.domain.arrays import blank_observations
from healthtwin.forecast import AlarmBudget
from tests.forecast.observed import NOON_MS

BUDGET = AlarmBudget()
START = float(BUDGET.blank(1)["threshold"][0])


def noise(
    rng: np.random.Generator, people: int, steps: int, memory: float, scale: float
) -> NDArray[np.float64]:
    """Stationary scores of people who differ: squares of a slowly changing Gaussian, (steps, people)."""
    wild = rng.uniform(0.6, 1.6, people) * scale
    state = rng.standard_normal(people)
    scores = np.empty((steps, people))
    for step in range(steps):
        state = memory * state + np.sqrt(1 - memory**2) * rng.standard_normal(people)
        scores[step] = wild * state**2
    return scores


def run(
    scores: NDArray[np.float64], every_ms: int, asked: float, event_free: NDArray[np.bool_] | None = None
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Alarms per (step, person) and thresholds after the run."""
    steps, people = scores.shape
    state = BUDGET.blank(people)
    alarms = np.zeros((steps, people), np.int64)
    rows = blank_observations(people)
    for step in range(steps):
        rows["time_ms"] = NOON_MS + step * every_ms
        rows["day"] = rows["time_ms"] // DAY_MS
        free = np.ones(people, np.bool_) if event_free is None else event_free[step]
        threshold = state["threshold"].copy()
        alarms[step] = BUDGET.update(
            state,
            rows,
            scores[step] >= threshold,
            scores[step] < 0.5 * threshold,
            free,
            np.full(people, asked),
        )
    return alarms, state["threshold"]


@pytest.mark.parametrize(("asked", "scale"), [(1.0, 4.0), (1.0, 9.0), (3.0, 6.0), (7.0, 6.0)])
def test_pooled_over_people_the_rate_is_within_a_fifth_of_the_one_asked(asked: float, scale: float) -> None:
    people, weeks, every_ms = 30, 16, 30 * MINUTE_MS
    steps = weeks * 7 * DAY_MS // every_ms
    alarms, _ = run(noise(np.random.default_rng(17), people, steps, 0.9, scale), every_ms, asked)
    settled = alarms[steps // 4 :].sum()
    expected = asked * people * weeks * 3 / 4
    assert expected >= 100
    assert settled == pytest.approx(expected, rel=0.2)


def test_a_restless_person_gets_a_higher_threshold_than_a_quiet_one_and_the_same_rate() -> None:
    every_ms = 30 * MINUTE_MS
    steps = 20 * 7 * DAY_MS // every_ms
    rng = np.random.default_rng(5)
    scores = np.hstack([noise(rng, 20, steps, 0.9, 3.0), noise(rng, 20, steps, 0.9, 9.0)])
    alarms, threshold = run(scores, every_ms, 1.0)
    assert np.median(threshold[20:]) > 2 * np.median(threshold[:20])
    quiet, restless = alarms[steps // 4 :, :20].sum(), alarms[steps // 4 :, 20:].sum()
    assert restless == pytest.approx(quiet, rel=0.25)


def test_nothing_is_learned_while_an_event_lasts() -> None:
    scores = np.full((200, 1), 30.0)
    scores[::2] = 0.0
    _, free = run(scores, MINUTE_MS * 60, 1.0)
    _, busy = run(scores, MINUTE_MS * 60, 1.0, np.zeros((200, 1), np.bool_))
    assert busy[0] == START
    assert free[0] > busy[0]


@settings(max_examples=50)
@given(
    asked=st.floats(0.0, 20.0),
    bursts=st.lists(st.floats(0, 300), min_size=24, max_size=96),
)
def test_a_day_moves_the_threshold_only_so_far(asked: float, bursts: list[float]) -> None:
    """However wild a day is: up by its cap of steps at most, down by a day's share at most."""
    scores = np.array(bursts)[:, None]
    _, threshold = run(scores, 15 * MINUTE_MS, asked)  # at most one day
    most_steps = 2 * np.floor(1.0 + 2.0 * asked / 7.0)  # noon to noon touches two local days
    assert threshold[0] <= START * 1.25**most_steps * (1 + 1e-9)
    assert threshold[0] >= min(START, START / (1.0 + 0.2232 * asked / 7.0) ** 1.1) * np.exp(-0.02 * asked)


def test_one_excursion_is_one_alarm_however_long_it_lasts() -> None:
    alarms, _ = run(np.full((50, 1), 40.0), 5 * MINUTE_MS, 1.0)
    assert alarms.sum() == 1


def test_a_month_without_readings_does_not_open_the_gates() -> None:
    _, threshold = run(np.zeros((2, 1)), 30 * DAY_MS, 7.0)
    assert threshold[0] > START / 1.25


def test_a_budget_of_nothing_only_ever_rises() -> None:
    scores = np.tile([[50.0], [0.0]], (100, 1))
    _, threshold = run(scores, 60 * MINUTE_MS, 0.0)
    assert threshold[0] > START
