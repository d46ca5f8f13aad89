"""The way into the log, and how far what went in has come until it shows."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from healthtwin.domain.errors import HealthTwinError
    from healthtwin.domain.log import NewRecord
    from healthtwin.stream.group_commit import GroupCommit
    from healthtwin.stream.log import Log
    from healthtwin.stream.record import Appended
    from healthtwin.stream.runner import Runner

OWN_WRITES_S: Final = 2.0
"""How long a question waits for what was acknowledged before it: a reader sees their own writes."""

MANY_RECORDS: Final = 1_000
"""More of them in one message are looked through beside the event loop."""

EMPTY: Final = 0
"""The head of a log that holds nothing: there is nothing to wait for."""

_POLL_S: Final = 0.002


class Journal:
    """Takes records into the log, and tells how much of what it acknowledged shows.

    Args:
        log: where they lie. commits: how they get there. runner: who judges them.
        now_ms: the clock that records' arrival is told by.

    Attributes:
        head: log offset of the last record that anybody was told is durable.
    """

    def __init__(
        self,
        log: Log,
        commits: GroupCommit,
        runner: Runner,
        now_ms: Callable[[], int],
    ) -> None:
        self._log = log
        self._commits = commits
        self._runner = runner
        self._now_ms = now_ms
        self._hand_overs: WeakKeyDictionary[asyncio.AbstractEventLoop, _HandOver] = WeakKeyDictionary()
        self._followers: list[Callable[[], bool]] = []
        self.head = log.head()

    async def append(self, records: Sequence[NewRecord]) -> list[Appended]:
        """Make records durable; returns what became of each, in order, after the fsync.

        Raises:
            StorageFull, StorageBusy: none of them was stored.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[Appended]] = loop.create_future()
        hand_over = self._hand_overs.get(loop)
        if hand_over is None:
            hand_over = self._hand_overs[loop] = _HandOver(loop)
        if len(records) > MANY_RECORDS:
            stored = await asyncio.to_thread(self._commits.submit, records)
        else:
            stored = self._commits.submit(records)
        stored.add_done_callback(lambda done: hand_over.bring(answer, done))
        return self._acknowledged(await answer)

    def append_and_wait(self, records: Sequence[NewRecord]) -> list[Appended]:
        """As `append`, from a thread that may wait."""
        return self._acknowledged(self._commits.submit(records).result())

    def await_also(self, done: Callable[[], bool]) -> None:
        """Let `caught_up` wait for somebody who works on what the runner tells."""
        self._followers.append(done)

    @property
    def through(self) -> int:
        """Log offset through which everything is in the twin and can be looked at: what any answer shows."""
        return min(self._runner.offset, self._runner.projections.through())

    @property
    def failure(self) -> HealthTwinError | None:
        """Why the log takes no records right now."""
        return self._commits.failure

    def catch_up(self, person: str = "", *, with_twin: bool = True, shown: str = "series") -> None:
        """Wait, not for ever, until what was acknowledged before this question can be seen in the answer.

        Args:
            person: pseudonym of whom it is about; nobody waits for an import of somebody else.
            with_twin: whether the answer comes from their state, not from a projection alone.
            shown: the projection that it comes from.
        """
        head = self.head
        if head == EMPTY:
            return
        ends = time.monotonic() + OWN_WRITES_S
        if with_twin and self._runner.taken(person) < head:
            self._runner.wait_for(head, OWN_WRITES_S, person)
        self._runner.projections.wait_for(shown, head, max(ends - time.monotonic(), 0))

    def caught_up(self, timeout_s: float, person: str | None = None) -> bool:
        """Wait until all that was acknowledged is judged, shown and told; False when that took longer.

        Args:
            timeout_s: how long.
            person: pseudonym, if only what is about them is waited for.
        """

        def through() -> int:
            judged = self._runner.offset if person is None else self._runner.taken(person)
            # A projection that never took anything stands before the log's beginning, not behind its head.
            return max(min(judged, self._runner.projections.through()), EMPTY)

        ends = time.monotonic() + timeout_s
        head = self.head
        while time.monotonic() < ends:
            if through() >= head and all(done() for done in self._followers):
                return True
            self._runner.wait_for(head, max(ends - time.monotonic(), 0), person)
            time.sleep(_POLL_S)
        return False

    def lag_ms(self) -> int:
        """Age of the oldest record that the twin has not seen, so late are alerts; 0 for none."""
        through = self._runner.offset
        if through >= self.head:
            return 0
        waiting = self._log.read(through, 1)
        return max(self._now_ms() - waiting[0].arrived_ms, 0) if waiting else 0

    def _acknowledged(self, appended: list[Appended]) -> list[Appended]:
        """Whoever asks after this answer must find in theirs what is acknowledged by it."""
        if appended:
            self.head = max(self.head, *(result.offset for result in appended))
        return appended


class _HandOver:
    """Brings answers from the log's writer into an event loop, all those of one commit by one call."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lock = threading.Lock()
        self._ready: list[tuple[asyncio.Future[list[Appended]], Future[list[Appended]]]] = []

    def bring(self, answer: asyncio.Future[list[Appended]], done: Future[list[Appended]]) -> None:
        """In the writer's thread."""
        with self._lock:
            self._ready.append((answer, done))
            if len(self._ready) > 1 or self._loop.is_closed():
                return
        self._loop.call_soon_threadsafe(self._hand_out)

    def _hand_out(self) -> None:
        with self._lock:
            ready, self._ready = self._ready, []
        for answer, done in ready:
            if answer.done():  # whoever asked went away
                continue
            error = done.exception()
            if error is None:
                answer.set_result(done.result())
            else:
                answer.set_exception(error)
