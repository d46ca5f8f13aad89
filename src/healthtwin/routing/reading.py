"""What stands in a query or a small JSON body, read as strictly as a reading."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

import msgspec

from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, to_ms
from healthtwin.domain.errors import InvalidInput, MalformedInput
from healthtwin.intake import (
    RFC3339,
    SMALLEST_EPOCH_MS,
    Repeated,
    may_hold_halves,
    parse,
    require_whole_text,
)
from healthtwin.routing.allowed import allowed_at
from healthtwin.routing.body import SMALL_BODY_BYTES, read_body, require_json

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection, Request

Struct = TypeVar("Struct", bound=msgspec.Struct)

LARGEST_TIME_MS: Final = 253_402_300_799_999
"""9999-12-31T23:59:59.999Z, the last instant that RFC 3339 can write."""

LONGEST_STEP_MS: Final = 366 * DAY_MS

TIME_SCHEMA: Final = {
    "description": "epoch milliseconds, or RFC 3339 with an offset",
    "allOf": [  # for its own `anyOf`, which says the types, msgspec overwrites ours
        {
            "anyOf": [
                {"type": "integer", "minimum": SMALLEST_EPOCH_MS, "maximum": LARGEST_TIME_MS},
                {"type": "integer", "minimum": -LARGEST_TIME_MS, "maximum": -SMALLEST_EPOCH_MS},
                {"const": 0},
                {"type": "string", "format": "date-time", "pattern": RFC3339},
            ]
        }
    ],
}
STEP_SCHEMA: Final = {
    "description": "milliseconds, or a number with s, m, h or d: 300000 and 5m say the same",
    "allOf": [
        {
            "anyOf": [
                {"type": "integer", "minimum": SECOND_MS, "maximum": LONGEST_STEP_MS},
                {"type": "string", "pattern": "^[1-9][0-9]?[smhd]$"},
            ]
        }
    ],
}
TimeText = Annotated[int | str | None, msgspec.Meta(extra_json_schema=TIME_SCHEMA)]
StepText = Annotated[int | str | None, msgspec.Meta(extra_json_schema=STEP_SCHEMA)]

_LARGEST_EXACT: Final = 2**53
_MOST_WHOLE: Final = 50
"""Numbers of one body that are read so; more of them are no slip of a serializer."""

_UNITS: Final = {"s": SECOND_MS, "m": MINUTE_MS, "h": HOUR_MS, "d": DAY_MS}
_WHOLE: Final = re.compile(r"-?[0-9]{1,15}")
_DURATION: Final = re.compile(r"([0-9]{1,9})([smhd])")


def time_ms_of(field: str, said: int | str | None) -> int | None:
    """The instant that a query parameter says; None when it is absent.

    Raises:
        InvalidInput: it could mean two instants or none.

    >>> time_ms_of("from", "1772366400000") == time_ms_of("from", "2026-03-01T12:00:00Z")
    True
    """
    if said is None:
        return None
    text = str(said)
    allowed = "epoch milliseconds, or RFC 3339 with an offset (write + as %2B)"
    if _WHOLE.fullmatch(text):
        time_ms = int(text)
        if 0 < abs(time_ms) < SMALLEST_EPOCH_MS:  # seconds, far more often than a time around 1970
            raise InvalidInput(field, text, f"{allowed}; a number is at least {SMALLEST_EPOCH_MS}")
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


def step_ms_of(said: int | str | None) -> int | None:
    """The length of a step in ms; None when it is absent.

    Raises:
        InvalidInput: no number, or below a second or above a year.

    >>> step_ms_of("5m"), step_ms_of("300000")
    (300000, 300000)
    """
    if said is None:
        return None
    text = str(said)
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


def query_of(request: HTTPConnection, kind: type[Struct]) -> Struct:
    """The query of a request as `kind`, which names every parameter it takes.

    A parameter that nobody reads is refused, since a misspelt `from` would answer another question.

    Raises:
        InvalidInput: a parameter is unknown, missing, wrong or given twice.
    """
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    content: dict[str, object] = {}
    for name, value in request.query_params.multi_items():
        if name not in fields:
            known = "one of " + ", ".join(sorted(fields)) if fields else "no parameter"
            raise InvalidInput(name, value, known)
        if name in content:
            raise InvalidInput(name, value, "each parameter once")
        # A text that says a number is one where only a number may stand; nothing else is read into a text.
        number = _is_number(fields[name].type) and _WHOLE.fullmatch(value)
        content[name] = int(value) if number else value
    return _converted(content, kind)


def _is_number(kind: object) -> bool:
    """Whether a field takes whole numbers and no text.

    >>> _is_number(int | None), _is_number(Annotated[int, msgspec.Meta(ge=1)]), _is_number(int | str)
    (True, True, False)
    """
    of = msgspec.inspect.type_info(kind)
    of = of.type if isinstance(of, msgspec.inspect.Metadata) else of
    kinds = of.types if isinstance(of, msgspec.inspect.UnionType) else (of,)
    whole, text = msgspec.inspect.IntType, msgspec.inspect.StrType
    return any(isinstance(each, whole) for each in kinds) and not any(
        isinstance(each, text) for each in kinds
    )


async def bytes_of(request: Request, limit: int) -> bytes:
    """The JSON body of a request, not yet read.

    Raises:
        TooLarge: more than `limit` bytes. UnsupportedMedia: it says that it is something else.
    """
    body = await read_body(request.headers, request.receive, limit)
    require_json(request.headers)
    return body


async def body_of(
    request: Request, kind: type[Struct], *, optional: bool = False, limit: int = SMALL_BODY_BYTES
) -> Struct:
    """The JSON body of a request as `kind`, which names every field it takes and forbids others.

    Args:
        request: whose body.
        kind: a msgspec Struct with ``forbid_unknown_fields``.
        optional: an empty body says the same as ``{}``.
        limit: in bytes.

    Raises:
        MalformedInput: no JSON. InvalidInput: a field is unknown, missing or wrong.
    """
    body = await read_body(request.headers, request.receive, limit)
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
    if may_hold_halves(body):
        require_whole_text(content)
    if not isinstance(content, dict):
        raise InvalidInput("body", content, "a JSON object")
    if isinstance(content, Repeated):
        raise InvalidInput(content.key, "stated twice", "each field once")
    return _converted(content, kind)


def _converted(content: dict[str, Any], kind: type[Struct]) -> Struct:
    for _ in range(_MOST_WHOLE):
        try:
            return msgspec.convert(content, kind)
        except msgspec.ValidationError as error:
            # JSON has one kind of number: 3 and 3.0 are the same one (JSON Schema, 6.1.1).
            field, complaint = _field_of(str(error))
            if not (complaint.startswith("Expected `int") and _made_whole(content, field)):
                break
    try:
        return msgspec.convert(content, kind)
    except msgspec.ValidationError as error:
        field, complaint = _field_of(str(error))
        allowed = allowed_at(kind, field) or complaint
        raise InvalidInput(field, _value_at(content, field), allowed) from error


def _made_whole(content: object, field: str) -> bool:
    """Whether a number there, written with a point, is a whole one; it is then written without."""
    *path, last = re.findall(r"[^.\[\]]+", field)
    around = _value_at(content, ".".join(path)) if path else content
    value = _value_at(around, last)
    if not isinstance(value, float) or not value.is_integer() or abs(value) > _LARGEST_EXACT:
        return False
    if isinstance(around, dict) and last in around:
        around[last] = int(value)
    elif isinstance(around, list):
        around[int(last)] = int(value)
    else:
        return False
    return True


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
