"""What happened to somebody: durable like a reading, told once however often it is sent, newest first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from healthtwin.access import wall_ms
from healthtwin.domain import DAY_MS, HOUR_MS
from healthtwin.house.restoring import restore_home
from healthtwin.people import Events
from healthtwin.store import Home, backup
from healthtwin.store.erasure import Erasures
from tests.api.conftest import World, problem_of, reading, world_in


def told(**fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """A symptom of just now, unless it says otherwise."""
    return {"kind": "symptom", "timestamp": wall_ms(), "text": "dizzy", **fields}


def test_an_event_is_told_once_and_read_back_newest_first(world: World) -> None:
    ada, now = world.person(), wall_ms()
    phone = world.phone(ada)
    path = f"/api/people/{ada}/events"
    early = told(timestamp=now - HOUR_MS, sequence=1, severity=3.5, codes=["SNOMED 404640003"])
    late = told(timestamp=now, sequence=2, kind="meal", text="Suppe 🍲\nund Brot")
    assert [phone.post(path, json=each).json()["outcome"] for each in (late, early, late)] == [
        "accepted",
        "accepted",
        "duplicate",
    ]

    listed = phone.get(path).json()
    assert [event["kind"] for event in listed] == ["meal", "symptom"]
    assert listed[0]["text"] == "Suppe 🍲\nund Brot"
    assert (listed[1]["severity"], listed[1]["codes"]) == (3.5, ["SNOMED 404640003"])
    assert (listed[1]["at"], listed[1]["person"]) == (now - HOUR_MS, ada)
    assert [e["kind"] for e in phone.get(path, params={"since": now - 1}).json()] == ["meal"]
    assert [e["kind"] for e in phone.get(path, params={"limit": 1}).json()] == ["meal"]


def test_the_same_time_may_hold_two_events_without_a_sequence(world: World) -> None:
    ada, now = world.person(), wall_ms()
    phone = world.phone(ada)
    path = f"/api/people/{ada}/events"
    for text in ("dizzy", "tired", "dizzy"):
        phone.post(path, json=told(timestamp=now, text=text))
    assert sorted(event["text"] for event in phone.get(path).json()) == ["dizzy", "tired"]


def test_readings_and_events_of_a_device_count_in_one_sequence(world: World) -> None:
    ada = world.person()
    phone = world.phone(ada)
    assert phone.post("/api/vitals", json=reading(sequence=7)).json()["accepted"] == 1
    conflict = problem_of(phone.post(f"/api/people/{ada}/events", json=told(sequence=7)), 409)
    assert "sequence 7" in conflict["detail"]
    assert phone.get(f"/api/people/{ada}/events").json() == []


def test_an_event_teaches_the_twin_nothing(world: World) -> None:
    ada = world.person()
    phone = world.phone(ada)
    phone.post(f"/api/people/{ada}/events", json=told())
    assert world.house.caught_up(10)
    assert phone.get(f"/api/people/{ada}").json()["last_reading_at"] is None


def test_open_browsers_hear_of_it(world: World) -> None:
    ada = world.person()
    with world.clinician(ada).stream("GET", "/api/live") as stream:
        lines = stream.iter_lines()
        next(lines)
        world.phone(ada).post(f"/api/people/{ada}/events", json=told(text="tired"))
        seen = [next(line for line in lines if line.startswith(start)) for start in ("event:", "data:")]
    assert seen[0] == "event: event"
    assert '"text":"tired"' in seen[1]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "diagnosis"}, "kind"),
        ({"text": ""}, "text"),
        ({"text": " \n "}, "text"),
        ({"text": "a\u0000b"}, "text"),
        ({"text": "x" * 2_001}, "text"),
        ({"severity": 11}, "severity"),
        ({"severity": -1}, "severity"),
        ({"severity": True}, "severity"),
        ({"sequence": -1}, "sequence"),
        ({"sequence": 2**63}, "sequence"),
        ({"codes": ["x"] * 21}, "codes"),
        ({"codes": [""]}, "codes[0]"),
        ({"codes": ["a\tb"]}, "codes[0]"),
        ({"timestamp": wall_ms() + DAY_MS}, "timestamp"),
        ({"timestamp": 1_700_000_000}, "timestamp"),
        ({"timestamp": "yesterday"}, "timestamp"),
        ({"timestamp": "1970-01-02T00:00:00Z"}, "timestamp"),
        ({"seventy": 1}, "seventy"),
    ],
)
def test_what_cannot_be_right_is_named(world: World, wrong: dict[str, Any], field: str) -> None:
    ada = world.person()
    problem = problem_of(world.phone(ada).post(f"/api/people/{ada}/events", json=told(**wrong)), 422)
    assert problem["field"] == field
    assert problem["allowed"]


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "since=soon", "from=1"])
def test_a_question_that_cannot_be_right_is_refused(world: World, query: str) -> None:
    ada = world.person()
    problem_of(world.phone(ada).get(f"/api/people/{ada}/events?{query}"), 422)


def test_a_timeline_survives_restart_backup_and_restore(tmp_path: Path) -> None:
    with world_in(tmp_path / "home") as world:
        ada = world.person()
        phone = world.token("device", ada)
        path = f"/api/people/{ada}/events"
        for number in range(3):
            world.client(phone).post(path, json=told(sequence=number, text=f"number {number}"))
        before = world.client(phone).get(path).json()
        backup(Home.open(tmp_path / "home"), tmp_path / "house.backup")

    elsewhere = tmp_path / "again"
    restore_home(tmp_path / "house.backup", elsewhere, tmp_path / "home")
    for home in (tmp_path / "home", elsewhere):
        with world_in(home) as world:
            phone_again = world.client(phone)
            assert phone_again.get(path).json() == before
            again = told(sequence=1, text="number 1", timestamp=before[1]["at"])
            assert phone_again.post(path, json=again).json()["outcome"] == "duplicate"


def test_what_the_log_had_and_the_records_missed_is_taken_in_at_the_next_start(tmp_path: Path) -> None:
    """A crash between the two: the series have not moved on either, so the log is offered again."""
    with world_in(tmp_path / "home") as world:
        ada = world.person()
        phone = world.token("device", ada)
        path = f"/api/people/{ada}/events"
        world.client(phone).post(path, json=told(sequence=1))
        before = world.client(phone).get(path).json()
    home = Home.open(tmp_path / "home")
    for series_file in home.path.glob("series.db*"):
        series_file.unlink()
    with world_in(tmp_path / "home") as world:
        assert world.client(phone).get(path).json() == before


def test_erasing_somebody_erases_what_happened_to_them(world: World) -> None:
    ada, bob = world.person(), world.person()
    for person in (ada, bob):
        world.phone(person).post(f"/api/people/{person}/events", json=told())
    assert world.admin().get(f"/api/people/{ada}/events").json() != []  # it has reached the timeline
    Erasures(world.house.tables).begin(ada, 1)
    assert list(Events(world.house.tables).list(ada, None, 10)) == []
    assert len(world.admin().get(f"/api/people/{bob}/events").json()) == 1
