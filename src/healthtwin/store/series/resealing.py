"""A person's series under another key, while they are read and written."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain.errors import CorruptStorage
from healthtwin.store.series.whose import BLOCK_COLUMNS, FIGURES, Whose, place_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from healthtwin.engines.sqlite import Database

AT_ONCE: Final = 500
"""Blocks per transaction."""


def reseal_blocks(database: Database, whose: Whose, after: int) -> tuple[int | None, int]:
    """Seal some blocks under the key of `whose`: (where to go on, how many were under another).

    A damaged one stays as it is.
    """
    found = database.execute(
        f"SELECT rowid, {BLOCK_COLUMNS} FROM block"  # noqa: S608 - our own names
        " WHERE person = ? AND key_id <> ? AND rowid > ? ORDER BY rowid LIMIT ?",
        (whose.id, whose.key_id, after, AT_ONCE),
    ).fetchall()
    count = 0
    for rowid, metric, span, start_ms, rows, key_id, body in found:
        place = place_of(metric, span, start_ms, rows)
        try:
            plain = whose.keys.open(key_id, body, place)
        except CorruptStorage:
            continue
        database.execute(
            "UPDATE block SET key_id = ?, body = ? WHERE rowid = ?",
            (whose.key_id, whose.keys.seal(whose.key_id, plain, place), rowid),
        )
        count += 1
    return (found[-1][0] if found else None), count


def reseal_numbers(database: Database, was: Whose, whose: Whose) -> None:
    """Seal hot rows and summaries under the key of `whose`; what is damaged is left out."""
    hot = database.execute(
        "SELECT metric, time_ms, value, quality FROM hot WHERE person = ?", (was.id,)
    ).fetchall()
    values = was.readable([row[:3] for row in hot], _pass_over)
    database.execute("DELETE FROM hot WHERE person = ?", (was.id,))
    written = whose.written([(value, hot[at][0], hot[at][1]) for at, value in values.items()])
    database.executemany(
        "INSERT INTO hot (person, metric, time_ms, value, quality) VALUES (?, ?, ?, ?, ?)",
        [
            (whose.id, hot[at][0], hot[at][1], value, hot[at][3])
            for at, value in zip(values, written, strict=True)
        ],
    )
    days = database.execute(
        "SELECT metric, day_ms, mean, minimum, maximum FROM daily WHERE person = ? ORDER BY metric", (was.id,)
    ).fetchall()
    for metric, of_metric in groupby(days, key=itemgetter(0)):
        _reseal_days(database, was, whose, metric, list(of_metric))
    database.execute("UPDATE person SET key_id = ? WHERE id = ?", (whose.key_id, whose.id))


def _reseal_days(
    database: Database, was: Whose, whose: Whose, metric: int, rows: Sequence[tuple[Any, ...]]
) -> None:
    _, days, *figures = zip(*rows, strict=True)
    at = np.array(days, np.int64)
    try:
        opened = [
            was.opened(column, metric, at, which).tolist()
            for column, which in zip(figures, FIGURES, strict=True)
        ]
    except CorruptStorage:
        if len(rows) > 1:
            for row in rows:
                _reseal_days(database, was, whose, metric, [row])
        return
    sealed = [
        whose.written([(value, metric, day) for value, day in zip(column, days, strict=True)], which)
        for column, which in zip(opened, FIGURES, strict=True)
    ]
    database.executemany(
        "UPDATE daily SET mean = ?, minimum = ?, maximum = ? WHERE person = ? AND metric = ? AND day_ms = ?",
        [(*told, whose.id, metric, day) for *told, day in zip(*sealed, days, strict=True)],
    )


def _pass_over(error: CorruptStorage) -> None:
    """It was damaged before, and is noted where somebody reads it."""
    del error
