"""What a device may say in `POST /api/vitals`, judged strictly: a row is taken whole or refused by name.

Pure: the present, the asker's people and their births come in as arguments.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NoReturn

import msgspec

from healthtwin.domain import (
    ACTIVITY_WORDS,
    HOUR_MS,
    METRIC_BY_FIELD,
    METRICS,
    MINUTE_MS,
    Metric,
    Posture,
    to_ms,
)
from healthtwin.domain.errors import InvalidInput, MalformedInput, TooLarge
from healthtwin.intake.json_body import Repeated, parse
from healthtwin.pipeline.messages import VitalsPayload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_ROWS: Final = 30_000
"""Rows in one message: a token's burst (`healthtwin.access.rate`), so that a retry can succeed."""

FUTURE_MS: Final = 5 * MINUTE_MS
"""How far a phone's clock may run ahead of ours."""

SMALLEST_EPOCH_MS: Final = 100_000_000_000
"""1973-03-03. A smaller number is a time in seconds far more often than a reading of that age; such a one can
still be sent as RFC 3339."""

EARTHS_LATEST_OFFSET_MS: Final = 14 * HOUR_MS
"""A new year begins up to 14 hours before it does in UTC."""

EARLIEST_YEAR: Final = 1900
"""Where no year of birth is known."""

MAX_SEQUENCE: Final = 2**63 - 1
MAX_LABEL: Final = 100
_SHOWN: Final = 80
_POSTURES: Final = frozenset(Posture)
EITHER: Final = frozenset({"consciousness", "supplemental_oxygen"})
"""Metrics that have two values and nothing between."""

_OTHER_FIELDS: Final = (
    "timestamp",
    "sequence",
    "quality",
    "posture",
    "asleep",
    "device",
    "location",
    "person",
)
FIELDS: Final = (*_OTHER_FIELDS, *METRIC_BY_FIELD)
"""Every field name a row may hold."""


@dataclass(frozen=True, slots=True)
class VitalsRow:
    """One valid row.

    Attributes:
        index: its place in the message, from 0.
        person: id of whose it is; already one of the asker's people.
        time_ms: when it was measured.
        sequence: the device's own count; None when it keeps none.
        payload: what goes into the log.
    """

    index: int
    person: str
    time_ms: int
    sequence: int | None
    payload: VitalsPayload


class RefusedRow(msgspec.Struct, frozen=True):
    """Why one row was not taken: which field, what stood there, what would have been right."""

    index: int
    field: str
    value: Any
    allowed: str

    @classmethod
    def of(cls, error: InvalidInput, index: int) -> RefusedRow:
        """The refusal that says this error."""
        return cls(index, error.field, shown(error.value), error.allowed)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A message after judgement.

    Attributes:
        single: it was one object, not a list.
        rows: the valid ones, in order.
        refused: the others, in order.
    """

    single: bool
    rows: list[VitalsRow]
    refused: list[RefusedRow]

    @property
    def count(self) -> int:
        """Rows in the message."""
        return len(self.rows) + len(self.refused)


@dataclass(frozen=True, slots=True)
class Subjects:
    """Whose readings the asker may send.

    Attributes:
        default: whose they are when a row does not say; None when it must.
        born: year of birth of a person the asker covers (None: unknown).
            Raises `KeyError` for anybody else, existing or not.
    """

    default: str | None
    born: Callable[[str], int | None]


def shown(value: object) -> str | int | float | bool | None:
    """A refused value as JSON can carry it back: short, finite, and never able to break the answer.

    >>> shown(-5), shown(float("nan")), shown({"a": 1}), shown("x" * 200)[-3:]
    (-5, 'nan', "{'a': 1}", '...')
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else "a whole number beyond 64 bits"
    if isinstance(value, float):
        return value if math.isfinite(value) else repr(value)
    text = value if isinstance(value, str) else repr(value)
    text = text.encode(errors="replace").decode()
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."


