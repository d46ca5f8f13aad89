import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from healthtwin.domain.errors import ConfigurationError, StorageBusy, StorageFull
from healthtwin.engines.relational import url_of
from healthtwin.store import Home, HomeKind
from healthtwin.store.home import FORMAT


def test_a_home_is_found_again_as_it_was_made(tmp_path: Path) -> None:
    made = Home.create(tmp_path / "house", HomeKind.REPLAY)

    assert Home.open(tmp_path / "house") == made
    assert made.kind is HomeKind.REPLAY


def test_a_home_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "house")

    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700


def test_a_home_is_not_made_where_something_is_already(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")

    with pytest.raises(ConfigurationError, match="not empty"):
        Home.create(tmp_path)


def test_a_directory_without_a_home_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no home here \(home.json is missing\)"):
        Home.open(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b'{"format": 1}', b'{"format": 1, "kind": "x", "created_ms": 0}'],
)
def test_a_damaged_home_file_says_which_file_it_is(tmp_path: Path, content: bytes) -> None:
    home = Home.create(tmp_path / "house")
    (home.path / "home.json").write_bytes(content)

    with pytest.raises(ConfigurationError, match=r"home\.json"):
        Home.open(home.path)


def test_a_home_of_a_later_version_is_refused(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "house")
    (home.path / "home.json").write_text(json.dumps({"format": FORMAT + 1, "kind": "live", "created_ms": 0}))

    with pytest.raises(ConfigurationError, match="later healthtwin"):
        Home.open(home.path)


def test_open_or_create_makes_a_home_once_and_keeps_its_kind(tmp_path: Path) -> None:
    first = Home.open_or_create(tmp_path / "house", "demo")

    assert Home.open_or_create(tmp_path / "house", "demo") == first
    with pytest.raises(ConfigurationError, match="a demo home; a live home is needed"):
        Home.open_or_create(tmp_path / "house", "live")


def test_a_replay_is_not_served(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "house", "replay")

    with pytest.raises(ConfigurationError, match="a replay home; a live or demo home is needed"):
        home.require_kind(HomeKind.LIVE, HomeKind.DEMO)


def test_a_second_process_learns_who_holds_the_lock(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "house")
    program = (
        "from healthtwin.store import Home\nimport sys\nwith Home.open(sys.argv[1]).lock(): print('mine')"
    )

    with home.lock():
        second = subprocess.run(
            [sys.executable, "-c", program, home.path], capture_output=True, text=True, check=False
        )
        with pytest.raises(StorageBusy, match=f"process {os.getpid()}"), home.lock():
            pass
    third = subprocess.run(
        [sys.executable, "-c", program, home.path], capture_output=True, text=True, check=True
    )

    assert second.returncode != 0
    assert f"process {os.getpid()}" in second.stderr
    assert third.stdout == "mine\n"


def test_a_killed_process_leaves_no_lock_behind(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "house")
    program = (
        "from healthtwin.store import Home\nimport sys, time\n"
        "with Home.open(sys.argv[1]).lock(): print('mine', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program, home.path], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"mine\n"
        holder.kill()

    with home.lock():
        pass


def test_settings_default_when_there_is_no_file(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "house")

    assert home.storage_settings().raw_days == 400
    assert home.records_url == f"sqlite:///{home.records_path}"
    assert home.section("serve") == {}


def test_settings_are_read_from_the_file(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "house")
    home.config_path.write_text(
        '[storage]\nraw_days = 30\nrecords_url = "postgresql+psycopg://house@db/records?sslmode=verify-full"\n'
    )

    assert home.storage_settings().raw_days == 30
    assert home.records_url == "postgresql+psycopg://house@db/records?sslmode=verify-full"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[storage", "config.toml: cannot be read"),
        ("storage = 1", "storage must be a table"),
        ("[storage]\nraw = 1", "unknown key 'raw'; known: raw_days"),
        ("[storage]\nraw_days = 0", "raw_days: got 0; allowed: a whole number from 1 to"),
        ("[storage]\nraw_days = true", "raw_days: got True"),
        ('[storage]\nraw_days = "400"', "raw_days: got '400'"),
        ("[storage]\nraw_days = 400\ndaily_days = 399", "at least raw_days"),
        ('[storage]\nrecords_url = "mysql://x"', "must start with postgresql"),
    ],
)
def test_a_setting_that_cannot_work_is_named(tmp_path: Path, text: str, told: str) -> None:
    home = Home.create(tmp_path / "house")
    home.config_path.write_text(text)

    with pytest.raises(ConfigurationError, match=told):
        home.storage_settings()


def test_a_disk_that_is_nearly_full_is_refused_early_and_can_be_asked(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "house")
    assert home.space_guard().space().enough
    home.space_guard().require()

    home.config_path.write_text(f"[storage]\nreserve_mib = {1 << 30}\n")  # more than any disk has

    assert not home.space_guard().space().enough
    with pytest.raises(StorageFull, match="MiB free"):
        home.space_guard().require()


def test_the_guard_counts_what_is_about_to_be_written(tmp_path: Path) -> None:
    guard = Home.create(tmp_path / "house").space_guard()

    with pytest.raises(StorageFull):
        guard.require(guard.space().free_bytes)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://house@db/records",
        "postgresql+psycopg://house@db/records?sslmode=require",
        "postgresql+psycopg://house@127.0.0.1,db/records?sslmode=verify-ca",
        "postgresql+psycopg://house@/records?host=10.0.0.7",
    ],
)
def test_a_database_on_another_machine_must_prove_who_it_is(url: str) -> None:
    with pytest.raises(ConfigurationError, match="sslmode=verify-full"):
        url_of(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://house@localhost/records",
        "postgresql+psycopg://house@[::1]/records",
        "postgresql+psycopg://house@/records?host=/run/postgresql",
        "postgresql+psycopg://house@db/records?sslmode=verify-full&sslrootcert=ca.pem",
    ],
)
def test_one_on_this_machine_or_with_a_checked_certificate_is_used(url: str) -> None:
    assert url_of(url).drivername == "postgresql+psycopg"
