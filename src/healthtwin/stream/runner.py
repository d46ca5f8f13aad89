"""The runner: feeds the log to the step, keeps snapshots, tells every change exactly once."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import Counter, deque
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain.clock import MINUTE_MS
from healthtwin.domain.errors import CorruptStorage, HealthTwinError, StorageError
from healthtwin.domain.log import erased
from healthtwin.domain.plain_log import kinds_of
from healthtwin.engines.sqlite import BUSY_TIMEOUT_S, Connect, connect_sqlite
from healthtwin.stream.fold import Fold
from healthtwin.stream.followers import Followers
from healthtwin.stream.lanes import Lanes
from healthtwin.stream.record import device_key
from healthtwin.stream.snapshots import Snapshots
from healthtwin.stream.state_file import OutboxRow, Progress, StateFile, version_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from healthtwin.domain.arrays import StructuredArray
    from healthtwin.domain.log import LogRecord
    from healthtwin.domain.sealing import Sealing
    from healthtwin.stream.log import Log
    from healthtwin.stream.projection import Projection
    from healthtwin.stream.sensor_clocks import ClockProblem
    from healthtwin.stream.step import Caused, Step

_LOG: Final = logging.getLogger(__name__)

ALLOWED_LATENESS_MS: Final = 15 * MINUTE_MS
"""Three five-minute readings: what a phone that lost its network for a moment sends afterwards."""

IDLE_AFTER_MS: Final = 30 * MINUTE_MS
"""Twice the lateness: a watch that was taken off holds its owner's other devices back no longer."""

SNAPSHOT_EVERY_S: Final = 5.0
"""Bounds what a restart replays."""

REPLAY_RECORDS: Final = 10_000
"""Records taken together: rounds are wide enough for numpy, and a waiting `peek` waits under a second."""

MOST_QUEUED: Final = 50_000
"""Records held in memory for the thread; beyond it they are read back from the log, which has them anyway."""

MOST_ROUNDS: Final = 100
"""One person's records taken together at most. They follow one after another, each for the price of numpy's
calls, so somebody's import of years is told, shown and left for a waiting `peek` in parts."""

PART_S: Final = 0.1
"""Such a part should take no longer: everybody else's readings wait for it. Fewer rounds make one."""

ADMITTED_AT_ONCE: Final = 2_000
"""Records between two looks at what else came in, each of another person at worst: about 0.1 s."""

MOST_WAITING: Final = 2_000_000
"""Records in all lanes, 80 MB of offsets and clocks; beyond it the log is read on when there is room."""

GATHER_S: Final = 0.03
"""Least time between two takes. A step over a few people costs as much as one over hundreds (its price is
that of calling numpy), and 30 ms more are nothing to an alert."""

GATHER_RECORDS: Final = 1_000
"""So many are taken without waiting: there is nothing left to gain."""

STOP_WITHIN_S: Final = 2.0
"""For what was fed, and as much for the last snapshot. Whoever ends a process seldom waits longer than ten
seconds before killing it, and what is left over lies in the log."""

POOLED_TOGETHER: Final = 16_384
"""People looked at in one go when figures are pooled: a waiting `peek` waits some milliseconds."""

_LET_OTHERS_S: Final = 0.001

_RETRY_S: Final = 1.0
"""How often a refused write is tried again."""


