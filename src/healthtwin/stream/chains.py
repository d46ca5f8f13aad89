"""A few records for each of many people, as chains through one flat array."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.stream.growing import grow

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.domain.arrays import StructuredArray

    Keys = NDArray[np.int64]
    People = NDArray[np.int64]
    Slots = NDArray[np.int32]

NO_SLOT: Final = -1
"""In place of a slot: no such record."""


class Chains:
    """Records with a key, of whom nobody has many.

    Args:
        dtype: of a record. key: its field that tells a person's records apart.

    Attributes:
        records: all of them by their slots; nobody may keep a view of it.
        first: everybody's first slot, `NO_SLOT` without one. following: the next one of the same person.
    """

    def __init__(self, dtype: np.dtype[np.void], key: str) -> None:
        self.records: StructuredArray = np.empty(0, dtype)
        self.following: Slots = np.empty(0, np.int32)
        self.first: Slots = np.empty(0, np.int32)
        self._key = key
        self.count = 0

    def reserve(self, people: int) -> None:
        """Make room for this many people."""
        grow(self.first, people, NO_SLOT)

    def slots_of(self, people: People, keys: Keys) -> Slots:
        """Where each person's record with this key is, `NO_SLOT` where there is none; shape `(people,)`."""
        found = np.full(len(people), NO_SLOT, np.int32)
        at = self.first[people]
        walking = np.flatnonzero(at != NO_SLOT)
        while walking.size:
            slots = at[walking]
            same = self.records[self._key][slots] == keys[walking]
            found[walking[same]] = slots[same]
            walking = walking[~same]
            at[walking] = self.following[at[walking]]
            walking = walking[at[walking] != NO_SLOT]
        return found

    def add(self, people: People, records: StructuredArray) -> None:
        """One new record for each of different people."""
        count = len(records)
        grow(self.records, self.count + count)
        grow(self.following, self.count + count)
        slots = np.arange(self.count, self.count + count, dtype=np.int32)
        self.records[slots] = records
        self.following[slots] = self.first[people]
        self.first[people] = slots
        self.count += count

    def slots(self, person: int) -> list[int]:
        """Where one person's records are, in the order in which they were added."""
        slots = []
        at = int(self.first[person])
        while at != NO_SLOT:
            slots.append(at)
            at = int(self.following[at])
        return slots[::-1]

    def of(self, person: int) -> StructuredArray:
        """One person's records, in the order in which they were added."""
        return self.records[self.slots(person)]

    def load(self, person: int, records: StructuredArray) -> None:
        """Restore what `of` returned, for a person without records."""
        for index in range(len(records)):
            self.add(np.array([person]), records[index : index + 1])

    def clear(self, person: int) -> None:
        """Forget one person's records."""
        self.records[self.slots(person)] = np.zeros((), self.records.dtype)
        self.first[person] = NO_SLOT
