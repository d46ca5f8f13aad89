"""From a path to a recording: which mapping fits, and what the files then say."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from healthtwin.domain import HOUR_MS, METRICS, from_ms
from healthtwin.domain.errors import InvalidInput, MalformedInput
from healthtwin.play.replay.checks import check_days, check_kinds
from healthtwin.play.replay.mapping import known_mappings
from healthtwin.play.replay.recording import ReaderCounts, RecordedPerson, Recording
from healthtwin.play.replay.table_file import Table, column_names, read_table, unreadables
from healthtwin.play.replay.times import NO_TIME, read_times, within_a_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from healthtwin.play.replay.mapping import ColumnMapping, PeopleMapping, TableMapping
    from healthtwin.play.replay.table_file import Unreadable
    from healthtwin.play.replay.times import Times

_TABLE_ENDINGS: Final = (".csv", ".csv.gz", ".parquet")
_OLDEST_YEARS: Final = 130
_RANGE: Final = re.compile(r"(\d{1,3})\s*[-–]\s*(\d{1,3})")


@dataclass(frozen=True, slots=True)
class _Rows:
    """One table's readings, before people are numbered."""

    who: list[str]
    times_ms: NDArray[np.int64]
    values: NDArray[np.float64]
    lines: NDArray[np.int64]
    labelled: NDArray[np.bool_]
    counts: ReaderCounts


def read_recording(path: Path, mapping: ColumnMapping | None = None) -> Recording:
    """Read a file or folder.

    Args:
        path: a CSV, a CSV in gzip, a Parquet file, or a folder that holds the files a mapping names.
        mapping: what the columns mean; None recognises the known recordings by their columns.

    Raises:
        InvalidInput, MalformedInput: saying what cannot be read, where, and what would be right.
        ConfigurationError: a package that reads this file is not installed.
    """
    if not path.exists():
        raise InvalidInput("PATH", str(path), "a file or folder that exists")
    chosen = recognise(path) if mapping is None else mapping
    tables = [(told, _file_of(path, told.file)) for told in chosen.table]
    if path.is_file() and any(told.file == path.name for told in chosen.table):
        tables = [(told, path) for told in chosen.table if told.file == path.name]
    opened = [(told, _opened(told, file)) for told, file in tables]
    for told, table in opened:
        table.require(told.needed())
    people = _people(path, chosen.people, opened[0])
    metrics = _metrics(chosen)
    parts = [_rows(told, table, people, metrics) for told, table in opened]
    return _joined(chosen, people, metrics, parts)


def _opened(told: TableMapping, file: Path) -> Table:
    return read_table(file, encoding=told.encoding, delimiter=told.delimiter, needed=told.needed())


def recognise(path: Path) -> ColumnMapping:
    """Which known recording lies at `path`.

    Raises:
        InvalidInput: none of them; naming those that are known and the way out.
    """
    only = _only_table(path) if path.is_dir() else path
    names = set() if only is None else set(column_names(only))
    for mapping in known_mappings().values():
        own_files = [told for told in mapping.table if told.file is not None]
        if own_files:
            folder = path if path.is_dir() else path.parent
            wanted = own_files if path.is_dir() else [told for told in own_files if told.file == path.name]
            files = [folder / str(told.file) for told in wanted]
            if wanted and all(file.is_file() for file in files):
                return mapping
        elif names.issuperset(mapping.table[0].needed()):
            return mapping
    raise InvalidInput(
        "PATH",
        str(path),
        f"a known one ({', '.join(known_mappings())}), or any table and a --mapping FILE (docs/replay.md)",
    )


def _only_table(folder: Path) -> Path | None:
    files = [file for file in sorted(folder.iterdir()) if file.name.endswith(_TABLE_ENDINGS)]
    return files[0] if len(files) == 1 else None


def _file_of(path: Path, name: str | None) -> Path:
    if name is not None:
        return (path if path.is_dir() else path.parent) / name
    if path.is_file():
        return path
    only = _only_table(path)
    if only is None:
        raise InvalidInput("PATH", str(path), "one file, or a folder that holds one table")
    return only


def _metrics(mapping: ColumnMapping) -> tuple[str, ...]:
    named = {metric for told in mapping.table for metric in (*told.metrics, *told.constants)}
    return tuple(metric for metric in METRICS if metric in named)


# ---------------------------------------------------------------- people


@dataclass(frozen=True, slots=True)
class _People:
    """What the file says about people: name → what is known, without the age that needs a first reading."""

    told: PeopleMapping
    by_name: Mapping[str, RecordedPerson]
    ages: Mapping[str, float]

    def zone(self, name: str) -> str:
        subject = self.by_name.get(name)
        return self.told.timezone if subject is None else subject.timezone

    def subject(self, name: str, first_ms: int, labelled_ms: int | None) -> RecordedPerson:
        known = self.by_name.get(name, RecordedPerson(name, self.told.timezone))
        year = known.birth_year
        if year is None and name in self.ages:
            on_year = from_ms(first_ms).year if self.told.age_on is None else self.told.age_on.year
            year = on_year - int(self.ages[name])
        return replace(known, birth_year=year, labelled_ms=labelled_ms)


