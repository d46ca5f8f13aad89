"""The shipped models at run time: features in, calibrated probabilities out, by ONNX Runtime."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """What the shipped models say of one row per person.

    Attributes:
        member: score of each member, shape (n, members, targets); order of `Shipped.members`.
        ensemble: stacked score (log odds), shape (n, targets); order of `targets.TRAINED`.
        probability: calibrated, shape (n, targets).
    """

    member: NDArray[np.float32]
    ensemble: NDArray[np.float32]
    probability: NDArray[np.float32]
