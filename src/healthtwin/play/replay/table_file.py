"""Reading a table from a file into columns: CSV, CSV in gzip, Parquet."""

from __future__ import annotations

import csv
import gzip
import io
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain.errors import ConfigurationError, InvalidInput, MalformedInput

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

MISSING_WORDS: Final = frozenset({"", "na", "n/a", "nan", "null", "none"})
"""What stands in a cell that holds no value, in any case of letters."""

_EXAMPLES: Final = 3
_LONGEST_HEADER: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Cells of one column in which no number (or time) could be read.

    Attributes:
        column: as it stands in the file.
        count: how many.
        examples: the first few texts.
        allowed: what would have been right.
    """

    column: str
    count: int
    examples: tuple[str, ...]
    allowed: str


@dataclass(frozen=True, slots=True)
class Table:
    """A file's columns, all of one length.

    Attributes:
        path: where it was read.
        columns: name → texts (CSV) or numbers (Parquet).
        count: rows.
    """

    path: Path
    columns: Mapping[str, Sequence[str] | NDArray[Any]]
    count: int

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
        self, name: str, *, decimal: str = ".", absent: Collection[float] = ()
    ) -> tuple[NDArray[np.float64], Unreadable | None, int]:
        """A column as numbers.

        Args:
            decimal: the decimal mark.
            absent: numbers that stand for "no value" in this file.

        Returns:
            values of shape (rows,), NaN where there is none; what could not be read; how many cells held a
            number that stands for "no value".
        """
        column = self.columns[name]
        if isinstance(column, np.ndarray) and column.dtype.kind in "fiu":
            values = _exact(column)
            examples = [repr(cell) for cell in values[np.isinf(values)].tolist()]
        else:
            values, examples = _parsed(self.texts(name), decimal)
        values[np.isinf(values)] = np.nan
        told_absent = np.isin(values, list(absent)) if absent else np.zeros(values.shape, bool)
        values[told_absent] = np.nan
        bad = Unreadable(name, len(examples), tuple(examples[:_EXAMPLES]), "a number") if examples else None
        return values, bad, int(told_absent.sum())


def read_table(path: Path, *, encoding: str = "utf-8", delimiter: str = ",") -> Table:
    """Read a whole file.

    Args:
        path: ``.parquet``, ``.gz`` (CSV inside) or CSV.
        encoding, delimiter: of the CSV.

    Raises:
        MalformedInput: not in this encoding, cut short, no header, no row, rows of another length.
        InvalidInput: there is no such file.
        ConfigurationError: Parquet, and the package that reads it is not installed.
    """
    if not path.is_file():
        raise InvalidInput("PATH", str(path), "a file that exists")
    table = _parquet(path) if path.suffix == ".parquet" else _csv(path, encoding, delimiter)
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
        except (gzip.BadGzipFile, EOFError):
            return []
    return [name.strip() for name in next(csv.reader([first]), [])]


def _csv(path: Path, encoding: str, delimiter: str) -> Table:
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (gzip.BadGzipFile, EOFError) as error:
        raise MalformedInput(path.name, str(error), "a whole gzip file, as .gz says") from error
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
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return _columns(path, rows)
    except csv.Error as error:
        raise MalformedInput(f"{path.name}, line {rows.line_num}", str(error), "CSV") from error


def _columns(path: Path, rows: Any) -> Table:  # noqa: ANN401 - the csv module does not export the reader's type
    header = [name.strip() for name in next(rows, [])]
    if not any(header):
        raise MalformedInput(path.name, "an empty file", "a header line and at least one row below it")
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise MalformedInput(f"{path.name}, header", ", ".join(twice), "each column name once")
    cells: list[list[str]] = []
    for row in rows:
        if not row:
            continue
        if len(row) != len(header):
            raise MalformedInput(
                f"{path.name}, line {rows.line_num}",
                f"{len(row)} cells",
                f"{len(header)} cells, as in the header (another delimiter can be named in a mapping)",
            )
        cells.append(row)
    columns = zip(*cells, strict=True) if cells else ([] for _ in header)
    return Table(path, dict(zip(header, map(list, columns), strict=True)), len(cells))


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


def _parsed(texts: Sequence[str], decimal: str) -> tuple[NDArray[np.float64], list[str]]:
    values = np.full(len(texts), np.nan)
    unreadable = []
    for i, text in enumerate(texts):
        if text.lower() in MISSING_WORDS:
            continue
        try:
            value = float(text if decimal == "." else text.replace(decimal, "."))
        except ValueError:
            unreadable.append(text)
            continue
        if math.isfinite(value):
            values[i] = value
        else:
            unreadable.append(text)
    return values, unreadable
