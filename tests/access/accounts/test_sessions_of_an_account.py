"""A session's cookie: new at every proof, dead when it was replaced, ended from elsewhere, never for ever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from healthtwin.access import Client, Credentials, wall_ms
from healthtwin.access.account_tables import AccountRow
from healthtwin.access.accounts.sessions import GRACE_MS, begin, rotate
from healthtwin.access.lasting import OF_FAMILY, OF_STAFF
from healthtwin.access.tables import SessionRow
from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS
from healthtwin.domain.errors import Unauthenticated
from tests.access.accounts.conftest import OTHER, PASSWORD, Browser, Town
from tests.api.conftest import problem_of, reading


def with_cookie(town: Town, cookie: str, agent: str = "Firefox/130 Linux") -> int:
    """The status that a cookie gets from a browser."""
    client = town.world.client(**{"Cookie": f"healthtwin={cookie}", "User-Agent": agent})
    return client.get("/api/people").status_code


def later(town: Town, browser: Browser, **columns: Any) -> None:  # noqa: ANN401
    """Set times of a browser's session, as if they had passed."""
    session_id = browser.account()["session"]
    with town.world.house.tables.write(changes_access=True) as session:
        session.execute(update(SessionRow).where(SessionRow.id == session_id).values(**columns))


def test_a_cookie_that_was_planted_is_not_the_one_after_signing_in(town: Town) -> None:
    name, _, _ = town.enrolled("family", town.world.person())
    browser = town.browser()
    browser.client.cookies.set("healthtwin", "hs_planted", domain="127.0.0.1")
    town.signed_in(name, browser)
    assert with_cookie(town, "hs_planted") == 401
    cookies = [cookie.value for cookie in browser.client.cookies.jar if cookie.name == "healthtwin"]
    assert cookies[-1] != "hs_planted"


def test_signing_in_again_ends_the_session_that_the_browser_had(town: Town) -> None:
    name, _, browser = town.enrolled("family", town.world.person())
    former = browser.cookie
    town.signed_in(name, browser)
    assert browser.cookie != former
    assert with_cookie(town, former) == 401
    assert browser.get("/api/people").status_code == 200


def test_a_refused_sign_in_leaves_the_session_as_it_was(town: Town) -> None:
    name, _, browser = town.enrolled("family", town.world.person())
    before = browser.cookie
    problem_of(browser.post("/api/sign-in", name=name, password=OTHER), 401)
    assert browser.cookie == before
    assert browser.get("/api/people").status_code == 200


def test_a_step_up_replaces_the_cookie_and_the_old_one_is_good_once_more_for_the_same_browser(
    town: Town,
) -> None:
    _, _, browser = town.enrolled("family", town.world.person())
    old = browser.cookie
    assert browser.post("/api/account/step-up", password=PASSWORD).status_code == 200
    assert browser.cookie != old
    assert with_cookie(town, old, agent="curl/8") == 401, "another browser has stolen it"
    assert with_cookie(town, old) == 200, "another tab was on its way"
    assert with_cookie(town, old) == 401, "once"
    assert browser.get("/api/people").status_code == 200


def test_a_wrong_step_up_changes_nothing(town: Town) -> None:
    _, _, browser = town.enrolled("family", town.world.person())
    old = browser.cookie
    problem_of(browser.post("/api/account/step-up", password=OTHER), 401)
    assert browser.cookie == old
    assert browser.get("/api/people").status_code == 200


def test_another_password_ends_every_other_session(town: Town) -> None:
    name, _, browser = town.enrolled("family", town.world.person())
    other = town.signed_in(name)
    stolen = other.cookie
    assert browser.put("/api/account/password", password=OTHER).status_code == 200
    problem_of(other.get("/api/people"), 401)
    assert with_cookie(town, stolen) == 401
    assert browser.get("/api/people").status_code == 200
    problem_of(town.browser().post("/api/sign-in", name=name, password=PASSWORD), 401)
    town.signed_in(name, password=OTHER)


def test_a_stream_of_a_session_that_was_ended_says_nothing_more(town: Town) -> None:
    ada = town.world.person()
    _, _, browser = town.enrolled("family", ada)
    watching = town.world.client(Cookie=f"healthtwin={browser.cookie}", **{"User-Agent": "Firefox/130 Linux"})
    with watching.stream("GET", "/api/live") as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith(": connected")
        (session,) = browser.get("/api/account/sessions").json()
        assert browser.delete(f"/api/account/sessions/{session['id']}").status_code == 204
        town.world.phone(ada).post("/api/vitals", json=reading())
        assert not [line for line in lines if "heart_rate" in line]


def test_sessions_are_listed_and_ended_by_their_owner_alone(town: Town) -> None:
    name, _, browser = town.enrolled("family", town.world.person())
    phone = town.signed_in(name, town.browser("Mozilla/5.0 (iPhone) Safari/604"))
    _, _, stranger = town.enrolled("family", town.world.person())
    listed = browser.get("/api/account/sessions").json()
    assert [(each["browser"], each["current"]) for each in listed] == [
        ("Safari · iPhone", False),
        ("Firefox · Linux", True),
    ]
    assert {each["address"] for each in listed} == {"127.0.0.1"}
    problem_of(stranger.delete(f"/api/account/sessions/{listed[0]['id']}"), 404)
    assert browser.delete(f"/api/account/sessions/{listed[0]['id']}").status_code == 204
    problem_of(phone.get("/api/people"), 401)
    problem_of(browser.delete(f"/api/account/sessions/{listed[0]['id']}"), 404)
    assert len(browser.get("/api/account/sessions").json()) == 1


