"""Hospital stays from a Parquet file with the columns of the CinC challenge 2019, as tolerantly as is honest.

What may differ at another hospital: columns that are missing, other columns beside them, rows in any order,
time in minutes, seconds or days or as timestamps, words for sex, much that was never measured. What is never
guessed: units of the vital signs. A value outside the plausible range of its metric is dropped, and how many
were is told.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain import LEARNED, METRICS
from healthtwin.domain.arrays import COLUMN, COLUMNS, UNKNOWN
from healthtwin.domain.errors import ConfigurationError, InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

VITALS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "HR": "heart_rate",
        "Resp": "respiratory_rate",
        "O2Sat": "oxygen_saturation",
        "Temp": "body_temperature",
        "SBP": "blood_pressure_systolic",
        "DBP": "blood_pressure_diastolic",
    }
)
"""Column of the file → metric, in the metric's own unit."""

PERSON: Final = "pid"
TIME: Final = "ICULOS"
LABEL: Final = "SepsisLabel"

STEPS_H: Final[Mapping[str, float]] = MappingProxyType(
    {"hours": 1.0, "minutes": 1.0 / 60.0, "seconds": 1.0 / 3600.0, "milliseconds": 1.0 / 3.6e6, "days": 24.0}
)
"""Units of time that are recognised, and how many hours one is."""

NEAR: Final = 0.2
"""A median step within a fifth of one hour in some unit says: an hourly chart in that unit."""

_SEXES: Final[Mapping[str, int]] = MappingProxyType(
    {"0": 0, "f": 0, "female": 0, "w": 0, "1": 1, "m": 1, "male": 1}
)


@dataclass(frozen=True, slots=True, eq=False)
class Stays:
    """Rows of all stays, each stay's rows together in time order.

    Attributes:
        people: id of each stay, text or whole number, shape (people,). person: index into it, shape (rows,).
        hours: time in hours, shape (rows,). time: as it stands in the file, for whoever joins back.
        value: shape (rows, metrics), columns of `domain.LEARNED`; NaN where not measured or impossible.
        age: years, shape (people,), NaN unknown. sex: 0 female, 1 male, `UNKNOWN`, shape (people,).
        label: SepsisLabel, shape (rows,); -1 where the file does not say.
        sha256: of the file. time_unit: as recognised. missing: columns that the file lacks.
        impossible: values dropped per metric.
    """

    people: NDArray[Any]
    person: NDArray[np.intp]
    hours: Floats
    time: NDArray[Any]
    value: Floats
    age: Floats
    sex: NDArray[np.int8]
    label: NDArray[np.int8]
    sha256: str
    time_unit: str
    missing: tuple[str, ...]
    impossible: dict[str, int]

    @property
    def starts(self) -> NDArray[np.intp]:
        """Row at which each person begins, shape (people,)."""
        return np.flatnonzero(np.diff(self.person, prepend=-1)).astype(np.intp)

    def of_people(self, chosen: NDArray[np.bool_]) -> Stays:
        """The stays of some people, `chosen` of shape (people,)."""
        rows = chosen[self.person]
        number = np.cumsum(chosen) - 1
        return Stays(
            people=self.people[chosen],
            person=number[self.person[rows]].astype(np.intp),
            hours=self.hours[rows],
            time=self.time[rows],
            value=self.value[rows],
            age=self.age[chosen],
            sex=self.sex[chosen],
            label=self.label[rows],
            sha256=self.sha256,
            time_unit=self.time_unit,
            missing=self.missing,
            impossible=self.impossible,
        )


def load_stays(path: Path) -> Stays:
    """Read a file with the columns of cinc2019.

    Raises:
        ConfigurationError: when there is no such file, or pyarrow (extra `parquet`) is not installed.
        InvalidInput: when no person column is there, or no row.
    """
    columns = _columns_of(path)
    if PERSON not in columns:
        raise InvalidInput("column", ", ".join(columns), f"a column {PERSON} that says whose row it is")
    ids = columns[PERSON]
    ids = ids if ids.dtype.kind in "iu" else ids.astype(str)  # a number stays one, for whoever joins back
    if not len(ids):
        raise InvalidInput("rows", 0, f"a file with rows; {path.name} has none")
    people, person = np.unique(ids, return_inverse=True)
    time = columns.get(TIME, _row_numbers(person))
    hours, unit = _in_hours(time, person)
    order = np.lexsort((hours, person))
    person, hours = person[order].astype(np.intp), hours[order]
    value, impossible = _values(columns, order)
    label = _numbers(columns[LABEL])[order] if LABEL in columns else np.full(len(order), np.nan)
    wanted = (*VITALS, TIME, "Age", "Gender", LABEL)
    return Stays(
        people=people,
        person=person,
        hours=hours,
        time=time[order],
        value=value,
        age=_first_known(_numbers(columns["Age"])[order], person) if "Age" in columns else _nan(len(people)),
        sex=_sex(columns["Gender"][order], person) if "Gender" in columns else _unknown(len(people)),
        label=np.where(np.isnan(label), -1, label > 0).astype(np.int8),
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        time_unit=unit,
        missing=tuple(name for name in wanted if name not in columns),
        impossible=impossible,
    )


