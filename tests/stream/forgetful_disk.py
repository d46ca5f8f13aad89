"""SQLite on a disk that can lose its power, fill up or be slow: a virtual file system under a real database.

Every write goes to a real file, and the contents that each 512-byte sector had at the last sync are kept. A
power cut puts a random part of the sectors written since back (so writes are lost, reordered and torn), cuts
files that grew, and fails every call from then on. What was synced is never touched.
"""

from __future__ import annotations

import itertools
import os
import random
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import apsw

SECTOR: Final = 512
_CODES: Final[dict[type[apsw.Error], int]] = {
    apsw.BusyError: sqlite3.SQLITE_BUSY,
    apsw.CorruptError: sqlite3.SQLITE_CORRUPT,
    apsw.FullError: sqlite3.SQLITE_FULL,
    apsw.IOError: sqlite3.SQLITE_IOERR,
    apsw.NotADBError: sqlite3.SQLITE_NOTADB,
}
_NAMES: Final = itertools.count()


@dataclass
class _Unsynced:
    """What one file was at its last sync, as far as it was written to since."""

    size: int
    sectors: dict[int, bytes] = field(default_factory=dict)


class ForgetfulDisk:
    """A disk with a power switch.

    Args:
        random_seed: decides what a cut leaves behind.
        checkpoint_pages: write-ahead pages per checkpoint; few, so that cuts hit checkpoints too; 0 for none.

    Attributes:
        operations: writes and syncs so far.
        cut_at: the operation at which the power fails, None for never.
        room: how many more writes find room, None for as many as you like.
        syncs_fail: while True, every sync reports an error.
        may_sync: while cleared, every sync waits.
    """

    def __init__(self, random_seed: int = 0, *, checkpoint_pages: int = 12) -> None:
        self._checkpoint_pages = checkpoint_pages
        self._random = random.Random(random_seed)
        self._unsynced: dict[str, _Unsynced] = {}
        self._connections: list[ApswConnection] = []
        self._vfs_name = f"forgetful-{os.getpid()}-{next(_NAMES)}"
        self._vfs = _Vfs(self, self._vfs_name)
        self.operations = 0
        self.cut_at: int | None = None
        self.room: int | None = None
        self.syncs_fail = False
        self.is_off = False
        self.may_sync = threading.Event()
        self.may_sync.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for connection in self._connections:
            with suppress(sqlite3.Error):  # closing writes, and the power may be off
                connection.close()
        self._vfs.unregister()

    def connect(self, path: Path) -> ApswConnection:
        """For `SqliteLog(connect=...)`."""
        connection = ApswConnection(path, self._vfs_name)
        connection.execute(f"PRAGMA wal_autocheckpoint={self._checkpoint_pages}")
        self._connections.append(connection)
        return connection

    def connect_carelessly(self, path: Path) -> Careless:
        """The same with `synchronous=NORMAL`, whatever the product asks for: the negative control."""
        return Careless(self.connect(path))

    def cut_power(self) -> None:
        """Forget a random part of what was not synced, and answer nothing any more."""
        if self.is_off:
            return
        self.is_off = True
        for name, unsynced in self._unsynced.items():
            if not Path(name).exists():
                continue
            with Path(name).open("r+b") as file:
                for sector, before in unsynced.sectors.items():
                    if self._random.random() < 0.5:
                        file.seek(sector * SECTOR)
                        file.write(before.ljust(SECTOR, b"\x00"))
                if self._random.random() < 0.3:
                    file.seek(0, os.SEEK_END)
                    if unsynced.size < file.tell():
                        file.truncate(unsynced.size)

    def before_change(self, name: str, offset: int, length: int) -> None:
        """Remember what stands where a write is about to go; the power may fail just now."""
        self.count_operation()
        if self.room is not None:
            if self.room == 0:
                raise apsw.FullError("no space left on device")
            self.room -= 1
        path = Path(name)
        unsynced = self._unsynced.setdefault(name, _Unsynced(path.stat().st_size))
        with path.open("rb") as file:
            for sector in range(offset // SECTOR, (offset + length - 1) // SECTOR + 1):
                if sector not in unsynced.sectors:
                    file.seek(sector * SECTOR)
                    unsynced.sectors[sector] = file.read(SECTOR)

    def before_sync(self) -> None:
        """The power may fail before anything is synced; a slow one waits until it may."""
        self.count_operation()
        self.may_sync.wait()
        if self.syncs_fail:
            raise apsw.IOError("the disk reported a failed sync")

    def after_sync(self, name: str) -> None:
        """What was written to this file stays."""
        self._unsynced.pop(name, None)

    def count_operation(self) -> None:
        """One more operation; the one that was chosen is the last."""
        if not self.is_off:
            self.operations += 1
            if self.cut_at is None or self.operations < self.cut_at:
                return
            self.cut_power()
        raise apsw.IOError("the power is off")


class _File(apsw.VFSFile):
    def __init__(self, disk: ForgetfulDisk, name: Any, flags: list[int]) -> None:  # noqa: ANN401 - as apsw gives
        super().__init__("", name, flags)
        self._disk = disk
        self._name = name.filename() if isinstance(name, apsw.URIFilename) else str(name)

    def xWrite(self, data: Any, offset: int) -> None:  # noqa: N802, ANN401
        self._disk.before_change(self._name, offset, len(data))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        size = Path(self._name).stat().st_size
        if newsize < size:
            self._disk.before_change(self._name, newsize, size - newsize)
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._disk.before_sync()
        super().xSync(flags)
        self._disk.after_sync(self._name)


class _Vfs(apsw.VFS):
    def __init__(self, disk: ForgetfulDisk, name: str) -> None:
        super().__init__(name, "")
        self._disk = disk

    def xOpen(self, name: Any, flags: list[int]) -> _File:  # noqa: N802, ANN401
        return _File(self._disk, name, flags)


class ApswConnection:
    """An apsw connection that speaks as `sqlite3.Connection` does: the same errors with the same codes."""

    def __init__(self, path: Path, vfs: str | None = None) -> None:
        try:
            self._connection = apsw.Connection(str(path), vfs=vfs)
        except apsw.Error as error:
            raise _as_sqlite3(error) from error

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> _Fetched:
        try:
            return _Fetched(self._connection.execute(sql, tuple(parameters)).fetchall())
        except apsw.Error as error:
            raise _as_sqlite3(error) from error

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> None:
        try:
            for _ in self._connection.executemany(sql, parameters):
                pass
        except apsw.Error as error:
            raise _as_sqlite3(error) from error

    def close(self) -> None:
        try:
            self._connection.close(True)
        except apsw.Error as error:
            raise _as_sqlite3(error) from error


class Careless:
    """A connection on which nobody can ask for `synchronous=FULL`."""

    def __init__(self, connection: ApswConnection) -> None:
        self._connection = connection

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> _Fetched:
        return self._connection.execute(sql.replace("synchronous=FULL", "synchronous=NORMAL"), parameters)

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> None:
        self._connection.executemany(sql, parameters)

    def close(self) -> None:
        self._connection.close()


class _Fetched:
    def __init__(self, rows: list[Any]) -> None:
        self._rows = iter(rows)

    def fetchone(self) -> Any:  # noqa: ANN401 - as the table gave it
        return next(self._rows, None)

    def fetchall(self) -> list[Any]:
        return list(self._rows)


def _as_sqlite3(error: apsw.Error) -> sqlite3.OperationalError:
    same = sqlite3.OperationalError(str(error))
    # Errors that a file of ours raised carry no code of their own; their class is the code.
    same.sqlite_errorcode = getattr(error, "extendedresult", _CODES.get(type(error), sqlite3.SQLITE_ERROR))
    return same
