"""What somebody does with an alert while nobody answers is kept, said to be on its way, and arrives."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.web.served_portal import now_ms

if TYPE_CHECKING:
    from tests.app.phone import Phone
    from tests.web.served_portal import Portal

pytestmark = pytest.mark.browser


def test_an_acknowledgement_without_a_network_is_kept_and_sent(
    portal: Portal, ada: str, phone: Phone
) -> None:
    portal.breathless(ada)
    alert = portal.alert_of(ada)
    phone.keeps_the_shell()
    page = phone.open("alerts")
    card = page.locator(".alert-card")
    expect(card.get_by_role("button", name="Acknowledge")).to_be_visible()
    phone.context.set_offline(True)
    card.get_by_role("button", name="Acknowledge").click()
    expect(card.locator(".kept-note")).to_contain_text("Your house does not know it yet")
    expect(card.locator(".state-chip")).to_have_text("Open")  # for everybody else it still is
    expect(page.locator(".toast").last).not_to_contain_text("Failed to fetch")
    page.locator("#queue-note a").click()
    phone.at("waiting")
    expect(page.locator(".queue-list .grant")).to_contain_text("Acknowledgement of an alert")
    phone.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    until = time.monotonic() + 20
    while portal.house.notify.alert(alert).state != "acknowledged" and time.monotonic() < until:
        page.wait_for_timeout(100)
    assert portal.house.notify.alert(alert).state == "acknowledged"


def test_what_waits_is_listed_with_its_values(phone: Phone) -> None:
    phone.keeps_the_shell()
    page = phone.open("waiting")
    phone.context.set_offline(True)
    phone.submit("/api/vitals", {"timestamp": now_ms(), "heart_rate": 72.0, "oxygen_saturation": 96.0})
    expect(page.locator(".queue-list .grant")).to_contain_text("72 /min")
    expect(page.locator(".queue-list .grant")).to_contain_text("96 %")
    phone.context.set_offline(False)
