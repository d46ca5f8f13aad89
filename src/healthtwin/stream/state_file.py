"""The file beside the log: snapshots of what was learned, and the outbox of what must be told."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from healthtwin.domain.episode_change import decode_change
from healthtwin.domain.errors import CorruptStorage
from healthtwin.domain.log import ERASED, Change
from healthtwin.engines.sqlite import (
    BUSY_TIMEOUT_S,
    Connect,
    connect_sqlite,
    leave_nothing_deleted,
    open_durable,
    storage_errors,
    transaction,
)
from healthtwin.stream.person_snapshot import PersonSnapshot
from healthtwin.stream.snapshot_seals import SnapshotSeals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from healthtwin.domain.sealing import Sealing
    from healthtwin.stream.step import Caused, Step

_SCHEMA: Final = (
    """CREATE TABLE progress (
        version TEXT NOT NULL, "offset" INTEGER NOT NULL, clock_ms INTEGER NOT NULL,
        rebuilt_through INTEGER NOT NULL) STRICT""",
    """CREATE TABLE people (
        number INTEGER PRIMARY KEY, person TEXT NOT NULL, watermark INTEGER NOT NULL,
        committed BLOB NOT NULL, head BLOB NOT NULL, pending BLOB NOT NULL, devices BLOB NOT NULL,
        "offset" INTEGER NOT NULL, key_id INTEGER NOT NULL DEFAULT 0) STRICT""",
    """CREATE TABLE outbox (
        id INTEGER PRIMARY KEY, "offset" INTEGER NOT NULL, change_id TEXT NOT NULL UNIQUE,
        person TEXT NOT NULL, kind TEXT NOT NULL, payload BLOB NOT NULL, rebuilt INTEGER NOT NULL,
        key_id INTEGER NOT NULL DEFAULT 0) STRICT""",
    "CREATE INDEX outbox_of_kind ON outbox (kind, id)",
    """CREATE TABLE read_through (
        reader TEXT PRIMARY KEY, version INTEGER NOT NULL, through INTEGER NOT NULL) STRICT, WITHOUT ROWID""",
)

_BEFORE_KINDS: Final = (
    "ALTER TABLE outbox RENAME TO outbox_before",
    *_SCHEMA[2:],
    """INSERT INTO outbox SELECT id, "offset", change_id, '', 'episode', payload, rebuilt, 0
        FROM outbox_before""",
    "INSERT INTO read_through SELECT 'alerts', 1, max(id) FROM told HAVING max(id) > 0",
    "DROP TABLE outbox_before",
    "DROP TABLE told",
)
"""What a file needs whose outbox held episodes alone, so that no kind stood beside them."""

_SAVE: Final = "INSERT OR REPLACE INTO people VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"

_OUTBOX: Final = (
    'SELECT id, "offset", change_id, person, kind, payload, rebuilt, key_id FROM outbox '
    "WHERE id > ? ORDER BY id LIMIT ?"
)
_OUTBOX_OF_KIND: Final = _OUTBOX.replace("WHERE id", "WHERE kind = ? AND id")

_BLANK_SNAPSHOT: Final = (
    "UPDATE people SET person = 'erased-' || number, watermark = -9223372036854775808, "
    "committed = x'', head = x'', pending = x'', devices = x'', key_id = 0 WHERE person = ?"
)
_BLANK_CHANGES: Final = (
    "UPDATE outbox SET change_id = 'erased-' || id, person = '', kind = ?, payload = x'', key_id = 0 "
    "WHERE person = ?"
)
"""Places stay: snapshots are numbered, and a reader of the outbox knows how far it is by the last id."""

_PAGE_BYTES: Final = 32_768
"""A person is some kilobytes: several share a page, which costs less than half of what 4 KiB pages do."""

_FORMAT: Final = "5"
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
        change: what to tell; its id is unique, the same however often the log is replayed.
        rebuilt: True when the past was judged again by a new version: bring tables up to date, wake nobody.
    """

    id: int
    offset: int
    change: Change
    rebuilt: bool


