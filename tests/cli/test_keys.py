"""`healthtwin keys …`: while nobody serves the home, and while somebody does."""

from __future__ import annotations

import json
import os
import stat
import sys
from typing import TYPE_CHECKING

import pytest

from healthtwin.cli import main
from healthtwin.store import Home, SeriesStore, Tables
from healthtwin.store.people import People
from tests.cli.conftest import Ran
from tests.house.a_house import START, house_at_work

if TYPE_CHECKING:
    from pathlib import Path


PASSPHRASE = "correct horse battery staple"


class Commands:
    """Runs commands in this process: a home's keys are asked for much, and a new process for each is slow."""

    def __init__(
        self, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.home = home
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: str | Path, home: Path | None = None) -> Ran:
        self._monkeypatch.setenv("HEALTHTWIN_HOME", str(home or self.home))
        self._monkeypatch.setattr(sys, "argv", ["healthtwin", *map(str, arguments)])
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = self._capsys.readouterr()
        return Ran(int(ended.value.code or 0), out, err)


@pytest.fixture
def healthtwin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Commands:
    """`healthtwin …` on a home that does not exist yet."""
    return Commands(tmp_path / "home", monkeypatch, capsys)


def test_status_rotation_and_copies_of_a_home_that_nobody_serves(
    healthtwin: Commands, ada: str, tmp_path: Path
) -> None:
    first = healthtwin("keys", "status", "--json").json
    assert (first["encrypted"], first["kms"], first["master_version"], first["people"]) == (
        True,
        "file",
        1,
        1,
    )
    assert set(first["unencrypted"].values()) == {0}
    assert (first["last_rotation"], first["last_backup"], first["erased"]) == (None, None, 0)

    rotated = healthtwin("keys", "rotate", "--json").json
    assert (rotated["master_version"], rotated["resumed"]) == (2, False)
    assert healthtwin("keys", "rotate", "--person", "Ada", "--json").json == {"person": ada, "done": True}

    kept = healthtwin("keys", "backup", "--out", tmp_path / "keys.zip", "--json").json
    assert kept["people"] == 1
    assert stat.S_IMODE((tmp_path / "keys.zip").stat().st_mode) == 0o600
    again = healthtwin("keys", "backup", "--out", tmp_path / "keys.zip")
    assert (again.status, "does not exist yet" in again.err) == (2, True)
    status = healthtwin("keys", "status", "--json").json
    assert (status["master_version"], status["former_keys"], status["rotation_unfinished"]) == (2, 0, False)
    assert status["last_rotation"] <= status["last_backup"] == kept["created_at"]

    assert healthtwin("person", "erase", ada, "--yes").status == 0
    assert healthtwin("keys", "status", "--json").json["erased"] == 1


def test_a_home_without_its_keys_says_how_to_bring_them(
    healthtwin: Commands, ada: str, tmp_path: Path
) -> None:
    assert healthtwin("backup", "--out", tmp_path / "data.zip").status == 0
    assert healthtwin("keys", "backup", "--out", tmp_path / "keys.zip").status == 0
    keys = healthtwin.home / "keys"
    keys.rename(tmp_path / "gone")
    there = tmp_path / "there"
    restored = healthtwin("restore", tmp_path / "data.zip", "--json", home=there)
    assert restored.json["keys"] is None
    assert "keys restore" in restored.err
    told = healthtwin("person", "list", home=there)
    assert (told.status, "keys restore" in told.err) == (2, True)
    brought = healthtwin("keys", "restore", tmp_path / "keys.zip", "--json", home=there).json
    assert brought == {"home": str(there), "erased_again": []}
    (listed,) = healthtwin("person", "list", "--json", home=there).json
    assert (listed["id"], listed["name"]) == (ada, "Ada")


