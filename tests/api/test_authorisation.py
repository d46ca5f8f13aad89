"""Every route for every kind of asker: what is not granted is refused, and foreign people do not exist."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from healthtwin.access.authenticator import wall_ms
from healthtwin.api import ServeSettings, create_app
from tests.api.conftest import World, eventually, problem_of, reading

OPEN = {
    "/api/pair",
    "/health",
    "/sign-in",
    "/sign-in/{code}",
    "/sign-out",
    "/docs/style.css",
    "/app",
    "/app/{screen:path}",
    "/app/service_worker.js",
    "/app/manifest.webmanifest",
}
"""Routes that answer to nobody in particular."""

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
)


@dataclass(frozen=True)
class Cell:
    """One kind of request, and the status each role must get."""

    method: str
    path: str
    body: object
    expected: dict[str, int]


def cells() -> Iterator[Cell]:
    def roles(
        device: int, clinician: int, admin: int, *, foreign: int, person: int = 0, family: int = 0
    ) -> dict[str, int]:
        return {
            "nobody": 401,
            "device": device,
            "other device": foreign,
            "person": person or clinician,
            "other person": foreign,
            "family": family or clinician,
            "other family": foreign,
            "clinician": clinician,
            "other clinician": foreign,
            "admin": admin,
        }

    person, alert = "/api/people/{person}", "/api/alerts/{alert}"
    reads = roles(200, 200, 200, foreign=404)
    for path in (
        "",
        "/twin",
        "/risk",
        "/series?metric=heart_rate",
        "/medicines",
        "/genes",
        "/findings",
        "/events",
        "/profile",
        "/background",
    ):
        yield Cell("GET", person + path, None, reads)
    yield Cell("GET", "/api/alerts?person={person}", None, reads)
    yield Cell("GET", "/api/live?person={person}", None, reads)
    yield Cell("GET", alert, None, reads)
    for path in ("/api/people", "/api/alerts", "/api/live", "/openapi.json", "/docs", "/api/me"):
        yield Cell("GET", path, None, roles(200, 200, 200, foreign=200))
    yield from gene_questions(roles(200, 200, 200, foreign=200))
    acts = roles(403, 200, 200, foreign=404)
    for verb in ("acknowledge", "snooze", "resolve"):
        yield Cell("POST", f"{alert}/{verb}", None, acts)
    states = roles(403, 200, 200, foreign=404, family=403)
    yield Cell("PUT", person + "/medicines", {"medicines": ["codeine"]}, states)
    yield Cell("PUT", person + "/genes", {"genes": {"CYP2D6": "*4/*4"}}, states)
    yield Cell("PUT", person + "/profile", {"sex": "female"}, states)
    yield Cell("PUT", person + "/background", {"conditions": ["asthma"]}, states)
    yield Cell("POST", person + "/new-normal", None, roles(403, 204, 204, foreign=404, family=403))
    senders = roles(200, 403, 200, foreign=422, person=200)
    sends = {**senders, "other clinician": 403, "other family": 403}
    yield Cell("POST", "/api/vitals", "reading", sends)
    for sensor in ("ppg", "motion", "audio"):
        yield Cell("POST", f"/api/signals/{sensor}", sensor, sends)
    yield Cell("POST", person + "/events", "event", roles(200, 403, 200, foreign=404, person=200))
    shares = roles(403, 403, 200, foreign=404, person=200)
    yield Cell("GET", person + "/sharing", None, shares)
    invitation = {"scope": "family", "label": "Bo"}
    invites = roles(403, 403, 201, foreign=404, person=201)
    yield Cell("POST", person + "/sharing", invitation, invites)
    yield Cell("DELETE", person + "/sharing/{share}", None, roles(403, 403, 204, foreign=404, person=204))
    operates = roles(403, 403, 200, foreign=403)  # nobody's but the operator's
    for path in ("/metrics", "/api/tokens", "/api/webhooks"):
        yield Cell("GET", path, None, operates)
    yield Cell("POST", "/api/webhooks", {"url": "http://127.0.0.1:9/"}, {**operates, "admin": 201})
    yield Cell("DELETE", "/api/webhooks/{webhook}", None, {**operates, "admin": 204})
    yield Cell("POST", "/api/webhooks/{webhook}/test", None, operates)
    yield Cell("DELETE", "/api/tokens/{token}", None, {**operates, "admin": 204})


def bodies(person: str) -> dict[object, object]:
    """What a device sends, by name; it names the person, as an admin's must."""
    head = {"timestamp": wall_ms(), "person": person}
    time_ms = [20.0 * k for k in range(1500)]
    still = {"ax": [0.0] * 1500, "ay": [0.0] * 1500, "az": [9.81] * 1500}
    red = [180.0] * 1500
    return {
        "reading": reading(person=person),
        "event": {"kind": "symptom", "timestamp": wall_ms(), "text": "dizzy"},
        "ppg": {**head, "samples": {"time_ms": time_ms, "red": red, "green": red, "blue": red}},
        "motion": {**head, "test": "activity", "samples": {"time_ms": time_ms, **still}},
        "audio": {
            **head,
            "kind": "cough",
            "sample_rate": 8000,
            "pcm16": base64.b64encode(bytes(2 * 8000 * 3)).decode(),
            "consent": True,
        },
    }


