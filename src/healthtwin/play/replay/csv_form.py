"""The form of a CSV: what separates its cells, and on which line its header stands.

Spreadsheets and apps put things around a table: a line `sep=;`, a title and a date above the header, a
separator at the end of each line. A file whose table can be told is read; what was left out is said.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

DELIMITERS: Final = (",", ";", "\t", "|")
"""Tried in this order where the mapping states none."""

MOST_TITLE_LINES: Final = 30
"""Lines in which a header is looked for."""

_STATED: Final = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


class CsvForm(NamedTuple):
    """How a file is to be read.

    Attributes:
        delimiter: between cells.
        skip: lines above the header.
        title: what stands in them; "" where nothing but `sep=` does.
        instead: a delimiter with which the header would be found, where it is not with the stated one.
    """

    delimiter: str
    skip: int
    title: str
    instead: str | None = None


def form_of(text: str, needed: Collection[str], delimiter: str | None) -> CsvForm:
    """The form in which the columns that are needed are found; the plainest one where they are not.

    Args:
        text: the file.
        needed: names that the header must hold.
        delimiter: as the mapping states it; None when it states none.
    """
    head = text.splitlines(keepends=True)[: MOST_TITLE_LINES + 1]
    stated = _STATED.fullmatch(head[0]) if head else None
    after = 1 if stated else 0
    first = [each for each in (delimiter, stated[1] if stated else None) if each is not None]
    for each in first or DELIMITERS:
        found = _header_line(head, after, each, needed)
        if found is not None:
            title = "".join(head[after:found]).strip()
            return CsvForm(each, found, title)
    instead = next((each for each in DELIMITERS if _header_line(head, after, each, needed) is not None), None)
    return CsvForm((first or _likeliest(head[after:]))[0], after, "", instead)


def _header_line(head: Sequence[str], after: int, delimiter: str, needed: Collection[str]) -> int | None:
    """How many lines stand above the header; None where there is none."""
    rows = csv.reader(io.StringIO("".join(head[after:]), newline=""), delimiter=delimiter)
    before = 0
    try:
        for row in rows:
            if needed and set(needed) <= {name.strip() for name in row}:
                return after + before
            before = rows.line_num
    except csv.Error:
        pass
    return None


def _likeliest(head: Sequence[str]) -> list[str]:
    line = next((line for line in head if line.strip()), "")
    return sorted(DELIMITERS, key=lambda each: -line.count(each))[:1]


def trimmed(row: list[str], width: int) -> list[str]:
    """A row without the empty cells that a separator at the end of its line makes.

    >>> trimmed(["08:00", "72", ""], 2), trimmed(["08:00", "72", "x"], 2)
    (['08:00', '72'], ['08:00', '72', 'x'])
    """
    while len(row) > width and not row[-1].strip():
        row = row[:-1]
    return row
