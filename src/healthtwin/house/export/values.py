"""Values over time as text, a month at a time: ten years of five-minute readings must not fill the memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from healthtwin.domain import METRICS, from_ms
from healthtwin.domain.clock import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from healthtwin.domain import Metric
    from healthtwin.store import Bins, SeriesStore

SPAN_MS: Final = 31 * DAY_MS
"""Read at once: a metric that is measured every second has 2.7 million rows in it, 60 MB as arrays."""

ROWS_AT_ONCE: Final = 16_384
"""Lines that are joined before they are handed on: about a megabyte."""


class Rows(NamedTuple):
    """Some values of one metric, ascending. t: epoch ms; v: in the metric's unit; quality: 0 to 1."""

    t: NDArray[np.int64]
    v: NDArray[np.float64]
    quality: NDArray[np.float64]


class Readings:
    """What was measured of one person, from `first_ms` to `last_ms`, both included, epoch ms.

    Attributes:
        metrics: of which anything is known, by their codes.
    """

    def __init__(self, series: SeriesStore, pseudonym: str, first_ms: int, last_ms: int) -> None:
        self._series = series
        self._pseudonym = pseudonym
        self._first_ms, self._last_ms = first_ms, last_ms
        self._extent = series.extent(pseudonym)
        known = series.metrics_of(pseudonym)
        self.metrics = [metric for metric in METRICS.values() if metric.code in known]
        self._days: dict[int, Bins] = {}

    def has_values(self, metric: Metric) -> bool:
        """Whether single values may be there, not only days in figures."""
        first, last = self._ends(metric)
        return first <= last

    def spans(self, metric: Metric) -> Iterator[Rows]:
        """Every value, a month at a time; whole UTC days together."""
        at, last = self._ends(metric)
        while at <= last:
            end = at - at % DAY_MS + SPAN_MS - 1
            rows = Rows(*self._series.range_with_quality(self._pseudonym, metric.code, at, min(end, last)))
            if len(rows.t):
                yield rows
            at = end + 1

    def days(self, metric: Metric) -> Bins:
        """Each day in figures; counted once, since days that are not sealed yet are added up from rows."""
        if metric.code not in self._days:
            self._days[metric.code] = self._series.daily(
                self._pseudonym, metric.code, self._first_ms, self._last_ms
            )
        return self._days[metric.code]

    def _ends(self, metric: Metric) -> tuple[int, int]:
        first, last = self._extent.get(metric.code, (0, -1))
        return max(first, self._first_ms), min(last, self._last_ms)


def csv_of(metric_rows: Iterable[Rows]) -> Iterator[bytes]:
    """One line a value."""
    yield b"time_ms,time,value,quality\r\n"
    for rows in metric_rows:
        for start in range(0, len(rows.t), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            columns = (
                rows.t[part].tolist(),
                times_of(rows.t[part]),
                texts_of(rows.v[part]),
                texts_of(np.round(rows.quality[part], 3)),
            )
            lines = [f"{ms},{time},{v},{q}\r\n" for ms, time, v, q in zip(*columns, strict=True)]
            yield "".join(lines).encode()


def csv_of_days(days: Bins) -> Iterator[bytes]:
    """One line a day."""
    yield b"day_ms,day,mean,minimum,maximum,count\r\n"
    columns = (days.t, days.mean, days.minimum, days.maximum, days.count)
    lines = [
        f"{day_ms},{from_ms(day_ms).date().isoformat()},{mean},{low},{high},{count}\r\n"
        for day_ms, mean, low, high, count in zip(*(column.tolist() for column in columns), strict=True)
    ]
    for start in range(0, len(lines), ROWS_AT_ONCE):
        yield "".join(lines[start : start + ROWS_AT_ONCE]).encode()


def parquet_of(metric_rows: Iterable[Rows]) -> Iterator[bytes]:
    """The same as a Parquet file, a row group a month; `pyarrow` must be installed."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    into = _Handed()
    schema = pa.schema(
        [
            ("time", pa.timestamp("ms", tz="UTC")),
            ("value", pa.float64()),
            ("quality", pa.float32()),
        ]
    )
    with pq.ParquetWriter(into, schema, compression="zstd") as writer:
        for rows in metric_rows:
            columns = [
                pa.array(rows.t, pa.timestamp("ms", tz="UTC")),
                rows.v,
                rows.quality.astype(np.float32),
            ]
            writer.write_table(pa.table(columns, schema=schema))
            yield into.taken()
    yield into.taken()


class _Handed:
    """A file that hands on what is written to it."""

    closed = False

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._taken = 0

    def write(self, data: bytes) -> int:
        self._waiting += data
        return len(data)

    def tell(self) -> int:
        return self._taken + len(self._waiting)

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Whoever takes what is left does so afterwards."""

    def taken(self) -> bytes:
        """What was written since the last time."""
        data = bytes(self._waiting)
        self._taken += len(data)
        self._waiting.clear()
        return data


def times_of(t: NDArray[np.int64]) -> list[str]:
    """Times in words, ISO 8601 in UTC; milliseconds stand there where any of them has some.

    >>> times_of(np.array([1772366400000, 1772366400250]))
    ['2026-03-01T12:00:00.000+00:00', '2026-03-01T12:00:00.250+00:00']
    """
    fine = bool(np.any(t % 1_000))
    words = np.datetime_as_string(t.astype("M8[ms]"), unit="ms" if fine else "s")
    return [f"{word}+00:00" for word in words.tolist()]


def texts_of(values: NDArray[np.float64], written: Callable[[float], str] = repr) -> list[str]:
    """Each number as the shortest text that gives it back, or as `written`; few numbers occur often.

    >>> texts_of(np.array([72.5, 73.0, 72.5]))
    ['72.5', '73.0', '72.5']
    """
    known, places = np.unique(values, return_inverse=True)
    texts = [written(value) for value in known.tolist()]
    return [texts[place] for place in places.tolist()]
