"""Whatever a page says can be read and whatever it offers can be pressed, on the smallest phone too.

Each element's visible box is looked at, with long names, in German, and with letters of twice the size; a
page that is no wider than the screen may still hide half a button inside a card.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from healthtwin.access import Grant, Scope
from tests.web.served_portal import served_house, visitor_of
from tests.web.visible_boxes import cut_off, enlarge_text, overlapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.web.served_portal import Portal

pytestmark = pytest.mark.browser

LONG_NAME = "Maximiliane-Hildegard Freifrau von Donaudampfschifffahrtsgesellschaft-Unterstützungsfonds"

SMALLEST, ANOTHER_PHONE, LARGE_PHONE, DESK = 320, 390, 640, 1280


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Portal, str]]:
    with served_house(tmp_path_factory.mktemp("house") / "home") as portal:
        ada = portal.add(LONG_NAME)
        portal.usual_days(ada, 31)
        clinician = Grant("t-clinician", "", Scope.CLINICIAN, None)
        portal.house.medicines.set_genes(clinician, ada, {"CYP2D6": "*4/*4", "CYP2C19": "*2/*2"})
        portal.house.medicines.set_medicines(clinician, ada, ["codeine", "citalopram"])
        portal.breathless(ada)
        portal.alert_of(ada)
        portal.add("Grace")
        portal.house.tick()
        yield portal, ada


@pytest.mark.parametrize(
    ("width", "letters", "language"),
    [
        (SMALLEST, 1, "en-GB"),
        (SMALLEST, 2, "de-DE"),
        (ANOTHER_PHONE, 1, "de-DE"),
        (LARGE_PHONE, 1, "en-GB"),
        (LARGE_PHONE, 2, "de-DE"),
        (DESK, 2, "de-DE"),
    ],
)
def test_nothing_on_any_page_is_cut_off_or_covered(
    house: tuple[Portal, str], browser: Browser, width: int, letters: int, language: str
) -> None:
    portal, ada = house
    visitor = visitor_of(portal, browser, width=width, locale=language)
    visitor.page.goto(portal.url + "/sign-in")
    assert cut_off(visitor.page) == []
    visitor.sign_in()
    for path in ("/", "/house", "/sharing", f"/people/{ada}", f"/alerts/{portal.alert_of(ada)}"):
        page = visitor.open(path)
        for summary in page.locator("summary:visible").all():
            summary.click()
        enlarge_text(page, letters)
        page.evaluate("() => new Promise(requestAnimationFrame)")
        assert cut_off(page) == [], path
        assert overlapping(page) == [], path
    visitor.context.close()


def test_a_card_that_hides_half_a_button_is_found(house: tuple[Portal, str], browser: Browser) -> None:
    portal, ada = house
    visitor = visitor_of(portal, browser, width=SMALLEST)
    visitor.sign_in()
    page = visitor.open(f"/alerts/{portal.alert_of(ada)}")
    page.evaluate("""() => {
      const card = document.querySelector(".alert-card");
      card.style.overflow = "hidden";
      card.querySelector(".primary-button").style.minWidth = "30rem";
    }""")
    assert any("primary-button" in found for found in cut_off(page))
    visitor.context.close()
