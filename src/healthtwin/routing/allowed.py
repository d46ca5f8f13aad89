"""What would have been right, in words, from the type that refused a value."""

from __future__ import annotations

import re
from typing import Any, Final

from msgspec import inspect

_PARTS: Final = re.compile(r"[^.\[\]]+")


def allowed_at(kind: type[Any], field: str) -> str | None:
    """What may stand at a place such as `samples.red[3]` of a struct; None where the type does not say.

    For a place that the struct does not have it names those that it has.

    >>> import msgspec
    >>> class Snooze(msgspec.Struct, forbid_unknown_fields=True):
    ...     minutes: int | None = None
    ...     until: str | None = None
    >>> allowed_at(Snooze, "minutes"), allowed_at(Snooze, "minuts")
    ('a whole number', 'one of the fields minutes, until')
    """
    here: inspect.Type = inspect.type_info(kind)
    for part in _PARTS.findall(field):
        here = _without_null(here)
        if isinstance(here, inspect.StructType):
            found = [each for each in here.fields if each.encode_name == part]
            if not found:
                return "one of the fields " + ", ".join(each.encode_name for each in here.fields)
            here = found[0].type
        elif isinstance(here, inspect.ListType) and (part.isdecimal() or part == "..."):
            here = here.item_type
        elif isinstance(here, inspect.DictType):
            here = here.value_type
        else:
            return None
    return in_words(here) or None


def in_words(kind: inspect.Type) -> str:
    """What a type takes; empty where there is nothing to say.

    >>> import msgspec
    >>> from typing import Annotated, Literal
    >>> in_words(inspect.type_info(Annotated[int, msgspec.Meta(ge=1, le=9)]))
    'a whole number, at least 1, at most 9'
    >>> in_words(inspect.type_info(Literal["family", "clinician"] | None))
    'one of clinician, family'
    """
    if isinstance(kind, inspect.Metadata):
        schema = kind.extra_json_schema or {}
        if "enum" in schema:
            return "one of " + ", ".join(map(str, schema["enum"]))
        return str(schema.get("description", "")) or in_words(kind.type)
    if isinstance(kind, inspect.UnionType):
        each = [in_words(one) for one in kind.types if not isinstance(one, inspect.NoneType)]
        return " or ".join(words for words in each if words)
    if isinstance(kind, inspect.LiteralType):
        return "one of " + ", ".join(map(str, kind.values))
    if isinstance(kind, inspect.EnumType):
        return "one of " + ", ".join(str(member.value) for member in kind.cls)
    if isinstance(kind, inspect.StructType):
        return "an object with " + ", ".join(each.encode_name for each in kind.fields)
    bounds = _bounds(kind)
    if isinstance(kind, inspect.ListType):
        items = in_words(kind.item_type)
        return f"a list{bounds}{f', each: {items}' if items else ''}"
    return next((words + bounds for of, words in _NAMES if isinstance(kind, of)), "")


_NAMES: Final = (
    (inspect.BoolType, "true or false"),
    (inspect.IntType, "a whole number"),
    (inspect.FloatType, "a number"),
    (inspect.StrType, "text"),
    (inspect.DictType, "an object"),
)
_BOUNDS: Final = (
    ("ge", "at least {}"),
    ("gt", "more than {}"),
    ("le", "at most {}"),
    ("lt", "less than {}"),
    ("min_length", "at least {} long"),
    ("max_length", "at most {} long"),
    ("pattern", "like {}"),
)


def _bounds(kind: inspect.Type) -> str:
    said = [
        words.format(bound) for name, words in _BOUNDS if (bound := getattr(kind, name, None)) is not None
    ]
    return "".join(f", {each}" for each in said)


def _without_null(kind: inspect.Type) -> inspect.Type:
    kind = kind.type if isinstance(kind, inspect.Metadata) else kind
    if isinstance(kind, inspect.UnionType):
        kinds = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
        return _without_null(kinds[0]) if len(kinds) == 1 else kind
    return kind