def _columns_of(path: Path) -> dict[str, NDArray[Any]]:
    if not path.is_file():
        raise ConfigurationError(f"no file {path}; give a Parquet file with the columns of cinc2019")
    try:
        from pyarrow import ArrowException, parquet
    except ModuleNotFoundError:
        raise ConfigurationError("reading Parquet needs pyarrow: install the extra `parquet`") from None
    wanted = {PERSON, TIME, LABEL, "Age", "Gender", *VITALS}
    try:
        names = [name for name in parquet.read_schema(path).names if name in wanted]
        table = parquet.read_table(path, columns=names)
    except (ArrowException, OSError) as error:
        raise ConfigurationError(f"{path} cannot be read as Parquet: {error}") from None
    return {name: table[name].to_numpy() for name in table.column_names}


def _row_numbers(person: NDArray[np.intp]) -> Floats:
    """1, 2, 3 … within each person, in the order of the file: an hourly chart without a clock."""
    order = np.argsort(person, kind="stable")
    starts = np.flatnonzero(np.diff(person[order], prepend=-1))
    counts = np.diff(np.append(starts, len(person)))
    numbers = np.empty(len(person))
    numbers[order] = np.arange(len(person)) - np.repeat(starts, counts) + 1
    return numbers


def _numbers(column: NDArray[Any]) -> Floats:
    """The column as floats; what is no number is NaN."""
    if column.dtype.kind in "fiub":
        return column.astype(np.float64)
    return np.array([_number(cell) for cell in column.tolist()], np.float64)


def _number(cell: object) -> float:
    try:
        return float(str(cell))
    except ValueError:
        return np.nan


def _in_hours(time: NDArray[Any], person: NDArray[np.intp]) -> tuple[Floats, str]:
    if time.dtype.kind == "M":
        since = (time - time.min()) / np.timedelta64(1, "s")
        return since.astype(np.float64) / 3600.0, "timestamps"
    if time.dtype.kind == "m":
        return (time / np.timedelta64(1, "s")).astype(np.float64) / 3600.0, "durations"
    numbers = _numbers(time)
    if np.isnan(numbers).any():
        raise InvalidInput(TIME, "a missing value", "a number or a timestamp in every row")
    order = np.lexsort((numbers, person))
    steps = np.diff(numbers[order])[np.diff(person[order]) == 0]
    steps = steps[steps > 0]
    step = float(np.median(steps)) if len(steps) else 1.0
    for unit, hours in STEPS_H.items():
        if abs(step * hours - 1.0) <= NEAR:
            return numbers * hours, unit
    return numbers, "hours"


def _values(columns: dict[str, NDArray[Any]], order: NDArray[np.intp]) -> tuple[Floats, dict[str, int]]:
    value = np.full((len(order), COLUMNS), np.nan)
    impossible = {}
    for name, metric_name in VITALS.items():
        if name not in columns:
            continue
        metric, measured = METRICS[metric_name], _numbers(columns[name])[order]
        possible = (measured >= metric.low) & (measured <= metric.high)
        impossible[LEARNED[COLUMN[metric_name]].name] = int((~possible & ~np.isnan(measured)).sum())
        value[:, COLUMN[metric_name]] = np.where(possible, measured, np.nan)
    return value, impossible


def _first_known(numbers: Floats, person: NDArray[np.intp]) -> Floats:
    first = np.full(int(person.max()) + 1, np.nan)
    known = np.flatnonzero(~np.isnan(numbers))[::-1]
    first[person[known]] = numbers[known]
    return first


def _sex(column: NDArray[Any], person: NDArray[np.intp]) -> NDArray[np.int8]:
    texts = [str(cell).strip().lower().removesuffix(".0") for cell in column.tolist()]
    codes = np.array([_SEXES.get(text, np.nan) for text in texts], np.float64)
    known = _first_known(codes, person)
    return np.where(np.isnan(known), UNKNOWN, known).astype(np.int8)


def _nan(count: int) -> Floats:
    return np.full(count, np.nan)


def _unknown(count: int) -> NDArray[np.int8]:
    return np.full(count, UNKNOWN, np.int8)
