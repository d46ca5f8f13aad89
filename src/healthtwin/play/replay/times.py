"""Reading when a row was measured."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from healthtwin.domain import DAY_MS, to_ms
from healthtwin.play.replay.local_time import instants
from healthtwin.play.replay.table_file import Unreadable, unreadables

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray

    from healthtwin.play.replay.mapping import TimeColumn
    from healthtwin.play.replay.table_file import Table

NO_TIME: Final = np.iinfo(np.int64).min
"""Stands where no time could be read."""

_LATEST_MS: Final = 253_402_300_799_999
"""The end of the year 9999: what a date can say."""

EPOCH_SCALES: Final = {"epoch_s": 1e3, "epoch_ms": 1.0, "epoch_us": 1e-3, "epoch_ns": 1e-6}
"""Milliseconds of one count since 1970, by format."""

EPOCH_WORDS: Final = {
    "epoch_s": "seconds",
    "epoch_ms": "milliseconds",
    "epoch_us": "microseconds",
    "epoch_ns": "nanoseconds",
}

_SENSIBLE_MS: Final = (100_000_000_000, 7_258_118_400_000)
"""1973 to 2200: a count that lies there on one scale lies there on no other."""

_SPREADSHEET_DAYS: Final = (20_000, 80_000)
"""1954 to 2119 as days since 1899-12-30."""

_LONG_COUNT: Final = re.compile(r"[0-9]{9,}(?:\.[0-9]+)?")
_DATE_LENGTH: Final = len("2026-03-01")
_TIME_OF_DAY: Final = re.compile(
    r"([0-9]{1,2})[:.h]([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?\s*(?:([ap])\.?\s?m\.?)?", re.IGNORECASE
)
_LEAP: Final = re.compile(r"(.*[T ][0-9]{2}:[0-9]{2}):60(.*)", re.IGNORECASE)
_NOON: Final = 12


class Times(NamedTuple):
    """When the rows were measured.

    Attributes:
        ms: shape (rows,), epoch ms, `NO_TIME` where none could be read.
        unreadable: what could not be read, by its reason.
        day_only: shape (rows,), whether the row states a day alone.
        unsure: rows in an hour that came twice, of which nothing tells which it was.
    """

    ms: NDArray[np.int64]
    unreadable: list[Unreadable]
    day_only: NDArray[np.bool_]
    unsure: NDArray[np.intp]


class _NoTime(ValueError):
    """Says what would have been right."""


def read_times(table: Table, told: TimeColumn, zones: Sequence[str], series: Sequence[Hashable]) -> Times:
    """When every row was measured.

    Args:
        table: the file.
        told: what its time column means.
        zones: IANA zone of each row's person, for times that state no offset.
        series: whose each row is, and of what where a row holds one metric.
    """
    if told.format == "iso" or "%" in told.format:
        return _from_texts(table, told, zones, series)
    values, reasons, _ = table.numbers(told.column)
    scale, start_ms = _scale_of(told, values)
    moments = values * scale + start_ms
    readable = np.abs(np.nan_to_num(moments, nan=np.inf)) <= _LATEST_MS
    if told.step_ms is None:
        for i in np.flatnonzero(np.isfinite(values) & ~_sensible(moments)).tolist():
            reason = _other_scale(float(values[i]), told.format)
            if reason is not None:
                readable[i] = False
                reasons[i] = reason
    times = np.full(table.count, NO_TIME, np.int64)
    times[readable] = np.rint(moments[readable]).astype(np.int64)
    texts = table.texts(told.column)
    missed = {i: reasons.get(i, _allowed(told)) for i in np.flatnonzero(~readable).tolist()}
    found = unreadables(told.column, missed, texts, table)
    return Times(times, found, np.zeros(table.count, bool), np.empty(0, np.intp))


def _scale_of(told: TimeColumn, values: NDArray[np.float64]) -> tuple[float, int]:
    """Milliseconds of one count, and where counting starts."""
    if told.step_ms is not None:
        return float(told.step_ms), 0 if told.epoch is None else to_ms(told.epoch)
    if told.format != "epoch":
        return EPOCH_SCALES[told.format], 0
    given = values[np.isfinite(values)]
    middle = float(np.median(given)) if given.size else 0.0
    fitting = [scale for scale in EPOCH_SCALES.values() if _sensible(np.array([middle * scale]))[0]]
    return (fitting[0] if fitting else 1.0), 0


def _sensible(moments: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray((moments >= _SENSIBLE_MS[0]) & (moments < _SENSIBLE_MS[1]))


def _other_scale(count: float, told: str) -> str | None:
    """What a count means that makes no sense as it is read; None where nothing does better."""
    for name, scale in EPOCH_SCALES.items():
        if _SENSIBLE_MS[0] <= count * scale < _SENSIBLE_MS[1]:
            return f"a time as {told}; this counts {EPOCH_WORDS[name]} since 1970: format = {name!r}"
    if _SPREADSHEET_DAYS[0] <= count < _SPREADSHEET_DAYS[1]:
        return (
            f"a time as {told}; this counts days as spreadsheets do: "
            "format = 'days', epoch = 1899-12-30T00:00:00Z"
        )
    return None


# ---------------------------------------------------------------- texts


def _from_texts(table: Table, told: TimeColumn, zones: Sequence[str], series: Sequence[Hashable]) -> Times:
    texts = table.texts(told.column)
    of_day = None if told.time_column is None else table.texts(told.time_column)
    moments: list[datetime | None] = []
    reasons: dict[int, str] = {}
    day_only = np.zeros(len(texts), bool)
    noon = time.fromisoformat(told.at or "12:00")
    for i, text in enumerate(texts):
        try:
            moment, day = _moment(" ".join(text.split()), told)
            if of_day is not None:
                moment = _on_the_day(moment, day, of_day[i], told)
            elif day:
                moment, day_only[i] = datetime.combine(moment.date(), noon), True
            moments.append(moment)
        except ValueError as error:
            moments.append(None)
            reasons[i] = str(error) if isinstance(error, _NoTime) else _allowed(told)
    where = [told.timezone] * len(zones) if told.timezone else zones
    found = instants(moments, where, series)
    for i in found.skipped:
        reasons[i] = f"a time that there was: clocks in {where[i]} were set forward over this one"
    times = np.array([NO_TIME if at is None else at for at in found.ms], np.int64)
    if of_day is not None:
        texts = [f"{day} {hour}" for day, hour in zip(texts, of_day, strict=True)]
    return Times(
        times, unreadables(told.column, reasons, texts, table), day_only, np.array(found.unsure, np.intp)
    )


def _moment(text: str, told: TimeColumn) -> tuple[datetime, bool]:
    """A date, and a time where one is stated; whether the day stands alone."""
    if told.format != "iso":
        moment = datetime.strptime(text, told.format)  # noqa: DTZ007 - the zone is added by the caller
        return moment, not any(hour in told.format for hour in ("%H", "%I", "%X", "%c", "%s"))
    if _LONG_COUNT.fullmatch(text):
        raise _NoTime(_other_scale(float(text), "iso") or _allowed(told))
    leap = _LEAP.fullmatch(text)
    if leap is not None:
        return datetime.fromisoformat(f"{leap[1]}:59{leap[2]}") + timedelta(seconds=1), False
    return datetime.fromisoformat(text), len(text) <= _DATE_LENGTH


def _on_the_day(moment: datetime, day: bool, text: str, told: TimeColumn) -> datetime:
    """The day of one column at the time of another."""
    if not day and moment.time() != time(0):
        raise _NoTime(f"a day alone, since {told.time_column} states the time of day")
    if told.time_format != "iso":
        return datetime.combine(
            moment.date(),
            datetime.strptime(" ".join(text.split()), told.time_format).time(),  # noqa: DTZ007 - of a day
        )
    of_day = time_of_day(text)
    if of_day is None:
        raise _NoTime(f"a time of day such as 08:30 in {told.time_column}")
    return datetime.combine(moment.date(), of_day)


def time_of_day(text: str) -> time | None:
    """A time of day as people write it; None for what is none.

    >>> time_of_day("8:05"), time_of_day("08:05:30 PM"), time_of_day("25:00")
    (datetime.time(8, 5), datetime.time(20, 5, 30), None)
    """
    found = _TIME_OF_DAY.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[5]:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if found[5].lower() == "p" else 0)
    try:
        return time(hour, minute, second, int((found[4] or "0").ljust(6, "0")[:6]))
    except ValueError:
        return None


def _allowed(told: TimeColumn) -> str:
    return f"a time as {told.format} (stated in the mapping as time.format)"


def within_a_day(earlier_ms: int, later_ms: int) -> bool:
    """Whether less than 24 hours lie between two times.

    >>> within_a_day(0, 3_600_000), within_a_day(0, 86_400_000)
    (True, False)
    """
    return later_ms - earlier_ms < DAY_MS
