"""The file beside the log: snapshots of what was learned, and the outbox of what must be told."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from healthtwin.engines.sqlite import (
    BUSY_TIMEOUT_S,
    Connect,
    connect_sqlite,
    open_durable,
    storage_errors,
    transaction,
)
from healthtwin.stream.fold import PersonSnapshot, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from healthtwin.stream.step import Step

_SCHEMA: Final = (
    """CREATE TABLE progress (
        version TEXT NOT NULL, "offset" INTEGER NOT NULL, clock_ms INTEGER NOT NULL,
        rebuilt_through INTEGER NOT NULL) STRICT""",
    """CREATE TABLE people (
        number INTEGER PRIMARY KEY, person TEXT NOT NULL, watermark INTEGER NOT NULL,
        committed BLOB NOT NULL, head BLOB NOT NULL, pending BLOB NOT NULL, devices BLOB NOT NULL,
        "offset" INTEGER NOT NULL) STRICT""",
    """CREATE TABLE outbox (
        id INTEGER PRIMARY KEY, "offset" INTEGER NOT NULL, change_id TEXT NOT NULL UNIQUE,
        payload BLOB NOT NULL, rebuilt INTEGER NOT NULL) STRICT""",
    "CREATE TABLE told (id INTEGER PRIMARY KEY) STRICT",
)

_COLUMNS: Final = attrgetter(*PersonSnapshot.__slots__)

_PAGE_BYTES: Final = 32_768
"""A person is some kilobytes: several share a page, which costs less than half of what 4 KiB pages do."""

_FORMAT: Final = "3"
"""Of the snapshot itself: pending rows, devices, clocks."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Up to where the snapshots hold.

    Attributes:
        version: of the step and its layout.
        offset: every snapshot contains this record; a replay begins after it.
        clock_ms: the log's clock there.
        rebuilt_through: changes caused by records up to this offset were computed again because the meaning
            of a record changed; nobody is waiting for them.
    """

    version: str
    offset: int
    clock_ms: int
    rebuilt_through: int


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One change to tell.

    Attributes:
        id: grows by one with each; a reader keeps the last one it handled.
        offset: the log record that caused it.
        change_id: unique, the same however often the log is replayed.
        payload: the step's, msgpack.
        rebuilt: True when the past was judged again by a new version: bring tables up to date, wake nobody.
    """

    id: int
    offset: int
    change_id: str
    payload: bytes
    rebuilt: bool


class StateFile:
    """Snapshots and outbox in one SQLite file, written by one thread, read by any."""

    def __init__(
        self, path: Path, connect: Connect = connect_sqlite, busy_timeout_s: float = BUSY_TIMEOUT_S
    ) -> None:
        self._path = path
        self._writing = threading.Lock()
        self._reading = threading.Lock()
        self._writer = open_durable(path, connect, busy_timeout_s, _SCHEMA, _PAGE_BYTES)
        self._reader = open_durable(path, connect, busy_timeout_s, _SCHEMA, _PAGE_BYTES)

    def progress(self) -> Progress | None:
        """How far the snapshots reach; None in a new file."""
        with self._reading, storage_errors(self._path, "read the state"):
            row = self._reader.execute("SELECT * FROM progress").fetchone()
        return None if row is None else Progress(*row)

    def people(self) -> Iterator[PersonSnapshot]:
        """Everybody's snapshot, in the order of their numbers."""
        number = -1
        while True:
            with self._reading, storage_errors(self._path, "read the state"):
                rows = self._reader.execute(
                    "SELECT * FROM people WHERE number > ? ORDER BY number LIMIT 1000", (number,)
                ).fetchall()
            if not rows:
                return
            for row in rows:
                yield PersonSnapshot(*row)
            number = rows[-1][0]

    def begin(self, progress: Progress) -> None:
        """Start again without people; what was told stays told."""
        with self._writing, storage_errors(self._path, "start the state"), transaction(self._writer):
            self._writer.execute("DELETE FROM people")
            self._set(progress)

    def save(self, people: Iterable[PersonSnapshot], progress: Progress | None) -> None:
        """Replace the snapshots of these people and, unless it is None, move on, in one transaction."""
        with self._writing, storage_errors(self._path, "save the state"), transaction(self._writer):
            self._writer.executemany(
                "INSERT OR REPLACE INTO people VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                map(_COLUMNS, people),
            )
            if progress is not None:
                self._set(progress)

    def tell(self, changes: Sequence[Told], rebuilt_through: int) -> int:
        """Put changes into the outbox unless their id is there already; returns how many were new."""
        with self._writing, storage_errors(self._path, "fill the outbox"), transaction(self._writer):
            before = self._writer.execute("SELECT total_changes()").fetchone()[0]
            self._writer.executemany(
                'INSERT OR IGNORE INTO outbox ("offset", change_id, payload, rebuilt) VALUES (?, ?, ?, ?)',
                ((c.offset, c.change_id, c.payload, int(c.offset <= rebuilt_through)) for c in changes),
            )
            return int(self._writer.execute("SELECT total_changes()").fetchone()[0] - before)

    def outbox(self, after_id: int, limit: int) -> list[OutboxRow]:
        """At most `limit` changes with an id greater than `after_id`, ascending."""
        with self._reading, storage_errors(self._path, "read the outbox"):
            rows = self._reader.execute(
                'SELECT id, "offset", change_id, payload, rebuilt FROM outbox '
                "WHERE id > ? ORDER BY id LIMIT ?",
                (after_id, limit),
            ).fetchall()
        return [
            OutboxRow(number, offset, change_id, payload, bool(rebuilt))
            for number, offset, change_id, payload, rebuilt in rows
        ]

    def told_through(self) -> int:
        """Id of the last outbox row that a reader noted as told; 0 before the first."""
        with self._reading, storage_errors(self._path, "read the outbox"):
            return int(self._reader.execute("SELECT coalesce(max(id), 0) FROM told").fetchone()[0])

    def note_told(self, outbox_id: int) -> None:
        """Remember that everything up to this outbox row was told."""
        with self._writing, storage_errors(self._path, "mark the outbox"), transaction(self._writer):
            self._writer.execute("DELETE FROM told")
            self._writer.execute("INSERT INTO told VALUES (?)", (outbox_id,))

    def close(self) -> None:
        """Release the file."""
        with self._writing, self._reading, storage_errors(self._path, "close the state"):
            self._reader.close()
            self._writer.close()

    def _set(self, progress: Progress) -> None:
        self._writer.execute("DELETE FROM progress")
        self._writer.execute(
            "INSERT INTO progress VALUES (?, ?, ?, ?)",
            (progress.version, progress.offset, progress.clock_ms, progress.rebuilt_through),
        )


def version_of(step: Step) -> str:
    """What a snapshot must agree with to be read: the step's version, and every field's name and type."""
    layout = f"{_FORMAT}\n{step.state_dtype.descr}\n{step.row_dtype.descr}"
    return f"{step.version} {hashlib.blake2b(layout.encode(), digest_size=8).hexdigest()}"
