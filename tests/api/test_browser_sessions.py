"""Signing in with a one-time link, and what a browser's cookie can and cannot do."""

from __future__ import annotations

import threading

import httpx2
import pytest

from healthtwin.access import Credentials, csrf_token_of, wall_ms
from healthtwin.api import ServeSettings
from tests.api.conftest import World, problem_of, world_in


def link(world: World, *people: str, lifetime_ms: int = 60_000) -> str:
    """Path of a fresh sign-in link."""
    scope = "clinician" if people else "admin"
    made = Credentials(world.house.tables).create_link(scope, people, wall_ms(), lifetime_ms=lifetime_ms)
    return f"/sign-in/{made.secret}"


def signed_in(world: World, *people: str) -> tuple[httpx2.Client, str]:
    """A browser that is signed in, and its CSRF token."""
    browser = world.client()
    assert browser.post(link(world, *people)).status_code == 303
    return browser, csrf_token_of(browser.cookies["healthtwin"])


def test_looking_at_a_link_uses_nothing_up_and_pressing_the_button_does(world: World) -> None:
    path, browser = link(world), world.client()
    for _ in range(3):
        preview = world.client().get(path)
        assert preview.status_code == 200
        assert f'action="{path}"' in preview.text
        assert "set-cookie" not in preview.headers
    answer = browser.post(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert browser.get("/api/people").status_code == 200
    again = world.client().post(path)
    assert again.status_code == 401
    assert "set-cookie" not in again.headers


def test_of_two_who_press_at_once_one_is_signed_in(world: World) -> None:
    path, statuses = link(world), list[int]()
    presses = [
        threading.Thread(target=lambda: statuses.append(world.client().post(path).status_code))
        for _ in range(6)
    ]
    for press in presses:
        press.start()
    for press in presses:
        press.join()
    assert sorted(statuses) == [303] + [401] * 5


@pytest.mark.parametrize("code", ["hl_unknown", "x", "%2e%2e", "<script>", "a" * 5000])
def test_a_link_that_never_was_signs_nobody_in(world: World, code: str) -> None:
    browser = world.client()
    assert browser.post(f"/sign-in/{code}").status_code in {401, 404}
    assert "<script>" not in browser.get(f"/sign-in/{code}").text
    problem_of(browser.get("/api/people"), 401)


def test_an_expired_link_is_refused(world: World) -> None:
    made = Credentials(world.house.tables).create_link("admin", [], wall_ms() - 120_000, lifetime_ms=60_000)
    assert world.client().post(f"/sign-in/{made.secret}").status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_foreign_pages(world: World) -> None:
    cookie = world.client().post(link(world)).headers["set-cookie"].lower()
    for attribute in ("httponly", "samesite=strict", "path=/"):
        assert attribute in cookie
    assert "secure" not in cookie.replace("samesite", "")


def test_over_tls_the_cookie_is_tied_to_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("tls") / "home"
    with world_in(home, ServeSettings(secure=True, allowed_hosts=frozenset({"twin.example"}))) as world:
        answer = world.client(Host="twin.example").post(link(world))
        assert answer.headers["set-cookie"].startswith("__Host-healthtwin=")
        assert "secure" in answer.headers["set-cookie"].lower()
        assert "max-age" in answer.headers["strict-transport-security"]


def test_signing_in_again_ends_the_session_that_the_browser_had(world: World) -> None:
    browser, _ = signed_in(world)
    former = browser.cookies["healthtwin"]
    other = world.client()
    assert other.post(link(world)).status_code == 303
    assert browser.post(link(world)).status_code == 303
    assert browser.get("/api/people").status_code == 200
    problem_of(world.client(Cookie=f"healthtwin={former}").get("/api/people"), 401)
    assert other.get("/api/people").status_code == 200, "another browser is not meant"
    again = browser.cookies["healthtwin"]
    assert browser.post("/sign-in/hl_never").status_code == 401
    assert world.client(Cookie=f"healthtwin={again}").get("/api/people").status_code == 200


def test_a_session_covers_the_people_it_was_made_for(world: World) -> None:
    ada, bob = world.person(), world.person()
    browser, _ = signed_in(world, ada)
    assert [person["id"] for person in browser.get("/api/people").json()] == [ada]
    problem_of(browser.get(f"/api/people/{bob}"), 404)


def test_what_changes_something_needs_the_pages_token_and_our_own_origin(world: World) -> None:
    ada = world.person()
    browser, csrf = signed_in(world, ada)
    path = f"/api/people/{ada}/new-normal"
    host = world.url.removeprefix("http://")
    for headers in (
        {},
        {"X-CSRF-Token": "0" * 64},
        {"X-CSRF-Token": csrf, "Origin": "https://evil.example"},
        {"X-CSRF-Token": csrf, "Origin": "null"},
        {"X-CSRF-Token": csrf, "Sec-Fetch-Site": "cross-site"},
    ):
        problem_of(browser.post(path, headers=headers), 403)
    assert browser.post(path, headers={"X-CSRF-Token": csrf}).status_code == 204
    own = {"X-CSRF-Token": csrf, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
    assert browser.post(path, headers=own).status_code == 204


def test_a_foreign_page_cannot_press_the_button_either(world: World) -> None:
    path = link(world)
    problem_of(world.client().post(path, headers={"Origin": "https://evil.example"}), 403)
    assert world.client().post(path).status_code == 303


def test_a_browser_sends_no_readings(world: World) -> None:
    browser, csrf = signed_in(world)
    problem_of(browser.post("/api/vitals", json={}, headers={"X-CSRF-Token": csrf}), 403)


def test_signing_out_ends_the_session_everywhere(world: World) -> None:
    browser, csrf = signed_in(world)
    stolen = browser.cookies["healthtwin"]
    problem_of(browser.post("/sign-out"), 403)
    assert browser.post("/sign-out", headers={"X-CSRF-Token": csrf}).status_code == 200
    problem_of(browser.get("/api/people"), 401)
    problem_of(world.client(Cookie=f"healthtwin={stolen}").get("/api/people"), 401)


# ---------------------------------------------------------------- hosts and headers


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "", "localhost.evil.example", "127.0.0.1.nip"]
)
def test_a_foreign_name_for_this_machine_is_not_answered(world: World, host: str) -> None:
    problem_of(world.client(Host=host).get("/health"), 421)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:99", "127.0.0.1", "[::1]:8000", "192.168.1.7"])
def test_our_own_names_and_addresses_are(world: World, host: str) -> None:
    assert world.client(Host=host).get("/health").status_code == 200


@pytest.mark.parametrize("path", ["/health", "/sign-in", "/api/people", "/no/such/page"])
def test_every_answer_says_what_a_browser_may_do_with_it(world: World, path: str) -> None:
    headers = world.client().get(path).headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers


def test_a_page_that_is_not_there_is_a_problem_too(world: World) -> None:
    problem_of(world.client().get("/no/such/page"), 404)
    problem_of(world.client().delete("/health"), 405)
