"""Every declared route for every kind of asker: what is not granted is refused, foreign people do not exist.

Routes and what they need are read from the code. What the policy grants is written out here once more by
hand, and so is what every route needs that does more than read: a slip in either fails.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass

import httpx2
import pytest
from sqlalchemy import delete, update

from healthtwin.access import POLICY, Credentials, Need, Pairing, Relation, csrf_token_of, wall_ms
from healthtwin.access.tables import GrantPersonRow
from healthtwin.api import ServeSettings, create_app
from healthtwin.api.app import features
from healthtwin.house.export import Wanted
from healthtwin.house.tables import ExportRow
from healthtwin.notify import Webhooks
from healthtwin.routing import all_of
from healthtwin.routing.declaration import Declaration
from healthtwin.web.pages import failed_page
from tests.api.conftest import World, eventually, problem_of, reading

GRANTED = {
    "known": {"device", "person", "family", "clinician", "admin", "service"},
    "read": {"device", "person", "family", "clinician", "admin", "service"},
    "act": {"person", "family", "clinician", "admin"},
    "state": {"person", "clinician", "admin"},
    "send": {"device", "person", "admin", "service"},
    "tell": {"device", "person", "admin", "service"},
    "share": {"person", "admin"},
    "export": {"person", "admin"},
    "erase": {"person", "admin"},
    "break": {"clinician"},
    "find": {"clinician"},
    "mend": {"person", "clinician", "admin"},
    "operate": {"admin"},
}
WHATEVER_THEY_ARE = {"break", "mend"}
ABOUT_A_PERSON = {"read", "act", "state", "tell", "share", "export", "erase"}
NOT_AS_FAMILY = {"state", "tell", "share", "export", "erase"}
ONLY_SENDERS = {"send", "tell"}

OPEN = {
    "GET /health",
    "POST /api/pair",
    "POST /api/sign-in",
    "GET /enrol/{secret}",
    "GET /sign-in/oidc/{provider}",
    "GET /sign-in/oidc/{provider}/callback",
    "POST /api/sign-in/passkey",
    "POST /api/sign-in/passkey/options",
    "POST /api/enrol/passkey",
    "POST /api/enrol/passkey/options",
    "POST /api/enrol",
    "POST /api/enrol/look",
    "GET /sign-in",
    "GET /sign-in/{code}",
    "POST /sign-in/{code}",
    "POST /sign-out",
    "GET /docs/style.css",
    "GET /static/{fingerprint}/{path:path}",
    "GET /app",
    "GET /app/{screen:path}",
    "GET /app/service_worker.js",
    "GET /app/manifest.webmanifest",
}
"""Routes that answer to nobody in particular."""

MORE_THAN_READING = {
    "POST /api/vitals": "send",
    "POST /api/signals/ppg": "send",
    "POST /api/signals/motion": "send",
    "POST /api/signals/audio": "send",
    "POST /api/people/{person_id}/events": "tell",
    "POST /api/alerts/{alert_id}/acknowledge": "act",
    "POST /api/alerts/{alert_id}/snooze": "act",
    "POST /api/alerts/{alert_id}/resolve": "act",
    "POST /api/alerts/{alert_id}/reopen": "act",
    "POST /api/alerts/{alert_id}/answer": "act",
    "POST /api/people/{person_id}/new-normal": "state",
    "PUT /api/people/{person_id}/profile": "state",
    "PUT /api/people/{person_id}/background": "state",
    "PUT /api/people/{person_id}/medicines": "state",
    "PUT /api/people/{person_id}/genes": "state",
    "GET /api/people/{person_id}/sharing": "share",
    "GET /api/people/{person_id}/consents": "share",
    "PUT /api/people/{person_id}/consents": "share",
    "POST /api/people/{person_id}/sharing": "share",
    "DELETE /api/people/{person_id}/sharing/{grant_id}": "share",
    "POST /api/people/{person_id}/relations/{grant_id}/confirm": "share",
    "POST /api/people/{person_id}/break-glass": "break",
    "POST /api/break-glass": "find",
    "DELETE /api/people/{person_id}/break-glass": "mend",
    "DELETE /api/break-glass/{glass_id}": "known",
    "PUT /api/me/access/break-glass/{glass_id}": "known",
    "POST /api/me/access/notices/{notice_id}/read": "known",
    "PUT /api/account/acting": "known",
    "POST /api/people/{person_id}/exports": "export",
    "GET /api/people/{person_id}/exports": "export",
    "GET /api/people/{person_id}/exports/{export_id}": "export",
    "GET /api/people/{person_id}/exports/{export_id}/file": "export",
    "DELETE /api/people/{person_id}/exports/{export_id}": "export",
    "POST /api/people/{person_id}/sharing/{grant_id}/agree": "share",
    "DELETE /api/people/{person_id}": "erase",
    "POST /api/account/identities": "known",
    "DELETE /api/account/identities/{identity_id}": "known",
    "POST /api/account/passkeys/options": "known",
    "POST /api/account/passkeys": "known",
    "DELETE /api/account/passkeys/{passkey_id}": "known",
    "POST /api/account/passkeys/{passkey_id}/was-me": "known",
    "POST /api/account/step-up/passkey/options": "known",
    "POST /api/account/step-up/passkey": "known",
    "PUT /api/account/password": "known",
    "POST /api/account/totp": "known",
    "PUT /api/account/totp": "known",
    "DELETE /api/account/totp": "known",
    "POST /api/account/recovery-codes": "known",
    "DELETE /api/account/sessions/{session_id}": "known",
    "POST /api/account/step-up": "known",
    "POST /api/account/confirm": "known",
    "POST /api/account/phone-is-gone": "known",
    "GET /house": "operate",
    "GET /metrics": "operate",
    "GET /api/tokens": "operate",
    "DELETE /api/tokens/{token_id}": "operate",
    "GET /api/webhooks": "operate",
    "GET /api/receivers": "operate",
    "POST /api/webhooks": "operate",
    "DELETE /api/webhooks/{webhook_id}": "operate",
    "POST /api/webhooks/{webhook_id}/test": "operate",
}
"""What guarded routes need that change something, or that not everybody who covers a person may read."""

BY_MORE_THAN_ROLE = (
    "/break-glass",
    "/api/break-glass",
    "/api/me/access/",
    "/api/account/acting",
    "/relations/{grant_id}/confirm",
)
"""Judged by what stands between these two besides; each of these cells is in test_break_glass,
test_acting_in_one_relation and test_growing_up."""

QUESTIONS = "POST /api/genes/"
"""Answered from what they bring; nothing is kept."""

ROLES = (
    "nobody",
    "device",
    "other device",
    "person",
    "other person",
    "family",
    "other family",
    "clinician",
    "other clinician",
    "admin",
    "other admin",
    "operator",
    "service",
)
"""By tokens. "Other": for somebody else alone."""

FURTHER_ROLES = (
    "phone",
    "family browser",
    "clinician browser",
    "other clinician browser",
    "admin browser",
    "operator browser",
    "clinician as family",
    "person as family",
    "admin as family",
    "resting clinician",
    "former clinician",
)
"""At a browser, or in another relation than their role's usual one: "as". What rests was not confirmed yet,
and what is former has ended. Asked of one route of each need and kind: nothing else of a route is judged."""

OWN = "/api/account"
"""Somebody's own account: behind a token there is none."""

