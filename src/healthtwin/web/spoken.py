"""The words that a page speaks with, as one script per reader and language: runtime, catalogue, metric table.

A page loads the one of its language before its modules; the phone's service worker keeps all that the app
has, so that choosing another language works without a network.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import msgspec

from healthtwin.domain import METRICS
from healthtwin.domain.metrics import STALE_AFTER_MS
from healthtwin.domain.said import Said
from healthtwin.twin.state import DEFAULT_PHASES
from healthtwin.words import LANGUAGES, language_for, say
from healthtwin.words.languages import FOLDER

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

Reader: TypeAlias = Literal["portal", "app"]

READERS: Final[tuple[Reader, ...]] = ("portal", "app")

RUNTIME: Final = Path(__file__).parent / "static" / "vendor" / "fluent" / "index.js"
"""`@fluent/bundle`, as published."""

LANGUAGE_COOKIE: Final = "language"

_NOT_FOR: Final = {
    "portal": ("app.ftl", "measure.ftl", "doors.ftl", "gene_reasons.ftl", "mydata.ftl", "research.ftl"),
    "app": ("portal.ftl", "doors.ftl", "gene_reasons.ftl", "account.ftl", "research.ftl"),
}

_COMMENT: Final = re.compile(r"^#.*\n?", re.MULTILINE)


class MetricRow(msgspec.Struct, frozen=True):
    """What a page has to know of a metric; `unit` is UCUM, ranges and digits are in it."""

    unit: str
    digits: int
    low: float
    high: float
    stale_after_ms: int


class Phases(msgspec.Struct, frozen=True):
    """Days with data at which each phase of learning ends."""

    silent: int = DEFAULT_PHASES.silent_days
    soft: int = DEFAULT_PHASES.soft_days
    full: int = DEFAULT_PHASES.full_days


class Words(msgspec.Struct, frozen=True):
    """What `js/words.js` speaks from."""

    language: str
    reader: Reader
    catalogue: str
    metrics: dict[str, MetricRow]
    phase_ends: Phases = Phases()
    stale_after_ms: int = STALE_AFTER_MS


def script_name(reader: Reader, language: str) -> str:
    """Where the script lies among the static files.

    >>> script_name("app", "de")
    'words/app.de.js'
    """
    return f"words/{reader}.{language}.js"


def catalogue_text(reader: Reader, language: str) -> str:
    """Every message that this reader may need, in Fluent's syntax, without comments."""
    files = [path for path in sorted((FOLDER / language).glob("*.ftl")) if path.name not in _NOT_FOR[reader]]
    return "\n".join(_COMMENT.sub("", path.read_text(encoding="utf-8")) for path in files)


def script(reader: Reader, language: str) -> bytes:
    """The script itself: plain, so that it has run when the modules after it begin."""
    rows = {
        name: MetricRow(row.unit, row.digits, row.low, row.high, row.stale_after_ms)
        for name, row in METRICS.items()
    }
    words = Words(language, reader, catalogue_text(reader, language), rows)
    runtime = RUNTIME.read_bytes()
    key = msgspec.json.encode(language)
    return b"%s\n(globalThis.healthtwinWords ??= {})[%s] = %s;\n" % (runtime, key, msgspec.json.encode(words))


def language_names() -> dict[str, str]:
    """Every language there is, by its own name.

    >>> language_names()
    {'de': 'Deutsch', 'en': 'English'}
    """
    return {language: say(Said("language-name"), language) for language in LANGUAGES}


def language_of(request: HTTPConnection) -> str:
    """The language of whoever asks: chosen on this device, else named by the link, else their browser's."""
    for chosen in (request.cookies.get(LANGUAGE_COOKIE, ""), request.query_params.get(LANGUAGE_COOKIE, "")):
        if chosen in LANGUAGES:
            return chosen
    return language_for(request.headers.get("accept-language", ""))
