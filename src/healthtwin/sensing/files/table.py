"""Reading raw signals from a file: CSV, or CSV in gzip, with a header; columns of numbers and maybe a clock.

Header names are taken as people write them: case, spaces and units in brackets do not matter (`Time [s]`,
`time_ms`, `R`, `red`).
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain.bounded import content_of
from healthtwin.domain.errors import InvalidInput, MalformedInput

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Columns = Mapping[str, Floats]

MOST_BYTES: Final = 64 * 1024 * 1024
"""An hour of six motion columns at 200 Hz is about 40 MB; unpacked size counts where the file is packed."""

CLOCK_NAMES: Final = ("time", "t", "timestamp", "elapsed", "captured_at")
"""Without their unit."""

MS_PER_UNIT: Final[Mapping[str, float]] = {"": 1.0, "ms": 1.0, "s": 1000.0, "sec": 1000.0, "us": 0.001}
"""Of a clock. A header that names no unit means milliseconds."""

_WITH_UNIT: Final = re.compile(r"^(?P<name>.*?)[\s_]*[\[(](?P<unit>[^\])]*)[\])]$")
_MOST_EXAMPLES: Final = 8


def read_columns(path: Path, most_bytes: int = MOST_BYTES) -> Columns:
    """Every column of a file, header name → shape (rows,), names as they stand in the file.

    Args:
        path: CSV with a header line, or the same in gzip (`.gz`).
        most_bytes: a larger file is refused before it is read.

    Raises:
        InvalidInput: there is no such file.
        TooLarge: it exceeds the limit.
        MalformedInput: no header, no row, a line cut short or a cell that holds no number, each by its line.
    """
    text = io.StringIO(_text(path, most_bytes), newline="")
    rows = csv.reader(text)
    try:
        header = [name.strip() for name in next(rows, [])]
        _check_header(path, header)
        return _numbers(path, header, rows)
    except csv.Error as error:
        raise MalformedInput(f"{path.name}, line {rows.line_num}", str(error), "CSV") from error


def take_clock(path: Path, columns: Columns, rate_hz: float | None) -> tuple[Floats, dict[str, Floats]]:
    """Separate the clock from the rest.

    Args:
        rate_hz: samples per second, for a file without a clock, or in place of one that was rounded.

    Returns:
        milliseconds, shape (rows,), and the other columns.

    Raises:
        InvalidInput: neither clock nor rate; a rate or a unit that cannot be.
    """
    clocks = [name for name in columns if _plain(name)[0] in CLOCK_NAMES]
    values = {name: found for name, found in columns.items() if name not in clocks[:1]}
    if clocks and rate_hz is None:
        unit = _plain(clocks[0])[1]
        if unit not in MS_PER_UNIT:
            raise InvalidInput(f"unit of {clocks[0]}", unit, ", ".join(filter(None, MS_PER_UNIT)))
        return np.multiply(columns[clocks[0]], MS_PER_UNIT[unit]), values
    if rate_hz is None:
        raise InvalidInput(
            f"columns of {path.name}",
            _some(columns),
            "a column time in milliseconds, or --rate 30 for one without",
        )
    if not 0 < rate_hz < float("inf"):
        raise InvalidInput("--rate", rate_hz, "samples per second, above 0")
    count = len(next(iter(columns.values())))
    return np.arange(count, dtype=np.float64) * (1000.0 / rate_hz), values


def take_named(columns: Columns, names: Mapping[str, Sequence[str]]) -> dict[str, Floats]:
    """Columns by what they mean: our name → the first column whose name is one of those listed.

    >>> list(take_named({"R": np.zeros(2), "ax [m/s2]": np.ones(2)}, {"red": ("r", "red"), "ax": ("ax",)}))
    ['red', 'ax']
    """
    found = {}
    for ours, theirs in names.items():
        for name, values in columns.items():
            if _plain(name)[0] in theirs:
                found[ours] = values
                break
    return found


def _text(path: Path, most_bytes: int) -> str:
    content = content_of(path, most_bytes, "a recording")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise MalformedInput(
            f"{path.name}, line {line}", content[error.start : error.start + 8], "text in UTF-8"
        ) from error


def _check_header(path: Path, header: list[str]) -> None:
    if not any(header):
        raise MalformedInput(path.name, "an empty file", "a header line and rows of numbers below it")
    if all(_is_number(name) for name in header):
        raise MalformedInput(f"{path.name}, line 1", _some(header), "a header that names the columns")
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise MalformedInput(f"{path.name}, header", ", ".join(twice), "each column name once")


def _numbers(path: Path, header: list[str], rows: csv._reader) -> Columns:  # type: ignore[name-defined]
    cells: list[list[float]] = []
    for row in rows:
        if not row:
            continue
        place = f"{path.name}, line {rows.line_num}"
        if len(row) != len(header):
            raise MalformedInput(
                place, f"{len(row)} cells", f"{len(header)} cells, as in the header; was the file cut short?"
            )
        try:
            cells.append([float(cell) for cell in row])
        except ValueError:
            column, cell = next(
                (name, cell) for name, cell in zip(header, row, strict=True) if not _is_number(cell)
            )
            raise MalformedInput(
                f"{place}, column {column}", cell, "a number; leave out the whole line where one is missing"
            ) from None
    if not cells:
        raise MalformedInput(path.name, "no row", "a header line and rows of numbers below it")
    return dict(zip(header, np.array(cells).T.copy(), strict=True))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _plain(name: str) -> tuple[str, str]:
    """Name in lower case and unit: ``Time [s]`` and ``time_s`` are both (``time``, ``s``)."""
    lower = name.strip().lower()
    bracket = _WITH_UNIT.match(lower)
    if bracket:
        return bracket["name"].strip(), bracket["unit"].strip()
    stem, _, unit = lower.rpartition("_")
    return (stem, unit) if stem in CLOCK_NAMES and unit in MS_PER_UNIT else (lower, "")


def _some(names: Columns | Sequence[str]) -> str:
    shown = list(names)[:_MOST_EXAMPLES]
    return ", ".join(shown) + (" …" if len(names) > len(shown) else "")