def test_a_backup_of_before_an_erasure_comes_back_though_staff_were_there_for_them_alone(
    healthtwin: Commands, ada: str, tmp_path: Path
) -> None:
    bob = healthtwin("person", "add", "--name", "Bob", "--birth-year", "1960", "--timezone", "UTC", "--json")
    for role in ("admin", "clinician", "family"):
        made = healthtwin("account", "add", "--name", f"For {role}", "--role", role, "--person", ada)
        assert made.status == 0
    for scope in ("admin", "clinician", "device"):
        label = ("--label", f"a {scope} of hers")
        assert healthtwin("token", "create", "--scope", scope, "--person", ada, *label).status == 0
    assert healthtwin("backup", "--out", tmp_path / "data.zip").status == 0
    assert healthtwin("person", "erase", ada, "--yes").status == 0

    there = tmp_path / "there"
    restored = healthtwin("restore", tmp_path / "data.zip", "--json", home=there)
    assert restored.status == 0, restored.err
    (listed,) = healthtwin("person", "list", "--json", home=there).json
    assert listed["id"] == bob.json["id"]
    kept = healthtwin("account", "list", "--json", home=there).json
    assert {account["name"]: account["people"] for account in kept} == {"For admin": [], "For clinician": []}
    (token,) = healthtwin("token", "list", "--json", home=there).json
    assert (token["scope"], token["label"]) == ("admin", "")


def test_both_keys_change_while_a_house_works(healthtwin: Commands) -> None:
    with house_at_work(healthtwin.home) as at_work:
        ada, bob = at_work.person("Ada"), at_work.person("Bob")
        for n in range(4):
            at_work.send(ada, START + n * 60_000, heart_rate=61.0 + n)
            at_work.send(bob, START + n * 60_000, heart_rate=71.0 + n)
        assert healthtwin("keys", "rotate", "--json").json["master_version"] == 2
        assert healthtwin("keys", "rotate", "--person", ada, "--json").json["done"] is True
        assert at_work.send(ada, START, heart_rate=61.0) == "duplicate"
        assert at_work.send(ada, START + 5 * 60_000, heart_rate=66.0) == "new"
        cleo = at_work.person("Cleo")
        assert at_work.send(cleo, START, heart_rate=81.0) == "new"
        at_work.restart()
        assert at_work.house.operations.health().status == "ok"
    home = Home.open(healthtwin.home)
    with Tables.of(home) as tables, SeriesStore(home.series_path, keys=tables.keys) as series:
        seen = {
            person.name: series.range(person.pseudonym, 1, 0, 2**52)[1].tolist()
            for person in People(tables).list()
        }
    assert seen == {"Ada": [61, 62, 63, 64, 66], "Bob": [71, 72, 73, 74], "Cleo": [81]}
    assert healthtwin("keys", "status", "--json").json["former_keys"] == 0


@pytest.fixture
def by_passphrase(healthtwin: Commands, monkeypatch: pytest.MonkeyPatch) -> Commands:
    healthtwin.home.mkdir()
    (healthtwin.home / "config.toml").write_text('[keys]\nkms = "passphrase"\n')
    monkeypatch.setenv("HEALTHTWIN_PASSPHRASE", PASSPHRASE)
    return healthtwin


