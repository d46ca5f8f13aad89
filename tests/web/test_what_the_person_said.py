"""What somebody wrote, and what helpers must know, stands beside their readings for those who share it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx2
import pytest
from playwright.sync_api import expect

from healthtwin.access import Grant, Scope
from healthtwin.domain import DAY_MS, HOUR_MS
from healthtwin.people import Background, Contact
from tests.web.served_portal import USUAL, now_ms, visitor_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.web.served_portal import Portal, Visitor

pytestmark = pytest.mark.browser

SOMEBODY = Grant("t-clinician", "", Scope.CLINICIAN, None)


def write(portal: Portal, person: str, text: str, severity: float | None = None, age_ms: int = 0) -> None:
    answer = httpx2.post(
        f"{portal.url}/api/people/{person}/events",
        json={
            "kind": "symptom",
            "timestamp": now_ms() - age_ms,
            "sequence": now_ms() - age_ms,
            "text": text,
            "severity": severity,
        },
        headers={"Authorization": f"Bearer {portal.tokens[person]}"},
    )
    assert answer.status_code == 200, answer.text


@pytest.fixture
def ada(portal: Portal) -> str:
    person = portal.add("Ada")
    known = Background(
        conditions=["COPD"],
        allergies=["Penicillin"],
        risk_factors=["I smoke"],
        emergency_contacts=[Contact("Bo", "+49 30 123", "son")],
    )
    portal.house.people.set_background(SOMEBODY, person, known)
    return person


def test_what_somebody_wrote_stands_above_their_readings_and_comes_by_itself(
    portal: Portal, ada: str, visitor: Visitor
) -> None:
    write(portal, ada, "Short of breath", 6)
    write(portal, ada, "Sore throat", age_ms=8 * DAY_MS)
    page = visitor.open(f"/people/{ada}")
    wrote = page.locator("#wrote")
    expect(wrote.locator(".wrote").first).to_contain_text("Short of breath")
    expect(wrote.locator(".wrote").first).to_contain_text("6 of 10")
    expect(wrote.get_by_text("Sore throat")).to_be_hidden()  # folded away with what is long ago
    write(portal, ada, "Chest feels tight")
    expect(wrote.locator(".wrote").first).to_contain_text("Chest feels tight")


@pytest.mark.parametrize(("scope", "sees_history"), [("family", False), ("clinician", True)])
def test_helpers_see_whom_to_call_and_clinicians_the_history_too(
    portal: Portal, ada: str, browser: Browser, scope: str, sees_history: bool
) -> None:
    somebody = visitor_of(portal, browser)
    somebody.sign_in(scope, (ada,))
    page = somebody.open(f"/people/{ada}")
    known = page.locator("#background")
    expect(known).to_contain_text("Penicillin")
    expect(known.get_by_role("link", name="+49 30 123")).to_have_attribute("href", "tel:+4930123")
    assert ("COPD" in known.inner_text()) is sees_history
    assert ("COPD" in page.content()) is sees_history, "nor does the page hold it unseen"
    somebody.context.close()


def test_the_chart_that_opens_is_the_one_the_alert_speaks_of(
    portal: Portal, ada: str, visitor: Visitor
) -> None:
    portal.usual_days(ada, 2)
    portal.breathless(ada)
    portal.alert_of(ada)
    page = visitor.open(f"/people/{ada}")
    expect(page.locator("#chart-title")).to_have_text("Oxygen saturation")
    expect(page.locator(".tile[aria-pressed=true]")).to_have_attribute("data-metric", "oxygen_saturation")


def test_a_value_beyond_a_limit_is_coloured_while_the_usual_is_learned(
    portal: Portal, ada: str, visitor: Visitor
) -> None:
    page = visitor.open(f"/people/{ada}")
    portal.breathless(ada)
    tile = page.locator(".tile[data-metric=oxygen_saturation]")
    expect(tile).to_have_attribute("data-level", "critical")
    expect(tile.locator(".chip")).to_have_text("Critical")
    expect(page.locator(".tile[data-metric=heart_rate]")).to_have_attribute("data-level", "")


def test_a_table_of_days_is_by_the_persons_own_days_and_names_their_usual(
    portal: Portal, visitor: Visitor
) -> None:
    ada = portal.add("Ada", timezone="Asia/Kolkata")
    portal.usual_days(ada, 16)
    midnight = datetime.fromtimestamp((now_ms() - 3 * DAY_MS) / 1000, UTC).replace(hour=18, minute=30)
    at = int(midnight.timestamp() * 1000)  # 00:00 in Kolkata
    portal.send(ada, {"timestamp": at + HOUR_MS // 4, **USUAL, "heart_rate": 91.0})
    portal.send(ada, {"timestamp": at - HOUR_MS // 4, **USUAL, "heart_rate": 51.0})
    page = visitor.open(f"/people/{ada}")
    page.locator(".tile[data-metric=heart_rate]").click()
    page.get_by_role("button", name="30 days").click()
    page.locator("#as-table summary").click()
    rows = page.locator("#table tbody tr")
    expect(rows.nth(5)).to_be_visible()
    named = {row.locator("th").inner_text(): row.locator("td").all_inner_texts() for row in rows.all()}
    assert not any(":" in head for head in named), "a day begins at the person's midnight, not at 01:00"
    day = f"{(midnight.day % 100)} {midnight:%b}"
    assert named[day][0] == "51", named
    assert all("–" in cells[3] and len(cells[3]) > 1 for cells in named.values()), "the usual of each day"
