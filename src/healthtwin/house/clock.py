"""Which time it is: the wall clock in `serve`, event time in a replay or demo."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from healthtwin.domain import DAY_MS, MINUTE_MS, SECOND_MS

if TYPE_CHECKING:
    from collections.abc import Callable

_LOG: Final = logging.getLogger(__name__)

HELD_MS: Final = MINUTE_MS
"""A smaller step back is waited out; a larger step either way is a jump."""

_NS_A_MS: Final = 1_000_000
_BOOTED: Final[int | None] = getattr(time, "CLOCK_BOOTTIME", None)  # Linux alone has it


def _since_boot_ns() -> int:
    return time.clock_gettime_ns(_BOOTED or time.CLOCK_MONOTONIC)


class Clock(Protocol):
    """Tells the present in epoch milliseconds UTC."""

    def now_ms(self) -> int:
        """The present."""
        ...


class WallClock:
    """The machine's clock, kept from running backwards by small steps.

    What NTP sets right in passing must not let an acknowledgement precede what it acknowledges, so the last
    time told is the floor until the machine has caught up. A clock that goes back by `HELD_MS` or more was
    wrong: it is followed at once, or every reading would look late until it has caught up.

    Args:
        time_ns, steady_ns: of the machine. The second never jumps and goes on while it sleeps; None where no
            such clock is.
    """

    def __init__(
        self,
        time_ns: Callable[[], int] = time.time_ns,
        steady_ns: Callable[[], int] | None = None if _BOOTED is None else _since_boot_ns,
    ) -> None:
        self._time_ns = time_ns
        self._steady_ns = steady_ns
        self._floor_ms = 0
        self._lock = threading.Lock()

    def now_ms(self) -> int:
        """Milliseconds since the epoch."""
        with self._lock:
            now_ms = self._time_ns() // _NS_A_MS
            if now_ms > self._floor_ms or self._floor_ms - now_ms >= HELD_MS:
                self._floor_ms = now_ms
            return self._floor_ms

    def steady_ms(self) -> int | None:
        """Milliseconds by a clock that nobody sets; None where there is none."""
        return None if self._steady_ns is None else self._steady_ns() // _NS_A_MS


@dataclass(frozen=True, slots=True)
class Jump:
    """The clock was set: when, on the new time, and by how much (negative: back), in ms."""

    at_ms: int
    by_ms: int


class ClockWatch:
    """Tells the time of a clock and notices when it jumps.

    Args:
        clock: a jump back is seen of any; one ahead only of a `WallClock`, since other clocks are moved on.

    Attributes:
        jump: the last one; None before the first.

    >>> watch = ClockWatch(EventClock(7_000))
    >>> watch.now_ms(), watch.jump
    (7000, None)
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._steady_ms = clock.steady_ms if isinstance(clock, WallClock) else lambda: None
        self._last: tuple[int, int | None] | None = None
        self._lock = threading.Lock()
        self.jump: Jump | None = None

    def now_ms(self) -> int:
        """The present."""
        with self._lock:
            now_ms, steady_ms = self._clock.now_ms(), self._steady_ms()
            if self._last is not None:
                by_ms = now_ms - self._last[0]
                if steady_ms is None or self._last[1] is None:
                    by_ms = min(by_ms, 0)
                else:
                    by_ms -= steady_ms - self._last[1]
                if abs(by_ms) >= HELD_MS:
                    self.jump = Jump(now_ms, by_ms)
                    _LOG.warning("The clock of this machine jumped by %+.0f s", by_ms / SECOND_MS)
            self._last = now_ms, steady_ms
            return now_ms

    def lately(self) -> Jump | None:
        """The last jump, for a day: what was dated by the wrong clock stands in everybody's past."""
        jump = self.jump
        return None if jump is None or abs(self._told_ms() - jump.at_ms) > DAY_MS else jump

    def _told_ms(self) -> int:
        return 0 if self._last is None else self._last[0]


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
