"""Rows that arrived but may still be overtaken: one short ordered chain per person, in flat arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.stream.growing import grow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from healthtwin.domain.arrays import StructuredArray

    Slots = NDArray[np.int32]
    People = NDArray[np.int64]

NO_ROW: Final = -1
"""In place of a slot: no such row."""


class PendingRows:
    """Per person the rows not settled yet, ordered by (time, sequence, device, content).

    The order has no ties that arrival would break: rows that agree in all four are the same row twice.

    Args:
        row_dtype: the step's row, with `time_ms`, `sequence` and `device`.
    """

    def __init__(self, row_dtype: np.dtype[np.void]) -> None:
        self.dtype: np.dtype[np.void] = np.dtype([("row", row_dtype), ("content", "u4")])
        self._rows: StructuredArray = np.empty(0, row_dtype)
        self._content: NDArray[np.uint32] = np.empty(0, np.uint32)
        self._next: Slots = np.empty(0, np.int32)
        self._free: Slots = np.empty(0, np.int32)
        self._free_count = 0
        self._first: Slots = np.empty(0, np.int32)
        self._last: Slots = np.empty(0, np.int32)
        self._count: NDArray[np.int32] = np.empty(0, np.int32)

    def reserve(self, people: int) -> None:
        """Make room for this many people."""
        grow(self._first, people, NO_ROW)
        grow(self._last, people, NO_ROW)
        grow(self._count, people)

    def follow(self, people: People, rows: StructuredArray, content: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Which rows come after everything pending of their person; all arrays of shape `(people,)`."""
        last = self._last[people]
        result: NDArray[np.bool_] = last == NO_ROW
        some = np.flatnonzero(~result)
        if some.size:
            result[some] = ~self._is_after(last[some], rows[some], content[some])
        return result

    def append(self, people: People, rows: StructuredArray, content: NDArray[np.uint32]) -> None:
        """Put rows that `follow` at the end; at most one per person."""
        slots = self._take(rows, content)
        self._count[people] += 1
        last = self._last[people]
        had = last != NO_ROW
        self._next[last[had]] = slots[had]
        self._first[people[~had]] = slots[~had]
        self._last[people] = slots

    def insert(
        self, people: People, rows: StructuredArray, content: NDArray[np.uint32], after: Slots
    ) -> Slots:
        """Put rows where they belong; at most one per person. Returns where each is held.

        Args:
            people, rows, content: all of shape `(people,)`.
            after: where each search begins: a row known to come before, or `NO_ROW` for the person's first.
        """
        slots = self._take(rows, content)
        self._count[people] += 1
        before = after.copy()
        at = self._following(people, after)
        walking = np.flatnonzero(at != NO_ROW)
        while walking.size:
            passed = ~self._is_after(at[walking], rows[walking], content[walking])
            walking = walking[passed]
            before[walking] = at[walking]
            at[walking] = self._next[at[walking]]
            walking = walking[at[walking] != NO_ROW]
        self._next[slots] = at
        inner = before != NO_ROW
        self._next[before[inner]] = slots[inner]
        self._first[people[~inner]] = slots[~inner]
        ends = at == NO_ROW
        self._last[people[ends]] = slots[ends]
        return slots

    def has_more_after(self, slot: int, most: int) -> bool:
        """Whether more than `most` rows come after the one held at this slot."""
        at = slot
        for _ in range(most + 1):
            at = int(self._next[at])
            if at == NO_ROW:
                return False
        return True

    def counts(self, people: People) -> NDArray[np.int32]:
        """How many rows these people have pending, shape `(people,)`."""
        return self._count[people]

    def pop_older(self, people: People, than_ms: NDArray[np.int64]) -> tuple[People, StructuredArray]:
        """Take out the first row of each person whose first row is older; returns those people and rows."""
        first = self._first[people]
        ripe = np.flatnonzero(first != NO_ROW)
        ripe = ripe[self._rows["time_ms"][first[ripe]] < than_ms[ripe]]
        slots, ready = first[ripe], people[ripe]
        rows = self._rows[slots]
        following = self._next[slots]
        self._first[ready] = following
        self._last[ready[following == NO_ROW]] = NO_ROW
        self._count[ready] -= 1
        self._give_back(slots)
        return ready, rows

    def all_older(self, people: People, than_ms: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Who has pending rows, all of them older than this; shape `(people,)`."""
        last = self._last[people]
        result: NDArray[np.bool_] = last != NO_ROW
        some = np.flatnonzero(result)
        result[some] = self._rows["time_ms"][last[some]] < than_ms[some]
        return result

    def clear(self, people: People) -> None:
        """Drop these people's chains."""
        at = self._first[people]
        while (at := at[at != NO_ROW]).size:
            following = self._next[at]
            self._give_back(at)
            at = following
        self._first[people] = NO_ROW
        self._last[people] = NO_ROW
        self._count[people] = 0

    def in_order(
        self, people: People, after: Slots
    ) -> Iterator[tuple[NDArray[np.intp], Slots, StructuredArray]]:
        """Everybody's next row, then everybody's second …: indices into `people`, slots and rows.

        Args:
            people: their numbers.
            after: the row of each after which to begin, `NO_ROW` to begin with the first.
        """
        at = self._following(people, after)
        walking = np.flatnonzero(at != NO_ROW)
        while walking.size:
            slots = at[walking]
            yield walking, slots, self._rows[slots]
            at[walking] = self._next[slots]
            walking = walking[at[walking] != NO_ROW]

    def key(self, slot: int) -> tuple[int, int, int, int]:
        """(time_ms, sequence, device, content) of the row held at this slot: its place in the order."""
        row = self._rows[slot]
        return int(row["time_ms"]), int(row["sequence"]), int(row["device"]), int(self._content[slot])

    def of(self, person: int) -> StructuredArray:
        """One person's chain as an array of `self.dtype`, in order."""
        slots = []
        at = int(self._first[person])
        while at != NO_ROW:
            slots.append(at)
            at = int(self._next[at])
        chain = np.zeros(len(slots), self.dtype)
        chain["row"] = self._rows[slots]
        chain["content"] = self._content[slots]
        return chain

    def load(self, person: int, chain: StructuredArray) -> None:
        """Restore what `of` returned, for a person without pending rows."""
        if not len(chain):
            return
        slots = self._take(chain["row"], chain["content"])
        self._next[slots[:-1]] = slots[1:]
        self._first[person], self._last[person] = slots[0], slots[-1]
        self._count[person] = len(chain)

    def _following(self, people: People, after: Slots) -> Slots:
        at = self._first[people]
        known = np.flatnonzero(after != NO_ROW)
        at[known] = self._next[after[known]]
        return at

    def _is_after(
        self, slots: Slots, rows: StructuredArray, content: NDArray[np.uint32]
    ) -> NDArray[np.bool_]:
        """Whether the rows held at `slots` come after the given ones."""
        result = np.zeros(len(slots), np.bool_)
        tied = np.ones(len(slots), np.bool_)
        for name in ("time_ms", "sequence", "device"):
            held, given = self._rows[name][slots], rows[name]
            result |= tied & (held > given)
            tied &= held == given
            if not tied.any():
                return result
        return result | (tied & (self._content[slots] > content))

    def _take(self, rows: StructuredArray, content: NDArray[np.uint32]) -> Slots:
        count = len(rows)
        if self._free_count < count:
            held = len(self._rows)
            grow(self._rows, held + count - self._free_count)
            grow(self._content, len(self._rows))
            grow(self._next, len(self._rows))
            grow(self._free, len(self._rows))
            fresh = np.arange(len(self._rows) - 1, held - 1, -1, dtype=np.int32)
            self._free[self._free_count : self._free_count + len(fresh)] = fresh
            self._free_count += len(fresh)
        slots = self._free[self._free_count - count : self._free_count][::-1].copy()
        self._free_count -= count
        self._rows[slots] = rows
        self._content[slots] = content
        self._next[slots] = NO_ROW
        return slots

    def _give_back(self, slots: Slots) -> None:
        self._free[self._free_count : self._free_count + len(slots)] = slots
        self._free_count += len(slots)
