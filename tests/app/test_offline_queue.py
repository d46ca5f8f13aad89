"""What is measured without a network is kept, survives a reload, and arrives exactly once, in order."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from playwright.sync_api import expect

from healthtwin.access import Shares
from tests.web.served_portal import now_ms

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Request, Route

    from tests.app.phone import Phone
    from tests.web.served_portal import Portal

pytestmark = pytest.mark.browser

MANY = 25


def reading(number: int) -> dict[str, Any]:
    """One measurement of each minute, every one different."""
    return {"timestamp": now_ms() - (60 - number) * 60_000, "heart_rate": 60 + number}


def stored(portal: Portal, person: str) -> list[float]:
    """Every heart rate the house holds, oldest first."""
    answer = httpx2.get(
        f"{portal.url}/api/people/{person}/series?metric=heart_rate",
        headers={"Authorization": f"Bearer {portal.tokens[person]}"},
    )
    values: list[float] = answer.json()["v"]
    return values


def eventually_stored(portal: Portal, person: str, expected: list[float]) -> None:
    until = time.monotonic() + 20
    while stored(portal, person) != expected and time.monotonic() < until:
        time.sleep(0.1)
    assert stored(portal, person) == expected


def note_numbers(numbers: list[int]) -> Callable[[Request], None]:
    """Writes down the number of every reading that goes out."""

    def note(request: Request) -> None:
        if request.url.endswith("/api/vitals"):
            numbers.append(json.loads(request.post_data or "")["sequence"])

    return note


def nothing_waits(page: Page) -> None:
    expect(page.locator("#queue-note")).to_be_hidden(timeout=20_000)


def test_what_was_measured_offline_survives_a_reload_and_arrives_once(
    portal: Portal, ada: str, phone: Phone
) -> None:
    phone.keeps_the_shell()
    phone.context.set_offline(True)
    for number in range(MANY):
        assert phone.submit("/api/vitals", reading(number)) == {"queued": True}
    expect(phone.page.locator("#queue-note")).to_have_text(f"{MANY} entries wait to be sent")
    phone.page.reload()
    phone.at("now")
    expect(phone.page.locator("#queue-note")).to_have_text(f"{MANY} entries wait to be sent")
    assert stored(portal, ada) == []
    phone.context.set_offline(False)
    nothing_waits(phone.page)
    expected = [60.0 + number for number in range(MANY)]
    eventually_stored(portal, ada, expected)
    phone.page.reload()
    phone.at("now")
    nothing_waits(phone.page)
    assert stored(portal, ada) == expected


def test_two_tabs_never_use_a_number_twice_nor_send_an_entry_twice(
    portal: Portal, ada: str, phone: Phone
) -> None:
    second = phone.context.new_page()
    second.goto(f"{portal.url}/app")
    second.locator(".screen[data-screen=now] h1").wait_for()
    phone.context.set_offline(True)
    queue = phone.module("app/queue.js")
    for number in range(6):
        page = (phone.page, second)[number % 2]
        page.evaluate(
            "([queue, body]) => import(queue).then((module) => module.submit('/api/vitals', body))",
            [queue, reading(number)],
        )
    sent: list[int] = []
    for page in (phone.page, second):
        page.on("request", note_numbers(sent))
    phone.context.set_offline(False)
    for page in (phone.page, second):
        nothing_waits(page)
    assert sent == sorted(set(sent)), "each number once, in order, whichever tab sends"
    assert len(sent) == 6
    eventually_stored(portal, ada, [60.0 + number for number in range(6)])
    second.close()


def test_a_lost_answer_is_asked_for_again_and_stored_once(portal: Portal, ada: str, phone: Phone) -> None:
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        answer = route.fetch()
        if not lost:
            lost.append(answer.status)
            route.abort()
        else:
            route.fulfill(response=answer)

    phone.page.route("**/api/vitals", lose_the_first)
    assert phone.submit("/api/vitals", reading(0)) == {"queued": True}
    assert lost == [200], "the house had stored it when its answer was lost"
    nothing_waits(phone.page)
    eventually_stored(portal, ada, [60.0])


def test_a_refused_entry_is_kept_and_shown_and_holds_nothing_up(
    portal: Portal, ada: str, phone: Phone
) -> None:
    answer = phone.submit("/api/vitals", {"timestamp": now_ms(), "heart_rate": 900})
    assert answer["status"] == 422
    assert answer["answer"]["field"] == "heart_rate"
    assert phone.submit("/api/vitals", reading(1))["status"] == 200
    page = phone.page
    page.get_by_role("link", name="1 was refused").click()
    refused = page.locator(".grant")
    expect(refused).to_contain_text("Typed-in values")
    expect(refused).to_contain_text("heart_rate")
    page.reload()
    expect(refused).to_have_count(1)
    refused.get_by_role("button", name="Throw away").click()
    expect(refused).to_have_count(0)
    nothing_waits(page)
    eventually_stored(portal, ada, [61.0])


RENUMBER = """async (sequence) => {
  const opening = indexedDB.open("healthtwin");
  await new Promise((done) => { opening.onsuccess = done; });
  const queue = opening.result.transaction(["queue"], "readwrite").objectStore("queue");
  const reading = queue.getAll();
  await new Promise((done) => { reading.onsuccess = done; });
  const [entry] = reading.result;
  queue.put({ ...entry, body: { ...entry.body, sequence } });
  await new Promise((done) => { queue.transaction.oncomplete = done; });
  opening.result.close();
}"""
"""Gives what waits another number, as if the phone's storage had been put back to an earlier day."""


