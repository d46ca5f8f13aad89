"""What is known about somebody: changed field by field or stated whole, never lost to a second screen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from healthtwin.access import wall_ms
from healthtwin.domain import from_ms
from healthtwin.pipeline import EVENT, PROFILE, STATEMENT, StatementPayload, decode
from healthtwin.store.people import People
from tests.api.conftest import World, problem_of, reading


def test_a_profile_changes_what_is_named_and_keeps_the_rest(world: World) -> None:
    ada = world.person(birth_year=1950)
    me = world.client(world.token("person", ada))
    path = f"/api/people/{ada}/profile"
    first = me.get(path).json()
    assert (first["birth_year"], first["timezone"], first["revision"]) == (1950, "Europe/London", 1)

    changed = me.put(path, json={"name": "Ada L", "silence_after_minutes": 90, "pregnant": True}).json()
    assert changed == {
        **first,
        "name": "Ada L",
        "silence_after_minutes": 90,
        "pregnant": True,
        "revision": 2,
    }
    assert me.put(path, json={}).json() == changed
    cleared = me.put(path, json={"birth_year": None, "silence_after_minutes": None}).json()
    assert (cleared["birth_year"], cleared["silence_after_minutes"], cleared["revision"]) == (None, None, 3)


def test_a_second_screen_that_is_behind_overwrites_nothing(world: World) -> None:
    ada = world.person()
    me = world.client(world.token("person", ada))
    for path, body in (
        ("profile", {"sex": "female", "revision": 1}),
        ("background", {"allergies": ["nuts"], "revision": 0}),
    ):
        assert me.put(f"/api/people/{ada}/{path}", json=body).status_code == 200
        late = {**body, "revision": body["revision"], **({"sex": "other"} if path == "profile" else {})}
        problem = problem_of(me.put(f"/api/people/{ada}/{path}", json=late), 409)
        assert "read" in problem["detail"]
    assert me.get(f"/api/people/{ada}/profile").json()["sex"] == "female"


def test_the_twin_hears_of_a_new_profile_with_the_next_reading(world: World) -> None:
    ada = world.person(birth_year=1950)
    phone, me = world.phone(ada), world.client(world.token("person", ada))
    phone.post("/api/vitals", json=reading())
    me.put(f"/api/people/{ada}/profile", json={"birth_year": 2015})
    phone.post("/api/vitals", json=reading(heart_rate=73))
    assert world.house.caught_up(10)
    years = [payload.birth_year for kind, payload in log_of(world, ada) if kind == PROFILE]
    assert years == [1950, 2015]


def test_only_who_treats_somebody_changes_the_oxygen_scale(world: World) -> None:
    ada = world.person()
    path = f"/api/people/{ada}/profile"
    me = world.client(world.token("person", ada))
    problem_of(me.put(path, json={"spo2_scale_2": True}), 403)
    assert me.put(path, json={"spo2_scale_2": False}).status_code == 200  # it is so already
    assert world.clinician(ada).put(path, json={"spo2_scale_2": True}).json()["spo2_scale_2"] is True


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"birth_year": 1700}, "birth_year"),
        ({"birth_year": "1950"}, "birth_year"),
        ({"sex": "yes"}, "sex"),
        ({"false_alarms_per_week": 0}, "false_alarms_per_week"),
        ({"silence_after_minutes": 0}, "silence_after_minutes"),
        ({"name": " "}, "name"),
        ({"name": None}, "name"),
        ({"revision": -1}, "revision"),
        ({"weight": 70}, "weight"),
        ({"birth_year": 2150}, "birth_year"),
        ({"birth_year": 1990, "birth_month": 13}, "birth_month"),
        ({"birth_year": None, "birth_month": 4}, "birth_month"),
        ({"gave_birth_on": "2150-01-01"}, "gave_birth_on"),
        ({"gave_birth_on": "yesterday"}, "gave_birth_on"),
        ({"beta_blocker_since": "2150-01-01"}, "beta_blocker_since"),
        ({"low_pulse_floor": 28, "low_pulse_known_until": "2026-12-01"}, "low_pulse_floor"),
        ({"low_pulse_floor": 36}, "low_pulse_known_until"),
        ({"low_pulse_known_until": "2150-01-01"}, "low_pulse_known_until"),
        ({"pacemaker_rate": 5}, "pacemaker_rate"),
        ({"altitude_m": 9000}, "altitude_m"),
    ],
)
def test_a_profile_that_cannot_be_right_is_refused_by_name(
    world: World, wrong: dict[str, Any], field: str
) -> None:
    ada = world.person()
    me = world.client(world.token("person", ada))
    assert problem_of(me.put(f"/api/people/{ada}/profile", json=wrong), 422)["field"] == field
    assert me.get(f"/api/people/{ada}/profile").json()["revision"] == 1


def test_a_background_is_stated_whole_and_its_change_is_in_the_log(world: World) -> None:
    ada = world.person()
    me = world.client(world.token("person", ada))
    path = f"/api/people/{ada}/background"
    empty = me.get(path).json()
    assert (empty["conditions"], empty["revision"], empty["stated_at"]) == ([], 0, None)

    stated = {
        "conditions": ["asthma "],
        "risk_factors": ["smoking"],
        "allergies": ["Penicillin"],
        "emergency_contacts": [{"name": "Bo", "phone": "+49 (30) 123-456", "relation": "son"}],
    }
    first = me.put(path, json=stated).json()
    assert first["conditions"] == ["asthma"]
    assert first["emergency_contacts"] == stated["emergency_contacts"]
    assert me.put(path, json=stated).json()["revision"] == 1
    second = me.put(path, json={"allergies": ["Penicillin"]}).json()
    assert (second["conditions"], second["emergency_contacts"], second["revision"]) == ([], [], 2)

    events = [payload for kind, payload in log_of(world, ada) if kind == STATEMENT]
    assert [(event.subject, event.revision) for event in events] == [("background", 1), ("background", 2)]
    assert b"asthma" not in msgspec.json.encode(events)  # what was stated stands in the records alone
    assert me.get(f"/api/people/{ada}/events").json() == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"conditions": ["asthma", " ASTHMA"]}, "conditions[1]"),
        ({"conditions": [""]}, "conditions[0]"),
        ({"allergies": ["a\u0007b"]}, "allergies[0]"),
        ({"risk_factors": ["x"] * 101}, "risk_factors"),
        ({"emergency_contacts": [{"name": "Bo", "phone": "call me"}]}, "emergency_contacts[0].phone"),
        ({"emergency_contacts": [{"name": "Bo"}]}, "emergency_contacts[0].phone"),
        ({"emergency_contacts": [{"name": "", "phone": "112"}]}, "emergency_contacts[0].name"),
        (
            {"emergency_contacts": [{"name": "B", "phone": "112", "relation": ""}]},
            "emergency_contacts[0].relation",
        ),
        ({"emergency_contacts": [{"name": "B", "phone": "112"}] * 11}, "emergency_contacts"),
        ({"medicines": []}, "medicines"),
    ],
)
def test_a_background_that_cannot_be_right_is_refused_by_name(
    world: World, wrong: dict[str, Any], field: str
) -> None:
    ada = world.person()
    me = world.client(world.token("person", ada))
    assert problem_of(me.put(f"/api/people/{ada}/background", json=wrong), 422)["field"] == field


def log_of(world: World, person: str) -> list[tuple[str, Any]]:
    """Kind and payload of what the log has of this person."""
    pseudonym = People(world.house.tables).get(person).pseudonym
    records = world.house.engine.log.read(0, 1_000_000)  # what is durable is what this is about
    return [
        (record.kind, world.house.engine.codec.read(record))
        for record in records
        if record.person == pseudonym and record.kind in {STATEMENT, PROFILE}
    ]


def test_an_event_of_a_former_version_is_still_read() -> None:
    """Three fields long, as it was written before events had words."""
    written = b"\x93\xa9medicines\x01\xa3g-1"
    assert decode(EVENT, written) == StatementPayload("medicines", 1, "g-1")


def test_what_moves_a_limit_is_kept_with_who_said_so_and_when_it_ends(world: World) -> None:
    ada = world.person(birth_year=1998)
    path = f"/api/people/{ada}/profile"
    me = world.client(world.token("person", ada))
    until = (from_ms(wall_ms()) + timedelta(days=60)).date().isoformat()
    known = me.put(
        path,
        json={
            "birth_month": 5,
            "low_pulse_floor": 36,
            "low_pulse_known_until": until,
            "pacemaker_rate": 60,
            "altitude_m": 2900,
            "atrial_fibrillation": True,
        },
    ).json()
    assert known["birth_month"] == 5
    assert (known["low_pulse_floor"], known["low_pulse_known_until"]) == (36, until)
    assert known["low_pulse_known_by"]  # whoever asked, where nobody is named
    assert known["altitude_since"] < known["altitude_until"]
    assert me.get(path).json() == known
    cleared = me.put(path, json={"low_pulse_known_until": None, "altitude_m": None}).json()
    gone = ("low_pulse_floor", "low_pulse_known_by", "low_pulse_known_until", "altitude_by", "altitude_until")
    assert [cleared[field] for field in gone] == [None] * 5


def test_a_known_low_pulse_without_a_rate_means_down_to_30(world: World) -> None:
    ada = world.person()
    until = (from_ms(wall_ms()) + timedelta(days=30)).date().isoformat()
    me = world.client(world.token("person", ada))
    known = me.put(
        f"/api/people/{ada}/profile",
        json={"low_pulse_known_until": until, "low_pulse_known_by": "Dr. Sharma"},
    ).json()
    assert (known["low_pulse_floor"], known["low_pulse_known_by"]) == (30, "Dr. Sharma")


def test_a_child_without_a_month_of_birth_is_shown_to_have_coarse_limits(world: World) -> None:
    born = from_ms(wall_ms()).year - 3
    ada = world.person(birth_year=born)
    path = f"/api/people/{ada}/profile"
    me = world.client(world.token("person", ada))
    assert me.get(path).json()["limits_coarse"] is True
    assert me.put(path, json={"birth_month": 1}).json()["limits_coarse"] is False
