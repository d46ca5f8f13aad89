"""One person's page: the readings against their own usual, painted as they arrive."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.web.served_portal import USUAL, now_ms, served_house

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.web.served_portal import Portal, Visitor

pytestmark = pytest.mark.browser

DAYS = 33


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """One house for the whole file: a month of readings is worth sharing."""
    with served_house(tmp_path_factory.mktemp("house") / "home") as served:
        yield served


@pytest.fixture(scope="module")
def ada(portal: Portal) -> str:
    """Somebody whose usual has been learned; tests add readings to her heart rate alone."""
    person = portal.add("Ada")
    portal.usual_days(person, DAYS)
    return person


def painted_points(page: Page) -> int:
    """How many pixels of the chart carry paint: 0 for a blank canvas."""
    count: int = page.evaluate(
        """() => {
            const canvas = document.querySelector("#chart canvas");
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            let painted = 0;
            for (let at = 3; at < data.length; at += 4) painted += data[at] > 0;
            return painted;
        }"""
    )
    return count


def test_each_vital_stands_against_the_persons_own_usual(ada: str, visitor: Visitor) -> None:
    page = visitor.open(f"/people/{ada}")
    tile = page.locator("[data-metric=heart_rate]")
    expect(tile).to_contain_text("Heart rate")
    usual = re.search(r"usual (\d+)–(\d+)", tile.inner_text())
    assert usual is not None
    assert int(usual[1]) < USUAL["heart_rate"] < int(usual[2])
    expect(page.locator("#chart-words")).not_to_be_empty()


def test_a_reading_paints_its_tile_and_lengthens_the_chart(
    portal: Portal, ada: str, visitor: Visitor
) -> None:
    page = visitor.open(f"/people/{ada}")
    page.locator("[data-metric=heart_rate]").click()
    before = re.search(r"(\d+) values", page.locator("#chart").get_attribute("aria-label") or "")
    assert before is not None
    portal.send(ada, {"timestamp": now_ms(), **USUAL, "heart_rate": 97, "activity_level": 0})
    tile = page.locator("[data-metric=heart_rate]")
    expect(tile.locator("b")).to_have_text("97")
    expect(tile.locator(".tile-words")).to_contain_text("above expected")
    expect(page.locator("#chart")).to_have_attribute(
        "aria-label", re.compile(rf"{int(before[1]) + 1} values .* 97 /min")
    )


def test_the_chart_is_really_drawn_in_every_range(ada: str, visitor: Visitor) -> None:
    page = visitor.open(f"/people/{ada}")
    for spoken in ("6 hours", "24 hours", "7 days", "30 days"):
        with page.expect_response(re.compile("/series")):
            page.get_by_role("button", name=spoken).click()
        expect(page.get_by_role("button", name=spoken)).to_have_attribute("aria-pressed", "true")
        assert painted_points(page) > 1000
    expect(page.locator("#legend")).to_contain_text("lowest to highest")


def test_choosing_a_tile_shows_its_chart(ada: str, visitor: Visitor) -> None:
    page = visitor.open(f"/people/{ada}")
    page.locator("[data-metric=respiratory_rate]").click()
    expect(page.locator("#chart-title")).to_have_text("Breathing rate")
    expect(page.locator("#chart")).to_have_attribute("aria-label", re.compile("^Breathing rate from"))


def test_the_chart_can_be_read_with_the_keyboard(ada: str, visitor: Visitor) -> None:
    page = visitor.open(f"/people/{ada}")
    page.locator("[data-metric=heart_rate]").click()
    page.locator("#chart").focus()
    page.keyboard.press("ArrowLeft")
    readout = page.locator("#readout")
    expect(readout).to_have_text(re.compile(r"^\d+ /min at .*; usual then \d+–\d+$"))
    newest = readout.inner_text()
    page.keyboard.press("ArrowLeft")
    expect(readout).not_to_have_text(newest)
    expect(readout).to_have_attribute("aria-live", "polite")


def test_the_chart_says_the_same_as_a_table(ada: str, visitor: Visitor) -> None:
    page = visitor.open(f"/people/{ada}")
    page.locator("[data-metric=respiratory_rate]").click()
    page.get_by_text("The same as a table").click()
    table = page.get_by_role("table", name=re.compile("Breathing rate, 24 hours"))
    expect(table.get_by_role("columnheader")).to_have_text(
        ["Hour from", "Lowest", "Average", "Highest", "Own usual"]
    )
    low, average, high = (
        int(cell) for cell in table.locator("tbody tr").first.locator("td").all_inner_texts()[:3]
    )
    assert 12 <= low <= average <= high <= 16


def test_without_enough_days_nothing_is_judged_against_a_usual(portal: Portal, visitor: Visitor) -> None:
    person = portal.add("Eve")
    portal.send(person, {"timestamp": now_ms(), **USUAL})
    page = visitor.open(f"/people/{person}")
    expect(page.locator("[data-metric=heart_rate]")).to_contain_text("still learning their usual")
    expect(page.get_by_role("progressbar", name="Learning, day 1 of 30")).to_be_visible()


def test_the_first_reading_appears_on_an_open_page(portal: Portal, visitor: Visitor) -> None:
    person = portal.add("Eve")
    page = visitor.open(f"/people/{person}")
    expect(page.get_by_text("No reading has arrived yet.")).to_be_visible()
    portal.send(person, {"timestamp": now_ms(), **USUAL})
    expect(page.locator("[data-metric=heart_rate] b")).to_have_text("66")
    expect(page.locator("#chart-panel")).to_be_visible()


def test_times_are_the_persons_own_and_say_so(portal: Portal, visitor: Visitor) -> None:
    person = portal.add("Kenji", timezone="Asia/Tokyo")
    portal.send(person, {"timestamp": now_ms(), **USUAL})
    expect(visitor.open(f"/people/{person}").locator("#zone-note")).to_have_text(
        "Times are Kenji’s own: Asia/Tokyo"
    )


def test_a_new_usual_can_be_confirmed(ada: str, visitor: Visitor) -> None:
    page = visitor.open(f"/people/{ada}")
    page.locator("[data-metric=body_temperature]").click()
    page.get_by_text("Is this a new usual?").click()
    page.get_by_role("button", name="Learn body temperature anew").click()
    expect(page.get_by_text("Body temperature is being learned anew")).to_be_visible()
