"""The phone app as its people meet it: a served house and a phone-sized Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.app.phone import Phone, phone_of
from tests.web.conftest import browser
from tests.web.served_portal import Portal, served_house

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

__all__ = ["browser"]

# Beyond Playwright's 5 s: a busy machine is not a defect.
expect.set_options(timeout=20_000)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    """An empty house, served."""
    with served_house(tmp_path / "home") as served:
        yield served


@pytest.fixture
def ada(portal: Portal) -> str:
    return portal.add("Ada", timezone="UTC")


@pytest.fixture
def phone(portal: Portal, ada: str, browser: Browser) -> Iterator[Phone]:
    """Ada's phone, paired, past the first questions."""
    somebody = phone_of(portal, browser)
    somebody.pair(ada)
    yield somebody
    somebody.context.close()
    assert somebody.complaints == []


@pytest.fixture
def unpaired(portal: Portal, browser: Browser) -> Iterator[Phone]:
    """A phone that nobody has paired yet."""
    somebody = phone_of(portal, browser)
    yield somebody
    somebody.context.close()
