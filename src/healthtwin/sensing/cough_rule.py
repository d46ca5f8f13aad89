"""The fitted rule that tells a cough from other sudden sounds; written by `tools/tune_cough.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FEATURES: Final = (
    "log_length",
    "late",
    "swell",
    "periodicity",
    "log_flatness",
    "high_share",
    "voiced_around",
)
"""What `healthtwin.sensing.cough` says of each burst."""


@dataclass(frozen=True, slots=True)
class CoughRule:
    """A logistic rule of second order.

    Attributes:
        centre, spread: shape (7,), by which features are centred and scaled.
        weight: shape (35,), of the scaled features, their squares and products (`second_order`).
        bias: added.
    """

    centre: tuple[float, ...]
    spread: tuple[float, ...]
    weight: tuple[float, ...]
    bias: float

    def chance(self, features: Floats) -> Floats:
        """Shape (bursts,), 0 to 1, for features of shape (bursts, 7)."""
        scaled = (features - np.array(self.centre)) / np.array(self.spread)
        leaning = second_order(scaled) @ np.array(self.weight) + self.bias
        return np.asarray(1 / (1 + np.exp(-np.clip(leaning, -40, 40))))


def second_order(scaled: Floats) -> Floats:
    """Features, then the product of each with itself and every later one: shape (n, 7) to (n, 35)."""
    count = scaled.shape[1]
    products = [scaled[:, i] * scaled[:, j] for i in range(count) for j in range(i, count)]
    return np.column_stack([scaled, *products])


COUGH_RULE: Final = CoughRule(
    centre=(2.6905, -13.3266, 2.6016, 0.6990, -2.9996, 0.2243, 0.5520),
    spread=(0.7258, 12.8124, 9.7600, 0.2390, 1.0722, 0.1873, 0.3140),
    weight=(
        -0.0071,
        -0.1986,
        -1.9979,
        -1.0007,
        0.7009,
        -0.7562,
        -2.6285,
        0.0820,
        -0.1142,
        0.3146,
        0.0662,
        0.5880,
        0.0231,
        0.0252,
        -0.5120,
        -0.7410,
        -0.3440,
        0.5995,
        -0.2455,
        -0.5997,
        -0.1144,
        -0.6062,
        -0.0768,
        0.4662,
        -0.3656,
        -1.2957,
        0.4659,
        -0.0310,
        -0.0668,
        0.8348,
        -0.4716,
        0.6698,
        0.2882,
        -0.5624,
        1.0270,
    ),
    bias=-1.0379,
)
