"""Chromium whose camera and microphone are files, and a phone in it that measures on the real app."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from playwright.sync_api import expect

from tests.app.phone import Phone, phone_of
from tests.web.conftest import CHROMIUM_FLAGS, CHROMIUM_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Playwright, Request

    from tests.web.served_portal import Portal

MEASURING_FLAGS = (
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",  # says yes to camera and microphone
    "--autoplay-policy=no-user-gesture-required",
    # Several pages measure at once here; on a phone it is the one that is seen.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
)

PATIENCE_MS = 45_000
PLAYWRIGHTS_OWN_MS = 5_000

LONGEST_MS = 120_000
"""For a measurement of a minute on a machine that has other things to do."""


def chromium_path() -> str | None:
    """The system's Chromium; None where there is none."""
    return next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


@contextmanager
def sensing_browser(
    playwright: Playwright, *, camera: Path | None = None, microphone: Path | None = None
) -> Iterator[Browser]:
    """Chromium that plays `camera` (.y4m, looped) and `microphone` (.wav, once) as its devices."""
    flags = [*CHROMIUM_FLAGS, *MEASURING_FLAGS]
    if camera is not None:
        flags.append(f"--use-file-for-fake-video-capture={camera}")
    if microphone is not None:
        flags.append(f"--use-file-for-fake-audio-capture={microphone}%noloop")
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=flags)
    # Whoever plays cameras and sensors in real time has little left for pages.
    expect.set_options(timeout=PATIENCE_MS)
    try:
        yield browser
    finally:
        expect.set_options(timeout=PLAYWRIGHTS_OWN_MS)
        browser.close()


class Sending:
    """Listens to the fingers that a phone sends from now on; one that is sent again counts once."""

    def __init__(self, phone: Phone) -> None:
        self._windows: dict[int, dict[str, Any]] = {}
        phone.context.on("request", self._heard)

    def _heard(self, request: Request) -> None:
        if request.url.endswith("/api/signals/ppg") and request.post_data:
            window = json.loads(request.post_data)
            self._windows[window["sequence"]] = window

    @property
    def windows(self) -> list[dict[str, Any]]:
        """In the order they were measured."""
        return [self._windows[sequence] for sequence in sorted(self._windows)]


class Shown(NamedTuple):
    """How a measurement ended.

    Attributes:
        step: "measured", "refused", "queued" or "trouble".
        values: the numbers on screen, by metric.
        words: everything on screen.
    """

    step: str
    values: dict[str, float]
    words: str


def measuring_phone(portal: Portal, browser: Browser, person: str) -> Phone:
    """A paired phone whose sensors may be read."""
    phone = phone_of(portal, browser)
    phone.page.set_default_timeout(LONGEST_MS)
    phone.context.grant_permissions(["accelerometer", "gyroscope", "camera", "microphone"])
    phone.pair(person)
    return phone


def another_page(phone: Phone) -> Phone:
    """The same phone, measuring something else beside what it measures."""
    page = phone.context.new_page()
    page.set_default_timeout(LONGEST_MS)
    beside = Phone(phone.portal, phone.context, page)
    page.on("console", beside.heard)
    page.on("pageerror", lambda error: beside.complaints.append(str(error)))
    return beside


def look_up(phone: Phone, kind: str) -> None:
    """Open a check, up to its start.

    Before anything is measured: a page that opens beside a finger that is counted takes a slow processor for
    itself, for a second and more, and the finger's frames with it. No phone opens four of them meanwhile.
    """
    phone.page.goto(f"{phone.portal.url}/app/check/{kind}")
    expect(_start(phone)).to_be_visible()


def start(phone: Phone) -> None:
    """Start the check that was looked up."""
    _start(phone).click()


def begin(phone: Phone, kind: str) -> None:
    """Open a check and start it."""
    look_up(phone, kind)
    start(phone)


def _start(phone: Phone) -> Locator:
    return phone.page.get_by_role("button", name="Start", exact=True)


def has_ended(phone: Phone) -> bool:
    """Whether the measurement is over, one way or the other."""
    step = phone.page.locator(".measure-region").get_attribute("data-step")
    return step in ("measured", "refused", "queued", "trouble")


def ended(phone: Phone) -> Shown:
    """Wait for the end, and read the screen."""
    ends = ", ".join(f"[data-step={step}]" for step in ("measured", "refused", "queued", "trouble"))
    region = phone.page.locator(ends)
    region.wait_for(timeout=LONGEST_MS)
    numbers = region.locator("[data-metric]").all()
    shown = {
        str(number.get_attribute("data-metric")): float(
            # What is read is what stands there, not what lies behind it.
            number.locator("strong").inner_text().replace("−", "-")
        )
        for number in numbers
    }
    return Shown(str(region.get_attribute("data-step")), shown, region.inner_text())


def stored(portal: Portal, person: str, metric: str) -> list[float]:
    """The values of a metric that the house has for a person, in order."""
    now = portal.house.now_ms()
    view: Any = portal.house.people.series(person, metric, now - 86_400_000, now + 3_600_000, None)
    return list(view.v)