BY_WHAT_STANDS = {
    "POST /api/alerts/{alert_id}/answer": 409,  # a critical alert asks nothing
    "POST /api/alerts/{alert_id}/reopen": 409,  # it is open
    "POST /api/account/step-up/passkey/options": 409,  # over an address there are no passkeys
    "POST /api/account/step-up/passkey": 401,  # one that nobody has
    "POST /api/account/passkeys": 422,  # one that no page made
}
"""What a route answers to whoever may ask it here."""

QUERIES = {"/api/people/{person_id}/series": "?metric=heart_rate"}


def name_of(route: Declaration) -> str:
    return f"{route.method} {route.path}"


def routes() -> list[Declaration]:
    return list(all_of(features()))


def guarded() -> list[Declaration]:
    return [route for route in routes() if route.need is not Need.NOBODY]


def by_role_alone() -> list[Declaration]:
    return [route for route in guarded() if not any(part in route.path for part in BY_MORE_THAN_ROLE)]


def scope_of(role: str) -> str:
    """What the role's token or session was made as."""
    if role == "phone":
        return "person"
    words = {"operator": "admin"}
    made_as = role.split(" as ", maxsplit=1)[0].split()
    (scope,) = [word for word in made_as if word in {*GRANTED["known"], *words}]
    return words.get(scope, scope)


def one_of_each() -> list[Declaration]:
    """A route for each need, kind of data, and way of saying whom it is about."""
    found = {(route.need, route.kind, route.about is None): route for route in by_role_alone()}
    return list(found.values())


