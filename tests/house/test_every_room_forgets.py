"""One suite for every room: what came in about a person through the public face is gone after an erasure.

Canaries are random words and numbers that stand nowhere else. Each goes in by HTTP or command line; after the
erasure no file of the home holds one of its bytes in any form, and another person is as if nothing happened.
"""

from __future__ import annotations

import base64
import json
import secrets
import stat
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from healthtwin.access import Credentials, Pairing, wall_ms
from healthtwin.domain import HOUR_MS, MINUTE_MS, Profile
from healthtwin.notify import Webhooks
from healthtwin.store import Home, Tables
from healthtwin.store.erasure import Erasures
from healthtwin.store.people import People
from healthtwin.stream import SqliteLog
from tests.api.conftest import World, eventually, world_in

DATABASES = ("records.db", "log.db", "state.db", "series.db")
SHORTEST = 8
PROGRAM = str(Path(sys.executable).with_name("healthtwin"))


@dataclass
class Canaries:
    """What must leave no trace.

    Attributes:
        words: everything that came in as text. values: distinctive numbers.
    """

    person: str
    pseudonym: str
    words: list[str] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def word(self) -> str:
        word = f"Cänary{secrets.token_hex(6)}"
        self.words.append(word)
        return word

    def value(self, low: float, high: float) -> float:
        """Between the two, with digits that nobody else has."""
        value = low + (high - low) * (secrets.randbelow(2**40) / 2**40)
        self.values.append(value)
        return value

    def forms(self) -> Iterator[bytes]:
        """Every way in which one may stand in a file."""
        for word in [*self.words, self.person, self.pseudonym]:
            yield word.encode()
            yield word.encode("utf-16-le")
            yield word.encode("utf-16-be")
            yield json.dumps(word)[1:-1].encode()
            yield base64.b64encode(word.encode())[:-4]
        for value in self.values:
            yield struct.pack("<d", value)
            yield struct.pack(">d", value)
            yield repr(value).encode()


def ran(command: list[str], status: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, input="")
    assert done.returncode == status, done.stderr
    return done


def left_in(home: Path, canaries: Canaries) -> list[tuple[str, bytes]]:
    """Which forms still stand in which files.

    The audit is a chain that keeps every byte: it holds pseudonyms, behind which nobody stands any more.
    """
    files = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    return [
        (path.name, form)
        for path, content in files.items()
        for form in canaries.forms()
        if form in content
        and not (path.name.startswith("audit.db") and canaries.pseudonym.encode() in (form, form.lower()))
    ]


def readable_in(home: Path, people: list[Canaries]) -> list[tuple[str, bytes]]:
    """Which words and values stand readable in which files; ids and pseudonyms may.

    Short words are left out: megabytes of noise hold any three letters.
    """
    files = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    forms = {
        form
        for each in people
        for form in Canaries("", "", each.words, each.values).forms()
        if len(form) >= SHORTEST
    }
    return [(path.name, form) for path, content in files.items() for form in forms if form in content]


