"""Who was erased gets it in writing: signed, checkable anywhere, without a word about their health."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from healthtwin.access import wall_ms
from healthtwin.domain import Profile
from healthtwin.store import Home
from healthtwin.store.people import People
from tests.api.conftest import World, world_in

PROGRAM = str(Path(sys.executable).with_name("healthtwin"))
NAME = "Cänary Wintergreen"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("erasing") / "home"


@pytest.fixture(scope="module")
def world(home: Path) -> Iterator[World]:
    with world_in(home) as world:
        yield world


def person_command(*arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [PROGRAM, "person", *arguments], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == status, done.stderr
    return done


@pytest.fixture(scope="module")
def erased(world: World, home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the command said, with the phone of who was erased."""
    person = People(world.house.tables).add(NAME, Profile("Europe/London", birth_year=1950), wall_ms())
    phone = world.phone(person.id)
    named = {scope: world.client(world.token(scope, person.id)) for scope in ("clinician", "family", "admin")}
    assert phone.post("/api/vitals", json={"timestamp": wall_ms(), "spo2": 97}).is_success
    out = tmp_path_factory.mktemp("out") / "certificate.json"
    options = ("--home", str(home), "--yes", "--out", str(out), "--json")
    told = person_command("erase", person.id, *options).stdout
    return {
        **json.loads(told),
        "person": person,
        "phone": phone,
        "named": named,
        "home": str(home),
        "out": out,
    }


def test_it_says_what_was_erased_and_what_was_not_reached_and_nothing_of_the_person(
    erased: dict[str, Any],
) -> None:
    certificate, text = erased["certificate"], json.dumps(erased["certificate"])
    assert certificate["person"] == erased["person"].id
    assert certificate["erased_at"] == erased["erased_at"]
    assert certificate["erased"]["rows"]["people"] == 1
    assert certificate["erased"]["log_records"] >= 2
    assert certificate["key_destroyed"] >= 2
    assert any("backups" in each for each in certificate["not_reached"])
    assert not [
        word for word in (NAME, "Cänary", "Wintergreen", "1950", "London", "spo2", "97.0") if word in text
    ]
    assert erased["person"].pseudonym not in text


def test_it_verifies_here_and_anywhere_and_fails_where_a_letter_was_changed(
    erased: dict[str, Any], tmp_path: Path
) -> None:
    file, home = erased["out"], erased["home"]
    assert json.loads(file.read_text()) == erased["certificate"]
    assert json.loads(person_command("verify-certificate", str(file), "--json").stdout)["good"] is True
    assert person_command("verify-certificate", str(file), "--home", home).stdout.startswith("Good: p-")

    other = Home.create(tmp_path / "another")
    told = person_command("verify-certificate", str(file), "--home", str(other.path), status=1)
    assert "another house" in told.stderr
    forged = tmp_path / "forged.json"
    for field, value in (("erased_at", 1), ("person", "p-somebody"), ("not_reached", []), ("more", "words")):
        forged.write_text(json.dumps({**erased["certificate"], field: value}))
        assert "changed since" in person_command("verify-certificate", str(forged), status=1).stderr
    for junk in ("", "{}", "[]", '{"signature": 1}', '{"certificate": null}'):
        forged.write_text(junk)
        assert "certificate of erasure" in person_command("verify-certificate", str(forged), status=2).stderr


def test_their_phone_hears_that_it_is_gone_and_everybody_else_that_there_is_nobody(
    world: World, erased: dict[str, Any]
) -> None:
    late = erased["phone"].post("/api/vitals", json={"timestamp": wall_ms(), "spo2": 96})
    assert late.status_code == 410
    assert late.headers["content-type"] == "application/problem+json"
    assert "erased" in late.json()["detail"]
    path = f"/api/people/{erased['person'].id}"
    for route in ("/profile", "/series?metric=spo2", "/events", "/medicines", "/genes", "/background"):
        assert world.admin().get(path + route).status_code == 404
    assert world.admin().delete(path).status_code == 404
    for asker in (erased["phone"], *erased["named"].values(), world.operator(), world.admin()):
        for route in ("", "/profile", "/series?metric=spo2", "/consents", "/sharing", "/exports"):
            assert asker.get(path + route).status_code == 404
        for route in ("/exports", "/sharing", "/events", "/relations/g-2wpeb7slhuipbbh5/confirm"):
            assert asker.post(path + route, json={}).status_code == 404
        assert asker.put(f"{path}/consents", json={}).status_code == 404
        assert asker.delete(path).status_code == 404
    assert world.client().get(path).status_code == 401
    other = world.phone(world.person())
    assert (other.get(path).status_code, other.delete(path).status_code) == (404, 404)
    stranger = world.admin()
    stranger.headers["Authorization"] = "Bearer ht_" + "0" * 43
    assert stranger.post("/api/vitals", json={"timestamp": wall_ms(), "spo2": 96}).status_code == 401
