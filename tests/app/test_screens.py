"""What the screens do: symptoms, alerts, sharing, settings, the first questions."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from healthtwin.people import Events
from tests.api.conftest import eventually
from tests.app.phone import phone_of
from tests.web.served_portal import USUAL, now_ms

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.app.phone import Phone
    from tests.web.served_portal import Portal

pytestmark = pytest.mark.browser


def test_feeling_ill_begins_with_the_emergency_number(phone: Phone) -> None:
    page = phone.go("ill")
    first = page.locator(".screen > section").first
    expect(first).to_contain_text("Call at once if there is")
    expect(first.get_by_role("link", name="Call 112")).to_have_attribute("href", "tel:112")
    expect(first).to_contain_text("calls nobody by itself")


def test_a_symptom_goes_into_the_timeline_with_its_severity(portal: Portal, ada: str, phone: Phone) -> None:
    page = phone.go("ill")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").filter(has_text="Choose at least one thing")).to_be_visible()
    phone.tick("headache")
    page.get_by_label("In your own words").fill("since this morning")
    page.get_by_label("How bad is it?").fill("4")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Saved in your timeline")).to_be_focused()
    expect(page.locator(".entries li").first).to_contain_text("Headache, since this morning")
    expect(page.locator(".entries li").first).to_contain_text("4 of 10")
    (entry,) = Events(portal.house.tables).list(ada, None, 10)
    assert (entry.text, entry.severity) == ("Headache, since this morning", 4)


def test_a_grave_symptom_leads_to_the_number_once_more(phone: Phone) -> None:
    page = phone.go("ill")
    phone.tick("short_of_breath")
    page.get_by_role("button", name="Save").click()
    after = page.locator(".after")
    expect(after).to_contain_text("This can be serious")
    expect(after.get_by_role("link", name="Call 112")).to_be_visible()
    expect(after).to_contain_text("Nobody has been told to act on this")


def test_a_symptom_written_offline_is_kept_and_sent_later(portal: Portal, ada: str, phone: Phone) -> None:
    page = phone.go("ill")
    phone.context.set_offline(True)
    phone.tick("dizzy")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Saved on this phone")).to_be_visible()
    phone.context.set_offline(False)
    kept = eventually(lambda: Events(portal.house.tables).list(ada, None, 10), within_s=20)
    assert [event.text for event in kept] == ["Dizzy"]
    expect(page.locator("#queue-note")).to_be_hidden(timeout=20_000)


def test_an_alert_appears_by_itself_and_is_acknowledged(portal: Portal, ada: str, phone: Phone) -> None:
    portal.breathless(ada)
    page = phone.page
    card = page.locator(".alert-card")
    expect(card).to_contain_text("Act now: oxygen saturation is very low.")
    expect(card.get_by_role("link", name="Call 112")).to_be_visible()
    card.get_by_role("button", name="Acknowledge").click()
    expect(card.locator(".state-chip")).to_have_text("Acknowledged")  # shown before the house has answered
    alert = portal.alert_of(ada)
    assert eventually(lambda: portal.house.notify.alert(alert).state == "acknowledged", within_s=20)
    page.get_by_role("link", name="What to do, and why").click()
    expect(page.locator(".alert-card")).to_contain_text("Sit upright")
    expect(page.locator(".facts-list").first).to_contain_text("84 %")
    page.get_by_role("button", name="30 min").click()
    for screen in ("now", "ill", "sharing"):
        phone.go(screen)
        expect(page.locator(".alerts-off")).to_have_text(re.compile("^Alerts are off until"))


def test_every_screen_says_the_time_of_an_alert_on_the_same_clock(
    portal: Portal, ada: str, phone: Phone
) -> None:
    portal.breathless(ada)  # she lives by UTC; her phone is in Berlin
    alert = portal.alert_of(ada)
    page = phone.open(f"alerts/{alert}")
    page.get_by_role("button", name="30 min").click()
    until = eventually(lambda: portal.house.notify.alert(alert).snoozed_until, within_s=20)
    said = re.compile(datetime.fromtimestamp(until / 1000, UTC).strftime("%H:%M"))
    for screen in ("now", "alerts", f"alerts/{alert}"):
        phone.open(screen)
        expect(page.locator(".alerts-off")).to_have_text(said)
        expect(page.locator(".alert-card .state-chip")).to_have_text(said)
    phone.open("sharing")  # anew, where nothing else asks for it
    expect(page.locator(".alerts-off")).to_have_text(said)


def test_an_alert_that_is_over_is_listed_and_never_called_well(
    portal: Portal, ada: str, phone: Phone
) -> None:
    portal.breathless(ada)
    alert = portal.alert_of(ada)
    page = phone.open(f"alerts/{alert}")
    page.get_by_role("button", name="Close the episode").click()
    page.locator(".close-why").get_by_label("Measuring error").check()
    page.get_by_role("button", name="Close it").click()
    expect(page.locator(".closing")).to_contain_text("Critical, closed by hand: its signs still stand.")
    phone.go("alerts")
    expect(page.locator(".past")).to_contain_text("if you feel ill, call")
    expect(page.locator("#alerts-off")).to_contain_text("Critical, closed by hand")
    expect(page.locator(".alert-list")).to_contain_text("That only speaks of the readings that came in")


def test_what_lies_too_long_ago_is_unknown(portal: Portal, ada: str, phone: Phone) -> None:
    portal.send(ada, {"timestamp": now_ms() - 6 * 3_600_000, **USUAL})
    page = phone.open()
    expect(page.locator(".standing-card .chip")).to_have_text("Unknown")
    expect(page.locator(".standing-card")).to_contain_text("No reading for 6 h")
    tile = page.locator(".tile[data-metric=heart_rate]")
    expect(tile).to_contain_text("old: says nothing about now")
    expect(tile).to_have_attribute("data-side", "")


def test_without_a_network_the_last_values_carry_their_age(portal: Portal, ada: str, phone: Phone) -> None:
    portal.send(ada, {"timestamp": now_ms(), **USUAL})
    page = phone.open()
    expect(page.locator(".tile[data-metric=heart_rate]")).to_contain_text("66")
    phone.keeps_the_shell()
    phone.context.set_offline(True)
    page.reload()
    expect(page.locator(".tile[data-metric=heart_rate]")).to_contain_text("66")
    expect(page.locator(".kept-note")).to_contain_text("Nobody answers. This is what was known")
    page.get_by_role("link", name="I don’t feel well").click()
    expect(page.get_by_role("link", name="Call 112").first).to_be_visible()


def test_a_link_is_made_for_the_family_and_taken_back(portal: Portal, ada: str, phone: Phone) -> None:
    page = phone.go("sharing")
    expect(page.get_by_text("Nobody besides you and whoever runs your house.")).to_be_visible()
    page.get_by_label("Their name").fill("Grace")
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("Link", exact=True).input_value()
    assert link.startswith(f"{portal.url}/sign-in/")
    grant = page.locator(".grant").filter(has_text="Grace")
    expect(grant).to_contain_text("Sees readings, alerts, what you write")
    grant.get_by_role("button", name="Take back access: Grace").click()
    grant = page.locator(".grant").filter(has_text="Grace will see nothing")
    grant.get_by_role("button", name="Yes, take it back").click()
    expect(page.get_by_text("Nobody besides you and whoever runs your house.")).to_be_visible()
    assert page.request.get(link).status in {200, 404}
    assert page.request.post(link, headers={"Origin": portal.url}).status == 401


def test_a_phone_whose_access_was_taken_back_forgets_what_it_saw(
    portal: Portal, ada: str, phone: Phone, browser: Browser
) -> None:
    portal.send(ada, {"timestamp": now_ms(), **USUAL})
    phone.open()
    other = phone_of(portal, browser)
    other.pair(ada)
    other.go("sharing")
    phones = other.page.locator("[aria-labelledby=devices] .grant").filter(
        has_text="everything that is yours"
    )
    phones.get_by_role("button", name=re.compile("Take back")).click()
    other.page.get_by_role("button", name="Yes, take it back").click()
    expect(other.page.locator(".toast")).to_contain_text("no longer has access")
    phone.page.reload()
    expect(phone.page.get_by_text("This phone is no longer paired.")).to_be_visible()
    kept = phone.page.evaluate(
        """async () => {
          const opening = indexedDB.open("healthtwin");
          await new Promise((done) => { opening.onsuccess = done; });
          const counting = opening.result.transaction(["kept"]).objectStore("kept").count();
          return new Promise((done) => { counting.onsuccess = () => done(counting.result); });
        }"""
    )
    assert kept == 0
    other.context.close()


def test_erasing_the_phone_warns_of_what_was_never_sent_and_leaves_nothing(phone: Phone) -> None:
    phone.keeps_the_shell()
    page = phone.page
    page.locator("#to-settings").click()
    phone.context.set_offline(True)
    phone.submit("/api/vitals", {"timestamp": now_ms(), "heart_rate": 61})
    page.get_by_role("button", name="Erase this phone").click()
    expect(page.locator(".erase")).to_contain_text("1 entry was never sent and would be lost.")
    phone.context.set_offline(False)
    page.get_by_role("button", name="Erase", exact=True).click()
    expect(page.get_by_role("heading", name="Pair this phone")).to_be_visible()
    assert phone.waiting() == {"waiting": 0, "parked": []}


def test_another_emergency_number_shows_everywhere(phone: Phone) -> None:
    page = phone.page
    page.locator("#to-settings").click()
    page.get_by_label("Emergency number").fill("144")
    page.get_by_label("Emergency number").press("Tab")
    expect(page.get_by_role("link", name="Emergency: call 144")).to_have_attribute("href", "tel:144")
    phone.go("ill")
    expect(page.get_by_role("link", name="Call 144").first).to_be_visible()


def test_the_first_questions_reach_the_house_and_can_be_resumed(
    portal: Portal, ada: str, unpaired: Phone
) -> None:
    page = unpaired.pair(ada, welcome=True)
    # Measuring comes first, and every question after it may be skipped.
    expect(page.get_by_role("heading", name="Your first measurement")).to_be_visible()
    expect(page.get_by_role("link", name="Begin").first).to_be_visible()
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_label("Year of birth").fill("1955")
    unpaired.tick("female")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", name="Your history")).to_be_focused()
    unpaired.tick("asthma")
    page.get_by_label("Anything else").fill("Hay fever in spring")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", name="Risk factors")).to_be_visible()
    page.get_by_role("button", name="Skip").click()
    expect(page.get_by_role("heading", name="Medicines")).to_be_visible()
    unpaired.open("welcome")
    expect(page.get_by_role("heading", name="Medicines")).to_be_visible()
    page.get_by_label("What you take now").fill("metoprolol\nramipril")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", name="Allergies")).to_be_visible()
    unpaired.tick("penicillin")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_label("Name", exact=True).fill("Grace")
    page.get_by_label("Phone", exact=True).fill("+49 30 1234")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", name="Permissions")).to_be_visible()
    page.get_by_role("button", name="Done").click()
    unpaired.at("now")
    person = portal.house.people.view(ada)
    assert (person.birth_year, person.sex) == (1955, "female")
    told = page.evaluate(
        "(path) => fetch(path).then((answer) => answer.json())", f"/api/people/{ada}/background"
    )
    assert told["conditions"] == ["Asthma", "Hay fever in spring"]
    assert told["allergies"] == ["Penicillin"]
    assert told["emergency_contacts"][0]["name"] == "Grace"
    assert portal.house.medicines.medicines(ada).medicines == ["metoprolol", "ramipril"]


def test_a_wrong_code_is_refused_in_words(portal: Portal, unpaired: Phone) -> None:
    unpaired.page.goto(f"{portal.url}/app")
    page = unpaired.page
    expect(page.get_by_role("heading", name="Pair this phone")).to_be_visible()
    page.get_by_label("Code").fill("AAAAA-AAAAA")
    page.get_by_role("button", name="Pair", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="This code is wrong")).to_be_visible()


def test_a_reminder_comes_when_nothing_was_measured_for_long(phone: Phone) -> None:
    page = phone.page
    page.locator("#to-settings").click()
    page.get_by_label("Remind me when nothing was measured for").select_option("four_hours")
    phone.open()
    expect(page.locator("#reminder")).to_contain_text("Nothing was measured for a while")
    page.locator("#reminder").get_by_role("button", name="Later").click()
    expect(page.locator("#reminder")).to_be_hidden()
