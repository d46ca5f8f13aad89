"""What a mapping may overlook, and the file says: a day that is no time, a kind or a unit row by row.

Each would be taken without a word, and be wrong: so the file is refused, and it is said what to state.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import METRIC_BY_FIELD, METRICS
from healthtwin.domain.errors import InvalidInput
from healthtwin.play.replay.cells import unit_in_words
from healthtwin.play.replay.times import NO_TIME, time_of_day
from healthtwin.play.replay.units import CONVERSIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Mapping, Sequence

    from numpy.typing import NDArray

    from healthtwin.play.replay.mapping import TableMapping
    from healthtwin.play.replay.table_file import Table

_LOOKED_AT: Final = 2_000
"""Rows of a column that tell what it holds."""

_MOST_KINDS: Final = 60
"""Different words in a column of kinds; more are names or notes."""

_KIND_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "heart_rate": ("heart", "pulse", "bpm", "herz", "puls", "hr"),
    "oxygen_saturation": ("spo2", "oxygen", "o2sat", "sauerstoff", "sat"),
    "body_temperature": ("temperature", "temp", "temperatur"),
    "respiratory_rate": ("respiratory", "respiration", "breath", "breathing", "atem", "rr", "resp"),
    "blood_pressure_systolic": ("systolic", "systolisch", "sys", "sbp"),
    "blood_pressure_diastolic": ("diastolic", "diastolisch", "dia", "dbp"),
    "steps": ("step", "steps", "schritte", "stepcount"),
    "body_weight": ("weight", "gewicht", "bodymass"),
    "blood_glucose": ("glucose", "glukose", "blutzucker"),
    "hrv_rmssd": ("hrv", "rmssd", "sdnn", "variability"),
}


def check_days(
    table: Table,
    told: TableMapping,
    times_ms: NDArray[np.int64],
    day_only: NDArray[np.bool_],
    series: Sequence[Hashable],
) -> None:
    """A day alone is a time for one row of that day, and only where no other column states more.

    Raises:
        InvalidInput: otherwise.
    """
    days = np.flatnonzero(day_only & (times_ms != NO_TIME))
    if not days.size:
        return
    of_day = next((name for name in _unused(table, told) if _holds_times_of_day(table, name)), None)
    way = "name the column of the time of day in the mapping: time = { column = ..., time_column = ... }"
    column = f"{table.path.name}, column {told.time.column}"
    if of_day is not None and told.time.at is None:
        raise InvalidInput(column, f"days alone, beside times of day in {of_day}", way)
    seen: dict[Hashable, int] = {}
    for row in days.tolist():
        before = seen.setdefault((series[row], int(times_ms[row])), row)
        if before != row:
            raise InvalidInput(
                column,
                table.texts(told.time.column)[row],
                f"one row of a day, or times: lines {table.line(before)} and {table.line(row)} state the "
                f"same day, and the day alone is not the time; {way}",
            )


def check_kinds(table: Table, told: TableMapping, used: Collection[str]) -> None:
    """A column that says row by row what was measured, or in which unit, is no column to overlook.

    Raises:
        InvalidInput: naming it, and what to state.
    """
    for name in table.columns:
        if name in used:
            continue
        words = _words(table, name)
        if told.type is None and len({column.column for _, column in told.columns()}) == 1:
            kinds = [kind for word in words if (kind := kind_of(word)) is not None]
            if len(set(kinds)) > 1 and 2 * len(kinds) >= sum(bool(word) for word in words):
                raise InvalidInput(
                    f"{table.path.name}, column {name}",
                    ", ".join(sorted(words)[:4]),
                    "a mapping that reads it, since it says row by row what was measured: "
                    f'type = {{ column = "{name}", value = ... }} in [[table]], and in [table.metrics] the '
                    "word that stands for each",
                )
        if _states_another_unit(told, words):
            raise InvalidInput(
                f"{table.path.name}, column {name}",
                ", ".join(sorted(words)),
                f'a mapping that reads it, since it states the unit row by row: unit_column = "{name}"',
            )


def _states_another_unit(told: TableMapping, words: Collection[str]) -> bool:
    """Whether a column holds units and nothing else, and some are others than the mapping takes them for."""
    units = {unit_in_words(word) for word in words if word}
    if not units or None in units:
        return False
    for metric, column in told.columns():
        plain = column.factors(metric)
        if column.scale is not None or column.offset is not None:
            continue
        own = METRICS[metric].unit
        known = {own: (1.0, 0.0)} | {theirs: by for (theirs, ours), by in CONVERSIONS.items() if ours == own}
        if any(unit in known and known[unit] != plain for unit in units if unit is not None):
            return len(told.metrics) == 1 or len(units) > 1
    return False


def kind_of(word: str) -> str | None:
    """The metric that a word most likely stands for; None where it stands for none.

    >>> kind_of("HKQuantityTypeIdentifierHeartRate"), kind_of("Sys"), kind_of("left arm")
    ('heart_rate', 'blood_pressure_systolic', None)
    """
    lower = word.strip().casefold()
    if lower.replace(" ", "_") in METRIC_BY_FIELD:
        return METRIC_BY_FIELD[lower.replace(" ", "_")].name
    parts = "".join(sign if sign.isalnum() else " " for sign in lower).split()
    for metric, words in _KIND_WORDS.items():
        for each in words:
            if each in parts or (len(each) > 3 and each in lower):  # noqa: PLR2004 - short ones are in much
                return metric
    return None


def _unused(table: Table, told: TableMapping) -> list[str]:
    needed = set(told.needed())
    return [name for name in table.columns if name not in needed]


def _holds_times_of_day(table: Table, name: str) -> bool:
    texts = [text for text in table.texts(name)[:_LOOKED_AT] if text]
    return bool(texts) and all(time_of_day(text) is not None for text in texts)


def _words(table: Table, name: str) -> Counter[str]:
    column = table.columns[name]
    if isinstance(column, np.ndarray) and column.dtype.kind in "fiub":
        return Counter()
    words = Counter(table.texts(name)[:_LOOKED_AT])
    return Counter() if len(words) > _MOST_KINDS else words
