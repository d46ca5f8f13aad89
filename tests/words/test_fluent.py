"""A code and its facts become a sentence by the rules of Project Fluent, in each language."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS, Said, quoted
from healthtwin.words import language_for, say, speaking
from healthtwin.words.catalogue import Catalogue, CatalogueError
from healthtwin.words.numbers import between, fixed
from healthtwin.words.plurals import plural
from healthtwin.words.sentences import Speaker

BASE = 'decimal-mark = .\nlist-separator = { ", " }\n'


def speaker(source: str, language: str = "en", zone: str = "UTC") -> Speaker:
    return Speaker(Catalogue(language, {"base.ftl": BASE, "test.ftl": source}), zone)


def test_a_deviation_is_said_in_the_words_of_each_language() -> None:
    said = Said.of(
        "evidence-deviation",
        metric="body_temperature",
        value=38.24,
        expected=36.8,
        spread=0.3,
        distance=4.8,
        direction="above",
        hour=4,
        activity=None,
        lasting=Said.of("lasting", ms=3 * DAY_MS),
    )
    assert say(said) == "Body temperature 38.2 °C; for you at 04:00, 36.8 ± 0.30; 4.8 above; for 3 days"
    assert say(said, "de") == (
        "Körpertemperatur 38,2 °C; für Sie um 04:00, 36,8 ± 0,30; 4,8 darüber; seit 3 Tagen"
    )


def test_a_quotation_stands_as_it_is_in_every_language() -> None:
    assert say(quoted("NHS { 1 }"), "de") == "NHS { 1 }"


def test_several_parts_are_listed_and_no_part_is_none() -> None:
    words = speaker("list = [{ $parts }]\npart = { $n }")
    assert words.say(Said.of("list", parts=(Said.of("part", n=1.5), Said.of("part", n=2)))) == "[1.5, 2]"
    assert words.say(Said.of("list", parts=())) == "[none]"


@pytest.mark.parametrize(
    ("fact", "spoken"),
    [(0, "no"), (1, "one"), (2, "2 things"), (None, "nothing"), (True, "yes"), ("x", "x!")],
)
def test_a_variant_is_chosen_by_number_then_plural_then_name(fact: object, spoken: str) -> None:
    words = speaker(
        "m = { $fact ->\n    [0] no\n    [one] one\n    [none] nothing\n    [true] yes\n    [x] x!\n"
        "   *[other] { $fact } things\n }"
    )
    assert words.say(Said("m", {"fact": fact})) == spoken  # type: ignore[dict-item]


def test_terms_attributes_and_references_are_filled() -> None:
    words = speaker(
        '-name = { $case ->\n    [of] twin’s\n   *[plain] twin\n }\nm = the { -name(case: "of") } { n }\n'
        "    .source = by { -name }\nn = { $what }\n"
    )
    assert words.say(Said.of("m", what="day")) == "the twin’s day"
    assert words.say(Said("m.source")) == "by twin"


def test_a_missing_fact_message_or_attribute_is_a_mistake_that_is_named() -> None:
    words = speaker("m = { $a }")
    for said in (Said("m"), Said("n"), Said("m.source", {"a": 1})):
        with pytest.raises(CatalogueError):
            words.say(said)


def test_an_id_stands_once_in_a_language() -> None:
    with pytest.raises(CatalogueError, match="twice"):
        Catalogue("en", {"a.ftl": "m = a", "b.ftl": "m = b"})


def test_the_clock_and_the_day_are_those_of_the_reader() -> None:
    source = "m = { TIME($at) }, { DATE($at) }\ndate = { $day }.{ $month }.{ $year }"
    at = Said.of("m", at=1_772_323_500_000)  # 2026-03-01 00:05 UTC
    assert speaker(source).say(at) == "00:05, 1.3.2026"
    assert speaker(source, zone="America/New_York").say(at) == "19:05, 28.2.2026"


@pytest.mark.parametrize(
    ("ms", "en", "de"),
    [
        (30_000, "less than a minute", "weniger als einer Minute"),
        (MINUTE_MS, "1 minute", "1 Minute"),
        (40 * MINUTE_MS, "40 minutes", "40 Minuten"),
        (2 * HOUR_MS, "2 h", "2 h"),
        (150 * MINUTE_MS, "2 h 30 min", "2 h 30 min"),
        (3 * DAY_MS + HOUR_MS, "3 days", "3 Tagen"),
    ],
)
def test_a_span_is_said_as_people_say_it(ms: int, en: str, de: str) -> None:
    assert say(Said.of("lasting", ms=ms)) == en
    assert say(Said.of("lasting", ms=ms), "de") == de


@given(st.integers(0, 10**6))
def test_an_english_plural_is_one_for_one_alone(count: int) -> None:
    assert plural("en", str(count)) == ("one" if count == 1 else "other")


@pytest.mark.parametrize(
    ("language", "categories"),
    [
        ("fr", {"0": "one", "1.5": "one", "2": "other", "1000000": "many"}),
        ("pl", {"1": "one", "22": "few", "12": "many", "1.5": "other"}),
        ("cs", {"1": "one", "4": "few", "5": "other", "1.5": "many"}),
        ("ar", {"0": "zero", "1": "one", "2": "two", "5": "few", "11": "many", "100": "other"}),
        ("es", {"1": "one", "1.0": "one", "0": "other", "2000000": "many"}),
    ],
)
def test_plurals_follow_cldr(language: str, categories: dict[str, str]) -> None:
    assert {written: plural(language, written) for written in categories} == categories


@given(st.floats(-1e6, 1e6), st.integers(0, 3))
def test_a_number_is_never_further_from_its_words_than_half_a_step(value: float, digits: int) -> None:
    assert abs(float(fixed(value, digits)) - value) <= 0.5 * 10**-digits + 1e-9
    assert float(between(value, 0, digits)) == float(fixed(value, digits))


@pytest.mark.parametrize(
    ("header", "language"),
    [("", "en"), ("de", "de"), ("de-CH,de;q=0.9,en;q=0.8", "de"), ("en;q=0.4, de;q=0.5", "de"), ("xx", "en"),
     ("*", "en"), ("de;q=0", "en"), ("de;q=x", "en"), ("de_DE.UTF-8", "de"), ("C.UTF-8", "en")],
)  # fmt: skip
def test_the_best_of_our_languages_is_spoken(header: str, language: str) -> None:
    assert language_for(header) == language


def test_a_language_is_spoken_inside_its_block_alone() -> None:
    said = Said.of("lasting", ms=3 * DAY_MS)
    with speaking("de"):
        assert say(said) == "3 Tagen"
        with speaking(zone="Europe/Berlin"):
            assert say(said) == "3 Tagen"
    assert say(said) == "3 days"


def test_importing_words_parses_nothing() -> None:
    code = "import sys, healthtwin.words; sys.exit('fluent.syntax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
