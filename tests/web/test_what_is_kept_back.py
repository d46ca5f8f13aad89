"""What a person keeps back is said on the page in words, is not on it, and leaves an open page at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from healthtwin.access import ConsentLine, Consents
from tests.web.served_portal import USUAL, now_ms

if TYPE_CHECKING:
    from tests.web.served_portal import Portal, Visitor

pytestmark = pytest.mark.browser


def keep_back(portal: Portal, person: str, *kinds: str) -> None:
    lines = [ConsentLine(list(kinds), "treating", allowed=False)] if kinds else []
    Consents(portal.house.tables).state(person, lines, now_ms(), by="g-herself")


def test_a_page_that_is_open_loses_at_once_what_is_taken_back_and_says_so(
    portal: Portal, stranger: Visitor
) -> None:
    ada = portal.add("Ada")
    portal.send(ada, {"timestamp": now_ms() - 60_000, **USUAL})
    stranger.sign_in("clinician", (ada,))
    page = stranger.open(f"/people/{ada}")
    pulse = page.locator("[data-metric=heart_rate]")
    expect(pulse).to_contain_text("66")
    keep_back(portal, ada, "vitals")
    expect(page.locator("#standing")).to_contain_text("Not shared with you: readings", timeout=15_000)
    expect(pulse).to_have_count(0)
    portal.send(ada, {"timestamp": now_ms(), **USUAL})
    expect(page.locator("#standing")).to_contain_text("Unknown")
    page = stranger.open("/")
    expect(page.locator("main")).to_contain_text("Not shared with you: readings")
    keep_back(portal, ada)
    page = stranger.open(f"/people/{ada}")
    expect(pulse).to_contain_text("66")
    assert stranger.complaints == []


def test_who_runs_the_house_is_told_on_the_first_page_why_it_is_empty(
    portal: Portal, stranger: Visitor
) -> None:
    ada = portal.add("Ada")
    stranger.page.goto(portal.link("admin", everybody=False))
    stranger.page.locator("form button[type=submit]").click()
    stranger.page.wait_for_url(portal.url + "/")
    expect(stranger.page.locator("main")).to_contain_text("You run this house")
    expect(stranger.page.locator("main")).not_to_contain_text("Ada")
    stranger.page.get_by_role("link", name="How the house is").click()
    stranger.page.wait_for_url(portal.url + "/house")
    answer = stranger.page.goto(f"{portal.url}/people/{ada}")
    assert answer is not None
    assert answer.status == 404
