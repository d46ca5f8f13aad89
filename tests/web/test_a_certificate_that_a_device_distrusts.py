"""Behind a certificate warning browsers allow no passkeys: the page finds out and says how to trust."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect, sync_playwright

from healthtwin.api import Listen, serving
from healthtwin.cli.serve import with_own_authority
from healthtwin.house import open_house
from tests.web.conftest import CHROMIUM_FLAGS, CHROMIUM_NAMES
from tests.web.served_portal import now_ms

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from healthtwin.house import House

pytestmark = pytest.mark.browser

NAME = "twin.test"
"""Pages of localhost are trusted whatever their certificate; so the house has another name here."""


@pytest.fixture
def distrustful(tmp_path: Path) -> Iterator[tuple[House, str, Page]]:
    """A house with an authority of its own, and a browser that went on after the warning."""
    path = next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    house = open_house(tmp_path / "home")
    house.start()
    listen = with_own_authority(tmp_path / "home", Listen(names=frozenset({NAME})), "127.0.0.1", None)
    flags = [*CHROMIUM_FLAGS, f"--host-resolver-rules=MAP {NAME} 127.0.0.1"]
    with serving(house, listen) as url, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=flags)
        page = chromium.new_context(ignore_https_errors=True).new_page()
        yield house, url.replace("127.0.0.1", NAME), page
        chromium.close()
    house.stop()


def test_the_pages_say_so_and_lead_to_how_to_trust(distrustful: tuple[House, str, Page]) -> None:
    house, url, page = distrustful
    page.goto(url + "/sign-in")
    expect(page.get_by_text("does not trust the house’s certificate")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    expect(page.get_by_label("Password")).to_be_visible()
    added = house.access.accounts.add("Anna", "admin", [], now_ms())
    page.goto(f"{url}/enrol/{added.enrol_secret}")
    expect(page.get_by_text("does not trust the house’s certificate")).to_be_visible()
    expect(page.get_by_role("button", name="Set up a passkey")).to_have_count(0)
    page.get_by_role("link", name="How to trust it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("trust your healthtwin")