def _people(path: Path, told: PeopleMapping, first: tuple[TableMapping, Table]) -> _People:
    person, table = told.person or first[0].person, first[1]
    if told.file is not None:
        file = _file_of(path, told.file)
        if path.is_file() and not file.is_file():
            return _People(told, {}, {})  # a single file of the folder was named: who they are stays unknown
        person, table = (
            told.person,
            read_table(file, encoding=first[0].encoding, delimiter=first[0].delimiter, needed=told.needed()),
        )
    table.require(told.needed())
    names = [first[0].person_is or ""] * table.count if person is None else table.texts(person)
    years = _optional(table, told.birth_year)
    ages, sexes, zones = (_optional(table, name) for name in (told.age, told.sex, told.timezone_column))
    by_name: dict[str, RecordedPerson] = {}
    known_ages: dict[str, float] = {}
    for name, year, age, sex, zone in zip(names, years, ages, sexes, zones, strict=True):
        if name in by_name:
            continue
        by_name[name] = RecordedPerson(
            name, _zone(zone or told.timezone), _year(year), told.sex_words.get(sex)
        )
        years_old = _age(age)
        if years_old is not None:
            known_ages[name] = years_old
    return _People(told, by_name, known_ages)


def _optional(table: Table, name: str | None) -> list[str]:
    return [""] * table.count if name is None else table.texts(name)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidInput("time zone", name, "an IANA name such as Europe/Berlin") from error
    return name


def _year(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) == len("1980") else None


def _age(text: str) -> float | None:
    """Years; the middle of a range; None for what says neither (``>=30``).

    >>> _age("25-34"), _age("73"), _age(">=30")
    (29.5, 73.0, None)
    """
    among = _RANGE.fullmatch(text)
    if among:
        return (int(among[1]) + int(among[2])) / 2
    try:
        years = float(text)
    except ValueError:
        return None
    return years if 0 <= years <= _OLDEST_YEARS else None


# ---------------------------------------------------------------- rows


def _rows(told: TableMapping, table: Table, people: _People, metrics: Sequence[str]) -> _Rows:
    who = [told.person_is or ""] * table.count if told.person is None else table.texts(told.person)
    used = {*told.needed(), *people.told.needed()}
    check_kinds(table, told, used)
    series = who if told.type is None else list(zip(who, table.texts(told.type.column), strict=True))
    read = read_times(table, told.time, [people.zone(name) for name in who], series)
    if sum(bad.count for bad in read.unreadable) == table.count:
        worst = read.unreadable[0]
        raise MalformedInput(
            f"{table.path.name}, line {worst.lines[0]}, column {worst.column}",
            worst.examples[0],
            worst.allowed,
        )
    check_days(table, told, read.ms, read.day_only, series)
    times = read.ms
    values, unreadable, absent = _values(told, table, metrics)
    measured = np.asarray(~np.isnan(values).all(axis=1))
    for metric, constant in told.constants.items():
        values[measured, metrics.index(metric)] = constant
    labelled = np.zeros(table.count, bool)
    if told.label is not None:
        labelled = np.nan_to_num(table.numbers(told.label)[0]) > 0
    named = np.array([bool(name) for name in who])
    timed = times != NO_TIME
    copies = (
        _shifted_copies(who, times, values, measured & named & timed)
        if told.drop_shifted_copies
        else np.zeros(table.count, bool)
    )
    counts = ReaderCounts(
        rows=table.count,
        without_values=int((~measured).sum()),
        without_time=int((measured & ~timed).sum()),
        without_person=int((measured & timed & ~named).sum()),
        shifted_copies=int(copies.sum()),
        declared_absent=absent,
        unreadable=(*read.unreadable, *unreadable),
        unused_columns=tuple(name for name in table.columns if name not in used),
        warnings=tuple(_warnings(table, told, read, measured)),
    )
    # A row without values still says that the person was there, and may carry the label.
    keep = named & timed & ~copies
    values[~measured] = np.nan
    lines = np.array([table.line(row) for row in np.flatnonzero(keep).tolist()], np.int64)
    kept_who = [name for name, kept in zip(who, keep, strict=True) if kept]
    return _Rows(kept_who, times[keep], values[keep], lines, labelled[keep], counts)


def _values(
    told: TableMapping, table: Table, metrics: Sequence[str]
) -> tuple[NDArray[np.float64], list[Unreadable], dict[str, int]]:
    """Values of every row and metric (NaN: none); what could not be read; what meant no value."""
    values = np.full((table.count, len(metrics)), np.nan)
    unreadable: list[Unreadable] = []
    absent: Counter[str] = Counter()
    kinds = None if told.type is None else np.array(table.texts(told.type.column), object)
    for metric, column in told.columns():
        name, units_in = column.column, column.unit_column
        of_metric = np.ones(table.count, bool)
        if told.type is not None and kinds is not None:
            name, units_in, of_metric = told.type.value, told.type.unit, kinds == column.column
        found, reasons, none_meant = _of_rows(table, of_metric).numbers(
            name,
            decimal=told.decimal,
            absent=column.absent,
            conversion=column.conversion(metric),
            units=None if units_in is None else _of_rows(table, of_metric).texts(units_in),
        )
        rows = np.flatnonzero(of_metric)
        values[rows, metrics.index(metric)] = found
        unreadable += unreadables(
            name, {int(rows[i]): why for i, why in reasons.items()}, table.texts(name), table
        )
        if none_meant:
            absent[name] += none_meant
    return values, unreadable, dict(absent)


