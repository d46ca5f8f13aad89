"""A young person's parents are relations with an end: she decides more and more, and confirms at majority."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from healthtwin.access import Credentials, Growing, wall_ms
from healthtwin.domain import DAY_MS, Profile
from healthtwin.store.people import People
from tests.api.conftest import World, problem_of

if TYPE_CHECKING:
    from collections.abc import Sequence

THIS_YEAR = datetime.now(UTC).year


def born(world: World, years_ago: int, *, month: int | None = None, country: str | None = "DE") -> str:
    """Somebody who turned this age with the end of last year, counted without a month."""
    profile = Profile("Etc/UTC", birth_year=THIS_YEAR - 1 - years_ago, birth_month=month)
    person = People(world.house.tables).add("Mia", profile, wall_ms()).id
    if country is not None:
        Growing(world.house.tables).set_country(person, country)
    return person


def given(world: World, scope: str, person: str, label: str, *, at_ms: int | None = None) -> tuple[str, Any]:
    made = Credentials(world.house.tables).create_token(scope, [person], at_ms or wall_ms(), label=label)
    return made.grant.id, world.client(made.secret)


def myself(world: World, person: str) -> httpx2.Client:
    return world.client(world.token("person", person))


def keeping_back(kinds: Sequence[str], to: str = "family") -> dict[str, Any]:
    return {"consents": [{"what": list(kinds), "to": to, "until": None, "allowed": False}]}


def long_ago(age: int) -> int:
    return wall_ms() - age * 366 * DAY_MS


def test_a_childs_phone_removes_no_parent_and_keeps_nothing_back(world: World) -> None:
    mia = born(world, 8)
    mother, _ = given(world, "family", mia, "Mother")
    father, fathers = given(world, "family", mia, "Father")
    phone = myself(world, mia)  # whoever holds it
    problem_of(phone.delete(f"/api/people/{mia}/sharing/{father}"), 403)
    problem_of(fathers.delete(f"/api/people/{mia}/sharing/{mother}"), 403)
    problem_of(phone.put(f"/api/people/{mia}/consents", json=keeping_back(["alerts"], father)), 403)
    assert fathers.get(f"/api/people/{mia}/series", params={"metric": "heart_rate"}).status_code == 200
    assert world.client(world.token("admin", mia)).delete(
        f"/api/people/{mia}/sharing/{father}"
    ).status_code == 204  # fmt: skip


def test_from_an_age_on_she_keeps_back_what_is_hers_and_alerts_of_danger_stay(world: World) -> None:
    mia = born(world, 15)
    _, mothers = given(world, "family", mia, "Mother")
    me = myself(world, mia)
    own = ["chat", "timeline", "genes", "documents"]
    assert me.put(f"/api/people/{mia}/consents", json=keeping_back(own)).status_code == 200
    problem_of(mothers.get(f"/api/people/{mia}/events"), 403)
    problem_of(mothers.get(f"/api/people/{mia}/medicines"), 403)
    assert mothers.get("/api/alerts", params={"person": mia}).status_code == 200
    for kind in ("alerts", "vitals"):
        refused = problem_of(me.put(f"/api/people/{mia}/consents", json=keeping_back([*own, kind])), 403)
        assert kind in refused["detail"]
    only = {"consents": [{"what": ["vitals"], "to": "family", "until": None, "allowed": True}]}
    problem_of(me.put(f"/api/people/{mia}/consents", json=only), 403)  # the same, said the other way round


def test_the_same_holds_for_no_adult_and_for_no_friend_whom_she_let_in_herself(world: World) -> None:
    mia, ada = born(world, 15), world.person()
    given(world, "family", ada, "Brother")
    assert myself(world, ada).put(
        f"/api/people/{ada}/consents", json=keeping_back(["alerts", "vitals"])
    ).status_code == 200  # fmt: skip
    me = myself(world, mia)
    friend = me.post(f"/api/people/{mia}/sharing", json={"scope": "family", "label": "Friend"}).json()["id"]
    assert me.put(f"/api/people/{mia}/consents", json=keeping_back(["alerts"], friend)).status_code == 200
    assert me.delete(f"/api/people/{mia}/sharing/{friend}").status_code == 204


def test_she_sees_who_looks_and_until_when_what_holds(world: World) -> None:
    mia = born(world, 15)
    mother, mothers = given(world, "family", mia, "Mother")
    mothers.get(f"/api/people/{mia}/series", params={"metric": "heart_rate"})
    said = myself(world, mia).get("/api/me/access").json()
    (who,) = [each for each in said["who"] if each["grant"] == mother]
    assert (who["relation"], who["looks_after"], who["rests"]) == ("family", True, False)
    young = said["young"]
    assert (young["country"], young["counted_by"]) == ("DE", "year")
    assert young["own_at"] < wall_ms() < young["consent_at"] < young["majority_at"]


def test_at_majority_parents_rest_until_she_confirms_and_whoever_treats_her_stays(world: World) -> None:
    mia = born(world, 18)
    mother, mothers = given(world, "family", mia, "Mother", at_ms=long_ago(10))
    _, doctors = given(world, "clinician", mia, "Dr Bo", at_ms=long_ago(10))
    _, partners = given(world, "family", mia, "Partner")
    problem_of(mothers.get(f"/api/people/{mia}"), 403)
    assert doctors.get(f"/api/people/{mia}").status_code == 200
    assert partners.get(f"/api/people/{mia}").status_code == 200
    me = myself(world, mia)
    (who,) = [each for each in me.get("/api/me/access").json()["who"] if each["grant"] == mother]
    assert (who["rests"], who["kinds"]) == (True, [])
    path = f"/api/people/{mia}/relations/{mother}/confirm"
    problem_of(mothers.post(path), 403)
    problem_of(doctors.post(path), 403)
    problem_of(world.client(world.token("admin", mia)).post(path), 403)
    problem_of(myself(world, world.person()).post(path), 404)
    problem_of(me.post(f"/api/people/{mia}/relations/g-nobody/confirm"), 404)
    assert me.post(path).json()["grant"] == mother
    assert me.post(path).status_code == 200
    assert mothers.get(f"/api/people/{mia}").status_code == 200


def test_before_the_day_there_is_nothing_to_confirm(world: World) -> None:
    mia = born(world, 16)
    mother, _ = given(world, "family", mia, "Mother")
    problem_of(myself(world, mia).post(f"/api/people/{mia}/relations/{mother}/confirm"), 409)


def test_both_are_told_before_it_happens(world: World) -> None:
    tables = world.house.tables
    in_a_month = datetime.fromtimestamp((wall_ms() + 5 * DAY_MS) / 1000, UTC)
    # Of age at the end of this month at the latest: born so many years ago in the month that ends next.
    profile = Profile("Etc/UTC", birth_year=in_a_month.year - 18, birth_month=in_a_month.month)
    mia = People(tables).add("Mia", profile, wall_ms()).id
    _, mothers = given(world, "family", mia, "Mother", at_ms=long_ago(5))
    growing = Growing(tables)
    youth = growing.youth(People(tables).get(mia))
    assert youth is not None
    growing.tell_ahead([People(tables).get(mia)], youth.majority_ms - 29 * DAY_MS)
    (hers,) = myself(world, mia).get("/api/me/notices").json()["notices"]
    (mothers_notice,) = mothers.get("/api/me/notices").json()["notices"]
    assert (hers["kind"], hers["facts"]["who"]) == ("majority", ["Mother"])
    assert (mothers_notice["kind"], mothers_notice["facts"]["name"]) == ("majority", "Mia")


def test_nobody_makes_themselves_older(world: World) -> None:
    mia = born(world, 12)
    me, doctor = myself(world, mia), world.clinician(mia)
    path = f"/api/people/{mia}/profile"
    assert me.put(path, json={"birth_month": 6}).status_code == 200  # said for the first time
    for change in ({"birth_year": 1990}, {"birth_year": None}, {"birth_month": 1}, {"country": "GB"}):
        problem_of(me.put(path, json=change), 403)
    for change in ({"country": "CH"}, {"birth_month": 7}, {"sex": "female"}):
        assert me.put(path, json=change).status_code == 200
    assert doctor.put(path, json={"country": "GB"}).json()["country"] == "GB"
    assert doctor.put(path, json={"country": None}).json()["country"] is None


@pytest.mark.parametrize("country", ["Germany", "de", "", "DE\n", "D"])
def test_a_country_is_a_code(world: World, country: str) -> None:
    problem_of(
        world.clinician(ada := world.person()).put(f"/api/people/{ada}/profile", json={"country": country}),
        422,
    )
