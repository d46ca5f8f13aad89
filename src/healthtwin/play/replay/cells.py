"""Reading one cell: a number as people and programs write it, and the unit that may stand beside it.

What could be two numbers (`1,024` where nobody said which mark is which) is none.
"""

from __future__ import annotations

import math
import re
import unicodedata
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

MISSING_WORDS: Final = frozenset({"", "na", "n/a", "nan", "null", "none"})
"""What stands in a cell that holds no value, in any case of letters."""

_SPACES: Final = " \u00a0\u2009\u202f"
_GROUPS: Final = f"'’{_SPACES}"
"""Marks between thousands that are never decimal marks: apostrophes, spaces, thin spaces."""

_PLAIN: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_NUMBER: Final = re.compile(rf"([+-]?)((?:[0-9]|[.,](?=[0-9]))[0-9.,{_GROUPS}]*)([eE][+-]?[0-9]+)?")

_ALMOST: Final = MappingProxyType(
    {"\N{MINUS SIGN}": "-", "\N{FULLWIDTH FULL STOP}": ".", "\N{FULLWIDTH COMMA}": ","}
)
"""Signs that only look other than ours."""

_DECIMAL_OF_ARABIC: Final = "\N{ARABIC DECIMAL SEPARATOR}"
_THOUSANDS_OF_ARABIC: Final = "\N{ARABIC THOUSANDS SEPARATOR}"

UNITS_IN_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    dict.fromkeys(
        ("/min", "1/min", "bpm", "rpm", "beats/min", "breaths/min", "br/min", "beatsperminute", "count/min"),
        "/min",
    )
    | {"%": "%", "hz": "Hz", "/s": "/s", "ms": "ms", "us": "us", "µs": "us", "μs": "us"}
    | dict.fromkeys(("s", "sec"), "s")
    | dict.fromkeys(("°c", "c", "℃", "cel", "celsius", "degc", "ºc"), "Cel")
    | dict.fromkeys(("°f", "f", "℉", "fahrenheit", "degf", "[degf]", "ºf"), "[degF]")
    | dict.fromkeys(("k", "kelvin"), "K")
    | dict.fromkeys(("mmhg", "mm[hg]", "torr"), "mm[Hg]")
    | {"kpa": "kPa", "hpa": "hPa", "mbar": "hPa", "pa": "Pa", "mmol/l": "mmol/L", "mg/dl": "mg/dL", "g": "g"}
    | dict.fromkeys(("kg", "kgs"), "kg")
    | dict.fromkeys(("lb", "lbs", "[lb_av]", "pound", "pounds"), "[lb_av]")
    | dict.fromkeys(("steps", "step", "count"), "1")
)
"""How a unit is written beside a number, in lower case and without spaces → UCUM."""


class NoNumber(ValueError):
    """A cell that holds no number; the message says what would have been right."""


class Cell(NamedTuple):
    """A number, and the unit beside it as it was written ("" without one)."""

    number: float
    unit: str


def unit_in_words(text: str) -> str | None:
    """The UCUM unit that a file writes so; None for one that nobody here knows.

    >>> unit_in_words("mm Hg"), unit_in_words("°F"), unit_in_words("furlong")
    ('mm[Hg]', '[degF]', None)
    """
    return UNITS_IN_WORDS.get("".join(text.split()).casefold().rstrip("."))


def read_cell(text: str, decimal: str | None = None) -> Cell:
    """The number in a cell that is not empty.

    Args:
        text: without the spaces around it.
        decimal: the decimal mark that the mapping states; None when it states none.

    Raises:
        NoNumber: there is none, or there could be two.

    >>> read_cell("72"), read_cell("98.6 °F"), read_cell("1.024,5", ",").number
    (Cell(number=72.0, unit=''), Cell(number=98.6, unit='°F'), 1024.5)
    >>> read_cell("1,024")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    healthtwin.play.replay.cells.NoNumber: a number; say in the mapping whether its comma is a ... mark ...
    """
    if decimal in (None, ".") and _PLAIN.fullmatch(text):
        return Cell(float(text), "")
    text = text if text.isascii() else _in_our_digits(text, decimal or ".")
    found = _NUMBER.match(text)
    if found is None:
        raise NoNumber("a number")
    rest = text[found.end() :].strip()
    if any(sign.isdigit() or sign == "_" for sign in rest) and unit_in_words(rest) is None:
        raise NoNumber("a number")
    sign, body, exponent = found.groups()
    value = float(f"{sign}{_digits(body.rstrip(_SPACES), decimal)}{exponent or ''}")
    if not math.isfinite(value):
        raise NoNumber("a number")
    return Cell(value, rest)


def _digits(body: str, decimal: str | None) -> str:
    """The digits with a point for their decimal mark.

    Raises:
        NoNumber: marks that stand where none belongs.
    """
    mark = decimal or "."
    other = "," if mark == "." else "."
    whole, _, part = body.partition(mark)
    if re.fullmatch(r"[0-9]*", whole) and re.fullmatch(r"[0-9]*", part):
        return f"{whole or '0'}.{part or '0'}"
    grouped = re.fullmatch(rf"[0-9]{{1,3}}([{other}{_GROUPS}])[0-9]{{3}}(?:\1[0-9]{{3}})*", whole)
    if grouped and re.fullmatch(r"[0-9]*", part):
        between = grouped[1]
        if decimal is None and between == "," and whole.count(",") == 1 and mark not in body:
            raise NoNumber(
                "a number; say in the mapping whether its comma is a decimal mark (decimal = ',') or stands "
                "between thousands (decimal = '.')"
            )
        return f"{whole.replace(between, '')}.{part or '0'}"
    if decimal is None and re.fullmatch(r"[0-9]+,[0-9]+", body):
        raise NoNumber("a number; where the comma is its decimal mark, state decimal = ',' in the mapping")
    raise NoNumber(
        "a number" if decimal is None else f"a number whose decimal mark is {decimal!r}, as stated"
    )


def _in_our_digits(text: str, mark: str) -> str:
    """Digits of any script, and the marks of Arabic, as ASCII has them."""
    written = {_DECIMAL_OF_ARABIC: mark, _THOUSANDS_OF_ARABIC: "'", **_ALMOST}
    return "".join(
        written.get(sign) or (str(unicodedata.decimal(sign)) if sign.isdecimal() else sign) for sign in text
    )
