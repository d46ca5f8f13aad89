"""Whoever guesses waits; whoever was here before, or is here now, does not; and nobody learns which it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from healthtwin.access import Accounts, Client, PasswordHashes, Proof, SignedIn, SignIn
from healthtwin.access.accounts.tries import FORGIVEN_EVERY_MS, FROM_ANYWHERE, FROM_ONE_NETWORK, KNOWN_UNTIL
from healthtwin.domain import HOUR_MS, SECOND_MS, Profile
from healthtwin.domain.errors import Unauthenticated
from healthtwin.store import Tables
from healthtwin.store.people import People
from tests.access.accounts.conftest import OTHER, PASSWORD, Town
from tests.api.conftest import problem_of

HOME, THIEF = Client("192.0.2.1", "Firefox"), Client("198.51.100.9", "curl")


@dataclass
class Door:
    """A door whose clock the test moves, and one account behind it."""

    tables: Tables
    door: SignIn
    hashes: PasswordHashes
    now_ms: int
    known: str = ""

    def knock(self, name: str = "Ada", password: str = PASSWORD, **said: Any) -> SignedIn:  # noqa: ANN401
        proof = Proof(name, password, None, None, THIEF)
        return self.door.sign_in(replace(proof, **said))

    def refused(self, **said: Any) -> str:  # noqa: ANN401
        with pytest.raises(Unauthenticated) as refusal:
            self.knock(**said)
        return str(refusal.value)


@contextmanager
def opened(url: str) -> Iterator[Door]:
    with Tables(url) as tables:
        person = People(tables).add("Ada", Profile("UTC"), now_ms=0)
        hashes = PasswordHashes(1)
        opened_door = Door(tables, None, hashes, 10**12)  # type: ignore[arg-type]
        opened_door.door = SignIn(tables, hashes, None, lambda: opened_door.now_ms)
        made = Accounts(tables).add("Ada", "family", [person.id], opened_door.now_ms)
        enrolled = opened_door.door.enrol(made.enrol_secret or "", PASSWORD, HOME)
        opened_door.known = enrolled.browser
        yield opened_door


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with opened(f"sqlite:///{tmp_path}/records.db") as found:
        yield found


def test_after_some_wrong_tries_a_right_one_waits_and_is_answered_like_a_wrong_one(door: Door) -> None:
    wrong = {door.refused(password=OTHER) for _ in range(FROM_ONE_NETWORK.free + 1)}
    assert {door.refused()} == wrong, "too early"
    door.now_ms += 2 * SECOND_MS
    assert door.knock().account_id


def test_each_further_wrong_try_doubles_the_wait_up_to_a_quarter_of_an_hour(door: Door) -> None:
    for _ in range(FROM_ONE_NETWORK.free + 4):
        door.refused(password=OTHER)
        door.now_ms += 20 * SECOND_MS
    door.refused(password=OTHER)
    door.now_ms += 20 * SECOND_MS
    door.refused()
    door.now_ms += 50 * SECOND_MS
    assert door.knock().account_id
    assert FROM_ONE_NETWORK.wait_ms(10**6) == 15 * 60 * SECOND_MS


def test_who_comes_too_early_gains_no_strike_by_it(door: Door) -> None:
    for _ in range(FROM_ONE_NETWORK.free + 1):
        door.refused(password=OTHER)
    for _ in range(30):
        door.refused()
    door.now_ms += 2 * SECOND_MS
    assert door.knock().account_id


def test_a_browser_that_signed_in_before_is_let_in_whatever_others_tried(door: Door) -> None:
    for number in range(FROM_ANYWHERE.free + 3):
        door.refused(password=OTHER, client=Client(f"198.51.100.{number}", "curl"))
    door.refused(client=HOME)
    assert door.knock(client=HOME, browser=door.known).account_id
    assert door.knock(client=Client("203.0.113.5", "Firefox"), browser=door.known).account_id


def test_an_old_password_that_a_device_keeps_sending_locks_its_owner_out_of_nothing(door: Door) -> None:
    for _ in range(KNOWN_UNTIL - 1):
        door.refused(password=OTHER, browser=door.known)
        door.now_ms += SECOND_MS
    assert door.knock(browser=door.known).account_id
    assert door.knock(client=HOME).account_id, "another browser of theirs was never slowed"


def test_a_stolen_cookie_of_a_browser_buys_no_hundred_and_first_guess(door: Door) -> None:
    for _ in range(KNOWN_UNTIL):
        door.refused(password=OTHER, browser=door.known)
        door.now_ms += SECOND_MS
    for _ in range(FROM_ONE_NETWORK.free + 1):
        door.refused(password=OTHER, browser=door.known)
    door.refused(browser=door.known)


def test_a_cookie_of_somebody_elses_browser_helps_nobody(door: Door) -> None:
    people = [person.id for person in People(door.tables).list()]
    made = Accounts(door.tables).add("Bo", "family", people, door.now_ms)
    bos = door.door.enrol(made.enrol_secret or "", PASSWORD, THIEF).browser
    for _ in range(FROM_ONE_NETWORK.free + 1):
        door.refused(password=OTHER, browser=bos)
    door.refused(browser=bos)


def test_strikes_are_forgotten_hour_by_hour_and_at_a_sign_in(door: Door) -> None:
    for _ in range(FROM_ONE_NETWORK.free + 5):
        door.refused(password=OTHER)
        door.now_ms += 40 * SECOND_MS
    door.now_ms += 10 * FORGIVEN_EVERY_MS
    for _ in range(FROM_ONE_NETWORK.free):
        door.refused(password=OTHER)
    assert door.knock().account_id
    for _ in range(FROM_ONE_NETWORK.free):
        door.refused(password=OTHER)
    assert door.knock().account_id


def test_a_restart_forgets_no_strike(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/records.db"
    with opened(url) as door:
        for _ in range(FROM_ONE_NETWORK.free + 6):
            door.refused(password=OTHER)
            door.now_ms += 64 * SECOND_MS
        now_ms = door.now_ms - 60 * SECOND_MS
    with Tables(url) as tables:
        again = SignIn(tables, PasswordHashes(1), None, lambda: now_ms)
        with pytest.raises(Unauthenticated):
            again.sign_in(Proof("Ada", PASSWORD, None, None, THIEF))


def test_a_clock_that_goes_back_makes_nobody_wait(door: Door) -> None:
    for _ in range(FROM_ONE_NETWORK.free + 3):
        door.refused(password=OTHER)
        door.now_ms += 9 * SECOND_MS
    door.now_ms -= 24 * HOUR_MS
    assert door.knock().account_id


def test_every_refusal_costs_one_hash_and_as_many_writes(door: Door) -> None:
    people = [person.id for person in People(door.tables).list()]
    accounts, now = Accounts(door.tables), door.now_ms
    for name in ("Disabled", "Passkey only", "Locked", "Cheap"):
        made = accounts.add(name, "family", people, now)
        password = None if name == "Passkey only" else PASSWORD
        door.door.enrol(made.enrol_secret or "", password, HOME)
        if name == "Disabled":
            accounts.disable(made.id, now)
    for _ in range(FROM_ONE_NETWORK.free + 1):
        door.refused(name="Locked", password=OTHER)
    statements = list[str]()
    event.listen(
        door.tables.engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_: statements.append(statement.split()[0]),
    )
    costs = {}
    for name in ("Ada", "Nobody", "Another nobody", "Disabled", "Passkey only", "Locked", "Cheap"):
        for again in ("first", "again"):
            statements.clear()
            hashed = door.hashes.made
            door.refused(name=name, password=OTHER)
            writes = sum(kind in {"INSERT", "UPDATE", "DELETE"} for kind in statements)
            costs[name, again] = (door.hashes.made - hashed, writes, statements.count("SELECT"))
    hashed_once, writes, _ = costs["Ada", "first"]
    assert hashed_once == 1
    assert {(made, wrote) for made, wrote, _ in costs.values()} == {(1, writes)}


def test_an_open_session_goes_on_and_a_stranger_on_the_same_network_signs_in(town: Town) -> None:
    ada = town.world.person()
    name, _, browser = town.enrolled("family", ada)
    other, _, _ = town.enrolled("family", ada)
    for _ in range(FROM_ONE_NETWORK.free + 2):
        problem_of(town.browser().post("/api/sign-in", name=name, password=OTHER), 401)
    problem_of(town.browser().post("/api/sign-in", name=name, password=PASSWORD), 401)
    assert browser.get("/api/people").status_code == 200
    town.signed_in(name, browser)
    town.signed_in(other)


def test_a_recovery_code_is_not_kept_waiting(town: Town) -> None:
    name, _, browser = town.enrolled("family", town.world.person())
    codes = browser.post("/api/account/recovery-codes").json()["codes"]
    for _ in range(FROM_ONE_NETWORK.free + 2):
        problem_of(town.browser().post("/api/sign-in", name=name, password=OTHER), 401)
    town.signed_in(name, recovery_code=codes[0])
