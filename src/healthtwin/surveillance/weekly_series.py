"""Weekly counts of one illness, as they stand in a file: every week once, in order, what is missing missing.

A week that nobody reported is not a week without cases: it is NaN, no method tests it, and none
learns from it.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain.bounded import content_of
from healthtwin.domain.errors import InvalidInput, MalformedInput, TooLarge

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DAYS_A_WEEK: Final = 7
WEEKS_A_YEAR: Final = 365.2425 / DAYS_A_WEEK
PLAIN_WEEKS_A_YEAR: Final = 52.0
"""Where weeks are only counted, as surveillance files of 52 weeks a year do."""

MOST_BYTES: Final = 16 * 1024 * 1024
MOST_WEEKS: Final = 10_000
"""Two centuries."""

MISSING: Final = frozenset({"", "NA", "NaN", "nan", "X", "x", "null", "."})
"""How files say that nobody reported. 0 is not among them: it says that there was no case."""

_ISO_WEEK: Final = re.compile(r"^(\d{4})-?[Ww](\d{1,2})$")
_TRUE: Final = frozenset({"1", "true", "t", "yes"})
_FALSE: Final = frozenset({"0", "false", "f", "no", *(word.lower() for word in MISSING)})


@dataclass(frozen=True, slots=True, eq=False)
class WeeklySeries:
    """Counts of one illness in one place, a value a week without gaps in time.

    Attributes:
        weeks: names of the weeks as the file has them; of weeks that it lacks, as it would have.
        cases: counts, shape (weeks,); NaN where nobody reported.
        weeks_a_year: how many of these weeks make a year; 52 where the file only counts them.
        calendar: week of the year of each, 1 to 53, shape (weeks,); None where the file only counts weeks.
        outbreak: where somebody labelled an outbreak, shape (weeks,); None where nobody labelled anything.
    """

    weeks: tuple[str, ...]
    cases: Floats
    weeks_a_year: float = PLAIN_WEEKS_A_YEAR
    calendar: NDArray[np.int64] | None = None
    outbreak: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.weeks)

    def with_cases(self, cases: Floats) -> WeeklySeries:
        """The same weeks with other counts."""
        return replace(self, cases=cases)


def series_of(cases: Sequence[float], first: str = "1") -> WeeklySeries:
    """A series from counts, for a program that has them already.

    Args:
        cases: a count a week; NaN where nobody reported. first: name of the first week.

    Raises:
        InvalidInput: a count is negative, infinite or no whole number.

    >>> series_of([3, 0, 2], "2026-W01").weeks
    ('2026-W01', '2026-W02', '2026-W03')
    """
    counts = np.asarray(cases, np.float64)
    bad = np.flatnonzero(~np.isnan(counts) & ((counts < 0) | (counts != np.floor(counts))))
    if bad.size:
        raise InvalidInput("cases", float(counts[bad[0]]), _COUNT, index=int(bad[0]))
    monday, kind = _week_of(first, "first")
    span = range(monday, monday + len(counts))
    weeks = tuple(_name(week, kind) for week in span)
    return WeeklySeries(weeks, counts, _weeks_a_year(kind), _calendar(span, kind))


def read_series(path: Path) -> WeeklySeries:
    """A series from a CSV with the columns week, cases and maybe state (an outbreak that somebody labelled).

    A week is a number that counts weeks, an ISO week (`2026-W05`) or a date, the same for all. Rows may come
    in any order; weeks that the file lacks are missing, not zero.

    Raises:
        InvalidInput: there is no such file; a week stands twice with different counts; counts that are none;
            the rows are months or days.
        MalformedInput: a column is missing, or a row is cut short.
        TooLarge: it is too big to be one series.
    """
    try:
        rows = list(csv.reader(content_of(path, MOST_BYTES, "a series").decode("utf-8-sig").splitlines()))
    except (UnicodeDecodeError, csv.Error) as error:
        raise MalformedInput(path.name, str(error), "CSV in UTF-8") from error
    head = [name.strip().strip('"').lower() for name in rows[0]] if rows else []
    columns: dict[str, int] = {name: head.index(name) for name in ("week", "cases", "state") if name in head}
    for name in ("week", "cases"):
        if name not in columns:
            raise MalformedInput(f"{path.name}, line 1", ", ".join(head), f"a header with {name}")
    return _series(path.name, rows[1:], columns)


_COUNT: Final = "a whole number of cases from 0 up, or nothing where nobody reported"
_WEEK: Final = "a number that counts weeks, an ISO week such as 2026-W05, or a date such as 2026-01-26"


def _series(name: str, rows: Sequence[Sequence[str]], columns: dict[str, int]) -> WeeklySeries:
    counted: dict[int, float] = {}
    labelled: dict[int, bool] = {}
    kinds: set[str] = set()
    for line, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        where = f"{name}, line {line}"
        if len(row) <= max(columns.values()):
            raise MalformedInput(where, f"{len(row)} cells", f"{max(columns.values()) + 1} cells")
        week, kind = _week_of(row[columns["week"]].strip(), f"{where}, week")
        kinds.add(kind)
        if len(kinds) > 1:
            raise InvalidInput(f"{where}, week", row[columns["week"]], "written as in the rows before")
        count = _count_of(row[columns["cases"]].strip(), f"{where}, cases")
        if week in counted and not np.array_equal(counted[week], count, equal_nan=True):
            raise InvalidInput(
                f"{where}, week", row[columns["week"]], "each week once, or twice with one count"
            )
        counted[week] = count
        if "state" in columns:
            labelled[week] = _flag_of(row[columns["state"]].strip(), f"{where}, state")
    if not counted:
        raise InvalidInput(name, "no rows", "a row for each week")
    kind = kinds.pop()
    first, last = min(counted), max(counted)
    _check_weekly(name, sorted(counted), kind)
    if last - first >= MOST_WEEKS:
        raise TooLarge(f"{name} spans {last - first + 1} weeks; one series has at most {MOST_WEEKS}")
    span = range(first, last + 1)
    cases = np.array([counted.get(week, np.nan) for week in span])
    outbreak = np.array([labelled.get(week, False) for week in span]) if labelled else None
    return WeeklySeries(
        tuple(_name(week, kind) for week in span), cases, _weeks_a_year(kind), _calendar(span, kind), outbreak
    )


def _check_weekly(name: str, weeks: Sequence[int], kind: str) -> None:
    """Months and quarters have no weeks; a method that takes them for weeks finds seasons where none are."""
    steps = np.diff(weeks)
    monthly = 4
    if kind != "count" and len(steps) > 1 and np.median(steps) >= monthly:
        raise InvalidInput(name, f"a row every {float(np.median(steps)):g} weeks", "a row a week")


def _week_of(text: str, where: str) -> tuple[int, str]:
    """The week as a running number and how it was written: a count, an ISO week or a date."""
    text = text.strip('"')
    if text.isascii() and text.isdigit() and len(text) <= 6:  # noqa: PLR2004 - 200 weeks or 200105, no year
        return int(text), "count"
    if matched := _ISO_WEEK.match(text):
        try:
            monday = dt.date.fromisocalendar(int(matched[1]), int(matched[2]), 1)
        except ValueError as error:
            raise InvalidInput(where, text, "a week that this year has, 1 to 52 or 53") from error
        return monday.toordinal() // DAYS_A_WEEK, "iso"
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(where, text, _WEEK) from error
    return (day.toordinal() - 1) // DAYS_A_WEEK, "date"


def _name(week: int, kind: str) -> str:
    if kind == "count":
        return str(week)
    if kind == "iso":
        year, number, _ = dt.date.fromordinal(week * DAYS_A_WEEK + 1).isocalendar()
        return f"{year}-W{number:02}"
    return dt.date.fromordinal(week * DAYS_A_WEEK + 1).isoformat()


def _calendar(span: range, kind: str) -> NDArray[np.int64] | None:
    if kind == "count":
        return None
    mondays = (dt.date.fromordinal(week * DAYS_A_WEEK + 1) for week in span)
    return np.array([monday.isocalendar().week for monday in mondays], np.int64)


def _weeks_a_year(kind: str) -> float:
    return PLAIN_WEEKS_A_YEAR if kind == "count" else WEEKS_A_YEAR


def _count_of(text: str, where: str) -> float:
    text = text.strip('"')
    if text in MISSING:
        return np.nan
    try:
        count = float(text)
    except ValueError as error:
        raise InvalidInput(where, text, _COUNT) from error
    if not np.isfinite(count) or count < 0 or count != np.floor(count):
        raise InvalidInput(where, text, _COUNT)
    return count


def _flag_of(text: str, where: str) -> bool:
    word = text.strip('"').lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise InvalidInput(where, text, "0 or 1, FALSE or TRUE")