def _of_rows(table: Table, rows: NDArray[np.bool_]) -> Table:
    """A table of some rows only."""
    if rows.all():
        return table
    chosen = np.flatnonzero(rows).tolist()
    columns = {
        name: cells[rows] if isinstance(cells, np.ndarray) else [cells[row] for row in chosen]
        for name, cells in table.columns.items()
    }
    return Table(table.path, columns, len(chosen), [table.line(row) for row in chosen])


def _warnings(table: Table, told: TableMapping, read: Times, measured: NDArray[np.bool_]) -> Iterator[str]:
    """What was read and may be other than it was meant."""
    if table.title:
        first = " ".join(table.title.split())[:60]
        yield f"{table.path.name}: left out what stands above the header: {first}"
    unsure = [row for row in read.unsure.tolist() if measured[row]]
    if unsure:
        yield (
            f"{table.path.name}: {len(unsure)} times in an hour that came twice, when clocks were set back, "
            f"and nothing tells which was meant; the first was taken (line {table.line(unsure[0])}: "
            f"{table.texts(told.time.column)[unsure[0]]})"
        )
    if told.type is not None:
        kinds = Counter(table.texts(told.type.column))
        named = {column.column for _, column in told.columns()}
        others = {word: count for word, count in kinds.items() if word not in named}
        if others:
            some = ", ".join(f"{word or 'nothing'} ({count})" for word, count in list(others.items())[:6])
            yield f"{table.path.name}: rows of a kind that the mapping does not name were left out: {some}"


def _shifted_copies(
    who: Sequence[str], times: NDArray[np.int64], values: NDArray[np.float64], candidates: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    first_seen: dict[tuple[object, ...], int] = {}
    copies = np.zeros(len(who), bool)
    for i in np.argsort(times, kind="stable").tolist():
        if not candidates[i]:
            continue
        key = (who[i], int(times[i]) % HOUR_MS, values[i].tobytes())
        if key in first_seen and within_a_day(first_seen[key], int(times[i])):
            copies[i] = True
        else:
            first_seen[key] = int(times[i])
    return copies


def _joined(
    mapping: ColumnMapping, people: _People, metrics: tuple[str, ...], parts: Sequence[_Rows]
) -> Recording:
    who = [name for part in parts for name in part.who]
    times = np.concatenate([part.times_ms for part in parts])
    values = np.concatenate([part.values for part in parts])
    lines = np.concatenate([part.lines for part in parts])
    labelled = np.concatenate([part.labelled for part in parts])
    if not who:
        raise MalformedInput("PATH", "no row with a person and a time", "at least one such row")
    number: dict[str, int] = {}
    subject = np.array([number.setdefault(name, len(number)) for name in who], np.int32)
    first = np.full(len(number), np.iinfo(np.int64).max)
    np.minimum.at(first, subject, times)
    first_label = np.full(len(number), np.iinfo(np.int64).max)
    np.minimum.at(first_label, subject[labelled], times[labelled])
    has_label = np.isin(np.arange(len(number)), subject[labelled])
    subjects = tuple(
        people.subject(name, int(first[i]), int(first_label[i]) if has_label[i] else None)
        for name, i in number.items()
    )
    measured = np.flatnonzero(~np.isnan(values).all(axis=1))
    order = measured[np.argsort(times[measured], kind="stable")]
    return Recording(
        name=mapping.name,
        notes=mapping.notes,
        label=mapping.label_means,
        subjects=subjects,
        metrics=metrics,
        times_ms=times[order],
        subject=subject[order],
        values=values[order],
        lines=lines[order].tolist(),
        counts=_summed([part.counts for part in parts]),
    )


def _summed(counts: Sequence[ReaderCounts]) -> ReaderCounts:
    absent: Counter[str] = Counter()
    for part in counts:
        absent.update(part.declared_absent)
    return ReaderCounts(
        rows=sum(part.rows for part in counts),
        without_values=sum(part.without_values for part in counts),
        without_time=sum(part.without_time for part in counts),
        without_person=sum(part.without_person for part in counts),
        shifted_copies=sum(part.shifted_copies for part in counts),
        declared_absent=dict(absent),
        unreadable=tuple(bad for part in counts for bad in part.unreadable),
        unused_columns=tuple(name for part in counts for name in part.unused_columns),
        warnings=tuple(dict.fromkeys(warning for part in counts for warning in part.warnings)),
    )
