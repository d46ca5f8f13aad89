"""SQLite files as this room opens them, and what their errors mean in our words."""

from __future__ import annotations

import sqlite3
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import CorruptStorage, StorageBusy, StorageError, StorageFull

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUSY_TIMEOUT_MS: Final = 10_000
"""How long a writer waits for another process (a command beside a running server) before it gives up."""

_RETRY_S: Final = 0.005

_PRIMARY_CODE: Final = 0xFF
"""SQLite's extended error codes carry the primary one in their lowest byte."""


def connect(path: Path, *, synchronous: str = "FULL", read_only: bool = False) -> sqlite3.Connection:
    """A connection in write-ahead mode that may move between threads; transactions are begun by hand.

    Args:
        path: the file; made when absent, unless `read_only`.
        synchronous: ``"FULL"`` fsyncs every commit, ``"NORMAL"`` only checkpoints.
        read_only: refuse every write through this connection.

    Raises:
        StorageError: or the kind of it that fits, when the file cannot be opened.
    """
    with storage_errors(path):
        database = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}",
            uri=True,
            timeout=BUSY_TIMEOUT_MS / 1000,
            isolation_level=None,
            check_same_thread=False,
        )
    try:
        with storage_errors(path):
            if not read_only:
                database.execute("PRAGMA auto_vacuum=INCREMENTAL")
                keep_write_ahead(database)
                # Erased means gone from the file, also where a sealed row once lay.
                database.execute("PRAGMA secure_delete=ON")
            database.execute(f"PRAGMA synchronous={synchronous}")
            database.execute("PRAGMA foreign_keys=ON")
    except BaseException:
        database.close()
        raise
    return database


def keep_write_ahead(database: sqlite3.Connection) -> None:
    """Put the file into write-ahead mode, waiting for whoever opens it at the same moment.

    SQLite asks for the whole file to change the mode and, so as not to deadlock with another that asks
    for the same, gives up at once instead of waiting as it does for every other lock.

    Raises:
        sqlite3.OperationalError: when the file stayed locked for `BUSY_TIMEOUT_MS`.
    """
    ends = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            database.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & _PRIMARY_CODE != sqlite3.SQLITE_BUSY or time.monotonic() >= ends:
                raise
            time.sleep(_RETRY_S)
        else:
            return


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Within it, what SQLite reports about `path` is raised in the words of `healthtwin.domain.errors`."""
    try:
        yield
    except sqlite3.Error as error:
        meant = storage_error_of(error, path)
        if meant is None:
            raise
        raise meant from error


def storage_error_of(error: BaseException, path: Path | str) -> StorageError | None:
    """The error that a report of SQLite stands for; None for a mistake of ours (a bad statement)."""
    code = getattr(error, "sqlite_errorcode", None)
    if not isinstance(code, int):
        return None
    primary = code & _PRIMARY_CODE
    if primary == sqlite3.SQLITE_FULL:
        return StorageFull(f"{path}: no space left on the disk; free some, then try again")
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StorageBusy(f"{path}: locked by another process for more than {BUSY_TIMEOUT_MS // 1000} s")
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return CorruptStorage(f"{path}: damaged or not a database ({error}); restore a backup")
    if primary in (
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PERM,
    ):
        return StorageError(f"{path}: cannot be read or written ({error})")
    return None
