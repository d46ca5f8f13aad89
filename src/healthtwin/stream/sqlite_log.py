"""The embedded log: one SQLite file, one fsync per append, however many records it holds."""

from __future__ import annotations

import json
import logging
import threading
from typing import TYPE_CHECKING, Any, Final

from msgspec import structs

from healthtwin.domain.errors import CorruptStorage, KeyGone
from healthtwin.domain.identity import partition_of
from healthtwin.domain.log import ERASED, LogRecord, erased, unreadable
from healthtwin.engines.sqlite import (
    BUSY_TIMEOUT_S,
    Connect,
    connect_sqlite,
    leave_nothing_deleted,
    open_durable,
    storage_errors,
    transaction,
)
from healthtwin.stream.record import (
    Appended,
    check_records,
    checksum,
    content_digest,
    device_key,
    short_digest,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from healthtwin.domain.log import NewRecord

_LOG: Final = logging.getLogger(__name__)

# Keys live apart from the records, since they outlast them. A device is 63 bits and a sequenced record's
# content 48 (both are integers to SQLite), so that a key with its place costs about 30 bytes.
_SCHEMA: Final = (
    """CREATE TABLE records (
        "offset" INTEGER PRIMARY KEY, "partition" INTEGER NOT NULL, person TEXT NOT NULL, kind TEXT NOT NULL,
        time_ms INTEGER NOT NULL, arrived_ms INTEGER NOT NULL, device TEXT NOT NULL, sequence INTEGER,
        key_id INTEGER NOT NULL, payload BLOB NOT NULL, checksum INTEGER) STRICT""",
    """CREATE TABLE sequence_keys (
        device INTEGER NOT NULL, sequence INTEGER NOT NULL, content INTEGER NOT NULL,
        "offset" INTEGER NOT NULL, PRIMARY KEY (device, sequence)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE content_keys (
        device INTEGER NOT NULL, content BLOB NOT NULL,
        "offset" INTEGER NOT NULL, PRIMARY KEY (device, content)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE trimmed (through INTEGER NOT NULL) STRICT""",
    """INSERT INTO trimmed VALUES (0)""",
)

_HEAD: Final = (
    'SELECT max(coalesce((SELECT max("offset") FROM records), 0), (SELECT max(through) FROM trimmed))'
)
_ADD_CHECKSUM: Final = "ALTER TABLE records ADD COLUMN checksum INTEGER"
"""Files of former versions have none; what lies in them stays without, and is read as it is."""

_INSERT: Final = "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_LARGEST: Final = 'SELECT max("offset") FROM records'
_READ: Final = (
    "SELECT person, kind, time_ms, arrived_ms, device, sequence, key_id, payload, "
    '"offset", "partition", checksum FROM records WHERE "offset" > ? ORDER BY "offset" LIMIT ?'
)

_AT: Final = (
    "SELECT person, kind, time_ms, arrived_ms, device, sequence, key_id, payload, "
    '"offset", "partition", checksum FROM records WHERE "offset" IN (SELECT value FROM json_each(?)) '
    'ORDER BY "offset"'
)

_COUNT_ABOUT: Final = "SELECT COUNT(*) FROM records WHERE person = ?"
_ABOUT: Final = _READ.replace('WHERE "offset" >', 'WHERE person = ? AND "offset" >')

_FORGET_KEYS: Final = (
    (
        'DELETE FROM sequence_keys WHERE "offset" IN (SELECT "offset" FROM records WHERE person = ?)',
        "DELETE FROM sequence_keys WHERE device = ?",
    ),
    (
        'DELETE FROM content_keys WHERE "offset" IN (SELECT "offset" FROM records WHERE person = ?)',
        "DELETE FROM content_keys WHERE device = ?",
    ),
)
_BLANK: Final = (
    "UPDATE records SET person = '', kind = ?, \"partition\" = ?, time_ms = arrived_ms, device = '', "
    "sequence = NULL, key_id = 0, payload = x'', checksum = NULL WHERE person = ?"
)

MOST_DAMAGE: Final = 1_000
"""Damaged records that are remembered, and passed over in one reading; a file with more is beyond help."""

_RESEAL_STEP: Final = 500
"""Records sealed anew per transaction."""

_TRIM_STEP: Final = 10_000
"""Records forgotten per transaction, so that appends never wait long behind a trim."""


class SqliteLog:
    """A log in one SQLite file (and its `-wal` beside it).

    Args:
        path: the file; created when absent.
        connect: how to open it; another one puts another file system underneath.
        busy_timeout_s: how long to wait for another program's lock before `StorageBusy`.
        decode: raises `CorruptStorage` for a record that says nothing anybody could read.

    A record that is not what was written, or cannot be read, is passed over: an empty one stands in its
    place, so that it keeps nobody from all the others.

    Attributes:
        damage: offset → what is wrong, of the records that were passed over so far, at most `MOST_DAMAGE`.

    Raises:
        StorageError: the file cannot be opened, is damaged, or lies where write-ahead logs do not work.

    >>> import tempfile, pathlib
    >>> from healthtwin.domain import NewRecord
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     log = SqliteLog(pathlib.Path(folder) / "log.db")
    ...     reading = NewRecord("ba75", "vitals", 1772366400000, 1772366400250, "d-1", 1, 0, b"72")
    ...     [log.append([reading]), log.append([reading]), log.head()]
    ...     log.close()
    [[Appended(offset=1, outcome='new')], [Appended(offset=1, outcome='duplicate')], 1]
    """

    def __init__(
        self,
        path: Path,
        *,
        connect: Connect = connect_sqlite,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
        decode: Callable[[LogRecord], object] = lambda _: None,
    ) -> None:
        self._path = path
        self._writing = threading.Lock()
        self._reading = threading.Lock()
        self._forgotten: set[str] = set()
        self._decode = decode
        self.damage: dict[int, str] = {}
        self._writer = open_durable(path, connect, busy_timeout_s, _SCHEMA)
        self._add_checksums()
        self._reader = open_durable(path, connect, busy_timeout_s, _SCHEMA)

    def append(self, records: Sequence[NewRecord]) -> list[Appended]:
        """See `Log.append`."""
        if not records:
            return []
        check_records(records)
        with (
            self._writing,
            storage_errors(self._path, "store new records"),
            transaction(self._writer),
        ):
            if self._forgotten:  # what was on its way when its person was erased is stored without them
                records = [erased(r) if r.person in self._forgotten else r for r in records]
            first = self._writer.execute(_HEAD).fetchone()[0] + 1
            if self._claim_all(records, first):
                outcomes = [Appended(offset, "new") for offset in range(first, first + len(records))]
            else:
                outcomes = self._claim_each(records, first)
            self._writer.executemany(
                _INSERT,
                (
                    (
                        appended.offset,
                        partition_of(r.person),
                        r.person,
                        r.kind,
                        r.time_ms,
                        r.arrived_ms,
                        r.device,
                        r.sequence,
                        r.key_id,
                        r.payload,
                        checksum(r, appended.offset),
                    )
                    for r, appended in zip(records, outcomes, strict=True)
                    if appended.outcome == "new"
                ),
            )
        return outcomes

    def _claim_all(self, records: Sequence[NewRecord], first: int) -> bool:
        """Take all records' keys in two statements; False, and none taken, if any was held before."""
        sequenced: list[tuple[int, int, int, int]] = []
        unsequenced: list[tuple[int, bytes, int]] = []
        for offset, record in enumerate(records, first):
            digest = content_digest(record)
            device = device_key(record.device)
            if record.sequence is None:
                unsequenced.append((device, digest, offset))
            else:
                sequenced.append((device, record.sequence, short_digest(digest), offset))
        execute = self._writer.execute
        execute("SAVEPOINT claim")
        before = execute("SELECT total_changes()").fetchone()[0]
        self._writer.executemany("INSERT OR IGNORE INTO sequence_keys VALUES (?, ?, ?, ?)", sequenced)
        self._writer.executemany("INSERT OR IGNORE INTO content_keys VALUES (?, ?, ?)", unsequenced)
        all_new: bool = execute("SELECT total_changes()").fetchone()[0] - before == len(records)
        if not all_new:
            execute("ROLLBACK TO claim")
        execute("RELEASE claim")
        return all_new

    def _claim_each(self, records: Sequence[NewRecord], first: int) -> list[Appended]:
        """Take the keys that are free, one record after the other, so that repetitions within count too."""
        outcomes: list[Appended] = []
        offset = first
        execute = self._writer.execute
        for record in records:
            device, digest = device_key(record.device), content_digest(record)
            if record.sequence is None:
                held = execute(
                    'SELECT content, "offset" FROM content_keys WHERE device = ? AND content = ?',
                    (device, digest),
                ).fetchone()
                content: int | bytes = digest
            else:
                held = execute(
                    'SELECT content, "offset" FROM sequence_keys WHERE device = ? AND sequence = ?',
                    (device, record.sequence),
                ).fetchone()
                content = short_digest(digest)
            if held is not None:
                outcomes.append(Appended(held[1], "duplicate" if held[0] == content else "conflict"))
                continue
            if record.sequence is None:
                execute("INSERT INTO content_keys VALUES (?, ?, ?)", (device, content, offset))
            else:
                execute(
                    "INSERT INTO sequence_keys VALUES (?, ?, ?, ?)",
                    (device, record.sequence, content, offset),
                )
            outcomes.append(Appended(offset, "new"))
            offset += 1
        return outcomes

    def erase(self, person: str, devices: Sequence[str] = ()) -> None:
        """See `Log.erase`."""
        keys = [(device_key(device),) for device in devices]
        with self._writing, storage_errors(self._path, "erase somebody's records"):
            self._forgotten.add(person)
            self._writer.execute("PRAGMA secure_delete=ON")
            with transaction(self._writer):
                for by_offset, by_device in _FORGET_KEYS:
                    self._writer.execute(by_offset, (person,))
                    self._writer.executemany(by_device, keys)
                self._writer.execute(_BLANK, (ERASED, partition_of(""), person))
            leave_nothing_deleted(self._writer)

    def reseal(self, person: str, anew: Callable[[LogRecord], tuple[int, bytes]]) -> int:
        """Seal a person's records under the key that they have now; how many were under another.

        A repetition of one is recognised as before. In short transactions; may be cut off and repeated.

        Args:
            person: pseudonym.
            anew: key id and payload of a record under the present key; raises `CorruptStorage` for one that
                is damaged, which stays as it is.
        """
        after = count = 0
        while True:
            with self._writing, storage_errors(self._path, "seal records anew"), transaction(self._writer):
                rows = self._writer.execute(_ABOUT, (person, after, _RESEAL_STEP)).fetchall()
                count += sum(self._reseal(LogRecord(*row[:-1]), row[-1], anew) for row in rows)
            if not rows:
                return count
            after = rows[-1][8]

    def _reseal(
        self, record: LogRecord, written: int | None, anew: Callable[[LogRecord], tuple[int, bytes]]
    ) -> bool:
        try:
            if written is not None and checksum(record, record.offset) != written:
                return False
            key_id, payload = anew(record)
        except CorruptStorage:
            return False
        if key_id == record.key_id:
            return False
        sealed = structs.replace(record, key_id=key_id, payload=payload)
        execute, device = self._writer.execute, device_key(record.device)
        execute(
            'UPDATE records SET key_id = ?, payload = ?, checksum = ? WHERE "offset" = ?',
            (key_id, payload, checksum(sealed, record.offset), record.offset),
        )
        if record.sequence is None:
            execute(
                'UPDATE content_keys SET content = ? WHERE device = ? AND content = ? AND "offset" = ?',
                (content_digest(sealed), device, content_digest(record), record.offset),
            )
        else:
            execute(
                'UPDATE sequence_keys SET content = ? WHERE device = ? AND sequence = ? AND "offset" = ?',
                (short_digest(content_digest(sealed)), device, record.sequence, record.offset),
            )
        return True

    def about(self, person: str, after: int, limit: int) -> list[LogRecord]:
        """See `Log.about`."""
        with self._reading, storage_errors(self._path, "read the log"):
            found = self._reader.execute(_ABOUT, (person, after, limit)).fetchall()
        return [self._judged(row) for row in found]

    def count_about(self, person: str) -> int:
        """How many records there are about a pseudonym."""
        with self._reading, storage_errors(self._path, "read the log"):
            return int(self._reader.execute(_COUNT_ABOUT, (person,)).fetchone()[0])

    def read(self, after: int, limit: int) -> list[LogRecord]:
        """See `Log.read`."""
        try:
            with self._reading, storage_errors(self._path, "read the log"):
                found = self._reader.execute(_READ, (after, limit)).fetchall()
        except CorruptStorage:
            return self._read_around(after, limit)
        return [self._judged(row) for row in found]

    def at(self, offsets: Sequence[int]) -> list[LogRecord]:
        """See `Log.at`."""
        try:
            with self._reading, storage_errors(self._path, "read the log"):
                found = self._reader.execute(_AT, (json.dumps(list(offsets)),)).fetchall()
        except CorruptStorage:
            return self._one_by_one(offsets)
        return [self._judged(row) for row in found]

    def head(self) -> int:
        """See `Log.head`."""
        with self._reading, storage_errors(self._path, "read the log"):
            return int(self._reader.execute(_HEAD).fetchone()[0])

    def trim(self, through: int) -> None:
        """See `Log.trim`."""
        through = min(through, self.head())
        done = self.trimmed_through()
        while done < through:
            done = min(done + _TRIM_STEP, through)
            with (
                self._writing,
                storage_errors(self._path, "forget old records"),
                transaction(self._writer),
            ):
                self._writer.execute("UPDATE trimmed SET through = ?", (done,))
                self._writer.execute('DELETE FROM records WHERE "offset" <= ?', (done,))

    def trimmed_through(self) -> int:
        """See `Log.trimmed_through`."""
        with self._reading, storage_errors(self._path, "read the log"):
            return int(self._reader.execute("SELECT through FROM trimmed").fetchone()[0])

    def close(self) -> None:
        """See `Log.close`."""
        with self._writing, self._reading, storage_errors(self._path, "close the log"):
            self._reader.close()
            self._writer.close()

    def _judged(self, row: tuple[Any, ...]) -> LogRecord:
        """The record that a row holds, or what stands for one that is damaged."""
        *columns, written = row
        record = LogRecord(*columns)
        if record.kind == ERASED:
            return record
        try:
            if written is not None and checksum(record, record.offset) != written:
                return self._passed_over(record.offset, "it is not what was written")
            self._decode(record)
        except KeyGone:  # whom it was about was erased; its bytes are blanked as soon as that is carried out
            return erased(record)
        except (CorruptStorage, TypeError, UnicodeError) as error:  # a column of another type than it had
            return self._passed_over(record.offset, str(error))
        return record

    def _read_around(self, after: int, limit: int) -> list[LogRecord]:
        """What follows on a record, although a page there is damaged.

        Raises:
            CorruptStorage: nothing that follows can be read.
        """
        with self._reading, storage_errors(self._path, "read the log"):
            head = int(self._reader.execute(_LARGEST).fetchone()[0] or 0)
        return self._one_by_one(range(after + 1, min(after + limit, head) + 1))

    def _one_by_one(self, offsets: Sequence[int]) -> list[LogRecord]:
        found: list[LogRecord] = []
        lost = 0
        for offset in offsets:
            try:
                with self._reading, storage_errors(self._path, "read the log"):
                    rows = self._reader.execute(_AT, (f"[{offset}]",)).fetchall()
            except CorruptStorage as error:
                lost += 1
                if lost > MOST_DAMAGE:
                    raise
                found.append(self._passed_over(offset, str(error)))
            else:
                found += [self._judged(row) for row in rows]
        return found

    def _passed_over(self, offset: int, why: str) -> LogRecord:
        if offset not in self.damage and len(self.damage) < MOST_DAMAGE:
            _LOG.error("%s: record %d is damaged and was passed over: %s", self._path, offset, why)
            self.damage[offset] = why
        return unreadable(offset)

    def _add_checksums(self) -> None:
        """Bring a file of a former version up to this one."""
        with storage_errors(self._path, "bring the log up to date"), transaction(self._writer):
            columns = {row[1] for row in self._writer.execute("PRAGMA table_info(records)").fetchall()}
            if "checksum" not in columns:
                self._writer.execute(_ADD_CHECKSUM)
