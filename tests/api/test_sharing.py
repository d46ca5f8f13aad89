"""Who can see me: all that opens my data is listed, an invitation works once, taking back works at once."""

from __future__ import annotations

import httpx2
import pytest

from healthtwin.access import Credentials, Pairing, csrf_token_of, wall_ms
from tests.api.conftest import World, problem_of, reading


def myself(world: World, person: str) -> httpx2.Client:
    """The person's own phone."""
    return world.client(world.token("person", person))


def test_everything_that_reaches_me_is_listed(world: World) -> None:
    ada, bob = world.person(), world.person()
    world.phone(ada)
    world.clinician(ada, bob)
    world.clinician(bob)
    Pairing(world.house.tables).create_code(ada, wall_ms(), label="old phone")
    shares = myself(world, ada).get(f"/api/people/{ada}/sharing").json()

    mine = [share for share in shares if share["scope"] != "admin"]
    assert sorted(share["scope"] for share in mine) == ["clinician", "device", "person", "person"]
    assert {share["state"] for share in mine if share["label"] == "old phone"} == {"invited"}
    assert [share["current"] for share in mine].count(True) == 1
    assert all(share["revocable"] for share in shares)


def test_an_invitation_lets_one_browser_in_and_says_what_it_may(world: World) -> None:
    ada = world.person()
    me = myself(world, ada)
    answer = me.post(f"/api/people/{ada}/sharing", json={"scope": "family", "label": "Bo"})
    assert answer.status_code == 201
    url = answer.json()["url"]
    assert url.startswith(f"{world.url}/sign-in/hl_")

    bo = world.client()
    signed_in = bo.post(url)
    assert (signed_in.status_code, bo.post(url).status_code) == (303, 401)
    assert "Max-Age=" in signed_in.headers["set-cookie"]  # a relative looks in for months
    assert bo.get(f"/api/people/{ada}/events").status_code == 200
    bo.headers["X-CSRF-Token"] = csrf_token_of(bo.cookies["healthtwin"])
    problem_of(bo.put(f"/api/people/{ada}/background", json={}), 403)
    problem_of(bo.post("/api/vitals", json=reading()), 403)
    problem_of(bo.post(f"/api/people/{ada}/sharing", json={"scope": "family", "label": "Cy"}), 403)

    (share,) = [s for s in me.get(f"/api/people/{ada}/sharing").json() if s["id"] == answer.json()["id"]]
    assert (share["label"], share["state"]) == ("Bo", "active")
    assert abs(share["last_used_at"] - wall_ms()) < 60_000


def test_what_is_taken_back_ends_with_the_next_request(world: World) -> None:
    ada = world.person()
    me = myself(world, ada)
    made = me.post(f"/api/people/{ada}/sharing", json={"scope": "clinician", "label": "Dr Bo"}).json()
    doctor = world.client()
    assert doctor.post(made["url"]).status_code == 303
    assert doctor.get(f"/api/people/{ada}").status_code == 200

    assert me.delete(f"/api/people/{ada}/sharing/{made['id']}").status_code == 204
    problem_of(doctor.get(f"/api/people/{ada}"), 401)
    assert made["id"] not in {s["id"] for s in me.get(f"/api/people/{ada}/sharing").json()}
    problem_of(me.delete(f"/api/people/{ada}/sharing/{made['id']}-not"), 404)


def test_an_unused_invitation_can_be_taken_back(world: World) -> None:
    ada = world.person()
    me = myself(world, ada)
    made = me.post(f"/api/people/{ada}/sharing", json={"scope": "family", "label": "Bo"}).json()
    assert me.delete(f"/api/people/{ada}/sharing/{made['id']}").status_code == 204
    assert world.client().post(made["url"]).status_code == 401


def test_a_doctor_of_two_keeps_the_other_one(world: World) -> None:
    ada, bob = world.person(), world.person()
    doctor = world.clinician(ada, bob)
    me = myself(world, ada)
    (share,) = [s for s in me.get(f"/api/people/{ada}/sharing").json() if s["scope"] == "clinician"]
    assert me.delete(f"/api/people/{ada}/sharing/{share['id']}").status_code == 204
    problem_of(doctor.get(f"/api/people/{ada}"), 404)
    assert doctor.get(f"/api/people/{bob}").status_code == 200


def test_an_open_stream_ends_when_it_reaches_other_people_than_before(world: World) -> None:
    ada, bob = world.person(), world.person()
    doctor = world.clinician(ada, bob)
    me = myself(world, ada)
    (share,) = [s for s in me.get(f"/api/people/{ada}/sharing").json() if s["scope"] == "clinician"]
    with doctor.stream("GET", "/api/live") as stream:
        lines = stream.iter_lines()
        next(lines)
        assert me.delete(f"/api/people/{ada}/sharing/{share['id']}").status_code == 204
        world.phone(ada).post("/api/vitals", json=reading())
        told = [line for line in lines if line.startswith("data:")]  # and it ends by itself
        assert told == ['data: {"reason":"access ended"}']


def test_who_runs_the_house_goes_on_to_and_sees_this_person_no_more(world: World) -> None:
    ada, bob = world.person(), world.person()
    me = myself(world, ada)
    world.operator()
    everybodys = world.admin()
    before = me.get(f"/api/people/{ada}/sharing").json()
    assert everybodys.get(f"/api/people/{ada}").status_code == 200
    for share in before:
        if share["scope"] == "admin":
            assert me.delete(f"/api/people/{ada}/sharing/{share['id']}").status_code == 204
    assert [s["scope"] for s in me.get(f"/api/people/{ada}/sharing").json()] == ["person"]
    problem_of(everybodys.get(f"/api/people/{ada}"), 404)
    assert ada not in {person["id"] for person in everybodys.get("/api/people").json()}
    assert everybodys.get(f"/api/people/{bob}").status_code == 200
    assert everybodys.get("/api/tokens").status_code == 200


def test_foreign_grants_do_not_exist(world: World) -> None:
    ada, bob = world.person(), world.person()
    me = myself(world, ada)
    theirs = Credentials(world.house.tables).create_token("clinician", [bob], wall_ms()).grant.id
    problem_of(me.delete(f"/api/people/{ada}/sharing/{theirs}"), 404)


@pytest.mark.parametrize(
    "body",
    [
        {"scope": "admin", "label": "x"},
        {"scope": "family"},
        {"scope": "family", "label": " "},
        {"scope": "family", "label": "a\u0000b"},
        {"scope": "family", "label": "x" * 101},
        {"scope": "family", "label": "x", "days": 3},
    ],
)
def test_what_is_no_invitation_is_refused(world: World, body: dict[str, object]) -> None:
    ada = world.person()
    problem_of(myself(world, ada).post(f"/api/people/{ada}/sharing", json=body), 422)


def test_whoever_is_invited_in_german_lands_in_german(world: World) -> None:
    ada = world.person()
    answer = myself(world, ada).post(
        f"/api/people/{ada}/sharing",
        json={"scope": "family", "label": "Bo"},
        headers={"Accept-Language": "de"},
    )
    bo = world.client(**{"Accept-Language": "en-GB"})
    door = bo.get(answer.json()["url"])
    assert '<html lang="de"' in door.text
    assert bo.post(answer.json()["url"]).status_code == 303
    assert '<html lang="de"' in bo.get("/").text