class StateFile:
    """Snapshots and outbox in one SQLite file, written by one thread, read by any.

    What is about somebody is sealed under their key.

    Args:
        path: the file. connect, busy_timeout_s: as those of `SqliteLog`.
        keys: of the home; None: it encrypts nothing.
    """

    def __init__(
        self,
        path: Path,
        connect: Connect = connect_sqlite,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
        keys: Sealing | None = None,
    ) -> None:
        self._path = path
        self._seals = SnapshotSeals(path, keys)
        self._writing = threading.Lock()
        self._reading = threading.Lock()
        self._writer = open_durable(path, connect, busy_timeout_s, _SCHEMA, _PAGE_BYTES)
        self._add_kinds()
        self._add_keys()
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
                yield self._seals.opened(PersonSnapshot(*row[:-1]), row[-1])
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
                _SAVE,
                map(self._seals.row, people),
            )
            if progress is not None:
                self._set(progress)

    def tell(self, changes: Sequence[Caused], rebuilt_through: int) -> int:
        """Put changes into the outbox unless their id is there already; returns how many were new."""
        rows = [
            (offset, *self._seals.change_row(each), int(offset <= rebuilt_through))
            for offset, each in changes
        ]
        with self._writing, storage_errors(self._path, "fill the outbox"), transaction(self._writer):
            before = self._writer.execute("SELECT total_changes()").fetchone()[0]
            self._writer.executemany(
                'INSERT OR IGNORE INTO outbox ("offset", change_id, person, kind, payload, key_id, rebuilt) '
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                rows,
            )
            return int(self._writer.execute("SELECT total_changes()").fetchone()[0] - before)

    def outbox(self, after_id: int, limit: int, kind: str | None = None) -> list[OutboxRow]:
        """At most `limit` changes with an id greater than `after_id`, ascending; of one kind unless None."""
        with self._reading, storage_errors(self._path, "read the outbox"):
            rows = self._reader.execute(
                _OUTBOX if kind is None else _OUTBOX_OF_KIND,
                (after_id, limit) if kind is None else (kind, after_id, limit),
            ).fetchall()
        return [
            OutboxRow(number, offset, self._seals.change(change, key_id), bool(rebuilt))
            for number, offset, *change, rebuilt, key_id in rows
        ]

    def outbox_kinds(self) -> set[str]:
        """Every kind that stands in the outbox."""
        kinds: set[str] = set()
        newest = ""
        while True:  # from kind to kind along the index, however many changes there are of each
            with self._reading, storage_errors(self._path, "read the outbox"):
                (found,) = self._reader.execute(
                    "SELECT min(kind) FROM outbox WHERE kind > ?", (newest,)
                ).fetchone()
            if found is None:
                return kinds
            newest = found
            kinds.add(found)

    def read_through(self, reader: str) -> tuple[int, int]:
        """Version of a reader, and how far it noted to have read; (0, 0) before the first time."""
        with self._reading, storage_errors(self._path, "read the state"):
            found = self._reader.execute(
                "SELECT version, through FROM read_through WHERE reader = ?", (reader,)
            ).fetchone()
        return (0, 0) if found is None else (int(found[0]), int(found[1]))

    def note_read_through(self, reader: str, version: int, through: int) -> None:
        """Remember how far a reader has read, so that a restart does not begin with the first row."""
        with self._writing, storage_errors(self._path, "note a reader's place"), transaction(self._writer):
            self._writer.execute(
                "INSERT OR REPLACE INTO read_through VALUES (?, ?, ?)", (reader, version, through)
            )

    def erase(self, person: str) -> None:
        """Forget a person's snapshot and what was to be told of them; all others keep their places.

        Nothing of it is left in the file on return.
        """
        with self._writing, storage_errors(self._path, "erase somebody's state"):
            self._writer.execute("PRAGMA secure_delete=ON")
            with transaction(self._writer):
                self._writer.execute(_BLANK_SNAPSHOT, (person,))
                self._writer.execute(_BLANK_CHANGES, (ERASED, person))
            leave_nothing_deleted(self._writer)

    def reseal(self, person: str) -> int:
        """Seal a person's snapshot and changes under the key that they have now; how many were under another.

        Raises:
            CorruptStorage: a snapshot is damaged.
        """
        with self._writing, storage_errors(self._path, "seal anew"), transaction(self._writer):
            count = 0
            for *columns, key_id in self._writer.execute(
                "SELECT * FROM people WHERE person = ?", (person,)
            ).fetchall():
                row = self._seals.row(self._seals.opened(PersonSnapshot(*columns), key_id))
                if row[-1] != key_id:
                    self._writer.execute(_SAVE, row)
                    count += 1
            for number, *change, key_id in self._writer.execute(
                "SELECT id, change_id, person, kind, payload, key_id FROM outbox WHERE person = ?", (person,)
            ).fetchall():
                *_, payload, present = self._seals.change_row(self._seals.change(change, key_id))
                if present != key_id:
                    self._writer.execute(
                        "UPDATE outbox SET payload = ?, key_id = ? WHERE id = ?", (payload, present, number)
                    )
                    count += 1
        return count

    def close(self) -> None:
        """Release the file."""
        with self._writing, self._reading, storage_errors(self._path, "close the state"):
            self._reader.close()
            self._writer.close()

    def _add_kinds(self) -> None:
        """Bring a file of a former version up to this one; whom a change is about stood in its payload."""
        with storage_errors(self._path, "bring the outbox up to date"):
            tables = {row[0] for row in self._writer.execute("SELECT name FROM sqlite_schema").fetchall()}
            if "told" not in tables:
                return
            with transaction(self._writer):
                for statement in _BEFORE_KINDS:
                    self._writer.execute(statement)
                number = 0
                while rows := self._writer.execute(
                    "SELECT id, payload FROM outbox WHERE id > ? ORDER BY id LIMIT 1000", (number,)
                ).fetchall():
                    number = rows[-1][0]
                    self._writer.executemany(
                        "UPDATE outbox SET person = ? WHERE id = ?",
                        ((_person_in(payload), number) for number, payload in rows),
                    )

    def _add_keys(self) -> None:
        """Bring a file of a former version up to this one; what lies in it stays as it is."""
        with storage_errors(self._path, "bring the state up to date"), transaction(self._writer):
            for table in ("people", "outbox"):
                columns = {row[1] for row in self._writer.execute(f"PRAGMA table_info({table})").fetchall()}
                if "key_id" not in columns:
                    self._writer.execute(f"ALTER TABLE {table} ADD COLUMN key_id INTEGER NOT NULL DEFAULT 0")

    def _set(self, progress: Progress) -> None:
        self._writer.execute("DELETE FROM progress")
        self._writer.execute(
            "INSERT INTO progress VALUES (?, ?, ?, ?)",
            (progress.version, progress.offset, progress.clock_ms, progress.rebuilt_through),
        )


def _person_in(payload: bytes) -> str:
    """Whom an episode's change is about; nobody where it cannot be read (it is passed over when told)."""
    try:
        return decode_change(payload).person
    except CorruptStorage:
        return ""


def version_of(step: Step) -> str:
    """What a snapshot must agree with to be read: the step's version, and every field's name and type."""
    layout = f"{_FORMAT}\n{step.state_dtype.descr}\n{step.row_dtype.descr}"
    return f"{step.version} {hashlib.blake2b(layout.encode(), digest_size=8).hexdigest()}"
