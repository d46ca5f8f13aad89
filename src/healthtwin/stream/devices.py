"""How far each device of each person has come: what a person's watermark is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.stream.growing import grow
from healthtwin.stream.record import HOUSE_DEVICE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.domain.arrays import StructuredArray

    Times = NDArray[np.int64]
    People = NDArray[np.int64]

DEVICE: Final = np.dtype([("device", "i8"), ("reached_ms", "i8"), ("arrived_ms", "i8")])
"""One device of one person: its key, the latest time it spoke of, and when it last spoke."""

NOT_YET: Final = np.iinfo(np.int64).min
"""A watermark that has not begun: nothing can be late."""

_NONE: Final = -1


class DeviceClocks:
    """The devices of every person, as chains through one flat array."""

    def __init__(self) -> None:
        self._devices: StructuredArray = np.empty(0, DEVICE)
        self._next: NDArray[np.int32] = np.empty(0, np.int32)
        self._count = 0
        self._first: NDArray[np.int32] = np.empty(0, np.int32)

    def reserve(self, people: int) -> None:
        """Make room for this many people."""
        grow(self._first, people, _NONE)

    def note(self, people: People, device: Times, reached_ms: Times, now_ms: Times) -> Times:
        """A row of each person's device arrived; at most one row per person, all of shape `(people,)`.

        Returns how far each row is behind what its device had reached: 0 where it leads, and for the house.

        Args:
            people: their numbers.
            device: device keys; what the house itself did is no device and is left out.
            reached_ms: the time the row speaks of.
            now_ms: the log's clock when it arrived.
        """
        slots = self._slots_of(people, device)
        known = slots != _NONE
        fresh = ~known & (device != HOUSE_DEVICE)
        at = slots[known]
        behind_ms = np.zeros(len(people), np.int64)
        behind_ms[known] = np.maximum(self._devices["reached_ms"][at] - reached_ms[known], 0)
        self._devices["reached_ms"][at] = np.maximum(self._devices["reached_ms"][at], reached_ms[known])
        self._devices["arrived_ms"][at] = now_ms[known]
        if fresh.any():
            rows = np.empty(int(fresh.sum()), DEVICE)
            rows["device"], rows["reached_ms"], rows["arrived_ms"] = (
                device[fresh],
                reached_ms[fresh],
                now_ms[fresh],
            )
            self._add(people[fresh], rows)
        return behind_ms

    def slowest(self, people: People, now_ms: Times, idle_after_ms: int) -> Times:
        """The time that every device of a person that is still talking has reached, `NOT_YET` without one."""
        result = np.full(len(people), np.iinfo(np.int64).max, np.int64)
        at = self._first[people]
        walking = np.flatnonzero(at != _NONE)
        while walking.size:
            devices = self._devices[at[walking]]
            talking = now_ms[walking] - devices["arrived_ms"] <= idle_after_ms
            some = walking[talking]
            result[some] = np.minimum(result[some], devices["reached_ms"][talking])
            at[walking] = self._next[at[walking]]
            walking = walking[at[walking] != _NONE]
        result[result == np.iinfo(np.int64).max] = NOT_YET
        return result

    def clear(self, person: int) -> None:
        """Forget one person's devices."""
        self._first[person] = _NONE

    def of(self, person: int) -> StructuredArray:
        """One person's devices as an array of `DEVICE`, in the order in which they were first heard."""
        slots = []
        at = int(self._first[person])
        while at != _NONE:
            slots.append(at)
            at = int(self._next[at])
        return self._devices[slots[::-1]]

    def load(self, person: int, devices: StructuredArray) -> None:
        """Restore what `of` returned, for a person without devices."""
        for index in range(len(devices)):
            self._add(np.array([person]), devices[index : index + 1])

    def _slots_of(self, people: People, device: Times) -> NDArray[np.int32]:
        found = np.full(len(people), _NONE, np.int32)
        at = self._first[people]
        walking = np.flatnonzero(at != _NONE)
        while walking.size:
            slots = at[walking]
            same = self._devices["device"][slots] == device[walking]
            found[walking[same]] = slots[same]
            walking = walking[~same]
            at[walking] = self._next[at[walking]]
            walking = walking[at[walking] != _NONE]
        return found

    def _add(self, people: People, rows: StructuredArray) -> None:
        count = len(rows)
        grow(self._devices, self._count + count)
        grow(self._next, self._count + count)
        slots = np.arange(self._count, self._count + count, dtype=np.int32)
        self._devices[slots] = rows
        self._next[slots] = self._first[people]
        self._first[people] = slots
        self._count += count
