"""A full disk and a locked database: said plainly, nothing half-stored, nothing acknowledged lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from healthtwin.access import Credentials, wall_ms
from healthtwin.store import Home
from tests.api.conftest import World, eventually, problem_of, reading, world_in


def some_person_and_readings(world: World) -> str:
    person = world.person()
    assert world.phone(person).post("/api/vitals", json=reading(heart_rate=61)).status_code == 200
    return person


def test_a_full_disk_is_refused_early_and_said_in_health(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home")
    with world_in(home.path) as world:
        person = some_person_and_readings(world)
    # More than any disk has free: what a disk looks like on which only the reserve is left.
    home.config_path.write_text("[storage]\nreserve_mib = 1000000000\n", encoding="utf-8")
    with world_in(home.path) as world:
        phone = world.phone(person)
        problem = problem_of(phone.post("/api/vitals", json=reading(sequence=1, heart_rate=62)), 507)
        assert str(home.path) not in str(problem)
        assert world.client().get("/health").json()["status"] != "ok"
        assert phone.get("/health").json()["faults"]
        assert world.values(person) == [61]
    home.config_path.unlink()
    with world_in(home.path) as world:
        again = world.phone(person).post("/api/vitals", json=reading(sequence=1, heart_rate=62))
        assert again.json()["accepted"] == 1
        assert world.values(person) == [61, 62]


def test_a_page_that_cannot_be_made_names_no_file_of_this_machine(tmp_path: Path) -> None:
    with world_in(tmp_path / "home") as world:
        person = some_person_and_readings(world)
        browser = world.client()
        link = Credentials(world.house.tables).create_link("admin", [], wall_ms())
        browser.post(f"/sign-in/{link.secret}")
        blocker = sqlite3.connect(world.home / "series.db", isolation_level=None)
        blocker.execute("PRAGMA writable_schema=ON")
        blocker.execute("DELETE FROM sqlite_schema WHERE name = 'hot'")
        blocker.close()
        for accept in ("en", "de"):
            page = browser.get(f"/people/{person}", headers={"Accept-Language": accept})
            assert str(tmp_path) not in page.text
            assert ".db" not in page.text


def test_a_locked_log_is_a_503_to_try_again_and_nothing_is_doubled(tmp_path: Path) -> None:
    with world_in(tmp_path / "home") as world:
        person = some_person_and_readings(world)
        phone, row = world.phone(person), reading(sequence=7, heart_rate=63)
        blocker = sqlite3.connect(world.home / "log.db", isolation_level=None)
        try:
            blocker.execute("BEGIN IMMEDIATE")
            refused = phone.post("/api/vitals", json=row)
            problem_of(refused, 503)
            assert int(refused.headers["retry-after"]) >= 1
            assert phone.get(f"/api/people/{person}").status_code == 200
            blocker.execute("ROLLBACK")
        finally:
            blocker.close()
        assert phone.post("/api/vitals", json=row).json()["accepted"] == 1
        assert phone.post("/api/vitals", json=row).json()["duplicates"] == 1
        assert world.values(person) == [61, 63]
        eventually(lambda: world.client().get("/health").json()["status"] == "ok")


def test_a_stopped_house_comes_back_with_everything_it_acknowledged(tmp_path: Path) -> None:
    now = wall_ms()
    with world_in(tmp_path / "home") as world:
        person = world.person()
        token = world.token("device", person)
        rows = [{"timestamp": now - 1000 * back, "sequence": back, "heart_rate": 60} for back in range(50)]
        assert world.client(token).post("/api/vitals", json=rows).json()["accepted"] == 50
    with world_in(tmp_path / "home") as world:
        assert world.client(token).post("/api/vitals", json=rows).json()["duplicates"] == 50
        assert len(world.values(person)) == 50
