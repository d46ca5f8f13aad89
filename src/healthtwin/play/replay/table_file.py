"""Reading a table from a file into columns: CSV, CSV in gzip, Parquet."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain.bounded import content_of
from healthtwin.domain.errors import ConfigurationError, InvalidInput, MalformedInput
from healthtwin.play.replay.cells import MISSING_WORDS, NoNumber, read_cell
from healthtwin.play.replay.csv_form import CsvForm, form_of, trimmed

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_EXAMPLES: Final = 3
_LONGEST_HEADER: Final = 1 << 20

MOST_BYTES: Final = 2 * 1024**3
"""Of a recording in text, unpacked: a year of one reading a second takes about a gigabyte."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Cells of one column in which no number (or time) could be read.

    Attributes:
        column: as it stands in the file.
        count: how many.
        examples: the first few texts.
        allowed: what would have been right.
        lines: of the examples, in the file.
    """

    column: str
    count: int
    examples: tuple[str, ...]
    allowed: str
    lines: tuple[int, ...] = ()


def unreadables(
    column: str, reasons: Mapping[int, str], texts: Sequence[str], table: Table
) -> list[Unreadable]:
    """The cells of a column that hold nothing readable, by the reason, the most frequent first.

    Args:
        reasons: row → what would have been right.
        texts: what stands in each row.
    """
    by_reason: dict[str, list[int]] = {}
    for row, reason in sorted(reasons.items()):
        by_reason.setdefault(reason, []).append(row)
    found = [
        Unreadable(
            column,
            len(rows),
            tuple(texts[row] for row in rows[:_EXAMPLES]),
            reason,
            tuple(table.line(row) for row in rows[:_EXAMPLES]),
        )
        for reason, rows in by_reason.items()
    ]
    return sorted(found, key=lambda each: -each.count)


@dataclass(frozen=True, slots=True)
class Conversion:
    """From what a column holds into a metric's own unit.

    Attributes:
        plain: (scale, offset) of a number without a unit beside it.
        by_unit: those of a number beside a unit as the file writes it; raises `NoNumber` for another.
    """

    plain: tuple[float, float]
    by_unit: Callable[[str], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Table:
    """A file's columns, all of one length.

    Attributes:
        path: where it was read.
        columns: name → texts (CSV) or numbers (Parquet).
        count: rows.
        lines: line of the file on which each row begins; None where a row has no line of its own.
        title: what stood above the header and was left out.
    """

    path: Path
    columns: Mapping[str, Sequence[str] | NDArray[Any]]
    count: int
    lines: Sequence[int] | None = None
    title: str = ""

    def line(self, row: int) -> int:
        """Where a row stands: its line, else its number from 1."""
        return row + 1 if self.lines is None else self.lines[row]

    def require(self, names: Collection[str]) -> None:
        """Insist that these columns are there.

        Raises:
            InvalidInput: naming those that are missing, and those that exist.
        """
        missing = [name for name in names if name not in self.columns]
        if missing:
            raise InvalidInput(
                f"columns of {self.path.name}",
                ", ".join(self.columns),
                f"a header that holds {', '.join(missing)} too, or a mapping that names what is there",
            )

    def texts(self, name: str) -> list[str]:
        """A column as text, without the spaces around it; an empty text where nothing stands."""
        column = self.columns[name]
        if isinstance(column, np.ndarray):
            return ["" if cell is None or cell != cell else _text(cell) for cell in column.tolist()]  # noqa: PLR0124 - only NaN differs from itself
        return [cell.strip() for cell in column]

    def numbers(
        self,
        name: str,
        *,
        decimal: str | None = None,
        absent: Collection[float] = (),
        conversion: Conversion | None = None,
        units: Sequence[str] | None = None,
    ) -> tuple[NDArray[np.float64], dict[int, str], int]:
        """A column as numbers.

        Args:
            decimal: the decimal mark that the mapping states.
            absent: numbers that stand for "no value" in this file, as they stand there.
            conversion: into the unit that is asked for; None takes numbers as they are, and no unit.
            units: of each row, from another column; empty where none stands.

        Returns:
            values of shape (rows,), NaN where there is none; row → what would have been right, where nothing
            could be read; how many cells held a number that stands for "no value".
        """
        column = self.columns[name]
        if isinstance(column, np.ndarray) and column.dtype.kind in "fiu":
            values = _exact(column)
            reasons = dict.fromkeys(np.flatnonzero(np.isinf(values)).tolist(), "a number")
            beside: dict[int, str] = {}
        else:
            values, beside, reasons = _parsed(self.texts(name), decimal)
        values[np.isinf(values)] = np.nan
        told_absent = np.isin(values, list(absent)) if absent else np.zeros(values.shape, bool)
        values[told_absent] = np.nan
        if units is not None:
            beside = {row: unit for row, unit in enumerate(units) if unit} | beside
        _convert(values, beside, conversion, reasons)
        return values, reasons, int(told_absent.sum())


def _convert(
    values: NDArray[np.float64],
    beside: Mapping[int, str],
    conversion: Conversion | None,
    reasons: dict[int, str],
) -> None:
    """Bring numbers into the unit that is asked for, in place."""
    given = ~np.isnan(values)
    if conversion is not None and conversion.plain != (1.0, 0.0):
        scale, offset = conversion.plain
        plain = given.copy()
        plain[list(beside)] = False
        values[plain] = _significant(values[plain] * scale + offset)
    for row, unit in beside.items():
        if not given[row]:
            continue
        try:
            if conversion is None:
                raise NoNumber("a number without a unit")
            scale, offset = conversion.by_unit(unit)
        except NoNumber as error:
            reasons[row] = str(error)
            values[row] = np.nan
            continue
        if (scale, offset) != (1.0, 0.0):
            values[row] = _significant(np.array([values[row] * scale + offset]))[0]


def _significant(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """A converted number has digits that nobody measured; nine significant ones keep every real one."""
    return np.array([float(f"{value:.9g}") for value in values.tolist()])


def read_table(
    path: Path,
    *,
    encoding: str = "utf-8",
    delimiter: str | None = None,
    needed: Collection[str] = (),
) -> Table:
    """Read a whole file.

    Args:
        path: ``.parquet``, ``.gz`` (CSV inside) or CSV.
        encoding, delimiter: of the CSV; a delimiter that is not stated is found.
        needed: columns that are asked for; a line that holds them all is the header.

    Raises:
        MalformedInput: not in this encoding, cut short, no header, no row, rows of another length.
        InvalidInput: there is no such file.
        ConfigurationError: Parquet, and the package that reads it is not installed.
    """
    if not path.is_file():
        raise InvalidInput("PATH", str(path), "a file that exists")
    table = _parquet(path) if path.suffix == ".parquet" else _csv(path, encoding, delimiter, needed)
    if table.count == 0:
        raise MalformedInput(path.name, "no row", "a header and at least one row below it")
    return table


def column_names(path: Path) -> list[str]:
    """The header alone, however long the file is; what is no readable header has no names.

    Raises:
        ConfigurationError: Parquet, and the package that reads it is not installed.
    """
    if path.suffix == ".parquet":
        parquet = _pyarrow_parquet(path)
        return list(parquet.read_schema(path).names)
    with path.open("rb") as file:
        try:
            content = gzip.GzipFile(fileobj=file) if path.suffix == ".gz" else file
            first = content.readline(_LONGEST_HEADER).decode("utf-8-sig", "replace")
        except (gzip.BadGzipFile, EOFError, zlib.error):
            return []
    return [name.strip() for name in next(csv.reader([first]), [])]


def _csv(path: Path, encoding: str, delimiter: str | None, needed: Collection[str]) -> Table:
    content = content_of(path, MOST_BYTES, "a recording")
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise MalformedInput(
            f"{path.name}, line {line}",
            content[error.start : error.start + 8],
            f"text in {encoding}; save the file so, or name its encoding in a mapping (encoding = 'cp1252')",
        ) from error
    except LookupError as error:
        raise ConfigurationError(f"encoding {encoding!r}: not known; utf-8, cp1252, utf-16 are") from error
    form = form_of(text, needed, delimiter)
    if form.instead is not None:
        raise InvalidInput(
            f"cells of {path.name}", f"separated by {form.instead!r}", f"{delimiter!r}, as the mapping states"
        )
    stream = io.StringIO(text, newline="")
    for _ in range(form.skip):
        stream.readline()
    rows = csv.reader(stream, delimiter=form.delimiter)
    try:
        return _columns(path, rows, form)
    except csv.Error as error:
        raise MalformedInput(f"{path.name}, line {form.skip + rows.line_num}", str(error), "CSV") from error


def _columns(path: Path, rows: Any, form: CsvForm) -> Table:  # noqa: ANN401 - csv exports no type of its reader
    header = [name.strip() for name in next(rows, [])]
    while len(header) > 1 and not header[-1]:
        header.pop()
    if not any(header):
        raise MalformedInput(path.name, "an empty file", "a header line and at least one row below it")
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise MalformedInput(f"{path.name}, header", ", ".join(twice), "each column name once")
    cells: list[list[str]] = []
    lines: list[int] = []
    ended = rows.line_num
    for row in rows:
        began, ended = ended + 1, rows.line_num
        full = trimmed(row, len(header))
        if not any(cell.strip() for cell in full):
            continue
        if len(full) != len(header):
            raise MalformedInput(
                f"{path.name}, line {form.skip + rows.line_num}",
                f"{len(full)} cells",
                f"{len(header)} cells separated by {form.delimiter!r}, as in the header; a cell that holds "
                "the separator (a decimal comma, say) stands in quotes",
            )
        cells.append(full)
        lines.append(form.skip + began)
    columns = zip(*cells, strict=True) if cells else ([] for _ in header)
    return Table(path, dict(zip(header, map(list, columns), strict=True)), len(cells), lines, form.title)


def _parquet(path: Path) -> Table:
    told = _pyarrow_parquet(path).read_table(path)
    columns = {name: told[name].to_numpy() for name in told.column_names}
    return Table(path, columns, told.num_rows)


def _pyarrow_parquet(path: Path) -> Any:  # noqa: ANN401 - the package publishes no types
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise ConfigurationError(
            f"{path.name}: reading Parquet needs pyarrow; install it with: pip install 'healthtwin[parquet]'"
        ) from error
    try:
        pq.read_schema(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise MalformedInput(path.name, str(error).splitlines()[0], "a whole Parquet file") from error
    return pq


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _exact(column: NDArray[Any]) -> NDArray[np.float64]:
    """The decimal that was meant: a 36.3 kept in 32 bits is 36.3, not 36.29999923706055."""
    if column.dtype == np.float32:
        distinct, place = np.unique(column, return_inverse=True)
        return distinct.astype(np.str_).astype(np.float64)[place]
    return column.astype(np.float64)


def _parsed(
    texts: Sequence[str], decimal: str | None
) -> tuple[NDArray[np.float64], dict[int, str], dict[int, str]]:
    """Numbers; row → the unit beside it; row → why there is none."""
    values = np.full(len(texts), np.nan)
    beside: dict[int, str] = {}
    reasons: dict[int, str] = {}
    for i, text in enumerate(texts):
        if text.lower() in MISSING_WORDS:
            continue
        try:
            values[i], unit = read_cell(text, decimal)
        except NoNumber as error:
            reasons[i] = str(error)
            continue
        if unit:
            beside[i] = unit
    return values, beside, reasons
