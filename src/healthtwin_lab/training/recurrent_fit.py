"""Fitting a net with memory: whole people in batches, several targets at once, stopped on people held out.

What was chosen, and why: the loss of a target is its binary cross-entropy by that of its base rate, so that a
rare target pulls as much as a frequent one and probabilities stay honest (no class weights). The next values
are taught beside the targets (`net_inputs.later_steps`), since few hours carry an event but nearly all carry
values. In every pass a share of rows is left out, so that the net meets gaps other than the chart's. Weights
are averaged exponentially over the updates; the average is what is judged and saved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin_lab.training import net_inputs, sequences

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from numpy.typing import NDArray

    from healthtwin_lab.training.cell import Arrays, Cell, Tensor, Weights

_TOGETHER: Final = 1024
_STEPS: Final = 10_000
"""People and rows at once where nothing is learned."""

_READING: Final = frozenset({"linear", "score", "score_bias"})
"""Weights with one column per target, then one per later step, which is not saved."""

_WARMING: Final = 0.1
"""Share of the planned updates during which the learning rate rises."""

_FIRST_UPDATES: Final = 9.0
"""The average of weights forgets its beginning: after n updates the newest counts at least 9 in n + 9."""

_NORM: Final = 1.0
"""Longest gradient; a longer one is shortened to it (Pascanu et al., ICML 2013)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How long and how carefully to fit.

    Attributes:
        passes: over the training people, at most. patience: passes without a better loss before it stops.
        held_out: share of the people that only judge when to stop.
        together: people per batch. steps: rows after which gradients are cut.
        rate: highest learning rate. decay: of weights.
        dropout: share of units not heard. left_out: share of rows left out of a pass.
        later: weight of the next values beside the targets. averaging: of weights, per update.
    """

    passes: int = 3
    patience: int = 2
    held_out: float = 0.1
    together: int = 96
    steps: int = 56
    rate: float = 5e-3
    decay: float = 0.02
    dropout: float = 0.3
    left_out: float = 0.1
    later: float = 0.5
    averaging: float = 0.97


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A net that was fitted.

    Attributes:
        weights: by name. scaling: how columns become inputs. metrics: what was measured on the way.
        slope: per used column, how much one standard deviation more moves the log odds, on average over
            targets and the rows held out, whatever the direction; what it does to later rows counts too.
    """

    weights: Arrays
    scaling: net_inputs.Scaling
    metrics: dict[str, float]
    slope: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Rows of some people as tensors.

    Attributes:
        inputs: shape (rows, width). labels: shape (rows, columns).
        weight: what one row's loss in a column weighs; sums to the column's pull.
        person, hours: shape (rows,).
    """

    inputs: Tensor
    labels: Tensor
    weight: Tensor
    person: NDArray[np.intp]
    hours: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class _Lesson:
    """What is learned, and what judges it. The columns of labels are the targets, then the later steps."""

    learn: _Rows
    judge: _Rows
    scaling: net_inputs.Scaling
    base: NDArray[np.float64]


def fit(
    cell: Cell,
    x: NDArray[np.float32],
    y: NDArray[np.int8],
    eligible: NDArray[np.bool_],
    person: NDArray[np.intp],
    layout: net_inputs.Layout,
    seed: int,
    settings: Settings,
) -> Fitted:
    """Fit on whole people; same arguments, same weights.

    Args:
        x: shape (rows, features), NaN where missing; rows of one person together, in time order.
        y, eligible: shape (rows, targets). person: shape (rows,).
    """
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)  # sums in the same order everywhere, and nobody else's cores
    try:
        rng = np.random.default_rng(seed)
        lesson = _lesson(x, y, eligible, person, layout, settings, rng)
        arrays = cell.start(lesson.scaling.width, rng)
        arrays["absent"] = np.zeros(lesson.scaling.width, np.float32)
        if cell.linear:
            arrays["linear"] = np.zeros((lesson.scaling.width, len(lesson.base)), np.float32)
        arrays["score"] = np.zeros((cell.read, len(lesson.base)), np.float32)
        arrays["score_bias"] = np.log(lesson.base / (1.0 - lesson.base)).astype(np.float32)
        learner = _Learner(cell, settings, arrays, rng, torch.Generator().manual_seed(seed))
        best, metrics = learner.learned(lesson)
        slope = learner.slope(best, lesson.judge)
    finally:
        torch.set_num_threads(before)
    for name in _READING & best.keys():
        best[name] = best[name][..., : y.shape[1]]
    return Fitted(best, lesson.scaling, metrics | {"inputs": float(lesson.scaling.width)}, slope)


def _lesson(
    x: NDArray[np.float32],
    y: NDArray[np.int8],
    eligible: NDArray[np.bool_],
    person: NDArray[np.intp],
    layout: net_inputs.Layout,
    settings: Settings,
    rng: np.random.Generator,
) -> _Lesson:
    people = person[sequences.first_rows(person)]
    judges = rng.choice(people, max(1, round(settings.held_out * len(people))), replace=False)
    judging = np.isin(person, judges)
    scaling = net_inputs.Scaling.of(x, layout)  # of all rows, so that nets of other seeds share it
    above, told = net_inputs.later_steps(x, person, layout)
    targets, steps = y.shape[1], above.shape[1]
    labels = np.concatenate([y == 1, above], axis=1)
    counts = np.concatenate([eligible.astype(np.bool_), told], axis=1)
    base = _base_rates(labels[~judging], counts[~judging])
    share = np.r_[np.full(targets, 1.0 / targets), np.full(steps, settings.later / max(1, steps))]
    pull = share / -(base * np.log(base) + (1.0 - base) * np.log(1.0 - base))

    def rows(chosen: NDArray[np.bool_], columns: int) -> _Rows:
        import torch

        counted = counts[chosen, :columns]
        weight = counted * (pull[:columns] / np.maximum(1, counted.sum(axis=0)))
        return _Rows(
            torch.from_numpy(scaling(x[chosen])),
            torch.from_numpy(labels[chosen, :columns].astype(np.float32)),
            torch.from_numpy(weight.astype(np.float32)),
            person[chosen],
            x[chosen, layout.hours],
        )

    return _Lesson(rows(~judging, targets + steps), rows(judging, targets), scaling, base)


def _base_rates(labels: NDArray[np.bool_], counts: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Share of positives of each column, kept off 0 and 1 by one imagined case on either side."""
    rates: NDArray[np.float64] = ((labels & counts).sum(axis=0) + 1.0) / (counts.sum(axis=0) + 2.0)
    return rates


