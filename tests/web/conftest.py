"""The portal as its visitors meet it: a served house and headless Chromium."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests.web.served_portal import Portal, Visitor, served_house, visitor_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    """An empty house, served."""
    with served_house(tmp_path / "home") as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def visitor(portal: Portal, browser: Browser) -> Iterator[Visitor]:
    """An administrator who is signed in."""
    somebody = visitor_of(portal, browser)
    somebody.sign_in()
    yield somebody
    somebody.context.close()
    assert somebody.complaints == []


@pytest.fixture
def stranger(portal: Portal, browser: Browser) -> Iterator[Visitor]:
    """Somebody who is not signed in."""
    somebody = visitor_of(portal, browser)
    yield somebody
    somebody.context.close()