def expected(route: Declaration, role: str) -> int:
    """The status that an asker must get, by the tables above."""
    page, foreign = route.failed is failed_page, role.startswith(("other ", "former "))
    if role == "nobody":
        return 303 if page else 401
    about = route.need in ABOUT_A_PERSON
    if foreign and about:
        return 404
    refused = (
        scope_of(role) not in GRANTED[route.need],
        role.startswith(("operator", "resting")) and about,
        role.endswith(" as family") and route.need in NOT_AS_FAMILY,
        route.need in ONLY_SENDERS and role.endswith("browser"),
        role.startswith("operator") and name_of(route) == "POST /api/webhooks",
    )
    if any(refused):
        return 404 if page else 403
    if name_of(route) in BY_WHAT_STANDS:
        return BY_WHAT_STANDS[name_of(route)]
    if route.path.startswith(OWN) or route.path == "/account" or route.path.endswith("/agree"):
        return 404  # nothing rests
    if foreign and scope_of(role) != "admin" and route.need == "send":
        return 422  # whom a reading is about stands in it
    return route.status


def test_the_policy_is_the_one_written_here() -> None:
    assert {need.value: {scope.value for scope in rule.scopes} for need, rule in POLICY.items()} == GRANTED
    assert {need for need, rule in POLICY.items() if rule.relations} == ABOUT_A_PERSON | WHATEVER_THEY_ARE
    assert {
        need for need, rule in POLICY.items() if rule.relations and Relation.FAMILY not in rule.relations
    } == NOT_AS_FAMILY | WHATEVER_THEY_ARE
    assert {need for need, rule in POLICY.items() if Relation.NONE in rule.relations} == WHATEVER_THEY_ARE
    assert {need for need, rule in POLICY.items() if rule.sender} == ONLY_SENDERS


def test_what_is_open_and_what_does_more_than_read_is_written_here() -> None:
    assert {name_of(route) for route in routes() if route.need is Need.NOBODY} == OPEN
    more = {
        name_of(route): route.need.value
        for route in guarded()
        if not name_of(route).startswith(QUESTIONS)
        and (route.method != "GET" or route.need not in {Need.READ, Need.KNOWN})
    }
    assert more == MORE_THAN_READING


def test_an_application_serves_what_is_declared_and_nothing_else(world: World) -> None:
    app = create_app(world.house, ServeSettings())
    assert list(app.declarations) == list(all_of(features()))


def bodies(person: str) -> dict[str, object]:
    """What a device sends, by path; it names the person, as an admin's must."""
    head = {"timestamp": wall_ms(), "person": person}
    time_ms = [20.0 * k for k in range(1500)]
    still = {"ax": [0.0] * 1500, "ay": [0.0] * 1500, "az": [9.81] * 1500}
    red = [180.0] * 1500
    credential = {"id": "AA", "rawId": "AA", "type": "public-key"}
    made = {"clientDataJSON": "AA", "attestationObject": "AA"}
    shown = {"clientDataJSON": "AA", "authenticatorData": "AA", "signature": "AA"}
    return {
        "/api/account/passkeys": {"credential": {**credential, "response": made}},
        "/api/account/step-up/passkey": {"credential": {**credential, "response": shown}},
        "/api/vitals": reading(person=person),
        "/api/people/{person_id}/events": {"kind": "symptom", "timestamp": wall_ms(), "text": "dizzy"},
        "/api/signals/ppg": {**head, "samples": {"time_ms": time_ms, "red": red, "green": red, "blue": red}},
        "/api/signals/motion": {**head, "test": "activity", "samples": {"time_ms": time_ms, **still}},
        "/api/signals/audio": {
            **head,
            "kind": "cough",
            "sample_rate": 8000,
            "pcm16": base64.b64encode(bytes(2 * 8000 * 3)).decode(),
            "consent": True,
        },
    }


@dataclass(frozen=True)
class Cast:
    """Ada, and everybody who may ask about her."""

    ada: str
    clients: dict[str, httpx2.Client]


def browser(world: World, scope: str, *people: str) -> httpx2.Client:
    """Somebody who signed in with a link, and sends the page's CSRF token along."""
    client = world.client()
    link = Credentials(world.house.tables).create_link(scope, people, wall_ms())
    assert client.post(f"/sign-in/{link.secret}").status_code == 303
    client.headers["X-CSRF-Token"] = csrf_token_of(client.cookies["healthtwin"])
    return client


