import json
import sqlite3
import stat
import threading
import zipfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from healthtwin.access import Credentials
from healthtwin.domain import Profile
from healthtwin.domain.errors import ConfigurationError, Conflict, CorruptStorage, InvalidInput
from healthtwin.notify import Alerts
from healthtwin.store import Home, SeriesStore, Tables, backup, restore
from healthtwin.store.erasure import Erasures
from healthtwin.store.keys.copies import bring_keys
from healthtwin.store.people import People
from tests.store.postgresql_server import PostgresqlServer
from tests.store.test_alerts_as_they_stand import TRIGGER


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with something in every file."""
    home = Home.create(tmp_path / "house", "demo")
    home.config_path.write_text("[storage]\nraw_days = 30\n")
    with Tables.of(home) as tables:
        People(tables).add("Ada", Profile("UTC"), now_ms=0)
    with SeriesStore(home.series_path) as series:
        series.append([("ada", 1, t, 60.0 + t, 1.0) for t in range(1_000)], 999)
    for path in (home.log_path, home.state_path):
        database = sqlite3.connect(path)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE entries (number INTEGER PRIMARY KEY)")
        database.executemany("INSERT INTO entries VALUES (?)", [(n,) for n in range(100)])
        database.commit()
        database.close()
    return home


def test_a_restored_home_holds_what_was_backed_up(home: Home, tmp_path: Path) -> None:
    report = backup(home, tmp_path / "house.backup")

    again = restore(tmp_path / "house.backup", tmp_path / "again")

    assert (again.kind, again.created_ms) == (home.kind, home.created_ms)
    assert again.storage_settings().raw_days == 30
    assert set(report.files) == {"config.toml", "home.json", "log.db", "records.db", "series.db", "state.db"}
    assert stat.S_IMODE(again.path.stat().st_mode) == 0o700
    with SeriesStore(again.series_path) as series:
        assert series.offset == 999
        assert series.range("ada", 1, 0, 2_000)[1].tolist() == [60.0 + t for t in range(1_000)]
    bring_keys(home.path, again.path)  # no archive holds them
    with Tables.of(again) as tables:
        assert [person.name for person in People(tables).list()] == ["Ada"]


def test_a_backup_is_readable_by_its_owner_alone_and_leaves_nothing_else(home: Home, tmp_path: Path) -> None:
    backup(home, tmp_path / "house.backup")

    assert stat.S_IMODE((tmp_path / "house.backup").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["house", "house.backup"]


def test_a_backup_made_while_everything_is_written_is_consistent(home: Home, tmp_path: Path) -> None:
    """What was made of the log never reaches beyond the log in the backup."""
    stop = threading.Event()

    def write() -> None:
        log = sqlite3.connect(home.log_path, isolation_level=None)
        with SeriesStore(home.series_path) as series:
            number = 1_000
            while not stop.is_set():
                log.execute("INSERT INTO entries VALUES (?)", (number,))
                series.append([("ada", 1, number, 1.0, 1.0)], number)
                number += 1
        log.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for round_number in range(5):
            backup(home, tmp_path / f"{round_number}.backup")
            again = restore(tmp_path / f"{round_number}.backup", tmp_path / f"again-{round_number}")
            log = sqlite3.connect(again.log_path)
            (last,) = log.execute("SELECT MAX(number) FROM entries").fetchone()
            log.close()
            with SeriesStore(again.series_path) as series:
                assert 999 <= series.offset <= max(last, 999)
                assert len(series.range("ada", 1, 0, 10**9)[0]) == series.offset + 1
    finally:
        stop.set()
        writer.join()


def test_a_backup_never_replaces_a_file(home: Home, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("mine")

    with pytest.raises(InvalidInput, match="--out"):
        backup(home, tmp_path / "letter")
    with pytest.raises(InvalidInput, match="--out"):
        backup(home, tmp_path / "nowhere" / "house.backup")

    assert (tmp_path / "letter").read_text() == "mine"


def test_a_damaged_database_is_not_backed_up_as_if_it_were_sound(home: Home, tmp_path: Path) -> None:
    content = bytearray(home.series_path.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    home.series_path.write_bytes(content)

    with pytest.raises(CorruptStorage, match="series"):
        backup(home, tmp_path / "house.backup")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["house"]


def test_a_backup_is_restored_only_where_nothing_is(home: Home, tmp_path: Path) -> None:
    backup(home, tmp_path / "house.backup")
    (tmp_path / "empty").mkdir()

    with pytest.raises(ConfigurationError, match="not empty"):
        restore(tmp_path / "house.backup", home.path)
    with pytest.raises(InvalidInput, match="a backup file"):
        restore(tmp_path / "nothing.backup", tmp_path / "again")

    assert restore(tmp_path / "house.backup", tmp_path / "empty").path == tmp_path / "empty"


def test_every_cut_is_noticed(home: Home, tmp_path: Path) -> None:
    whole = tmp_path / "house.backup"
    backup(home, whole)
    content = whole.read_bytes()

    for length in range(0, len(content), max(1, len(content) // 60)):
        (tmp_path / "cut.backup").write_bytes(content[:length])
        with pytest.raises(CorruptStorage):
            restore(tmp_path / "cut.backup", tmp_path / "again")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["cut.backup", "house", "house.backup"]


def test_no_changed_byte_slips_into_a_restored_home(home: Home, tmp_path: Path) -> None:
    """Some bytes of a ZIP mean nothing (a time stamp); whatever is restored must be what was backed up."""
    whole = tmp_path / "house.backup"
    backup(home, whole)
    content = whole.read_bytes()
    right = {path.name: path.read_bytes() for path in restore(whole, tmp_path / "right").path.iterdir()}
    refused = 0

    for round_number, at in enumerate(range(0, len(content), max(1, len(content) // 80))):
        changed = bytearray(content)
        changed[at] ^= 0x55
        (tmp_path / "changed.backup").write_bytes(changed)
        try:
            again = restore(tmp_path / "changed.backup", tmp_path / f"again-{round_number}")
        except (CorruptStorage, ConfigurationError):
            refused += 1
            continue
        assert {path.name: path.read_bytes() for path in again.path.iterdir()} == right

    assert refused > 50


@pytest.mark.parametrize("wicked", ["../outside.txt", "/etc/outside.txt", "notes.txt", "home.json/x"])
def test_a_forged_backup_writes_nothing_outside(tmp_path: Path, wicked: str) -> None:
    with zipfile.ZipFile(tmp_path / "forged.backup", "w") as forged:
        forged.writestr(wicked, "boo")
        forged.writestr("home.json", "{}")
        told = {name: {"bytes": 3, "sha256": "0" * 64} for name in (wicked, "home.json")}
        forged.writestr("manifest.json", json.dumps({"format": 1, "files": told}))

    with pytest.raises(CorruptStorage):
        restore(tmp_path / "forged.backup", tmp_path / "again")

    assert [path.name for path in tmp_path.iterdir()] == ["forged.backup"]


def test_an_archive_of_a_later_version_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "later.backup", "w") as later:
        later.writestr("manifest.json", json.dumps({"format": 3, "files": {}}))

    with pytest.raises(ConfigurationError, match="later healthtwin"):
        restore(tmp_path / "later.backup", tmp_path / "again")


@pytest.mark.postgres
def test_records_in_a_postgresql_travel_with_the_backup(tmp_path: Path, postgresql: PostgresqlServer) -> None:
    home = Home.create(tmp_path / "house")
    home.config_path.write_text(f'[storage]\nrecords_url = "{postgresql.new_database()}"\n')
    with Tables.of(home) as tables:
        ada = People(tables).add("Ada", Profile("UTC", labels={"a": "b"}), now_ms=0)
        token = Credentials(tables).create_token("device", [ada.id], 1)
        Alerts(tables).apply(replace(TRIGGER, person=ada.pseudonym))
        before = (People(tables).list(), Credentials(tables).tokens(), Alerts(tables).list())

    backup(home, tmp_path / "house.backup")

    with pytest.raises(Conflict, match="holds records already"):
        restore(tmp_path / "house.backup", tmp_path / "again")
    assert not (tmp_path / "again").exists()

    with Tables.of(home) as tables:
        erasures = Erasures(tables)
        leaving = erasures.begin(ada.id, 1)
        erasures.erase_rows(leaving)
        erasures.done(leaving)
        Alerts(tables).forget([TRIGGER.id])
        Alerts(tables).drop_empty()
    again = restore(tmp_path / "house.backup", tmp_path / "again")
    bring_keys(home.path, again.path)
    with Tables.of(again) as tables:
        assert (People(tables).list(), Credentials(tables).tokens(), Alerts(tables).list()) == before
        assert Credentials(tables).lookup_token(token.secret, 2).covers(ada.id)
        assert Alerts(tables).apply(replace(TRIGGER, id="c-next", person=ada.pseudonym))
    assert sorted(path.name for path in again.path.iterdir()) == ["config.toml", "home.json", "keys"]
