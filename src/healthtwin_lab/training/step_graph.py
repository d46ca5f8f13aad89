"""Writing a net's step as an ONNX graph by hand: one operator per line, nothing traced, nothing hidden.

The graph takes feature rows `x` (n, F) and `state` (n, S), zeros for somebody new, and gives `scores` (n, T)
and `new_state` (n, S). The last two columns of a state are the hours (since the first reading) at which it
was kept, and 1 once anything was kept. Every row is computed on its own: a batch changes no result by more
than the order in which a matrix product adds up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin_lab.training.net_inputs import CLIPPED_AT_SD
from healthtwin_lab.training.sequences import KEEP_AFTER_H, LONGEST_GAP_H

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin_lab.training.net_inputs import Layout, Scaling

OPSET: Final = 18
"""Old enough for every ONNX Runtime that the base install allows."""

IR_VERSION: Final = 9

KEPT_COLUMNS: Final = 2
"""Columns of a state behind those of the net itself: hours when kept, and whether anything was."""


@dataclass(slots=True)
class StepGraph:
    """Nodes and constants of a graph in the making. Every method returns the name of what it computes."""

    nodes: list[object] = field(default_factory=list)
    constants: dict[str, NDArray[np.generic]] = field(default_factory=dict)

    def constant(self, value: object, dtype: type[np.generic] = np.float32) -> str:
        """A number or array."""
        name = f"c{len(self.constants)}"
        self.constants[name] = np.asarray(value, dtype)
        return name

    def op(self, kind: str, *inputs: str, name: str = "", **attributes: object) -> str:
        """The one output of an operator."""
        from onnx import helper

        name = name or f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def linear(self, x: str, weight: object, bias: object) -> str:
        """A dense layer: x·weight + bias."""
        return self.op("Gemm", x, self.constant(weight), self.constant(bias))

    def columns(self, x: str, begin: int, end: int) -> str:
        """Columns begin…end−1 of x."""
        return self.op("Slice", x, *(self.constant([number], np.int64) for number in (begin, end, 1)))

    def times(self, x: str, factor: object) -> str:
        """What x is times a number or a row of numbers."""
        return self.op("Mul", x, self.constant(factor))

    def faded(self, x: str, since: str, rate: NDArray[np.float32]) -> str:
        """What time leaves of x: x · exp(−since · rate). `rate` per hour, shape (columns,)."""
        return self.op("Mul", x, self.op("Exp", self.times(since, -rate[None, :])))

    def inputs(self, scaling: Scaling, layout: Layout) -> tuple[str, str, str]:
        """Scaled columns, which are missing, hours since the first reading: (n, F), (n, F), (n, 1).

        All columns are taken, those left out with weight 0: picking columns costs more than multiplying them.
        """
        center = scaling.of_every_column(scaling.center)
        z = self.op("Sub", "x", self.constant(center))
        z = self.times(z, scaling.of_every_column(1.0 / scaling.spread))
        missing = self.op("IsNaN", z)
        z = self.op("Clip", z, self.constant(-CLIPPED_AT_SD), self.constant(CLIPPED_AT_SD))
        hours = self.op("Slice", "x", *self._one_column(layout.hours))
        return z, missing, hours

    def _one_column(self, column: int) -> tuple[str, str, str]:
        """Arguments of a Slice that takes one column."""
        begin, end, axis = (self.constant([number], np.int64) for number in (column, column + 1, 1))
        return begin, end, axis

    def since(self, hours: str, state: int) -> str:
        """Hours since the state was kept, at most a week; 0 for somebody new. `state`: columns of it."""
        kept_at = self.op("Slice", "state", *self._one_column(state - 2))
        started = self.op("Slice", "state", *self._one_column(state - 1), name="started")
        since = self.op("Mul", self.op("Sub", hours, kept_at), started)
        since = self.op("Where", self.op("IsNaN", since), self.constant(0.0), since)
        return self.op("Clip", since, self.constant(0.0), self.constant(LONGEST_GAP_H), name="since")

    def keep(self, memory: str, hours: str) -> None:
        """Make `new_state`: the new memory where enough time has passed, else the state as it was."""
        unknown = self.op("IsNaN", hours)
        due = self.op("GreaterOrEqual", "since", self.constant(KEEP_AFTER_H))
        due = self.op("Or", due, self.op("Less", "started", self.constant(0.5)))
        due = self.op("And", due, self.op("Not", unknown))
        known = self.op("Where", unknown, self.constant(0.0), hours)
        one = self.op("Add", self.times(known, 0.0), self.constant(1.0))
        self.op("Where", due, self.op("Concat", memory, known, one, axis=1), "state", name="new_state")
