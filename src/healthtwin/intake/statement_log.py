"""Brings changed statements into the log, each once, also one that a crash cut off."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from healthtwin.store import Records
    from healthtwin.store.records import Statement


class StatementLog:
    """What was stated in the records is also noted in the log.

    Args:
        records: where statements are kept.
        note: puts changes into the log, in order, and returns once they are durable.
    """

    def __init__(self, records: Records, note: Callable[[Sequence[Statement]], None]) -> None:
        self._records = records
        self._note = note
        self._bringing = threading.Lock()  # the log gets a person's revisions in order

    def bring(self) -> None:
        """Note every change that the log has not been told of."""
        with self._bringing:
            waiting = self._records.statements.unlogged()
            if waiting:
                self._note(waiting)
                self._records.statements.note_logged(waiting)
