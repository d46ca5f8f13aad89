"""Pictures of the phone app for the README: a simulated person's phone in headless Chromium, light and dark.

Moves a simulated person with sixty days behind her into a new demo home, pairs a phone, opens every screen
and writes `docs/images/app-<screen>-<light|dark>.png`. Every picture says in its ribbon that it is simulated.

Usage: python tools/app_screenshots.py [--out docs/images] [--language en] [--only now,ill] [--theme dark]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import httpx2
from playwright.sync_api import sync_playwright

from healthtwin.access import Credentials, Pairing
from healthtwin.api import Listen, serving
from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS, Profile
from healthtwin.house import House, WallClock
from healthtwin.store import Home, HomeKind
from healthtwin.store.people import People

sys.path.insert(0, str(Path(__file__).parent.parent))
from tools.screenshots import CHROMIUM_FLAGS, chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

WIDTH: Final = 390
HEIGHT: Final = 844
DAYS: Final = 62
"""Two more than the learning takes, so that the bands are there and the alerts are the full ones."""

BATCH: Final = 500
SETTLED_MS: Final = 800

SCREENS: Final = {
    "now": "",
    "check": "check",
    "pulse": "check/pulse",
    "breathing": "check/breathing",
    "tremor": "check/tremor",
    "balance": "check/balance",
    "walking": "check/walk",
    "cough": "check/cough",
    "typed": "check/typed",
    "oximeter": "check/oximeter",
    "strap": "check/strap",
    "ill": "ill",
    "alerts": "alerts",
    "sharing": "sharing",
    "settings": "settings",
    "about": "welcome/about",
    "medicines": "welcome/medicines",
    "baseline": "welcome/baseline",
}
"""File name to path below ``/app``; the pairing page and one alert come besides."""


class Shown(NamedTuple):
    """A served house: where, and the simulated person in it."""

    house: House
    url: str
    person: str


def now_ms() -> int:
    """The wall clock."""
    return time.time_ns() // 1_000_000


def past(end_ms: int) -> list[dict[str, Any]]:
    """A reading an hour with a rhythm of the day; the last two hours go astray."""
    rows = []
    for number, at in enumerate(range(end_ms - DAYS * DAY_MS, end_ms + 1, HOUR_MS // 2)):
        wave = ((number * 37) % 11 - 5) / 5
        astray = max(0.0, 1 - (end_ms - at) / (2 * HOUR_MS))
        rows.append(
            {
                "timestamp": at,
                "heart_rate": round(64 + 4 * wave + 27 * astray, 1),
                "respiratory_rate": round(14 + wave + 6 * astray, 1),
                "spo2": round(min(100.0, 97 + wave - 4 * astray), 1),
                "temperature": round(36.6 + 0.2 * wave + 0.9 * astray, 2),
                "hrv_rmssd": round(42 + 5 * wave - 14 * astray, 1),
                "activity_level": 0,
            }
        )
    return rows


@contextmanager
def served(folder: Path) -> Iterator[Shown]:
    """A demo home with Ada in it."""
    house = House(Home.open_or_create(folder / "home", HomeKind.DEMO), WallClock())
    house.start()
    try:
        with serving(house, Listen()) as url:
            person = People(house.tables).add(
                "Ada", Profile(timezone="Europe/Berlin", birth_year=1961), now_ms()
            )
            token = Credentials(house.tables).create_token("device", [person.id], now_ms()).secret
            rows = past(now_ms() - MINUTE_MS)
            for first in range(0, len(rows), BATCH):
                answer = httpx2.post(
                    f"{url}/api/vitals",
                    json=rows[first : first + BATCH],
                    headers={"Authorization": f"Bearer {token}"},
                    timeout=60,
                )
                answer.raise_for_status()
            house.caught_up(120)
            yield Shown(house, url, person.id)
    finally:
        house.stop()


def picture(page: Page, path: Path, *, whole: bool = False) -> None:
    """Save what the phone shows; `whole` to its very end."""
    page.wait_for_timeout(SETTLED_MS)
    if whole:
        # A taller phone, so that what is fixed to the edges of the screen stays at the edges of the picture.
        tall = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": WIDTH, "height": max(HEIGHT, tall)})
    page.screenshot(path=path, animations="disabled")
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    sys.stdout.write(f"{path}\n")


def live_in(page: Page, shown: Shown) -> None:
    """Pair the phone and leave traces, so that no screen is empty."""
    page.locator("form button[type=submit]").click()
    page.locator("[data-screen=welcome] h1").wait_for()
    page.goto(f"{shown.url}/app/ill")
    for symptom in ("short_of_breath", "tired"):
        page.locator(f".pick:has(input[value={symptom}])").click()
    page.locator("#ill-severity").fill("5")
    page.locator("form button[type=submit]").click()
    page.locator(".after").wait_for()
    page.goto(f"{shown.url}/app/sharing")
    page.locator("#invite-label").fill("Grace, daughter")
    page.locator("form button[type=submit]").click()
    page.locator("#invite-url").wait_for()


def take(browser: Browser, shown: Shown, out: Path, options: argparse.Namespace) -> None:
    """The pictures that `options` wants, in the themes it names."""
    only = frozenset(name for name in options.only.split(",") if name)
    themes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for theme in themes:
        if options.theme not in {theme, "both"}:
            continue
        context = browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT},
            locale=options.language,
            color_scheme=theme,
            timezone_id="Europe/Berlin",
            has_touch=True,
        )
        page = context.new_page()
        code = Pairing(shown.house.tables).create_code(shown.person, now_ms()).secret
        page.goto(f"{shown.url}/app/pair#code={code}")
        page.locator("#code").wait_for()
        if not only or "pair" in only:
            picture(page, out / f"app-pair-{theme}.png")
        live_in(page, shown)
        for name, path in SCREENS.items():
            if only and name not in only:
                continue
            page.goto(f"{shown.url}/app/{path}".rstrip("/"))
            page.locator(".screen h1").first.wait_for(state="attached")
            picture(page, out / f"app-{name}-{theme}.png", whole=name in {"now", "ill"})
        if not only or "alert" in only:
            page.goto(f"{shown.url}/app/alerts")
            page.locator(".alert-card .more a").first.click()
            page.locator(".back").wait_for()
            picture(page, out / f"app-alert-{theme}.png", whole=True)
        context.close()


def main() -> None:
    """Read the command line and take the pictures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    parser.add_argument("--language", default="en-GB")
    parser.add_argument("--theme", choices=("light", "dark", "both"), default="both")
    parser.add_argument("--only", default="", help="names of screens, with commas; all when left out")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        served(Path(folder)) as shown,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_FLAGS))
        take(browser, shown, options.out, options)
        browser.close()


if __name__ == "__main__":
    main()
