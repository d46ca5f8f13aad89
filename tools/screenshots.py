"""Pictures of the portal for the README: a demo household in headless Chromium, light and dark.

Starts `healthtwin demo` on a free port, signs in, waits until somebody in it has got worse, and writes
`docs/images/*.png`. Everything shown is simulated, and every picture says so in its ribbon.

Usage: python tools/screenshots.py [--out docs/images] [--seed 1] [--scenario copd]
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

CHROMIUM_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")

DESK: Final = 1200
TALL: Final = 1_560  # down to the tiles, below an open alert
PHONE: Final = 390
SHARPNESS: Final = 1  # twice as many pixels would make the pictures of whole pages half a megabyte each
PLAY_MS: Final = 180_000
"""The play takes about a minute; a busy machine may need three."""

SETTLED_MS: Final = 3_000
"""After this the twin's words have followed the last reading and the notices have gone."""


class Demo(NamedTuple):
    """Where the demo is served and the link that signs in once."""

    url: str
    link: str


@contextmanager
def demo(seed: int, scenario: str) -> Iterator[Demo]:
    """A running demo; it ends with the context."""
    command = [str(Path(sys.executable).with_name("healthtwin")), "demo", "--json", "--no-browser"]
    process = subprocess.Popen(
        [*command, "--seed", str(seed), "--scenario", scenario], stdout=subprocess.PIPE, text=True
    )
    try:
        if process.stdout is None:
            raise SystemExit("the demo has no output to read its address from")
        opened = json.loads(process.stdout.readline())
        yield Demo(opened["url"], opened["link"])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def chromium() -> str:
    """Path of the system's Chromium; ends the program when there is none."""
    for name in CHROMIUM_NAMES:
        found = shutil.which(name)
        if found is not None:
            return found
    raise SystemExit("no Chromium on this machine (Debian: apt-get install chromium)")


def picture(page: Page, path: Path, *, whole: bool = False) -> None:
    """Save what the page shows; `whole` to its very end."""
    page.wait_for_timeout(SETTLED_MS)
    page.screenshot(path=path, full_page=whole, animations="disabled")
    sys.stdout.write(f"{path}\n")


def take(browser: Browser, shown: Demo, out: Path) -> None:
    """All pictures, in both themes."""
    context = browser.new_context(
        viewport={"width": DESK, "height": 860}, locale="en-GB", device_scale_factor=SHARPNESS
    )
    page = context.new_page()
    page.goto(shown.link)
    page.get_by_role("button", name="Sign in").click()
    worst = page.locator(".person-card[data-level=critical]")
    worst.first.wait_for(timeout=PLAY_MS)
    page.wait_for_timeout(SETTLED_MS)
    person = worst.first.get_by_role("link").get_attribute("href")
    for theme in ("light", "dark"):
        scheme: Literal["light", "dark"] = theme
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": DESK, "height": 860})
        page.goto(shown.url + "/")
        picture(page, out / f"who-needs-me-{theme}.png")
        page.goto(f"{shown.url}{person}")
        alert = page.locator(".alert-card .more a").first.get_attribute("href")
        page.set_viewport_size({"width": DESK, "height": TALL})
        picture(page, out / f"person-{theme}.png")
        page.locator("#chart-panel").screenshot(path=out / f"chart-{theme}.png", animations="disabled")
        page.goto(f"{shown.url}{alert}")
        picture(page, out / f"alert-{theme}.png", whole=True)
        page.goto(f"{shown.url}/house")
        picture(page, out / f"house-{theme}.png", whole=True)
        page.set_viewport_size({"width": PHONE, "height": 844})
        page.goto(shown.url + "/")
        picture(page, out / f"phone-{theme}.png")
    context.close()


def main() -> None:
    """Read the command line and take the pictures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scenario", default="copd")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, demo(options.seed, options.scenario) as shown:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_FLAGS))
        take(browser, shown, options.out)
        browser.close()


if __name__ == "__main__":
    main()
