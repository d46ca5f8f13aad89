"""All projections of one log, each brought along by a follower of its own."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from healthtwin.stream.follower import NOTE_EVERY_S, Follower
from healthtwin.stream.projection import NEVER, LogSource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from healthtwin.domain.errors import HealthTwinError
    from healthtwin.domain.log import LogRecord
    from healthtwin.stream.follower import Places
    from healthtwin.stream.log import Log
    from healthtwin.stream.projection import Projection


class Followers:
    """Passes on to every projection what `Follower` promises each; one that lags or fails is alone with it.

    Args:
        log: what is followed.
        projections: who hears of it; their names differ.
        places: where it is remembered how far each is. note_every_s: see `Follower`.
    """

    def __init__(
        self,
        log: Log,
        projections: Sequence[Projection[LogRecord]],
        places: Places,
        note_every_s: float = NOTE_EVERY_S,
    ) -> None:
        source = LogSource(log)
        self._all = {
            each.name: Follower(source, each, places, note_every_s=note_every_s) for each in projections
        }

    def through(self, name: str | None = None) -> int:
        """The record up to which a projection has taken all (None: every projection)."""
        if name is not None:
            return self._all[name].offset
        return min((each.offset for each in self._all.values()), default=NEVER)

    def wait_for(self, name: str, offset: int, timeout: float) -> bool:
        """Wait until a projection has taken this record; False when that took longer than `timeout` s."""
        return self._all[name].wait_for(offset, timeout)

    def failures(self) -> dict[str, HealthTwinError]:
        """Projections that stand still, by name, and why."""
        return {name: each.failure for name, each in self._all.items() if each.failure is not None}

    def note(self) -> int:
        """Make durable what each took; the record through which all have it.

        Raises:
            StorageError: a projection cannot.
        """
        return min((each.note() for each in self._all.values()), default=NEVER)

    def begin(self) -> None:
        """Each goes to its place.

        Raises:
            CorruptStorage: one knows more than the log.
        """
        for each in self._all.values():
            each.begin()

    def catch_up(self, until: float = math.inf) -> None:
        """Each takes what the log has, until this moment of the monotonic clock."""
        for each in self._all.values():
            each.catch_up(until)

    def offer(self, records: Sequence[LogRecord]) -> None:
        """The next records of the log."""
        for each in self._all.values():
            each.offer(records)

    def reread(self) -> None:
        """Each sees the log as it now is; on return nobody applies what it was before."""
        for each in self._all.values():
            each.reread()

    def start(self) -> None:
        """Each follows in a thread of its own."""
        for each in self._all.values():
            each.start()

    def stop(self, until: float = math.inf) -> None:
        """Each takes what is there until this moment, notes its place, and ends."""
        for each in self._all.values():
            each.stop(until)
