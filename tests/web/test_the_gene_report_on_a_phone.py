"""The report on genes is a page of its own, read on a phone as often as on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from healthtwin.genes import profile_from
from healthtwin.genes.report import build_report, html_page, wallet_card

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

PROFILE = {
    "CYP2C19": "*2/*2",
    "CYP2D6": "*4/*4",
    "HLA-B": "*15:02/*57:01",
    "VKORC1": "rs9923231 reference (C)/rs9923231 variant (T)",
    "CFTR": "ivacaftor non-responsive CFTR sequence/ivacaftor non-responsive CFTR sequence",
    "G6PD": "A- 202A_376G/B (reference)",
    "medicines": ["clopidogrel", "a herb with a name that goes on and on without end"],
}


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_of_it_is_wider_than_a_phone(browser: Browser, width: int) -> None:
    report = build_report(profile_from(PROFILE), subject="Ann Example", made="2026-11-29")
    page = browser.new_page(viewport={"width": width, "height": 800})
    for text in (html_page(report), wallet_card(report)):
        page.set_content(text)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
