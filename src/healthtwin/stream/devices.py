"""How far each device of each person has come: what a person's watermark is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.stream.chains import NO_SLOT, Chains
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


class DeviceClocks:
    """The devices of every person."""

    def __init__(self) -> None:
        self._chains = Chains(DEVICE, "device")

    def reserve(self, people: int) -> None:
        """Make room for this many people."""
        self._chains.reserve(people)

    def note(self, people: People, device: Times, reached_ms: Times, now_ms: Times) -> Times:
        """A row of each person's device arrived; at most one row per person, all of shape `(people,)`.

        Returns how far each row is behind what its device had reached: 0 where it leads, and for the house.

        Args:
            people: their numbers.
            device: device keys; what the house itself did is no device and is left out.
            reached_ms: the time the row speaks of.
            now_ms: the log's clock when it arrived.
        """
        slots = self._chains.slots_of(people, device)
        known = slots != NO_SLOT
        fresh = ~known & (device != HOUSE_DEVICE)
        at = slots[known]
        devices = self._chains.records
        behind_ms = np.zeros(len(people), np.int64)
        behind_ms[known] = np.maximum(devices["reached_ms"][at] - reached_ms[known], 0)
        devices["reached_ms"][at] = np.maximum(devices["reached_ms"][at], reached_ms[known])
        devices["arrived_ms"][at] = now_ms[known]
        if fresh.any():
            rows = np.empty(int(fresh.sum()), DEVICE)
            rows["device"], rows["reached_ms"], rows["arrived_ms"] = (
                device[fresh],
                reached_ms[fresh],
                now_ms[fresh],
            )
            self._chains.add(people[fresh], rows)
        return behind_ms

    def slowest(self, people: People, now_ms: Times, idle_after_ms: int) -> Times:
        """The time that every device of a person that is still talking has reached, `NOT_YET` without one."""
        result = np.full(len(people), np.iinfo(np.int64).max, np.int64)
        at = self._chains.first[people]
        walking = np.flatnonzero(at != NO_SLOT)
        while walking.size:
            devices = self._chains.records[at[walking]]
            talking = now_ms[walking] - devices["arrived_ms"] <= idle_after_ms
            some = walking[talking]
            result[some] = np.minimum(result[some], devices["reached_ms"][talking])
            at[walking] = self._chains.following[at[walking]]
            walking = walking[at[walking] != NO_SLOT]
        result[result == np.iinfo(np.int64).max] = NOT_YET
        return result

    def reached(self, person: int, device: int) -> int | None:
        """The latest time that one device of a person spoke of; None when it never did."""
        for known in self._chains.of(person):
            if known["device"] == device:
                return int(known["reached_ms"])
        return None

    def come_back(self, person: int, now_ms: int) -> None:
        """The house's clock was ahead: no device of this person has reached what is the future now."""
        for slot in self._chains.slots(person):
            device = self._chains.records[slot : slot + 1]
            for field in ("reached_ms", "arrived_ms"):
                np.minimum(device[field], now_ms, out=device[field])

    def clear(self, person: int) -> None:
        """Forget one person's devices."""
        self._chains.clear(person)

    def of(self, person: int) -> StructuredArray:
        """One person's devices as an array of `DEVICE`, in the order in which they were first heard."""
        return self._chains.of(person)

    def load(self, person: int, devices: StructuredArray) -> None:
        """Restore what `of` returned, for a person without devices."""
        self._chains.load(person, devices)
