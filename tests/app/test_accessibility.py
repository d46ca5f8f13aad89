"""Every screen, in both themes and both languages: no axe violation, nothing wider than a small phone, all by
keyboard, every target large enough for a thumb."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import expect

from healthtwin.access import Grant, Scope
from healthtwin.notify import Decision
from tests.app.phone import SMALL_PHONE, phone_of
from tests.web.served_portal import USUAL, now_ms, served_house

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.app.phone import Phone
    from tests.web.served_portal import Portal

pytestmark = pytest.mark.browser

SCREENS = (
    "",
    "check",
    "ill",
    "alerts",
    "alerts/{alert}",
    "sharing",
    "settings",
    "waiting",
    "welcome/about",
    "welcome/history",
    "welcome/contacts",
    "welcome/permissions",
    "welcome/baseline",
    "pair",
)

THUMB_PX = 44

TOO_SMALL = """(least) => [...document.querySelectorAll("button, a[href], input, select, textarea, summary")]
  .filter((each) => each.offsetParent !== null && !each.closest(".visually-hidden, .skip"))
  .map((each) => [each, (each.closest("label") ?? each).getBoundingClientRect()])
  .filter(([each, box]) => box.width > 0 && box.height < least - 0.5)
  .filter(([each]) => !(each.tagName === "INPUT" && each.labels?.length))
  .filter(([each]) => !each.closest("p:not(.back, .queue-note, .more), li > span"))
  .map(([each, box]) => `${each.outerHTML.slice(0, 120)}: ${box.height}`)"""


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{page.url}: {each['id']}: {node['html']}" for each in found for node in each["nodes"]]


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Portal, str]]:
    """A person with a month behind her, an open alert, an old one, an entry and a guest."""
    with served_house(tmp_path_factory.mktemp("house") / "home") as portal:
        ada = portal.add("Ada Lindqvist-Featherstonehaugh")
        portal.usual_days(ada, 31)
        portal.breathless(ada)
        clinician = Grant("t-clinician", "", Scope.CLINICIAN, None)
        portal.house.notify.act(clinician, portal.alert_of(ada), Decision("resolve"))
        portal.send(ada, {"timestamp": now_ms(), **USUAL})
        portal.send(ada, {"timestamp": now_ms(), **USUAL, "heart_rate": 175.0, "activity_level": 0})
        portal.alert_of(ada)
        yield portal, ada


@pytest.mark.parametrize("language", ["en-GB", "de-DE"])
def test_no_screen_has_a_violation_or_runs_off_a_small_phone(
    lived_in: tuple[Portal, str], browser: Browser, language: str
) -> None:
    portal, ada = lived_in
    phone = phone_of(portal, browser, language=language, width=SMALL_PHONE)
    phone.pair(ada)
    phone.submit(
        f"/api/people/{ada}/events",
        {"kind": "symptom", "timestamp": now_ms(), "text": "Donaudampfschifffahrtsgesellschaft" * 3},
    )
    phone.submit("/api/vitals", {"timestamp": now_ms(), "heart_rate": 900})
    found, wide, small = [], [], []
    for path in SCREENS:
        screen = path.format(alert=portal.alert_of(ada))
        phone.open(screen)
        phone.page.wait_for_timeout(150)
        for scheme in ("light", "dark"):
            phone.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            found += violations(phone.page)
        small += phone.page.evaluate(TOO_SMALL, THUMB_PX)
        if phone.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(screen)
    phone.context.close()
    assert found == []
    assert wide == []
    assert small == []
    assert phone.complaints == []


def test_everything_is_reached_by_keyboard_and_the_focus_follows_the_screen(phone: Phone) -> None:
    page = phone.open()
    page.keyboard.press("Tab")
    expect(page.locator("#skip")).to_be_focused()
    seen = []
    for _ in range(30):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.dataset.tab ?? document.activeElement.id"))
        if seen[-1] == "ill":
            break
    assert seen[-1] == "ill", seen
    assert "call" in seen
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="I don’t feel well")).to_be_focused()
    expect(page.locator(".tab[aria-current=page]")).to_have_text("Unwell")
    assert page.title() == "I don’t feel well · healthtwin"
    page.go_back()
    expect(page.get_by_role("heading", name="Ada, now")).to_be_focused()


def test_the_language_is_changed_on_the_spot_and_stays(phone: Phone) -> None:
    page = phone.page
    page.locator("#to-settings").click()
    page.get_by_label("Language").select_option("de")
    expect(page.get_by_role("heading", level=1)).to_have_text("Einstellungen")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator(".tab").first).to_have_text("Jetzt")
    phone.open()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ada, jetzt")


def test_nothing_moves_for_those_who_asked_for_stillness(phone: Phone) -> None:
    phone.page.emulate_media(reduced_motion="reduce")
    phone.open()
    moving = phone.page.evaluate(
        "document.getAnimations().filter((each) => each.playState === 'running').length"
    )
    assert moving == 0
