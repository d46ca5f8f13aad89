"""The portal in an emergency: the reason is typed, a banner counts down, one relation is chosen of two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import expect

from healthtwin.access import Credentials
from tests.web.served_portal import now_ms, visitor_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.web.served_portal import Portal

pytestmark = pytest.mark.browser


def violations(page: Page) -> list[str]:
    return [each["id"] for each in Axe().run(page).response["violations"]]


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 320)])
def test_a_clinician_sees_a_stranger_for_an_hour_and_ends_it(
    portal: Portal, browser: Browser, theme: str, width: int
) -> None:
    treated, grete = portal.add("Ada"), portal.add("Grete Hoffmann", birth_year=1938)
    doctor = visitor_of(portal, browser, theme, width)  # type: ignore[arg-type]
    doctor.sign_in("clinician", (treated,))
    page = doctor.open("/sharing")
    assert violations(page) == []
    page.get_by_label("Name, exactly as known here").fill("Grete Hoffmann")
    page.get_by_label("Year of birth").fill("1938")
    page.get_by_label("Why you must see them now").fill("ab")
    page.get_by_role("button", name="See them for an hour").click()
    expect(page.get_by_role("alert").filter(has_text="at least 3 characters")).to_be_visible()
    page.get_by_label("Why you must see them now").fill("found unconscious, allergies?")
    page.get_by_role("button", name="See them for an hour").click()
    page.wait_for_url(f"{portal.url}/people/{grete}")
    expect(page.locator("#glass-banner")).to_contain_text("60 min left")
    assert violations(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    page.get_by_role("button", name="End it now").click()
    page.wait_for_url(portal.url + "/")
    doctor.context.close()
    assert doctor.complaints == []


def test_whoever_runs_the_house_is_told_who_and_whom_and_not_why(portal: Portal, browser: Browser) -> None:
    treated, grete = portal.add("Ada"), portal.add("Grete Hoffmann", birth_year=1938)
    admin, doctor = visitor_of(portal, browser), visitor_of(portal, browser)
    admin.sign_in()
    doctor.sign_in("clinician", (treated,))
    doctor.open("/sharing")
    said = doctor.page.evaluate(
        """async (person) => (await fetch(`/api/people/${person}/break-glass`, { method: "POST",
          headers: { "Content-Type": "application/json",
                     "X-CSRF-Token": document.querySelector("meta[name=csrf-token]").content },
          body: JSON.stringify({ reason: "found unconscious in the street" }) })).status""",
        grete,
    )
    assert said == 201
    page = admin.page
    page.goto(portal.url + "/")
    notice = page.locator(".access-notice")
    expect(notice).to_contain_text("broke the glass to")
    assert "unconscious" not in page.content()
    assert "Grete" not in notice.inner_text()
    assert violations(page) == []
    notice.get_by_role("button", name="I have read this").click()
    expect(notice).to_have_count(0)
    for visitor in (admin, doctor):
        visitor.context.close()


def test_a_daughter_who_is_a_clinician_chooses_what_she_is(portal: Portal, browser: Browser) -> None:
    father = portal.add("Erik")
    link = Credentials(portal.house.tables).create_link("family", [father], now_ms(), label="Anna")
    anna = visitor_of(portal, browser)
    anna.sign_in("clinician", (father,))
    page = anna.page
    page.goto(f"{portal.url}/sign-in/{link.secret}")
    expect(page.get_by_text("This invitation is for Anna.")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="It is for me: add Erik to what I see").click()
    page.wait_for_url(portal.url + "/sharing")
    expect(page.locator("#reach")).to_contain_text("as family")
    anna.open(f"/people/{father}")
    expect(page.locator("#acting-banner")).to_contain_text("You see Erik as family.")
    page.get_by_role("button", name="See Erik as somebody who treats").click()
    expect(page.locator("#acting-banner")).to_contain_text("You see Erik as somebody who treats.")
    assert violations(page) == []
    anna.context.close()
    assert anna.complaints == []