def decode_vitals(body: bytes, now_ms: int, subjects: Subjects) -> Parsed:
    """Read and judge a message.

    Args:
        body: JSON: one object or a list of them.
        now_ms: the present.
        subjects: whose readings these may be.

    Raises:
        MalformedInput: it cannot be read, or holds nothing.
        InvalidInput: it is neither an object nor a list.
        TooLarge: more than `MAX_ROWS` rows.

    >>> ada = Subjects("p-ada", {"p-ada": 1980}.__getitem__)
    >>> noon = 1772366400000
    >>> body = b'[{"timestamp": 1772366400000, "spo2": 97}, {"timestamp": 1772366400000, "spo2": 970}]'
    >>> parsed = decode_vitals(body, noon, ada)
    >>> parsed.rows[0].payload.values
    {4: 97.0}
    >>> parsed.refused
    [RefusedRow(index=1, field='spo2', value=970, allowed='a number from 30 to 100 %')]
    """
    message = parse(body)
    if isinstance(message, dict):
        return _judge([message], now_ms, subjects, single=True)
    if not isinstance(message, list):
        raise InvalidInput("body", message, "a reading (an object) or a list of readings")
    if not message:
        raise MalformedInput("body", [], "at least one reading")
    if len(message) > MAX_ROWS:
        raise TooLarge(f"{len(message)} readings in one message; send at most {MAX_ROWS} at a time")
    return _judge(message, now_ms, subjects, single=False)


def _judge(members: list[Any], now_ms: int, subjects: Subjects, *, single: bool) -> Parsed:
    rows: list[VitalsRow] = []
    refused: list[RefusedRow] = []
    for index, member in enumerate(members):
        try:
            rows.append(judge_row(member, now_ms, subjects, index))
        except InvalidInput as error:
            refused.append(RefusedRow.of(error, index))
    return Parsed(single, rows, refused)


# ---------------------------------------------------------------- one row


def judge_row(member: object, now_ms: int, subjects: Subjects, index: int = 0) -> VitalsRow:
    """One row, judged as in a message.

    Args:
        member: JSON: the row.
        now_ms: the present.
        subjects: whose reading it may be.
        index: its place in the message.

    Raises:
        InvalidInput: naming the field.
    """
    if not isinstance(member, dict):
        raise InvalidInput("row", member, "an object with timestamp and at least one measured value")
    if isinstance(member, Repeated):
        raise InvalidInput(member.key, "stated twice", "each field once")
    values: dict[int, float] = {}
    others: dict[str, Any] = {}
    for name, value in member.items():
        metric = METRIC_BY_FIELD.get(name)
        if metric is not None:
            if value is not None:
                _take(metric, name, value, values)
        elif name in _READ:
            others[name] = None if value is None else _READ[name](value)
        elif name != "timestamp":
            _refuse_unknown(name, value)
    person, birth_year = _whose(others.get("person"), subjects)
    time_ms = measured_ms(member.get("timestamp"), now_ms, birth_year)
    if not values:
        raise InvalidInput("row", "no value", "at least one measured value, such as heart_rate or spo2")
    _check_pressures(values)
    quality = others.get("quality")
    payload = VitalsPayload(
        values,
        1.0 if quality is None else quality,
        others.get("posture"),
        others.get("asleep"),
        others.get("device"),
    )
    return VitalsRow(index, person, time_ms, others.get("sequence"), payload)


def _take(metric: Metric, name: str, value: object, values: dict[int, float]) -> None:
    if metric.code in values:
        names = " or ".join((metric.name, *metric.aliases))
        raise InvalidInput(name, value, f"the same measurement once: {names}")
    if metric.name == "activity_level" and isinstance(value, str):
        level = ACTIVITY_WORDS.get(value)
        if level is None:
            raise InvalidInput(name, value, f"{metric.allowed}, or one of {', '.join(ACTIVITY_WORDS)}")
        values[metric.code] = level
        return
    # Metric.check repeats these tests with the canonical name; the sender must read the name it wrote.
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float))
        or not metric.low <= value <= metric.high
    ):
        raise InvalidInput(name, value, metric.allowed)
    if metric.name in EITHER and value not in (0, 1):
        raise InvalidInput(name, value, "0 or 1")
    values[metric.code] = float(value)


_SYSTOLIC: Final = METRICS["blood_pressure_systolic"].code
_DIASTOLIC: Final = METRICS["blood_pressure_diastolic"].code


def _check_pressures(values: Mapping[int, float]) -> None:
    systolic, diastolic = values.get(_SYSTOLIC), values.get(_DIASTOLIC)
    if systolic is not None and diastolic is not None and diastolic >= systolic:
        raise InvalidInput(
            "blood_pressure_diastolic", diastolic, f"less than the systolic pressure ({systolic:g} mm[Hg])"
        )


def _refuse_unknown(name: str, value: object) -> NoReturn:
    if name == "hrv_ms":
        raise InvalidInput(
            name, value, "hrv_rmssd or hrv_sdnn, in ms: the two are different measures and never mixed"
        )
    near = get_close_matches(name[:_SHOWN], FIELDS, n=1)
    known = f"no such field; did you mean {near[0]}?" if near else "one of " + ", ".join(FIELDS)
    raise InvalidInput(str(shown(name)), value, known)


