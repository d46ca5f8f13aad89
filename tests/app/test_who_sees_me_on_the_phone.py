"""Sharing on the phone: who sees what, kind by kind, what an emergency was, and one phone for two people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import httpx2
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import expect

from healthtwin.access import Credentials
from tests.app.phone import SMALL_PHONE, phone_of
from tests.web.served_portal import now_ms

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.app.phone import Phone
    from tests.web.served_portal import Portal

pytestmark = pytest.mark.browser


def token(portal: Portal, scope: str, person: str, label: str) -> dict[str, str]:
    made = Credentials(portal.house.tables).create_token(scope, [person], now_ms(), label=label)
    return {"Authorization": f"Bearer {made.secret}"}


def status(portal: Portal, path: str, headers: dict[str, str]) -> int:
    return httpx2.get(portal.url + path, headers=headers, timeout=30).status_code


def break_glass(portal: Portal, person: str, headers: dict[str, str]) -> None:
    said = httpx2.post(
        f"{portal.url}/api/people/{person}/break-glass",
        headers=headers,
        json={"reason": "found unconscious in the street"},
        timeout=30,
    )
    assert said.status_code == 201


def test_a_kind_is_kept_back_by_a_switch_and_given_again(portal: Portal, ada: str, phone: Phone) -> None:
    bo = token(portal, "family", ada, "Bo")
    page = phone.go("sharing")
    expect(page.get_by_text("Sees readings, alerts, what you write")).to_be_visible()
    page.locator("summary", has_text="What Bo may see").click()
    genes = page.get_by_role("switch", name="Genes and medicines").first
    genes.click()
    expect(page.get_by_text("Saved. It counts from now on.")).to_be_visible()
    assert status(portal, f"/api/people/{ada}/medicines", bo) == 403
    assert status(portal, f"/api/people/{ada}/events", bo) == 200
    expect(genes).not_to_be_checked()
    expect(genes).to_be_focused()
    genes.click()
    expect(page.get_by_text("Sees readings, alerts, what you write")).to_be_visible()
    assert status(portal, f"/api/people/{ada}/medicines", bo) == 200


def test_an_emergency_shows_at_once_on_whatever_screen_and_is_ended_there(
    portal: Portal, ada: str, phone: Phone
) -> None:
    stranger = portal.add("Grete")
    doctor = token(portal, "clinician", stranger, "Dr Bo")
    page = phone.page
    page.locator("#link-state[data-state=live]").wait_for()
    break_glass(portal, ada, doctor)
    notice = page.locator(".access-notice")
    expect(notice.get_by_role("heading")).to_have_text("Dr Bo sees your data now, as an emergency")
    expect(notice).to_contain_text("found unconscious in the street")
    assert status(portal, f"/api/people/{ada}", doctor) == 200
    notice.get_by_role("button", name="End it now").click()
    expect(notice.get_by_role("heading")).to_have_text("Dr Bo saw your data in an emergency")
    assert status(portal, f"/api/people/{ada}", doctor) == 404
    notice.get_by_role("button", name="No").click()
    expect(notice).to_have_count(0)
    phone.go("sharing")
    expect(page.get_by_text("You said that this was not right.")).to_be_visible()


def test_who_joined_is_told_and_undone(portal: Portal, ada: str, phone: Phone, browser: Browser) -> None:
    link = Credentials(portal.house.tables).create_link("family", [ada], now_ms(), label="Paul")
    paul = browser.new_context()
    page = paul.new_page()
    page.goto(f"{portal.url}/sign-in/{link.secret}")
    page.locator("form button[type=submit]").click()
    notice = phone.page.locator(".access-notice")
    expect(notice.get_by_role("heading")).to_have_text("Paul joined")
    notice.get_by_role("button", name="Undo").click()
    expect(notice).to_have_count(0)
    assert page.request.get(f"{portal.url}/api/people/{ada}").status == 401
    paul.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_emergency_and_a_young_person_are_shown_without_a_violation(
    portal: Portal, browser: Browser, theme: Literal["light", "dark"]
) -> None:
    mia = portal.add("Mia", birth_year=2014)
    token(portal, "family", mia, "Mother")
    break_glass(portal, mia, token(portal, "clinician", portal.add("Grete"), "Dr Bo"))
    phone = phone_of(portal, browser, theme=theme, language="de-DE", width=SMALL_PHONE)
    phone.pair(mia)
    page = phone.open("sharing")
    page.locator("summary", has_text="Was Mother sehen darf").click()
    switches = page.get_by_role("switch")
    expect(switches.first).to_be_disabled()  # until she has a sign-in of her own
    assert [each["id"] for each in Axe().run(page).response["violations"]] == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    phone.context.close()
    assert phone.complaints == []


def test_what_one_measured_stays_theirs_when_the_phone_becomes_anothers(
    portal: Portal, ada: str, phone: Phone
) -> None:
    bob = portal.add("Bob", timezone="UTC")
    phone.context.set_offline(True)
    phone.submit("/api/vitals", {"timestamp": now_ms(), "heart_rate": 61.0})
    phone.context.set_offline(False)
    # Before it went out, the phone is paired with somebody else.
    phone.context.route("**/api/vitals", lambda route: route.abort())
    phone.pair(bob)
    phone.context.unroute("**/api/vitals")
    phone.page.reload()
    phone.at("now")
    expect(phone.page.locator("h1")).to_have_text("Bob, now")
    kept = phone.page.evaluate(
        """async () => {
          const open = indexedDB.open("healthtwin");
          await new Promise((done) => { open.onsuccess = done; });
          const all = open.result.transaction("kept").objectStore("kept").getAll();
          await new Promise((done) => { all.onsuccess = done; });
          return JSON.stringify(all.result);
        }"""
    )
    assert ada not in kept
    assert httpx2.get(
        f"{portal.url}/api/people/{bob}/series",
        params={"metric": "heart_rate"},
        headers={"Authorization": f"Bearer {portal.tokens[bob]}"},
    ).json()["v"] == []  # fmt: skip
