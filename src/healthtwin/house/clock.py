"""Which time it is: the wall clock in `serve`, event time in a replay or demo."""

from __future__ import annotations

import threading
import time
from typing import Protocol


class Clock(Protocol):
    """Tells the present in epoch milliseconds UTC."""

    def now_ms(self) -> int:
        """The present."""
        ...


class WallClock:
    """The machine's clock, kept from running backwards within one process.

    A jump back (NTP, a person setting the clock) must not let an acknowledgement precede what it
    acknowledges, so the last time told is the floor until the machine has caught up.
    """

    def __init__(self) -> None:
        self._floor_ms = 0
        self._lock = threading.Lock()

    def now_ms(self) -> int:
        """Milliseconds since the epoch, never less than told before."""
        with self._lock:
            self._floor_ms = max(self._floor_ms, time.time_ns() // 1_000_000)
            return self._floor_ms


class EventClock:
    """A clock that follows the recording being played; it stands still until it is moved.

    >>> clock = EventClock(1_000)
    >>> clock.advance_to(5_000)
    >>> clock.advance_to(4_000)  # an out-of-order row does not turn time back
    >>> clock.now_ms()
    5000
    """

    def __init__(self, start_ms: int) -> None:
        self._now_ms = start_ms

    def now_ms(self) -> int:
        """The latest event time it was moved to."""
        return self._now_ms

    def advance_to(self, time_ms: int) -> None:
        """Move on to `time_ms`, if that is later than now."""
        self._now_ms = max(self._now_ms, time_ms)