def gene_questions(answered: dict[str, int]) -> Iterator[Cell]:
    """They are answered from what they bring, and know nobody."""
    profile = {"CYP2D6": "*4/*4"}
    yield Cell("GET", "/api/genes/medicines", None, answered)
    for path, body in (
        ("phenotype", {"gene": "CYP2C19", "diplotype": "*1/*2"}),
        ("guidance", {"profile": profile, "drug": "codeine"}),
        ("check", {"profile": profile, "medicines": ["codeine"]}),
        ("report", {"profile": profile, "subject": "somebody"}),
        ("report/fhir", {"profile": profile, "subject": "somebody"}),
    ):
        yield Cell("POST", f"/api/genes/{path}", body, answered)


@dataclass(frozen=True)
class Cast:
    """Ada with an alert, and everybody who may ask about her."""

    ada: str
    clients: dict[str, httpx2.Client]


@pytest.fixture(scope="module")
def cast(world: World) -> Cast:
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
        "admin": world.admin(),
    }
    return Cast(ada, clients)


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


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("cell", list(cells()), ids=lambda cell: f"{cell.method} {cell.path}")
def test_every_role_gets_what_it_is_granted_and_nothing_else(
    world: World, cast: Cast, cell: Cell, role: str
) -> None:
    records, now = world.house.records, wall_ms()
    path = cell.path.format(
        person=cast.ada,
        alert=alert_about(world, cast.ada) if "{alert}" in cell.path else "",
        webhook=records.webhooks.add("http://127.0.0.1:9/", now).id if "{webhook}" in cell.path else "",
        token=records.access.create_token("admin", [], now).id if "{token}" in cell.path else "",
        share=(
            records.access.create_token("clinician", [cast.ada], now).grant.id
            if "{share}" in cell.path
            else ""
        ),
    )
    body = bodies(cast.ada).get(cell.body, cell.body) if isinstance(cell.body, str) else cell.body
    with cast.clients[role].stream(cell.method, path, json=body) as answer:
        status = answer.status_code
        if status >= 400:
            answer.read()
            problem_of(answer, cell.expected[role])
            assert cast.ada not in answer.text.replace(path, "") or cell.body in bodies("")
    assert status == cell.expected[role]
    for webhook in records.webhooks.list():
        records.webhooks.remove(webhook.id)


def test_the_table_names_every_route_there_is(world: World) -> None:
    """A route added later without a line above fails here."""

    def shape(path: str) -> str:
        return "/".join("{}" if part.startswith("{") else part for part in path.partition("?")[0].split("/"))

    named = {(cell.method, shape(cell.path)) for cell in cells()}
    app = create_app(world.house, ServeSettings())
    for method, path in routes_of(app):
        guarded_page = path in {"/", "/house", "/people/{person_id}", "/alerts/{alert_id}"}
        if path in OPEN or path.startswith("/static/") or guarded_page:
            continue
        assert (method, shape(path)) in named, f"{method} {path} is missing from the table"


def routes_of(app: FastAPI) -> Iterator[tuple[str, str]]:
    for context in iter_route_contexts(app.router.routes):
        route = context.original_route
        path = str(context.path or getattr(route, "path", ""))
        methods = route.methods if isinstance(route, APIRoute) else getattr(route, "methods", None)
        for method in sorted(methods or ()):
            if method != "HEAD":
                yield method, path


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
    (token,) = [token for token in world.house.records.access.tokens() if token.grant.people == {ada}]
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
