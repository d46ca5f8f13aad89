"""What a net with memory is to fitting and to its saved form: arithmetic without weights of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    import numpy as np
    from numpy.typing import NDArray

    from healthtwin_lab.training.step_graph import StepGraph

    Tensor = Any  # torch is optional, and absent where types are checked
    Weights = dict[str, Tensor]
    Arrays = dict[str, NDArray[np.float32]]
    Drop = Callable[[Tensor], Tensor]
    Step = tuple[Tensor, tuple[Tensor, ...]]


class Cell(Protocol):
    """One net: its step in torch, for fitting, and the same step in ONNX, for use."""

    @property
    def name(self) -> str:
        """In files and tables."""
        ...

    @property
    def memory(self) -> tuple[int, ...]:
        """Columns of each part of one person's memory; zeros for somebody new."""
        ...

    @property
    def read(self) -> int:
        """Columns that the scores are read from."""
        ...

    @property
    def linear(self) -> bool:
        """Whether scores are read from the inputs too, by a plain linear path."""
        ...

    def start(self, inputs: int, rng: np.random.Generator) -> Arrays:
        """Weights to begin with, by name. `inputs`: width without the time.

        "first" is what the inputs and, as its last row, the time meet first: shape (inputs + 1, …).
        """
        ...

    def ahead(self, weights: Weights, inputs: Tensor, since: Tensor, drop: Drop) -> tuple[Tensor, ...]:
        """All that needs no memory: tensors (steps, people, …) of inputs (steps, people, inputs).

        Args:
            since: hours since the state was kept, (steps, people). drop: silences units while fitting.
        """
        ...

    def step(self, weights: Weights, ahead: tuple[Tensor, ...], memory: tuple[Tensor, ...]) -> Step:
        """One row per person: (what the memory shows, the new memory)."""
        ...

    def seen(self, ahead: tuple[Tensor, ...], shown: Tensor) -> Tensor:
        """What the scores are read from, (steps, people, read), from `ahead` and what every step showed."""
        ...

    def write(
        self, graph: StepGraph, weights: Arrays, inputs: str, since: str, memory: str
    ) -> tuple[str, str]:
        """The step as ONNX: names of (what the scores are read from, the new memory)."""
        ...
