"""Somebody who reads German meets no English sentence, on any page; the choice is kept on the device."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fluent.syntax import FluentParser, ast
from playwright.sync_api import expect

from healthtwin.words.languages import FOLDER
from tests.web.served_portal import visitor_of
from tests.web.test_accessibility import LivedIn, is_wider_than_the_screen, lived_in, violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.web.served_portal import Portal, Visitor

__all__ = ["lived_in"]

pytestmark = pytest.mark.browser

SMALL_PHONE = 320

WORDS_OF_A_PAGE = """() => {
  const attributes = ["aria-label", "placeholder", "title", "alt"];
  const said = [...document.querySelectorAll("body *")].flatMap((each) => attributes.map((name) => each.getAttribute(name)));
  return [document.title, document.body.innerText, ...said.filter(Boolean)].join("\\n").replace(/\\s+/g, " ");
}"""  # noqa: E501


def texts(node: object) -> Iterator[str]:
    """The words of a pattern between its facts."""
    match node:
        case ast.Pattern():
            for element in node.elements:
                yield from (
                    [element.value] if isinstance(element, ast.TextElement) else texts(element.expression)
                )
        case ast.SelectExpression():
            for variant in node.variants:
                yield from texts(variant.value)
        case ast.Placeable():
            yield from texts(node.expression)


def sayings(language: str) -> set[str]:
    """Whatever a catalogue says in two words or more, in a row."""
    parser = FluentParser(with_spans=False)
    found = set()
    for path in (FOLDER / language).glob("*.ftl"):
        for entry in parser.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(entry, ast.Message):
                patterns = [entry.value, *(each.value for each in entry.attributes)]
                found |= {" ".join(text.split()) for pattern in patterns for text in texts(pattern)}
    said = {text.strip(" ,;:.()") for text in found}
    return {text for text in said if len(text.split()) > 1 and any(map(str.isalpha, text))}


@pytest.fixture(scope="module")
def english() -> set[str]:
    return sayings("en") - sayings("de")


def cut_off(page: Page) -> list[str]:
    """What lies beyond the edge of its own box, where nobody can scroll to it."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(".alert-card, .tile, .person-card, .risk, .finding, .door")]
          .filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.className + box.innerText)"""
    )
    return found


def english_in(page: Page, english: set[str]) -> list[str]:
    words = f" {page.evaluate(WORDS_OF_A_PAGE)} "
    return sorted(saying for saying in english if f" {saying}" in words and f"{saying} " in f"{words} ")


@pytest.mark.parametrize("width", [SMALL_PHONE, 1280])
def test_no_page_says_anything_in_english(
    lived_in: LivedIn, browser: Browser, english: set[str], width: int
) -> None:
    portal = lived_in.portal
    somebody = visitor_of(portal, browser, width=width, locale="de-DE")
    somebody.sign_in()
    assert len(english) > 300
    alert = portal.alert_of(lived_in.ill)
    for path in ("/", "/house", f"/people/{lived_in.ill}", f"/people/{lived_in.new}", f"/alerts/{alert}"):
        page = somebody.open(path)
        for summary in page.locator("summary:visible").all():
            summary.click()
        expect(page.locator("html")).to_have_attribute("lang", "de")
        assert english_in(page, english) == [], path
        assert violations(page) == []
        assert not is_wider_than_the_screen(page), path
        assert cut_off(page) == []
    page = somebody.open(f"/people/{lived_in.held}")
    page.get_by_role("button", name="15 min").click()
    expect(page.get_by_text("Alarme sind stumm bis").first).to_be_visible()
    assert english_in(page, english) == [], "with a toast and a notice"
    assert somebody.complaints == []
    somebody.context.close()


@pytest.mark.parametrize("width", [SMALL_PHONE, 1280])
def test_no_door_says_anything_in_english(
    portal: Portal, browser: Browser, english: set[str], width: int
) -> None:
    somebody = visitor_of(portal, browser, width=width, locale="de-AT")
    for door in (portal.url + "/sign-in", portal.url + "/sign-in/no-such-link", portal.link()):
        somebody.page.goto(door)
        assert english_in(somebody.page, english) == [], door
        assert violations(somebody.page) == []
        assert not is_wider_than_the_screen(somebody.page), door
    somebody.sign_in()
    for path in ("/", "/people/p-none"):
        somebody.page.goto(portal.url + path)
        somebody.page.locator("h1").wait_for()
        assert english_in(somebody.page, english) == [], path
        assert not is_wider_than_the_screen(somebody.page), path
    somebody.context.close()


def test_another_language_is_chosen_on_the_page_and_kept(portal: Portal, visitor: Visitor) -> None:
    portal.add("Ada")
    page = visitor.open()
    page.get_by_label("Language").select_option("de")
    expect(page.get_by_role("heading", name="Wer mich jetzt braucht")).to_be_visible()
    page.locator("#link-state[data-state=live]").wait_for()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("heading", name="Unbekannt")).to_be_visible()
    page = visitor.open("/house")
    expect(page.get_by_role("heading", level=1)).to_have_text("Wie es dem Haus geht")
    page.get_by_label("Sprache").select_option("en")
    expect(page.get_by_role("heading", level=1)).to_have_text("How the house is")
