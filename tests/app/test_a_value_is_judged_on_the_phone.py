"""A dangerous value is answered with what it means at once, with or without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from playwright.sync_api import expect

from healthtwin.forecast.limits_told import told_limits
from tests.app.phone import phone_of
from tests.forecast.test_what_one_reading_means_at_once import NOW_MS, cases

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.app.phone import Phone
    from tests.web.served_portal import Portal

pytestmark = pytest.mark.browser

TIERS = """async ([module, limits, values, resting]) => {
  const { meanings } = await import(module);
  return Object.fromEntries(meanings(limits, values, { resting }).map(({ metric, tier }) => [metric, tier]));
}"""


def type_in(page: Page, **values: str) -> None:
    for metric, text in values.items():
        page.locator(f"#typed-{metric}").fill(text)
    page.get_by_role("button", name="Save").click()


def test_the_phone_judges_every_case_as_the_house_does(portal: Portal, unpaired: Phone) -> None:
    unpaired.page.goto(f"{portal.url}/app/pair")
    for case in cases():
        limits = msgspec.to_builtins(told_limits(NOW_MS, case.profile()))
        asked = [unpaired.module("app/judge.js"), limits, case.values, case.resting]
        assert unpaired.page.evaluate(TIERS, asked) == case.tiers, case.said


@pytest.mark.parametrize(
    ("metric", "text", "said"),
    [
        ("oxygen_saturation", "87", "Act now: oxygen saturation is very low."),
        ("heart_rate", "155", "Act now: "),
        ("body_temperature", "40.2", "Be seen now, within 2 hours: "),
    ],
)
def test_a_value_beyond_a_limit_is_answered_with_a_card_and_nothing_calm(
    phone: Phone, metric: str, text: str, said: str
) -> None:
    page = phone.open("check/typed")
    type_in(page, **{metric: text})
    card = page.locator(".limit-card")
    expect(card.locator("h2")).to_contain_text(said)
    expect(card).to_contain_text(text)
    if "Act now" in said:
        expect(card.get_by_role("link", name="Call 112")).to_have_attribute("href", "tel:112")
    expect(page.locator(".big-value")).to_contain_text(text)
    expect(page.locator(".measure-region")).not_to_contain_text("Stored with your readings")


def test_a_value_inside_the_limits_has_no_card(phone: Phone) -> None:
    page = phone.open("check/typed")
    type_in(page, oxygen_saturation="97", heart_rate="70")
    expect(page.locator(".measure-region")).to_contain_text("Stored with your readings")
    expect(page.locator(".limit-card")).to_have_count(0)


def test_without_a_network_it_means_the_same_and_now_shows_it(phone: Phone) -> None:
    phone.keeps_the_shell()
    page = phone.open("check/typed")
    phone.context.set_offline(True)
    type_in(page, oxygen_saturation="85")
    card = page.locator(".limit-card")
    expect(card.locator("h2")).to_have_text("Act now: oxygen saturation is very low.")
    expect(card).to_contain_text("Your house does not know of it yet")
    expect(page.locator(".big-value")).to_contain_text("85")
    phone.go("now")
    expect(page.locator(".now-beyond .limit-card")).to_contain_text("85 %")
    tile = page.locator(".tile[data-metric=oxygen_saturation]")
    expect(tile).to_have_attribute("data-level", "critical")
    expect(tile).to_contain_text("not sent yet")
    phone.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".now-alerts .alert-card")).to_contain_text("oxygen saturation is very low")
    expect(page.locator(".now-beyond .limit-card")).to_have_count(0)


def test_a_childs_phone_judges_by_the_limits_of_its_age(portal: Portal, browser: Browser) -> None:
    boy = portal.add("Bo", birth_year=2022)
    phone = phone_of(portal, browser)
    phone.pair(boy)
    phone.keeps_the_shell()
    page = phone.open("check/typed")
    phone.context.set_offline(True)
    type_in(page, heart_rate="55")  # nothing for a grown-up
    expect(page.locator(".limit-card h2")).to_contain_text("Act now")
    phone.context.close()


def test_a_device_that_measures_without_typing_is_judged_too(portal: Portal, ada: str, phone: Phone) -> None:
    page = phone.open()
    portal.breathless(ada)
    tile = page.locator(".tile[data-metric=oxygen_saturation]")
    expect(tile).to_have_attribute("data-level", "critical")
    expect(tile.locator(".chip")).to_have_text("Critical")
