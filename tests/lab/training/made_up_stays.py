"""Made-up people whose next hour depends on what was seen two rows ago: only a memory can tell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from healthtwin_lab.training.net_inputs import Layout

HOURS, VALUE, AGE = 3, 1, 4
LAYOUT = Layout(HOURS, ((VALUE, AGE),))


@dataclass(frozen=True, slots=True, eq=False)
class MadeUp:
    x: NDArray[np.float32]
    y: NDArray[np.int8]
    eligible: NDArray[np.bool_]
    person: NDArray[np.intp]


def made_up(people: int = 60, longest: int = 24, seed: int = 1, gaps: tuple[float, ...] = (1.0,)) -> MadeUp:
    """Columns: a sign, a value, one that is often missing, hours, the value's age, one that never varies."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(3, longest, people)
    person = np.repeat(np.arange(people), lengths)
    rows = len(person)
    first = np.r_[True, person[1:] != person[:-1]]
    gap = np.where(first, 0.0, rng.choice(gaps, rows))
    total = np.cumsum(gap)
    x = rng.normal(size=(rows, 6)).astype(np.float32)
    x[rng.random(rows) < 0.4, 2] = np.nan
    x[:, HOURS] = total - total[np.maximum.accumulate(np.where(first, np.arange(rows), 0))]
    x[:, AGE] = 0.0
    x[:, 5] = 7.0
    before = np.r_[np.zeros(2, np.float32), x[:-2, 0]]
    same = np.r_[False, False, person[2:] == person[:-2]]
    y = np.stack([(before > 0) & same, x[:, 1] > 0.5], axis=1).astype(np.int8)
    eligible = np.stack([same, rng.random(rows) < 0.9], axis=1)
    return MadeUp(x, y, eligible, person)


def auroc(scores: NDArray[np.float32], labels: NDArray[np.bool_]) -> float:
    ranks = np.argsort(np.argsort(scores)) + 1
    positive = int(labels.sum())
    wins = ranks[labels].sum() - positive * (positive + 1) / 2
    return float(wins / (positive * (len(labels) - positive)))
