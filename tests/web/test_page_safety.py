"""What a page may load and run: nothing inline, nothing from elsewhere, and names stay text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx2
import pytest
from playwright.sync_api import expect

from healthtwin.web.assets import STATIC, load_assets
from healthtwin.web.rendering import TEMPLATES
from tests.web.served_portal import USUAL, now_ms

if TYPE_CHECKING:
    from tests.web.served_portal import Portal, Visitor

HOSTILE = "</script><img src=x onerror=\"document.title='broken into'\"><b>Ada & Co"


@pytest.mark.browser
def test_a_hostile_name_is_shown_and_not_run(portal: Portal, visitor: Visitor) -> None:
    person = portal.add(HOSTILE)
    portal.breathless(person)
    for path in ("/", f"/people/{person}", f"/alerts/{portal.alert_of(person)}"):
        page = visitor.open(path)
        expect(page.get_by_text(HOSTILE).first).to_be_visible()
        assert page.title() != "broken into"
        assert page.locator("main img").count() == 0


@pytest.mark.browser
def test_pages_load_nothing_from_elsewhere_and_stay_within_the_policy(
    portal: Portal, visitor: Visitor
) -> None:
    person = portal.add("Ada")
    portal.send(person, {"timestamp": now_ms(), **USUAL})
    for path in ("/", f"/people/{person}"):
        answer = visitor.page.goto(portal.url + path)
        assert answer is not None
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "'unsafe-inline'" not in policy
        assert answer.headers["cache-control"] == "no-store"
    assert all(url.startswith((portal.url, "data:")) for url in visitor.requests)


@pytest.mark.browser
def test_no_text_becomes_markup_or_script_in_a_browser_that_has_trusted_types(
    portal: Portal, visitor: Visitor
) -> None:
    for path in ("/", "/app"):
        answer = visitor.page.goto(portal.url + path)
        assert answer is not None
        assert answer.headers["cross-origin-embedder-policy"] == "require-corp"
        refused = visitor.page.evaluate("""() => {
            try { document.body.innerHTML = "<b>injected</b>"; return ""; }
            catch (error) { return error.name; }
        }""")
        assert refused == "TypeError"
        assert (
            visitor.page.evaluate("""() => {
            try { trustedTypes.createPolicy("mine", {createHTML: (text) => text}); return ""; }
            catch (error) { return error.name; }
        }""")
            == "TypeError"
        )
    assert any("TrustedHTML" in complaint for complaint in visitor.complaints)
    visitor.complaints.clear()  # they were asked for


def test_templates_and_modules_hold_nothing_inline_and_no_other_host() -> None:
    for template in TEMPLATES.glob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text), template.name
        for script in re.findall(r"<script[^>]*>", text):
            assert "src=" in script or 'type="application/json"' in script, template.name
    for module in (STATIC / "js").glob("*.js"):
        text = module.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text), (
            module.name
        )
        assert "://" not in text.replace("http://www.w3.org/2000/svg", ""), module.name


def test_static_files_are_kept_for_ever_under_their_fingerprint(portal: Portal) -> None:
    assets = load_assets()
    for path in assets.files:
        answer = httpx2.get(portal.url + assets.url(path))
        assert answer.status_code == 200
        assert answer.content == assets.files[path].body
        assert answer.headers["content-encoding"] == "gzip"
        assert "immutable" in answer.headers["cache-control"]


def test_a_file_of_a_former_release_is_answered_but_not_kept(portal: Portal) -> None:
    answer = httpx2.get(
        portal.url + "/static/000000000000/js/words.js", headers={"Accept-Encoding": "identity"}
    )
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["nothing.js", "../pages.py", "%2e%2e/pages.py", "vendor/uplot/LICENSE"])
def test_only_the_portals_own_files_are_served(portal: Portal, path: str) -> None:
    answer = httpx2.get(f"{portal.url}/static/{load_assets().fingerprint}/{path}")
    assert answer.status_code == 404


def test_the_vendored_chart_library_brings_its_licence() -> None:
    licence = (STATIC / "vendor" / "uplot" / "LICENSE").read_text(encoding="utf-8")
    assert "Permission is hereby granted" in licence
