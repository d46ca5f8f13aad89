"""What every trained member is to training: one interface, whatever stands behind it.

A member scores all trained targets at once from the feature rows of people in order. Whatever it learns of
scale, missing values and classes it learns inside `fit`; whatever it must remember between two rows of one
person is a vector per person, so that the saved model can be asked one observation at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    X = NDArray[np.float32]
    Labels = NDArray[np.int8]
    Flags = NDArray[np.bool_]
    People = NDArray[np.intp]
    Scores = NDArray[np.float32]


class TrainedMember(Protocol):
    """A member that is fitted.

    The saved form is one ONNX file `NAME.onnx` in the given folder. Members without memory have the input
    `x` (n, F) float32 and the output `scores` (n, T) float32. Members with memory also have the input
    `state` (n, S) float32, zeros for somebody new, and the output `new_state` (n, S). NaN in `x` is a value
    that is not known; the file itself must take it. Scores are log odds, or anything that rises with the
    risk: stacking and calibration come after.

    Attributes:
        name: file name and name in tables: trend, trees, lstm, snn, news2, last_value.
    """

    name: str

    @property
    def remembers(self) -> int:
        """Numbers that the saved member remembers of one person; 0 without memory."""
        ...

    def fit(self, x: X, y: Labels, eligible: Flags, person: People, seed: int) -> None:
        """Learn. Same arguments, same member, bit for bit.

        Args:
            x: features, shape (rows, F); rows of one person stand together in time order.
            y: 1 where the target came true, shape (rows, T). eligible: where it can be judged, (rows, T).
            person: number of the person of each row, shape (rows,). seed: of everything random.
        """
        ...

    def predict(self, x: X, person: People) -> Scores:
        """Scores of all targets, shape (rows, T); rows of one person stand together in time order."""
        ...

    def save(self, folder: Path) -> Path:
        """Write the ONNX file; returns its path."""
        ...

    def load(self, folder: Path) -> None:
        """Read what `save` wrote, for `predict` through ONNX Runtime."""
        ...

    def explain(self) -> dict[str, float]:
        """Weight of each feature by name in the fitted member, largest first; empty where it cannot tell."""
        ...

    def metrics(self) -> dict[str, float]:
        """What `fit` measured on the side, such as the loss and the number of rounds."""
        ...
