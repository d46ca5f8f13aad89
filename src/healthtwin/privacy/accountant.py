"""What a training costs in privacy: epsilon from noise, noise from epsilon, and who it is computed for.

Neighbouring data sets differ by one *unit*, a patient with all their rows or a hospital, that is there or not
(adjacency "add or remove one"). One round releases a sum to which each unit adds a vector of length 1 at
most, in units of the clip norm, with normal noise of standard deviation `noise_multiplier`.

Noise is always computed from what was asked for, never stated beside it: a noise multiplier of 0.5 with
"epsilon = 1" written next to it is epsilon = 10 after one round and 46 after ten.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from healthtwin.domain.errors import InvalidInput
from healthtwin.privacy import gaussian
from healthtwin.privacy.loss_distribution import GRID, epsilon_of_rounds

DEFAULT_DELTA: Final = 1e-5
LEAST_DELTA: Final = 1e-12
"""Below, the convolutions' rounding is no longer small beside it."""

MOST_ROUNDS: Final = 1_000_000
COARSE_GRID: Final = 1e-3
"""For the search; its result is computed again on the fine one."""

_CLOSE: Final = 1e-4
_LEAST_NOISE: Final = 1e-2
_MOST_NOISE: Final = 1e9


class Adjacency(StrEnum):
    """By what neighbouring data sets differ."""

    ADD_OR_REMOVE = "add-or-remove-one"
    REPLACE = "replace-one"


class Unit(StrEnum):
    """Whose presence is hidden."""

    PATIENT = "patient"
    HOSPITAL = "hospital"


@dataclass(frozen=True, slots=True)
class Schedule:
    """How a training releases sums.

    Attributes:
        rounds: how many.
        sample_rate: probability with which each unit is in a round, independently of all others; 1 where all
            are. Batches of a fixed size, or a shuffled pass over the data, are *not* such a sample.
        delta: probability with which the promise may fail.
        adjacency: by what neighbouring data sets differ.

    Raises:
        InvalidInput: on making one that cannot be.
    """

    rounds: int
    sample_rate: float = 1.0
    delta: float = DEFAULT_DELTA
    adjacency: Adjacency = Adjacency.ADD_OR_REMOVE

    def __post_init__(self) -> None:
        if not 1 <= self.rounds <= MOST_ROUNDS:
            raise InvalidInput("rounds", self.rounds, f"1 to {MOST_ROUNDS}")
        if not 0 < self.sample_rate <= 1:
            raise InvalidInput("sample_rate", self.sample_rate, "above 0 and at most 1")
        if not LEAST_DELTA <= self.delta < 1:
            raise InvalidInput("delta", self.delta, f"{LEAST_DELTA:g} to below 1")
        if self.sample_rate < 1 and self.adjacency is Adjacency.REPLACE:
            raise InvalidInput("adjacency", self.adjacency.value, "add-or-remove-one where units are sampled")

    @property
    def accountant(self) -> str:
        """Which computation stands behind its figures."""
        if self.sample_rate == 1:
            return "exact Gaussian (Balle and Wang 2018)"
        return f"privacy loss distribution, connect the dots, grid {GRID:g}"


def epsilon_of(noise_multiplier: float, schedule: Schedule) -> float:
    """What this much noise costs.

    Args:
        noise_multiplier: standard deviation of the noise over the clip norm.

    Raises:
        InvalidInput: the noise is not a positive number.

    >>> round(epsilon_of(0.5, Schedule(rounds=10)), 1)
    46.2
    """
    if not (math.isfinite(noise_multiplier) and noise_multiplier > 0):
        raise InvalidInput("noise_multiplier", noise_multiplier, "a number above 0")
    return _epsilon(noise_multiplier, schedule, GRID)


def noise_for(epsilon: float, schedule: Schedule) -> float:
    """The least noise multiplier that keeps epsilon, to four digits, never below it.

    Raises:
        InvalidInput: epsilon is not a positive number.

    >>> round(noise_for(1.0, Schedule(rounds=10)), 2)
    11.8
    """
    if not (math.isfinite(epsilon) and epsilon > 0):
        raise InvalidInput("epsilon", epsilon, "a number above 0")
    if schedule.sample_rate == 1:
        return _sensitivity(schedule) * math.sqrt(schedule.rounds) / gaussian.mu_of(epsilon, schedule.delta)
    low = high = 1.0
    while _epsilon(high, schedule, COARSE_GRID) > epsilon and high < _MOST_NOISE:
        low, high = high, 2 * high
    while low == high or (_epsilon(low, schedule, COARSE_GRID) <= epsilon and low > _LEAST_NOISE):
        low, high = low / 2, low
    while high / low > 1 + _CLOSE:
        middle = math.sqrt(low * high)
        fine = GRID if high / low < 1 + 100 * _CLOSE else COARSE_GRID
        low, high = (middle, high) if _epsilon(middle, schedule, fine) > epsilon else (low, middle)
    while _epsilon(high, schedule, GRID) > epsilon:
        high *= 1 + _CLOSE
    return high


def _epsilon(noise_multiplier: float, schedule: Schedule, grid: float) -> float:
    if schedule.sample_rate == 1:
        mu = _sensitivity(schedule) * math.sqrt(schedule.rounds) / noise_multiplier
        return gaussian.epsilon_of(schedule.delta, mu)
    return epsilon_of_rounds(noise_multiplier, schedule.sample_rate, schedule.rounds, schedule.delta, grid)


def _sensitivity(schedule: Schedule) -> float:
    """Of the sum, in clip norms: replacing somebody takes one vector away and adds another."""
    return 2.0 if schedule.adjacency is Adjacency.REPLACE else 1.0
