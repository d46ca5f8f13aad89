"""From a code and its facts to a sentence, with the functions of this house."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from healthtwin.domain import DAY_MS, HOUR_MS, METRICS, MINUTE_MS
from healthtwin.domain.said import PLAIN, Said
from healthtwin.words.catalogue import CatalogueError, catalogue
from healthtwin.words.fluent import NOTHING, Number, Resolver
from healthtwin.words.languages import speech
from healthtwin.words.numbers import MOST_DIGITS, between, fixed, significant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from healthtwin.domain.said import Fact
    from healthtwin.words.catalogue import Catalogue
    from healthtwin.words.fluent import Options, Value

SEPARATOR: Final = "list-separator"

ROUGH_STEPS: Final = 5
"""A spread of fewer steps of its last digit than this gets one decimal more."""


def say(said: Said, language: str | None = None, zone: str | None = None) -> str:
    """The sentence.

    Args:
        said: a code of the catalogues with its facts.
        language, zone: None takes those of the `speaking` block around.

    Raises:
        CatalogueError: no such message, or a fact that it asks for is missing.
    """
    spoken = speech()
    return speaker(language or spoken.language, zone or spoken.zone).say(said)


def unit_id(unit: str) -> str:
    """The message that says how people write a UCUM unit.

    >>> unit_id("/min"), unit_id("mm[Hg]"), unit_id("%"), unit_id("m2/s4"), unit_id("1")
    ('unit-per-min', 'unit-mm-Hg', 'unit-percent', 'unit-m2-per-s4', 'unit-1')
    """
    slug = unit.replace("%", "percent").replace("/", "-per-").replace("[", "-").replace("]", "")
    return f"unit-{slug.strip('-')}"


def metric_id(metric: str) -> str:
    """The message that says what a metric is called.

    >>> metric_id("heart_rate")
    'metric-heart-rate'
    """
    return f"metric-{metric.replace('_', '-')}"


class Speaker:
    """Makes the sentences of one language and time zone.

    Args:
        words: its catalogue. zone: IANA name.
    """

    def __init__(self, words: Catalogue, zone: str = "UTC") -> None:
        self._zone = zone
        functions = {
            "NUMBER": self._number,
            "UNIT": self._unit,
            "METRIC": self._metric,
            "DURATION": self._duration,
            "TIME": self._time,
            "DATE": self._date,
            "READER": _reader,
        }
        self._resolver = Resolver(words, functions)

    def say(self, said: Said) -> str:
        """The sentence of this code with these facts.

        Raises:
            CatalogueError: as `healthtwin.words.say`.
        """
        if said.code == PLAIN:
            return str(said.facts["text"])
        message_id, _, attribute = said.code.partition(".")
        values = {name: self._value(fact) for name, fact in said.facts.items()}
        return self._resolver.text(message_id, attribute, values)

    def _value(self, fact: Fact | list[Said]) -> Value:
        match fact:
            case str():
                return fact
            case bool():
                return "true" if fact else "false"
            case int() | float():
                return Number(fact)
            case Said():
                return self.say(fact)
            case None:
                return NOTHING
        if not fact:
            return NOTHING
        return self._resolver.text(SEPARATOR, "", {}).join(self.say(part) for part in fact)

    def _form(self, message_id: str, form: str, values: dict[str, Value]) -> str:
        """The attribute `form` where the message has it, else the message."""
        attribute = form if form and self._resolver.has(message_id, form) else ""
        return self._resolver.text(message_id, attribute, values)

    def _number(self, given: Sequence[Value], options: Options) -> Value:
        value = _number_of(given[0]).value
        least = int(options.get("minimumFractionDigits", 0))
        most = int(options.get("maximumFractionDigits", max(MOST_DIGITS, least)))
        whole, mark, fraction = between(value, least, most).partition(".")
        padded = whole.zfill(int(options.get("minimumIntegerDigits", 1)))
        return Number(value, f"{padded}{mark}{fraction}")

    def _unit(self, given: Sequence[Value], options: Options) -> Value:
        value, metric = _number_of(given[0]).value, METRICS[str(given[1])]
        if "significant" in options:
            written = significant(value, int(options["significant"]))
        else:
            digits = int(options.get("digits", metric.digits))
            rough = options.get("fine") == "yes" and abs(value) < ROUGH_STEPS * 10**-digits
            written = fixed(value, digits + 1 if rough else digits)
        unit = "" if options.get("unit") == "no" else self._resolver.text(unit_id(metric.unit), "", {})
        if not unit:
            return Number(value, written)
        number = self._resolver.marked(written)
        return self._resolver.text("value-with-unit", "", {"number": number, "unit": unit})

    def _metric(self, given: Sequence[Value], options: Options) -> Value:
        return self._form(metric_id(str(given[0])), str(options.get("form", "")), {})

    def _duration(self, given: Sequence[Value], options: Options) -> Value:
        ms, form = int(_number_of(given[0]).value), str(options.get("form", ""))
        if ms < MINUTE_MS:
            return self._form("duration-under-a-minute", form, {})
        if ms < 2 * HOUR_MS:
            return self._form("duration-minutes", form, {"minutes": Number(ms // MINUTE_MS)})
        if ms >= 2 * DAY_MS:
            return self._form("duration-days", form, {"days": Number(ms // DAY_MS)})
        hours, minutes = Number(ms // HOUR_MS), Number(ms % HOUR_MS // MINUTE_MS)
        if minutes.value:
            return self._form("duration-hours-minutes", form, {"hours": hours, "minutes": minutes})
        return self._form("duration-hours", form, {"hours": hours})

    def _moment(self, given: Sequence[Value]) -> datetime:
        return datetime.fromtimestamp(_number_of(given[0]).value / 1000, ZoneInfo(self._zone))

    def _time(self, given: Sequence[Value], options: Options) -> Value:
        del options
        return self._moment(given).strftime("%H:%M")

    def _date(self, given: Sequence[Value], options: Options) -> Value:
        at = self._moment(given)
        values: dict[str, Value] = {"day": Number(at.day), "month": Number(at.month), "year": str(at.year)}
        return self._form("date", str(options.get("form", "")), values)


def _reader(given: Sequence[Value], options: Options) -> Value:
    del given, options
    return speech().reader


@cache
def speaker(language: str, zone: str) -> Speaker:
    """The one that makes the sentences of this language and time zone."""
    return Speaker(catalogue(language), zone)


def _number_of(value: Value) -> Number:
    if isinstance(value, str):
        raise CatalogueError(f"a number is asked for, not {value!r}")
    return value
