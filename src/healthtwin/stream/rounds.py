"""Rows of many people cut into rounds, each with at most one row of a person, since a step takes no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from healthtwin.domain.arrays import StructuredArray

    People = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Round:
    """Rows of different people that are taken together; all arrays of shape `(people,)`."""

    people: People
    rows: StructuredArray
    content: NDArray[np.uint32]
    now_ms: NDArray[np.int64]
    offsets: NDArray[np.int64]

    def only(self, which: NDArray[np.bool_]) -> Round:
        """Of some of these people."""
        if which.all():
            return self
        return Round(
            self.people[which],
            self.rows[which],
            self.content[which],
            self.now_ms[which],
            self.offsets[which],
        )


def rounds_of(people: People) -> Iterator[NDArray[np.intp]]:
    """Indices of everybody's first row, then of everybody's second, and so on, each in the order given."""
    by_person = np.argsort(people, kind="stable")
    ordered = people[by_person]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    counts = np.diff(np.r_[starts, len(people)])
    rank = np.empty(len(people), np.intp)
    rank[by_person] = np.arange(len(people)) - np.repeat(starts, counts)
    by_rank = np.argsort(rank, kind="stable")
    yield from np.split(by_rank, np.flatnonzero(np.diff(rank[by_rank])) + 1)
