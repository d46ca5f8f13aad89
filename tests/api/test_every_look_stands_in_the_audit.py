"""Who looks at somebody is written down before they see anything; who sends and decides never waits."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import pytest

from healthtwin.access import AuditSettings, looks_at, verify, wall_ms
from healthtwin.store import Home
from tests.api.conftest import World, eventually, problem_of, reading, world_in
from tests.notify.receiver import receiving

SERIES = "/api/people/{}/series?metric=heart_rate"
ROUTE = "GET /api/people/{person_id}/series"


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home = Home.create(tmp_path_factory.mktemp("audited") / "home")
    home.config_path.write_text("[webhooks]\nallow_private = true\n", encoding="utf-8")
    with world_in(home.path) as served:
        yield served


def looks(world: World, person: str, **like: object) -> list[dict[str, Any]]:
    """What the audit says about somebody, as another process would read it."""
    known = world.house.engine.directory.get(person)
    found = looks_at(Home.open(world.home), known.pseudonym)
    return [body for body in found if all(body.get(name) == value for name, value in like.items())]


def test_a_look_stands_there_with_who_as_what_at_what_what_for_from_where_before_it_is_answered(
    watched: World,
) -> None:
    ada = watched.person()
    assert watched.clinician(ada).get(SERIES.format(ada)).status_code == 200
    (look,) = looks(watched, ada)
    assert look["what"] == ROUTE
    assert look["role"] == "clinician"
    assert look["relation"] == "treating"
    assert look["purpose"] == "care"
    assert look["kind"] == "vitals"
    assert look["result"] == "allowed"
    assert look["from"].startswith("machine:")
    assert "127.0.0.1" not in json.dumps(look)


def test_a_refused_look_stands_there_without_what_was_sent(watched: World) -> None:
    ada, bob = watched.person(), watched.person()
    problem_of(watched.clinician(bob).get(f"{SERIES.format(ada)}&q=Lovelace"), 404)
    (look,) = eventually(lambda: looks(watched, ada, result="refused"))
    assert look["role"] == "clinician"
    assert b"Lovelace" not in (watched.home / "audit.db").read_bytes()


def test_who_does_not_say_who_they_are_is_nobody(watched: World) -> None:
    ada = watched.person()
    problem_of(watched.client().get(SERIES.format(ada)), 401)
    assert eventually(lambda: looks(watched, ada, who="nobody", result="refused"))


def test_a_look_that_failed_says_so(watched: World) -> None:
    ada = watched.person()
    problem_of(watched.clinician(ada).get(f"/api/people/{ada}/series?metric=none"), 422)
    assert eventually(lambda: looks(watched, ada, result="failed"))


def test_a_list_names_everybody_who_stands_on_it_and_nobody_else(watched: World) -> None:
    ada, bob, eve = watched.person(), watched.person(), watched.person()
    assert watched.clinician(ada, bob).get("/api/people").status_code == 200
    for person in (ada, bob):
        (look,) = looks(watched, person, what="GET /api/people")
        assert look["people"] == {"count": 2}
    assert not looks(watched, eve)


def test_polls_within_a_minute_are_one_entry_and_a_count(tmp_path: Path) -> None:
    with world_in(tmp_path / "home") as world:
        ada = world.person()
        client = world.clinician(ada)
        for _ in range(5):
            assert client.get(SERIES.format(ada)).status_code == 200
        world.house.access.audit.flush()
        first, count = looks(world, ada)
    assert "again" not in first
    assert count["again"] == 4
    assert count["until"] >= count["at"]


def test_a_stream_stands_there_when_it_opens_and_when_it_ends(watched: World) -> None:
    ada = watched.person()
    with watched.clinician(ada).stream("GET", f"/api/live?person={ada}") as stream:
        next(stream.iter_raw())
        (opened,) = looks(watched, ada)
        assert opened["what"] == "GET /api/live"
    (ended,) = eventually(lambda: [look for look in looks(watched, ada) if "facts" in look])
    assert ended["facts"]["seconds"] >= 0


def test_a_decision_on_a_person_stands_there(watched: World) -> None:
    ada = watched.person()
    clinician = watched.clinician(ada)
    assert clinician.put(f"/api/people/{ada}/medicines", json={"medicines": ["warfarin"]}).status_code == 200
    assert looks(watched, ada, what="PUT /api/people/{person_id}/medicines", kind="genes")
    assert b"warfarin" not in (watched.home / "audit.db").read_bytes()


def test_telling_is_reading_and_stands_there_too(watched: World) -> None:
    ada = watched.person()
    with receiving() as receiver:
        hook = watched.house.notify.add_webhook(receiver.url, wall_ms(), ada)
        for minute in range(4):
            row = reading(timestamp=wall_ms() - (4 - minute) * 60_000, spo2=79, sequence=minute + 1)
            assert watched.phone(ada).post("/api/vitals", json=row).status_code in {200, 202}
        receiver.wait_for(1)
        (told,) = eventually(lambda: looks(watched, ada, what="telling webhook", result="allowed"))[:1]
    assert told["who"] == hook.id
    assert (told["purpose"], told["kind"]) == ("telling", "alerts")


def test_no_name_and_no_id_of_a_person_stands_in_the_file(watched: World) -> None:
    ada = watched.person()
    name = watched.house.engine.directory.get(ada).name
    watched.clinician(ada).get(SERIES.format(ada))
    watched.house.access.audit.flush()
    held = b"".join(file.read_bytes() for file in watched.home.glob("audit.db*"))
    assert name.encode() not in held
    assert ada.encode() not in held


def test_while_nothing_can_be_written_nothing_is_shown_and_readings_are_taken_in_all_the_same(
    tmp_path: Path,
) -> None:
    with world_in(tmp_path / "home") as world:
        ada = world.person()
        phone, clinician = world.phone(ada), world.clinician(ada)
        assert clinician.get(SERIES.format(ada)).status_code == 200
        assert clinician.get("/api/people").status_code == 200
        aside = _in_the_way(world.home)
        problem = problem_of(clinician.get(f"/api/people/{ada}/profile"), 503)
        assert "written down first" in problem["detail"]
        assert str(world.home) not in json.dumps(problem)
        problem_of(clinician.get(SERIES.format(ada)), 503)
        problem_of(clinician.get("/api/people"), 503)
        sent = phone.post("/api/vitals", json=reading(sequence=1, person=ada))
        assert sent.status_code in {200, 202}, sent.text
        event = {"kind": "note", "text": "x", "sequence": 7, "timestamp": reading()["timestamp"]}
        told = phone.post(f"/api/people/{ada}/events", json=event)
        assert told.status_code != 503, told.text
        faults = [fault.part for fault in world.house.operations.health().faults]
        assert "audit" in faults
        _out_of_the_way(world.home, aside)
        eventually(lambda: clinician.get(f"/api/people/{ada}/profile").status_code == 200)
        *_, last = looks(world, ada, what="GET /api/people/{person_id}/profile")
        assert last["result"] == "allowed"


def test_a_file_that_is_deleted_under_it_is_found_at_the_next_write_and_told(tmp_path: Path) -> None:
    with world_in(tmp_path / "home") as world:
        ada = world.person()
        clinician = world.clinician(ada)
        clinician.get(SERIES.format(ada))
        for file in world.home.glob("audit.db*"):
            file.unlink()
        assert clinician.get(f"/api/people/{ada}/profile").status_code == 200
        assert [alarm["alarm"] for alarm in world.house.access.audit.alarms(0)] == ["audit-gap"]
        found = verify(Home.open(world.home), AuditSettings())
        assert not found.ok
        assert found.bad == 1


def test_many_look_at_once_and_every_one_stands_there(tmp_path: Path) -> None:
    with world_in(tmp_path / "home") as world:
        people = [world.person() for _ in range(12)]
        clients = [world.clinician(*people) for _ in range(4)]

        def look(client: httpx2.Client) -> None:
            for person in people:
                assert client.get(SERIES.format(person)).status_code == 200

        threads = [threading.Thread(target=look, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(len(looks(world, person, what=ROUTE)) == len(clients) for person in people)
        assert verify(Home.open(world.home), AuditSettings()).ok


def _in_the_way(home: Path) -> list[tuple[Path, Path]]:
    """A folder lies where the audit lay."""
    moved = [(file, file.with_name(f"aside-{file.name}")) for file in home.glob("audit.db*")]
    for file, aside in moved:
        file.rename(aside)
    (home / "audit.db").mkdir()
    return moved


def _out_of_the_way(home: Path, moved: list[tuple[Path, Path]]) -> None:
    (home / "audit.db").rmdir()
    for file, aside in moved:
        aside.rename(file)


def test_the_file_can_be_read_by_any_sqlite(watched: World) -> None:
    with closing(sqlite3.connect(watched.home / "audit.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