class _Learner:
    """Weights on their way, their running average, and the order and silence that chance decides."""

    def __init__(
        self,
        cell: Cell,
        settings: Settings,
        arrays: Arrays,
        rng: np.random.Generator,
        draws: Any,  # noqa: ANN401
    ) -> None:
        import torch

        self._cell = cell
        self._settings = settings
        self._rng = rng
        self._draws = draws
        self._weights: Weights = {name: torch.tensor(a, requires_grad=True) for name, a in arrays.items()}
        self._average: Weights = {name: torch.tensor(array) for name, array in arrays.items()}
        matrices = [tensor for tensor in self._weights.values() if tensor.ndim > 1]
        others = [tensor for tensor in self._weights.values() if tensor.ndim == 1]
        self._optimiser = torch.optim.AdamW(
            [{"params": matrices, "weight_decay": settings.decay}, {"params": others, "weight_decay": 0.0}]
        )
        self._updates = 0

    def learned(self, lesson: _Lesson) -> tuple[Arrays, dict[str, float]]:
        """The averaged weights that judged best, and what was measured."""
        import torch

        settings = self._settings
        pieces = sequences.pieces(lesson.learn.person, settings.together, settings.steps)
        planned = settings.passes * sum(1 for _ in pieces)
        best, best_loss, best_pass = self._now(), np.inf, 0
        for number in range(1, settings.passes + 1):
            for loss in self._losses(lesson.learn):
                self._update(loss, self._updates / planned)
            with torch.no_grad():
                judged = sum(float(loss) for loss in self._losses(lesson.judge, judging=True))
            if judged < best_loss:
                best, best_loss, best_pass = self._now(), judged, number
            elif number - best_pass >= settings.patience:
                break
        return best, {"loss": best_loss, "passes": float(best_pass), "updates": float(self._updates)}

    def slope(self, arrays: Arrays, rows: _Rows) -> NDArray[np.float32]:
        """See `Fitted.slope`."""
        import torch

        cell, columns = self._cell, rows.labels.shape[1]
        weights = {name: torch.tensor(array) for name, array in arrays.items()}
        used = np.flatnonzero(~np.isnan(rows.hours))
        person = rows.person[used]
        keep = np.ones(len(used), np.bool_)
        since = torch.from_numpy(sequences.hours_since_kept(rows.hours[used], person, keep))
        numbers, total = torch.from_numpy(used), torch.zeros(rows.inputs.shape[1])
        for piece in sequences.pieces(person, _TOGETHER, _STEPS):
            places, real = torch.from_numpy(piece.rows.T.copy()), torch.from_numpy(piece.real.T.copy())
            inputs = with_absent(weights, rows.inputs[numbers[places]]).requires_grad_()
            ahead = cell.ahead(weights, inputs, since[places], _unchanged)
            memory = tuple(torch.zeros((places.shape[1], width)) for width in cell.memory)
            read, _ = unrolled(cell, weights, ahead, memory)
            scores = scored(weights, read, inputs)[..., :columns]
            (slope,) = torch.autograd.grad((scores * real[..., None]).sum(), inputs)
            total += slope.abs().sum(dim=(0, 1))
        return np.asarray(total.numpy() / (len(used) * columns), np.float32)

    def _now(self) -> Arrays:
        return {name: tensor.numpy().copy() for name, tensor in self._average.items()}

    def _update(self, loss: Tensor, done: float) -> None:
        import torch

        for group in self._optimiser.param_groups:
            group["lr"] = self._settings.rate * _warmth(done)
        self._optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(self._weights.values()), _NORM)
        self._optimiser.step()
        self._updates += 1
        kept = min(self._settings.averaging, self._updates / (self._updates + _FIRST_UPDATES))
        with torch.no_grad():
            for name, tensor in self._average.items():
                tensor.lerp_(self._weights[name], 1.0 - kept)

    def _losses(self, rows: _Rows, *, judging: bool = False) -> Iterator[Tensor]:
        """The loss of every piece in turn; states go on from piece to piece, gradients do not.

        In learning, some rows are left out and losses are scaled to what all rows would weigh.
        """
        import torch

        settings, cell = self._settings, self._cell
        weights = self._average if judging else self._weights
        count = len(rows.person)
        heard = ~np.isnan(rows.hours)  # before a first reading nothing is kept
        if not judging:
            heard &= self._rng.random(count) >= settings.left_out
        used = np.flatnonzero(heard)
        person, hours = rows.person[used], rows.hours[used]
        since = torch.from_numpy(sequences.hours_since_kept(hours, person, np.ones(len(used), np.bool_)))
        numbers = torch.from_numpy(used)
        drop = _unchanged if judging else self._drop
        together, steps = (_TOGETHER, _STEPS) if judging else (settings.together, settings.steps)
        memory: tuple[Tensor, ...] = ()
        for piece in sequences.pieces(person, together, steps, None if judging else self._rng):
            places, real = torch.from_numpy(piece.rows.T.copy()), torch.from_numpy(piece.real.T.copy())
            if piece.carried is None:
                memory = tuple(torch.zeros((places.shape[1], width)) for width in cell.memory)
            else:
                alive = torch.from_numpy(piece.carried)
                memory = tuple(part[alive].detach() for part in memory)
            at = numbers[places]
            inputs = with_absent(weights, rows.inputs[at])
            ahead = cell.ahead(weights, inputs, since[places], drop)
            read, memory = unrolled(cell, weights, ahead, memory)
            scores = scored(weights, drop(read), inputs)
            loss = torch.nn.functional.binary_cross_entropy_with_logits(
                scores[..., : rows.labels.shape[1]],
                rows.labels[at],
                weight=rows.weight[at] * real[..., None],
                reduction="sum",
            )
            yield loss if judging else loss * (count / piece.real.sum())

    def _drop(self, tensor: Tensor) -> Tensor:
        """Silence some units: one draw per person and unit, for all steps, or a memory could fill them in."""
        import torch

        heard = torch.rand(tensor.shape[1:], generator=self._draws) >= self._settings.dropout
        return tensor * (heard / (1.0 - self._settings.dropout))


