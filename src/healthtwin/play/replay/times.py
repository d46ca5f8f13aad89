"""Reading when a row was measured."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import numpy as np

from healthtwin.domain import DAY_MS, to_ms
from healthtwin.play.replay.table_file import Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from healthtwin.play.replay.mapping import TimeColumn
    from healthtwin.play.replay.table_file import Table

NO_TIME: Final = np.iinfo(np.int64).min
"""Stands where no time could be read."""

_LATEST_MS: Final = 253_402_300_799_999
"""The end of the year 9999: what a date can say."""

_DATE_LENGTH: Final = len("2026-03-01")
_EXAMPLES: Final = 3


def read_times(
    table: Table, told: TimeColumn, zones: Sequence[str]
) -> tuple[NDArray[np.int64], Unreadable | None]:
    """The epoch milliseconds of every row.

    Args:
        table: the file.
        told: what its time column means.
        zones: IANA zone of each row's person, for times that state no offset.

    Returns:
        times of shape (rows,), `NO_TIME` where none could be read; what could not be read.
    """
    if told.format == "iso" or "%" in told.format:
        return _from_texts(table.texts(told.column), told, zones)
    values, _, _ = table.numbers(told.column)
    if told.step_ms is None:
        moments = values * (1.0 if told.format == "epoch_ms" else 1000.0)
    else:
        moments = values * told.step_ms + (0 if told.epoch is None else to_ms(told.epoch))
    readable = np.abs(np.nan_to_num(moments, nan=np.inf)) <= _LATEST_MS
    times = np.full(table.count, NO_TIME, np.int64)
    times[readable] = np.rint(moments[readable]).astype(np.int64)
    texts = table.texts(told.column)
    return times, _unreadable(told, [texts[i] for i in np.flatnonzero(~readable).tolist()])


def _from_texts(
    texts: Sequence[str], told: TimeColumn, zones: Sequence[str]
) -> tuple[NDArray[np.int64], Unreadable | None]:
    times = np.full(len(texts), NO_TIME, np.int64)
    noon = time.fromisoformat(told.at)
    bad = []
    for i, text in enumerate(texts):
        try:
            moment = _moment(" ".join(text.split()), told.format, noon)
        except ValueError:
            bad.append(text)
            continue
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(told.timezone or zones[i]))
        times[i] = to_ms(moment.astimezone(UTC))
    return times, _unreadable(told, bad)


def _moment(text: str, pattern: str, noon: time) -> datetime:
    if pattern == "iso":
        moment = datetime.fromisoformat(text)
        date_only = len(text) <= _DATE_LENGTH
    else:
        moment = datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is added by the caller
        date_only = not any(hour in pattern for hour in ("%H", "%I", "%X", "%c", "%s"))
    return datetime.combine(moment.date(), noon) if date_only else moment


def _unreadable(told: TimeColumn, texts: list[str]) -> Unreadable | None:
    if not texts:
        return None
    allowed = f"a time as {told.format} (stated in the mapping as time.format)"
    return Unreadable(told.column, len(texts), tuple(texts[:_EXAMPLES]), allowed)


def within_a_day(earlier_ms: int, later_ms: int) -> bool:
    """Whether less than 24 hours lie between two times.

    >>> within_a_day(0, 3_600_000), within_a_day(0, 86_400_000)
    (True, False)
    """
    return later_ms - earlier_ms < DAY_MS
