"""A passkey opens its account and nothing else does: not a copy, not a replay, not one of another name."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from healthtwin.access import wall_ms
from tests.api.conftest import World, problem_of, world_in
from tests.api.passkey_in_hand import Browser, PasskeyInHand

if TYPE_CHECKING:
    from collections.abc import Iterator

_names = itertools.count(1)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world_in(tmp_path_factory.mktemp("house") / "home") as served:
        yield served


@pytest.fixture(autouse=True)
def _nobody_stays() -> Iterator[None]:
    yield
    Browser.close_all()


def origin(house: World) -> str:
    return house.url.replace("127.0.0.1", "localhost")


def invited(house: World, role: str = "clinician") -> str:
    """The secret of an invitation for somebody new."""
    people = [house.person()] if role != "admin" else []
    added = house.house.access.accounts.add(f"{role} {next(_names)}", role, people, wall_ms())
    assert added.enrol_secret is not None
    return added.enrol_secret


def somebody(house: World, **key: Any) -> tuple[Browser, PasskeyInHand]:  # noqa: ANN401
    """Somebody whose way in is a passkey, signed in."""
    browser, passkey = Browser(origin(house)), PasskeyInHand(origin(house), **key)
    answer = browser.enrol(invited(house), passkey)
    assert answer.status_code == 200, answer.text
    return browser, passkey


def stale(house: World) -> None:
    """Nobody has given a proof lately."""
    with house.house.tables.write(changes_access=True) as session:
        session.execute(text("update sessions set verified_ms = 1 where account_id is not null"))


def test_an_invitation_is_used_up_by_the_passkey_and_not_by_asking(house: World) -> None:
    secret, browser, passkey = invited(house), Browser(origin(house)), PasskeyInHand(origin(house))
    for _ in range(3):
        assert browser.get(f"/enrol/{secret}").status_code == 200
        assert browser.post("/api/enrol/passkey/options", {"secret": secret}).status_code == 200
    assert browser.enrol(secret, passkey).json()["enrolled"] is True
    late = Browser(origin(house))
    problem_of(late.post("/api/enrol/passkey/options", {"secret": secret}), 401)
    assert late.get(f"/enrol/{secret}").status_code == 404
    assert Browser(origin(house)).sign_in(passkey).status_code == 200


def test_options_ask_for_a_discoverable_verified_key_and_say_nothing_of_anybody(house: World) -> None:
    browser, passkey = somebody(house)
    asked = browser.post("/api/account/passkeys/options").json()
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["attestation"] == "none"
    assert [each["id"] for each in asked["excludeCredentials"]] == [passkey.make(asked)["id"]]
    assert len(passkey.handle) >= 32
    me = browser.get("/api/account").json()
    for known in (me["id"], me["name"], *(person["id"] for person in me["people"])):
        assert known.encode() not in passkey.handle
    shown = browser.post("/api/sign-in/passkey/options").json()
    assert shown["userVerification"] == "required"
    assert shown.get("allowCredentials", []) == []
    assert shown["rpId"] == "localhost"


def test_the_session_is_new_at_sign_in_and_the_one_before_is_dead(house: World) -> None:
    browser, passkey = somebody(house)
    before = browser.session
    assert browser.sign_in(passkey).status_code == 200
    assert browser.session != before
    thief = Browser(origin(house))
    thief.client.cookies.set("healthtwin", before or "")
    assert thief.get("/api/account").status_code == 401


def test_a_cookie_planted_before_sign_in_is_nobodys(house: World) -> None:
    _, passkey = somebody(house)
    victim = Browser(origin(house))
    victim.client.cookies.set("healthtwin", "hs_" + "A" * 43)
    assert victim.sign_in(passkey).status_code == 200
    attacker = Browser(origin(house))
    attacker.client.cookies.set("healthtwin", "hs_" + "A" * 43)
    assert attacker.get("/api/account").status_code == 401


def test_one_challenge_works_once(house: World) -> None:
    browser, passkey = somebody(house)
    options = browser.post("/api/sign-in/passkey/options").json()
    credential = passkey.show(options)
    assert browser.post("/api/sign-in/passkey", {"credential": credential}).status_code == 200
    browser.post("/api/sign-in/passkey/options")
    problem_of(browser.post("/api/sign-in/passkey", {"credential": credential}), 409)


def test_a_challenge_is_of_one_browser_and_one_purpose(house: World) -> None:
    browser, passkey = somebody(house)
    theirs = Browser(origin(house)).post("/api/sign-in/passkey/options").json()
    problem_of(browser.post("/api/sign-in/passkey", {"credential": passkey.show(theirs)}), 409)
    step_up = browser.post("/api/account/step-up/passkey/options").json()
    problem_of(browser.post("/api/sign-in/passkey", {"credential": passkey.show(step_up)}), 409)
    sign_in = browser.post("/api/sign-in/passkey/options").json()
    problem_of(browser.post("/api/account/step-up/passkey", {"credential": passkey.show(sign_in)}), 409)


def test_whatever_is_wrong_sounds_the_same(house: World) -> None:
    browser, passkey = somebody(house)
    here = origin(house)
    told = set()
    for wrong in (
        {"origin": "https://evil.example"},
        {"origin": here.replace("localhost", "127.0.0.1")},
        {"origin": here + "1"},
        {"rp_id": "evil.example"},
        {"type": "webauthn.create"},
        {"handle": b"x" * 32},
    ):
        told.add(problem_of(browser.sign_in(passkey, **wrong), 401)["detail"])
    told.add(problem_of(browser.sign_in(PasskeyInHand(here, handle=passkey.handle)), 401)["detail"])
    forged = PasskeyInHand(here, id=passkey.id, handle=passkey.handle)
    told.add(problem_of(browser.sign_in(forged), 401)["detail"])
    passkey.verified = False
    told.add(problem_of(browser.sign_in(passkey), 401)["detail"])
    passkey.verified, passkey.synced = True, True
    told.add(problem_of(browser.sign_in(passkey), 401)["detail"])
    passkey.synced = False
    me = browser.get("/api/account").json()
    house.house.access.accounts.disable(me["id"], wall_ms())
    told.add(problem_of(Browser(here).sign_in(passkey), 401)["detail"])
    assert len(told) == 1, told


def test_a_passkey_of_somebody_else_is_refused_without_saying_whose(house: World) -> None:
    ada, passkey = somebody(house)
    bo, _ = somebody(house)
    again = PasskeyInHand(origin(house), id=passkey.id)
    refused = problem_of(bo.add(again), 422)
    name = ada.get("/api/account").json()["name"]
    assert name not in refused["detail"]
    own = problem_of(ada.add(PasskeyInHand(origin(house), id=passkey.id)), 422)
    assert own["detail"] == refused["detail"], "nobody learns whose it is, not even that it is theirs"
    secret = invited(house)
    problem_of(Browser(origin(house)).enrol(secret, PasskeyInHand(origin(house), id=passkey.id)), 422)
    assert Browser(origin(house)).enrol(secret, PasskeyInHand(origin(house))).status_code == 200


def test_a_key_that_cannot_leave_its_device_and_steps_back_is_refused_and_told(house: World) -> None:
    browser, passkey = somebody(house, count=5)
    passkey.count = 7
    assert browser.sign_in(passkey).status_code == 200
    for count in (6, 7, 0):
        passkey.count = count
        stranger = Browser(origin(house))
        problem_of(stranger.sign_in(passkey), 403)
        assert stranger.session is None
    (own,) = browser.get("/api/account/passkeys").json()
    assert own["stepped_back_at"] is not None
    assert "passkey_refused" in {each["kind"] for each in browser.get("/api/account").json()["notices"]}
    passkey.count = 8
    assert browser.sign_in(passkey).status_code == 200, "seven was kept, so eight is a step on"
    assert browser.post(f"/api/account/passkeys/{own['id']}/was-me", {"me": True}).status_code == 204
    assert browser.get("/api/account/passkeys").json()[0]["stepped_back_at"] is None


def test_a_key_that_is_backed_up_and_steps_back_signs_in_and_is_told(house: World) -> None:
    browser, passkey = somebody(house, count=5, synced=True)
    passkey.count = 7
    assert browser.sign_in(passkey).status_code == 200
    passkey.count = 6
    assert browser.sign_in(passkey).status_code == 200
    assert browser.get("/api/account/passkeys").json()[0]["stepped_back_at"] is not None
    assert "passkey_stepped_back" in {each["kind"] for each in browser.get("/api/account").json()["notices"]}


def test_a_key_that_never_counts_is_normal(house: World) -> None:
    browser, passkey = somebody(house, count=0)
    for _ in range(3):
        assert browser.sign_in(passkey).status_code == 200
    assert browser.get("/api/account/passkeys").json()[0]["stepped_back_at"] is None


def test_what_changes_who_gets_in_asks_for_a_proof_anew_and_a_passkey_gives_it(house: World) -> None:
    browser, passkey = somebody(house)
    stale(house)
    assert problem_of(browser.post("/api/account/passkeys/options"), 403)["step_up"] is True
    before = browser.session
    assert browser.step_up(passkey).status_code == 200
    assert browser.session != before
    assert browser.post("/api/account/passkeys/options").status_code == 200
    stale(house)
    other, foreign = somebody(house)
    del other
    options = browser.post("/api/account/step-up/passkey/options").json()
    proof = {"credential": foreign.show(options)}
    problem_of(browser.post("/api/account/step-up/passkey", proof), 401)


def test_another_passkey_ends_every_other_session_and_so_does_its_removal(house: World) -> None:
    browser, passkey = somebody(house)
    elsewhere = Browser(origin(house))
    assert elsewhere.sign_in(passkey).status_code == 200
    second = PasskeyInHand(origin(house))
    assert browser.add(second).status_code == 201
    assert elsewhere.get("/api/account").status_code == 401
    assert elsewhere.sign_in(second).status_code == 200
    newest, oldest = browser.get("/api/account/passkeys").json()
    assert newest["label"] == "Phone"
    assert browser.delete(f"/api/account/passkeys/{newest['id']}").status_code == 200
    assert elsewhere.get("/api/account").status_code == 401
    problem_of(Browser(origin(house)).sign_in(second), 401)
    refused = problem_of(browser.delete(f"/api/account/passkeys/{oldest['id']}"), 409)
    assert "last way in" in refused["detail"]
    assert browser.sign_in(passkey).status_code == 200


def test_one_of_somebody_else_cannot_be_removed_or_answered_for(house: World) -> None:
    ada, _ = somebody(house)
    bo, _ = somebody(house)
    (theirs,) = ada.get("/api/account/passkeys").json()
    problem_of(bo.delete(f"/api/account/passkeys/{theirs['id']}"), 404)
    problem_of(bo.post(f"/api/account/passkeys/{theirs['id']}/was-me", {"me": False}), 404)


def test_no_to_was_it_you_takes_the_passkey_away_and_ends_the_others(house: World) -> None:
    browser, passkey = somebody(house, count=5)
    second = PasskeyInHand(origin(house))
    browser.add(second)
    copy = PasskeyInHand(origin(house), count=3, id=passkey.id, key=passkey.key, handle=passkey.handle)
    problem_of(Browser(origin(house)).sign_in(copy), 403)
    elsewhere = Browser(origin(house))
    assert elsewhere.sign_in(second).status_code == 200
    suspect = next(each for each in browser.get("/api/account/passkeys").json() if each["stepped_back_at"])
    assert browser.post(f"/api/account/passkeys/{suspect['id']}/was-me", {"me": False}).status_code == 204
    assert elsewhere.get("/api/account").status_code == 401
    passkey.count = 9
    problem_of(Browser(origin(house)).sign_in(passkey), 401)


def test_after_a_reset_a_passkey_of_before_opens_nothing_and_confirms_the_reset(house: World) -> None:
    browser, passkey = somebody(house)
    account = browser.get("/api/account").json()["id"]
    again = house.house.access.accounts.reset(account, wall_ms())
    assert browser.get("/api/account").status_code == 401
    problem_of(Browser(origin(house)).sign_in(passkey), 401)
    anew, second = Browser(origin(house)), PasskeyInHand(origin(house))
    assert again.enrol_secret is not None
    assert anew.enrol(again.enrol_secret, second).status_code == 200
    assert anew.get("/api/account").json()["rests_until"] is not None
    assert anew.step_up(passkey).status_code == 200
    assert anew.get("/api/account").json()["rests_until"] is None
    problem_of(Browser(origin(house)).sign_in(passkey), 401)


def test_over_an_address_there_are_none_and_the_answer_says_where(house: World) -> None:
    browser = Browser(house.url)
    refused = problem_of(browser.post("/api/sign-in/passkey/options"), 409)
    assert origin(house) in refused["detail"]
    page = browser.get("/sign-in").text
    assert "IP address" in page
    assert origin(house) in page


def test_what_a_request_says_of_itself_chooses_no_name(house: World) -> None:
    browser = Browser(origin(house))
    said = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "Forwarded": "host=evil.example",
    }
    asked = browser.client.post("/api/sign-in/passkey/options", json={}, headers=said).json()
    assert asked["rpId"] == "localhost"


def test_a_passkey_in_a_url_or_a_broken_one_is_a_clear_no(house: World) -> None:
    browser, passkey = somebody(house)
    good = passkey.show(browser.post("/api/sign-in/passkey/options").json())
    wrong: tuple[Any, ...] = (
        [],
        {},
        {"credential": None},
        {"credential": {**good, "id": "!"}},
        {"credential": {**good, "type": "password"}},
        {"credential": {**good, "response": {**good["response"], "clientDataJSON": "x" * 9_000}}},
        {"credential": {**good, "extra": 1}},
    )
    for broken in wrong:
        answer = browser.client.post("/api/sign-in/passkey", json=broken)
        assert answer.status_code == 422, answer.text
    for odd in ("AAAA", "e30", "____"):
        response = {**good["response"], "clientDataJSON": odd}
        answer = browser.post("/api/sign-in/passkey", {"credential": {**good, "response": response}})
        assert answer.status_code in {401, 409}, answer.text
    for name in ("token", "session", "access_token", "healthtwin"):
        assert Browser(origin(house)).get(f"/api/account?{name}={browser.session}").status_code in {401, 422}


def test_a_foreign_page_can_ask_for_nothing(house: World) -> None:
    browser = Browser(origin(house))
    for path in ("/api/sign-in/passkey/options", "/api/enrol/passkey/options", "/api/sign-in/passkey"):
        answer = browser.client.post(
            path, json={"secret": "he_x"}, headers={"Origin": "https://evil.example"}
        )
        assert answer.status_code in {403, 422}, answer.text
