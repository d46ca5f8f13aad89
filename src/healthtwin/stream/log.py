"""The log port: what every log promises, whichever engine keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from healthtwin.domain.log import LogRecord, NewRecord
    from healthtwin.stream.record import Appended


class Log(Protocol):
    """A durable, ordered, duplicate-free sequence of records.

    Every implementation passes the suite in `tests/stream/log_contract.py`. Its methods may be called from
    several threads.
    """

    def append(self, records: Sequence[NewRecord]) -> list[Appended]:
        """Store records; what is returned survives a power cut.

        All or nothing: when it raises, none of the records was stored. A record is recognised by
        (device, sequence) when it has a sequence and by (device, content) otherwise.

        Returns:
            One outcome per record, in the order given.

        Raises:
            InvalidInput: a sequence outside 0 to 2**63 - 1.
            StorageFull: there is no room.
            StorageBusy: somebody else holds the file.
            StorageError: the disk failed otherwise.
        """
        ...

    def read(self, after: int, limit: int) -> list[LogRecord]:
        """At most `limit` records with an offset greater than `after`, ascending."""
        ...

    def at(self, offsets: Sequence[int]) -> list[LogRecord]:
        """The records at these offsets (ascending, none twice), in order; forgotten ones are left out."""
        ...

    def head(self) -> int:
        """The offset of the newest record ever stored, 0 before the first."""
        ...

    def trim(self, through: int) -> None:
        """Forget the records up to and including this offset; their duplicates are still recognised."""
        ...

    def trimmed_through(self) -> int:
        """The offset up to which records were forgotten, 0 when none was."""
        ...

    def about(self, person: str, after: int, limit: int) -> list[LogRecord]:
        """At most `limit` records about a pseudonym with an offset greater than `after`, ascending."""
        ...

    def erase(self, person: str, devices: Sequence[str] = ()) -> None:
        """Forget what every record of a person said, and that it ever came; offsets and arrivals stay.

        What is still on its way is stored without them. Nothing of it is left in the log's files on return.

        Args:
            person: pseudonym.
            devices: ids of what sent for them alone: their keys outlast trimmed records.
        """
        ...

    def close(self) -> None:
        """Release the files; what was appended stays."""
        ...
