"""One-time links: opening one changes nothing, pressing its button signs in, a second use is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.web.served_portal import visitor_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.web.served_portal import Portal, Visitor

pytestmark = pytest.mark.browser


def test_who_is_not_signed_in_is_led_to_the_door(portal: Portal, stranger: Visitor) -> None:
    for path in ("/", "/people/p-x", "/alerts/a-x"):
        stranger.page.goto(portal.url + path)
        assert stranger.page.url == portal.url + "/sign-in"
    expect(stranger.page.get_by_text("healthtwin sign-in-link")).to_be_visible()


def test_opening_a_link_uses_nothing_up(portal: Portal, stranger: Visitor, browser: Browser) -> None:
    link = portal.link()
    scanner = visitor_of(portal, browser)
    for _ in range(3):
        scanner.page.goto(link)
    scanner.context.close()
    stranger.page.goto(link)
    stranger.page.get_by_role("button", name="Sign in").click()
    stranger.page.wait_for_url(portal.url + "/")


def test_a_link_works_once(portal: Portal, stranger: Visitor, browser: Browser) -> None:
    link = portal.link()
    stranger.page.goto(link)
    stranger.page.get_by_role("button", name="Sign in").click()
    stranger.page.wait_for_url(portal.url + "/")
    late = visitor_of(portal, browser)
    late.page.goto(link)
    late.page.get_by_role("button", name="Sign in").click()
    expect(late.page.get_by_role("heading", level=1)).to_have_text("This link no longer works")
    late.page.goto(portal.url + "/")
    assert late.page.url == portal.url + "/sign-in"
    late.context.close()


def test_signing_out_ends_the_session(portal: Portal, stranger: Visitor) -> None:
    stranger.sign_in()
    stranger.open().get_by_role("button", name="Sign out").click()
    stranger.page.wait_for_url(portal.url + "/sign-in")
    stranger.page.goto(portal.url + "/")
    assert stranger.page.url == portal.url + "/sign-in"
