"""The spiking network: leaky integrate-and-fire neurons that fade by the hour; surrogate gradients.

::

    inputs ─ currents ─┐            spikes ─ readout membranes (leaky, never fire) ─ linear ─ scores
                       ├─ neurons ──┤
    synapses ─ currents┘            └─ synapses (traces that fade), threshold adaptation
                ^──────────────────────┘

A row drives every neuron with a constant current for `ticks` ticks; a membrane v leaks, fires where it passes
its threshold, and is lowered by the threshold (soft reset). How often it fired (0 … 1) is all that leaves a
neuron. Between rows, membranes, adaptation, synaptic traces and readout membranes fade with the hours that
passed, each at its own learned rate, so irregular readings need nothing special.

The step function of a spike has no useful slope; training puts that of a fast sigmoid in its place (Neftci,
Mostafa & Zenke, IEEE Signal Processing Magazine 2019;36(6):51–63; Zenke & Ganguli, Neural Computation
2018;30:1514). Thresholds that rise with firing follow Bellec et al., NeurIPS 2018.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, cast

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from numpy.typing import NDArray

    from healthtwin_lab.training.cell import Arrays, Drop, Step, Tensor, Weights
    from healthtwin_lab.training.step_graph import StepGraph

SURROGATE_STEEPNESS: Final = 2.0
"""Of the fast sigmoid: a spike missed by half a threshold still pulls at a quarter of full strength."""


@cache
def _spikes() -> Callable[[Tensor], Tensor]:
    """1 where the membrane is over its threshold, with a fast sigmoid's slope on the way back."""
    import torch

    def forward(context: Any, over: Tensor) -> Tensor:  # noqa: ANN401 – torch's own
        context.save_for_backward(over)
        return (over > 0).to(over.dtype)

    def backward(context: Any, pull: Tensor) -> Tensor:  # noqa: ANN401
        (over,) = context.saved_tensors
        return pull / (1.0 + SURROGATE_STEEPNESS * over.abs()).square()

    made = type(
        "Spikes",
        (torch.autograd.Function,),
        {"forward": staticmethod(forward), "backward": staticmethod(backward)},
    )
    return cast("Callable[[Tensor], Tensor]", made.apply)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class SpikingCell:
    """Shape and arithmetic of the net; a `healthtwin_lab.training.recurrent_fit.Cell`.

    Attributes:
        neurons: that fire. membranes: of the readout. ticks: per row.
    """

    neurons: int = 64
    membranes: int = 32
    ticks: int = 3
    name: str = "snn"

    @property
    def memory(self) -> tuple[int, ...]:
        """Columns: membrane, adaptation and trace of each neuron, then the readout membranes."""
        return (self.neurons, self.neurons, self.neurons, self.membranes)

    @property
    def linear(self) -> bool:
        """No value passes around the spikes."""
        return False

    @property
    def read(self) -> int:
        """Columns that the scores are read from."""
        return self.membranes

    def start(self, inputs: int, rng: np.random.Generator) -> Arrays:
        """Weights to begin with: half-lives of 1 to 24 h, a leak of a half per tick, weak recurrence."""
        n, m = self.neurons, self.membranes

        def matrix(rows: int, columns: int, gain: float) -> NDArray[np.float32]:
            return rng.normal(0.0, gain / np.sqrt(rows), (rows, columns)).astype(np.float32)

        half_life = np.exp(rng.uniform(np.log(1.0), np.log(24.0), sum(self.memory)))
        return {
            "first": matrix(inputs + 1, n, 1.0),
            "current_back": matrix(n, n, 0.3),
            "current_bias": rng.uniform(0.0, 0.6, n).astype(np.float32),
            "leak": np.zeros(n, np.float32),
            "adapt": np.full(n, -2.0, np.float32),
            "out": matrix(n, m, 1.5),
            "log_rate": np.log(np.log(2.0) / half_life).astype(np.float32),
        }

    def ahead(self, weights: Weights, inputs: Tensor, since: Tensor, drop: Drop) -> tuple[Tensor, ...]:
        """All that needs no memory: currents, what time leaves of the memory, which neurons are heard."""
        import torch

        time = torch.log1p(since)[..., None]
        first = weights["first"]
        current = inputs @ first[:-1] + time * first[-1] + weights["current_bias"]
        left = torch.exp(-since[..., None] * torch.exp(weights["log_rate"]))
        return current, left, drop(torch.ones_like(current))

    def step(self, weights: Weights, ahead: tuple[Tensor, ...], memory: tuple[Tensor, ...]) -> Step:
        """One row per person: (what the memory shows, the new memory)."""
        import torch

        current, left, heard = ahead
        kept = left.split(list(self.memory), 1)
        v, adaptation, trace, u = (part * stays for part, stays in zip(memory, kept, strict=True))
        current = torch.addmm(current, trace, weights["current_back"])
        stays = torch.sigmoid(weights["leak"])
        threshold = 1.0 + adaptation
        spikes = _spikes()
        fired = 0.0
        for _ in range(self.ticks):
            v = torch.addcmul(current, v, stays)
            spike = spikes(v - threshold)
            v = torch.addcmul(v, spike, threshold, value=-1.0)
            fired = spike + fired
        often = fired * (heard / self.ticks)
        adaptation = torch.addcmul(adaptation, often, torch.nn.functional.softplus(weights["adapt"]))
        u = torch.addmm(u, often, weights["out"])
        return u, (v, adaptation, trace + often, u)

    def seen(self, ahead: tuple[Tensor, ...], shown: Tensor) -> Tensor:  # noqa: ARG002 – no direct path
        """What the scores are read from, for all rows together."""
        return shown

    def write(
        self, graph: StepGraph, weights: Arrays, inputs: str, since: str, memory: str
    ) -> tuple[str, str]:
        """The same step as ONNX: names of (what is read, the new memory)."""
        n = self.neurons
        memory = graph.faded(memory, since, np.exp(weights["log_rate"]))
        v, adaptation, trace = (graph.columns(memory, k * n, (k + 1) * n) for k in range(3))
        u = graph.columns(memory, 3 * n, sum(self.memory))
        time = graph.op("Log", graph.op("Add", since, graph.constant(1.0)))
        both = np.concatenate([weights["first"], weights["current_back"]])
        current = graph.op("Concat", inputs, time, trace, axis=1)
        current = graph.linear(current, both, weights["current_bias"])
        stays = 1.0 / (1.0 + np.exp(-weights["leak"]))
        threshold = graph.op("Add", adaptation, graph.constant(1.0))
        fired = ""
        for _ in range(self.ticks):
            v = graph.op("Add", graph.times(v, stays), current)
            spike = graph.op("Cast", graph.op("Greater", v, threshold), to=1)
            v = graph.op("Sub", v, graph.op("Mul", spike, threshold))
            fired = graph.op("Add", fired, spike) if fired else spike
        often = graph.times(fired, 1.0 / self.ticks)
        adaptation = graph.op("Add", adaptation, graph.times(often, np.log1p(np.exp(weights["adapt"]))))
        u = graph.op("Add", u, graph.op("MatMul", often, graph.constant(weights["out"])))
        return u, graph.op("Concat", v, adaptation, graph.op("Add", trace, often), u, axis=1)
