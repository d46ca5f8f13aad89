"""Passkeys in a real browser: from the invitation to the day on which one is gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from tests.web.authenticators import Authenticator, authenticator_of
from tests.web.served_portal import now_ms, served_house, visitor_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Route

    from tests.web.served_portal import Portal, Visitor

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A house that is reached by a name: passkeys belong to one."""
    with served_house(tmp_path_factory.mktemp("house") / "home") as served:
        served.url = served.url.replace("127.0.0.1", "localhost")
        yield served


@dataclass
class Owner:
    """Somebody at a browser with an authenticator, whose way in is a passkey."""

    visitor: Visitor
    authenticator: Authenticator
    account: str

    @property
    def page(self) -> Page:
        return self.visitor.page


def invitation(portal: Portal, name: str, role: str = "admin") -> tuple[str, str]:
    """Id of a new account, and where its invitation leads."""
    people = [] if role == "admin" else [portal.add("Ada")]
    added = portal.house.access.accounts.add(name, role, people, now_ms())
    return added.id, f"{portal.url}/enrol/{added.enrol_secret}"


def enrol(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("button", name="Set up a passkey").click()
    page.get_by_label("I have put these codes somewhere safe.").check()
    page.get_by_role("button", name="Done: to the house").click()


_number = 0


@pytest.fixture
def owner(named: Portal, browser: Browser) -> Iterator[Owner]:
    global _number  # noqa: PLW0603 - every test brings somebody else
    _number += 1
    visitor = visitor_of(named, browser)
    authenticator = authenticator_of(visitor.page)
    account, url = invitation(named, f"Noor {_number}")
    enrol(visitor.page, url)
    visitor.page.wait_for_url(named.url + "/")
    yield Owner(visitor, authenticator, account)
    visitor.context.close()


def sign_out(owner: Owner, portal: Portal) -> None:
    """Out again, with nobody there to touch the authenticator until a test says so."""
    owner.authenticator.simulates_presence(yes=False)
    owner.visitor.open("/").get_by_role("button", name="Sign out").click()
    owner.page.wait_for_url(portal.url + "/sign-in")
    owner.page.get_by_role("button", name="Sign in with a passkey").wait_for()


def pick(owner: Owner) -> None:
    """Press the button, and touch the authenticator that it asks for."""
    owner.authenticator.simulates_presence(yes=True)
    owner.page.get_by_role("button", name="Sign in with a passkey").click()


def proofs_are_old(portal: Portal) -> None:
    with portal.house.tables.write(changes_access=True) as session:
        session.execute(text("update sessions set verified_ms = 1 where account_id is not null"))


def test_the_button_ends_the_request_that_waits_and_signs_in(named: Portal, owner: Owner) -> None:
    sign_out(owner, named)
    pick(owner)
    owner.page.wait_for_url(named.url + "/")
    assert owner.visitor.complaints == []


def test_a_passkey_that_is_picked_where_the_name_is_typed_signs_in(named: Portal, owner: Owner) -> None:
    sign_out(owner, named)
    owner.authenticator.simulates_presence(yes=True)
    owner.page.reload()
    owner.page.wait_for_url(named.url + "/")


def test_a_page_that_stood_open_asks_for_a_fresh_challenge(named: Portal, owner: Owner) -> None:
    sign_out(owner, named)
    shown: list[int] = []

    def too_late(route: Route) -> None:
        # What the challenge was bound to is gone by the time that a passkey is picked.
        headers = route.request.all_headers()
        answer = route.fetch(headers=headers if shown else {**headers, "cookie": "none=none"})
        shown.append(answer.status)
        route.fulfill(response=answer)

    owner.page.route("**/api/sign-in/passkey", too_late)
    pick(owner)
    owner.page.wait_for_url(named.url + "/")
    assert shown == [409, 200], "refused once, asked again by itself, taken then"


def test_the_challenge_behind_the_name_field_is_renewed_while_the_page_stands_open(
    named: Portal, owner: Owner
) -> None:
    owner.page.clock.install()
    sign_out(owner, named)
    asked: list[str] = []
    owner.page.on("request", lambda request: asked.append(request.url))
    owner.page.clock.fast_forward("20:00")
    owner.page.wait_for_timeout(200)
    assert any(url.endswith("/sign-in/passkey/options") for url in asked)
    pick(owner)
    owner.page.wait_for_url(named.url + "/")


def test_the_password_form_works_while_a_passkey_is_waited_for(named: Portal, owner: Owner) -> None:
    sign_out(owner, named)
    owner.page.get_by_label("Name").fill("Nobody")
    owner.page.get_by_label("Password").fill("four quiet herons wade")
    owner.page.locator("#by-password button[type=submit]").click()
    expect(owner.page.locator("#problem")).to_contain_text("not right")


def test_a_finger_that_does_not_fit_opens_nothing(named: Portal, owner: Owner) -> None:
    sign_out(owner, named)
    owner.authenticator.verifies(yes=False)
    owner.authenticator.simulates_presence(yes=True)
    owner.page.goto(named.url + "/sign-in")
    owner.page.get_by_role("button", name="Sign in with a passkey").click()
    expect(owner.page.locator("#problem")).to_be_visible()
    assert owner.page.url == named.url + "/sign-in"


def test_the_same_device_a_second_time_is_good_news(named: Portal, owner: Owner) -> None:
    owner.page.goto(named.url + "/account")
    owner.page.get_by_role("button", name="Add a passkey").click()
    expect(owner.page.locator(".toast")).to_have_text("Good news: this device is already set up.")
    assert len(owner.authenticator.credentials()) == 1


def test_a_copied_key_is_refused_and_its_owner_is_asked(named: Portal, owner: Owner) -> None:
    for _ in range(2):
        sign_out(owner, named)
        pick(owner)
        owner.page.wait_for_url(named.url + "/")
    owner.authenticator.simulates_presence(yes=False)
    owner.authenticator.set_count(1)
    other = owner.page.context.new_page()
    other.goto(named.url + "/account")
    other.get_by_role("button", name="Add a passkey").wait_for()
    expect(other.get_by_text("Was it you?")).to_have_count(0)
    owner.page.bring_to_front()
    owner.page.goto(named.url + "/sign-in")
    pick(owner)
    expect(owner.page.locator("#problem")).to_contain_text("counter went back")
    other.reload()
    expect(other.get_by_text("Was it you?")).to_be_visible()
    other.get_by_role("button", name="Yes, it was me").click()
    expect(other.get_by_text("Was it you?")).to_have_count(0)


def test_a_removed_passkey_opens_nothing(named: Portal, owner: Owner, browser: Browser) -> None:
    owner.page.goto(named.url + "/account")
    owner.page.get_by_text("Set one").click()
    owner.page.get_by_label("New password").fill("four quiet herons wade at dusk")
    owner.page.get_by_role("button", name="Keep this password").click()
    expect(owner.page.get_by_text("A password is set.")).to_be_visible()
    owner.page.locator("#passkeys").get_by_role("button", name="Remove").click()
    owner.page.get_by_role("button", name="Really remove").click()
    expect(owner.page.get_by_text("No passkey yet.")).to_be_visible()
    sign_out(owner, named)
    pick(owner)
    expect(owner.page.locator("#problem")).to_contain_text("not known here")
    del browser


def test_the_last_way_in_stays(named: Portal, owner: Owner) -> None:
    owner.page.goto(named.url + "/account")
    owner.page.locator("#passkeys").get_by_role("button", name="Remove").click()
    owner.page.get_by_role("button", name="Really remove").click()
    expect(owner.page.locator(".toast")).to_contain_text("last way in")


def test_what_changes_who_gets_in_asks_whether_it_is_you(named: Portal, owner: Owner) -> None:
    owner.page.goto(named.url + "/account")
    owner.page.get_by_text("10 recovery codes are left.").wait_for()
    proofs_are_old(named)
    owner.page.get_by_role("button", name="Make new codes").click()
    dialogue = owner.page.get_by_role("dialog", name="Is it you?")
    dialogue.get_by_role("button", name="Not now").click()
    expect(owner.page.locator(".codes")).to_have_count(0)
    owner.page.get_by_role("button", name="Make new codes").click()
    dialogue.get_by_role("button", name="Confirm with a passkey").click()
    expect(owner.page.locator(".codes li")).to_have_count(10)


def test_a_phone_that_is_gone_is_locked_out_from_another_device(
    named: Portal, owner: Owner, browser: Browser
) -> None:
    lost = visitor_of(named, browser)
    finder = authenticator_of(lost.page)
    (credential,) = owner.authenticator.credentials()
    finder.put({**credential, "signCount": credential["signCount"] + 10})
    lost.page.goto(named.url + "/sign-in")
    lost.page.wait_for_url(named.url + "/")
    finder.simulates_presence(yes=False)
    owner.page.goto(named.url + "/account")
    owner.page.get_by_role("button", name="This phone is gone").click()
    owner.page.get_by_role("button", name="Really: lock it out").click()
    expect(owner.page.locator("#sessions .item")).to_have_count(1)
    lost.page.goto(named.url + "/account")
    assert lost.page.url == named.url + "/sign-in"
    lost.context.close()


def test_over_an_address_the_page_says_why_and_where(named: Portal, browser: Browser) -> None:
    visitor = visitor_of(named, browser)
    visitor.page.goto(named.url.replace("localhost", "127.0.0.1") + "/sign-in")
    expect(visitor.page.get_by_text("opened by an IP address")).to_be_visible()
    expect(visitor.page.get_by_role("link", name=named.url)).to_be_visible()
    expect(visitor.page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    expect(visitor.page.get_by_label("Password")).to_be_visible()
    visitor.context.close()


def test_an_invitation_in_somebody_elses_browser_says_whose_it_is(named: Portal, owner: Owner) -> None:
    _, url = invitation(named, f"Paul of {owner.account}", "family")
    owner.page.goto(url)
    expect(owner.page.get_by_text(f"this is for Paul of {owner.account}")).to_be_visible()
    expect(owner.page.get_by_role("button", name="Set up a passkey")).to_have_count(0)
    owner.page.get_by_role("button", name="out and go on").click()
    expect(owner.page.get_by_role("button", name="Set up a passkey")).to_be_visible()


def test_signing_out_leaves_nothing_behind_and_back_shows_nothing(named: Portal, owner: Owner) -> None:
    owner.page.goto(named.url + "/house")
    owner.visitor.open("/")
    owner.page.evaluate("""async () => {
      localStorage.setItem("draft", "something about Ada");
      sessionStorage.setItem("draft", "something about Ada");
      await (await caches.open("healthtwin-x")).put("/app", new Response("Ada"));
      await new Promise((done) => {
        const asked = indexedDB.open("drafts");
        asked.onsuccess = () => { asked.result.close(); done(); };
      });
    }""")
    sign_out(owner, named)
    left = owner.page.evaluate("""async () => ({
      caches: await caches.keys(), databases: await indexedDB.databases(),
      local: localStorage.length, session: sessionStorage.length,
    })""")
    assert left == {"caches": [], "databases": [], "local": 0, "session": 0}
    owner.page.go_back()
    owner.page.wait_for_url(named.url + "/sign-in")
    expect(owner.page.locator(".person-card")).to_have_count(0)


def test_readings_that_wait_stay_with_whom_they_were_measured_for(named: Portal, owner: Owner) -> None:
    owner.visitor.open("/")
    owner.page.evaluate("""() => new Promise((done) => {
      const asked = indexedDB.open("healthtwin", 1);
      asked.onupgradeneeded = () => {
        for (const name of ["meta", "kept"]) asked.result.createObjectStore(name);
        asked.result.createObjectStore("queue", { keyPath: "id", autoIncrement: true });
      };
      asked.onsuccess = () => {
        const change = asked.result.transaction(["meta", "kept", "queue"], "readwrite");
        change.objectStore("meta").put("Ada", "name");
        change.objectStore("queue").put({ person: "p-ada", body: {} });
        change.oncomplete = () => { asked.result.close(); done(); };
      };
    })""")
    sign_out(owner, named)
    left = owner.page.evaluate("""() => new Promise((done) => {
      const asked = indexedDB.open("healthtwin", 1);
      asked.onsuccess = () => {
        const read = asked.result.transaction(["meta", "queue"], "readonly");
        const facts = read.objectStore("meta").count(), waiting = read.objectStore("queue").getAll();
        read.oncomplete = () => {
          asked.result.close();
          done([facts.result, waiting.result.map((each) => each.person)]);
        };
      };
    })""")
    assert left == [0, ["p-ada"]]


def test_who_signs_out_without_a_network_is_signed_out_at_the_next_contact(
    named: Portal, owner: Owner
) -> None:
    page = owner.visitor.open("/")
    page.context.set_offline(True)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_function("() => document.body?.querySelector('#people') === null")
    page.context.set_offline(False)
    owner.authenticator.simulates_presence(yes=False)
    with page.expect_response(lambda answer: answer.url.endswith("/sign-out")):
        page.goto(named.url + "/sign-in")
    page.goto(named.url + "/")
    page.wait_for_url(named.url + "/sign-in")