def test_a_clinicians_session_ends_after_an_hour_without_use_and_a_day_altogether(town: Town) -> None:
    _, _, browser = town.enrolled("clinician", town.world.person())
    now = wall_ms()
    (listed,) = browser.get("/api/account/sessions").json()
    assert listed["expires_at"] - listed["last_used_at"] == OF_STAFF.idle_ms == HOUR_MS
    later(town, browser, last_used_ms=now - 50 * MINUTE_MS, expires_ms=now + 10 * MINUTE_MS)
    browser.get("/api/people")
    (listed,) = browser.get("/api/account/sessions").json()
    assert listed["expires_at"] >= now + 59 * MINUTE_MS, "it was used"
    later(town, browser, absolute_ms=now + 5 * MINUTE_MS, last_used_ms=now - 30 * MINUTE_MS)
    browser.get("/api/people")
    (listed,) = browser.get("/api/account/sessions").json()
    assert listed["expires_at"] == now + 5 * MINUTE_MS, "and ends all the same"
    later(town, browser, expires_ms=now - 1)
    problem_of(browser.get("/api/people"), 401)


def test_a_session_lasts_as_long_after_a_step_up_as_after_a_sign_in(town: Town) -> None:
    _, _, browser = town.enrolled("clinician", town.world.person())
    for _ in range(3):
        now = wall_ms()
        later(town, browser, last_used_ms=now - 50 * MINUTE_MS, expires_ms=now + 10 * MINUTE_MS)
        assert browser.post("/api/account/step-up", password=PASSWORD).status_code == 200
        (listed,) = browser.get("/api/account/sessions").json()
        assert listed["expires_at"] >= now + 59 * MINUTE_MS


def test_at_home_a_session_lasts_a_month_without_use() -> None:
    assert (OF_FAMILY.idle_ms, OF_FAMILY.absolute_ms) == (30 * DAY_MS, 400 * DAY_MS)
    assert OF_STAFF.absolute_ms == DAY_MS


def test_a_disabled_account_is_out_at_once_and_back_by_its_own_proofs(town: Town) -> None:
    name, account, browser = town.enrolled("clinician", town.world.person())
    town.accounts.disable(account, wall_ms())
    problem_of(browser.get("/api/people"), 401)
    problem_of(town.browser().post("/api/sign-in", name=name, password=PASSWORD), 401)
    town.accounts.enable(account, wall_ms())
    town.signed_in(name)


@contextmanager
def account_row(town: Town, account: str) -> Iterator[tuple[Any, AccountRow]]:
    with town.world.house.tables.write(changes_access=True) as session:
        yield session, session.scalars(select(AccountRow).where(AccountRow.id == account)).one()


moves = st.lists(st.tuples(st.sampled_from(["rotate", "old", "older", "new"]), st.integers(0, 2 * GRACE_MS)))


@settings(max_examples=30)
@given(moves)
def test_of_all_cookies_ever_given_the_newest_is_good_and_at_most_the_one_before_once(
    town: Town, played: list[tuple[str, int]]
) -> None:
    """Whatever is rotated and asked when: no cookie comes back to life."""
    account = _shared_account(town)
    credentials, client, now = Credentials(town.world.house.tables), Client("192.0.2.1", "x"), wall_ms()
    with account_row(town, account) as (session, row):
        first = begin(session, row, client, now)
    given_out, replaced_ms, graced = [first.secret], now, set[str]()
    for move, passed_ms in played:
        now += passed_ms
        if move == "rotate":
            with town.world.house.tables.write(changes_access=True) as session:
                minted = rotate(session, session.get_one(SessionRow, first.id), client, now)
            given_out.append(minted.secret)
            replaced_ms = now
            continue
        place = {"new": -1, "old": -2, "older": -3}[move]
        if len(given_out) < -place:
            continue
        secret = given_out[place]
        good = place == -1 or (
            place == -2 and now < replaced_ms + GRACE_MS and secret not in graced  # once
        )
        try:
            stored = credentials.lookup_session(secret, now, client.mark)
        except Unauthenticated:
            assert not good
        else:
            assert good
            assert stored.once is (place == -2)
            graced.add(secret if place == -2 else "")


_ACCOUNT: list[str] = []


def _shared_account(town: Town) -> str:
    if not _ACCOUNT:
        _ACCOUNT.append(town.enrolled("family", town.world.person())[1])
    return _ACCOUNT[0]


@pytest.mark.parametrize("path", ["/api/account", "/api/account/sessions", "/api/people"])
def test_a_cookie_in_the_address_opens_nothing(town: Town, path: str) -> None:
    _, _, browser = town.enrolled("family", town.world.person())
    answer = town.world.client().get(f"{path}?healthtwin={browser.cookie}&token={browser.cookie}")
    assert answer.status_code == 401
