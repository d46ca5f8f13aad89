"""The measuring screens in every language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from healthtwin.web.assets import STATIC

if TYPE_CHECKING:
    from tests.app.measure.conftest import Screen

MEASURE = STATIC / "app" / "measure"

KINDS = ("pulse", "breathing", "tremor", "balance", "walk", "cough", "typed", "oximeter", "strap")

_WORD = re.compile(r'^  "?([\w.]+)"?: "(.*)",$', re.MULTILINE)


def table(language: str) -> dict[str, str]:
    return dict(_WORD.findall((MEASURE / f"words_{language}.js").read_text(encoding="utf-8")))


def test_every_language_has_the_same_words_with_the_same_facts() -> None:
    english, german = table("en"), table("de")
    assert set(german) == set(english)
    assert len(english) > 200
    for key, text in english.items():
        assert set(re.findall(r"{\w+}", german[key])) == set(re.findall(r"{\w+}", text)), key


def test_every_word_that_a_screen_says_exists() -> None:
    english = table("en")
    said: set[str] = set()
    for module in MEASURE.glob("*.js"):
        text = module.read_text(encoding="utf-8")
        said |= set(re.findall(r'\bsay\("([\w.]+)"', text))
        said |= set(re.findall(r'stage\.button\("([\w.]+)"', text))
        for prefix in re.findall(r"\bsay\(`([\w.]+\.)\${", text):
            assert any(key.startswith(prefix) for key in english), (module.name, prefix)
    assert said - set(english) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_title_and_line_in_the_list(kind: str) -> None:
    for language in ("en", "de"):
        assert {f"{kind}.title", f"{kind}.short"} <= set(table(language))


def test_nobody_is_promised_what_nobody_can_know() -> None:
    for language, promises in {
        "en": r"all clear|you are fine|healthy|diagnos",
        "de": r"alles in ordnung|sie sind gesund|diagnos",
    }.items():
        for key, text in table(language).items():
            assert not re.search(promises, text, re.IGNORECASE), key


@pytest.mark.browser
def test_a_screen_speaks_the_language_of_the_app(screen: Screen) -> None:
    assert screen.open("check", "de").locator("h1").inner_text() == "Werte messen"
    assert screen.open("check", "en").locator("h1").inner_text() == "Check vitals"
