"""The projection port: what is kept from the log (or from the outbox) to be looked at.

A projection hears of everything in order, has a place of its own in it, and can be made anew without the
others. `Follower` brings it along.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from healthtwin.domain.log import LogRecord
    from healthtwin.stream.log import Log
    from healthtwin.stream.state_file import OutboxRow

Item = TypeVar("Item")

NEVER: Final = 2**62
"""A time or a place that nothing has, such as the first arrival in a log that holds no record."""


_LOOKED_AT: Final = 100


@dataclass(frozen=True, slots=True)
class Reach:
    """How far back a source still goes.

    Attributes:
        after: what lies behind this place can be heard again; 0 when all of it can.
        since_ms: when the first of it arrived, epoch ms; None when everything that ever was can be heard
            again, `NEVER` when nothing can.
    """

    after: int
    since_ms: int | None


class Projection(Protocol[Item]):
    """Something kept from what is heard: series, a timeline, alert rows, what open browsers were told.

    Every projection passes the suite in `tests/stream/projection_contract.py`.

    Attributes:
        name: stands in files and commands, never changes.
        version: of what is kept; a new one has everything that can be heard again heard anew.
    """

    name: str
    version: int

    @property
    def offset(self) -> int | None:
        """The place through which what was heard is kept, where the projection's own file says it.

        None: the follower remembers it, and what was heard shortly before a crash is heard again.
        """
        ...

    def apply(self, batch: Sequence[Item], through_offset: int) -> None:
        """Take what comes next, in order; a batch that was taken before changes nothing.

        Args:
            batch: log records, or changes of the outbox.
            through_offset: the place of the last one; all before it was offered.

        Raises:
            StorageError: nothing of the batch was kept; it is offered again.
        """
        ...

    def sync(self) -> None:
        """Make what was applied survive a power cut; the log may forget it afterwards."""
        ...

    def rebuild(self, source: Source[Item]) -> None:
        """Forget what can be heard again from this source, and nothing else: what outlived it is kept.

        It is heard right afterwards. May be cut off and repeated at any point.
        """
        ...


class Source(Protocol[Item]):
    """Where a follower hears from."""

    def read(self, after: int, limit: int) -> Sequence[Item]:
        """At most `limit` items whose place is greater than `after`, ascending."""
        ...

    def place(self, item: Item) -> int:
        """Where an item stands; grows with each."""
        ...

    def head(self) -> int | None:
        """The place of the newest item; None when it is not worth asking."""
        ...

    def reach(self) -> Reach:
        """How far back it goes."""
        ...


class LogSource:
    """Everything that happened."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def read(self, after: int, limit: int) -> Sequence[LogRecord]:
        """See `Log.read`."""
        return self._log.read(after, limit)

    def place(self, item: LogRecord) -> int:
        """Its offset."""
        return item.offset

    def head(self) -> int:
        """See `Log.head`."""
        return self._log.head()

    def reach(self) -> Reach:
        """From where the log was trimmed."""
        trimmed = self._log.trimmed_through()
        if not trimmed:
            return Reach(0, None if self._log.read(0, 1) else NEVER)
        first = self._log.read(trimmed, _LOOKED_AT)
        arrived = (record.arrived_ms for record in first if record.arrived_ms)  # a damaged one does not say
        return Reach(trimmed, next(arrived, NEVER))


class OutboxSource:
    """Every change of one kind.

    Args:
        outbox: of a state file, or of whoever holds one.
        kind: of the changes. through: no change beyond this id.
    """

    def __init__(
        self,
        outbox: Callable[[int, int, str], Sequence[OutboxRow]],
        kind: str,
        through: int = NEVER,
    ) -> None:
        self._outbox = outbox
        self._kind = kind
        self._through = through

    def read(self, after: int, limit: int) -> Sequence[OutboxRow]:
        """See `StateFile.outbox`."""
        return [row for row in self._outbox(after, limit, self._kind) if row.id <= self._through]

    def place(self, item: OutboxRow) -> int:
        """Its id."""
        return item.id

    def head(self) -> None:
        """Other kinds stand between: what is left is known by reading."""
        return

    def reach(self) -> Reach:
        """The outbox keeps everything."""
        return Reach(0, None)
