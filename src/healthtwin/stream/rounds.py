"""Rows of many people cut into rounds, each with at most one row of a person, since a step takes no more."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from healthtwin.stream.record import device_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from healthtwin.domain.arrays import StructuredArray
    from healthtwin.domain.log import LogRecord
    from healthtwin.stream.step import Step

    People = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Round:
    """Rows of different people that are taken together; all arrays of shape `(people,)`."""

    people: People
    rows: StructuredArray
    content: NDArray[np.uint32]
    now_ms: NDArray[np.int64]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, people: People, stamped: Sequence[tuple[LogRecord, int]], step: Step) -> Round:
        """Records as the step reads them, each with the log's clock at it."""
        records = [record for record, _ in stamped]
        rows = step.rows(records)
        rows["time_ms"] = [r.time_ms for r in records]
        rows["arrived_ms"] = [r.arrived_ms for r in records]
        rows["sequence"] = [-1 if r.sequence is None else r.sequence for r in records]
        rows["device"] = [device_key(r.device) for r in records]
        return cls(
            people,
            rows,
            np.fromiter((zlib.crc32(r.payload) for r in records), np.uint32, len(records)),
            np.fromiter((now_ms for _, now_ms in stamped), np.int64, len(records)),
            np.fromiter((r.offset for r in records), np.int64, len(records)),
        )

    def only(self, which: NDArray[np.bool_]) -> Round:
        """Of some of these people."""
        return self if which.all() else self.at(which)

    def at(self, which: NDArray[np.bool_] | NDArray[np.intp]) -> Round:
        """A copy of these rows."""
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
