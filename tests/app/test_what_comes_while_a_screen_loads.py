"""What the house tells while a screen loads is neither lost nor undone by the older answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from healthtwin.access import Grant, Scope
from healthtwin.notify import Decision

if TYPE_CHECKING:
    from playwright.sync_api import Route

    from tests.app.phone import Phone
    from tests.web.served_portal import Portal

pytestmark = pytest.mark.browser

SOMEBODY = Grant("t-clinician", "", Scope.CLINICIAN, None)


@dataclass
class Delayed:
    """Answers that were given and are still on their way."""

    routes: list[tuple[Route, str]] = field(default_factory=list)
    arrived: bool = False

    def take(self, route: Route) -> None:
        if self.arrived:
            route.continue_()
        else:
            self.routes.append((route, route.fetch().text()))

    def arrive(self) -> None:
        self.arrived = True
        for route, body in self.routes:
            route.fulfill(body=body, content_type="application/json")


@pytest.mark.parametrize("screen", ["alerts", "alerts/{alert}"])
def test_an_alert_that_is_closed_while_the_screen_loads_is_shown_closed(
    portal: Portal, ada: str, phone: Phone, screen: str
) -> None:
    portal.breathless(ada)
    alert = portal.alert_of(ada)
    expect(phone.open().locator("#link-state")).to_have_attribute("data-state", "live")
    asked = f"**/api/alerts/{alert}" if "/" in screen else "**/api/alerts?**"
    answers = Delayed()
    phone.page.route(asked, answers.take)
    phone.page.evaluate(
        "(path) => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }",
        f"/app/{screen.format(alert=alert)}",
    )
    while not answers.routes:
        phone.page.wait_for_timeout(20)
    portal.house.notify.act(SOMEBODY, alert, Decision("resolve"))
    phone.page.wait_for_timeout(100)  # the stream has told it; the screen does not know the alert yet
    answers.arrive()
    if "/" in screen:
        expect(phone.page.locator(".alert-card .state-chip")).to_have_text("Closed by hand")
    else:
        expect(phone.page.locator(".past")).to_have_count(1)
        expect(phone.page.locator(".alert-card")).to_have_count(0)
