"""The file of the audit: appended to in one transaction for many, signed with it, never changed."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from healthtwin.access.audit.entry import (
    GENESIS,
    SET_OF_ONE,
    body_of,
    canonical,
    hash_of,
    set_of,
    subjects_of,
)
from healthtwin.access.audit.heads import CHECKPOINT, Head
from healthtwin.domain import DAY_MS
from healthtwin.engines.sqlite import connect_sqlite, open_durable, storage_errors, transaction

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from healthtwin.access.audit.entry import Access
    from healthtwin.engines.sqlite import Connection

AUDIT_FILE: Final = "audit.db"

_SIGNED: Final = (
    "seq INTEGER PRIMARY KEY, hash TEXT NOT NULL, at INTEGER NOT NULL, key TEXT NOT NULL, sig TEXT NOT NULL"
)

SCHEMA: Final = (
    "CREATE TABLE entries (seq INTEGER PRIMARY KEY, entry TEXT NOT NULL, hash TEXT NOT NULL)",
    "CREATE TABLE subjects (subject TEXT, seq INTEGER, PRIMARY KEY (subject, seq)) WITHOUT ROWID",
    f"CREATE TABLE heads ({_SIGNED})",
    f"CREATE TABLE checkpoints ({_SIGNED})",
)

BUSY_S: Final = 10.0

HEADS_EVERY: Final = 256
"""Entries after which a head stays, in the file and in the journals."""

_TRIMMED_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Place:
    """Number and hash of an entry."""

    seq: int = 0
    hash: str = GENESIS


@dataclass(frozen=True, slots=True)
class Written:
    """What is to be written: an access, and how many further ones it stands for."""

    access: Access
    again: int = 0
    until_ms: int = 0


class AuditFile:
    """The open file; one thread at a time.

    Args:
        path: the file; made when absent.
        key: signs.

    Raises:
        StorageError: or the kind of it that fits.
    """

    def __init__(self, path: Path, key: Ed25519PrivateKey) -> None:
        self._path = path
        self._key = key
        self._connection: Connection = open_durable(path, connect_sqlite, BUSY_S, SCHEMA)
        self._identity = _identity(path)
        self._day = -1
        self._sets: dict[str, int] = {}

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def is_still_there(self) -> bool:
        """Whether the path leads to the file that is open."""
        return _identity(self._path) == self._identity is not None

    def bytes(self) -> int:
        """How large it is, its write-ahead log included."""
        sizes = 0
        for path in (self._path, self._path.with_name(self._path.name + "-wal")):
            try:
                sizes += path.stat().st_size
            except OSError:
                continue
        return sizes

    def last(self) -> Place:
        """The last entry; where all are trimmed, what the checkpoint names."""
        with storage_errors(self._path):
            row = (
                self._connection.execute("SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1").fetchone()
                or self._connection.execute(
                    "SELECT seq, hash FROM checkpoints ORDER BY seq DESC LIMIT 1"
                ).fetchone()
            )
        return Place() if row is None else Place(*row)

    def hash_at(self, seq: int) -> str | None:
        """The hash of an entry; None where there is none of that number."""
        with storage_errors(self._path):
            row = self._connection.execute("SELECT hash FROM entries WHERE seq = ?", (seq,)).fetchone()
        return None if row is None else str(row[0])

    def trimmed_through(self) -> int:
        """The last entry that was trimmed; 0 where none was."""
        with storage_errors(self._path):
            row = self._connection.execute("SELECT max(seq) FROM checkpoints").fetchone()
        return row[0] or 0

    def append(self, written: Sequence[Written], now_ms: int, *, after: Place | None = None) -> Head:
        """Write entries and a signed head, or nothing; durable on return.

        Args:
            written: in order.
            now_ms: the wall clock.
            after: the number that the first follows, where the file itself knows none.
        """
        try:
            return self._append(written, now_ms, after)
        except BaseException:
            self._sets.clear()  # what spelled them out was not written
            raise

    def _append(self, written: Sequence[Written], now_ms: int, after: Place | None) -> Head:
        with storage_errors(self._path, "note who looked"), transaction(self._connection):
            place = self.last()
            if place.seq == 0 and after is not None:
                place = after
            entries, subjects = [], []
            for each in written:
                seq = place.seq + 1
                body = body_of(
                    each.access,
                    seq,
                    place.hash,
                    again=each.again,
                    until_ms=each.until_ms,
                    known=self._known(each.access, seq),
                )
                content = canonical(body)
                place = Place(seq, hash_of(content))
                entries.append((seq, content.decode("ascii"), place.hash))
                subjects += [(subject, seq) for subject in subjects_of(body)]
            head = Head.signed(self._key, place.seq, place.hash, now_ms)
            self._connection.executemany("INSERT INTO entries VALUES (?, ?, ?)", entries)
            self._connection.executemany("INSERT OR IGNORE INTO subjects VALUES (?, ?)", subjects)
            self._note(head)
        return head

    def trim(self, before_ms: int, now_ms: int) -> Head | None:
        """Forget entries of whole days before an instant, some thousands at once; the signed checkpoint.

        Sets of people are spelled out once a day, so that no entry that stays refers to one that goes.
        """
        before_ms -= before_ms % DAY_MS
        through = Place()
        with storage_errors(self._path, "trim"), transaction(self._connection):
            rows = self._connection.execute(
                "SELECT seq, entry, hash FROM entries ORDER BY seq LIMIT ?", (_TRIMMED_AT_ONCE,)
            ).fetchall()
            for seq, entry, hash_hex in rows:
                if json.loads(entry)["at"] >= before_ms:
                    break
                through = Place(seq, hash_hex)
            if through.seq == 0:
                return None
            head = Head.signed(self._key, through.seq, through.hash, now_ms, CHECKPOINT)
            self._connection.execute("DELETE FROM checkpoints")
            self._connection.execute(
                "INSERT INTO checkpoints VALUES (?, ?, ?, ?, ?)",
                (head.seq, head.hash, head.at_ms, head.key, head.sig),
            )
            for table in ("entries", "subjects", "heads"):
                self._connection.execute(f"DELETE FROM {table} WHERE seq <= ?", (through.seq,))  # noqa: S608
        self._sets.clear()
        return head

    def _note(self, head: Head) -> None:
        """The newest head replaces the one before, unless that one is to stay."""
        self._connection.execute(
            "DELETE FROM heads WHERE seq = (SELECT max(seq) FROM heads) AND seq / ? = ?",
            (HEADS_EVERY, head.seq // HEADS_EVERY),
        )
        self._connection.execute(
            "INSERT OR REPLACE INTO heads VALUES (?, ?, ?, ?, ?)",
            (head.seq, head.hash, head.at_ms, head.key, head.sig),
        )

    def _known(self, access: Access, seq: int) -> dict[str, int]:
        """Sets of people that an entry of that day spells out; this one will where none did."""
        if len(access.people) <= SET_OF_ONE:
            return {}
        day = access.at_ms // DAY_MS
        if day != self._day:
            self._day, self._sets = day, {}
        known = dict(self._sets)
        self._sets.setdefault(set_of(access.people), seq)
        return known


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - as cheap as it gets, once a commit
    except OSError:
        return None
    return found.st_dev, found.st_ino
