"""The newest row of each metric, kept in memory: every page asks for it, and it lies in packed blocks."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Newest = dict[int, tuple[int, float]]

LATEST_KEPT: Final = 4096
"""People whose newest rows stay in memory, about 2 KB each; those asked about longest ago go first."""


class LatestRows:
    """What was read of each person's newest rows, until somebody writes about them. For many threads.

    A read that was under way when a write was made is answered but not kept: it may have seen the old.

    >>> kept = LatestRows(2)
    >>> kept.of("ada", lambda _: {1: (0, 60.0)}), kept.of("ada", lambda _: {1: (5, 61.0)})
    ({1: (0, 60.0)}, {1: (0, 60.0)})
    >>> kept.forget(["ada"])
    >>> kept.of("ada", lambda _: {1: (5, 61.0)})
    {1: (5, 61.0)}
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Newest] = OrderedDict()
        self._reading: dict[str, object] = {}

    def of(self, person: str, read: Callable[[str], Newest]) -> Newest:
        """What is kept of this person, or what `read` finds. Whoever gets it must not change it."""
        with self._lock:
            known = self._kept.get(person)
            if known is not None:
                self._kept.move_to_end(person)
                return known
            ticket = self._reading[person] = object()
        found: Newest | None = None
        try:
            found = read(person)
            return found
        finally:
            with self._lock:
                if self._reading.get(person) is ticket:  # nobody wrote meanwhile, nor began a later read
                    del self._reading[person]
                    if found is not None:
                        self._keep(person, found)

    def _keep(self, person: str, found: Newest) -> None:
        self._kept[person] = found
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def forget(self, people: Iterable[str]) -> None:
        """Something was written about these people."""
        with self._lock:
            for person in people:
                self._kept.pop(person, None)
                self._reading.pop(person, None)

    def forget_all(self) -> None:
        """Something was written about anybody."""
        with self._lock:
            self._kept.clear()
            self._reading.clear()
