"""What stands in a query or a small JSON body, read as strictly as a reading."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

import msgspec
from fastapi import Query
from pydantic import WithJsonSchema

from healthtwin.api.body import SMALL_BODY_BYTES, read_body, require_json
from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, to_ms
from healthtwin.domain.errors import InvalidInput, MalformedInput
from healthtwin.intake.json_body import Repeated, parse

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.requests import Request

Struct = TypeVar("Struct", bound=msgspec.Struct)

LARGEST_TIME_MS: Final = 253_402_300_799_999
"""9999-12-31T23:59:59.999Z, the last instant that RFC 3339 can write."""

LONGEST_STEP_MS: Final = 366 * DAY_MS

TIME_SCHEMA: Final = {
    "description": "epoch milliseconds, or RFC 3339 with an offset",
    "anyOf": [
        {"type": "integer", "minimum": -LARGEST_TIME_MS, "maximum": LARGEST_TIME_MS},
        {"type": "string", "format": "date-time"},
    ],
}
STEP_SCHEMA: Final = {
    "description": "milliseconds, or a number with s, m, h or d: 300000 and 5m say the same",
    "anyOf": [
        {"type": "integer", "minimum": SECOND_MS, "maximum": LONGEST_STEP_MS},
        {"type": "string", "pattern": "^[1-9][0-9]?[smhd]$"},
    ],
}
TimeText = Annotated[str | None, WithJsonSchema(TIME_SCHEMA), Query()]
StepText = Annotated[str | None, WithJsonSchema(STEP_SCHEMA), Query()]

_UNITS: Final = {"s": SECOND_MS, "m": MINUTE_MS, "h": HOUR_MS, "d": DAY_MS}
_WHOLE: Final = re.compile(r"-?[0-9]{1,15}")
_DURATION: Final = re.compile(r"([0-9]{1,9})([smhd])")


def time_ms_of(field: str, text: str | None) -> int | None:
    """The instant that a query parameter says; None when it is absent.

    Raises:
        InvalidInput: it could mean two instants or none.

    >>> time_ms_of("from", "1772366400000") == time_ms_of("from", "2026-03-01T12:00:00Z")
    True
    """
    if text is None:
        return None
    allowed = "epoch milliseconds, or RFC 3339 with an offset (write + as %2B)"
    if _WHOLE.fullmatch(text):
        time_ms = int(text)
    else:
        try:
            moment = msgspec.convert(text, datetime)
        except msgspec.ValidationError as error:
            raise InvalidInput(field, text, allowed) from error
        if moment.tzinfo is None:
            raise InvalidInput(field, text, allowed)
        time_ms = to_ms(moment)
    if abs(time_ms) > LARGEST_TIME_MS:
        raise InvalidInput(field, text, f"{allowed}, up to the year 9999")
    return time_ms


def step_ms_of(text: str | None) -> int | None:
    """The length of a step in ms; None when it is absent.

    Raises:
        InvalidInput: no number, or below a second or above a year.

    >>> step_ms_of("5m"), step_ms_of("300000")
    (300000, 300000)
    """
    if text is None:
        return None
    duration = _DURATION.fullmatch(text)
    if duration:
        step_ms = int(duration[1]) * _UNITS[duration[2]]
    elif _WHOLE.fullmatch(text):
        step_ms = int(text)
    else:
        step_ms = 0
    if not SECOND_MS <= step_ms <= LONGEST_STEP_MS:
        allowed = "from 1 second to 366 days: milliseconds, or a number with s, m, h or d"
        raise InvalidInput("step", text, allowed)
    return step_ms


def require_known_parameters(request: Request, known: Collection[str]) -> None:
    """Refuse a query parameter nobody reads, since a misspelt `from` would answer another question.

    Raises:
        InvalidInput: naming it; also for one that is given twice.
    """
    seen: set[str] = set()
    for name, value in request.query_params.multi_items():
        if name not in known:
            raise InvalidInput(name, value, "one of " + ", ".join(sorted(known)) if known else "no parameter")
        if name in seen:
            raise InvalidInput(name, value, "each parameter once")
        seen.add(name)


async def body_of(request: Request, kind: type[Struct], *, optional: bool = False) -> Struct:
    """The JSON body of a request as `kind`, which names every field it takes and forbids others.

    Args:
        request: whose body.
        kind: a msgspec Struct with ``forbid_unknown_fields``.
        optional: an empty body says the same as ``{}``.

    Raises:
        MalformedInput: no JSON. InvalidInput: a field is unknown, missing or wrong.
    """
    body = await read_body(request.headers, request.receive, SMALL_BODY_BYTES)
    if optional and not body.strip():
        return kind()
    require_json(request.headers)
    return struct_of(body, kind)


def struct_of(body: bytes, kind: type[Struct]) -> Struct:
    """A JSON text as `kind`, read as strictly as `body_of` does.

    Raises:
        MalformedInput, InvalidInput: as `body_of`.
    """
    if not body.strip():
        raise MalformedInput("body", "", "a JSON object; the body is empty")
    content: Any = parse(body)
    if not isinstance(content, dict):
        raise InvalidInput("body", content, "a JSON object")
    if isinstance(content, Repeated):
        raise InvalidInput(content.key, "stated twice", "each field once")
    try:
        return msgspec.convert(content, kind)
    except msgspec.ValidationError as error:
        field, allowed = _field_of(str(error))
        raise InvalidInput(field, _value_at(content, field), allowed) from error


def _value_at(content: object, field: str) -> object:
    """What stands at a place such as `samples.red[3]`; None where nothing does."""
    for part in re.findall(r"[^.\[\]]+", field):
        if isinstance(content, dict):
            content = content.get(part)
        elif isinstance(content, list) and part.isdecimal() and int(part) < len(content):
            content = content[int(part)]
        else:
            return None
    return content


def _field_of(message: str) -> tuple[str, str]:
    """Which field a complaint of the decoder is about, and the complaint without it.

    >>> _field_of("Expected `int`, got `str` - at `$.minutes`")
    ('minutes', 'Expected `int`, got `str`')
    >>> _field_of("Object contains unknown field `minuts`")
    ('minuts', 'Object contains unknown field `minuts`')
    >>> _field_of("Object missing required field `red` - at `$.samples`")
    ('samples.red', 'Object missing required field `red`')
    """
    complaint, _, place = message.partition(" - at `$")
    field = place.rstrip("`").lstrip(".")
    if "field `" in complaint:
        name = complaint.rpartition("field `")[2].rstrip("`")
        field = f"{field}.{name}" if field else name
    return field or "body", complaint
