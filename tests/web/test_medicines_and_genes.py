"""What medicines and genes make of each other, on a person's page: quiet, sourced, and live."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest
from playwright.sync_api import expect

from healthtwin.access import Credentials
from tests.web.served_portal import now_ms

if TYPE_CHECKING:
    from tests.web.served_portal import Portal, Visitor

pytestmark = pytest.mark.browser


def put(portal: Portal, person: str, what: str, body: object) -> None:
    """As a clinician's own software would."""
    minted = Credentials(portal.house.tables).create_token("clinician", [person], now_ms())
    answer = httpx2.put(
        f"{portal.url}/api/people/{person}/{what}",
        json=body,
        headers={"Authorization": f"Bearer {minted.secret}"},
        timeout=30,
    )
    assert answer.status_code == 200, answer.text


def test_a_finding_appears_and_goes_while_somebody_looks(portal: Portal, visitor: Visitor) -> None:
    ada = portal.add("Ada")
    page = visitor.open(f"/people/{ada}")
    expect(page.locator("#findings")).to_be_hidden()

    put(portal, ada, "genes", {"genes": {"CYP2D6": "*4/*4"}})
    put(portal, ada, "medicines", {"medicines": ["codeine"]})
    section = page.locator("#findings")
    expect(section).to_contain_text("codeine and CYP2D6 Poor Metabolizer: avoid")
    expect(section).to_contain_text("never change a dose yourself")
    expect(page.locator(".alert-card")).to_have_count(0)

    put(portal, ada, "medicines", {"medicines": []})
    expect(section).to_be_hidden()


def test_the_evidence_stands_with_its_source(portal: Portal, visitor: Visitor) -> None:
    ada = portal.add("Ada")
    put(portal, ada, "genes", {"genes": {"CYP2D6": "*4/*4"}})
    put(portal, ada, "medicines", {"medicines": ["codeine"]})
    page = visitor.open(f"/people/{ada}")
    page.get_by_text("Why", exact=True).click()
    (finding,) = portal.house.medicines.findings(ada).findings
    for fact in finding.evidence:
        expect(page.locator("#findings li").filter(has_text=fact.text).first).to_be_visible()
        expect(page.locator("#findings .source").filter(has_text=fact.source).first).to_be_visible()


def test_what_somebody_opened_stays_open_when_nothing_new_was_found(portal: Portal, visitor: Visitor) -> None:
    ada = portal.add("Ada")
    put(portal, ada, "genes", {"genes": {"CYP2D6": "*4/*4"}})
    put(portal, ada, "medicines", {"medicines": ["codeine"]})
    page = visitor.open(f"/people/{ada}")
    page.get_by_text("Why", exact=True).click()
    with page.expect_response(f"**/api/people/{ada}/findings"):
        page.evaluate(
            "dispatchEvent(new Event('online'))"
        )  # the stream is opened anew, and all is asked again
    portal.send(ada, {"timestamp": now_ms(), "heart_rate": 71})
    expect(page.locator("[data-metric=heart_rate] b")).to_have_text("71")
    expect(page.locator("#findings details")).to_have_attribute("open", "")


def test_a_name_that_looks_like_markup_stays_text(portal: Portal, visitor: Visitor) -> None:
    ada = portal.add("Ada")
    put(portal, ada, "genes", {"genes": {"CYP2D6": "*4/*4"}})
    put(portal, ada, "medicines", {"medicines": ["codeine", "</script><img src=x onerror=alert(1)>"]})
    page = visitor.open(f"/people/{ada}")
    expect(page.locator("#findings .finding")).to_have_count(1)
    expect(page.locator("img[src=x]")).to_have_count(0)
