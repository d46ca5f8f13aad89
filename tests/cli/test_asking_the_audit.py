"""`healthtwin audit`: whether it is whole, and who saw somebody, whether or not the home is served."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx2
import pytest

from healthtwin.api import Listen, serving
from healthtwin.house import open_house
from tests.cli.conftest import Commands


@contextmanager
def served(home: Path) -> Iterator[str]:
    house = open_house(home)
    house.start()
    try:
        with serving(house, Listen()) as url:
            yield url
    finally:
        house.stop()


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> tuple[Commands, str, str]:
    """A home in which Dr. Bee looked at Ada and somebody unknown tried to; ids of her and the token."""
    run = Commands(tmp_path_factory.mktemp("asked") / "home")
    ada = run("person", "add", "--name", "Ada", "--timezone", "UTC", "--json").json["id"]
    made = run(
        *("token", "create", "--scope", "clinician", "--person", ada, "--label", "Dr. Bee", "--json")
    ).json
    with served(run.home) as url:
        path = f"{url}/api/people/{ada}/profile"
        assert httpx2.get(path, headers={"Authorization": f"Bearer {made['token']}"}).status_code == 200
        assert httpx2.get(path).status_code == 401
        found = run("audit", "verify", "--json").json
        assert found["ok"], "while it is served, too"
    return run, ada, made["id"]


def test_a_new_home_has_nothing_to_verify(healthtwin: Commands) -> None:
    healthtwin("person", "add", "--name", "Ada", "--timezone", "UTC")
    assert healthtwin("audit", "verify").status == 0


def test_who_saw_somebody_is_told_with_the_name_of_the_token(looked_at: tuple[Commands, str, str]) -> None:
    run, ada, _ = looked_at
    told = run("audit", "who-saw", "--person", ada, "--json").json
    assert (told["person"], told["erased"]) == (ada, False)
    looks = {(look["label"] or look["who"], look["what"], look["result"]) for look in told["entries"]}
    profile = "GET /api/people/{person_id}/profile"
    assert ("Dr. Bee", profile, "allowed") in looks
    assert ("nobody", profile, "refused") in looks
    (look,) = [each for each in told["entries"] if each["label"] == "Dr. Bee"]
    assert (look["relation"], look["purpose"], look["kind"], look["times"]) == (
        "treating",
        "care",
        "profile",
        1,
    )
    table = run("audit", "who-saw", "--person", "Ada").out
    assert "Dr. Bee" in table
    assert "console" in table, "who asked who looked has looked"


def test_an_export_is_one_entry_a_line_as_it_was_hashed(looked_at: tuple[Commands, str, str]) -> None:
    run, ada, _ = looked_at
    lines = run("audit", "export", "--person", ada, "--json").out.splitlines()
    bodies = [json.loads(line) for line in lines]
    assert [body["seq"] for body in bodies] == sorted(body["seq"] for body in bodies)
    assert all(len(body["prev"]) == 64 for body in bodies)
    assert "Ada" not in "".join(lines)


def test_somebody_unknown_is_said_to_be_so(looked_at: tuple[Commands, str, str]) -> None:
    run, _, _ = looked_at
    for command in ("who-saw", "export"):
        refused = run("audit", command, "--person", "p-nobody", "--json")
        assert refused.status == 2
        assert "p-nobody" in refused.err


def test_what_the_console_did_stands_there(looked_at: tuple[Commands, str, str]) -> None:
    run, ada, _ = looked_at
    run("person", "list")
    done = {each["what"] for each in run("audit", "who-saw", "--person", ada, "--json").json["entries"]}
    assert {"console token create", "console person list"} <= done


def test_a_change_is_named_by_the_entry_with_exit_status_one(
    looked_at: tuple[Commands, str, str], tmp_path: Path
) -> None:
    run, _, _ = looked_at
    copy = Commands(Path(shutil.copytree(run.home, tmp_path / "home")))
    with closing(sqlite3.connect(copy.home / "audit.db")) as database:
        database.execute("UPDATE entries SET entry = replace(entry, 'allowed', 'refused') WHERE seq = 2")
        database.commit()
    found = copy("audit", "verify")
    assert found.status == 1
    assert "audit entry 2" in found.err
    told = copy("audit", "verify", "--json")
    assert told.status == 1
    assert json.loads(told.out)["bad"] == 2


def test_an_erasure_changes_no_byte_and_who_saw_says_that_they_were_erased(healthtwin: Commands) -> None:
    run = healthtwin
    ada = run("person", "add", "--name", "Ada", "--timezone", "UTC", "--json").json["id"]
    run("person", "list")
    before = _entries(run.home)
    assert run("audit", "verify").status == 0
    assert run("person", "erase", ada, "--yes").status == 0
    assert _entries(run.home)[: len(before)] == before
    assert run("audit", "verify").status == 0
    assert run("audit", "who-saw", "--person", ada, "--json").json == {
        "person": ada,
        "erased": True,
        "entries": [],
    }
    assert "erased" in run("audit", "who-saw", "--person", ada).out
    assert json.loads(run("audit", "export", "--person", ada, "--json").out) == {
        "person": ada,
        "erased": True,
    }


def _entries(home: Path) -> list[tuple[int, str, str]]:
    with closing(sqlite3.connect(home / "audit.db")) as database:
        return list(database.execute("SELECT seq, entry, hash FROM entries ORDER BY seq"))
