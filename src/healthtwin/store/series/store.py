"""The series of a house: what was measured, by person, metric and time."""

from __future__ import annotations

import logging
import math
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Self

from healthtwin.domain import DAY_MS
from healthtwin.domain.errors import CorruptStorage, Gone, InvalidInput, KeyGone, StorageError
from healthtwin.domain.log import PLAINTEXT_KEY
from healthtwin.engines.sqlite import open_shared, storage_errors
from healthtwin.store.keys import NoKeys
from healthtwin.store.series import reading, resealing, sealing
from healthtwin.store.series.block import Rows
from healthtwin.store.series.extent import extent_of, summarised
from healthtwin.store.series.latest import LATEST_KEPT, LatestRows
from healthtwin.store.series.port import (
    DAILY_DAYS,
    RAW_DAYS,
    SETTLE_MS,
    SealReport,
    SeriesRow,
    SeriesSize,
)
from healthtwin.store.series.schema import Span, prepare
from healthtwin.store.series.summaries import Bins, binned, bins_of_days
from healthtwin.store.series.whose import BLOCK_COLUMNS, Whose, require_owner

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    import numpy as np
    from numpy.typing import NDArray

    from healthtwin.engines.sqlite import Database
    from healthtwin.store.keys import Keys


_LOG: Final = logging.getLogger(__name__)

_PAGES_AT_A_TIME: Final = 1_000
"""Of 4 KiB each; between two bites of free pages an append gets its turn."""

_WORTH_SHRINKING: Final = 0.25
"""Free share of the file; less than that, tomorrow's hot rows take up again."""

MOST_DAMAGE: Final = 100
"""Places that are remembered; one is reason enough to make the file anew."""

_LARGEST_TIME_MS: Final = 2**52
"""About the year 144,000; beyond it a time is a mistake, and sums of times stay exact integers."""


