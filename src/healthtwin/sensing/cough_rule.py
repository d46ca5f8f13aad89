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
    centre=(2.6896, -14.9524, 2.5974, 0.6983, -2.9963, 0.2245, 0.5502),
    spread=(0.7274, 14.1396, 9.8856, 0.2393, 1.0738, 0.1874, 0.3136),
    weight=(
        -0.0050,
        -0.0470,
        -1.9708,
        -0.9843,
        0.6525,
        -0.7285,
        -2.5850,
        0.1286,
        -0.1981,
        0.3193,
        0.0824,
        0.5119,
        0.0592,
        -0.0407,
        -0.6989,
        -0.7214,
        -0.2388,
        0.7105,
        -0.2789,
        -0.7051,
        -0.0925,
        -0.6624,
        -0.0823,
        0.4236,
        -0.4396,
        -1.2544,
        0.4927,
        -0.0890,
        -0.1529,
        0.7434,
        -0.4281,
        0.6245,
        0.2712,
        -0.5010,
        1.0186,
    ),
    bias=-0.8965,
)
