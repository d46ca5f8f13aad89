"""What hands data on asks for a proof anew; and a phone that is gone is shut out from anywhere else."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from healthtwin.access import Pairing, csrf_token_of, wall_ms
from healthtwin.access.tables import SessionRow
from healthtwin.domain import MINUTE_MS
from tests.access.accounts.conftest import OTHER, PASSWORD, Browser, Town
from tests.api.conftest import eventually, problem_of, reading


def let_time_pass(town: Town) -> None:
    """Everybody's last proof was six minutes ago."""
    with town.world.house.tables.write(changes_access=True) as session:
        session.execute(update(SessionRow).values(verified_ms=wall_ms() - 6 * MINUTE_MS))


def paired(town: Town, person: str) -> Browser:
    """A phone of the person, paired by a code."""
    code = Pairing(town.world.house.tables).create_code(person, wall_ms()).secret
    phone = town.browser("Mozilla/5.0 (iPhone) Safari/604")
    assert phone.post("/api/pair", code=code, label="my phone").status_code == 200
    phone.csrf = csrf_token_of(phone.cookie)
    return phone


INVITE = {"scope": "family", "label": "Bo"}


def test_a_session_whose_owner_proved_nothing_lately_is_asked_first(town: Town) -> None:
    ada = town.world.person()
    _, _, browser = town.enrolled("person", ada)
    assert browser.post(f"/api/people/{ada}/sharing", **INVITE).status_code == 201
    let_time_pass(town)
    told = problem_of(browser.post(f"/api/people/{ada}/sharing", **INVITE), 403)
    assert told["step_up"] is True
    assert browser.get(f"/api/people/{ada}").status_code == 200, "reading goes on"
    fresh = browser.post("/api/account/step-up", password=PASSWORD).json()
    assert fresh["fresh_until"] > wall_ms() + 4 * MINUTE_MS
    assert browser.post(f"/api/people/{ada}/sharing", **INVITE).status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("DELETE", "/api/people/{person}", None),
        ("PUT", "/api/people/{person}/consents", {"consents": []}),
        ("PUT", "/api/account/password", {"password": OTHER}),
        ("POST", "/api/account/totp", None),
        ("DELETE", "/api/account/totp", None),
        ("POST", "/api/account/recovery-codes", None),
    ],
)
def test_whatever_hands_on_or_changes_a_proof_asks(
    town: Town, method: str, path: str, body: dict[str, object] | None
) -> None:
    ada = town.world.person()
    _, _, browser = town.enrolled("person", ada)
    let_time_pass(town)
    answer = browser.send(method, path.format(person=ada), body)
    assert problem_of(answer, 403)["step_up"] is True


def test_a_paired_phone_is_asked_for_its_persons_proof_once_there_is_one(town: Town) -> None:
    ada = town.world.person()
    phone = paired(town, ada)
    assert phone.post(f"/api/people/{ada}/sharing", **INVITE).status_code == 201
    town.enrolled("person", ada)
    assert problem_of(phone.post(f"/api/people/{ada}/sharing", **INVITE), 403)["step_up"] is True
    problem_of(phone.post("/api/account/step-up", password=OTHER), 401)
    assert phone.post("/api/account/step-up", password=PASSWORD).status_code == 200
    assert phone.post(f"/api/people/{ada}/sharing", **INVITE).status_code == 201
    assert phone.post("/api/vitals", **reading()).status_code == 200


def test_a_token_is_asked_for_nothing(town: Town) -> None:
    ada = town.world.person()
    town.enrolled("person", ada)
    person = town.world.client(town.world.token("person", ada))
    assert person.post(f"/api/people/{ada}/sharing", json=INVITE).status_code == 201


def test_wrong_proofs_slow_down_and_end_no_session(town: Town) -> None:
    _, _, browser = town.enrolled("family", town.world.person())
    for _ in range(11):
        problem_of(browser.post("/api/account/step-up", password=OTHER), 401)
    problem_of(browser.post("/api/account/step-up", password=PASSWORD), 401)
    assert browser.get("/api/people").status_code == 200


# ---------------------------------------------------------------- my phone is gone


@pytest.fixture
def ada(town: Town) -> str:
    return town.world.person()


def test_a_gone_phone_is_out_at_once_and_until_when_it_sent_is_told(town: Town, ada: str) -> None:
    phone, (_, _, laptop) = paired(town, ada), town.enrolled("person", ada)
    taken = wall_ms() - MINUTE_MS
    assert phone.post("/api/vitals", **reading(timestamp=taken)).status_code == 200
    (listed,) = laptop.account()["phones"]
    assert listed["label"] == "my phone"
    eventually(lambda: town.world.values(ada) or None)
    gone = laptop.post("/api/account/phone-is-gone", phone=listed["id"])
    assert gone.status_code == 200, gone.text
    assert gone.json() == {"last_reading_at": taken}
    problem_of(phone.get("/api/me"), 401)
    problem_of(phone.post("/api/vitals", **reading()), 401)
    assert laptop.account()["phones"] == []


def test_a_gone_phone_that_was_signed_in_is_out_and_its_browser_unknown(town: Town, ada: str) -> None:
    name, _, laptop = town.enrolled("person", ada)
    phone = town.signed_in(name)
    session = phone.account()["session"]
    assert laptop.post("/api/account/phone-is-gone", phone=session).json() == {"last_reading_at": None}
    problem_of(phone.get("/api/people"), 401)
    kinds = [notice["kind"] for notice in laptop.account()["notices"]]
    assert "phone_gone" in kinds


def test_nobody_reports_a_strangers_phone_or_the_one_they_hold(town: Town, ada: str) -> None:
    phone = paired(town, ada)
    device = phone.get("/api/me").json()["device"]
    _, _, stranger = town.enrolled("person", town.world.person())
    problem_of(stranger.post("/api/account/phone-is-gone", phone=device), 404)
    problem_of(stranger.post("/api/account/phone-is-gone", phone="s-unknown"), 404)
    _, _, relative = town.enrolled("family", ada)
    problem_of(relative.post("/api/account/phone-is-gone", phone=device), 404)
    problem_of(stranger.post("/api/account/phone-is-gone", phone=stranger.account()["session"]), 409)
    assert phone.get("/api/me").status_code == 200
