"""SQLite as the log and the state use it: one durability, one way to open, errors in the product's words."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from healthtwin.domain.errors import CorruptStorage, StorageBusy, StorageError, StorageFull

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

BUSY_TIMEOUT_S: Final = 5.0
"""How long a write waits for somebody else's lock. A backup needs milliseconds."""

_PRIMARY_CODE: Final = 0xFF
"""The low byte of an extended SQLite result code is the primary code."""


class Rows(Protocol):
    """What a statement gives back."""

    def fetchone(self) -> Any:  # noqa: ANN401 - a column has the type that its table gave it
        """The next row, or None."""
        ...

    def fetchall(self) -> list[Any]:
        """All remaining rows."""
        ...


class Connection(Protocol):
    """The part of `sqlite3.Connection` that the stream uses, so that a file system can be put underneath.

    Errors are `sqlite3.Error` with a `sqlite_errorcode`; statements run in autocommit mode; any thread may
    call, one at a time.
    """

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        ...

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Rows:
        """Run one statement."""
        ...

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> object:
        """Run one statement once per row of parameters."""
        ...

    def close(self) -> None:
        """Release the file."""
        ...


Connect: TypeAlias = Callable[[Path], Connection]


def connect_sqlite(path: Path) -> Connection:
    """Open a file with the standard library's SQLite."""
    return sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)


def open_durable(
    path: Path, connect: Connect, busy_timeout_s: float, schema: Sequence[str], page_bytes: int = 4096
) -> Connection:
    """Open (or create) a file whose commits survive a power cut.

    Write-ahead log with `synchronous=FULL`: every commit is one write and one fsync, and readers never wait.
    The folder is synced too, since a file whose name was lost is lost.
    """
    with storage_errors(path, "open"):
        connection = connect(path)
        try:
            connection.execute(f"PRAGMA busy_timeout={int(busy_timeout_s * 1000)}")
            connection.execute(f"PRAGMA page_size={page_bytes}")  # heard only by a new file
            mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
            if mode != "wal":
                raise StorageError(f"{path}: this file system allows only journal mode {mode!r}, need 'wal'")
            connection.execute("PRAGMA synchronous=FULL")
            present = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema").fetchall()}
            if not present:
                with transaction(connection):
                    for statement in schema:
                        connection.execute(statement)
        except BaseException:
            connection.close()
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return connection


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """All statements inside, or none: committed and synced at the end, rolled back on any error."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # SQLite rolls back by itself after some errors; what follows must never hide the first error.
        with suppress(sqlite3.Error):
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        raise


@contextmanager
def storage_errors(path: Path, doing: str) -> Iterator[None]:
    """Turn SQLite's errors into the product's, naming the file and what was being done."""
    try:
        yield
    except sqlite3.Error as error:
        raise _storage_error(error, path, doing) from error


def _storage_error(error: sqlite3.Error, path: Path, doing: str) -> StorageError:
    code = getattr(error, "sqlite_errorcode", None)
    primary = None if code is None else code & _PRIMARY_CODE
    if primary == sqlite3.SQLITE_FULL:
        return StorageFull(f"{path}: no room left to {doing}; free some space, nothing was stored half")
    if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StorageBusy(f"{path}: another program holds the file; could not {doing}")
    if primary in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return CorruptStorage(f"{path}: the file is damaged ({error}); restore it from a backup")
    return StorageError(f"{path}: the disk failed to {doing} ({error})")
