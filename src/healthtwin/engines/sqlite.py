"""SQLite as every file of a home uses it: one durability, one way to wait, errors in the product's words."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from healthtwin.domain.errors import CorruptStorage, StorageBusy, StorageError, StorageFull

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

BUSY_TIMEOUT_S: Final = 10.0
"""How long a write waits for somebody else's lock; a backup or a command beside a server needs less."""

_RETRY_S: Final = 0.005

_PRIMARY_CODE: Final = 0xFF
"""The low byte of an extended SQLite result code is the primary code."""

_OUR_MISTAKES: Final = frozenset(
    {
        sqlite3.SQLITE_ERROR,
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_MISUSE,
        sqlite3.SQLITE_RANGE,
    }
)
"""What a wrong statement or a broken rule of a table brings: a fault of ours, not of the file's."""


Database: TypeAlias = sqlite3.Connection
"""An open file, for those who need all that the standard library's connection can do."""


class Rows(Protocol):
    """What a statement gives back."""

    def fetchone(self) -> Any:  # noqa: ANN401 - a column has the type that its table gave it
        """The next row, or None."""
        ...

    def fetchall(self) -> list[Any]:
        """All remaining rows."""
        ...


class Connection(Protocol):
    """The part of `sqlite3.Connection` that the log uses, so that a file system can be put underneath.

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
    """Open a file with the standard library's SQLite, as `open_durable` wants it."""
    return sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)


def open_durable(
    path: Path, connect: Connect, busy_timeout_s: float, schema: Sequence[str], page_bytes: int = 4096
) -> Connection:
    """Open (or create) a file whose commits survive a power cut.

    Write-ahead log with `synchronous=FULL`: every commit is one write and one fsync, and readers never wait.
    The folder is synced too, since a file whose name was lost is lost.

    Args:
        path: the file.
        connect: opens it; tests put a file system that forgets underneath.
        busy_timeout_s: how long a write waits for somebody else's lock.
        schema: statements that make a new file's tables.
        page_bytes: of a new file.
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


def open_alone(path: Path) -> Database:
    """A connection to a file that nobody else uses, such as a copy that is being written."""
    return sqlite3.connect(path)


def open_shared(path: Path, *, synchronous: str = "FULL", read_only: bool = False) -> Database:
    """A connection to a file that several processes use, from any thread; transactions are begun by hand.

    Args:
        path: the file; made when absent, unless `read_only`.
        synchronous: ``"FULL"`` fsyncs every commit, ``"NORMAL"`` only checkpoints.
        read_only: refuse every write through this connection.

    Raises:
        StorageError: or the kind of it that fits, when the file cannot be opened.
    """
    with storage_errors(path, "open"):
        database = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}",
            uri=True,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,
        )
    try:
        with storage_errors(path, "open"):
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


def require_whole(path: Path) -> None:
    """Read through a file that nobody else uses; one that is absent is fine.

    Raises:
        CorruptStorage: it is damaged, or no database.
    """
    if not path.exists():
        return
    with storage_errors(path, "read it through"), closing(sqlite3.connect(path)) as connection:
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise CorruptStorage(f"{path}: the file is damaged ({found}); restore it from a backup")


def count_of(path: Path, table: str) -> int:
    """How many rows a table of a file holds; 0 where there is no such table, or nothing can be read."""
    with suppress(sqlite3.Error, StorageError), closing(open_shared(path, read_only=True)) as connection:
        return int(connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])  # noqa: S608 - our own
    return 0


def count_where(path: Path, table: str, condition: str) -> int:
    """As `count_of`, of the rows for which something holds; both in our own words, never somebody's."""
    if not path.exists():
        return 0
    with suppress(sqlite3.Error, StorageError), closing(open_shared(path, read_only=True)) as connection:
        found = connection.execute(f'SELECT count(*) FROM "{table}" WHERE {condition}')  # noqa: S608 - our own
        return int(found.fetchone()[0])
    return 0


def whole_or_why_not(path: Path, *, thorough: bool) -> str | None:
    """Why a file cannot be used as it should be; None when nothing is wrong. Others may be using it.

    Args:
        path: the file; it is only read.
        thorough: read every page of it.
    """
    try:
        with storage_errors(path, "read it"), closing(open_shared(path, read_only=True)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            if not thorough:
                return None
            (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except StorageError as error:
        return str(error)
    return None if found == "ok" else f"damaged ({' '.join(str(found).split())})"


def keep_write_ahead(database: Database) -> None:
    """Put the file into write-ahead mode, waiting for whoever opens it at the same moment.

    SQLite asks for the whole file to change the mode and, so as not to deadlock with another that asks
    for the same, gives up at once instead of waiting as it does for every other lock.

    Raises:
        sqlite3.OperationalError: when the file stayed locked for `BUSY_TIMEOUT_S`.
    """
    ends = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            database.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & _PRIMARY_CODE != sqlite3.SQLITE_BUSY or time.monotonic() >= ends:
                raise
            time.sleep(_RETRY_S)
        else:
            return


def leave_nothing_deleted(connection: Connection) -> None:
    """Write the file anew without what was deleted, and empty its write-ahead log, as far as readers allow.

    Deleted rows, and former places of rows that moved, would else stand in free space until it is used again.
    Needs room for the file once more; writers wait meanwhile.
    """
    connection.execute("VACUUM")
    ends = time.monotonic() + BUSY_TIMEOUT_S
    while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] and time.monotonic() < ends:
        time.sleep(_RETRY_S)  # somebody reads what was there before


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
def storage_errors(path: Path, doing: str = "read or write it") -> Iterator[None]:
    """Within it, what SQLite reports of a file is raised in the words of `healthtwin.domain.errors`.

    Args:
        path: the file, named in the error.
        doing: what was being done, after "could not".
    """
    try:
        yield
    except sqlite3.Error as error:
        meant = storage_error_of(error, path, doing)
        if meant is None:
            raise
        raise meant from error


def storage_error_of(
    error: BaseException, path: Path | str, doing: str = "read or write it"
) -> StorageError | None:
    """The error that a report of SQLite stands for; None for a mistake of ours, such as a bad statement."""
    if not isinstance(error, sqlite3.Error):
        return None
    if str(error).startswith("Could not decode to UTF-8"):  # the standard library's own, without a code
        return CorruptStorage(f"{path}: the file is damaged (a text in it is none); restore it from a backup")
    code = getattr(error, "sqlite_errorcode", None)
    primary = None if code is None else code & _PRIMARY_CODE
    if primary in _OUR_MISTAKES:
        return None
    if primary == sqlite3.SQLITE_FULL:
        return StorageFull(f"{path}: no room left to {doing}; free some space, nothing was stored half")
    if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StorageBusy(f"{path}: another program holds the file; could not {doing}")
    if primary in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return CorruptStorage(f"{path}: the file is damaged ({error}); restore it from a backup")
    return StorageError(f"{path}: the disk failed to {doing} ({error})")