def _unchanged(tensor: Tensor) -> Tensor:
    return tensor


def _warmth(done: float) -> float:
    """Share of the highest learning rate: up at first, then down along half a cosine."""
    if done < _WARMING:
        return 0.1 + 0.9 * done / _WARMING
    return 0.02 + 0.49 * (1.0 + float(np.cos(np.pi * min(1.0, (done - _WARMING) / (1.0 - _WARMING)))))


def with_absent(weights: Weights, inputs: Tensor) -> Tensor:
    """Inputs with the learned values in the place of missing ones."""
    import torch

    return torch.where(torch.isnan(inputs), weights["absent"], inputs)


def scored(weights: Weights, read: Tensor, inputs: Tensor) -> Tensor:
    """Log odds of every column from what is read and, where the net has such a path, from the inputs."""
    scores = read @ weights["score"] + weights["score_bias"]
    return scores + inputs @ weights["linear"] if "linear" in weights else scores


def unrolled(
    cell: Cell, weights: Weights, ahead: tuple[Tensor, ...], memory: tuple[Tensor, ...]
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Step by step, every row kept: (what the scores are read from, (steps, people, …); the last memory)."""
    import torch

    shown = []
    for row in zip(*(part.unbind(0) for part in ahead), strict=True):
        seen, memory = cell.step(weights, row, memory)
        shown.append(seen)
    return cell.seen(ahead, torch.stack(shown)), memory
