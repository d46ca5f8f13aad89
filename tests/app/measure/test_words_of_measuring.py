"""The measuring screens in every language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from healthtwin.web.assets import STATIC
from healthtwin.words import LANGUAGES
from healthtwin.words.catalogue import catalogue

if TYPE_CHECKING:
    from tests.app.measure.conftest import Screen

MEASURE = STATIC / "app" / "measure"

KINDS = ("pulse", "breathing", "tremor", "balance", "walk", "cough", "typed", "oximeter", "strap")


def test_every_word_that_a_screen_says_exists() -> None:
    known = {message.removeprefix("measure-") for message in catalogue("en")}
    said: set[str] = set()
    for module in MEASURE.glob("*.js"):
        text = module.read_text(encoding="utf-8")
        said |= set(re.findall(r'\bsay\("([\w-]+)"', text))
        said |= set(re.findall(r'(?:stage|this)\.button\("([\w-]+)"', text))
        said |= set(re.findall(r'hint\.show\("([\w-]+)"', text))
        for prefix in re.findall(r"\bsay\(`([\w-]+-)\${", text):
            assert any(key.startswith(prefix) for key in known), (module.name, prefix)
    assert len(said) > 40
    assert said - known == set()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_its_title_and_line_in_the_list(kind: str, language: str) -> None:
    assert {f"measure-{kind}-title", f"measure-{kind}-short"} <= set(catalogue(language))


@pytest.mark.browser
def test_a_screen_speaks_the_language_of_the_app(screen: Screen) -> None:
    assert screen.open("check", "de").locator("h1").inner_text() == "Werte messen"
    assert screen.open("check", "en").locator("h1").inner_text() == "Check vitals"
