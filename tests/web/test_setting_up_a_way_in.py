"""The other ways in, through the pages: an app's codes, recovery codes, a hospital's provider."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Literal

import httpx2
import pytest
from playwright.sync_api import expect

from healthtwin.access.accounts.totp import code_at, step_of
from tests.web.authenticators import authenticator_of
from tests.web.served_portal import now_ms, served_house, visitor_of
from tests.web.test_accessibility import is_wider_than_the_screen, violations
from tests.web.visible_boxes import cut_off, overlapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.web.served_portal import Portal

pytestmark = pytest.mark.browser

PASSWORD = "four quiet herons wade at dusk"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A small real identity provider, in a process of its own: what its libraries warn of is not ours."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    issuer = f"http://127.0.0.1:{port}"
    try:
        ends = time.monotonic() + 30
        while time.monotonic() < ends:
            try:
                httpx2.get(f"{issuer}/.well-known/openid-configuration").raise_for_status()
                break
            except httpx2.HTTPError:
                time.sleep(0.1)
        yield issuer
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory, provider: str) -> Iterator[Portal]:
    home = tmp_path_factory.mktemp("house") / "home"
    home.mkdir()
    (home / "config.toml").write_text(
        f'[access.oidc.hospital]\nissuer = "{provider}"\nclient_id = "healthtwin"\nclient_secret = "s3cret"\n'
        'title = "St. Mary\'s Hospital"\nallow_private = true\n'
    )
    with served_house(home) as served:
        served.url = served.url.replace("127.0.0.1", "localhost")
        yield served


def invitation(portal: Portal, name: str, role: str = "admin") -> str:
    people = [] if role == "admin" else [portal.add("Ada Lindqvist-Featherstonehaugh")]
    added = portal.house.access.accounts.add(name, role, people, now_ms())
    return f"{portal.url}/enrol/{added.enrol_secret}"


def set_up_by_password(page: Page, url: str) -> tuple[str, list[str]]:
    """The app's secret, and the recovery codes."""
    page.goto(url)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("Cannot scan it?").click()
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.get_by_label("The code that it shows now").fill(code_at(secret, step_of(now_ms())))
    page.get_by_role("button", name="Check the code").click()
    page.get_by_label("I have put these codes somewhere safe.").check()
    codes = page.locator(".codes code").all_inner_texts()
    page.get_by_role("button", name="Done: to the house").click()
    page.locator("#link-state[data-state=live]").wait_for()
    return secret, codes


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    page.locator("#by-password").wait_for()


def by_name(page: Page, name: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("#by-password button[type=submit]").click()


def test_password_and_app_then_a_recovery_code(named: Portal, browser: Browser) -> None:
    visitor = visitor_of(named, browser)
    page = visitor.page
    secret, codes = set_up_by_password(page, invitation(named, "Paul"))
    assert len(set(codes)) == 10
    sign_out(page)
    by_name(page, "Paul")
    page.get_by_label("Code of your authenticator app").fill("000000")
    page.locator("#by-password button[type=submit]").click()
    expect(page.locator("#problem")).to_be_visible()
    page.get_by_role("button", name="Use a recovery code").click()
    page.get_by_label("Recovery code").fill(codes[0].lower())
    page.locator("#by-password button[type=submit]").click()
    page.locator("#link-state[data-state=live]").wait_for()
    page.goto(named.url + "/account")
    expect(page.get_by_text("9 recovery codes are left.")).to_be_visible()
    expect(page.get_by_text("A recovery code was used.")).to_be_visible()
    assert secret not in page.content()
    visitor.context.close()


def test_after_a_reset_a_proof_of_before_ends_the_rest(named: Portal, browser: Browser) -> None:
    visitor = visitor_of(named, browser)
    page = visitor.page
    set_up_by_password(page, invitation(named, "Rosa", "clinician"))
    accounts = named.house.access.accounts
    again = accounts.reset(accounts.id_of("Rosa"), now_ms())
    page.goto(f"{named.url}/enrol/{again.enrol_secret}")
    expect(page.get_by_text("Your way in was reset.")).to_be_visible()
    page.get_by_label("New password").fill("another five herons sleep")
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("Cannot scan it?").wait_for()
    page.goto(named.url + "/account")
    expect(page.get_by_role("heading", name="Your way in was reset")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Password of before").fill("not that one at all")
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("#rest .form-problem")).to_be_visible()
    page.get_by_label("Password of before").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="Your way in was reset")).to_be_hidden()
    visitor.context.close()