def told_everything(world: World, name: str) -> Canaries:
    """A person about whom every route and command was told something."""
    at = People(world.house.tables)
    person = at.add(name, Profile("Europe/London", birth_year=1950, labels={"study": name}), wall_ms())
    canaries = Canaries(person.id, person.pseudonym, [name])
    admin, path = world.admin(), f"/api/people/{person.id}"
    phone = world.phone(person.id)
    for minutes in range(60, 0, -5):  # a fall into danger, so that there is an alert with its evidence
        row: dict[str, Any] = {
            "timestamp": wall_ms() - minutes * MINUTE_MS,
            "heart_rate": canaries.value(130, 150),
            "spo2": canaries.value(78, 84),
            "respiratory_rate": canaries.value(26, 32),
            "location": {"latitude": 51.5, "longitude": -0.12},
            "sequence": 100 - minutes,
        }
        assert phone.post("/api/vitals", json=row).is_success
    event = {"kind": "symptom", "text": canaries.word(), "timestamp": wall_ms() - HOUR_MS, "sequence": 1}
    assert phone.post(path + "/events", json=event).status_code == 200
    assert admin.put(path + "/medicines", json={"medicines": ["codeine", canaries.word()]}).status_code == 200
    assert admin.put(path + "/genes", json={"genes": {"CYP2D6": "*4/*4"}}).status_code == 200
    background = {
        "conditions": [canaries.word()],
        "risk_factors": [canaries.word()],
        "allergies": [canaries.word()],
        "emergency_contacts": [{"name": canaries.word(), "phone": "+44 20 7946 0958"}],
    }
    assert admin.put(path + "/background", json=background).status_code == 200
    Webhooks(world.house.tables).add(f"http://127.0.0.1:9/{canaries.word()}", wall_ms(), person_id=person.id)
    Pairing(world.house.tables).create_code(person.id, wall_ms(), label=canaries.word())
    Credentials(world.house.tables).create_token("clinician", [person.id], wall_ms(), label=canaries.word())
    Credentials(world.house.tables).create_link("family", [person.id], wall_ms(), label=canaries.word())
    assert world.house.caught_up(20)
    alerts = eventually(lambda: admin.get("/api/alerts", params={"person": person.id}).json())
    assert admin.post(f"/api/alerts/{alerts[0]['id']}/acknowledge").status_code == 200
    return canaries


def known_of(world: World, person: Canaries) -> dict[str, Any]:
    """All that the public face says about somebody, but for what moves with the clock."""
    admin, path = world.admin(), f"/api/people/{person.person}"
    asked = ["/events", "/medicines", "/genes", "/findings", "/profile", "/background"]
    said = {each: admin.get(path + each).json() for each in asked}
    said["series"] = admin.get(path + "/series", params={"metric": "spo2"}).json()
    said["alerts"] = admin.get("/api/alerts", params={"person": person.person}).json()
    states = world.house.engine.runner.peek(person.pseudonym)
    assert states is not None
    said["learned"] = [(state["twin"].tobytes(), state["forecast"].tobytes()) for state in states]
    return said


