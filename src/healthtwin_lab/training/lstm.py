"""The LSTM: a long short-term memory whose memory fades with the time that passed, beside a direct path.

::

    inputs ── dense, ReLU ──┬──────────────────────────┐
                            ├─ LSTM (h, c) ────────────┴─ linear ── one score per target
    hours since kept ─ exp(−Δt·rate) on h and c (learned rates, one per unit)

Fading by the hours that passed is what GRU-D (Che et al., Sci Rep 2018;8:6085) does to its hidden state and
T-LSTM (Baytas et al., KDD 2017) to its cell: after a night without readings less is left than after an hour,
and after a long gap the net starts afresh by itself. The rows' own summaries (slopes, levels, extremes) take
the direct path, so the memory has to carry only what they leave out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin_lab.training.cell import Arrays, Drop, Step, Tensor, Weights
    from healthtwin_lab.training.step_graph import StepGraph


@dataclass(frozen=True, slots=True)
class LstmCell:
    """Shape and arithmetic of the net; a `healthtwin_lab.training.recurrent_fit.Cell`.

    Attributes:
        dense: units of the first layer. hidden: units of the memory.
    """

    dense: int = 64
    hidden: int = 32
    name: str = "lstm"

    @property
    def memory(self) -> tuple[int, ...]:
        """Columns of h and of c."""
        return (self.hidden, self.hidden)

    @property
    def linear(self) -> bool:
        """With few events, what a line through the features can say should not have to be found by layers."""
        return True

    @property
    def read(self) -> int:
        """Columns that the scores are read from."""
        return self.hidden + self.dense

    def start(self, inputs: int, rng: np.random.Generator) -> Arrays:
        """Weights to begin with. Forget gates begin open (bias 1), and fading at half-lives of 6 to 96 h."""

        def matrix(rows: int, columns: int) -> NDArray[np.float32]:
            return rng.normal(0.0, 1.0 / np.sqrt(rows), (rows, columns)).astype(np.float32)

        bias = np.zeros(4 * self.hidden, np.float32)
        bias[self.hidden : 2 * self.hidden] = 1.0
        half_life = np.exp(rng.uniform(np.log(6.0), np.log(96.0), self.hidden))
        return {
            "first": matrix(inputs + 1, self.dense),
            "first_bias": np.zeros(self.dense, np.float32),
            "gates_in": matrix(self.dense, 4 * self.hidden),
            "gates_state": matrix(self.hidden, 4 * self.hidden),
            "gates_bias": bias,
            "log_rate": np.log(np.log(2.0) / half_life).astype(np.float32),
        }

    def ahead(self, weights: Weights, inputs: Tensor, since: Tensor, drop: Drop) -> tuple[Tensor, ...]:
        """All that needs no memory: the dense layer, the gates' share of it, what time leaves of a memory."""
        import torch

        time = torch.log1p(since)[..., None]
        first = weights["first"]
        dense = torch.relu(inputs @ first[:-1] + time * first[-1] + weights["first_bias"])
        dense = drop(dense)
        gates = dense @ weights["gates_in"] + weights["gates_bias"]
        left = torch.exp(-since[..., None] * torch.exp(weights["log_rate"]))
        return gates, left, dense

    def step(self, weights: Weights, ahead: tuple[Tensor, ...], memory: tuple[Tensor, ...]) -> Step:
        """One row per person: (what the memory shows, the new memory)."""
        import torch

        gates, left, _ = ahead
        h, c = memory
        gates = torch.addmm(gates, h * left, weights["gates_state"])
        opened, fresh = gates.split([3 * self.hidden, self.hidden], 1)
        i, f, o = torch.sigmoid(opened).chunk(3, 1)
        c = f * (c * left) + i * torch.tanh(fresh)
        h = o * torch.tanh(c)
        return h, (h, c)

    def seen(self, ahead: tuple[Tensor, ...], shown: Tensor) -> Tensor:
        """What the scores are read from, for all rows together."""
        import torch

        return torch.cat([shown, ahead[2]], -1)

    def write(
        self, graph: StepGraph, weights: Arrays, inputs: str, since: str, memory: str
    ) -> tuple[str, str]:
        """The same step as ONNX: names of (what is read, the new memory)."""
        time = graph.op("Log", graph.op("Add", since, graph.constant(1.0)))
        dense = graph.linear(
            graph.op("Concat", inputs, time, axis=1), weights["first"], weights["first_bias"]
        )
        dense = graph.op("Relu", dense)
        rates = np.exp(np.tile(weights["log_rate"], 2))
        memory = graph.faded(memory, since, rates)
        h, c = (graph.columns(memory, k * self.hidden, (k + 1) * self.hidden) for k in range(2))
        both = np.concatenate([weights["gates_in"], weights["gates_state"]])
        gates = graph.linear(graph.op("Concat", dense, h, axis=1), both, weights["gates_bias"])
        opened = graph.op("Sigmoid", graph.columns(gates, 0, 3 * self.hidden))
        i, f, o = (graph.columns(opened, k * self.hidden, (k + 1) * self.hidden) for k in range(3))
        fresh = graph.op("Tanh", graph.columns(gates, 3 * self.hidden, 4 * self.hidden))
        c = graph.op("Add", graph.op("Mul", f, c), graph.op("Mul", i, fresh))
        h = graph.op("Mul", o, graph.op("Tanh", c))
        return graph.op("Concat", h, dense, axis=1), graph.op("Concat", h, c, axis=1)
