"""The app can be put on the home screen, opens without a network, and takes a new release when asked to."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING

import httpx2
import pytest
from playwright.sync_api import expect

from healthtwin.web.assets import load_assets
from healthtwin.words import LANGUAGES

if TYPE_CHECKING:
    from tests.app.phone import Phone
    from tests.web.served_portal import Portal


def test_the_manifest_names_icons_of_the_sizes_it_says(portal: Portal) -> None:
    manifest = json.loads(httpx2.get(portal.url + "/app/manifest.webmanifest").text)
    assert manifest["start_url"] == manifest["scope"] == "/app"
    purposes = set()
    for icon in manifest["icons"]:
        answer = httpx2.get(portal.url + icon["src"])
        assert answer.status_code == 200
        assert answer.headers["content-type"] == icon["type"]
        if icon["type"] == "image/png":
            width, height = struct.unpack(">II", answer.content[16:24])
            assert icon["sizes"] == f"{width}x{height}"
            purposes.add((icon["purpose"], width))
    assert purposes == {(purpose, size) for purpose in ("any", "maskable") for size in (192, 512)}


def test_the_shell_holds_nothing_of_anybody_and_nothing_inline(portal: Portal, ada: str) -> None:
    shell = httpx2.get(portal.url + "/app").text
    assert httpx2.get(f"{portal.url}/app/alerts/{ada}").text == shell
    assert 'name="csrf-token" content=""' in shell
    assert "Ada" not in shell


def test_every_module_and_look_of_the_app_is_kept(portal: Portal) -> None:
    worker = httpx2.get(portal.url + "/app/service_worker.js")
    assert worker.headers["service-worker-allowed"] == "/app"
    assets = load_assets()
    own = [path for path in assets.files if path.startswith("app/")]
    assert len(own) > 30
    spoken = [f"words/app.{language}.js" for language in LANGUAGES]
    for path in (*own, *spoken, "app.css", "js/words.js", "js/alert_card.js"):
        assert assets.url(path) in worker.text, path


@pytest.mark.browser
def test_every_screen_opens_without_a_network(phone: Phone) -> None:
    page = phone.page
    expect(page.locator(".standing-card")).to_be_visible()  # by then everything was heard once
    phone.keeps_the_shell()
    phone.context.set_offline(True)
    page.reload()
    phone.at("now")
    for tab in ("check", "ill", "alerts"):
        phone.go(tab)
        expect(page.locator(".screen h1").first).not_to_have_text("This could not be shown")
    page.locator("#to-settings").click()
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()


@pytest.mark.browser
def test_another_language_is_chosen_without_a_network_and_kept(phone: Phone) -> None:
    page = phone.page
    expect(page.locator(".standing-card")).to_be_visible()
    phone.keeps_the_shell()
    phone.context.set_offline(True)
    page.locator("#to-settings").click()
    page.get_by_label("Language").select_option("de")
    expect(page.get_by_role("heading", name="Einstellungen")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.reload()
    expect(page.get_by_role("heading", name="Einstellungen")).to_be_visible()
    expect(page.locator(".tab[data-tab=now]")).to_have_text("Jetzt")


@pytest.mark.browser
def test_a_start_stays_light(portal: Portal, phone: Phone) -> None:
    requests: list[str] = []
    fresh = phone.context.browser
    assert fresh is not None
    context = fresh.new_context(service_workers="block")
    page = context.new_page()
    page.on("request", lambda request: requests.append(request.url))
    page.goto(portal.url + "/app")
    expect(page.get_by_role("heading", name="Pair this phone")).to_be_visible()
    sent = page.evaluate(
        "['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind))"
        ".reduce((sum, each) => sum + each.transferSize, 0)"
    )
    context.close()
    assert sent <= 120_000, requests
