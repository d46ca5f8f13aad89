"""Taking the people out of data that leaves for research: dates shifted, ages capped, classes of at least k.

Pure: chance and secrets are passed in. Sources: 45 CFR 164.514(b)(2) (Safe Harbor: ages over 89 are one
class, dates and places go); L. Sweeney, k-anonymity (2002); A. Machanavajjhala et al., l-diversity (2007):
a class whose members all share what is sensitive hides nothing, however large it is.

>>> rows = [
...     Row(f"p{n}", {"age": "40-44", "sex": sex}, {"alert": alert})
...     for n, (sex, alert) in enumerate([("f", "none"), ("f", "warning"), ("m", "none"), ("m", "none")])
... ]
>>> smallest_class(rows, ("age",)), smallest_class(rows, ("age", "sex"))
(4, 2)
>>> fewest_values(rows, ("age", "sex"), "alert")
1
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from healthtwin.domain import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

WEEK_MS: Final = 7 * DAY_MS

MOST_WEEKS: Final = 520
"""Ten years: nobody can tell a season, a holiday or a wave from a date that moved by up to that."""

CAPPED_AGE: Final = 90
"""Safe Harbor: all ages over 89, and whatever shows one, are one class."""

BANDS: Final = (5, 10, 20, 0)
"""Widths of age bands that are tried, years, from fine to coarse; 0: the age is left out."""

MOST_LEFT_OUT: Final = 0.2
"""Share of people who may be left out before everybody is told less exactly instead."""

RARE: Final = "other"
"""Stands for whatever fewer than k people have."""

UNKNOWN: Final = "unknown"

SMALL_CLASSES: Final = "small-classes"
RARE_VALUE: Final = "rare-value"
TOO_ALIKE: Final = "too-alike"
"""Why a column does not leave: classes would be too small; fewer than k people have a rare value in it; some
class has fewer than l values in it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One person as they stand in an export.

    Attributes:
        pseudonym: fresh, of this export alone.
        quasi: what others may know of them too, by column.
        sensitive: what others shall not learn, by column.
    """

    pseudonym: str
    quasi: Mapping[str, str] = field(default_factory=dict)
    sensitive: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of a person before anything is taken out. age: in years; sex: as stated."""

    pseudonym: str
    age: int | None
    sex: str | None
    sensitive: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Released:
    """What may leave.

    Attributes:
        rows: those who stay. left_out: how many people do not.
        band: width of the age bands, years; 0: no ages.
        columns: quasi-identifiers that stay. dropped: columns that do not, and why.
    """

    rows: tuple[Row, ...]
    left_out: int
    band: int
    columns: tuple[str, ...]
    dropped: Mapping[str, str]


class TooFew(ValueError):
    """No choice of columns makes classes of k people out of so few."""


def drawn_shift_weeks(below: Callable[[int], int]) -> int:
    """How many weeks all dates of one person move back for one recipient: a secret, drawn once.

    Args:
        below: a random whole number from 0 up to, not including, its argument (`secrets.randbelow`).
    """
    return 1 + below(MOST_WEEKS)


def shifted_ms(time_ms: int, weeks: int) -> int:
    """A time as it is told: earlier by whole weeks, so that the weekday and the hour stay.

    >>> shifted_ms(1_772_366_400_000, 2) - 1_772_366_400_000 == -2 * WEEK_MS
    True
    """
    return time_ms - weeks * WEEK_MS


def age_band(age: int | None, width: int) -> str:
    """An age in a band; all from `CAPPED_AGE` on are one.

    >>> age_band(93, 5), age_band(89, 5), age_band(93, 20), age_band(None, 5)
    ('90+', '85-89', '80+', 'unknown')
    """
    if age is None:
        return UNKNOWN
    low = min(age, CAPPED_AGE) // width * width
    return f"{low}+" if low + width > CAPPED_AGE else f"{low}-{low + width - 1}"


def smallest_class(rows: Sequence[Row], columns: Sequence[str]) -> int:
    """How many people the smallest group has who are alike in these columns: the k; 0 without rows."""
    return min(Counter(_key(row, columns) for row in rows).values(), default=0)


def fewest_values(rows: Sequence[Row], columns: Sequence[str], sensitive: str) -> int:
    """How many different values of something sensitive the poorest such group has: the l; 0 without rows."""
    found: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in rows:
        found[_key(row, columns)].add(row.sensitive[sensitive])
    return min((len(values) for values in found.values()), default=0)


def released(people: Sequence[Person], k: int, l: int) -> Released:  # noqa: E741 - as the literature calls it
    """What of these people may leave, so that each class has at least k members.

    The finest columns are taken that leave out no more than `MOST_LEFT_OUT` of the people. Of what is
    sensitive, values that fewer than k people have become `RARE`; a column is left out in which fewer than k
    people would be that, or in which some class has fewer than l values.

    Args:
        people: with fresh pseudonyms. k: at least 2. l: at least 1.

    Raises:
        TooFew: fewer than k people.
    """
    if len(people) < k:
        raise TooFew(f"{len(people)} people cannot be {k}-anonymous: each must be one of at least {k} alike")
    chosen = next(
        tried
        for tried in (
            _tried(people, k, band, with_sex=with_sex) for band in BANDS for with_sex in (True, False)
        )
        if tried.left_out <= MOST_LEFT_OUT * len(people)
    )
    return _diverse(chosen, k, l)


def _tried(people: Sequence[Person], k: int, band: int, *, with_sex: bool) -> Released:
    """The people told in these columns, without those in classes below k."""
    columns = (("age",) if band else ()) + (("sex",) if with_sex else ())
    rows = []
    for person in people:
        quasi = {"age": age_band(person.age, band)} if band else {}
        if with_sex:
            quasi["sex"] = person.sex or UNKNOWN
        rows.append(Row(person.pseudonym, quasi, person.sensitive))
    counts = Counter(_key(row, columns) for row in rows)
    kept = tuple(row for row in rows if counts[_key(row, columns)] >= k)
    dropped = {} if band else {"age": SMALL_CLASSES}
    if not with_sex:
        dropped["sex"] = SMALL_CLASSES
    return Released(kept, len(rows) - len(kept), band, columns, dropped)


def _diverse(chosen: Released, k: int, l: int) -> Released:  # noqa: E741
    """Without rare values, and without columns that would tell a whole class, or of somebody alone."""
    rows, dropped = chosen.rows, dict(chosen.dropped)
    for column in sorted({name for row in rows for name in row.sensitive}):
        often = Counter(row.sensitive[column] for row in rows)
        common = {value for value, count in often.items() if count >= k}
        tried = tuple(
            row
            if row.sensitive[column] in common
            else replace(row, sensitive={**row.sensitive, column: RARE})
            for row in rows
        )
        if 0 < sum(row.sensitive[column] == RARE for row in tried) < k:
            dropped[column] = RARE_VALUE
        elif fewest_values(tried, chosen.columns, column) < l:
            dropped[column] = TOO_ALIKE
        else:
            rows = tried
            continue
        rows = tuple(
            replace(row, sensitive={name: value for name, value in row.sensitive.items() if name != column})
            for row in rows
        )
    return replace(chosen, rows=rows, dropped=dropped)


def _key(row: Row, columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(row.quasi[column] for column in columns)
