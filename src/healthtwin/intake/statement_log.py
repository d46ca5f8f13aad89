"""Brings changed statements into the log, each once, also one that a crash cut off."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from healthtwin.store.statements import Statements

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from healthtwin.store import Tables
    from healthtwin.store.statements import Statement


class StatementLog:
    """What was stated in the records is also noted in the log.

    Args:
        tables: where statements are kept.
        note: puts changes into the log, in order, and returns once they are durable.
    """

    def __init__(self, tables: Tables, note: Callable[[Sequence[Statement]], None]) -> None:
        self._statements = Statements(tables)
        self._note = note
        self._bringing = threading.Lock()  # the log gets a person's revisions in order

    def bring(self) -> None:
        """Note every change that the log has not been told of."""
        with self._bringing:
            waiting = self._statements.unlogged()
            if waiting:
                self._note(waiting)
                self._statements.note_logged(waiting)
