"""`healthtwin migrate`: a home that an earlier version filled holds the same afterwards, nothing in plain.

The home is filled through the public face without keys, and its tables are taken back to what the version
before knew. Killed between any two steps, it is refused to everybody else and finished by calling again.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from alembic import command

from healthtwin.access import wall_ms
from healthtwin.domain import Profile
from healthtwin.domain.errors import ConfigurationError
from healthtwin.store import Home, Tables
from healthtwin.store.keys import key_id_of
from healthtwin.store.migration import configuration, without_cascades
from healthtwin.store.people import People
from tests.api.conftest import world_in
from tests.house.test_every_room_forgets import Canaries, known_of, readable_in, told_everything

PROGRAM = str(Path(sys.executable).with_name("healthtwin"))
BEFORE_KEYS = "0007"
"""Revision of the tables in the version before."""


@dataclass
class Filled:
    """A home without keys, what the public face says of who is in it, and what a phone sent last."""

    path: Path
    people: list[Canaries]
    known: list[dict[str, Any]]
    phone: str
    sent: list[dict[str, Any]]


def plain_home(path: Path) -> Path:
    """A home as the version before made it."""
    home = Home.create(path)
    told = json.loads((path / "home.json").read_text())
    (path / "home.json").write_text(json.dumps({**told, "format": 1}))
    assert not Home.open(home.path).encrypted
    return home.path


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    path = plain_home(tmp_path_factory.mktemp("before") / "home")
    with world_in(path) as world:
        people = [told_everything(world, "Cänary Ada"), told_everything(world, "Cänary Bob")]
        phone = world.phone(people[0].person)
        sent = [
            {"timestamp": wall_ms(), "spo2": 96, "sequence": 7},
            {"timestamp": wall_ms(), "heart_rate": 71},
        ]
        assert all(phone.post("/api/vitals", json=row).json()["accepted"] == 1 for row in sent)
        assert world.house.caught_up(20)
        world.house.engine.runner.snapshot()
        known = [known_of(world, each) for each in people]
    assert not (path / "keys" / "keys.db").exists()
    with Tables(Home.open(path).records_url) as tables, without_cascades(tables) as connection:
        command.downgrade(configuration(connection), BEFORE_KEYS)
    assert {name.partition("-")[0] for name, _ in readable_in(path, people)} >= {
        "records.db",
        "log.db",
        "series.db",
    }
    return Filled(path, people, known, phone.headers["Authorization"], sent)


@pytest.fixture
def home(filled: Filled, tmp_path: Path) -> Path:
    """A copy that the test may change."""
    return Path(shutil.copytree(filled.path, tmp_path / "home"))


def migrated(home: Path, status: int = 0) -> Any:  # noqa: ANN401 - JSON, or what stderr said
    done = subprocess.run(
        [PROGRAM, "migrate", "--home", str(home), "--json"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == status, done.stderr
    return json.loads(done.stdout) if status == 0 else done.stderr


def require_the_same(home: Path, filled: Filled) -> None:
    assert readable_in(home, filled.people) == []
    with world_in(home) as world:
        assert [known_of(world, each) for each in filled.people] == filled.known
        assert readable_in(home, filled.people) == []
    with Tables.of(Home.open(home)) as tables, tables.asking() as connection:
        bodies = connection.exec_driver_sql("SELECT sealed FROM people").fetchall()
        assert all(key_id_of(body) >= 2 for (body,) in bodies)


def test_everything_is_there_afterwards_and_nothing_in_plain(home: Path, filled: Filled) -> None:
    told = migrated(home)
    assert (told["changed"], told["resumed"], told["left_plain"]) == (True, False, [])
    assert told["files"]["records.db"]["people"] == len(filled.people)
    assert told["files"]["log.db"]["records"] > 0
    assert told["files"]["series.db"]["values"] > 0
    require_the_same(home, filled)
    assert migrated(home)["changed"] is False
    with world_in(home) as world:  # and life goes on
        ada = filled.people[0]
        added = People(world.house.tables).add("Cänary Carla", Profile("UTC"), 0)
        assert world.phone(added.id).get("/api/me").is_success
        assert world.admin().delete(f"/api/people/{ada.person}").status_code == 204


def test_the_way_back_is_the_backup_made_before(home: Path, filled: Filled, tmp_path: Path) -> None:
    file, again = tmp_path / "before.zip", tmp_path / "again"
    run = [PROGRAM, "backup", "--home", str(home), "--out", str(file)]
    subprocess.run(run, capture_output=True, timeout=120, check=True)
    migrated(home)
    run = [PROGRAM, "restore", "--home", str(again), str(file)]
    subprocess.run(run, capture_output=True, timeout=120, check=True)
    assert not Home.open(again).encrypted
    with world_in(again) as world:
        assert [known_of(world, each) for each in filled.people] == filled.known


def test_a_phone_that_sends_again_is_recognised(home: Path, filled: Filled) -> None:
    migrated(home)
    with world_in(home) as world:
        phone = world.admin()
        phone.headers["Authorization"] = filled.phone
        for row in filled.sent:
            told = phone.post("/api/vitals", json=row).json()
            assert (told["accepted"], told["duplicates"]) == (0, 1)
        other = {**filled.sent[0], "spo2": 95}
        assert phone.post("/api/vitals", json=other).status_code == 409


def test_a_home_that_is_served_is_left_alone(home: Path, filled: Filled) -> None:
    with world_in(home):
        assert "while nobody serves it" in migrated(home, status=1)
    assert not Home.open(home).encrypted
    assert not (home / "keys" / "keys.db").exists()


STEPS = {
    "the keys are made": "healthtwin.store.keys.opening:keys_in",
    "the rows are sealed, their old bytes not gone": "healthtwin.store.tables:Tables.compact!",
    "half of the log is sealed": "healthtwin.stream.encrypting:_seal_record",
    "the state is half sealed": "healthtwin.stream.state_file:StateFile.save",
    "one person's series are sealed": "healthtwin.store.series.encrypting:_seal_person",
    "only the word that it is done is missing": "healthtwin.store.home:Home.note_encrypted!",
}
"""After (with ! before) which call the process is killed, the first time that it comes there."""

KILLER = """
import importlib, os, signal, sys
name = sys.argv[2]
module, _, path = name.rstrip("!").partition(":")
owner = importlib.import_module(module)
*parents, last = path.split(".")
for parent in parents:
    owner = getattr(owner, parent)
real = getattr(owner, last)
def killed(*arguments, **named):
    if not name.endswith("!"):
        real(*arguments, **named)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(owner, last, killed)
import healthtwin.house.encrypting as encrypting
if getattr(encrypting, last, None) is real:
    setattr(encrypting, last, killed)
encrypting.encrypt_home(sys.argv[1])
"""


@pytest.mark.parametrize("step", STEPS)
def test_killed_between_any_two_steps_it_is_finished_by_calling_again(
    home: Path, filled: Filled, step: str
) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLER, str(home), STEPS[step]], timeout=120, check=False, env=dict(os.environ)
    )
    assert killed.returncode == -9
    if step != "the keys are made":
        with pytest.raises(ConfigurationError, match=r"begun and not finished.*healthtwin migrate"):
            Home.open(home)
    told = migrated(home)
    assert told["changed"] is True
    assert told["resumed"] is (step != "the keys are made")
    require_the_same(home, filled)


def test_a_new_home_has_nothing_to_encrypt(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "new").path
    assert migrated(home) == {
        "encrypted": True,
        "changed": False,
        "resumed": False,
        "files": {},
        "left_plain": [],
        "seconds": 0.0,
    }
