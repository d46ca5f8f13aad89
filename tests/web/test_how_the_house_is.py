"""The operator's page: whether the house runs, what its forecasts cost, and whether they still fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from healthtwin.domain import DAY_MS
from healthtwin.house import HouseWeek, HouseWeeks
from healthtwin.house.weeks import week_of
from tests.web.served_portal import now_ms

if TYPE_CHECKING:
    from tests.web.served_portal import Portal, Visitor

pytestmark = pytest.mark.browser


def test_the_operator_sees_what_runs_what_it_cost_and_the_weeks(portal: Portal, visitor: Visitor) -> None:
    ada = portal.add("Ada Kern")
    portal.usual_days(ada, 1)
    portal.house.tick()
    assert portal.house.caught_up(20)
    monday = week_of(now_ms())
    told = (
        HouseWeek(monday - 7 * DAY_MS, 9.0, 3.0, 0.0, {"hypoxia": (812.0, 0.05), "news_red": (90.0, None)}),
        HouseWeek(monday, 16.0, 12.0, 0.69, {"hypoxia": (900.0, 0.31), "news_red": (300.0, 0.12)}),
    )
    for week in told:
        HouseWeeks(portal.house.tables).note(week)

    page = visitor.open("/")
    page.get_by_role("link", name="How the house is").click()
    page.wait_for_url(portal.url + "/house")
    expect(page.locator("#standing")).to_contain_text("nothing waits for you")
    expect(page.locator("#running")).to_contain_text("People")
    expect(page.locator("#upkeep")).to_contain_text("none noted: healthtwin backup")
    expect(page.locator("#receivers")).to_contain_text("no webhook was added")
    expect(page.locator("#tokens tbody tr")).to_have_count(1)
    expect(page.locator("#alarms")).to_contain_text("were allowed")
    expect(page.locator("#alarms")).to_contain_text("never silenced")
    expect(page.locator("#drift")).to_contain_text("too little to tell")
    rows = page.locator("#weeks tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("2 times stricter")
    expect(rows.nth(0)).to_contain_text("0.31 (unlike training)")
    expect(rows.nth(1)).to_contain_text("as where they were trained")
    expect(rows.nth(0).locator("td").nth(0)).to_have_text("7")  # by itself, not the total
    expect(rows.nth(0).locator("td").nth(1)).to_have_text("9")


@pytest.mark.parametrize("scope", ["clinician", "family"])
def test_nobody_but_the_operator_is_shown_the_way_or_the_page(
    portal: Portal, stranger: Visitor, scope: str
) -> None:
    ada = portal.add("Ada Kern")
    stranger.sign_in(scope, (ada,))
    page = stranger.open("/")
    expect(page.get_by_role("heading", name="Who needs me now")).to_be_visible()
    expect(page.get_by_role("link", name="How the house is")).to_have_count(0)
    answer = page.goto(portal.url + "/house")
    assert answer is not None
    assert answer.status == 404