def test_a_served_house_forgets_a_person_at_once_and_nobody_else(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with world_in(home) as world:
        ada, bob = told_everything(world, "Cänary Ada"), told_everything(world, "Cänary Bob")
        assert {name.partition("-")[0] for name, _ in left_in(home, ada)} >= set(DATABASES)  # they do sing
        assert readable_in(home, [ada, bob]) == []  # and say by their ids alone that they are there
        before = known_of(world, bob)
        assert world.admin().delete(f"/api/people/{ada.person}").status_code == 204
        assert world.admin().delete(f"/api/people/{ada.person}").status_code == 404
        assert known_of(world, bob) == before
        assert left_in(home, ada) == []
    assert left_in(home, ada) == []
    with world_in(home) as world:
        assert known_of(world, bob) == before
        assert [person.id for person in People(world.house.tables).list()] == [bob.person]
        assert left_in(home, ada) == []


def test_another_process_asks_and_the_serving_one_carries_it_out(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with world_in(home) as world:
        ada, bob = told_everything(world, "Cänary Ada"), told_everything(world, "Cänary Bob")
        done = subprocess.run(
            [PROGRAM, "person", "erase", ada.person, "--home", str(home), "--yes", "--json"],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        told = json.loads(done.stdout)
        assert (told["id"], told["erased"]) == (ada.person, True)
        assert told["certificate"]["erased_at"] == told["erased_at"]
        assert left_in(home, ada) == []
        assert (
            world.phone(bob.person).post("/api/vitals", json={"timestamp": wall_ms(), "spo2": 97}).is_success
        )
        assert world.house.caught_up(10)


def test_what_came_in_comes_out_whole_for_the_person_whom_it_is_about(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with world_in(home) as world:
        ada, bob = told_everything(world, "Cänary Ada"), told_everything(world, "Cänary Bob")
        world.house.engine.runner.snapshot()
        command = [PROGRAM, "person", "export", ada.person, "--home", str(home), "--json", "--out"]
        served = json.loads(ran([*command, str(tmp_path / "served.zip")]).stdout)
    ran([*command, str(tmp_path / "unserved.zip")])
    for name in ("served.zip", "unserved.zip"):
        with zipfile.ZipFile(tmp_path / name) as packed:
            told = b"".join(packed.read(part) for part in packed.namelist()).decode()
            assert packed.namelist() == served["parts"]
        plain = told.encode().decode("unicode_escape", "ignore") + told
        assert [word for word in ada.words if word not in plain] == []
        assert [value for value in ada.values if repr(value) not in told] == []
        assert [word for word in bob.words[1:] if word in plain] == []
        assert '"secret"' not in told
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert {"twin.json", "log.jsonl", "tables/alerts.json", "sharing.json"} <= set(served["parts"])
    assert any(part.startswith("series/") for part in served["parts"])
    assert ran([*command, str(tmp_path / "served.zip")], status=2).stdout == ""


def test_a_home_that_nobody_serves_forgets_too(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with world_in(home) as world:
        ada, bob = told_everything(world, "Cänary Ada"), told_everything(world, "Cänary Bob")
        before = known_of(world, bob)
    command = [PROGRAM, "person", "erase", ada.person, "--home", str(home)]
    refused = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, input="")
    assert refused.returncode == 2
    assert "--yes" in refused.stderr
    subprocess.run([*command, "--yes"], capture_output=True, text=True, timeout=60, check=True)
    assert left_in(home, ada) == []
    again = subprocess.run([*command, "--yes"], capture_output=True, text=True, timeout=60, check=False)
    assert again.returncode == 2
    with world_in(home) as world:
        assert known_of(world, bob) == before
        assert left_in(home, ada) == []


@pytest.mark.parametrize("served", [True, False])
def test_a_damaged_file_that_was_set_aside_does_not_outlast_an_erasure(tmp_path: Path, served: bool) -> None:
    home = tmp_path / "home"
    with world_in(home) as world:
        ada = told_everything(world, "Cänary Ada")
    series = home / "series.db"
    series.write_bytes(series.read_bytes()[: -series.stat().st_size // 2])
    ran([PROGRAM, "rebuild", "series", "--home", str(home)])
    assert {name for name, _ in left_in(home, ada)} & {path.name for path in home.glob("*.damaged-*")}
    if served:
        with world_in(home) as world:
            world.house.erase(ada.person)
    else:
        ran([PROGRAM, "person", "erase", ada.person, "--home", str(home), "--yes"])
    assert left_in(home, ada) == []


def test_an_erasure_that_a_crash_cut_off_is_finished_by_the_next_start(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with world_in(home) as world:
        ada, bob = told_everything(world, "Cänary Ada"), told_everything(world, "Cänary Bob")
        before = known_of(world, bob)
    with Tables.of(Home.open(home)) as tables:
        Erasures(tables).begin(ada.person, wall_ms())
    assert left_in(home, ada) != []
    with world_in(home) as world:
        assert left_in(home, ada) == []
        assert known_of(world, bob) == before


def test_the_log_keeps_its_places_and_a_replay_comes_to_the_same(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with world_in(home) as world:
        ada, bob = told_everything(world, "Cänary Ada"), told_everything(world, "Cänary Bob")
        world.house.erase(ada.person)
        before = known_of(world, bob)
    log = SqliteLog(home / "log.db")
    records = log.read(0, 10_000)
    log.close()
    assert [record.offset for record in records] == list(range(1, len(records) + 1))
    for left in (*home.glob("state.db*"), *home.glob("series.db*")):
        left.unlink()  # all states are computed again, from the log alone
    with world_in(home) as world:
        assert world.house.caught_up(20)
        assert known_of(world, bob) == before
        assert world.house.engine.runner.peek(ada.pseudonym) is None
        assert left_in(home, ada) == []


def test_browsers_hear_of_it_and_of_nothing_else_of_that_person(tmp_path: Path) -> None:
    with world_in(tmp_path / "home") as world:
        ada = told_everything(world, "Cänary Ada")
        mark = world.house.feed.newest
        world.house.erase(ada.person)
        with world.admin().stream("GET", "/api/live", headers={"Last-Event-ID": mark}) as answer:
            lines = answer.iter_lines()
            until = time.monotonic() + 10
            said = []
            while time.monotonic() < until and "event: deleted" not in said:
                said.append(next(lines))
        assert "event: deleted" in said
