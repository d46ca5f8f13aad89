"""No axe violation on any page, in both themes, on a desk and on a small phone; everything by keyboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import expect

from healthtwin.access import Grant, Scope
from healthtwin.domain import Said
from healthtwin.forecast import Drift
from healthtwin.house import HouseWeeks
from healthtwin.house.weeks import week_to_note
from tests.web.served_portal import USUAL, now_ms, served_house, visitor_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.web.served_portal import Portal, Visitor

pytestmark = pytest.mark.browser

SMALL_PHONE = 320
DESK = 1280


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{page.url}: {each['id']}: {node['html']}" for each in found for node in each["nodes"]]


def is_wider_than_the_screen(page: Page) -> bool:
    wider: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wider


@dataclass
class LivedIn:
    """A house with somebody in every state that looks different."""

    portal: Portal
    ill: str
    held: str
    new: str


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivedIn]:
    with served_house(tmp_path_factory.mktemp("house") / "home") as portal:
        ill = portal.add("Ada Lindqvist-Featherstonehaugh")
        portal.usual_days(ill, 31)
        held, new = portal.add("Bo"), portal.add("Grace")
        clinician = Grant("t-clinician", "", Scope.CLINICIAN, None)
        portal.house.medicines.set_genes(clinician, ill, {"CYP2D6": "*4/*4", "CYP2C19": "*2/*2"})
        portal.house.medicines.set_medicines(clinician, ill, ["codeine", "citalopram"])
        for person in (ill, held):
            portal.breathless(person)
            portal.alert_of(person)
        portal.house.tick()
        told = portal.house.operations.health()
        assert told.trained_alarms is not None
        HouseWeeks(portal.house.tables).note(
            week_to_note(now_ms(), told.trained_alarms, [Drift("hypoxia", 900.0, 0.3, Said("drift-unlike"))])
        )
        yield LivedIn(portal, ill, held, new)


EVERY_SCREEN = pytest.mark.parametrize(
    ("theme", "width"),
    [("light", SMALL_PHONE), ("dark", SMALL_PHONE), ("light", DESK), ("dark", DESK)],
)


@EVERY_SCREEN
def test_no_page_has_an_accessibility_violation(
    lived_in: LivedIn, browser: Browser, theme: Literal["light", "dark"], width: int
) -> None:
    portal = lived_in.portal
    somebody = visitor_of(portal, browser, theme, width)
    somebody.sign_in()
    assert len(portal.house.medicines.findings(lived_in.ill).findings) > 1, (
        "a page without findings would prove less"
    )
    alert = portal.alert_of(lived_in.ill)
    for path in (
        "/",
        "/house",
        "/sharing",
        f"/people/{lived_in.ill}",
        f"/people/{lived_in.new}",
        f"/alerts/{alert}",
    ):
        page = somebody.open(path)
        for summary in page.locator("summary:visible").all():
            summary.click()
        assert violations(page) == []
        assert not is_wider_than_the_screen(page), path
    page = somebody.open(f"/people/{lived_in.held}")
    page.get_by_role("button", name="15 min").click()
    expect(page.locator(".alerts-off")).to_be_visible()
    assert violations(page) == [], "with a notice and the snooze on screen"
    somebody.context.close()


@EVERY_SCREEN
def test_doors_and_dead_ends_have_no_accessibility_violation(
    portal: Portal, browser: Browser, theme: Literal["light", "dark"], width: int
) -> None:
    somebody = visitor_of(portal, browser, theme, width)
    doors = [portal.url + "/sign-in", portal.url + "/sign-in/no-such-link", portal.link()]
    for door in doors:
        somebody.page.goto(door)
        assert violations(somebody.page) == []
        assert not is_wider_than_the_screen(somebody.page), door
    somebody.sign_in()
    for path in ("/", "/people/p-none"):  # the empty house, and what is not there
        somebody.page.goto(portal.url + path)
        somebody.page.locator("h1").wait_for()
        assert violations(somebody.page) == []
        assert not is_wider_than_the_screen(somebody.page), path
    somebody.context.close()


def test_an_alert_can_be_found_and_acknowledged_without_a_mouse(portal: Portal, visitor: Visitor) -> None:
    ada = portal.add("Ada")
    portal.breathless(ada)
    portal.alert_of(ada)
    page = visitor.open()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Ada")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/people/{ada}")
    button = page.get_by_role("button", name="Acknowledge")
    for _ in range(20):
        page.keyboard.press("Tab")
        if button.evaluate("element => element === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".state-chip")).to_have_text("Acknowledged")
    in_card = "document.querySelector('.alert-card').contains(document.activeElement)"
    assert page.evaluate(in_card), "the focus must not fall out of the card when its button goes"


def test_a_repaint_leaves_the_focus_where_it_is(portal: Portal, visitor: Visitor) -> None:
    portal.add("Ada")
    bo = portal.add("Bo")
    portal.send(bo, {"timestamp": now_ms() - 5000, **USUAL})
    page = visitor.open()
    page.get_by_role("link", name="Bo").focus()
    portal.send(bo, {"timestamp": now_ms(), **USUAL, "heart_rate": 73})
    expect(page.locator(".person-card").filter(has_text="Bo")).to_contain_text("73")
    portal.breathless(bo)
    expect(page.locator(".person-card").first.locator(".chip")).to_have_text("Critical")
    expect(page.get_by_role("link", name="Bo")).to_be_focused()


def test_the_theme_is_kept_without_a_flash(portal: Portal, visitor: Visitor) -> None:
    page = visitor.open()
    page.get_by_role("button", name="Dark theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    answer = visitor.context.request.get(portal.url + "/")
    assert '<html lang="en" data-theme="dark">' in answer.text(), "the server already paints it dark"


def test_levels_stay_apart_without_colour(portal: Portal, visitor: Visitor) -> None:
    ada = portal.add("Ada")
    portal.breathless(ada)
    portal.alert_of(ada)
    portal.add("Grace")
    page = visitor.open()
    chips = page.locator(".person-card .chip")
    expect(chips).to_have_text(["Critical", "Unknown"])
    shapes = [chip.locator("path").first.get_attribute("d") for chip in chips.all()]
    assert len(set(shapes)) == 2
