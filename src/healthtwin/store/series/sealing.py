"""Moving closed days from hot rows into sealed blocks, one person and at most one month per transaction."""

from __future__ import annotations

from itertools import groupby, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import DAY_MS
from healthtwin.store.series.block import Rows, merged, seal
from healthtwin.store.series.reading import (
    day_of,
    month_after,
    month_of,
    rows_of_block,
    rows_of_hot,
    sealed_between,
    stored_summaries,
    summary_with,
)
from healthtwin.store.series.schema import Span
from healthtwin.store.series.whose import BLOCK_COLUMNS, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from healthtwin.engines.sqlite import Database
    from healthtwin.store.series.whose import Whose

DENSE_ROWS_PER_DAY: Final = 48
"""A half-hourly metric gets a block per day; with fewer rows a block's own bytes would outweigh them."""


def people_to_seal(database: Database, before_ms: int) -> list[tuple[int, int, str]]:
    """Number, key id and pseudonym of everybody with hot rows older than that."""
    found = database.execute(
        "SELECT id, key_id, pseudonym FROM person WHERE EXISTS"
        " (SELECT 1 FROM hot WHERE hot.person = person.id AND hot.time_ms < ?)",
        (before_ms,),
    )
    return found.fetchall()


def seal_oldest_month(database: Database, whose: Whose, before_ms: int) -> tuple[int, int]:
    """Seal a person's oldest month with closed hot rows; how many (blocks, rows), (0, 0) when none are left.

    Runs inside the caller's transaction, so that hot rows vanish in the instant in which the block has them.
    """
    (oldest,) = database.execute(
        "SELECT MIN(time_ms) FROM hot WHERE person = ? AND time_ms < ?", (whose.id, before_ms)
    ).fetchone()
    if oldest is None:
        return 0, 0
    before_ms = min(before_ms, month_after(oldest))
    blocks = rows = 0
    for metric, hot in _hot_by_metric(database, whose, before_ms):
        _summarise(database, whose, metric, hot)
        blocks += _fold(database, whose, metric, hot)
        rows += len(hot)
    database.execute("DELETE FROM hot WHERE person = ? AND time_ms < ?", (whose.id, before_ms))
    return blocks, rows


def _hot_by_metric(database: Database, whose: Whose, before_ms: int) -> Iterator[tuple[int, Rows]]:
    found = database.execute(
        "SELECT metric, time_ms, value, quality FROM hot WHERE person = ? AND time_ms < ?"
        " ORDER BY metric, time_ms, value",
        (whose.id, before_ms),
    ).fetchall()
    for metric, rows in groupby(found, key=itemgetter(0)):
        yield metric, rows_of_hot(whose, metric, [row[1:] for row in rows])


def _summarise(database: Database, whose: Whose, metric: int, hot: Rows) -> None:
    first_ms, last_ms = int(hot.t[0]), int(hot.t[-1])
    days = _days(hot)
    stored = stored_summaries(database, whose, metric, day_of(first_ms), last_ms)
    sealed = merged(sealed_between(database, whose, metric, day_of(first_ms), day_of(last_ms) + DAY_MS - 1))
    fresh = {
        day_ms: summary_with(stored.get(day_ms), sealed.between(day_ms, day_ms + DAY_MS - 1), rows)
        for day_ms, rows in days
    }
    database.executemany(
        "INSERT OR REPLACE INTO daily (person, metric, day_ms, count, mean, minimum, maximum)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (whose.id, metric, day_ms, day.count, *figures)
            for (day_ms, day), figures in zip(fresh.items(), whose.sealed_days(metric, fresh), strict=True)
        ],
    )


def _fold(database: Database, whose: Whose, metric: int, hot: Rows) -> int:
    """Write the blocks that now hold these rows; how many."""
    with_block = {
        day_ms
        for (day_ms,) in database.execute(
            "SELECT start_ms FROM block"
            " WHERE person = ? AND metric = ? AND span = ? AND start_ms BETWEEN ? AND ?",
            (whose.id, metric, Span.DAY, day_of(int(hot.t[0])), int(hot.t[-1])),
        )
    }
    sparse = []
    written = 0
    for day_ms, rows in _days(hot):
        if day_ms in with_block or len(rows) >= DENSE_ROWS_PER_DAY:
            _write_block(database, whose, (metric, Span.DAY, day_ms), rows)
            written += 1
        else:
            sparse.append(rows)
    if sparse:
        month = merged(sparse)
        _write_block(database, whose, (metric, Span.MONTH, month_of(int(month.t[0]))), month)
        written += 1
    return written


def _days(rows: Rows) -> list[tuple[int, Rows]]:
    """The rows by UTC day: (start of day, rows)."""
    day = rows.t // DAY_MS
    edges = [0, *(np.flatnonzero(np.diff(day)) + 1).tolist(), len(day)]
    return [
        (int(day[first]) * DAY_MS, Rows(rows.t[first:last], rows.v[first:last], rows.q[first:last]))
        for first, last in pairwise(edges)
    ]


def _write_block(database: Database, whose: Whose, key: tuple[int, Span, int], rows: Rows) -> None:
    there = database.execute(
        f"SELECT {BLOCK_COLUMNS} FROM block"  # noqa: S608 - our own names
        " WHERE person = ? AND metric = ? AND span = ? AND start_ms = ?",
        (whose.id, *key),
    ).fetchone()
    if there is not None:
        rows = merged([rows_of_block(whose.keys, whose.pseudonym, there), rows])
    body = whose.keys.seal(whose.key_id, seal(rows), place_of(*key, len(rows)))
    database.execute(
        "INSERT INTO block (person, metric, span, start_ms, rows, key_id, body) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (person, metric, span, start_ms)"
        " DO UPDATE SET rows = excluded.rows, key_id = excluded.key_id, body = excluded.body",
        (whose.id, *key, len(rows), whose.key_id, body),
    )
