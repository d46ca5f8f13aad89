"""An identity provider signs in whom somebody here has linked, and nobody else, whatever anybody says."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from healthtwin.access import wall_ms
from tests.api.conftest import World, problem_of, world_in
from tests.api.passkey_in_hand import Browser, PasskeyInHand
from tests.api.provider_in_hand import ProviderInHand, provider_in_hand

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx2

_names = itertools.count(1)


@pytest.fixture(scope="module")
def ward() -> Iterator[ProviderInHand]:
    with provider_in_hand() as served:
        yield served


@pytest.fixture(scope="module")
def clinic() -> Iterator[ProviderInHand]:
    """Another one, which names itself in its answers; its claims keep out who is no doctor there."""
    with provider_in_hand() as served:
        served.announces = True
        yield served


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, ward: ProviderInHand, clinic: ProviderInHand
) -> Iterator[World]:
    home: Path = tmp_path_factory.mktemp("house") / "home"
    home.mkdir()
    (home / "config.toml").write_text(
        f"""
[access.oidc.ward]
issuer = "{ward.issuer}"
client_id = "healthtwin"
client_secret = "s3cret:/?"
title = "The ward"
allow_private = true

[access.oidc.clinic]
issuer = "{clinic.issuer}"
client_id = "healthtwin"
scopes = ["profile"]
allow_private = true
roles_claim = "groups"
roles = {{ clinician = ["doctors"] }}
"""
    )
    with world_in(home) as served:
        yield served


@pytest.fixture(autouse=True)
def _as_at_first(ward: ProviderInHand, clinic: ProviderInHand) -> Iterator[None]:
    yield
    ward.reset()
    clinic.reset()
    Browser.close_all()


def origin(house: World) -> str:
    return house.url.replace("127.0.0.1", "localhost")


def somebody(house: World, role: str = "clinician") -> Browser:
    browser = Browser(origin(house))
    people = [house.person()] if role != "admin" else []
    added = house.house.access.accounts.add(f"{role} {next(_names)}", role, people, wall_ms())
    assert added.enrol_secret is not None
    assert browser.enrol(added.enrol_secret, PasskeyInHand(origin(house))).status_code == 200
    return browser


def come_back(browser: Browser, name: str, answer: dict[str, str]) -> httpx2.Response:
    return browser.client.get(f"/sign-in/oidc/{name}/callback", params=answer)


def link(house: World, browser: Browser, provider: ProviderInHand, name: str, subject: str) -> None:
    provider.subject = subject
    away = browser.post("/api/account/identities", {"provider": name}).json()["url"]
    answer = come_back(browser, name, provider.answer_to(away))
    assert answer.status_code == 200, answer.text


def leave(browser: Browser, name: str, **asked: str) -> str:
    answer = browser.client.get(f"/sign-in/oidc/{name}", params=asked)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def sign_in(
    house: World, provider: ProviderInHand, name: str, **asked: str
) -> tuple[Browser, httpx2.Response]:
    browser = Browser(origin(house))
    return browser, come_back(browser, name, provider.answer_to(leave(browser, name, **asked)))


def test_who_linked_an_identity_is_signed_in_by_it(house: World, ward: ProviderInHand) -> None:
    owner = somebody(house)
    link(house, owner, ward, "ward", "noor")
    browser, answer = sign_in(house, ward, "ward", to="/account")
    assert answer.status_code == 200
    assert 'content="0; url=/account"' in answer.text
    assert browser.get("/api/account").json()["id"] == owner.get("/api/account").json()["id"]
    asked = ward.asked[-1]
    assert asked["code_verifier"]
    assert asked["authorization"].startswith("Basic ")
    assert owner.get("/api/account/identities").json()[0]["title"] == "The ward"


def test_the_request_brings_state_nonce_and_pkce(house: World, clinic: ProviderInHand) -> None:
    from urllib.parse import parse_qs, urlsplit

    browser = Browser(origin(house))
    seen = [parse_qs(urlsplit(leave(browser, "clinic")).query) for _ in range(2)]
    for asked in seen:
        assert asked["code_challenge_method"] == ["S256"]
        assert asked["scope"] == ["openid profile"]
        assert asked["response_type"] == ["code"]
        assert asked["redirect_uri"] == [f"{origin(house)}/sign-in/oidc/clinic/callback"]
    for name in ("state", "nonce", "code_challenge"):
        assert seen[0][name] != seen[1][name]


def test_nobody_gets_an_account_by_signing_in(house: World, ward: ProviderInHand) -> None:
    owner = somebody(house, "admin")
    name = owner.get("/api/account").json()["name"]
    ward.subject = "stranger"
    ward.claims = {
        "email": "boss@house.example",
        "preferred_username": name,
        "name": name,
        "roles": ["admin"],
    }
    before = len(house.house.access.accounts.list(wall_ms()))
    browser, answer = sign_in(house, ward, "ward")
    assert answer.status_code == 400
    assert "Not known here" in answer.text
    assert browser.session is None
    assert len(house.house.access.accounts.list(wall_ms())) == before


def test_an_identity_is_issuer_and_subject_and_opens_one_account(
    house: World, ward: ProviderInHand, clinic: ProviderInHand
) -> None:
    link(house, somebody(house), ward, "ward", "same")
    clinic.subject, clinic.claims = "same", {"groups": ["doctors"]}
    _, elsewhere = sign_in(house, clinic, "clinic")
    assert elsewhere.status_code == 400, "the same subject at another issuer is somebody else"
    thief = somebody(house)
    ward.subject = "same"
    away = thief.post("/api/account/identities", {"provider": "ward"}).json()["url"]
    answer = come_back(thief, "ward", ward.answer_to(away))
    assert answer.status_code == 400
    assert "another account" in answer.text
    assert thief.get("/api/account/identities").json() == []


def test_linking_asks_for_a_proof_anew_and_a_session_that_still_stands(
    house: World, ward: ProviderInHand
) -> None:
    owner = somebody(house)
    with house.house.tables.write(changes_access=True) as session:
        session.execute(text("update sessions set verified_ms = 1"))
    assert problem_of(owner.post("/api/account/identities", {"provider": "ward"}), 403)["step_up"] is True
    owner = somebody(house)
    ward.subject = "late"
    away = owner.post("/api/account/identities", {"provider": "ward"}).json()["url"]
    house.house.access.accounts.disable(owner.get("/api/account").json()["id"], wall_ms())
    assert come_back(owner, "ward", ward.answer_to(away)).status_code == 400
    _, answer = sign_in(house, ward, "ward")
    assert answer.status_code == 400


def test_who_came_by_a_provider_proves_themselves_here_before_handing_on(
    house: World, ward: ProviderInHand
) -> None:
    link(house, somebody(house), ward, "ward", "careful")
    browser, _ = sign_in(house, ward, "ward")
    browser.csrf = browser.get("/api/account").json()["csrf"]
    assert problem_of(browser.post("/api/account/passkeys/options"), 403)["step_up"] is True


def test_a_reloaded_callback_says_start_again_and_never_signs_in_twice(
    house: World, ward: ProviderInHand
) -> None:
    link(house, somebody(house), ward, "ward", "reloads")
    browser = Browser(origin(house))
    answer = ward.answer_to(leave(browser, "ward"))
    kept = dict(browser.client.cookies)
    assert come_back(browser, "ward", answer).status_code == 200
    again = come_back(browser, "ward", answer)
    assert again.status_code == 400
    assert "You are signed in" in again.text
    assert "Start again" in again.text
    thief = Browser(origin(house))
    for name, value in kept.items():  # the cookie of the flow, copied before it was used
        thief.client.cookies.set(name, value)
    replayed = come_back(thief, "ward", answer)
    assert replayed.status_code == 400
    assert "This sign-in is over" in replayed.text
    assert thief.session is None


def test_an_answer_is_good_in_the_browser_that_asked_and_at_its_provider(
    house: World, ward: ProviderInHand, clinic: ProviderInHand
) -> None:
    link(house, somebody(house), ward, "ward", "mixed")
    browser = Browser(origin(house))
    answer = ward.answer_to(leave(browser, "ward"))
    victim = Browser(origin(house))
    leave(victim, "ward")
    assert come_back(victim, "ward", answer).status_code == 400, "an answer of somebody else's browser"
    assert victim.session is None
    assert come_back(browser, "clinic", answer).status_code == 400, "provider A's state at B"
    for wrong in ({"state": "x" * 43}, {"state": ""}, {"state": answer["state"][:-1]}):
        assert come_back(browser, "ward", {**answer, **wrong}).status_code == 400
    assert come_back(browser, "ward", {"code": answer["code"]}).status_code == 400
    assert browser.session is None
    del clinic


def test_who_the_answer_comes_from_is_checked_where_it_is_announced(
    house: World, ward: ProviderInHand, clinic: ProviderInHand
) -> None:
    clinic.claims = {"groups": ["doctors"]}
    link(house, somebody(house), clinic, "clinic", "named")
    for wrong in ({"iss": ward.issuer}, {"iss": clinic.issuer + "/"}):
        browser = Browser(origin(house))
        answer = clinic.answer_to(leave(browser, "clinic"), **wrong)
        assert come_back(browser, "clinic", answer).status_code == 400
    browser = Browser(origin(house))
    unnamed = clinic.answer_to(leave(browser, "clinic"))
    del unnamed["iss"]
    assert come_back(browser, "clinic", unnamed).status_code == 400
    _, signed_in = sign_in(house, clinic, "clinic")
    assert signed_in.status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"aud": ["healthtwin", "another"]},
        {"azp": "another"},
        {"exp": 1_600_000_000},
        {"iat": 4_000_000_000},
        {"sub": None},
    ],
)
def test_a_token_that_is_not_for_us_now_signs_nobody_in(
    house: World, ward: ProviderInHand, claims: dict[str, Any]
) -> None:
    ward.claims = claims
    browser, answer = sign_in(house, ward, "ward")
    assert answer.status_code == 503
    assert browser.session is None
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "token",
    [
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1LTEifQ.",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1LTEifQ.c2ln",
        "",
        "no token",
    ],
)
def test_no_signature_is_no_proof(house: World, ward: ProviderInHand, token: str) -> None:
    ward.token = token
    browser, answer = sign_in(house, ward, "ward")
    assert answer.status_code == 503
    assert browser.session is None


def test_the_way_back_is_a_path_of_ours(house: World, ward: ProviderInHand) -> None:
    link(house, somebody(house), ward, "ward", "traveller")
    for target in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/api/me",
    ):
        _, answer = sign_in(house, ward, "ward", to=target)
        assert 'content="0; url=/"' in answer.text, target
        assert "evil" not in answer.text


def test_claims_can_keep_somebody_out_and_make_nobody_more(house: World, clinic: ProviderInHand) -> None:
    owner = somebody(house)
    clinic.claims = {"groups": ["doctors"]}
    link(house, owner, clinic, "clinic", "doctor")
    _, answer = sign_in(house, clinic, "clinic")
    assert answer.status_code == 200
    clinic.claims = {"groups": ["porters", "admin"]}
    browser, refused = sign_in(house, clinic, "clinic")
    assert refused.status_code == 400
    assert browser.session is None
    assert owner.get("/api/account").json()["role"] == "clinician"
    admin = somebody(house, "admin")
    clinic.claims = {"groups": ["doctors", "admin"]}
    link(house, admin, clinic, "clinic", "boss")
    browser, refused = sign_in(house, clinic, "clinic")
    assert refused.status_code == 400, "no claim lets an administrator in"


def test_what_was_unlinked_opens_nothing(house: World, ward: ProviderInHand) -> None:
    owner = somebody(house)
    link(house, owner, ward, "ward", "leaver")
    (identity,) = owner.get("/api/account/identities").json()
    problem_of(somebody(house).delete(f"/api/account/identities/{identity['id']}"), 404)
    assert owner.delete(f"/api/account/identities/{identity['id']}").status_code == 204
    _, answer = sign_in(house, ward, "ward")
    assert answer.status_code == 400


def test_a_provider_that_signed_nobody_in_changes_nothing(house: World, ward: ProviderInHand) -> None:
    browser = Browser(origin(house))
    told = ward.answer_to(leave(browser, "ward"))
    answer = come_back(browser, "ward", {"state": told["state"], "error": "access_denied"})
    assert answer.status_code == 400
    assert "did not sign you in" in answer.text


def test_an_unknown_provider_is_not_there(house: World) -> None:
    browser = Browser(origin(house))
    assert browser.get("/sign-in/oidc/nobody").status_code == 404
    assert browser.get("/sign-in/oidc/nobody/callback").status_code == 404