class Runner:
    """Runs a step over a log.

    Call `recover` first. Then either `feed` in one thread (each call returns when its records are taken), or
    `start` a thread that takes what `feed` passes on and reads the log itself when it falls behind.

    Args:
        log: where records come from after a stop, or when more arrive than are held in memory.
        step: what a record means.
        state_path: the file of snapshots and outbox, created when absent.
        allowed_lateness_ms, idle_after_ms: see `Fold`.
        snapshot_every_s: pause between snapshots, and between notes of how far projections are.
        projections: each hears of every record, in order, at least once, from its own place in the log. One
            that refuses or lags holds up neither the step nor another.
        on_outbox: called after new outbox rows were stored.
        connect, busy_timeout_s: see `SqliteLog`, for the state file; keys seal what it holds.

    Attributes:
        projections: how far each is, and what keeps it.
        failure: why the thread ended or writing is refused, None while all is well. For `/health`.
    """

    def __init__(  # noqa: PLR0913 - three are needed, the rest are named and have defaults
        self,
        log: Log,
        step: Step,
        state_path: Path,
        *,
        allowed_lateness_ms: int = ALLOWED_LATENESS_MS,
        idle_after_ms: int = IDLE_AFTER_MS,
        snapshot_every_s: float = SNAPSHOT_EVERY_S,
        projections: Sequence[Projection[LogRecord]] = (),
        on_outbox: Callable[[], None] | None = None,
        connect: Connect = connect_sqlite,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
        keys: Sealing | None = None,
    ) -> None:
        self._log = log
        self._step = step
        self._lateness_ms = allowed_lateness_ms
        self._idle_after_ms = idle_after_ms
        self._snapshot_every_s = snapshot_every_s
        self._on_outbox = on_outbox
        self._state = StateFile(state_path, connect, busy_timeout_s, keys)
        self.projections = Followers(log, projections, self._state, snapshot_every_s)
        self._fold = self._new_fold()
        self._lanes = Lanes(self._fold, log.at)
        self._taking = threading.RLock()
        self._arrival = threading.Condition()
        self._queue: deque[list[LogRecord]] = deque()
        self._queued = 0
        self._took_at = -GATHER_S
        self._behind = self._stopping = self._recovering = False
        self._rounds = MOST_ROUNDS
        self._until = math.inf  # on the monotonic clock: leave what is in the log then for later
        self._thread: threading.Thread | None = None
        self._progressed = threading.Condition()
        self._offset = 0
        self._shown_offset = 0  # what everybody's state and outbox hold
        self._shown_live = 0  # the same of those who do not wait
        self._shown_waiting: dict[str, int] = {}  # and of those who do, by pseudonym
        self._rebuilt_through = 0
        self._snapshots = self._new_snapshots(Progress("", 0, 0, 0))
        self._forgotten: set[str] = set()
        self._untold: list[Caused] = []
        self.failure: HealthTwinError | None = None

    # ---------------------------------------------------------------- what others see

    @property
    def offset(self) -> int:
        """Up to this record all are taken; the outbox has their changes unless `failure` says otherwise."""
        return self._shown_offset

    def taken(self, person: str) -> int:
        """The record up to which everything about a person is taken; the rest of an import may still wait."""
        return self._shown_waiting.get(person, self._shown_live)

    @property
    def saved_offset(self) -> int:
        """The last record that the snapshots hold; the log may forget up to here without loss of state."""
        return self._snapshots.offset

    def peek(self, person: str) -> tuple[np.void, np.void] | None:
        """Copies of a person's (committed, head) states; None for somebody not heard of yet."""
        with self._taking:
            return self._fold.peek(person)

    def reached(self, person: str, device: str) -> int | None:
        """The newest time that a device of a person spoke of, epoch ms; None when it never did."""
        with self._taking:
            return self._fold.reached(person, device_key(device))

    def glance(self, person: str, field: str) -> np.void | None:
        """A copy of one field of a person's newest state, at once; None for somebody not heard of yet.

        For an event loop, which waits for no lock, and a field that seldom changes.
        """
        return self._fold.glance(person, field)

    def clock_problems(self, person: str) -> list[ClockProblem]:
        """What is wrong with the clocks of somebody's sensors."""
        with self._taking:
            return self._fold.clock_problems(person)

    def wrong_clocks(self) -> int:
        """How many sensors of all people have wrong clocks; waits for nobody."""
        return self._fold.wrong_clocks()

    def people(self) -> list[str]:
        """Pseudonyms of everybody heard of, in the order in which they appeared."""
        with self._taking:
            return list(self._fold.people)

    def pooled(self, pick: Callable[[StructuredArray], NDArray[Any]]) -> NDArray[Any]:
        """What `pick` finds in everybody's newest state, added up: no one person can be read out of it.

        Args:
            pick: from states of shape `(people,)` to numbers of shape `(people, …)`.
        """
        total: NDArray[Any] = np.zeros(())
        for start in range(0, max(len(self._fold.people), 1), POOLED_TOGETHER):
            with self._taking:
                total = total + self._fold.pooled(pick, slice(start, start + POOLED_TOGETHER))
        return total

    def outbox(self, after_id: int, limit: int, kind: str | None = None) -> list[OutboxRow]:
        """At most `limit` changes with an id greater than `after_id`, ascending; of one kind unless None."""
        return self._state.outbox(after_id, limit, kind)

    def wait_for(self, offset: int, timeout: float, person: str | None = None) -> bool:
        """Wait until this record was taken; False when that took longer than `timeout` seconds.

        Args:
            offset: of the record.
            timeout: in seconds.
            person: wait only for what concerns this pseudonym, whoever else has something waiting.

        Raises:
            HealthTwinError: the thread ended before.
        """

        def is_taken() -> bool:
            return (self._shown_offset if person is None else self.taken(person)) >= offset

        with self._progressed:
            self._progressed.wait_for(lambda: is_taken() or self._ended(), timeout)
            if is_taken():
                return True
            if self._ended() and self.failure is not None:
                raise self.failure
            return False

    def outbox_kinds(self) -> set[str]:
        """Every kind of change that stands in the outbox."""
        return self._state.outbox_kinds()

    def read_through(self, reader: str) -> tuple[int, int]:
        """Version of a reader of the outbox, and the row through which it noted to have read; else (0, 0)."""
        return self._state.read_through(reader)

    def note_read_through(self, reader: str, version: int, through: int) -> None:
        """Remember how far a reader of the outbox is, so that a restart does not begin with the first row."""
        self._state.note_read_through(reader, version, through)

    def forgettable(self) -> int:
        """The record up to which the log may be trimmed: snapshots and projections have it durably.

        Raises:
            StorageError: a projection cannot make durable what it took.
        """
        return min(self.saved_offset, self.projections.note())

    def forget(self, person: str) -> None:
        """Forget a person's states and what was to be told of them, in memory and in the state file.

        Records of theirs that still come, or are read again before the log forgets them, pass as erased ones.

        Raises:
            StorageError: it is gone from memory, but may still stand in the file; call again.
        """
        with self._taking:
            self._forgotten.add(person)
            self._untold = [each for each in self._untold if each[1].person != person]
            self._lanes.forget(person)
            self._fold.forget(person)
            self._state.erase(person)
            self._show()

    # ---------------------------------------------------------------- life

    def recover(self, *, within_s: float = math.inf) -> None:
        """Load the snapshots and replay the log from there to its head.

        Args:
            within_s: leave what takes longer to the thread of `start`, so that new records can come in.

        Raises:
            CorruptStorage: the state, or a projection, knows more than the log (the log was replaced or
                restored alone).
        """
        with self._taking:
            version = version_of(self._step)
            head = self._log.head()
            progress = self._state.progress()
            if progress is not None:
                _require_log(progress.offset, head)
            if progress is None or progress.version != version:
                if progress is not None:
                    _LOG.warning("Computing all states again: they are of version %s", progress.version)
                if self._log.trimmed_through():
                    _LOG.warning(
                        "The log begins after record %d; what came before cannot be learned again",
                        self._log.trimmed_through(),
                    )
                progress = Progress(version, 0, self._fold.clock_ms, head)
                self._state.begin(progress)
            self._fold = self._new_fold()
            self._lanes = Lanes(self._fold, self._log.at)
            self._fold.clock_ms = progress.clock_ms
            for person in self._state.people():
                self._fold.load(person)
                _require_log(person.offset, head)
            self._offset = self._shown_offset = self._shown_live = progress.offset
            self._snapshots = self._new_snapshots(progress)
            self._rebuilt_through = progress.rebuilt_through
            self.projections.begin()
            self._until = until = time.monotonic() + within_s
            self._recovering = True
            try:
                self._catch_up()
            finally:
                self._recovering = False
            self._until = math.inf
            self._behind = self._offset < head
            self.projections.catch_up(until)
            try:
                self.snapshot()
            except StorageError as error:  # no room: what is known is shown all the same
                self._refused("A snapshot", error)

    def feed(self, records: Sequence[LogRecord]) -> None:
        """Take records in offset order, now or (with a thread) soon; those taken before are skipped."""
        records = self._without_forgotten(records)
        if self._thread is None:
            self._take_fed(list(records))
            self.projections.offer(records)
            self._snapshot_when_due()
            return
        self.projections.offer(records)
        with self._arrival:
            if self._behind or self._queued + len(records) > MOST_QUEUED:
                self._behind = True
            else:
                self._queue.append(list(records))
                self._queued += len(records)
            self._arrival.notify()

    def start(self) -> None:
        """Take records in a thread of our own from now on."""
        self._stopping, self._until = False, math.inf
        self.projections.start()
        self._thread = threading.Thread(target=self._run, name="healthtwin-runner", daemon=True)
        self._thread.start()

    def pause(self) -> None:
        """Take what was fed and end the thread; what takes longer than `STOP_WITHIN_S` stays in the log.

        The outbox can still be read, so that what was raised last can be told before `stop`.
        """
        until = time.monotonic() + STOP_WITHIN_S
        if self._thread is not None:
            with self._arrival:
                self._stopping = True
                self._until = until
                self._arrival.notify()
            self._thread.join()
            self._thread = None
        self.projections.stop(until)

    def stop(self, *, save: bool = True) -> None:
        """Pause, save a snapshot and release the state file.

        With `save=False` no snapshot is taken: as after a power cut, the next `recover` replays.
        """
        self.pause()
        with self._taking:
            if save and self.failure is None:
                self.snapshot(STOP_WITHIN_S)
            self._state.close()

    def snapshot(self, within_s: float = math.inf) -> None:
        """Save everybody who changed since the last snapshot.

        Args:
            within_s: begin nothing after this; of those not saved by then a restart replays the records.

        Raises:
            StorageError: it could not be saved; the earlier snapshot holds.
        """
        with self._taking:
            self._tell()
            self._snapshots.finish(self._offset, within_s)

    # ---------------------------------------------------------------- inside

    def _new_fold(self) -> Fold:
        return Fold(self._step, self._lateness_ms, self._idle_after_ms)

    def _new_snapshots(self, progress: Progress) -> Snapshots:
        return Snapshots(self._state, self._fold, self._lanes, progress, self._snapshot_every_s)

    def _ended(self) -> bool:
        return self._thread is not None and not self._thread.is_alive()

    def _catch_up(self) -> None:
        while time.monotonic() < self._until and (records := self._log.read(self._offset, REPLAY_RECORDS)):
            self._take(records)
            self._snapshot_when_due()

    def _take_fed(self, records: list[LogRecord]) -> None:
        """Take what follows on what was taken; where something is missing between, the log has it."""
        if records and records[0].offset <= self._offset:
            records = [record for record in records if record.offset > self._offset]
        if records and records[-1].offset - self._offset != len(records):
            if self._thread is None:
                self._catch_up()
            else:
                self._behind = True
        elif records and self._thread is None:
            self._take(records)
        elif records:
            self._admit(records)

    def _admit(self, records: list[LogRecord]) -> None:
        """In the thread: what need not wait is taken now, and nobody's import stands before it."""
        for start in range(0, len(records), ADMITTED_AT_ONCE):
            part = records[start : start + ADMITTED_AT_ONCE]
            self._take_part(part, self._lanes.admit)
            if time.monotonic() > self._until:
                return

    def _read_on(self) -> None:
        """In the thread: take what the log has beyond what was passed on."""
        records = self._log.read(self._offset, REPLAY_RECORDS)
        if len(records) == REPLAY_RECORDS:
            self._behind = True
        self._admit(records)

    def _work(self) -> None:
        """In the thread: take a slice of what waits."""
        began = time.monotonic()
        with self._taking:
            self._tell_if_possible(self._lanes.work(self._rounds))
            self._show()
        self._fit_rounds(time.monotonic() - began)
        # A lock is not fair: without a pause, who waits for it gets nothing.
        time.sleep(_LET_OTHERS_S)

    def _take(self, records: list[LogRecord]) -> None:
        """In the order of the log, for whoever feeds and waits, or recovers."""
        while self._lanes.busy:  # left over from a thread that was paused
            self._work()
        for part in _parts(records, lambda: self._rounds):
            began = time.monotonic()
            self._take_part(part, self._fold.take)
            ended = time.monotonic()
            if ended > self._until:
                return
            self._fit_rounds(ended - began)
            if len(part) < len(records):
                time.sleep(_LET_OTHERS_S)

    def _fit_rounds(self, took_s: float) -> None:
        if took_s > PART_S:
            self._rounds = max(self._rounds // 2, 1)
        elif took_s < PART_S / 4:
            self._rounds = min(self._rounds * 2, MOST_ROUNDS)

    def _take_part(self, records: list[LogRecord], take: Callable[[list[LogRecord]], list[Caused]]) -> None:
        """Step, then outbox."""
        with self._taking:
            told = take(self._without_forgotten(records))
            self._offset = records[-1].offset
            self._tell_if_possible(told)
            self._show()

    def _without_forgotten(self, records: Sequence[LogRecord]) -> list[LogRecord]:
        if not self._forgotten:
            return list(records)
        return [erased(record) if record.person in self._forgotten else record for record in records]

    def _show(self) -> None:
        """Only now: whoever waited for it finds the outbox filled."""
        with self._progressed:
            self._shown_waiting = self._lanes.taken()
            self._shown_live = self._offset
            self._shown_offset = min(self._shown_waiting.values(), default=self._offset)
            self._progressed.notify_all()

    def _tell_if_possible(self, told: list[Caused]) -> None:
        self._untold += told
        try:
            self._tell()
        except StorageError as error:
            if self._thread is None and not self._recovering:
                raise
            self._refused("The outbox", error)

    def _tell(self) -> None:
        if self._untold:
            new = self._state.tell(self._untold, self._rebuilt_through)
            self._untold = []
            if new and self._on_outbox is not None:
                self._on_outbox()
        self.failure = None

    def _snapshot_when_due(self) -> None:
        if self._snapshots.wait_s():
            return
        try:
            with self._taking:
                self._tell()
                self._snapshots.step(self._offset)
        except StorageError as error:
            if self._thread is None and not self._recovering:
                raise
            self._refused("A snapshot", error)

    def _refused(self, what: str, error: StorageError) -> None:
        _LOG.error("%s could not be saved and is tried again: %s", what, error)
        self.failure = error

    def _run(self) -> None:
        try:
            while self._take_next():
                self._snapshot_when_due()
        except HealthTwinError as error:
            self.failure = error
            _LOG.critical("The runner stopped at record %d", self._offset, exc_info=True)
        except Exception as error:  # noqa: BLE001 - a dead thread must be seen, whatever killed it
            self.failure = HealthTwinError(f"the runner stopped at record {self._offset}: {kinds_of(error)}")
            _LOG.critical("The runner stopped at record %d", self._offset, exc_info=True)
        with self._progressed:
            self._progressed.notify_all()

    def _take_next(self) -> bool:
        """Take what is queued, or what the log has when the queue overflowed; then some of what waits.

        Returns False at the end.
        """
        with self._arrival:
            busy = self._lanes.busy
            if not busy:
                wait_s = min(_RETRY_S, self._snapshots.wait_s()) if self._untold else self._snapshots.wait_s()
                self._arrival.wait_for(lambda: self._queue or self._behind or self._stopping, wait_s)
                self._gather()
            records: list[LogRecord] = []
            has_room = self._lanes.waiting < MOST_WAITING
            while has_room and self._queue and len(records) < REPLAY_RECORDS:
                records += self._queue.popleft()
            self._queued -= len(records)
            read_log = has_room and not records and self._behind
            if read_log:
                self._behind = False
            ending = self._stopping and not records and not read_log and not busy
        self._take_fed(records)
        if read_log:
            self._read_on()
        if self._lanes.busy:
            self._work()
        if not records:
            self._retry_refused()
        return not ending and time.monotonic() < self._until

    def _gather(self) -> None:
        """Under load, let a few more records arrive; one that comes after a pause is taken at once."""
        due = self._took_at + GATHER_S
        while not self._stopping and self._queued < GATHER_RECORDS and (left := due - time.monotonic()) > 0:
            self._arrival.wait(left)
        self._took_at = time.monotonic()

    def _retry_refused(self) -> None:
        with self._taking:
            if self._untold:
                try:
                    self._tell()
                except StorageError as error:
                    self._refused("The outbox", error)


def _parts(records: list[LogRecord], rounds: Callable[[], int]) -> Iterator[list[LogRecord]]:
    """The records in parts of which none holds more of one person than `rounds` says when it begins."""
    begun, counts, most = 0, Counter[str](), rounds()
    for index, record in enumerate(records):
        if counts[record.person] == most:
            yield records[begun:index]
            begun, most = index, rounds()
            counts.clear()
        counts[record.person] += 1
    if begun < len(records):
        yield records[begun:]


def _require_log(known: int, head: int) -> None:
    if known > head:
        raise CorruptStorage(
            f"the state was computed from records up to {known}, but the log ends at {head}; restore log and "
            "state from the same backup, or remove the state file to compute it again"
        )
