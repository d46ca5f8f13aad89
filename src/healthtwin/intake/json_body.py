"""Reading a JSON body strictly: one meaning or none.

The fast decoder takes the last of two equal keys in silence and stops at `NaN` without saying whose value
it was. A reading with two heart rates has no heart rate, so bodies that could hide such a thing are read a
second time by the slower decoder, which shows every pair.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import msgspec

from healthtwin.domain.bounded import inflated
from healthtwin.domain.errors import InvalidInput, MalformedInput

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_BODY_BYTES: Final = 16 * 1024 * 1024
"""Room for a phone's offline queue of months; more comes in several messages."""

_decoder: Final = msgspec.json.Decoder()


class Repeated(dict[str, Any]):
    """An object in which a key stood twice.

    Attributes:
        key: the first such key.
    """

    __slots__ = ("key",)

    def __init__(self, pairs: Iterable[tuple[str, Any]], key: str) -> None:
        super().__init__(pairs)
        self.key = key


def parse(body: bytes) -> Any:  # noqa: ANN401 - JSON is anything until it has been judged
    """The value of a JSON text; an object with a repeated key comes back as `Repeated`.

    Python's spelling of what is no number (`NaN`, `Infinity`) is read too, so that the field that holds it
    can be named by whoever judges the fields.

    Raises:
        MalformedInput: not UTF-8, not JSON, nested too deep, or nothing at all.

    >>> parse(b'{"heart_rate": 72}')
    {'heart_rate': 72}
    >>> parse(b'{"heart_rate": 72, "heart_rate": 75}').key
    'heart_rate'
    >>> parse(b'{"heart_rate": 72')
    Traceback (most recent call last):
    ...
    healthtwin.domain.errors.MalformedInput: body: got '{"heart_rate": 72'; allowed: JSON; ...
    """
    if not body.strip():
        raise MalformedInput("body", "", "a JSON object or a list of them; the body is empty")
    try:
        value = _decoder.decode(body)
        plain: bool = b"\\" not in body and body.count(b":") == _colons(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        plain = False
    return value if plain else _parse_showing_pairs(body)


def require_whole_text(value: object, where: str = "") -> None:
    r"""Refuse half a character: JSON can write one half of a surrogate pair alone, which no text can hold.

    Args:
        value: what `parse` gave, or a part of it.
        where: the field that it stands in; "" for the whole.

    Raises:
        InvalidInput: naming the field.

    >>> require_whole_text({"device": "watch"})
    >>> require_whole_text({"a": [{"b": "\ud800"}]})
    Traceback (most recent call last):
    ...
    healthtwin.domain.errors.InvalidInput: a[0].b: got '\ud800'; allowed: text in whole Unicode characters
    """
    waiting: list[tuple[str, object]] = [(where, value)]
    while waiting:
        at, part = waiting.pop()
        if isinstance(part, str):
            if not _is_whole(part):
                raise InvalidInput(at or "body", part, _WHOLE_TEXT)
        elif isinstance(part, dict):
            for name, member in part.items():
                if not _is_whole(name):
                    raise InvalidInput(shown_name(name), member, f"a name; {_WHOLE_TEXT}")
                waiting.append((f"{at}.{name}" if at else name, member))
        elif isinstance(part, list):
            waiting.extend((f"{at}[{index}]", member) for index, member in enumerate(part))


_WHOLE_TEXT: Final = "text in whole Unicode characters"


def _is_whole(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def shown_name(name: str) -> str:
    """The name of a field, as an answer can say it."""
    return name.encode(errors="replace").decode()


def may_hold_halves(body: bytes) -> bool:
    """Whether a JSON text could: only an escape can write one."""
    return b"\\u" in body


def _colons(value: object) -> int:
    """How many colons a text without escapes holds when it says `value` and repeats no key."""
    if isinstance(value, dict):
        return sum(1 + key.count(":") + _colons(member) for key, member in value.items())
    if isinstance(value, list):
        return sum(map(_colons, value))
    if isinstance(value, str):
        return value.count(":")
    return 0


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            return Repeated(pairs, key)
        seen.add(key)
    return members


def _parse_showing_pairs(body: bytes) -> Any:  # noqa: ANN401
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MalformedInput(
            "body", body[error.start : error.start + 8], f"JSON in UTF-8; byte {error.start} is not UTF-8"
        ) from error
    try:
        return json.loads(text, object_pairs_hook=_pairs)
    except json.JSONDecodeError as error:
        raise MalformedInput(
            "body", text[max(0, error.pos - 40) : error.pos + 40], f"JSON; character {error.pos}: {error.msg}"
        ) from error
    except RecursionError as error:
        raise MalformedInput("body", text[:40], "JSON nested less deep") from error
    except ValueError as error:  # a whole number of thousands of digits
        raise MalformedInput("body", text[:40], "numbers of sane length") from error


def inflate(body: bytes, limit: int = MAX_BODY_BYTES) -> bytes:
    """The content of a gzip body, of all its members, never unpacking more than `limit` bytes.

    Raises:
        MalformedInput: not gzip, or cut short.
        TooLarge: more than `limit` bytes inside.
    """
    whole = "a whole gzip stream, as Content-Encoding says"
    too_large = f"the unpacked body exceeds {limit} bytes; send it in several messages"
    return inflated(body, limit, "body", whole, too_large)
