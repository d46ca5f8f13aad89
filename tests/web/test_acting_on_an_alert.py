"""The alert card: what happened, on what evidence, what to do first, and the three verbs."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from healthtwin.domain import MINUTE_MS
from tests.web.served_portal import USUAL, now_ms, visitor_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.web.served_portal import Portal, Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def ada(portal: Portal) -> str:
    person = portal.add("Ada", timezone="Europe/Berlin")
    portal.breathless(person)
    portal.alert_of(person)
    return person


def test_a_critical_alert_leads_to_emergency_services_before_anything_else(
    portal: Portal, ada: str, visitor: Visitor
) -> None:
    page = visitor.open(f"/alerts/{portal.alert_of(ada)}")
    card = page.locator(".alert-card")
    expect(card.locator(".chip")).to_have_text("Critical")
    expect(card.locator("h3").first).to_have_text("What to do first")
    first = card.locator(".call-first")
    expect(first).to_contain_text("call emergency services now")
    expect(first).to_contain_text("Nobody has been called for you")
    expect(first.get_by_role("link", name="Call 112")).to_have_attribute("href", "tel:112")


def test_the_evidence_names_value_time_and_source(portal: Portal, ada: str, visitor: Visitor) -> None:
    page = visitor.open(f"/alerts/{portal.alert_of(ada)}")
    table = page.get_by_role("table", name="Evidence behind this alert")
    row = table.locator("tbody tr").filter(has_text="84")
    expect(row.first).to_be_visible()
    expect(row.first.locator("td").nth(0)).to_have_text("84 %")
    expect(row.first.locator(".source")).not_to_be_empty()
    expect(page.get_by_role("heading", name="Who was told")).to_be_visible()


def test_acknowledging_shows_at_once_and_survives_a_reload(
    portal: Portal, ada: str, visitor: Visitor
) -> None:
    page = visitor.open(f"/people/{ada}")
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.locator(".state-chip")).to_have_text("Acknowledged")
    expect(page.get_by_role("button", name="Acknowledge")).to_have_count(0)
    expect(page.locator(".toast")).to_have_text("Acknowledged")
    assert portal.house.notify.alert(portal.alert_of(ada)).state == "acknowledged"
    page = visitor.open(f"/people/{ada}")
    expect(page.locator(".state-chip")).to_have_text("Acknowledged")


def test_a_snooze_stays_on_screen_until_it_is_over(portal: Portal, ada: str, visitor: Visitor) -> None:
    page = visitor.open(f"/people/{ada}")
    page.get_by_role("button", name="30 min").click()
    expect(page.locator(".alerts-off")).to_have_text(
        re.compile(r"^Alerts are off until (tomorrow )?\d\d:\d\d\.")
    )
    for path in (f"/people/{ada}", f"/alerts/{portal.alert_of(ada)}"):
        expect(visitor.open(path).locator(".alerts-off")).to_contain_text("Alerts are off until")
    expect(visitor.open("/").locator(".person-card")).to_contain_text("Alerts are off until")


def test_the_next_eight_in_the_morning_is_the_persons_own(portal: Portal, visitor: Visitor) -> None:
    ada = portal.add("Ada", timezone="Europe/Berlin")
    for minutes in (6, 1):  # a warning: a critical alert is not put off until tomorrow
        pressure = {"blood_pressure_systolic": 190.0, "blood_pressure_diastolic": 104.0}
        portal.send(ada, {"timestamp": now_ms() - minutes * MINUTE_MS, **pressure, "activity_level": 0})
    page = visitor.open(f"/alerts/{portal.alert_of(ada)}")
    # Before eight it is this morning's, and "tomorrow" is not said.
    page.get_by_role("button", name=re.compile(r"^until (tomorrow )?08:00$")).click()
    expect(page.locator(".alerts-off")).to_contain_text(re.compile(r"until (tomorrow )?08:00"))
    until = portal.house.notify.alert(portal.alert_of(ada)).snoozed_until
    assert until is not None
    shown = page.evaluate(
        "time => new Date(time).toLocaleTimeString('en-GB', {timeZone: 'Europe/Berlin', timeStyle: 'short'})",
        until,
    )
    assert shown == "08:00"


def test_closing_asks_why_while_signs_stand_and_never_says_that_all_is_well(
    portal: Portal, ada: str, visitor: Visitor
) -> None:
    alert = portal.alert_of(ada)
    page = visitor.open(f"/alerts/{alert}")
    page.get_by_role("button", name="Close the episode").click()
    why = page.locator(".close-why")
    expect(why).to_contain_text("These signs still stand")
    expect(why).to_contain_text("84")
    why.get_by_role("button", name="Close it").click()
    expect(why.get_by_role("alert")).to_contain_text("Choose a reason")
    assert portal.house.notify.alert(alert).state == "triggered", "one tap closes nothing"
    why.get_by_label("Measuring error").check()
    why.locator(".close-note").fill("the probe had slipped")
    why.get_by_role("button", name="Close it").click()
    expect(page.locator(".toast")).to_have_text("Closed")
    expect(page.locator(".state-chip")).to_have_text("Closed by hand")
    held = page.locator(".closing-held")
    expect(held).to_contain_text("Critical, closed by hand: its signs still stand.")
    expect(held).to_contain_text("Measuring error: the probe had slipped")
    closed = portal.house.notify.alert(alert).closed_by_hand
    assert closed is not None
    assert (closed.reason, closed.note) == ("measuring_error", "the probe had slipped")
    for path in (f"/people/{ada}", f"/alerts/{alert}"):
        expect(visitor.open(path).locator("#alerts-off")).to_contain_text("Critical, closed by hand")
    card = visitor.open("/").locator(".person-card")
    expect(card).to_contain_text("Critical, closed by hand")
    expect(card.locator(".chip")).to_have_text("Critical")


def test_a_close_by_hand_is_taken_back(portal: Portal, ada: str, visitor: Visitor) -> None:
    alert = portal.alert_of(ada)
    page = visitor.open(f"/alerts/{alert}")
    page.get_by_role("button", name="Close the episode").click()
    page.locator(".close-why").get_by_label("Other").check()
    page.get_by_role("button", name="Close it").click()
    page.get_by_role("button", name="Open it again").click()
    expect(page.locator(".toast").last).to_have_text("Open again")
    expect(page.locator(".state-chip")).to_have_text("Open")
    assert portal.house.notify.alert(alert).state == "triggered"


def test_a_click_that_saw_less_than_now_stands_does_nothing_and_shows_what_is_new(
    portal: Portal, ada: str, visitor: Visitor
) -> None:
    alert = portal.alert_of(ada)
    page = visitor.page
    page.route("**/api/live**", lambda route: route.abort())  # this screen hears nothing
    page.goto(f"{portal.url}/alerts/{alert}")
    seen = portal.house.notify.alert(alert).version
    breathing = {**USUAL, "spo2": 84.0, "respiratory_rate": 34.0, "heart_rate": 155.0}
    portal.send(ada, {"timestamp": now_ms(), **breathing, "activity_level": 0})
    until = time.monotonic() + 10
    while portal.house.notify.alert(alert).version == seen and time.monotonic() < until:
        page.wait_for_timeout(50)
    page.get_by_role("button", name="Acknowledge").click()
    news = page.locator(".overtaken")
    expect(news).to_contain_text("Nothing was done")
    expect(news.locator("li").first).to_be_visible()
    assert portal.house.notify.alert(alert).state == "triggered"
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.locator(".state-chip")).to_have_text("Acknowledged")
    expect(page.locator(".alert-times")).to_contain_text("by admin")
    assert portal.house.notify.alert(alert).state == "acknowledged"
    visitor.complaints.clear()  # the browser's own words about the stream that was cut


def test_what_somebody_else_does_shows_here_too(
    portal: Portal, ada: str, visitor: Visitor, browser: Browser
) -> None:
    page = visitor.open(f"/people/{ada}")
    other = visitor_of(portal, browser)
    other.sign_in("clinician", (ada,))
    other.open(f"/alerts/{portal.alert_of(ada)}").get_by_role("button", name="Acknowledge").click()
    expect(page.locator(".state-chip")).to_have_text("Acknowledged")
    other.context.close()


def test_a_verb_that_is_refused_is_taken_back_and_said(portal: Portal, ada: str, stranger: Visitor) -> None:
    stranger.sign_in()
    page = stranger.open(f"/people/{ada}")
    # As a house answers whose disk is full.
    full = {"status": 507, "content_type": "application/problem+json", "body": '{"detail": "no room"}'}
    page.route("**/acknowledge", lambda route: route.fulfill(**full))
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.locator(".toast[data-kind=problem]")).to_contain_text("Not acknowledged: no room")
    expect(page.locator(".state-chip")).to_have_text("Open")
    expect(page.get_by_role("button", name="Acknowledge")).to_be_enabled()
    assert portal.house.notify.alert(portal.alert_of(ada)).state == "triggered"


def test_an_alert_that_does_not_exist_and_one_of_a_stranger_look_the_same(
    portal: Portal, ada: str, stranger: Visitor
) -> None:
    other = portal.add("Bo")
    stranger.sign_in("clinician", (other,))
    seen = []
    for path in (f"/alerts/{portal.alert_of(ada)}", "/alerts/a-none", f"/people/{ada}", "/people/p-none"):
        answer = stranger.page.goto(portal.url + path)
        assert answer is not None
        assert answer.status == 404
        seen.append(stranger.page.locator("main").inner_text())
    assert len(set(seen)) == 1
    assert "not been shared with you" in seen[0]