def _whose(person: str | None, subjects: Subjects) -> tuple[str, int | None]:
    whose = subjects.default if person is None else person
    if whose is None:
        raise InvalidInput("person", None, "the id of the person measured, since this token covers several")
    try:
        return whose, subjects.born(whose)
    except KeyError as error:
        raise InvalidInput("person", whose, "the id of a person this token covers") from error


# ---------------------------------------------------------------- the fields that are no metric


def measured_ms(value: object, now_ms: int, birth_year: int | None) -> int:
    """The instant that a `timestamp` says, epoch ms.

    Args:
        value: whole milliseconds since 1970, or RFC 3339 text with an offset.
        now_ms: the present.
        birth_year: of whose it is; None when unknown.

    Raises:
        InvalidInput: it says none, lies in the future or before the person's birth.
    """
    if isinstance(value, str):
        time_ms = _from_rfc3339(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        if value < SMALLEST_EPOCH_MS:
            raise InvalidInput(
                "timestamp", value, f"milliseconds since 1970, from {SMALLEST_EPOCH_MS}, or RFC 3339 text"
            )
        time_ms = value
    else:
        raise InvalidInput("timestamp", value, "whole milliseconds since 1970, or RFC 3339 with an offset")
    if time_ms > now_ms + FUTURE_MS:
        raise InvalidInput("timestamp", value, f"at most 5 minutes ahead of our clock, which says {now_ms}")
    year = EARLIEST_YEAR if birth_year is None else birth_year
    if time_ms < _year_begins_ms(year):
        raise InvalidInput("timestamp", value, f"not before the person's birth: {year} or later")
    return time_ms


def _from_rfc3339(text: str) -> int:
    try:
        moment = msgspec.convert(text, datetime)
    except msgspec.ValidationError as error:
        raise InvalidInput("timestamp", text, "RFC 3339, such as 2026-03-01T12:00:00+01:00") from error
    if moment.tzinfo is None:
        raise InvalidInput("timestamp", text, "RFC 3339 with its offset from UTC, such as a Z at the end")
    return to_ms(moment)


@cache
def _year_begins_ms(year: int) -> int:
    return to_ms(datetime(year, 1, 1, tzinfo=UTC)) - EARTHS_LATEST_OFFSET_MS


def sequence_of(value: object) -> int:
    """A device's own count.

    Raises:
        InvalidInput: no whole number from 0 to `MAX_SEQUENCE`.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_SEQUENCE:
        raise InvalidInput("sequence", value, f"a whole number from 0 to {MAX_SEQUENCE}")
    return value


def _between(name: str, value: object, low: float, high: float, unit: str = "") -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        raise InvalidInput(name, value, f"a number from {low:g} to {high:g}{unit}")
    return float(value)


def _quality(value: object) -> float:
    return _between("quality", value, 0, 1)


def _posture(value: object) -> str:
    if not isinstance(value, str) or value not in _POSTURES:
        raise InvalidInput("posture", value, "one of " + ", ".join(Posture))
    return value


def _asleep(value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput("asleep", value, "true or false")
    return value


def _label(value: object) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= MAX_LABEL or not value.isprintable():
        raise InvalidInput(
            "device", value, f"what you call the sensor: 1 to {MAX_LABEL} printable characters"
        )
    return value


def _person(value: object) -> str:
    if not isinstance(value, str):
        raise InvalidInput("person", value, "the id of a person this token covers")
    return value


_PLACES: Final = ("latitude", "longitude", "accuracy_m")
HALF_EQUATOR_M: Final = 20_037_508.0


def _location(value: object) -> None:
    """Judged, so that a sender hears of its mistakes, and not kept: nobody here reads where somebody was."""
    if not isinstance(value, dict):
        raise InvalidInput("location", value, "an object with latitude and longitude in degrees")
    if isinstance(value, Repeated):
        raise InvalidInput(f"location.{value.key}", "stated twice", "each field once")
    for name in value:
        if name not in _PLACES:
            raise InvalidInput(f"location.{shown(name)}", value[name], "one of " + ", ".join(_PLACES))
    accuracy = value.get("accuracy_m")
    _between("location.latitude", value.get("latitude"), -90, 90, " degrees")
    _between("location.longitude", value.get("longitude"), -180, 180, " degrees")
    if accuracy is not None:
        _between("location.accuracy_m", accuracy, 0, HALF_EQUATOR_M, " m")


_READ: Final[Mapping[str, Callable[[Any], Any]]] = MappingProxyType(
    {
        "sequence": sequence_of,
        "quality": _quality,
        "posture": _posture,
        "asleep": _asleep,
        "device": _label,
        "location": _location,
        "person": _person,
    }
)
