"""The series of a home that was not encrypted, sealed person by person, and read again before each counts."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain.errors import CorruptStorage
from healthtwin.domain.log import PLAINTEXT_KEY
from healthtwin.engines.sqlite import leave_nothing_deleted, open_shared, storage_errors, transaction
from healthtwin.store.series.schema import prepare
from healthtwin.store.series.whose import BLOCK_COLUMNS, FIGURES, place_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from healthtwin.engines.sqlite import Database
    from healthtwin.store.keys import KeyStore

_DAY: Final = "day_ms, count, mean, minimum, maximum"


def seal_series(path: Path, keys: KeyStore) -> dict[str, int]:
    """Seal every value, block and summary under the key of whom it is about.

    Nobody else has the file open. Each person is one transaction; whoever is done is passed over when it is
    called again. Nothing of how it stood before is left in the file.

    Raises:
        CorruptStorage: what was read again is not what was there; that person's stands as before.
    """
    counts = {"people": 0, "values": 0, "days": 0, "blocks": 0}
    with storage_errors(path, "encrypt it"), closing(open_shared(path)) as database:
        prepare(database, path)
        people = database.execute("SELECT id, pseudonym, key_id FROM person ORDER BY id").fetchall()
        for number, pseudonym, key_id in people:
            if key_id == PLAINTEXT_KEY:
                with transaction(database):
                    _seal_person(database, keys, number, keys.key_of(pseudonym))
            counts["people"] += 1
        for name, table in (("values", "hot"), ("days", "daily"), ("blocks", "block")):
            (counts[name],) = database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()  # noqa: S608 - ours
        leave_nothing_deleted(database)
    return counts


def _seal_person(database: Database, keys: KeyStore, number: int, key_id: int) -> None:
    _seal_hot(database, keys, number, key_id)
    _seal_days(database, keys, number, key_id)
    _seal_blocks(database, keys, number, key_id)
    database.execute("UPDATE person SET key_id = ? WHERE id = ?", (key_id, number))


def _seal_hot(database: Database, keys: KeyStore, number: int, key_id: int) -> None:
    query = "SELECT metric, time_ms, value, quality FROM hot WHERE person = ? ORDER BY metric, time_ms"
    before = database.execute(query, (number,)).fetchall()
    if not before:
        return
    cipher = keys.key(key_id).numbers
    values = cipher.sealed([(value, metric, time_ms) for metric, time_ms, value, _ in before])
    database.execute("DELETE FROM hot WHERE person = ?", (number,))
    database.executemany(
        "INSERT INTO hot (person, time_ms, metric, value, quality) VALUES (?, ?, ?, ?, ?)",
        [
            (number, time_ms, metric, sealed, quality)
            for (metric, time_ms, _, quality), sealed in zip(before, values, strict=True)
        ],
    )
    after = database.execute(query, (number,)).fetchall()
    metrics, times, blocks, qualities = zip(*after, strict=True)
    opened = cipher.opened(blocks, np.array(metrics, np.int64), np.array(times, np.int64)).tolist()
    _require_same(sorted(before), sorted(zip(metrics, times, opened, qualities, strict=True)))


def _seal_days(database: Database, keys: KeyStore, number: int, key_id: int) -> None:
    cipher = keys.key(key_id).numbers
    metrics = database.execute("SELECT DISTINCT metric FROM daily WHERE person = ?", (number,)).fetchall()
    for (metric,) in metrics:
        query = f"SELECT {_DAY} FROM daily WHERE person = ? AND metric = ? ORDER BY day_ms"  # noqa: S608 - ours
        before = database.execute(query, (number, metric)).fetchall()
        days, counts, *figures = zip(*before, strict=True)
        sealed = [
            cipher.sealed([(value, metric, day) for day, value in zip(days, column, strict=True)], which)
            for column, which in zip(figures, FIGURES, strict=True)
        ]
        database.executemany(
            "UPDATE daily SET mean = ?, minimum = ?, maximum = ?"
            " WHERE person = ? AND metric = ? AND day_ms = ?",
            [(*told, number, metric, day) for *told, day in zip(*sealed, days, strict=True)],
        )
        after = database.execute(query, (number, metric)).fetchall()
        days, again, *blocks = zip(*after, strict=True)
        at = np.array(days, np.int64)
        opened = [
            cipher.opened(column, metric, at, which).tolist()
            for column, which in zip(blocks, FIGURES, strict=True)
        ]
        _require_same(before, list(zip(days, again, *opened, strict=True)))
        _require_same(counts, again)


def _seal_blocks(database: Database, keys: KeyStore, number: int, key_id: int) -> None:
    found = database.execute("SELECT rowid FROM block WHERE person = ?", (number,)).fetchall()
    for (rowid,) in found:
        query = f"SELECT {BLOCK_COLUMNS} FROM block WHERE rowid = ?"  # noqa: S608 - our own names
        metric, span, start_ms, rows, was, body = database.execute(query, (rowid,)).fetchone()
        if was != PLAINTEXT_KEY:
            continue
        place = place_of(metric, span, start_ms, rows)
        database.execute(
            "UPDATE block SET key_id = ?, body = ? WHERE rowid = ?",
            (key_id, keys.seal(key_id, body, place), rowid),
        )
        *_, sealed = database.execute(query, (rowid,)).fetchone()
        _require_same(body, keys.open(key_id, sealed, place))


def _require_same(before: Sequence[Any], after: Sequence[Any]) -> None:
    if before != after:
        raise CorruptStorage("what was sealed is not what was there; nothing of this person was changed")
