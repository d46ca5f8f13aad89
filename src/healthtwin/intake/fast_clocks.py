"""Devices whose clocks run ahead: their readings are refused by name, and somebody must learn of it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from healthtwin.domain import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

REMEMBERED_MS: Final = 2 * DAY_MS
"""A device that was not refused for so long is right again, or gone."""

LONGEST_AHEAD_MS: Final = 20 * 366 * DAY_MS
"""Further ahead is no clock, but a stamp in microseconds or nanoseconds."""

MOST: Final = 10_000
"""Devices remembered; beyond it the first ones make room."""


@dataclass(frozen=True, slots=True)
class FastClock:
    """A device whose readings speak of a time that has not come.

    Attributes:
        device: its id. ahead_ms: by how much, at least.
        since_ms: since when, seen_ms: when last, on the house's clock.
    """

    device: str
    ahead_ms: int
    since_ms: int
    seen_ms: int


class FastClocks:
    """Those refused lately and not taken since; in memory, since after a start they are refused again."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], FastClock] = {}
        self._lock = threading.Lock()

    def refused(self, device: str, ahead_ms: Mapping[str, int], now_ms: int) -> None:
        """Readings of these people, by id, were that far ahead."""
        with self._lock:
            for person_id, by_ms in ahead_ms.items():
                if by_ms <= LONGEST_AHEAD_MS:
                    known = self._found.pop((person_id, device), None)
                    since_ms = now_ms if known is None else known.since_ms
                    self._found[person_id, device] = FastClock(device, by_ms, since_ms, now_ms)
            while len(self._found) > MOST:
                del self._found[next(iter(self._found))]

    def taken(self, device: str, people: Iterable[str]) -> None:
        """Readings of these people were taken."""
        if self._found:
            with self._lock:
                for person_id in people:
                    self._found.pop((person_id, device), None)

    def of(self, person_id: str, now_ms: int) -> list[FastClock]:
        """A person's."""
        with self._lock:
            return [
                clock
                for (whose, _), clock in self._found.items()
                if whose == person_id and now_ms - clock.seen_ms <= REMEMBERED_MS
            ]

    def count(self, now_ms: int) -> int:
        """Those of all people."""
        with self._lock:
            return sum(now_ms - clock.seen_ms <= REMEMBERED_MS for clock in self._found.values())

    def forget(self, person_id: str) -> None:
        """Forget a person's."""
        with self._lock:
            for key in [key for key in self._found if key[0] == person_id]:
                del self._found[key]
