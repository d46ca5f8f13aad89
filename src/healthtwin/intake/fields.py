"""The fields of a row that are no metric, each judged for itself; what is refused is shown as it was sent."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import msgspec

from healthtwin.domain import AHEAD_MS, HOUR_MS, SECOND_MS, Posture, is_plain, to_ms
from healthtwin.domain.errors import InvalidInput, briefly
from healthtwin.intake.json_body import Repeated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

RFC3339: Final = (
    r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(\.[0-9]{1,9})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
)
"""A moment with its offset, as a pattern of JSON Schema; that a day is one of its month no pattern says."""

SMALLEST_EPOCH_MS: Final = 100_000_000_000
"""1973-03-03. A smaller number is a time in seconds far more often than a reading of that age; such a one can
still be sent as RFC 3339."""

SMALLEST_EPOCH_US: Final = SMALLEST_EPOCH_MS * 1000
SMALLEST_EPOCH_NS: Final = SMALLEST_EPOCH_US * 1000
"""1973 counted in micro- and nanoseconds; as milliseconds both lie after the year 5000."""

EARTHS_LATEST_OFFSET_MS: Final = 14 * HOUR_MS
"""A new year begins up to 14 hours before it does in UTC."""

EARLIEST_YEAR: Final = 1900
"""Where no year of birth is known."""

MAX_SEQUENCE: Final = 2**63 - 1
MAX_LABEL: Final = 100
SHOWN: Final = 80
"""Characters of a refused value that are sent back."""
_POSTURES: Final = frozenset(Posture)


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
    text = value if isinstance(value, str) else briefly(value)
    text = text.encode(errors="replace").decode()
    return text if len(text) <= SHOWN else text[: SHOWN - 3] + "..."


class TooFarAhead(InvalidInput):
    """A reading of a time that has not come.

    Attributes:
        ahead_ms: by how much. person: id of whose it is; empty until that is known.
    """

    def __init__(self, ahead_ms: int, field: str, value: object, allowed: str) -> None:
        super().__init__(field, value, allowed)
        self.ahead_ms = ahead_ms
        self.person = ""


def measured_ms(value: object, now_ms: int, birth_year: int | None) -> int:
    """The instant that a `timestamp` says, epoch ms.

    Args:
        value: whole milliseconds since 1970, or RFC 3339 text with an offset.
        now_ms: the present.
        birth_year: of whose it is; None when unknown.

    Raises:
        InvalidInput: it says none, lies in the future (`TooFarAhead`) or before the person's birth.
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
    if time_ms >= SMALLEST_EPOCH_US and isinstance(value, int):
        finer = "micro" if time_ms < SMALLEST_EPOCH_NS else "nano"
        raise InvalidInput("timestamp", value, f"milliseconds since 1970; this counts {finer}seconds")
    if time_ms > now_ms + AHEAD_MS:
        raise TooFarAhead(
            time_ms - now_ms, "timestamp", value, f"at most 5 minutes ahead of our clock, which says {now_ms}"
        )
    year = EARLIEST_YEAR if birth_year is None else birth_year
    if time_ms < _year_begins_ms(year):
        raise InvalidInput("timestamp", value, f"not before the person's birth: {year} or later")
    return time_ms


_LEAP_SECOND: Final = re.compile(r"(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d):60((?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d))")


def _from_rfc3339(text: str) -> int:
    leap = _LEAP_SECOND.fullmatch(text)
    if leap is not None:
        return _leap_second(text, _from_rfc3339(f"{leap[1]}:59{leap[2]}"))
    try:
        moment = msgspec.convert(text, datetime)
    except msgspec.ValidationError as error:
        raise InvalidInput("timestamp", text, "RFC 3339, such as 2026-03-01T12:00:00+01:00") from error
    if moment.tzinfo is None:
        raise InvalidInput("timestamp", text, "RFC 3339 with its offset from UTC, such as a Z at the end")
    return to_ms(moment)


def _leap_second(text: str, before_ms: int) -> int:
    """The instant after second 59: RFC 3339 section 5.7 allows 60 where a month ends in UTC."""
    after_ms = before_ms + SECOND_MS
    day = datetime.fromtimestamp(after_ms // 1000, UTC)
    if (day.day, day.hour, day.minute, day.second) != (1, 0, 0, 0):
        raise InvalidInput("timestamp", text, "a leap second only as the last of a month, at 23:59:60 UTC")
    return after_ms


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
    if not isinstance(value, str) or not 1 <= len(value) <= MAX_LABEL or not is_plain(value):
        raise InvalidInput(
            "device",
            value,
            f"what you call the sensor: 1 to {MAX_LABEL} characters, none of them a control character",
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


READERS: Final[Mapping[str, Callable[[Any], Any]]] = MappingProxyType(
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
"""By name: gives the value, or raises `InvalidInput`; `timestamp` is judged once it is known whose it is."""
