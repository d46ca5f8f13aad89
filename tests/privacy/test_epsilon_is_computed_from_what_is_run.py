"""Epsilon and noise: against closed forms, published figures, and each other."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from healthtwin.domain.errors import InvalidInput
from healthtwin.privacy import Adjacency, Schedule, epsilon_of, noise_for


def true_delta(epsilon: float, mu: float) -> float:
    """The closed form, written down once more and without care for small numbers."""
    return float(ndtr(mu / 2 - epsilon / mu) - math.exp(epsilon) * ndtr(-mu / 2 - epsilon / mu))


@pytest.mark.parametrize(
    ("noise", "rounds", "sample_rate", "epsilon"),
    [
        (0.5, 1, 1.0, 9.997),
        (0.5, 10, 1.0, 46.211),
        (3.7306, 1, 1.0, 1.0),
        (1.1, 1000, 1.0, 534.898),
        (1.1, 1000, 0.01, 1.5154),  # Google's dp-accounting 0.6 on a grid of 1e-4
    ],
)
def test_known_figures_come_out(noise: float, rounds: int, sample_rate: float, epsilon: float) -> None:
    assert epsilon_of(noise, Schedule(rounds, sample_rate)) == pytest.approx(epsilon, rel=2e-3)


@settings(max_examples=100, deadline=None)
@given(
    noise=st.floats(0.3, 60),
    rounds=st.integers(1, 400),
    delta=st.sampled_from([1e-7, 1e-6, 1e-5, 1e-4]),
)
def test_without_sampling_epsilon_is_the_closed_forms_and_never_below(
    noise: float, rounds: int, delta: float
) -> None:
    mu = math.sqrt(rounds) / noise
    epsilon = epsilon_of(noise, Schedule(rounds, delta=delta))
    if epsilon > 600:  # e**epsilon leaves the range of the plain formula
        return
    assert true_delta(epsilon, mu) <= delta * (1 + 1e-6)
    if epsilon:
        assert true_delta(0.99 * epsilon, mu) > delta


@settings(max_examples=40, deadline=None)
@given(epsilon=st.floats(0.05, 20), rounds=st.integers(1, 300), replaced=st.booleans())
def test_noise_for_an_epsilon_keeps_it_and_is_not_more_than_needed(
    epsilon: float, rounds: int, replaced: bool
) -> None:
    adjacency = Adjacency.REPLACE if replaced else Adjacency.ADD_OR_REMOVE
    schedule = Schedule(rounds, adjacency=adjacency)
    noise = noise_for(epsilon, schedule)
    assert epsilon_of(noise, schedule) <= epsilon * (1 + 1e-6)
    assert epsilon_of(noise * 0.995, schedule) > epsilon


@pytest.mark.parametrize(("epsilon", "rounds", "sample_rate"), [(1.0, 200, 0.02), (4.0, 30, 0.3)])
def test_noise_for_sampled_rounds_keeps_its_epsilon_within_a_hundredth(
    epsilon: float, rounds: int, sample_rate: float
) -> None:
    schedule = Schedule(rounds, sample_rate)
    got = epsilon_of(noise_for(epsilon, schedule), schedule)
    assert 0.99 * epsilon <= got <= epsilon


@pytest.mark.parametrize(("noise", "sample_rate"), [(0.8, 0.3), (2.0, 0.05)])
def test_one_sampled_round_is_what_integration_over_both_densities_gives(
    noise: float, sample_rate: float
) -> None:
    x = np.linspace(-40 * noise, 1 + 40 * noise, 2_000_001)
    absent = np.exp(-0.5 * (x / noise) ** 2) / (noise * math.sqrt(2 * math.pi))
    there = np.exp(-0.5 * ((x - 1) / noise) ** 2) / (noise * math.sqrt(2 * math.pi))
    mixed = (1 - sample_rate) * absent + sample_rate * there
    epsilon = epsilon_of(noise, Schedule(1, sample_rate))
    step = float(x[1] - x[0])
    deltas = [
        float(np.maximum(p - math.exp(epsilon) * q, 0).sum() * step)
        for p, q in ((mixed, absent), (absent, mixed))
    ]
    assert max(deltas) == pytest.approx(1e-5, rel=0.01)


def test_sampling_helps_and_more_rounds_cost_more() -> None:
    costs = [epsilon_of(1.2, Schedule(50, rate)) for rate in (0.01, 0.1, 0.5, 0.9, 1.0)]
    assert costs == sorted(costs)
    costs = [epsilon_of(1.2, Schedule(rounds, 0.1)) for rounds in (1, 10, 100)]
    assert costs == sorted(costs)


def test_replacing_somebody_is_twice_as_far_as_removing_them() -> None:
    assert epsilon_of(3.73, Schedule(1, adjacency=Adjacency.REPLACE)) == pytest.approx(2.16, abs=0.01)


def test_asking_twice_gives_the_same_number() -> None:
    schedule = Schedule(77, 0.07)
    assert epsilon_of(1.3, schedule) == epsilon_of(1.3, schedule)


@pytest.mark.parametrize("noise", [0.0, -1.0, float("nan"), float("inf")])
def test_noise_that_is_none_is_refused(noise: float) -> None:
    with pytest.raises(InvalidInput, match="a number above 0"):
        epsilon_of(noise, Schedule(1))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"rounds": 0}, "rounds"),
        ({"rounds": 1, "sample_rate": 0.0}, "sample_rate"),
        ({"rounds": 1, "sample_rate": 1.1}, "sample_rate"),
        ({"rounds": 1, "sample_rate": float("nan")}, "sample_rate"),
        ({"rounds": 1, "delta": 0.0}, "delta"),
        ({"rounds": 1, "delta": 1.0}, "delta"),
        ({"rounds": 1, "sample_rate": 0.5, "adjacency": Adjacency.REPLACE}, "adjacency"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(wrong: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput, match=field):
        Schedule(**wrong)  # type: ignore[arg-type]
