"""Files that are damaged: put out of the way where they can be made anew, told of as long as they lie there.

What is damaged is never deleted here: it may hold what nothing else does. It is renamed, so that a whole one
can be made in its place from the log, and stays until the operator, or an erasure, removes it.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final, TypeVar

from healthtwin.domain.errors import CorruptStorage
from healthtwin.engines.sqlite import require_whole
from healthtwin.stream.record import LARGEST_INTEGER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from healthtwin.domain.log import LogRecord, NewRecord
    from healthtwin.store import Home, SeriesStore
    from healthtwin.stream import SqliteLog
    from healthtwin.stream.record import Appended

Opened = TypeVar("Opened")

_LOG: Final = logging.getLogger(__name__)
_SIDE_FILES: Final = ("", "-wal", "-shm")

_SUSPECT: Final = ".suspect"
"""Ends the name of an empty file beside one in which damage was seen: the next start looks through it."""

TOGETHER: Final = 1_000
"""Records, or blocks, looked through at a time."""


def without_damage(home: Home, path: Path) -> Path | None:
    """Put a damaged file out of the way; where it lies then, None when it is whole."""
    try:
        require_whole(path)
    except CorruptStorage:
        return set_aside(home, path)
    return None


def set_aside(home: Home, path: Path) -> Path:
    """Put a file and what belongs to it out of the way; where it lies then."""
    aside = home.aside(path)
    for ending in _SIDE_FILES:
        if path.with_name(path.name + ending).exists():
            path.with_name(path.name + ending).rename(aside.with_name(aside.name + ending))
    _LOG.error("%s is damaged and was put aside as %s; it is made anew from the log", path, aside)
    return aside


def opened_or_anew(home: Home, path: Path, open_it: Callable[[], Opened]) -> Opened:
    """A file that the log can fill again, opened; a damaged one is put aside and made anew.

    Raises:
        CorruptStorage: it is whole, and cannot be used for another reason.
    """
    if is_suspect(path):
        without_damage(home, path)
    try:
        return open_it()
    except CorruptStorage:
        if without_damage(home, path) is None:
            raise
    return open_it()


def is_suspect(path: Path) -> bool:
    """Whether damage was seen in a file since it was last made anew."""
    return path.with_name(path.name + _SUSPECT).exists()


def clear_suspicion(path: Path) -> None:
    """It was looked through, or is being made anew."""
    path.with_name(path.name + _SUSPECT).unlink(missing_ok=True)


def has_damaged_records(log: SqliteLog) -> bool:
    """Read the whole log."""
    at = log.trimmed_through()
    while records := log.read(at, TOGETHER):
        at = records[-1].offset
    return bool(log.damage)


def has_damaged_blocks(series: SeriesStore) -> bool:
    """Look through every sealed block."""
    at: int | None = 0
    while at is not None:
        at = series.verify(at, TOGETHER)
    return bool(series.damage)


def suspect(path: Path) -> None:
    """Have the next start look a file through before it is used."""
    try:
        path.with_name(path.name + _SUSPECT).touch()
    except OSError as error:
        _LOG.warning("%s cannot be marked as damaged: %s", path, error)


class DamagedLog:
    """Stands for a log that cannot be opened: what is known elsewhere is shown, nothing is taken in.

    Args:
        error: why.

    It says of itself that everything that is known stands in it, so that nobody begins anew without it.
    """

    def __init__(self, error: CorruptStorage) -> None:
        self.error = error
        self.damage: dict[int, str] = {}
        self._head = LARGEST_INTEGER

    def settle(self, head: int) -> None:
        """From now on it ends with the last record that everybody took."""
        self._head = head

    def append(self, records: Sequence[NewRecord]) -> list[Appended]:
        """Refused, so that nothing is acknowledged that would be lost."""
        if not records:
            return []
        raise self.error

    def read(self, after: int, limit: int) -> list[LogRecord]:  # noqa: ARG002 - see `Log`
        """Nothing."""
        return []

    def at(self, offsets: Sequence[int]) -> list[LogRecord]:  # noqa: ARG002 - see `Log`
        """Nothing."""
        return []

    def about(self, person: str, after: int, limit: int) -> list[LogRecord]:  # noqa: ARG002 - see `Log`
        """Nothing."""
        return []

    def head(self) -> int:
        """Beyond everything that anybody took from it, until that is known."""
        return self._head

    def trim(self, through: int) -> None:
        """Nothing is forgotten."""

    def trimmed_through(self) -> int:
        """Nothing was."""
        return 0

    def erase(self, person: str, devices: Sequence[str] = ()) -> None:  # noqa: ARG002 - see `Log`
        """It cannot be said that nothing of them is left."""
        raise self.error

    def close(self) -> None:
        """Nothing is open."""


class Verifier:
    """Looks through log and series a little at a time, again and again: damage is found before it matters.

    Args:
        log: its `damage` fills by being read. series: the same.
    """

    def __init__(self, log: SqliteLog | DamagedLog, series: SeriesStore) -> None:
        self._log = log
        self._series = series
        self._log_at: int | None = 0
        self._block_at: int | None = None
        self.rounds = 0

    def go_on(self, at_most_s: float) -> None:
        """Look through what comes next, for about so long."""
        ends_at = time.monotonic() + at_most_s
        rounds = self.rounds
        while time.monotonic() < ends_at and self.rounds == rounds:
            if self._log_at is not None:
                records = self._log.read(self._log_at, TOGETHER)
                self._log_at = records[-1].offset if records else None
                self._block_at = 0 if not records else None
            elif self._block_at is not None:
                self._block_at = self._series.verify(self._block_at, TOGETHER)
            else:
                self._log_at = 0
                self.rounds += 1
