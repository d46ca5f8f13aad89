"""Which languages there are (one folder each), and which one is being spoken."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = Path(__file__).parent
DEFAULT_LANGUAGE: Final = "en"

LANGUAGES: Final[tuple[str, ...]] = tuple(sorted(path.parent.name for path in FOLDER.glob("*/said.ftl")))
"""BCP 47 primary tags of the catalogues that are there."""


SELF: Final = "self"
OTHER: Final = "other"


@dataclass(frozen=True, slots=True)
class Speech:
    """How sentences are made where nobody says otherwise.

    Attributes:
        zone: IANA name.
        reader: whether who reads is the person spoken of (``self``) or somebody else (``other``).
    """

    language: str = DEFAULT_LANGUAGE
    zone: str = "UTC"
    reader: str = SELF


_PLAIN: Final = Speech()
_SPEECH: ContextVar[Speech] = ContextVar("speech", default=_PLAIN)


def speech() -> Speech:
    """Language and time zone of the block around."""
    return _SPEECH.get()


def spoken_language() -> str:
    """The language of the `speaking` block around; English outside of any."""
    return _SPEECH.get().language


@contextmanager
def speaking(
    language: str | None = None, zone: str | None = None, reader: str | None = None
) -> Iterator[None]:
    """Sentences inside are in this language, time zone and for this reader; None leaves the one around.

    Args:
        language: one of `LANGUAGES`. zone: IANA name. reader: `SELF` or `OTHER`.
    """
    around = _SPEECH.get()
    token = _SPEECH.set(Speech(language or around.language, zone or around.zone, reader or around.reader))
    try:
        yield
    finally:
        _SPEECH.reset(token)


@cache
def language_for(wanted: str) -> str:
    """The best of our languages for an ``Accept-Language`` header, or a locale such as ``de_AT.UTF-8``.

    >>> language_for("fr;q=0.9, de-AT;q=0.8, en;q=0.5"), language_for("de_DE.UTF-8"), language_for("")
    ('de', 'de', 'en')
    """
    return _best(wanted[:_LONGEST_HEADER])


_LONGEST_HEADER: Final = 200


def _best(wanted: str) -> str:
    ranked: list[tuple[float, str]] = []
    for part in wanted.split(","):
        tag, _, quality = part.partition(";")
        primary = tag.strip().replace("_", "-").split("-")[0].split(".")[0].lower()
        weight = _weight(quality)
        if weight > 0 and (primary in LANGUAGES or primary == "*"):
            ranked.append((-weight, DEFAULT_LANGUAGE if primary == "*" else primary))
    return min(ranked, key=lambda each: each[0])[1] if ranked else DEFAULT_LANGUAGE


def _weight(quality: str) -> float:
    name, _, value = quality.strip().partition("=")
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0
