"""A real house behind a real server, and somebody at a real browser in front of it."""

from __future__ import annotations

import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import httpx2

from healthtwin.access import Credentials
from healthtwin.api import Listen, serving
from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS, Profile
from healthtwin.house import open_house
from healthtwin.store.people import People

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

    from healthtwin.house import House

USUAL = {"heart_rate": 66.0, "respiratory_rate": 14.0, "spo2": 97.0, "temperature": 36.6}


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass
class Portal:
    """A served house, and how a test moves things in it."""

    house: House
    url: str = ""
    tokens: dict[str, str] = field(default_factory=dict)
    _serving: ExitStack = field(default_factory=ExitStack)

    def serve(self, port: int = 0) -> None:
        self.url = self._serving.enter_context(serving(self.house, Listen(port=port)))

    def unplug(self) -> int:
        """Stop serving while the house lives on; returns the port, for coming back."""
        self._serving.close()
        return int(self.url.rpartition(":")[2])

    def add(self, name: str, timezone: str = "UTC", birth_year: int | None = 1961) -> str:
        profile = Profile(timezone=timezone, birth_year=birth_year)
        person = People(self.house.tables).add(name, profile, now_ms())
        token = Credentials(self.house.tables).create_token("device", [person.id], now_ms())
        self.tokens[person.id] = token.secret
        return person.id

    def send(self, person: str, *rows: dict[str, Any]) -> dict[str, Any]:
        """What a phone posts; returns the answer once the twin has seen it."""
        answer = httpx2.post(
            self.url + "/api/vitals",
            json=list(rows),
            headers={"Authorization": f"Bearer {self.tokens[person]}"},
            timeout=60,
        )
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        assert told["refused"] == []
        assert self.house.caught_up(60)
        return told

    def usual_days(self, person: str, days: int, *, until_ms: int | None = None) -> None:
        """So many days of ordinary readings, one an hour, up to now."""
        end = until_ms or now_ms() - MINUTE_MS
        rows = []
        for number, at in enumerate(range(end - days * DAY_MS, end + 1, HOUR_MS)):
            wave = ((number * 37) % 11 - 5) / 5
            rows.append(
                {
                    "timestamp": at,
                    "heart_rate": round(USUAL["heart_rate"] + 4 * wave, 1),
                    "respiratory_rate": round(USUAL["respiratory_rate"] + wave, 1),
                    "spo2": round(USUAL["spo2"] + wave, 1),
                    "temperature": round(USUAL["temperature"] + 0.2 * wave, 2),
                    "activity_level": 0,
                }
            )
        for first in range(0, len(rows), 500):
            self.send(person, *rows[first : first + 500])

    def breathless(self, person: str) -> dict[str, Any]:
        """A reading that is critical for anybody: oxygen far too low, now."""
        return self.send(person, {"timestamp": now_ms(), **USUAL, "spo2": 84.0, "activity_level": 0})

    def alert_of(self, person: str) -> str:
        """The id of the person's open alert, once it was told."""
        until = time.monotonic() + 10
        while time.monotonic() < until:
            for alert in self.house.notify.alerts(frozenset({person}), None):
                if alert.state != "resolved":
                    return alert.id
            time.sleep(0.05)
        raise AssertionError(f"no alert for {person} within 10 s")

    def link(
        self, scope: str = "admin", people: tuple[str, ...] = (), *, everybody: bool | None = None
    ) -> str:
        """A one-time sign-in link; of an admin, by default, one who sees everybody."""
        if everybody is None:
            everybody = scope == "admin" and not people
        minted = Credentials(self.house.tables).create_link(scope, people, now_ms(), every_person=everybody)
        return f"{self.url}/sign-in/{minted.secret}"


@contextmanager
def served_house(home: Path) -> Iterator[Portal]:
    """A house in a new home, started and served on loopback."""
    house = open_house(home)
    house.start()
    served = Portal(house)
    served.serve()
    try:
        yield served
    finally:
        served.unplug()
        house.stop()


@dataclass
class Visitor:
    """Somebody at a browser; what the page complains about is kept."""

    portal: Portal
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def sign_in(self, scope: str = "admin", people: tuple[str, ...] = ()) -> None:
        self.page.goto(self.portal.link(scope, people))
        self.page.locator("form button[type=submit]").click()
        self.page.wait_for_url(self.portal.url + "/")

    def open(self, path: str = "/") -> Page:
        """Go to a page and wait until its stream is up."""
        self.page.goto(self.portal.url + path)
        self.page.locator("#link-state[data-state=live]").wait_for()
        return self.page

    def heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


def visitor_of(
    portal: Portal,
    browser: Browser,
    theme: Literal["light", "dark"] = "light",
    width: int = 1280,
    locale: str = "en-GB",
) -> Visitor:
    """Somebody new, with a browser profile of their own."""
    context = browser.new_context(
        timezone_id="UTC", locale=locale, color_scheme=theme, viewport={"width": width, "height": 800}
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    visitor = Visitor(portal, context, page)
    page.on("console", visitor.heard)
    page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    page.on("request", lambda request: visitor.requests.append(request.url))
    return visitor