def test_a_number_taken_by_another_reading_is_parked_and_the_first_stands(
    portal: Portal, ada: str, phone: Phone
) -> None:
    numbers: list[int] = []
    phone.page.on("request", note_numbers(numbers))
    assert phone.submit("/api/vitals", reading(1))["status"] == 200
    phone.context.set_offline(True)
    phone.submit("/api/vitals", reading(2))
    phone.page.evaluate(RENUMBER, numbers[0])
    phone.context.set_offline(False)
    phone.page.get_by_role("link", name="1 was refused").click()
    expect(phone.page.locator(".grant")).to_contain_text("What it has stays as it is")
    assert [entry["status"] for entry in phone.waiting()["parked"]] == [409]
    eventually_stored(portal, ada, [61.0])


def test_a_house_that_answers_no_more_is_tried_again_later(portal: Portal, ada: str, phone: Phone) -> None:
    port = portal.unplug()
    assert phone.submit("/api/vitals", reading(3)) == {"queued": True}
    expect(phone.page.locator("#queue-note")).to_have_text("1 entry waits to be sent")
    portal.serve(port)
    nothing_waits(phone.page)
    eventually_stored(portal, ada, [63.0])


def test_what_somebody_else_left_on_the_phone_is_never_sent_as_mine(
    portal: Portal, ada: str, phone: Phone
) -> None:
    bo = portal.add("Bo")
    phone.keeps_the_shell()
    phone.context.set_offline(True)
    phone.submit("/api/vitals", reading(4))
    # The entry must not have gone out as Ada's by the time Bo pairs: her session has ended meanwhile.
    for grant in Shares(portal.house.tables).list(ada, now_ms()):
        if grant.scope == "person":
            Shares(portal.house.tables).revoke(ada, grant.id, now_ms())
    phone.context.set_offline(False)
    expect(phone.page.get_by_role("heading", name="Pair this phone")).to_be_visible()
    phone.pair(bo)
    phone.page.get_by_role("link", name="1 was refused").click()
    expect(phone.page.locator(".grant")).to_contain_text("before this phone was paired anew")
    assert stored(portal, bo) == []
    assert stored(portal, ada) == []
