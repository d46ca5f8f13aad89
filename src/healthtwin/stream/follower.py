"""Brings one projection along: in order, from its own place, without holding up anybody else."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Generic, Protocol

from healthtwin.domain.errors import CorruptStorage, HealthTwinError, StorageError
from healthtwin.domain.plain_log import Logged, kinds_of
from healthtwin.stream.projection import Item

if TYPE_CHECKING:
    from collections.abc import Sequence

    from healthtwin.stream.projection import Projection, Source

_LOG: Final = logging.getLogger(__name__)

BATCH: Final = 10_000
"""Items applied together, as far as they are there."""

MOST_QUEUED: Final = 20_000
"""Items held in memory for a projection that is slow; what is more, it reads from the source later."""

RETRY_S: Final = 1.0
"""How often a refused batch is offered again."""

NOTE_EVERY_S: Final = 5.0
"""How often the place is noted. What was heard since is heard again after a crash, and changes nothing."""


class Places(Protocol):
    """Where followers remember how far they are; `StateFile` is one."""

    def read_through(self, reader: str) -> tuple[int, int]:
        """Version of a reader and its place; (0, 0) before the first time."""
        ...

    def note_read_through(self, reader: str, version: int, through: int) -> None:
        """Remember them, durably."""
        ...


class Follower(Generic[Item]):
    """Offers a projection everything that its source holds, each in order, at least once.

    Call `begin` first. Without a thread `offer` and `catch_up` return when the projection has taken what was
    there, or refused it; with one (`start`) they only wake it.

    Args:
        source: the log, or one kind of the outbox.
        projection: whom to bring along.
        places: where its place is remembered.
        batch: how many items make one. note_every_s: pause between two notes of the place.

    Attributes:
        failure: why the projection stands still, None while it moves.
    """

    def __init__(
        self,
        source: Source[Item],
        projection: Projection[Item],
        places: Places,
        batch: int = BATCH,
        note_every_s: float = NOTE_EVERY_S,
    ) -> None:
        self.projection = projection
        self.failure: HealthTwinError | None = None
        self._source = source
        self._places = places
        self._batch = batch
        self._note_every_s = note_every_s
        self._through = 0
        self._noted = 0
        self._note_at = -math.inf
        self._applying = threading.Lock()
        self._news = threading.Condition()
        self._queue: deque[Sequence[Item]] = deque()
        self._queued = 0
        self._behind = True
        self._stopping = False
        self._until = math.inf
        self._moved = threading.Condition()
        self._thread: threading.Thread | None = None

    @property
    def name(self) -> str:
        """The projection's."""
        return self.projection.name

    @property
    def offset(self) -> int:
        """Place of the last item that the projection took."""
        return self._through

    # ---------------------------------------------------------------- life

    def begin(self) -> None:
        """Go to where the projection is; one of another version hears everything anew.

        Raises:
            CorruptStorage: it knows more than the source, which was replaced or restored alone.
        """
        version, noted = self._places.read_through(self.name)
        kept = self.projection.offset
        self._noted = noted
        self._through = noted if kept is None else kept
        head = self._source.head()
        if head is not None and self._through > head:
            raise CorruptStorage(
                f"{self.name} was made from records up to {self._through}, but the log ends at {head}; "
                f"restore both from the same backup, or make it anew with: healthtwin rebuild {self.name}"
            )
        if version not in (0, self.projection.version):
            _LOG.warning("Making %s anew: it is of version %d", Logged(self.name), version)
            self._forget()
        elif version == 0:
            self._places.note_read_through(self.name, self.projection.version, max(self._through, 0))
        self._behind = True

    def start(self) -> None:
        """Follow in a thread of our own from now on."""
        self._stopping, self._until = False, math.inf
        self._thread = threading.Thread(target=self._run, name=f"healthtwin-{self.name}", daemon=True)
        self._thread.start()

    def stop(self, until: float = math.inf) -> None:
        """Take what is there until this moment of the monotonic clock, note the place, and end the thread."""
        if self._thread is not None:
            with self._news:
                self._until = until
                self._stopping = True
                self._news.notify()
            self._thread.join()
            self._thread = None
            self._until = math.inf
        with suppress(StorageError):  # what was taken since is heard again
            self.note()

    @property
    def ended(self) -> bool:
        """Whether a thread that was started is gone, though nobody stopped it."""
        return self._thread is not None and not self._thread.is_alive()

    # ---------------------------------------------------------------- what comes

    def offer(self, items: Sequence[Item]) -> None:
        """The next items of the source, all of those that follow on the last ones offered."""
        with self._news:
            if self._behind or self._queued + len(items) > MOST_QUEUED:
                self._behind = True
            else:
                self._queue.append(items)
                self._queued += len(items)
            self._news.notify()
        if self._thread is None:
            self.catch_up()

    def wake(self) -> None:
        """There is something new in the source."""
        with self._news:
            self._behind = True
            self._news.notify()

    def reread(self) -> None:
        """Read what was offered from the source again; on return nothing of before is being applied."""
        self.wake()
        with self._applying:
            pass

    def catch_up(self, until: float = math.inf) -> int:
        """Take what is there until this moment of the monotonic clock; how many items were taken."""
        taken = 0
        try:
            while time.monotonic() < min(until, self._until) and (some := self._take_next()) is not None:
                taken += some
            self.failure = None
            if self._note_due():
                self.note()
        except StorageError as error:
            self._refused(error)
        return taken

    def wait_for(self, offset: int, timeout: float) -> bool:
        """Wait until this item was taken; False when that took longer than `timeout` seconds."""
        with self._moved:
            return self._moved.wait_for(lambda: self._through >= offset, timeout)

    def note(self) -> int:
        """Make what was taken survive a power cut; the place through which it does.

        Raises:
            StorageError: it does not.
        """
        with self._applying:
            if self._through > self._noted:
                self.projection.sync()
                self._places.note_read_through(self.name, self.projection.version, self._through)
                self._noted = self._through
            self._note_at = time.monotonic() + self._note_every_s
            return self._noted

    def rebuild(self) -> int:
        """Make the projection anew, as far as its source reaches; how many items it heard.

        May be cut off and repeated at any point.

        Raises:
            StorageError: it stopped half-way.
        """
        self._forget()
        taken = 0
        while (some := self._take_next()) is not None:
            taken += some
        self.note()
        return taken

    # ---------------------------------------------------------------- inside

    def _forget(self) -> None:
        after = self._source.reach().after
        self._places.note_read_through(self.name, self.projection.version, after)
        self.projection.rebuild(self._source)
        self._through = self._noted = after
        self._behind = True

    def _take_next(self) -> int | None:
        """Apply one batch; how many items, None when nothing was there."""
        with self._applying:
            with self._news:
                behind = self._behind
                items: list[Item] = []
                while not behind and self._queue and len(items) < self._batch:
                    items += self._queue.popleft()
                if behind:
                    self._queue.clear()
                    self._behind = False
                self._queued = sum(map(len, self._queue))
            place = self._source.place
            items = [item for item in items if place(item) > self._through]
            missing = bool(items) and place(items[0]) != self._through + 1
            if behind or missing:
                items = list(self._read())
            if not items:
                return None
            try:
                self.projection.apply(items, place(items[-1]))
            except BaseException:
                self._behind = True
                raise
            with self._moved:
                self._through = place(items[-1])
                self._moved.notify_all()
            return len(items)

    def _read(self) -> Sequence[Item]:
        """What the source has; there may be more, also of what was offered meanwhile."""
        try:
            items = self._source.read(self._through, self._batch)
        except BaseException:
            self._behind = True
            raise
        if items:
            self._behind = True
        return items

    def _note_due(self) -> bool:
        return time.monotonic() >= self._note_at and self._through > self._noted

    def _refused(self, error: StorageError) -> None:
        if self.failure is None:
            _LOG.error("%s: what follows on %d is offered again: %s", Logged(self.name), self._through, error)
        self.failure = error

    def _run(self) -> None:
        try:
            while self._follow():
                pass
        except HealthTwinError as error:
            self.failure = error
            _LOG.critical("%s stopped at %d", Logged(self.name), self._through, exc_info=True)
        except Exception as error:  # noqa: BLE001 - a dead thread must be seen, whatever killed it
            self.failure = HealthTwinError(f"{self.name} stopped at {self._through}: {kinds_of(error)}")
            _LOG.critical("%s stopped at %d", Logged(self.name), self._through, exc_info=True)

    def _follow(self) -> bool:
        with self._news:
            if self.failure is not None:
                self._news.wait_for(lambda: self._stopping, RETRY_S)
            else:
                idle_s = self._note_every_s if self._through > self._noted else None
                self._news.wait_for(lambda: self._queue or self._behind or self._stopping, idle_s)
            stopping = self._stopping
        self.catch_up()
        return not stopping
