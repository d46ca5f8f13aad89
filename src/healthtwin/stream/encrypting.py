"""Log and state of a home that was not encrypted, sealed some at a time, read again before each counts."""

from __future__ import annotations

import hashlib
from contextlib import closing
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import structs

from healthtwin.domain.errors import CorruptStorage
from healthtwin.domain.log import ERASED, PLAINTEXT_KEY, Change, LogRecord
from healthtwin.engines.sqlite import leave_nothing_deleted, open_shared, storage_errors, transaction
from healthtwin.stream.record import checksum, content_digest, device_key, short_digest
from healthtwin.stream.snapshot_seals import SnapshotSeals
from healthtwin.stream.sqlite_log import SqliteLog
from healthtwin.stream.state_file import StateFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from healthtwin.domain.log import NewRecord
    from healthtwin.domain.sealing import Sealing
    from healthtwin.engines.sqlite import Database
    from healthtwin.stream.person_snapshot import PersonSnapshot

_AT_A_TIME: Final = 1_000

_RECORDS: Final = (
    "SELECT person, kind, time_ms, arrived_ms, device, sequence, key_id, payload, "
    '"offset", "partition", checksum FROM records WHERE "offset" > ? ORDER BY "offset" LIMIT ?'
)


class Seals(Protocol):
    """What of `healthtwin.pipeline.Codec` seals a log's payloads."""

    def sealed_anew(self, record: NewRecord) -> tuple[int, bytes]:
        """Key id and payload of a record under the key that its person has now."""
        ...

    def plain(self, record: NewRecord) -> bytes:
        """The payload of a record as it was before it was sealed."""
        ...


def seal_log(path: Path, seals: Seals) -> dict[str, int]:
    """Seal what every record says of somebody; places, times and what tells repetitions stay as they are.

    Nobody else has the file open. What is sealed is passed over when it is called again; a damaged record is
    sealed as it is, and stays damaged. Nothing of how it stood before is left in the file.

    Raises:
        CorruptStorage: what was read again is not what was there; those records stand as before.
    """
    SqliteLog(path).close()  # brings a file of an earlier version up to this one
    sealed = after = 0
    with storage_errors(path, "encrypt it"), closing(open_shared(path)) as database:
        while rows := database.execute(_RECORDS, (after, _AT_A_TIME)).fetchall():
            after = rows[-1][8]
            with transaction(database):
                for row in rows:
                    sealed += _seal_record(database, row, seals)
        leave_nothing_deleted(database)
    return {"records": sealed}


def _seal_record(database: Database, row: Sequence[Any], seals: Seals) -> bool:
    """Whether a record is sealed now."""
    *columns, stored = row
    record = LogRecord(*columns)
    if record.kind == ERASED or not record.person:
        return False
    if record.key_id != PLAINTEXT_KEY:
        return True
    key_id, payload = seals.sealed_anew(record)
    anew = structs.replace(record, key_id=key_id, payload=payload)
    if seals.plain(anew) != record.payload:
        raise CorruptStorage(f"record {record.offset}: what was sealed is not what was there")
    whole = stored is None or stored == checksum(record, record.offset)
    database.execute(
        'UPDATE records SET key_id = ?, payload = ?, checksum = ? WHERE "offset" = ?',
        (key_id, payload, checksum(anew, record.offset) if whole else stored, record.offset),
    )
    device = device_key(record.device)
    if record.sequence is None:
        database.execute(
            'UPDATE content_keys SET content = ? WHERE device = ? AND content = ? AND "offset" = ?',
            (content_digest(anew), device, content_digest(record), record.offset),
        )
    else:
        database.execute(
            'UPDATE sequence_keys SET content = ? WHERE device = ? AND sequence = ? AND "offset" = ?',
            (short_digest(content_digest(anew)), device, record.sequence, record.offset),
        )
    return True


def seal_state(path: Path, keys: Sealing) -> dict[str, int]:
    """Seal everybody's snapshot and what is to be told of them; as `seal_log`."""
    state = StateFile(path, keys=keys)  # brings a file of an earlier version up to this one
    try:
        people, before = 0, _digest(state)
        some: list[PersonSnapshot] = []
        for it in state.people():
            people += 1
            some.append(it)
            if len(some) == _AT_A_TIME:
                state.save(some, None)
                some.clear()
        state.save(some, None)
        if _digest(state) != before:
            raise CorruptStorage(f"{path}: what was sealed is not what was there; restore the backup")
    finally:
        state.close()
    changes = after = 0
    seals = SnapshotSeals(path, keys)
    with storage_errors(path, "encrypt it"), closing(open_shared(path)) as database:
        while rows := database.execute(
            "SELECT id, change_id, person, kind, payload, key_id FROM outbox WHERE id > ?"
            " ORDER BY id LIMIT ?",
            (after, _AT_A_TIME),
        ).fetchall():
            after = rows[-1][0]
            with transaction(database):
                for number, *change, key_id in rows:
                    if key_id == PLAINTEXT_KEY:
                        *_, payload, sealing_key = seals.change_row(Change(*change))
                        database.execute(
                            "UPDATE outbox SET payload = ?, key_id = ? WHERE id = ?",
                            (payload, sealing_key, number),
                        )
                    changes += 1
        leave_nothing_deleted(database)
    return {"people": people, "changes": changes}


def _digest(state: StateFile) -> bytes:
    """Of all that everybody's snapshots say."""
    digest = hashlib.sha256()
    for it in state.people():
        parts = (it.person.encode(), it.committed, it.head, it.pending, it.devices)
        digest.update(f"{it.number} {it.watermark} {it.offset} {[len(part) for part in parts]}".encode())
        for part in parts:
            digest.update(part)
    return digest.digest()
