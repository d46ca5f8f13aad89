"""From when to when there are values of a person: where somebody who reads all of them begins and ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.domain import DAY_MS
from healthtwin.store.series.reading import month_after
from healthtwin.store.series.schema import Span

if TYPE_CHECKING:
    from healthtwin.engines.sqlite import Database


def extent_of(database: Database, person: int) -> dict[int, tuple[int, int]]:
    """Metric code → a time not after the first row and one not before the last, epoch ms.

    Blocks are not opened: their span is told instead.
    """
    found: dict[int, tuple[int, int]] = {}
    hot = database.execute(
        "SELECT metric, MIN(time_ms), MAX(time_ms) FROM hot WHERE person = ? GROUP BY metric", (person,)
    )
    blocks = database.execute(
        "SELECT metric, span, MIN(start_ms), MAX(start_ms) FROM block WHERE person = ? GROUP BY metric, span",
        (person,),
    )
    ends = [
        (metric, first, (month_after(last) if span == Span.MONTH else last + DAY_MS) - 1)
        for metric, span, first, last in blocks
    ]
    for metric, first, last in [*hot, *ends]:
        known = found.get(metric, (first, last))
        found[metric] = (min(first, known[0]), max(last, known[1]))
    return found


def summarised(database: Database, person: int) -> set[int]:
    """Codes of the metrics of which summaries of days are kept."""
    found = database.execute("SELECT DISTINCT metric FROM daily WHERE person = ?", (person,))
    return {metric for (metric,) in found}
