"""A projection in a file of its own that keeps a copy of every record, for tests that kill it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from healthtwin.stream import LogRecord, Source


class Mirror:
    """Every record by its offset, and how often it came.

    Args:
        path: the file. own_place: whether the file says how far it is, or the runner remembers it.
    """

    version = 1

    def __init__(self, path: Path, *, own_place: bool) -> None:
        self.name = path.stem
        self._own_place = own_place
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=OFF")  # the kernel keeps what a killed process wrote
        self._database.execute(
            'CREATE TABLE IF NOT EXISTS kept ("offset" INTEGER PRIMARY KEY, device, sequence, payload, times)'
        )

    @property
    def offset(self) -> int | None:
        if not self._own_place:
            return None
        return int(self._database.execute('SELECT coalesce(max("offset"), 0) FROM kept').fetchone()[0])

    def apply(self, batch: Sequence[LogRecord], through_offset: int) -> None:
        assert through_offset == batch[-1].offset
        self._database.execute("BEGIN")
        self._database.executemany(
            "INSERT INTO kept VALUES (?, ?, ?, ?, 1)"
            ' ON CONFLICT ("offset") DO UPDATE SET times = times + 1, payload = excluded.payload',
            [(r.offset, r.device, r.sequence, r.payload) for r in batch],
        )
        self._database.execute("COMMIT")

    def sync(self) -> None:
        pass

    def rebuild(self, source: Source[LogRecord]) -> None:
        self._database.execute('DELETE FROM kept WHERE "offset" > ?', (source.reach().after,))

    def content(self) -> list[tuple[int, str, int, bytes]]:
        return self._database.execute(
            'SELECT "offset", device, sequence, payload FROM kept ORDER BY "offset"'
        ).fetchall()

    def doubled(self) -> int:
        return int(self._database.execute("SELECT count(*) FROM kept WHERE times > 1").fetchone()[0])

    def close(self) -> None:
        self._database.close()


def mirrors_in(folder: Path) -> tuple[Mirror, Mirror]:
    """One that knows its place, and one whose place the runner remembers."""
    return Mirror(folder / "own.db", own_place=True), Mirror(folder / "noted.db", own_place=False)
