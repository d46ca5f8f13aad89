"""Everything about me is one button away in the settings, and is saved on the phone as a file."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from healthtwin.house.export import Wanted
from healthtwin.house.export.kept import MOST_READY
from tests.app.phone import phone_of

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.app.phone import Phone
    from tests.web.served_portal import Portal

pytestmark = pytest.mark.browser


def test_the_file_is_made_fetched_and_read_in_the_language_of_the_phone(
    portal: Portal, ada: str, browser: Browser, tmp_path: Path
) -> None:
    phone = phone_of(portal, browser, language="de-DE")
    phone.pair(ada)
    page = phone.open("settings")
    panel = page.locator(".panel", has_text="Meine Daten")
    panel.get_by_role("button", name="Datei machen").click()
    save = panel.get_by_role("link", name="Datei speichern")
    expect(save).to_be_visible()
    expect(panel.get_by_role("status")).to_contain_text("abzuholen bis")
    with page.expect_download() as waiting:
        save.click()
    waiting.value.save_as(tmp_path / "me.zip")
    with zipfile.ZipFile(tmp_path / "me.zip") as packed:
        assert "Meine Daten: Ada" in packed.read("index.html").decode()
    page = phone.open("settings")  # it still lies ready
    expect(page.get_by_role("link", name="Datei speichern")).to_be_visible()
    phone.context.close()
    assert phone.complaints == []


def test_what_cannot_be_made_is_said_and_can_be_tried_again(portal: Portal, ada: str, phone: Phone) -> None:
    exports = portal.house.exports
    others = [exports.ask(ada, "t-other", Wanted()) for _ in range(MOST_READY)]
    page = phone.open("settings")
    panel = page.locator(".panel", has_text="My data")
    panel.get_by_role("button", name="Make the file").click()
    expect(panel.get_by_role("status")).to_contain_text("There is no file: 3 exports lie ready")
    for kept in others:
        exports.drop(kept)
    panel.get_by_role("button", name="Make the file").click()
    expect(panel.get_by_role("link", name="Save the file")).to_be_visible()
