"""A page for hundreds of people stays usable, and hides nobody who needs somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest
from playwright.sync_api import expect

from healthtwin.access import Credentials
from healthtwin.domain import Profile
from healthtwin.store.people import People
from tests.web.served_portal import USUAL, now_ms, served_house, visitor_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from playwright.sync_api import Browser

    from tests.web.served_portal import Portal

pytestmark = pytest.mark.browser

MANY = 200
ILL = "Person 187"
MOST_BYTES = 95_000
MOST_HEIGHT_PX = 4_500


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with served_house(tmp_path_factory.mktemp("house") / "home") as portal:
        people = People(portal.house.tables)
        ids = [people.add(f"Person {i}", Profile("UTC", birth_year=1950), now_ms()).id for i in range(MANY)]
        admin = Credentials(portal.house.tables).create_token("admin", [], now_ms(), every_person=True).secret

        def row(number: int, **values: float) -> dict[str, Any]:
            place = {"person": ids[number], "timestamp": now_ms(), "sequence": now_ms() + number}
            return {**place, **USUAL, "activity_level": 0, **values}

        rows = [row(number) for number in range(MANY) if number != 187]
        rows += [row(187, spo2=84.0)]
        answer = httpx2.post(
            portal.url + "/api/vitals",
            json=rows,
            headers={"Authorization": f"Bearer {admin}"},
            timeout=60,
        )
        assert answer.status_code == 200, answer.text
        assert portal.house.caught_up(60)
        portal.alert_of(ids[187])
        yield portal


def test_the_page_is_small_and_short_and_everybody_is_reached(crowd: Portal, browser: Browser) -> None:
    somebody = visitor_of(crowd, browser)
    somebody.sign_in()
    page = somebody.open("/")
    expect(page.locator("#overview")).to_have_text(f"1 of {MANY} needs somebody")
    assert page.locator(".person-card").count() < 60
    assert page.evaluate("document.documentElement.scrollHeight") < MOST_HEIGHT_PX
    assert len(somebody.context.request.get(crowd.url + "/").body()) < MOST_BYTES
    expect(page.locator(".person-card h3").first).to_have_text(ILL)
    page.get_by_role("button", name="more").click()
    expect(page.locator(".person-card")).to_have_count(MANY)
    assert somebody.complaints == []
    somebody.context.close()


def test_looking_for_a_name_hides_nobody_in_need_and_says_what_it_found(
    crowd: Portal, browser: Browser
) -> None:
    somebody = visitor_of(crowd, browser)
    somebody.sign_in()
    page = somebody.open("/")
    expect(page.locator("#overview")).to_have_text(f"1 of {MANY} needs somebody")
    page.locator("#search").fill("Person 12")
    expect(page.locator("#people-found")).to_contain_text("11 people")
    expect(page.locator(".person-card h3").first).to_have_text(ILL)
    page.locator("#search").fill("nobody of that name")
    expect(page.locator("#people-found")).to_contain_text("Nobody is called “nobody of that name”.")
    expect(page.locator(".person-card h3")).to_have_text([ILL])
    somebody.context.close()


def test_a_line_says_what_explains_it(crowd: Portal, browser: Browser) -> None:
    somebody = visitor_of(crowd, browser)
    somebody.sign_in()
    page = somebody.open("/")
    card = page.locator(".person-card").filter(has_text=ILL)
    expect(card.locator("[data-metric=oxygen_saturation]")).to_have_attribute("data-level", "critical")
    expect(card).to_contain_text("NEWS2 3")
    somebody.context.close()


def test_a_dangerous_value_never_stands_under_calm_words(crowd: Portal, browser: Browser) -> None:
    quiet = People(crowd.house.tables).add("Quiet", Profile("UTC", alarms=False), now_ms()).id
    crowd.tokens[quiet] = Credentials(crowd.house.tables).create_token("device", [quiet], now_ms()).secret
    crowd.send(quiet, {"timestamp": now_ms(), **USUAL, "spo2": 80.0, "activity_level": 0})
    somebody = visitor_of(crowd, browser)
    somebody.sign_in()
    page = somebody.open("/")
    urgent = page.locator("section").filter(has=page.locator("#group-now"))
    card = urgent.locator(".person-card").filter(has_text="Quiet")
    expect(card).to_contain_text("beyond an absolute limit, and no alert is open")
    somebody.context.close()
