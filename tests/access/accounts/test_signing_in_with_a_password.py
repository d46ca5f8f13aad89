"""Signing in by name and password: who gets in, and that nobody else learns anything."""

from __future__ import annotations

import pytest

from healthtwin.access import wall_ms
from tests.access.accounts.conftest import OTHER, PASSWORD, Town
from tests.api.conftest import problem_of


def test_an_invitation_sets_up_a_password_that_then_signs_in(town: Town) -> None:
    ada = town.world.person()
    name, account, first = town.enrolled("family", ada)
    assert [person["id"] for person in first.get("/api/people").json()] == [ada]
    again = town.signed_in(name)
    seen = again.account()
    assert (seen["id"], seen["name"], seen["role"], seen["state"]) == (account, name, "family", "active")
    assert seen["factors"] == {"password": True, "totp": False, "passkeys": 0, "recovery_codes": 0}
    assert [person["id"] for person in seen["people"]] == [ada]


def test_a_sign_in_by_a_browser_that_nobody_knew_is_told_on_every_other(town: Town) -> None:
    name, _, browser = town.enrolled("family", town.world.person())
    browser.account()
    town.signed_in(name, browser)
    assert [each["kind"] for each in browser.account()["notices"]] == ["enrolled"]
    stranger = town.signed_in(name)
    stranger.account()
    newest = browser.account()["notices"][0]
    assert (newest["kind"], newest["new"], newest["address"]) == ("signed_in", True, "127.0.0.1")
    assert browser.account()["notices"][0]["new"] is False, "seen"


@pytest.mark.parametrize("typed", ["{name}", "  {upper}  ", "{lower}"])
def test_a_name_is_the_same_however_it_is_cased_and_spaced(town: Town, typed: str) -> None:
    name, _, _ = town.enrolled("family", town.world.person())
    town.signed_in(typed.format(name=name, upper=name.upper(), lower=name.lower()))


def test_whatever_is_wrong_is_answered_in_the_same_words(town: Town) -> None:
    ada = town.world.person()
    name, account, _ = town.enrolled("family", ada)
    invited, _ = town.added("family", ada)
    service, _ = town.added("service", ada)
    disabled, gone, _ = town.enrolled("clinician", ada)
    town.accounts.disable(gone, wall_ms())
    told = set()
    for typed in (
        {"name": name, "password": OTHER},
        {"name": "nobody at all", "password": PASSWORD},
        {"name": invited, "password": PASSWORD},
        {"name": service, "password": PASSWORD},
        {"name": disabled, "password": PASSWORD},
        {"name": account, "password": PASSWORD},
        {"name": name, "password": "x" * 2000},
        {"name": name, "password": OTHER, "totp": "123456"},
        {"name": name, "password": PASSWORD, "recovery_code": "0000-0000-0000-0000"},
    ):
        browser = town.browser()
        answer = browser.post("/api/sign-in", **typed)
        problem_of(answer, 401)
        assert "set-cookie" not in answer.headers
        told.add(answer.text)
    assert len(told) == 1


def test_a_foreign_page_signs_nobody_in(town: Town) -> None:
    name, _, _ = town.enrolled("family", town.world.person())
    answer = town.browser().send(
        "POST", "/api/sign-in", {"name": name, "password": PASSWORD}, Origin="https://evil.example"
    )
    problem_of(answer, 403)


def test_the_same_password_typed_on_another_keyboard_signs_in(town: Town) -> None:
    composed, decomposed = "ein café voller träume", "ein cafe\u0301 voller tra\u0308ume"
    name, _, _ = town.enrolled("family", town.world.person(), password=composed)
    town.signed_in(name, password=decomposed)
    town.signed_in(name, password=composed.replace(" ", "\u00a0"))


def test_an_account_without_a_session_of_its_own_is_not_found(town: Town) -> None:
    problem_of(town.world.admin().get("/api/account"), 404)
    problem_of(town.world.client().get("/api/account"), 401)
