"""Many senders, one fsync: what arrives while a commit runs goes into the next one together."""

from __future__ import annotations

import logging
import queue
import threading
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import HealthTwinError, StorageError
from healthtwin.domain.identity import partition_of
from healthtwin.domain.log import LogRecord, NewRecord
from healthtwin.stream.record import Appended, check_records, placed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from healthtwin.stream.log import Log

_LOG: Final = logging.getLogger(__name__)

MOST_RECORDS: Final = 20_000
"""Records per commit: bounds how long the last one in a crowd waits behind the others (about 0.2 s)."""

Waiter = tuple[list[NewRecord], "Future[list[Appended]]"]


class GroupCommit:
    """The one writer of a log: a thread that commits together whatever is waiting.

    A sender's future resolves after the fsync that covers its records, or fails with the error that hit the
    whole group; then none of them was stored. After the commit, `on_commit` gets the new records in offset
    order, in this thread.

    Args:
        log: where to append.
        on_commit: takes what was stored; it should only pass it on.
        guard: called before each append; raises (say `StorageFull`) to refuse early.
        most_records: records per commit at most; a single larger submission is still taken whole.

    Attributes:
        failure: the error of the last commit, None while the log takes records. For `/health`.
    """

    def __init__(
        self,
        log: Log,
        on_commit: Callable[[list[LogRecord]], None],
        *,
        guard: Callable[[], None] | None = None,
        most_records: int = MOST_RECORDS,
    ) -> None:
        self._log = log
        self._on_commit = on_commit
        self._guard = guard
        self._most_records = most_records
        self._waiting: queue.SimpleQueue[Waiter | None] = queue.SimpleQueue()
        self._submitting = threading.Lock()
        self._closed = False
        self.failure: HealthTwinError | None = None
        self._failing_since = 0.0
        self._thread = threading.Thread(target=self._run, name="healthtwin-log-writer", daemon=True)
        self._thread.start()

    def submit(self, records: Sequence[NewRecord]) -> Future[list[Appended]]:
        """Queue records; the future holds one outcome per record once they are durable.

        Raises:
            InvalidInput: a record that no log can hold.
            StorageError: the log is closed.
        """
        check_records(records)
        future: Future[list[Appended]] = Future()
        with self._submitting:
            if self._closed:
                raise StorageError("the log is closed; nothing can be stored any more")
            self._waiting.put((list(records), future))
        return future

    def drain(self) -> None:
        """Wait until everything submitted so far is committed or refused."""
        barrier = self.submit([])
        barrier.exception()

    def close(self) -> None:
        """Take no more, commit what waits, end the thread. The log itself stays open."""
        with self._submitting:
            if not self._closed:
                self._closed = True
                self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        open_for_more = True
        while open_for_more:
            group: list[Waiter] = []
            size = 0
            waiter = self._waiting.get()
            while waiter is not None:
                if waiter[1].set_running_or_notify_cancel():
                    group.append(waiter)
                    size += len(waiter[0])
                if size >= self._most_records or self._waiting.empty():
                    break
                waiter = self._waiting.get()
            open_for_more = waiter is not None
            if group:
                self._commit(group)

    def _commit(self, group: list[Waiter]) -> None:
        records = [record for waiting, _ in group for record in waiting]
        try:
            if records:
                if self._guard is not None:
                    self._guard()
                outcomes = self._log.append(records)
            else:
                outcomes = []
        except Exception as error:  # noqa: BLE001 - whatever went wrong, nobody may wait for ever
            self._refuse(group, len(records), error)
            return
        if records:
            self._report_recovery()
        at = 0
        for waiting, future in group:
            future.set_result(outcomes[at : at + len(waiting)])
            at += len(waiting)
        new = [
            placed(record, appended.offset, partition_of(record.person))
            for record, appended in zip(records, outcomes, strict=True)
            if appended.outcome == "new"
        ]
        if new:
            self._pass_on(new)

    def _pass_on(self, new: list[LogRecord]) -> None:
        try:
            self._on_commit(new)
        except Exception:  # noqa: BLE001 - the records are safe in the log, and others wait for this thread
            _LOG.exception("Records %d to %d were stored but not passed on", new[0].offset, new[-1].offset)

    def _refuse(self, group: list[Waiter], count: int, error: Exception) -> None:
        if isinstance(error, StorageError):
            _LOG.error("Refused %d records of %d requests: %s", count, len(group), error)
            if self.failure is None:
                self._failing_since = time.monotonic()
            self.failure = error
        elif not isinstance(error, HealthTwinError):
            _LOG.error("Refused %d records of %d requests", count, len(group), exc_info=error)
        for _, future in group:
            future.set_exception(error)

    def _report_recovery(self) -> None:
        if self.failure is not None:
            _LOG.warning("The log takes records again after %.1f s", time.monotonic() - self._failing_since)
            self.failure = None