def phone_of(world: World, person: str) -> httpx2.Client:
    """A phone that was paired with a code."""
    client = world.client()
    code = Pairing(world.house.tables).create_code(person, wall_ms()).secret
    client.headers["X-CSRF-Token"] = client.post("/api/pair", json={"code": code}).json()["csrf"]
    return client


def tied(world: World, scope: str, person: str, **tie: object) -> httpx2.Client:
    """Somebody by a token, whose tie to the person is not the usual one of their role."""
    made = Credentials(world.house.tables).create_token(scope, [person], wall_ms())
    with world.house.tables.write(changes_access=True) as session:
        session.execute(update(GrantPersonRow).where(GrantPersonRow.grant_id == made.grant.id).values(**tie))
    return world.client(made.secret)


def cast_of(world: World) -> Cast:
    ada, bob = world.person(), world.person()
    clients = {
        "nobody": world.client(),
        "device": world.phone(ada),
        "other device": world.phone(bob),
        "person": world.client(world.token("person", ada)),
        "other person": world.client(world.token("person", bob)),
        "family": world.client(world.token("family", ada)),
        "other family": world.client(world.token("family", bob)),
        "clinician": world.clinician(ada),
        "other clinician": world.clinician(bob),
        "admin": world.client(world.token("admin", ada)),
        "other admin": world.client(world.token("admin", bob)),
        "operator": world.operator(),
        "service": world.client(world.token("service", ada)),
        "phone": phone_of(world, ada),
        "family browser": browser(world, "family", ada),
        "clinician browser": browser(world, "clinician", ada),
        "other clinician browser": browser(world, "clinician", bob),
        "admin browser": browser(world, "admin", ada),
        "operator browser": browser(world, "admin"),
        "clinician as family": tied(world, "clinician", ada, relation="family"),
        "person as family": tied(world, "person", ada, relation="family"),
        "admin as family": tied(world, "admin", ada, relation="family"),
        "resting clinician": tied(world, "clinician", ada, rests=True),
        "former clinician": tied(world, "clinician", ada, until_ms=wall_ms()),
    }
    return Cast(ada, clients)


@pytest.fixture(scope="module")
def cast(world: World) -> Cast:
    return cast_of(world)


def alert_about(world: World, person: str) -> str:
    """Id of a fresh open alert about this person."""
    now = wall_ms()  # calm first: what somebody resolved by hand stays quiet until it was calm once
    rows = [
        reading(person=person, timestamp=now - 1, spo2=97),
        reading(person=person, timestamp=now, spo2=80),
    ]
    world.admin().post("/api/vitals", json=rows)
    listed = world.admin()
    found = eventually(
        lambda: [
            alert["id"]
            for alert in listed.get("/api/alerts", params={"person": person}).json()
            if alert["state"] != "resolved"
        ]
    )
    return str(found[0])


def export_for(world: World, person: str, asker: httpx2.Client) -> str:
    """Id of a fresh export that this asker may fetch, if anybody of their role may."""
    access, token = Credentials(world.house.tables), asker.headers.get("authorization", "")[len("Bearer ") :]
    cookie = asker.cookies.get("healthtwin")
    if token:
        actor = access.lookup_token(token, wall_ms()).id
    else:
        actor = access.lookup_session(cookie, wall_ms()).id if cookie else "g-none"
    with world.house.tables.write() as session:
        session.execute(delete(ExportRow))  # only so many lie ready for one person
    return world.house.exports.ask(person, actor, Wanted()).id


def filled(route: Declaration, world: World, ada: str, asker: httpx2.Client) -> str:
    """The route's path with the ids of things that are there."""
    tables, now = world.house.tables, wall_ms()
    makers: dict[str, Callable[[], str]] = {
        "person_id": lambda: ada,
        "alert_id": lambda: alert_about(world, ada),
        "webhook_id": lambda: Webhooks(tables).add("http://127.0.0.1:9/", now).id,
        "token_id": lambda: Credentials(tables).create_token("admin", [], now).id,
        "session_id": lambda: "s-none",
        "identity_id": lambda: "i-none",
        "passkey_id": lambda: "k-none",
        "export_id": lambda: export_for(world, ada, asker),
        "grant_id": lambda: Credentials(tables).create_token("clinician", [ada], now).grant.id,
    }
    ids = {name: makers[name]() for name in route.path_parameters}
    return route.path.format(**ids) + QUERIES.get(route.path, "")


