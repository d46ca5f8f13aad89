"""`GET /api/me/access`: who can see what of me in plain structure, who looked, and whom others can see."""

from __future__ import annotations

import httpx2

from healthtwin.access import SHARED_KINDS, Credentials, wall_ms
from healthtwin.domain import DAY_MS
from tests.api.conftest import World, reading


def myself(world: World, person: str) -> httpx2.Client:
    return world.client(world.token("person", person))


def test_the_person_sees_everybody_as_what_and_which_kinds(world: World) -> None:
    ada = world.person()
    me = myself(world, ada)
    brother = Credentials(world.house.tables).create_token("family", [ada], wall_ms(), label="Bo").grant.id
    ends = wall_ms() + DAY_MS
    world.client(world.token("clinician", ada, expires_ms=ends))
    back = {"what": ["genes", "chat"], "to": "family", "until": None, "allowed": False}
    assert me.put(f"/api/people/{ada}/consents", json={"consents": [back]}).status_code == 200
    said = me.get("/api/me/access").json()
    who = {each["grant"]: each for each in said["who"]}
    assert who[brother]["relation"] == "family"
    assert set(who[brother]["kinds"]) == {"profile", *SHARED_KINDS} - {"genes", "chat"}
    assert who[brother]["until"] is None
    (doctor,) = [each for each in said["who"] if each["scope"] == "clinician"]
    assert (doctor["relation"], doctor["until"]) == ("treating", ends)
    (own,) = [each for each in said["who"] if each["current"]]
    assert own["relation"] == "self"
    assert said["young"] is None or said["young"]["majority_at"] < wall_ms()


def test_the_person_sees_who_looked_at_which_kind_and_how_often(world: World) -> None:
    ada = world.person()
    world.phone(ada).post("/api/vitals", json=reading())
    bo = Credentials(world.house.tables).create_token("family", [ada], wall_ms(), label="Bo")
    brother = world.client(bo.secret)
    for _ in range(3):
        brother.get(f"/api/people/{ada}/series", params={"metric": "heart_rate"})
    brother.get(f"/api/people/{ada}/events")
    world.house.access.audit.flush()
    looked = [
        each for each in myself(world, ada).get("/api/me/access").json()["looked"] if each["who"] == "Bo"
    ]
    by_kind = {each["kind"]: each for each in looked}
    assert set(by_kind) == {"vitals", "timeline"}
    assert by_kind["vitals"]["count"] == 3
    assert {each["relation"] for each in looked} == {"family"}
    assert {each["result"] for each in looked} == {"allowed"}


def test_a_look_by_broken_glass_stands_out(world: World) -> None:
    ada = world.person()
    doctor = world.clinician(world.person())
    doctor.post(f"/api/people/{ada}/break-glass", json={"reason": "unconscious, no papers on them"})
    doctor.get(f"/api/people/{ada}/series", params={"metric": "heart_rate"})
    world.house.access.audit.flush()
    looked = myself(world, ada).get("/api/me/access").json()["looked"]
    assert any(each["glass"] and each["kind"] == "vitals" for each in looked)


def test_others_see_their_own_reach_and_nothing_of_who_sees_the_person(world: World) -> None:
    ada, bob = world.person(), world.person()
    for scope in ("family", "clinician", "admin"):
        said = world.client(world.token(scope, ada)).get("/api/me/access").json()
        assert (said["person"], said["who"], said["looked"], said["break_glass"]) == (None, [], [], [])
        assert [each["person"] for each in said["reach"]] == [ada]
        assert bob not in str(said)
    operator = world.client(world.token("admin")).get("/api/me/access").json()
    assert operator["reach"] == []


def test_a_watch_reads_nothing_of_it(world: World) -> None:
    ada = world.person()
    Credentials(world.house.tables).create_token("family", [ada], wall_ms(), label="Bo")
    said = world.phone(ada).get("/api/me/access").json()
    assert (said["person"], said["who"], said["looked"]) == (None, [], [])
