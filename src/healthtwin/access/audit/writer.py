"""The one thread that writes the audit: many entries with one fsync, then their signed head outside it."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import deque
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from healthtwin.access.audit.entry import FAILED, Access
from healthtwin.access.audit.file import AUDIT_FILE, HEADS_EVERY, AuditFile, Place, Written
from healthtwin.access.audit.heads import HEAD, Anchor
from healthtwin.access.audit.keys import signing_key
from healthtwin.access.audit.syslog import Syslog
from healthtwin.domain import DAY_MS, MINUTE_MS
from healthtwin.domain.errors import HealthTwinError, StorageError, StorageFull, Unrecorded
from healthtwin.domain.plain_log import Logged
from healthtwin.store.space import MEBIBYTE, SpareRoom

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from healthtwin.access.audit.heads import Head
    from healthtwin.access.audit.settings import AuditSettings
    from healthtwin.store import Home

_LOG: Final = logging.getLogger(__name__)

HOUSE: Final = "house"
"""Who acts where it is the house itself."""

SPARE_FILE: Final = "audit-spare-room"

GAP_LATE: Final = "audit gap late"
"""For a time nothing could be written; what waited for it was shown to nobody."""
GAP_MISSING: Final = "audit gap missing"
"""Entries that stood are not there, or not as they were."""
GAP_REPLACED: Final = "audit gap replaced"
"""Another file lies where the audit lay, with the same entries."""
GAP_ANCHOR: Final = "audit gap anchor"
"""The newest head outside the file was gone."""
GAP_ALARM: Final = "audit-gap"

TICK_S: Final = 1.0
"""How soon what was counted is looked through, and a write that failed is tried again."""

_MOST_AT_ONCE: Final = 5_000
_MOST_KEPT: Final = 20_000
"""Entries that nobody waits for, kept while nothing can be written; about 10 MB."""

_NO_ROOM_BYTES: Final = MEBIBYTE
"""With less free than this, a disk that "failed" is a full one."""


@dataclass(slots=True)
class Waiting:
    """What waits to be written; without an access, to be told that all before it is.

    Attributes:
        written: the entry. done: resolves to its number.
        waited: somebody shows nothing before that, so it is dropped when it cannot be; else it is kept.
        trim_before_ms: forget what is older instead.
    """

    written: Written | None
    done: Future[int]
    waited: bool = False
    trim_before_ms: int = 0


class Writer:
    """Writes what is put, in order.

    Args:
        home: whose audit. settings: how it is kept. now_ms: the wall clock.
        each_tick: called about once a second, in this thread.
        on_alarm: hears of alarms, once they are written.

    Attributes:
        failure: why nothing can be written; None while it can.
        anchor_failure: why heads cannot be kept outside the file.
        on_reserve: whether it lives on the room that was set aside.
    """

    def __init__(
        self,
        home: Home,
        settings: AuditSettings,
        now_ms: Callable[[], int],
        each_tick: Callable[[], None],
        on_alarm: Callable[[Access], None],
    ) -> None:
        self._home = home
        self._path = home.path / AUDIT_FILE
        self._now_ms = now_ms
        self._each_tick = each_tick
        self._on_alarm = on_alarm
        self._anchor = Anchor(home, settings)
        self._syslog = Syslog(settings.syslog)
        self._spare = SpareRoom(home.path, SPARE_FILE, settings.reserve_mib * MEBIBYTE)
        self._file: AuditFile | None = None
        self._known: Place | None = None
        self._kept = Place()
        self._kept_ms = 0
        self._backlog: deque[Waiting] = deque()
        self._dropped = self._failing_ms = 0
        self._queue: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self.failure: HealthTwinError | None = None
        self.anchor_failure: HealthTwinError | None = None
        self.on_reserve = False
        self._thread = threading.Thread(target=self._run, name="healthtwin-audit", daemon=True)
        self._thread.start()

    def put(self, waiting: Waiting) -> None:
        """Queue; never blocks."""
        self._queue.put(waiting)

    def close(self) -> None:
        """Write what waits, release the file, end the thread."""
        self._queue.put(None)
        self._thread.join()

    def bytes(self) -> int:
        """How large the file is."""
        file = self._file
        return 0 if file is None else file.bytes()

    def keep_reserve(self) -> None:
        """Set the reserve aside again, where there is room enough."""
        guard = self._home.space_guard()
        self._spare.keep(guard)
        if self.on_reserve and guard.space().enough:
            self.on_reserve = False

    # ---------------------------------------------------------------- the thread

    def _run(self) -> None:
        self._write([])  # opened now, so that what is missing is found at the start
        going, ticked = True, time.monotonic()
        while going:
            group, going = self._gather()
            if time.monotonic() - ticked >= TICK_S:
                ticked = time.monotonic()
                self._each_tick()
            self._write(group)
        self._write([])
        if self._file is not None:
            self._keep_newest()
            self._file.close()

    def _gather(self) -> tuple[list[Waiting], bool]:
        """What waits; False when told to stop."""
        group: list[Waiting] = []
        try:
            item = self._queue.get(timeout=TICK_S)
            while item is not None:
                group.append(item)
                if len(group) >= _MOST_AT_ONCE:
                    return group, True
                item = self._queue.get_nowait()
        except queue.Empty:
            return group, True
        return group, False

    def _write(self, group: Sequence[Waiting]) -> None:
        entries = [*self._backlog, *(each for each in group if each.written is not None)]
        self._backlog.clear()
        if entries or self._file is None or self.failure is not None:
            try:
                self._commit(entries)
            except Exception as error:  # noqa: BLE001 - whatever it was, reading stops and the thread goes on
                self._refuse(entries, error)
        for each in group:
            if each.written is None:
                self._besides(each)

    def _besides(self, asked: Waiting) -> None:
        """Trim, or say that all before is written."""
        file, trimmed = self._file, 0
        if asked.trim_before_ms and file is not None and self.failure is None:
            try:
                with self._anchor.alone():
                    head = file.trim(asked.trim_before_ms, self._now_ms())
                trimmed = 0 if head is None else 1
                if head is not None:
                    self._anchored(lambda: self._anchor.keep(head))
            except Exception as error:  # noqa: BLE001 - as above
                self.failure = _ours(error)
        _resolve(asked.done, trimmed)

    def _commit(self, entries: list[Waiting]) -> None:
        with self._anchor.alone():
            found = self._looked_after()
            if self.failure is not None:
                found.append(self._late())
            written = [*found, *(each.written for each in entries if each.written is not None)]
            if not written or self._file is None:
                return
            head = self._appended(self._file, written)
            self._known = Place(head.seq, head.hash)
            self.failure, self._failing_ms, self._dropped = None, 0, 0
            self._anchored(lambda: self._anchor_head(head))
        first = head.seq - len(entries) + 1
        for number, each in enumerate(entries, first):
            _resolve(each.done, number)
        for alarm in (each.access for each in written if each.access.alarm):
            _LOG.warning("For the operator: %s; entry %d or before", Logged(alarm.alarm), head.seq)
            self._on_alarm(alarm)

    def _appended(self, file: AuditFile, written: list[Written]) -> Head:
        now_ms, after = self._now_ms(), self._known
        try:
            return file.append(written, now_ms, after=after)
        except StorageError as error:
            full = isinstance(error, StorageFull) or self._space_left() < _NO_ROOM_BYTES
            if not full or not self._spare.release():
                raise
        self.on_reserve = True
        return file.append(written, now_ms, after=after)

    def _looked_after(self) -> list[Written]:
        """Have the file open, and as it was left; what is not so is the first to be written."""
        if self._file is not None and not self._file.is_still_there():
            self._file.close()
            self._file = None
            return [self._gap(self._reopened(), GAP_REPLACED)]
        if self._file is None:
            unsaid = any(heads and now is None for _, heads, now in self._anchor.journals())
            missing = self._reopened()
            if missing is None:
                return [self._gap(None, GAP_ANCHOR)] if unsaid else []
            return [self._gap(missing, GAP_MISSING)]
        missing = self._missing(self._file)
        return [] if missing is None else [self._gap(missing, GAP_MISSING)]

    def _reopened(self) -> int | None:
        """Open the file; the first entry that is missing, None where none is."""
        if self._known is None:
            self._known = self._told_outside()
        self._file = AuditFile(self._path, signing_key(self._home))
        return self._missing(self._file)

    def _missing(self, file: AuditFile) -> int | None:
        known = self._known
        if known is None or known.seq == 0 or file.hash_at(known.seq) == known.hash:
            return None
        if file.trimmed_through() >= known.seq:
            return None
        return min(file.last().seq + 1, known.seq)

    def _told_outside(self) -> Place:
        """The newest head that stands outside the file."""
        told = [head for _, heads, now in self._anchor.journals() for head in (*heads[-1:], now)]
        newest = [head for head in told if head is not None and head.use == HEAD and head.holds()]
        head = max(newest, key=lambda each: each.seq, default=None)
        return Place() if head is None else Place(head.seq, head.hash)

    def _gap(self, missing: int | None, otherwise: str) -> Written:
        what = otherwise if missing is None else GAP_MISSING
        facts = {} if missing is None else {"first": missing}
        if self._known is not None:
            facts["last"] = self._known.seq
            self._anchored(self._keep_newest)
        access = Access(HOUSE, what, FAILED, self._now_ms(), alarm=GAP_ALARM, facts=facts)
        return Written(access)

    def _late(self) -> Written:
        now_ms = self._now_ms()
        seconds = max(now_ms - self._failing_ms, 0) // 1_000
        facts = {"seconds": seconds, "lost": self._dropped}
        return Written(Access(HOUSE, GAP_LATE, FAILED, now_ms, alarm=GAP_ALARM, facts=facts))

    def _refuse(self, entries: list[Waiting], error: Exception) -> None:
        """What is waited for is refused; the rest is kept for later, as far as there is room."""
        if self.failure is None:
            _LOG.error("Who looks cannot be written down, so nothing is shown: %s", error)
        self.failure = _ours(error)
        self._failing_ms = self._failing_ms or self._now_ms()
        for each in entries:
            if each.waited:
                _resolve(each.done, unrecorded())
            elif len(self._backlog) < _MOST_KEPT:
                self._backlog.append(each)
            else:
                self._dropped += 1
                _resolve(each.done, unrecorded())

    # ---------------------------------------------------------------- outside the file

    def _anchor_head(self, head: Head) -> None:
        if head.seq // HEADS_EVERY != self._kept.seq // HEADS_EVERY or (
            head.at_ms - self._kept_ms >= MINUTE_MS or self._kept.seq == 0
        ):
            self._anchor.keep(head)
            self._syslog.tell(head)
            self._kept, self._kept_ms = Place(head.seq, head.hash), head.at_ms
        self._anchor.newest(head)

    def _keep_newest(self) -> None:
        """What stands as the newest head goes into the journal before another takes its place."""
        for journal, lines, now in self._anchor.journals():
            if now is not None and now.holds() and now not in lines[-1:]:
                self._anchor.keep(now, journal)

    def _anchored(self, write: Callable[[], None]) -> None:
        try:
            write()
        except OSError as error:
            self.anchor_failure = StorageError(
                f"{error.filename}: signed heads of the audit cannot be kept there ({error.strerror})"
            )
        else:
            self.anchor_failure = None

    def _space_left(self) -> int:
        return self._home.space_guard().space().free_bytes


def _resolve(done: Future[int], outcome: int | Exception) -> None:
    """Say what came of it, unless nobody waits any more."""
    with suppress(InvalidStateError):
        if isinstance(outcome, int):
            done.set_result(outcome)
        else:
            done.set_exception(outcome)


def trim_before(now_ms: int, keep_days: int) -> int:
    """Entries before this instant outlived their days."""
    return now_ms - keep_days * DAY_MS


def unrecorded() -> Unrecorded:
    """What whoever asks is told."""
    return Unrecorded(
        "who looks at health data is written down first, and that cannot be done at the moment, so nothing "
        "is shown; readings are taken in, judged and told as ever. The house's operator sees what is wrong"
    )


def _ours(error: Exception) -> HealthTwinError:
    if isinstance(error, HealthTwinError):
        return error
    if isinstance(error, OSError):
        return StorageError(f"{error.filename}: the audit cannot be written ({error.strerror})")
    return StorageError(f"the audit cannot be written ({type(error).__name__})")