def test_a_hospitals_provider_signs_in_who_linked_it(named: Portal, browser: Browser) -> None:
    visitor = visitor_of(named, browser)
    page = visitor.page
    authenticator = authenticator_of(page)
    page.goto(invitation(named, "Noor", "clinician"))
    page.get_by_role("button", name="Set up a passkey").click()
    page.get_by_label("I have put these codes somewhere safe.").check()
    page.get_by_role("button", name="Done: to the house").click()
    page.wait_for_url(named.url + "/")
    authenticator.simulates_presence(yes=False)
    page.goto(named.url + "/account")
    page.get_by_role("button", name="Link St. Mary's Hospital").click()
    page.get_by_placeholder("sub").fill("noor@hospital")
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(named.url + "/account")
    expect(page.locator("#identities").get_by_text("St. Mary's Hospital")).to_be_visible()
    sign_out(page)
    page.get_by_role("link", name="Sign in with St. Mary's Hospital").click()
    page.get_by_placeholder("sub").fill("noor@hospital")
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(named.url + "/")
    page.locator("#link-state[data-state=live]").wait_for()
    sign_out(page)
    page.get_by_role("link", name="Sign in with St. Mary's Hospital").click()
    page.get_by_placeholder("sub").fill("somebody@hospital")
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Not known here")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("This sign-in is over")
    assert violations(page) == []
    visitor.context.close()


@pytest.mark.parametrize(
    ("theme", "width", "language"),
    [("light", 320, "de-DE"), ("dark", 320, "en-GB"), ("dark", 1280, "de-DE"), ("light", 1280, "en-GB")],
)
def test_every_page_of_getting_in_can_be_read_by_everybody(
    named: Portal, browser: Browser, theme: Literal["light", "dark"], width: int, language: str
) -> None:
    visitor = visitor_of(named, browser, theme, width, language)
    page = visitor.page
    authenticator = authenticator_of(page)
    authenticator.simulates_presence(yes=False)

    def readable(step: str) -> None:
        for summary in page.locator("details:not([open]) > summary:visible").all():
            summary.click()
        assert violations(page) == [], step
        assert not is_wider_than_the_screen(page), step
        assert cut_off(page) == [], step
        assert overlapping(page) == [], step

    page.goto(named.url.replace("localhost", "127.0.0.1") + "/sign-in")
    readable("over an address")
    page.goto(named.url + "/sign-in")
    page.locator("#passkey").wait_for()
    readable("signing in")
    page.goto(named.url + "/enrol/he_none")
    readable("an invitation that is no good")
    page.goto(invitation(named, f"Maximiliane-Hildegard Freifrau von {theme}{width}", "family"))
    page.locator("#new-password").wait_for()
    readable("an invitation")
    page.locator("#new-password").fill(PASSWORD)
    page.locator("#enrol form button").click()
    page.locator("img.qr").wait_for()
    readable("an app's codes")
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.locator("#totp-code").fill(code_at(secret, step_of(now_ms())))
    page.locator("#enrol form button").click()
    page.locator(".codes").wait_for()
    readable("recovery codes")
    page.goto(named.url + "/account")
    authenticator.simulates_presence(yes=True)
    page.locator("#passkeys .primary-button").click()
    page.locator("#passkeys .item").wait_for()
    readable("one's own account")
    page.goto(invitation(named, f"Paul {theme}{width}", "family"))
    page.locator("#enrol .primary-button").wait_for()
    readable("somebody else's invitation")
    visitor.context.close()
