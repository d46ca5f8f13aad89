"""What a house does by the clock: ticks in the log, sealing, retention."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Final

from healthtwin.domain import MINUTE_MS
from healthtwin.domain.errors import HealthTwinError

if TYPE_CHECKING:
    from collections.abc import Callable

_LOG: Final = logging.getLogger(__name__)

SEAL_EVERY_MS: Final = 30 * MINUTE_MS
"""Days end once a day; half an hour keeps what waits in the hot rows small."""

LOOK_EVERY_S: Final = 1.0
"""How often the thread looks at the clock."""


class Maintenance:
    """A thread that does due work by the house's clock.

    Args:
        now_ms: the house's clock.
        tick: notes the time in the log, so that silence and the end of a snooze are part of the replay.
        tick_ms: how often.
        tidy: seals, forgets what outlived its days, trims the log, a second of it at a time; True when
            nothing is left to do, so that a long backlog never holds up a tick.
        look: called every second, for what may not wait.
    """

    def __init__(
        self,
        now_ms: Callable[[], int],
        tick: Callable[[], None],
        tick_ms: int,
        tidy: Callable[[], bool],
        look: Callable[[], None] = lambda: None,
    ) -> None:
        self._now_ms = now_ms
        self._tick = tick
        self._tick_ms = tick_ms
        self._tidy = tidy
        self._look = look
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._failures: dict[object, HealthTwinError] = {}

    @property
    def failure(self) -> HealthTwinError | None:
        """What failed when it was last due."""
        return next(iter(list(self._failures.values())), None)

    def start(self) -> None:
        """Begin to look at the clock."""
        self._thread = threading.Thread(target=self._run, name="healthtwin-maintenance", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being done and end."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        ticked_ms = tidied_ms = self._now_ms()
        while not self._stopping.wait(LOOK_EVERY_S):
            self._do(self._look)
            now_ms = self._now_ms()
            # A clock that was set back shall not stop the ticks until it has caught up.
            ticked_ms, tidied_ms = min(ticked_ms, now_ms), min(tidied_ms, now_ms)
            if now_ms - ticked_ms >= self._tick_ms:
                ticked_ms = now_ms
                self._do(self._tick)
            if now_ms - tidied_ms >= SEAL_EVERY_MS and self._do(self._tidy) is not False:
                tidied_ms = now_ms

    def _do(self, work: Callable[[], bool | None]) -> bool | None:
        """What the work says; None when it failed, which is the same as done until it is next due."""
        try:
            done = work()
        except HealthTwinError as error:
            self._failures[work] = error
            _LOG.exception("Maintenance failed and is tried again when it is next due")
            return None
        self._failures.pop(work, None)
        return done
