"""A reader of the log that may fall behind without holding up anybody: say, a series store on a full disk."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from healthtwin.domain.log import LogRecord
    from healthtwin.stream.log import Log

_LOG: Final = logging.getLogger(__name__)

_CATCH_UP_RECORDS: Final = 10_000


class Projection:
    """Passes every record on, in offset order; after a refusal it goes back to the log for what was refused.

    Args:
        log: where refused records are read again.
        take: takes records; a `StorageError` means none of them was kept.
    """

    def __init__(self, log: Log, take: Callable[[list[LogRecord]], None]) -> None:
        self._log = log
        self._take = take
        self._offset = 0
        self._behind = False

    def begin(self, offset: int) -> None:
        """Everything up to this offset was kept; the log may already hold more."""
        self._offset = offset
        self._behind = True

    def offer(self, records: list[LogRecord], through: int) -> None:
        """Pass on the next records, after those that are still owed.

        Args:
            records: new ones, or none to try again with what is owed.
            through: pass on nothing beyond this offset, even if the log has it already.
        """
        try:
            while self._behind:
                owed = self._log.read(self._offset, _CATCH_UP_RECORDS)
                self._pass_on([record for record in owed if record.offset <= through])
                self._behind = bool(owed) and owed[-1].offset < through
            self._pass_on([record for record in records if record.offset > self._offset])
        except StorageError as error:
            self._refused(error)

    def run_ahead(self) -> None:
        """Pass on all that the log holds: what is kept can be read while the step is still at work on it."""
        if not self._behind:
            try:
                while records := self._log.read(self._offset, _CATCH_UP_RECORDS):
                    self._pass_on(records)
            except StorageError as error:
                self._behind = True
                _LOG.error(
                    "Records after %d could not be kept and are offered again: %s", self._offset, error
                )

    def _refused(self, error: StorageError) -> None:
        self._behind = True
        _LOG.error("Records after %d could not be kept and are offered again: %s", self._offset, error)

    def _pass_on(self, records: list[LogRecord]) -> None:
        if records:
            self._take(records)
            self._offset = records[-1].offset
