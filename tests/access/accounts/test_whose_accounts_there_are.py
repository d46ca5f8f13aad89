"""Accounts as the operator handles them: what cannot be is refused, and somebody can always run the house."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from healthtwin.access import Credentials, wall_ms
from healthtwin.domain.errors import Conflict, InvalidInput, NotFound
from tests.access.accounts.conftest import PASSWORD, Town
from tests.api.conftest import problem_of, reading


@pytest.mark.parametrize(
    ("role", "people", "field"),
    [
        ("boss", 1, "role"),
        ("Admin", 0, "role"),
        ("device", 1, "role"),
        ("person", 0, "person"),
        ("person", 2, "person"),
        ("family", 0, "person"),
        ("clinician", 0, "person"),
    ],
)
def test_a_role_and_people_that_do_not_fit_are_refused(
    town: Town, role: str, people: int, field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        town.accounts.add(town.name(), role, [town.world.person() for _ in range(people)], wall_ms())
    assert refusal.value.field == field


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "line\nbreak", "\x00"])
def test_a_name_that_cannot_be_shown_is_refused(town: Town, name: str) -> None:
    with pytest.raises(InvalidInput, match="name"):
        town.accounts.add(name, "admin", [], wall_ms())


def test_two_names_that_look_the_same_are_one(town: Town) -> None:
    name = town.name("Zoë")
    town.accounts.add(name, "admin", [], wall_ms())
    for other in (name.upper(), f" {name}", name.replace("ë", "e\u0308"), name.replace(" ", "  ")):
        with pytest.raises(InvalidInput, match="no other account has"):
            town.accounts.add(other, "admin", [], wall_ms())


def test_of_many_who_add_one_name_at_once_one_does(town: Town) -> None:
    name, together = town.name(), Barrier(4)

    def add(_: int) -> bool:
        together.wait()
        try:
            town.accounts.add(name, "admin", [], wall_ms())
        except InvalidInput:
            return False
        return True

    with ThreadPoolExecutor(4) as crowd:
        assert sorted(crowd.map(add, range(4))) == [False, False, False, True]


def test_an_account_for_somebody_who_is_not_there_is_refused(town: Town) -> None:
    with pytest.raises(NotFound):
        town.accounts.add(town.name(), "family", ["p-nobody"], wall_ms())
    for act in (town.accounts.disable, town.accounts.enable, town.accounts.reset):
        with pytest.raises(NotFound):
            act("a-nobody", wall_ms())
    with pytest.raises(InvalidInput, match="account list"):
        town.accounts.id_of("nobody at all")


def test_a_service_reads_and_sends_for_its_people_and_decides_nothing(town: Town) -> None:
    ada, bob = town.world.person(), town.world.person()
    _, made = town.added("service", ada)
    service = town.world.client(made.token)
    assert made.enrol_secret is None
    assert service.get(f"/api/people/{ada}").status_code == 200
    assert service.get(f"/api/people/{bob}").status_code == 404
    assert service.post("/api/vitals", json=reading(person=ada)).status_code == 200
    assert service.get(f"/api/people/{ada}/sharing").status_code == 403
    problem_of(service.get("/api/account"), 404)
    town.accounts.disable(made.id, wall_ms())
    problem_of(service.get("/api/people"), 401)
    with pytest.raises(Conflict, match="disabled"):
        town.accounts.reset(made.id, wall_ms())
    town.accounts.enable(made.id, wall_ms())
    problem_of(service.get("/api/people"), 401)
    again = town.accounts.reset(made.id, wall_ms())
    assert town.world.client(again.token).get(f"/api/people/{ada}").status_code == 200


def test_an_account_of_the_person_sends_no_readings_and_shares(town: Town) -> None:
    ada = town.world.person()
    _, _, browser = town.enrolled("person", ada)
    problem_of(browser.post("/api/vitals", **reading()), 403)
    assert browser.get(f"/api/people/{ada}/sharing").status_code == 200
    assert browser.get("/api/me").json()["person"] == ada


def test_accounts_outlast_the_tidying_of_grants_that_nothing_proves(town: Town) -> None:
    name, account, browser = town.enrolled("family", town.world.person())
    invited, waiting = town.added("family", town.world.person())
    browser.delete(f"/api/account/sessions/{browser.account()['session']}")
    Credentials(town.world.house.tables).purge(wall_ms())
    assert {account, waiting.id} <= {each.id for each in town.accounts.list(wall_ms())}
    town.signed_in(name)
    assert town.accounts.id_of(invited) == waiting.id


def test_the_last_administrator_who_can_get_in_is_not_disabled(town: Town) -> None:
    for account in town.accounts.list(wall_ms()):
        if account.role == "admin" and account.state != "disabled":
            try:
                town.accounts.disable(account.id, wall_ms())
            except Conflict:
                continue
    _, ann, _ = town.enrolled("admin")
    for account in town.accounts.list(wall_ms()):
        if account.role == "admin" and account.id != ann:
            town.accounts.disable(account.id, wall_ms())
    _, ben = town.added("admin")
    with pytest.raises(Conflict, match="last administrator"):
        town.accounts.disable(ann, wall_ms())
    town.browser().post("/api/enrol", secret=ben.enrol_secret, password=PASSWORD)
    town.accounts.disable(ann, wall_ms())
    with pytest.raises(Conflict, match="account add --role admin"):
        town.accounts.disable(ben.id, wall_ms())
    town.accounts.enable(ann, wall_ms())
    town.accounts.disable(ben.id, wall_ms())


def test_an_invitation_of_a_disabled_account_is_dead(town: Town) -> None:
    _, made = town.added("family", town.world.person())
    town.accounts.disable(made.id, wall_ms())
    problem_of(town.browser().post("/api/enrol", secret=made.enrol_secret, password=PASSWORD), 401)
