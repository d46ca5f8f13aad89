"""A server that goes away and comes back: the page says so, and then catches up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.web.served_portal import USUAL, now_ms

if TYPE_CHECKING:
    from tests.web.served_portal import Portal, Visitor

pytestmark = pytest.mark.browser


def test_a_lost_connection_is_said_and_what_was_missed_appears(portal: Portal, stranger: Visitor) -> None:
    ada = portal.add("Ada")
    portal.send(ada, {"timestamp": now_ms() - 9000, **USUAL})
    stranger.sign_in()
    page = stranger.open(f"/people/{ada}")
    banner = page.locator("#offline-banner")
    expect(banner).to_be_hidden()

    port = portal.unplug()
    expect(banner).to_have_text(
        re.compile(r"^Connection lost at \d\d:\d\d\. What you see may be out of date")
    )
    expect(page.locator("#link-word")).to_have_text("Reconnecting")

    portal.serve(port)
    portal.send(ada, {"timestamp": now_ms(), **USUAL, "heart_rate": 72})
    expect(page.locator("#link-word")).to_have_text("Live", timeout=40_000)
    expect(banner).to_be_hidden()
    expect(page.locator("[data-metric=heart_rate] b")).to_have_text("72")


def test_a_session_that_ended_is_said_instead_of_reconnecting_for_ever(
    portal: Portal, stranger: Visitor
) -> None:
    ada = portal.add("Ada")
    stranger.sign_in()
    page = stranger.open(f"/people/{ada}")
    secret = next(cookie["value"] for cookie in stranger.context.cookies() if cookie["name"] == "healthtwin")
    portal.house.records.access.end_session(secret)
    portal.send(ada, {"timestamp": now_ms(), **USUAL})
    expect(page.locator("#offline-banner")).to_contain_text("You are signed out", timeout=40_000)
    page.get_by_role("link", name="Sign in again").click()
    page.wait_for_url(portal.url + "/sign-in")
