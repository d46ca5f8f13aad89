"""A phone in front of a served house: a phone-sized browser profile, and what a test asks of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from playwright.sync_api import expect

from healthtwin.access import Pairing
from tests.web.served_portal import now_ms

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

    from tests.web.served_portal import Portal

PHONE_WIDTH = 390
SMALL_PHONE = 320

CHROMIUMS_OWN = re.compile(r"net::ERR_|Failed to load resource|EventSource|Permissions-Policy header: Unr")
"""What Chromium says by itself: without a network, of a 4xx that the app handles, of a feature it lacks."""


IN_CHARGE = """async () => {
  const workers = navigator.serviceWorker;
  if (!workers.controller) {
    await new Promise((done) => workers.addEventListener("controllerchange", done, { once: true }));
  }
}"""


@dataclass
class Phone:
    """A phone; what its pages complain about is kept."""

    portal: Portal
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def code_for(self, person: str) -> str:
        """A pairing code, as the house prints it."""
        return Pairing(self.portal.house.tables).create_code(person, now_ms()).secret

    def pair(self, person: str, *, welcome: bool = False) -> Page:
        """Pair by the link of a QR code; past the first questions unless `welcome`."""
        self.page.goto(f"{self.portal.url}/app/pair#code={self.code_for(person)}")
        self.page.locator("form button[type=submit]").click()
        expect(self.page.locator("[data-screen=welcome] h1")).to_be_visible()
        if not welcome:
            self.page.locator(".steps-row .quiet-button").last.click()
            self.at("now")
        return self.page

    def at(self, screen: str) -> None:
        """Wait until a screen stands there, with what it loads."""
        expect(self.page.locator(f".screen[data-screen={screen}] h1").first).to_be_attached()

    def open(self, screen: str = "") -> Page:
        """Load a screen anew, as after a reload."""
        self.page.goto(f"{self.portal.url}/app/{screen}".rstrip("/"))
        self.at(screen.partition("/")[0] or "now")
        return self.page

    def go(self, tab: str) -> Page:
        """Press a tab."""
        self.page.locator(f".tab[data-tab={tab}]").click()
        self.at(tab)
        return self.page

    def tick(self, value: str) -> None:
        """Press one of the things to choose from."""
        self.page.locator(f".pick:has(input[value={value}])").click()

    def submit(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What a measuring screen does with its result: through the app's own queue."""
        queue = self.module("app/queue.js")
        answer: dict[str, Any] = self.page.evaluate(
            "([queue, path, body]) => import(queue).then((module) => module.submit(path, body))",
            [queue, path, body],
        )
        return answer

    def waiting(self) -> dict[str, Any]:
        """What the queue holds."""
        queue = self.module("app/queue.js")
        state: dict[str, Any] = self.page.evaluate(
            "(queue) => import(queue).then((module) => module.queueState())", queue
        )
        return state

    def module(self, path: str) -> str:
        """Where a module of this release lies."""
        from healthtwin.web.assets import load_assets

        return load_assets().url(path)

    def keeps_the_shell(self) -> None:
        """Wait until the service worker is in charge."""
        self.page.evaluate(IN_CHARGE)

    def heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not CHROMIUMS_OWN.search(message.text):
            self.complaints.append(message.text)


def phone_of(
    portal: Portal,
    browser: Browser,
    theme: Literal["light", "dark"] = "light",
    language: str = "en-GB",
    width: int = PHONE_WIDTH,
) -> Phone:
    """Somebody's phone, new out of the box."""
    context = browser.new_context(
        timezone_id="Europe/Berlin",
        locale=language,
        color_scheme=theme,
        viewport={"width": width, "height": 800},
        has_touch=True,
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    phone = Phone(portal, context, page)
    page.on("console", phone.heard)
    page.on("pageerror", lambda error: phone.complaints.append(str(error)))
    return phone
