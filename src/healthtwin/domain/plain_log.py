"""What may stand in the log of a house: by allow-list, so that nothing about anybody's health can get there.

A line is made of texts of ours and of what is known to be harmless: numbers that a reviewed call names (a
test holds the list), names of a home's own files, kinds of errors and the lines of the program they came
through, and words that are marked as ours (`Logged`). All else, such as the message of an error, which may
quote what somebody sent, becomes a sign that something was withheld. Lines of other programs keep their level
and kind alone, since nobody here knows what stands in their texts.
"""

from __future__ import annotations

import logging
import re
import traceback
from enum import Enum
from pathlib import PurePath
from typing import Any, Final

WITHHELD: Final = "…"

OURS: Final = "healthtwin"

FILES: Final = re.compile(
    r"(?:address|home\.json|config\.toml|(?:audit|log|state|series|records|keys)\.db|(?:tls|ca)(?:-key)?\.pem"
    r"|spare-room|audit-spare-room|audit-heads(?:\.now)?)(?:\.damaged-\d{1,20})?"
)
"""Names of a home's own files; where the home lies is its operator's to know, and may name somebody."""

FOREIGN_TEXTS: Final = frozenset({"Invalid HTTP request received."})
"""Whole texts of other programs that are known to say nothing else."""

_PLACE: Final = re.compile(r"%(?:\([a-z_]+\))?[#0\- +]*\d*(?:\.\d+)?[diouxXeEfFgGcrsa%]")


class Logged(str):
    """A text that may stand in the log: a constant of ours, or an id of a thing that is no person.

    >>> shown(Logged("webhook")), shown("Ada")
    ('webhook', '…')
    """

    __slots__ = ()


def where_it_failed(error: BaseException) -> Logged:
    """The kind of an error and the lines it came through, without its message: that may hold readings.

    >>> where_it_failed(ValueError("heart rate of Ada: 180"))
    'ValueError'
    """
    frames = traceback.extract_tb(error.__traceback__)
    lines = (f"{frame.name} ({_short(frame.filename)}:{frame.lineno})" for frame in frames[::-1])
    return Logged(" < ".join([type(error).__name__, *lines]))


def _short(filename: str) -> str:
    """A file of a program from its package on: where it is installed may be in somebody's folder."""
    parts = PurePath(filename).parts
    for root in ("site-packages", "src"):
        if root in parts:
            return "/".join(parts[len(parts) - parts[::-1].index(root) :])
    return parts[-1] if parts else ""


def shown(value: object) -> object:
    """What stands in the log for an argument.

    >>> shown(7), shown(ValueError("Ada: 180")), shown(PurePath("/home/ada/twin/log.db"))
    (7, 'ValueError', 'log.db')
    """
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Logged):
        return str(value)
    if isinstance(value, PurePath):
        return value.name if FILES.fullmatch(value.name) else WITHHELD
    if isinstance(value, BaseException):
        return kinds_of(value)
    if isinstance(value, Enum):
        return value.name.lower()
    return WITHHELD


def kinds_of(error: BaseException) -> str:
    """The kind of an error, and of those that it came from.

    >>> kinds_of(KeyError("Ada"))
    'KeyError'
    """
    kinds: list[str] = []
    at: BaseException | None = error
    while at is not None and len(kinds) < _MOST_CAUSES:
        kinds.append(type(at).__name__)
        at = at.__cause__ or at.__context__
    return " < ".join(kinds)


_MOST_CAUSES: Final = 5


class PlainLines(logging.Formatter):
    """Formats records by the allow-list above."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """One line; nothing else of the record is looked at."""
        ours = record.name == OURS or record.name.startswith(f"{OURS}.")
        text = _text_of(record) if ours else _foreign_text(record)
        if record.exc_info and record.exc_info[1] is not None:
            text += f" [{_failed(record.exc_info[1])}]"
        plain = logging.LogRecord(
            record.name if ours else _name(record.name), record.levelno, "", 0, "%s", (text,), None
        )
        plain.created, plain.msecs = record.created, record.msecs
        return super().format(plain)


def _name(logger: str) -> str:
    """Loggers of libraries are named after their modules."""
    return logger if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]{0,60}", logger) else WITHHELD


def _text_of(record: logging.LogRecord) -> str:
    if not isinstance(record.msg, str):
        return WITHHELD
    if not record.args:
        return record.msg
    given = record.args if isinstance(record.args, tuple) else (record.args,)
    try:
        return _filled(record.msg, [shown(each) for each in given])
    except (TypeError, ValueError):
        return _PLACE.sub(WITHHELD, record.msg)


def _filled(template: str, given: list[object]) -> str:
    """The template with its arguments; what was withheld stands for numbers, too."""
    remaining = iter(given)

    def fill(place: re.Match[str]) -> str:
        if place[0] == "%%":
            return "%"
        value: Any = next(remaining, WITHHELD)
        if isinstance(value, (bool, int, float)):
            return place[0] % value
        return str(value)

    return _PLACE.sub(fill, template)


def _foreign_text(record: logging.LogRecord) -> str:
    if not record.args and record.msg in FOREIGN_TEXTS:
        return str(record.msg)
    return "(text withheld)"


def _failed(error: BaseException) -> str:
    return f"{kinds_of(error)}: {where_it_failed(error)}"