@pytest.mark.parametrize(
    ("route", "role"),
    [(route, role) for route in by_role_alone() for role in ROLES]
    + [(route, role) for route in one_of_each() for role in FURTHER_ROLES],
    ids=lambda each: each if isinstance(each, str) else name_of(each),
)
def test_every_role_gets_what_it_is_granted_and_nothing_else(
    world: World, cast: Cast, route: Declaration, role: str
) -> None:
    if route.need is Need.ERASE:
        cast = cast_of(world)
    path = filled(route, world, cast.ada, cast.clients[role])
    body = bodies(cast.ada).get(route.path, route.example)
    with cast.clients[role].stream(route.method, path, json=body) as answer:
        status = answer.status_code
        if status >= 400:
            answer.read()
            if route.failed is not failed_page:
                problem_of(answer, expected(route, role))
            assert cast.ada not in answer.text.replace(path, "") or route.path in bodies("")
    assert status == expected(route, role)
    for webhook in Webhooks(world.house.tables).list():
        Webhooks(world.house.tables).remove(webhook.id)


@pytest.mark.parametrize("path", ["/api/alerts", "/api/live"])
def test_a_list_is_narrowed_to_people_who_are_covered_only(world: World, cast: Cast, path: str) -> None:
    for role in (*ROLES[1:], *FURTHER_ROLES):
        with cast.clients[role].stream("GET", path, params={"person": cast.ada}) as answer:
            nothing = role.startswith(("operator", "resting"))
            refused = 404 if role.startswith(("other", "former")) else 403 if nothing else 200
            assert answer.status_code == refused


def test_a_foreign_alert_and_one_that_never_was_are_told_in_the_same_words(world: World) -> None:
    ada, bob = world.person(), world.person()
    foreign = alert_about(world, ada)
    stranger = world.clinician(bob)
    for method, suffix in (("GET", ""), ("POST", "/acknowledge")):
        answers = [stranger.request(method, f"/api/alerts/{name}{suffix}") for name in (foreign, "a-none")]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].json() == answers[1].json()
    answers = [stranger.get(f"/api/people/{name}") for name in (ada, "p-none")]
    assert answers[0].json() == answers[1].json()


def test_lists_hold_only_the_people_covered(world: World) -> None:
    ada, bob = world.person(), world.person()
    alert_about(world, ada)
    theirs = world.clinician(bob)
    assert [person["id"] for person in theirs.get("/api/people").json()] == [bob]
    assert theirs.get("/api/alerts").json() == []
    both = world.clinician(ada, bob)
    assert {person["id"] for person in both.get("/api/people").json()} == {ada, bob}
    assert {alert["person"] for alert in both.get("/api/alerts").json()} == {ada}


@pytest.mark.parametrize(
    "header", ["Bearer ht_nonsense", "Bearer", "Basic YTpi", "ht_x", "Bearer \xff", "bearer  x y"]
)
def test_what_is_no_token_opens_nothing(world: World, header: str) -> None:
    answer = world.client().get("/api/people", headers={b"Authorization": header.encode("latin-1")})
    problem_of(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Bearer")
    problem_of(
        world.client().post(
            "/api/vitals", json=reading(), headers={b"Authorization": header.encode("latin-1")}
        ),
        401,
    )


def test_a_revoked_token_is_refused_by_the_very_next_request(world: World) -> None:
    ada = world.person()
    phone = world.phone(ada)
    assert phone.get("/api/people").status_code == 200
    (token,) = [token for token in Credentials(world.house.tables).tokens() if token.grant.people == {ada}]
    assert world.admin().delete(f"/api/tokens/{token.id}").status_code == 204
    problem_of(phone.get("/api/people"), 401)
    problem_of(phone.post("/api/vitals", json=reading()), 401)


def test_a_token_ends_when_it_says(world: World) -> None:
    ada = world.person()
    phone = world.client(world.token("device", ada, expires_ms=wall_ms() + 5_000))
    assert phone.get("/api/people").status_code == 200
    eventually(lambda: phone.get("/api/people").status_code == 401, within_s=30)


def test_authentication_is_asked_before_anything_else_is_said(world: World) -> None:
    for path in ("/api/people/p-x/series", "/api/alerts?state=nonsense", "/api/people?x=1"):
        problem_of(world.client().get(path), 401)
    problem_of(world.client().post("/api/vitals", content=b"{"), 401)