class SeriesStore:
    """Values over time in one SQLite file: hot rows, sealed compressed blocks, daily summaries.

    One process writes (the one that owns the log); its threads may all use one store. What is here can be
    rebuilt from the log, so an append is not fsynced by itself: call `sync` before the log forgets anything.

    Args:
        path: the file; made when absent.
        raw_days: days for which every row is kept.
        daily_days: days for which the daily summaries are kept.
        keys: of the home: everybody's values and blocks are sealed under their key; None: nothing is sealed.

    A block that is not what was written is passed over, so that it keeps nobody from the others.

    Attributes:
        damage: what was found damaged and why, by what it is; at most `MOST_DAMAGE`.

    Do not use it for anything but numbers of `healthtwin.domain.METRICS`: it neither checks ranges nor units.

    >>> import pathlib, tempfile
    >>> with (
    ...     tempfile.TemporaryDirectory() as folder,
    ...     SeriesStore(pathlib.Path(folder) / "series.db") as store,
    ... ):
    ...     store.append([("ba75bb", 1, 0, 72.5, 1.0), ("ba75bb", 1, 300_000, 73.0, 1.0)], through_offset=2)
    ...     t, v = store.range("ba75bb", 1, 0, 300_000)
    >>> t.tolist(), v.tolist()
    ([0, 300000], [72.5, 73.0])
    """

    def __init__(
        self,
        path: Path,
        *,
        raw_days: int = RAW_DAYS,
        daily_days: int = DAILY_DAYS,
        keys: Keys | None = None,
    ) -> None:
        self._path = path
        self._keys: Keys = keys or NoKeys()
        self._raw_ms = raw_days * DAY_MS
        self._daily_ms = daily_days * DAY_MS
        with _mended_by_a_rebuild():
            self._writer = open_shared(path, synchronous="NORMAL")
        self._writing = threading.Lock()
        self._readers: list[Database] = []
        self._latest = LatestRows(LATEST_KEPT)
        self._closed = False
        self.damage: dict[str, str] = {}
        try:
            with _mended_by_a_rebuild(), storage_errors(path):
                prepare(self._writer, path)
                self._people = self._stored_people()
                self._offset = self._stored_offset()
        except BaseException:
            self._writer.close()
            raise

    @property
    def offset(self) -> int:
        """Log offset through which rows were appended; -1 before the first."""
        return self._offset

    def append(self, rows: Sequence[SeriesRow], through_offset: int) -> None:
        """Store rows in one transaction; two values of one person, metric and instant are two rows.

        A value that is there already for its instant stays one row, with the better of its qualities:
        whatever the order in which rows arrive, the same rows are there in the end.

        Does nothing when `through_offset` was reached before, so the log may be replayed over it.

        Args:
            rows: in log order.
            through_offset: log offset of the last record they stem from.

        Raises:
            InvalidInput: for a value that is no finite number or an impossible time; nothing is stored then.
            StorageFull, StorageBusy: nothing is stored.
        """
        with self._transaction() as database:
            if through_offset <= self._offset:
                return
            database.executemany(
                "INSERT INTO hot (person, time_ms, metric, value, quality) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (person, time_ms, metric, value)"
                " DO UPDATE SET quality = MAX(quality, excluded.quality)",
                self._written(self._checked(database, rows)),
            )
            self._move_offset(database, through_offset)
        self._latest.forget({row[0] for row in rows})

    def forget(self, since_ms: int, offset: int) -> None:
        """Forget every row and summary from the first UTC day on that begins at that time or later.

        Whoever calls it appends them again, beginning with the log record after `offset`.
        """
        from_ms = -(-_within(since_ms) // DAY_MS) * DAY_MS
        with self._transaction(synchronous="FULL") as database:
            for table, starts in (("hot", "time_ms"), ("block", "start_ms"), ("daily", "day_ms")):
                database.execute(f"DELETE FROM {table} WHERE {starts} >= ?", (from_ms,))  # noqa: S608 - ours
            self._move_offset(database, offset)
        self._latest.forget_all()

    def sync(self) -> int:
        """Make everything appended so far survive a power cut; the offset through which it does."""
        with self._transaction(synchronous="FULL") as database:
            offset = self._offset
            self._move_offset(database, offset)  # a commit that fsyncs takes all earlier ones with it
        return offset

    def range(
        self, person: str, metric: int, from_ms: int, to_ms: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Times (epoch ms, ascending) and values from `from_ms` to `to_ms`, both included."""
        rows = self._rows(person, metric, from_ms, to_ms)
        return rows.t, rows.v

    def range_with_quality(
        self, person: str, metric: int, from_ms: int, to_ms: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
        """As `range`, and the quality of each row, 0–1 in steps of 1/255."""
        rows = self._rows(person, metric, from_ms, to_ms)
        return rows.t, rows.v, rows.q / reading.QUALITY_STEPS

    def downsample(self, person: str, metric: int, from_ms: int, to_ms: int, step_ms: int) -> Bins:
        """Mean, minimum, maximum, count in bins of `step_ms` that start at multiples of it since the epoch.

        Whole days are answered from the daily summaries: they reach further back than the rows, and a day
        that overlaps the time counts as a whole.

        Raises:
            InvalidInput: for a step below 1 ms.
        """
        if step_ms < 1:
            raise InvalidInput("step", step_ms, "at least 1 ms")
        if step_ms == DAY_MS:
            return self.daily(person, metric, from_ms, to_ms)
        return binned(self._rows(person, metric, from_ms, to_ms), step_ms)

    def daily(self, person: str, metric: int, from_ms: int, to_ms: int) -> Bins:
        """Summaries of the UTC days that overlap the time; kept longer than the rows."""
        with self._reading(person) as (database, whose):
            if whose is None:
                return bins_of_days({})
            return bins_of_days(
                reading.summaries_between(
                    database, whose, metric, _within(from_ms), _within(to_ms), self._block_damaged
                )
            )

    def latest(self, person: str) -> dict[int, tuple[int, float]]:
        """Metric code → (epoch ms, value) of the newest row of each metric; empty for an unknown person.

        Of two values at that instant, the one further from what is ordinary (`graver`).
        """
        return dict(self._latest.of(person, self._read_latest))

    def _read_latest(self, person: str) -> dict[int, tuple[int, float]]:
        with self._reading(person) as (database, whose):
            return {} if whose is None else reading.latest_of(database, whose, self._block_damaged)

    def extent(self, person: str) -> dict[int, tuple[int, int]]:
        """Metric code → about when its first and its last row are (never inside them), epoch ms."""
        with self._reading(person) as (database, whose):
            return {} if whose is None else extent_of(database, whose.id)

    def metrics_of(self, person: str) -> set[int]:
        """Codes of the metrics of which anything is known, rows or summaries of days."""
        with self._reading(person) as (database, whose):
            if whose is None:
                return set()
            return extent_of(database, whose.id).keys() | summarised(database, whose.id)

    def seal(self, now_ms: int, *, settle_ms: int = SETTLE_MS, at_most_s: float | None = None) -> SealReport:
        """Move every UTC day that ended more than `settle_ms` ago into sealed blocks, late rows included.

        In many short transactions, so no append waits long; may be stopped and repeated at any point.

        Args:
            now_ms: the present.
            settle_ms: how long a day stays hot after its end.
            at_most_s: return about then with the rest undone, for a caller who has other duties; at least one
                person's oldest month is sealed, so that calling again always comes to an end.
        """
        before_ms = reading.day_of(now_ms - settle_ms)
        ends_at = math.inf if at_most_s is None else time.monotonic() + at_most_s
        with self._reading() as (database, _):
            people = [self._whose(*each) for each in sealing.people_to_seal(database, before_ms)]
        blocks = rows = 0
        for whose in filter(None, people):
            while True:
                with self._transaction() as database:
                    some_blocks, some_rows = sealing.seal_oldest_month(database, whose, before_ms)
                if not some_rows:
                    break
                blocks, rows = blocks + some_blocks, rows + some_rows
                if time.monotonic() >= ends_at:
                    return SealReport(blocks, rows, finished=False)
        return SealReport(blocks, rows, finished=True)

    def retain(self, now_ms: int) -> int:
        """Forget sealed rows and summaries that outlived their days; how many blocks went.

        A block goes when all of it is too old, so rows of a sparse metric (a block per month) stay up to a
        month longer. Hot rows stay until `seal` has summed them up.
        """
        raw_before, daily_before = now_ms - self._raw_ms, now_ms - self._daily_ms
        gone = 0
        for span, start_before in (
            (Span.DAY, raw_before - DAY_MS),
            (Span.MONTH, reading.month_of(raw_before) - 1),
        ):
            while True:
                with self._transaction() as database:
                    some = database.execute(
                        "DELETE FROM block WHERE rowid IN"
                        " (SELECT rowid FROM block WHERE span = ? AND start_ms <= ? LIMIT 1000)",
                        (span, start_before),
                    ).rowcount
                gone += some
                if not some:
                    break
        with self._transaction() as database:
            database.execute("DELETE FROM daily WHERE day_ms < ?", (daily_before - DAY_MS,))
        if gone:
            self._latest.forget_all()
        if self._free_pages() > _WORTH_SHRINKING * self._pages():
            self._shrink()
        return gone

    def erase(self, person: str) -> None:
        """Delete all about a person, overwritten in the file and its write-ahead log."""
        with self._transaction() as database:
            found = database.execute("SELECT id FROM person WHERE pseudonym = ?", (person,)).fetchone()
            if found is None:
                return
            for table in ("hot", "block", "daily"):
                database.execute(f"DELETE FROM {table} WHERE person = ?", found)  # noqa: S608 - our own names
            database.execute("DELETE FROM person WHERE id = ?", found)
            self._people.pop(person, None)
        self._latest.forget({person})
        self._shrink()

    def reseal(self, person: str) -> int:
        """Seal a person's values under the key that they have now; how many parts were under another.

        In short transactions; may be cut off and repeated.
        """
        known = self._people.get(person)
        key_id = PLAINTEXT_KEY if known is None else self._keys.key_of(person)
        if known is None or key_id == PLAINTEXT_KEY:
            return 0
        whose, count = Whose(known[0], key_id, self._keys, person), 0
        if known[1] != key_id:
            with self._transaction() as database:
                resealing.reseal_numbers(database, Whose(*known, self._keys, person), whose)
                self._people[person] = known[0], key_id
            count += 1
        at: int | None = 0
        while at is not None:
            with self._transaction() as database:
                at, some = resealing.reseal_blocks(database, whose, at)
            count += some
        self._latest.forget({person})
        if count:
            self._shrink()
        return count

    def verify(self, after: int, limit: int) -> int | None:
        """Look whether blocks are what was written; what is not, stands in `damage`.

        Args:
            after: where the last look ended, 0 at first. limit: blocks.

        Returns:
            Where this one ended; None after the last block.
        """
        try:
            with self._reading() as (database, _):
                found = database.execute(
                    f"SELECT block.rowid, person, pseudonym, {BLOCK_COLUMNS} FROM block"  # noqa: S608 - ours
                    " JOIN person ON person.id = person WHERE block.rowid > ? ORDER BY block.rowid LIMIT ?",
                    (after, limit),
                ).fetchall()
        except CorruptStorage:
            return None  # noted where it was read
        for _, person, pseudonym, *block in found:
            metric, span, start_ms, *_ = block
            try:
                reading.rows_of_block(self._keys, pseudonym, tuple(block))
            except KeyGone as error:
                if self._is_known(person):
                    self._note_damage(f"block {person}/{metric}/{span}/{start_ms}", error)
            except CorruptStorage as error:
                self._note_damage(f"block {person}/{metric}/{span}/{start_ms}", error)
        return int(found[-1][0]) if found else None

    def _block_damaged(self, error: CorruptStorage) -> None:
        """A block that somebody asked for; `verify` says which."""
        self._note_damage("a block", error)

    def _note_damage(self, what: str, error: CorruptStorage) -> None:
        if what not in self.damage and len(self.damage) < MOST_DAMAGE:
            _LOG.error("%s: %s is damaged: %s", self._path, what, error)
            self.damage[what] = str(error)

    def size(self) -> SeriesSize:
        """What the series hold; reads every block's header, so it is for reports, not for requests."""
        with self._reading() as (database, _):
            (people,) = database.execute("SELECT COUNT(*) FROM person").fetchone()
            (hot_rows,) = database.execute("SELECT COUNT(*) FROM hot").fetchone()
            blocks, sealed_rows, block_bytes = database.execute(
                "SELECT COUNT(*), COALESCE(SUM(rows), 0), COALESCE(SUM(LENGTH(body)), 0) FROM block"
            ).fetchone()
            (pages,) = database.execute("PRAGMA page_count").fetchone()
            (page_bytes,) = database.execute("PRAGMA page_size").fetchone()
        return SeriesSize(people, hot_rows, sealed_rows, blocks, block_bytes, pages * page_bytes)

    def close(self) -> None:
        """Let go of the file; the store cannot be used afterwards."""
        with self._writing:
            self._closed = True
            for database in (self._writer, *self._readers):
                database.close()
            self._readers.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _rows(self, person: str, metric: int, from_ms: int, to_ms: int) -> Rows:
        with self._reading(person) as (database, whose):
            if whose is None:
                return Rows.empty()
            return reading.rows_between(
                database, whose, metric, _within(from_ms), _within(to_ms), self._block_damaged
            )

    def _checked(
        self, database: Database, rows: Iterable[SeriesRow]
    ) -> Iterator[tuple[tuple[int, int, str], int, int, float, int]]:
        people = self._people
        for index, (person, metric, time_ms, value, quality) in enumerate(rows):
            if not math.isfinite(value):
                raise InvalidInput("value", value, "a finite number", index)
            if not 0.0 <= quality <= 1.0:
                raise InvalidInput("quality", quality, "a number from 0 to 1", index)
            if not -_LARGEST_TIME_MS < time_ms < _LARGEST_TIME_MS:
                raise InvalidInput("time_ms", time_ms, "epoch milliseconds", index)
            who = people.get(person)
            if who is None:
                try:
                    key_id = self._keys.key_of(person)
                except Gone:
                    continue
                number = database.execute(
                    "INSERT INTO person (pseudonym, key_id) VALUES (?, ?)", (person, key_id)
                ).lastrowid
                if number is None:
                    raise StorageError(f"{self._path}: a new person got no number")
                who = people[person] = (number, key_id)
            yield (*who, person), time_ms, metric, value, round(quality * reading.QUALITY_STEPS)

    def _written(
        self, rows: Iterable[tuple[tuple[int, int, str], int, int, float, int]]
    ) -> Iterator[tuple[int, int, int, float | bytes, int]]:
        """Rows as they stand in the file; what came of somebody who was erased meanwhile is left out."""
        of_each: dict[tuple[int, int, str], list[tuple[int, int, float, int]]] = {}
        for who, time_ms, metric, value, quality in rows:
            of_each.setdefault(who, []).append((time_ms, metric, value, quality))
        for who, theirs in of_each.items():
            whose = self._whose(*who)
            if whose is None:
                continue
            values = whose.written([(value, metric, time_ms) for time_ms, metric, value, _ in theirs])
            for (time_ms, metric, _, quality), written in zip(theirs, values, strict=True):
                yield whose.id, time_ms, metric, written, quality

    def _whose(self, number: int, key_id: int, pseudonym: str) -> Whose | None:
        """Somebody in the file; None of somebody who was erased.

        Raises:
            CorruptStorage: their key is missing.
        """
        whose = Whose(number, key_id, self._keys, pseudonym)
        if key_id != PLAINTEXT_KEY:
            try:
                require_owner(self._keys, key_id, pseudonym)
            except KeyGone as error:
                if self._is_known(number):
                    raise CorruptStorage(
                        f"{self._path}: {error}; restore the keys from their backup"
                    ) from None
                return None
        return whose

    def _is_known(self, number: int) -> bool:
        """Whether somebody in the file was not erased."""
        found = [pseudonym for pseudonym, (each, _) in list(self._people.items()) if each == number]
        return any(not self._keys.is_erased(pseudonym) for pseudonym in found)

    def _stored_people(self) -> dict[str, tuple[int, int]]:
        found = self._writer.execute("SELECT pseudonym, id, key_id FROM person").fetchall()
        return {pseudonym: (number, key_id) for pseudonym, number, key_id in found}

    def _stored_offset(self) -> int:
        (offset,) = self._writer.execute("SELECT value FROM state WHERE name = 'offset'").fetchone()
        return int(offset)

    def _move_offset(self, database: Database, offset: int) -> None:
        database.execute("UPDATE state SET value = ? WHERE name = 'offset'", (offset,))
        self._offset = offset

    def _shrink(self) -> None:
        """Give free pages back to the disk and empty the write-ahead log, as far as readers allow."""
        before, free = -1, self._free_pages()
        while free and free != before:
            with self._writing, storage_errors(self._path):
                # A script, because `execute` takes one step of a statement without result, and this has many.
                self._writer.executescript(f"PRAGMA incremental_vacuum({_PAGES_AT_A_TIME})")
            before, free = free, self._free_pages()
        with self._writing, storage_errors(self._path):
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def _free_pages(self) -> int:
        with self._writing, storage_errors(self._path):
            return int(self._writer.execute("PRAGMA freelist_count").fetchone()[0])

    def _pages(self) -> int:
        with self._writing, storage_errors(self._path):
            return int(self._writer.execute("PRAGMA page_count").fetchone()[0])

    @contextmanager
    def _noticing(self) -> Iterator[None]:
        """Keep in mind that the file is damaged, whoever asked."""
        try:
            yield
        except CorruptStorage as error:
            self._note_damage("the file", error)
            raise

    @contextmanager
    def _transaction(self, synchronous: str = "NORMAL") -> Iterator[Database]:
        """One write transaction; undone as a whole, in memory too, when anything inside fails."""
        with self._writing, self._noticing(), storage_errors(self._path):
            database = self._writer
            database.execute(f"PRAGMA synchronous={synchronous}")
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
                database.execute("COMMIT")
            except BaseException:
                if database.in_transaction:
                    database.execute("ROLLBACK")
                self._offset = self._stored_offset()
                self._people = self._stored_people()
                raise

    @contextmanager
    def _reading(self, person: str = "") -> Iterator[tuple[Database, Whose | None]]:
        """A connection inside one snapshot, and who the person is there."""
        try:
            database = self._readers.pop()
        except IndexError:
            database = open_shared(self._path, read_only=True)
        try:
            with self._noticing(), storage_errors(self._path):
                database.execute("BEGIN")
                found = database.execute(
                    "SELECT id, key_id FROM person WHERE pseudonym = ?", (person,)
                ).fetchone()
                yield database, None if found is None else self._whose(found[0], found[1], person)
        finally:
            if database.in_transaction:
                database.execute("ROLLBACK")
            if self._closed:
                database.close()
            else:
                self._readers.append(database)


def _within(time_ms: int) -> int:
    """The nearest time that a row may have: whoever asks "until for ever" gets everything."""
    return max(-_LARGEST_TIME_MS, min(time_ms, _LARGEST_TIME_MS))


@contextmanager
def _mended_by_a_rebuild() -> Iterator[None]:
    """Say of a damaged file what mends it without a backup."""
    try:
        yield
    except CorruptStorage as error:
        raise CorruptStorage(
            f"{error}, or let `healthtwin rebuild series` make it anew from the log"
        ) from error
