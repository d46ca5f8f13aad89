"""The list of people: worst first, alive, and never saying that somebody is fine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from healthtwin.domain import HOUR_MS
from tests.web.served_portal import USUAL, now_ms

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.web.served_portal import Portal, Visitor

pytestmark = pytest.mark.browser

NEVER_SAID = re.compile(r"all clear|\bfine\b|\bhealthy\b|\bsafe\b|\bOK\b", re.IGNORECASE)


def names(page: Page) -> list[str]:
    return page.locator(".person-card h3").all_inner_texts()


def test_an_empty_house_tells_how_to_add_the_first_person_and_phone(portal: Portal, visitor: Visitor) -> None:
    page = visitor.open()
    empty = page.get_by_role("region", name="Nobody is here yet")
    expect(empty).to_contain_text("healthtwin person add")
    expect(empty).to_contain_text("healthtwin token create")
    expect(empty).to_contain_text(f"{portal.url}/api/vitals")


def test_a_person_without_readings_is_unknown(portal: Portal, visitor: Visitor) -> None:
    portal.add("Grace")
    card = visitor.open().locator(".person-card")
    expect(card).to_contain_text("Unknown")
    expect(card).to_contain_text("No reading yet")


def test_readings_that_went_stale_leave_a_person_unknown(portal: Portal, visitor: Visitor) -> None:
    dev = portal.add("Dev")
    portal.usual_days(dev, 2, until_ms=now_ms() - 30 * HOUR_MS)
    card = visitor.open().locator(".person-card")
    expect(card.locator(".chip")).to_have_text("Unknown")
    expect(card.locator(".headline")).to_have_text("No reading for 30 h")


def test_learning_is_counted_in_days(portal: Portal, visitor: Visitor) -> None:
    eve = portal.add("Eve")
    portal.usual_days(eve, 3)
    card = visitor.open().locator(".person-card")
    expect(card.locator(".chip")).to_have_text("Learning")
    expect(card.locator(".headline")).to_have_text(re.compile(r"Learning, day [34] of 30"))


def test_who_turns_critical_moves_to_the_top_without_a_reload(portal: Portal, visitor: Visitor) -> None:
    portal.add("Ada")
    zoe = portal.add("Zoe")
    # Two minutes before: a fall of 13 % within seconds would first ask for a second reading.
    portal.send(zoe, {"timestamp": now_ms() - 120_000, **USUAL})
    page = visitor.open()
    assert names(page) == ["Ada", "Zoe"]

    portal.breathless(zoe)

    top = page.locator(".person-card").first
    expect(top).to_contain_text("Zoe")
    expect(top.locator(".chip")).to_have_text("Critical")
    expect(page.locator("#overview")).to_have_text("1 of 2 needs somebody · 1 unknown")
    expect(page.locator("#announcer")).to_contain_text("Critical: Zoe")


def test_a_reading_shows_on_the_list_as_it_arrives(portal: Portal, visitor: Visitor) -> None:
    bo = portal.add("Bo")
    portal.send(bo, {"timestamp": now_ms() - 5000, **USUAL})
    page = visitor.open()
    portal.send(bo, {"timestamp": now_ms(), **USUAL, "heart_rate": 71})
    expect(page.locator(".values dd").first).to_have_text("71 /min")
    expect(page.locator(".person-card")).to_contain_text("Last reading just now")


def test_a_person_who_is_added_while_the_page_is_open_appears(portal: Portal, visitor: Visitor) -> None:
    page = visitor.open()
    finn = portal.add("Finn")
    portal.send(finn, {"timestamp": now_ms(), **USUAL})
    expect(page.locator(".person-card")).to_contain_text("Finn")


def test_a_long_list_can_be_searched_by_name(portal: Portal, visitor: Visitor) -> None:
    for number in range(9):
        portal.add(f"Person {number}")
    page = visitor.open()
    page.get_by_label("Find by name").fill("son 7")
    expect(page.locator(".person-card")).to_have_count(1)
    expect(page.locator(".person-card")).to_contain_text("Person 7")


def test_no_page_ever_says_that_somebody_is_fine(portal: Portal, visitor: Visitor) -> None:
    usual = portal.add("Finn")
    portal.usual_days(usual, 3)
    ill = portal.add("Ada")
    portal.breathless(ill)
    portal.add("Grace")
    for path in ("/", f"/people/{usual}", f"/people/{ill}", f"/alerts/{portal.alert_of(ill)}"):
        page = visitor.open(path)
        expect(page.locator("main")).not_to_contain_text(NEVER_SAID)
        expect(page.locator("footer")).to_contain_text("not a medical device")
        expect(page.locator("footer")).to_contain_text("Call your local emergency number first")