def test_a_passphrase_keeps_the_master_key_and_may_be_changed(
    by_passphrase: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    healthtwin = by_passphrase
    assert healthtwin("person", "add", "--name", "Ada", "--timezone", "UTC").status == 0
    assert healthtwin("keys", "status", "--json").json["kms"] == "passphrase"
    monkeypatch.setenv("HEALTHTWIN_PASSPHRASE", "something else altogether")
    wrong = healthtwin("person", "list")
    assert (wrong.status, "does not open" in wrong.err, PASSPHRASE in wrong.err) == (2, True, False)
    monkeypatch.delenv("HEALTHTWIN_PASSPHRASE")
    untold = healthtwin("person", "list")
    assert (untold.status, "HEALTHTWIN_PASSPHRASE" in untold.err) == (2, True)
    monkeypatch.setenv("HEALTHTWIN_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("HEALTHTWIN_NEW_PASSPHRASE", "short")
    assert "15" in healthtwin("keys", "rotate").err
    monkeypatch.setenv("HEALTHTWIN_NEW_PASSPHRASE", "another one that is long enough")
    assert healthtwin("keys", "rotate", "--json").json["master_version"] == 2
    monkeypatch.delenv("HEALTHTWIN_NEW_PASSPHRASE")
    assert healthtwin("person", "list").status == 2
    monkeypatch.setenv("HEALTHTWIN_PASSPHRASE", "another one that is long enough")
    assert "Ada" in healthtwin("person", "list").out
    assert b"Ada" not in b"".join(path.read_bytes() for path in healthtwin.home.rglob("*") if path.is_file())


KEEPER = """
import base64, json, sys
asked = json.loads(sys.stdin.readline())
if asked["op"] == "wrap":
    print(json.dumps({"wrapped": asked["context"] + "|" + asked["key"][::-1]}))
else:
    context, _, key = asked["wrapped"].partition("|")
    print(json.dumps({"key": key[::-1]} if context == asked["context"] else {"error": "of another home"}))
"""


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ("import time; time.sleep(60)", "gave no answer within 0.5 s"),
        ("print('well')", "no JSON"),
        ("print('[1]')", "no JSON object"),
        ("print('{}')", 'without "wrapped"'),
        ("import json; print(json.dumps({'error': 'the HSM is locked'}))", "the HSM is locked"),
        ("import sys; sys.exit('no token')", "ended with status 1: no token"),
        (None, "cannot be started"),
    ],
)
def test_a_keeper_that_fails_is_named_with_what_it_did(
    healthtwin: Commands, tmp_path: Path, program: str | None, says: str
) -> None:
    command = [str(tmp_path / "nowhere")] if program is None else [sys.executable, "-c", program]
    timeout_s = 0.5 if "0.5" in says else 20
    healthtwin.home.mkdir()
    (healthtwin.home / "config.toml").write_text(
        f'[keys]\nkms = "process"\ncommand = {json.dumps(command)}\ntimeout_s = {timeout_s}\n'
    )
    told = healthtwin("person", "add", "--name", "Ada", "--timezone", "UTC")
    assert (told.status, says in told.err, told.err.count("\n")) == (1, True, 1)


def test_a_program_of_somebody_elses_keeps_the_master_key(healthtwin: Commands, tmp_path: Path) -> None:
    (tmp_path / "keeper.py").write_text(KEEPER)
    healthtwin.home.mkdir()
    settings = (
        f'[keys]\nkms = "process"\ncommand = {json.dumps([sys.executable, str(tmp_path / "keeper.py")])}\n'
    )
    (healthtwin.home / "config.toml").write_text(settings)
    assert healthtwin("person", "add", "--name", "Ada", "--timezone", "UTC").status == 0
    assert "Ada" in healthtwin("person", "list").out
    assert healthtwin("keys", "rotate", "--json").json["master_version"] == 2
    assert healthtwin("keys", "status", "--json").json["kms"] == "process"
    (healthtwin.home / "config.toml").write_text("")  # back to a file of our own, by a rotation
    refused = healthtwin("keys", "rotate")
    assert (refused.status, "names no command" in refused.err) == (2, True)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ('kms = "cloud"', "allowed: file, passphrase, process"),
        ('kms = "process"', "set both, or none"),
        ('command = ["kms"]', "set both, or none"),
        ('kms = "process"\ncommand = "kms"', "a program and its arguments"),
        ('kms = "process"\ncommand = ["kms"]\ntimeout_s = 0', "above 0"),
        ('keeper = "file"', "unknown key 'keeper'"),
    ],
)
def test_settings_that_cannot_work_are_named(healthtwin: Commands, settings: str, says: str) -> None:
    healthtwin.home.mkdir()
    (healthtwin.home / "config.toml").write_text(f"[keys]\n{settings}\n")
    told = healthtwin("person", "add", "--name", "Ada", "--timezone", "UTC")
    assert (told.status, says in told.err) == (2, True)


def test_a_passphrase_comes_through_a_file_descriptor(
    by_passphrase: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HEALTHTWIN_PASSPHRASE")
    read, write = os.pipe()
    os.write(write, f"{PASSPHRASE}\n".encode())
    os.close(write)
    monkeypatch.setenv("HEALTHTWIN_PASSPHRASE_FD", str(read))
    from healthtwin.store.keys import open_keys

    with open_keys(Home.create(by_passphrase.home)) as keys:
        assert keys.mint("ada") > 1
    os.close(read)
