"""A server that goes away and comes back: the page says so, and then catches up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from healthtwin.access import Credentials
from tests.web.served_portal import USUAL, now_ms

if TYPE_CHECKING:
    from playwright.sync_api import Route

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


def test_what_comes_between_a_page_and_its_stream_appears_and_nothing_is_asked_for_twice(
    portal: Portal, visitor: Visitor
) -> None:
    ada = portal.add("Ada")
    portal.send(ada, {"timestamp": now_ms() - 60_000, **USUAL})

    def in_between(route: Route) -> None:
        portal.breathless(ada)
        portal.alert_of(ada)
        route.continue_()

    visitor.page.wait_for_timeout(500)  # what the former page still asked for has gone out
    visitor.requests.clear()
    visitor.page.route("**/api/live?person=*", in_between, times=1)
    page = visitor.open(f"/people/{ada}")
    expect(page.locator(".alert-card")).to_contain_text("84 %")
    expect(page.locator("[data-metric=oxygen_saturation] b")).to_have_text("84")
    own = [url for url in visitor.requests if "/api/" in url and "/api/live" not in url]
    assert [url for url in own if "/api/alerts" in url or "/findings" in url] == []
    files = [url for url in visitor.requests if "/api/" not in url]
    assert len(files) <= 12, files


def test_a_session_that_ended_is_said_instead_of_reconnecting_for_ever(
    portal: Portal, stranger: Visitor
) -> None:
    ada = portal.add("Ada")
    stranger.sign_in()
    page = stranger.open(f"/people/{ada}")
    secret = next(cookie["value"] for cookie in stranger.context.cookies() if cookie["name"] == "healthtwin")
    Credentials(portal.house.tables).end_session(secret)
    portal.send(ada, {"timestamp": now_ms(), **USUAL})
    expect(page.locator("#offline-banner")).to_contain_text("You are signed out", timeout=40_000)
    page.get_by_role("link", name="Sign in again").click()
    page.wait_for_url(portal.url + "/sign-in")
