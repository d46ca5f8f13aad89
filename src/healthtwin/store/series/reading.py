"""Questions to `series.db`, each over one connection and, where it takes several statements, one snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import DAY_MS, graver
from healthtwin.domain.errors import CorruptStorage, KeyGone
from healthtwin.store.series.block import Rows, merged, unseal
from healthtwin.store.series.schema import Span
from healthtwin.store.series.summaries import DaySummary, binned
from healthtwin.store.series.whose import BLOCK_COLUMNS, FIGURES, place_of, require_owner

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from healthtwin.engines.sqlite import Database
    from healthtwin.store.keys import Keys
    from healthtwin.store.series.whose import Block, Whose

    Damaged = Callable[[CorruptStorage], None]

QUALITY_STEPS: Final = 255
"""Quality 0–1 is kept in one byte."""


def day_of(time_ms: int) -> int:
    """Start of the UTC day, epoch ms.

    >>> day_of(-1)
    -86400000
    """
    return time_ms - time_ms % DAY_MS


def month_of(time_ms: int) -> int:
    """Start of the UTC month, epoch ms.

    >>> month_of(1772366400000) == 1772323200000  # 2026-03-01T12:00Z → 2026-03-01
    True
    """
    return int(np.datetime64(time_ms, "ms").astype("M8[M]").astype("M8[ms]").astype(np.int64))


def month_after(time_ms: int) -> int:
    """Start of the next UTC month, epoch ms."""
    month = np.datetime64(time_ms, "ms").astype("M8[M]") + np.timedelta64(1, "M")
    return int(month.astype("M8[ms]").astype(np.int64))


def start_of(span: Span, time_ms: int) -> int:
    """Start of the block of this span that holds an instant, epoch ms."""
    return day_of(time_ms) if span is Span.DAY else month_of(time_ms)


def rows_of_block(keys: Keys, pseudonym: str, block: Block) -> Rows:
    """What a stored block of somebody holds.

    Raises:
        CorruptStorage: when it is damaged, or encrypted with a key that is not here.
    """
    metric, span, start_ms, count, key_id, body = block
    try:
        require_owner(keys, key_id, pseudonym)
        body = keys.open(key_id, body, place_of(metric, span, start_ms, count))
    except KeyGone:
        raise
    except CorruptStorage as error:
        raise CorruptStorage(
            f"a sealed block does not match its checksum ({error}); restore a backup"
        ) from None
    rows = unseal(body)
    if len(rows) != count:
        raise CorruptStorage(
            f"a sealed block holds {len(rows)} rows where {count} were sealed; restore a backup"
        )
    return rows


def rows_or_none(damaged: Damaged | None, whose: Whose, block: Block) -> Rows:
    """What a stored block holds; of a damaged one nothing, where somebody takes note of it."""
    try:
        return rows_of_block(whose.keys, whose.pseudonym, block)
    except CorruptStorage as error:
        if damaged is None:
            raise
        damaged(error)
        return Rows.empty()


def rows_between(
    database: Database,
    whose: Whose,
    metric: int,
    from_ms: int,
    to_ms: int,
    damaged: Damaged | None = None,
) -> Rows:
    """Hot and sealed rows together, from `from_ms` to `to_ms`, both included."""
    parts = sealed_between(database, whose, metric, from_ms, to_ms, damaged)
    parts.append(hot_between(database, whose, metric, from_ms, to_ms, damaged))
    return merged(parts)


def sealed_between(
    database: Database,
    whose: Whose,
    metric: int,
    from_ms: int,
    to_ms: int,
    damaged: Damaged | None = None,
) -> list[Rows]:
    """The parts of sealed blocks in that time.

    Args:
        damaged: hears of a block that is not what was written, which is then passed over; None: it is raised.
    """
    parts = []
    for span in Span:
        blocks = database.execute(
            f"SELECT {BLOCK_COLUMNS} FROM block"  # noqa: S608 - our own names
            " WHERE person = ? AND metric = ? AND span = ? AND start_ms BETWEEN ? AND ? ORDER BY start_ms",
            (whose.id, metric, span, start_of(span, from_ms), to_ms),
        )
        parts += [rows_or_none(damaged, whose, block).between(from_ms, to_ms) for block in blocks]
    return parts


def hot_between(
    database: Database,
    whose: Whose,
    metric: int,
    from_ms: int,
    to_ms: int,
    damaged: Damaged | None = None,
) -> Rows:
    """The rows that are not sealed yet, in that time."""
    found = database.execute(
        "SELECT time_ms, value, quality FROM hot"
        " WHERE person = ? AND time_ms BETWEEN ? AND ? AND metric = ? ORDER BY time_ms, value",
        (whose.id, from_ms, to_ms, metric),
    ).fetchall()
    return rows_of_hot(whose, metric, found, damaged)


def rows_of_hot(
    whose: Whose,
    metric: int,
    found: Sequence[tuple[int, float | bytes, int]],
    damaged: Damaged | None = None,
) -> Rows:
    """Rows (time, value, quality) as SQLite gave them, ascending in time, as arrays.

    Args:
        damaged: as that of `sealed_between`.
    """
    if not found:
        return Rows.empty()
    times, values, qualities = zip(*found, strict=True)
    t, q = np.array(times, np.int64), np.array(qualities, np.uint8)
    try:
        v = whose.opened(values, metric, t)
    except CorruptStorage:
        good = whose.readable([(metric, at, value) for at, value, _ in found], damaged)
        keep, v = list(good), np.array(list(good.values()), np.float64)
        t, q = t[keep], q[keep]
    if not bool(np.all(t[1:] > t[:-1])):  # sealed values stand in no order
        order = np.lexsort((v, t))
        t, v, q = t[order], v[order], q[order]
    return Rows(t, v, q)


def latest_of(
    database: Database, whose: Whose, damaged: Damaged | None = None
) -> dict[int, tuple[int, float]]:
    """Metric code → (time, value) of the newest row of each metric."""
    newest: dict[int, tuple[int, list[float]]] = {}
    rows_of_last = database.execute(
        "SELECT hot.metric, hot.time_ms, hot.value FROM hot JOIN"
        " (SELECT metric, MAX(time_ms) AS last FROM hot WHERE person = ? GROUP BY metric) AS of_metric"
        " ON hot.person = ? AND hot.time_ms = of_metric.last AND hot.metric = of_metric.metric",
        (whose.id, whose.id),
    ).fetchall()
    for place, value in whose.readable(rows_of_last, damaged).items():
        metric, time_ms, _ = rows_of_last[place]
        newest.setdefault(metric, (time_ms, []))[1].append(value)
    for span in Span:
        last_blocks = database.execute(
            "SELECT metric, span, MAX(start_ms), rows, key_id, body FROM block"
            " WHERE person = ? AND span = ? GROUP BY metric",
            (whose.id, span),
        )
        for block in last_blocks:
            metric, _, start_ms, *_ = block
            known = newest.get(metric)
            if known is not None and known[0] >= (
                month_after(start_ms) if span is Span.MONTH else start_ms + DAY_MS
            ):
                continue
            rows = rows_or_none(damaged, whose, block)
            if not len(rows):
                continue
            last = int(rows.t[-1])
            values = rows.v[rows.t == last].tolist()
            if known is None or last > known[0]:
                newest[metric] = (last, values)
            elif last == known[0]:
                newest[metric] = (last, known[1] + values)
    return {metric: (time_ms, graver(metric, values)) for metric, (time_ms, values) in newest.items()}


def summaries_between(
    database: Database,
    whose: Whose,
    metric: int,
    from_ms: int,
    to_ms: int,
    damaged: Damaged | None = None,
) -> dict[int, DaySummary]:
    """Start of day → summary, for each UTC day that overlaps the time; days with hot rows are counted."""
    days = stored_summaries(database, whose, metric, day_of(from_ms), to_ms, damaged)
    hot_days = database.execute(
        "SELECT DISTINCT time_ms - ((time_ms % :day) + :day) % :day FROM hot"
        " WHERE person = :person AND metric = :metric AND time_ms BETWEEN :first AND :last",
        {
            "day": DAY_MS,
            "person": whose.id,
            "metric": metric,
            "first": day_of(from_ms),
            "last": day_of(to_ms) + DAY_MS - 1,
        },
    ).fetchall()
    for (day_ms,) in hot_days:
        last_ms = day_ms + DAY_MS - 1
        sealed = sealed_between(database, whose, metric, day_ms, last_ms, damaged)
        hot = hot_between(database, whose, metric, day_ms, last_ms, damaged)
        if len(hot):  # unless all of them are damaged
            days[day_ms] = summary_with(days.get(day_ms), merged(sealed), hot)
    return days


def stored_summaries(
    database: Database,
    whose: Whose,
    metric: int,
    from_ms: int,
    to_ms: int,
    damaged: Damaged | None = None,
) -> dict[int, DaySummary]:
    """Start of day → summary as it was written when the day was sealed."""
    found = database.execute(
        "SELECT day_ms, count, mean, minimum, maximum FROM daily"
        " WHERE person = ? AND metric = ? AND day_ms BETWEEN ? AND ?",
        (whose.id, metric, from_ms, to_ms),
    ).fetchall()
    if not found:
        return {}
    days, counts, *figures = zip(*found, strict=True)
    at = np.array(days, np.int64)
    try:
        opened = [
            whose.opened(column, metric, at, which).tolist()
            for column, which in zip(figures, FIGURES, strict=True)
        ]
    except CorruptStorage as error:
        if damaged is None or len(found) == 1:
            if damaged is None:
                raise
            damaged(error)
            return {}
        each = (stored_summaries(database, whose, metric, day, day, damaged) for day in days)
        return {day: summary for found_day in each for day, summary in found_day.items()}
    return {day: DaySummary(count, *told) for day, count, *told in zip(days, counts, *opened, strict=True)}


def summary_with(stored: DaySummary | None, sealed: Rows, hot: Rows) -> DaySummary:
    """One day's summary once its hot rows count too.

    Where the summary knows more rows than are left (they outlived their retention), the hot ones are added to
    it; otherwise the day is counted from its rows, so that a corrected row counts once.
    """
    if stored is not None and stored.count > len(sealed):
        return stored.joined(summary_of(hot))
    return summary_of(merged([sealed, hot]))


def summary_of(rows: Rows) -> DaySummary:
    """The summary of at least one row, all of one day."""
    day = binned(rows, DAY_MS)
    return DaySummary(int(day.count[0]), float(day.mean[0]), float(day.minimum[0]), float(day.maximum[0]))
