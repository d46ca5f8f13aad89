"""From a pairing code to "Now": the first minutes with the app, and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.web.served_portal import USUAL, now_ms

if TYPE_CHECKING:
    from tests.app.phone import Phone
    from tests.web.served_portal import Portal

pytestmark = pytest.mark.browser


def test_a_code_from_a_link_leads_to_the_persons_own_now(portal: Portal, ada: str, phone: Phone) -> None:
    portal.send(ada, {"timestamp": now_ms(), **USUAL})
    page = phone.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Ada, now")
    tile = page.locator(".tile[data-metric=heart_rate]")
    expect(tile).to_contain_text("66")
    expect(tile).to_contain_text("still learning your usual")


def test_a_phone_with_nothing_measured_is_unknown_and_never_fine(phone: Phone) -> None:
    standing = phone.page.locator(".standing-card")
    expect(standing.locator(".chip")).to_have_text("Unknown")
    expect(standing).to_contain_text("How you are now is unknown")
    expect(phone.page.locator(".call-note")).to_contain_text("If you feel ill, call")
