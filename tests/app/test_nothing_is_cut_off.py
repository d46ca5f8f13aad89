"""Every screen of the phone can be read and pressed: small phones, large letters, German, long names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.app.phone import SMALL_PHONE, phone_of
from tests.app.test_accessibility import SCREENS
from tests.web.served_portal import now_ms, served_house
from tests.web.test_nothing_is_cut_off import LONG_NAME
from tests.web.visible_boxes import cut_off, enlarge_text, overlapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.web.served_portal import Portal

pytestmark = pytest.mark.browser

MEASURING = ("check/typed", "check/pulse", "check/breathing", "check/cough", "check/oximeter")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Portal, str]]:
    with served_house(tmp_path_factory.mktemp("house") / "home") as portal:
        ada = portal.add(LONG_NAME)
        portal.usual_days(ada, 31)
        portal.breathless(ada)
        portal.alert_of(ada)
        yield portal, ada


@pytest.mark.parametrize("letters", [1, 2])
def test_nothing_on_any_screen_is_cut_off_or_covered(
    house: tuple[Portal, str], browser: Browser, letters: int
) -> None:
    portal, ada = house
    phone = phone_of(portal, browser, language="de-DE", width=SMALL_PHONE)
    phone.pair(ada)
    phone.submit("/api/vitals", {"timestamp": now_ms(), "heart_rate": 900})
    for path in (*SCREENS, *MEASURING):
        phone.open(path.format(alert=portal.alert_of(ada)))
        enlarge_text(phone.page, letters)
        phone.page.wait_for_timeout(150)
        assert cut_off(phone.page) == [], path
        assert overlapping(phone.page) == [], path
    phone.context.close()


def test_a_long_german_word_breaks_between_its_parts(house: tuple[Portal, str], browser: Browser) -> None:
    portal, ada = house
    phone = phone_of(portal, browser, language="de-DE", width=SMALL_PHONE)
    phone.pair(ada)
    phone.open("alerts")
    heading = phone.page.locator(".alert-card h2")
    assert "Sauerstoff\u00adsättigung" in (heading.text_content() or ""), "and never before its last letter"
    phone.context.close()
