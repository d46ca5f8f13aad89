import os
import sqlite3
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from alembic import command
from alembic.script import ScriptDirectory

from healthtwin.domain import Profile
from healthtwin.domain.errors import ConfigurationError, CorruptStorage, StorageBusy, StorageError
from healthtwin.store import Tables
from healthtwin.store.migration import configuration, folders, head
from healthtwin.store.people import People


def test_the_migrations_lead_to_the_tables_that_the_code_expects(records_url: str) -> None:
    Tables(records_url).close()
    database = Tables(records_url)
    try:
        with database.writing_connection() as connection:
            command.check(configuration(connection))  # raises where they differ
            scripts = ScriptDirectory.from_config(configuration(connection))
            assert scripts.get_current_head() == head()
    finally:
        database.close()


def test_the_migrations_can_be_taken_back_and_run_again(records_url: str) -> None:
    Tables(records_url).close()
    database = Tables(records_url)
    try:
        with database.writing_connection() as connection:
            command.downgrade(configuration(connection), "base")
    finally:
        database.close()

    with Tables(records_url) as tables:
        assert People(tables).list() == []


def test_whoever_opens_at_once_migrates_once(records_url: str) -> None:
    everybody = Barrier(4)

    def open_and_count(_: int) -> int:
        everybody.wait()
        with Tables(records_url) as tables:
            return len(People(tables).list())

    with ThreadPoolExecutor(4) as crowd:
        assert list(crowd.map(open_and_count, range(4))) == [0, 0, 0, 0]


def test_opening_again_keeps_what_was_there(records_url: str) -> None:
    with Tables(records_url) as tables:
        ada = People(tables).add("Ada", Profile("UTC"), now_ms=0)

    with Tables(records_url) as tables:
        assert People(tables).list() == [ada]


def test_tables_of_a_later_version_are_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/records.db"
    Tables(url).close()
    database = sqlite3.connect(tmp_path / "records.db")
    database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.commit()
    database.close()

    with pytest.raises(ConfigurationError, match="version 9999, this healthtwin knows up to"):
        Tables(url)


def test_a_migration_that_fails_leaves_nothing_half_made(tmp_path: Path) -> None:
    """A table of the same name in the way stops the migration in the middle."""
    path = tmp_path / "records.db"
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE webhooks (mine TEXT)")
    database.commit()

    with pytest.raises(Exception, match="webhooks already exists"):
        Tables(f"sqlite:///{path}")

    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    database.close()
    assert tables == ["webhooks"]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("nonsense", "not a database URL"),
        ("mysql://house@db/records", "mysql is not supported"),
        ("sqlite://", "names no file"),
    ],
)
def test_a_url_that_cannot_work_says_what_would(url: str, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        Tables(url)


def test_a_password_in_a_url_is_not_repeated_in_an_error(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://house:hunter2@/records?host={tmp_path}"

    with pytest.raises(StorageBusy, match="cannot be reached") as refusal:
        Tables(url)

    assert "hunter2" not in str(refusal.value)


def test_a_records_file_that_is_no_database_is_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "records.db").write_bytes(b"no database at all, but long enough to be looked at as one" * 100)

    with pytest.raises(CorruptStorage, match=r"records\.db: the file is damaged"):
        Tables(f"sqlite:///{tmp_path}/records.db")


def test_a_folder_that_is_not_there_is_a_storage_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="nowhere"):
        Tables(f"sqlite:///{tmp_path}/nowhere/records.db")


def test_acknowledged_records_survive_a_power_cut_by_full_synchronisation(tmp_path: Path) -> None:
    Tables(f"sqlite:///{tmp_path}/records.db").close()
    database = Tables(f"sqlite:///{tmp_path}/records.db")

    with database.engine.connect() as connection:
        modes = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    database.close()

    assert modes == ["wal", 2, 1]


def test_migrations_travel_in_the_wheel(tmp_path: Path) -> None:
    """Built and unpacked elsewhere, the package still makes its tables."""
    root = Path(__file__).parents[2]
    build = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    built = subprocess.run(
        [sys.executable, "-c", build, str(tmp_path)], cwd=root, capture_output=True, text=True, check=True
    )
    with zipfile.ZipFile(tmp_path / built.stdout.split()[-1]) as wheel:
        wheel.extractall(tmp_path / "site")  # our own archive

    program = (
        "import healthtwin; from healthtwin.store import Tables;"
        "print(healthtwin.__file__); Tables('sqlite:///records.db').close()"
    )
    # Coverage counts the files of the repository, not their copies.
    unmeasured = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE")}
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**unmeasured, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ran.stdout.startswith(str(tmp_path / "site"))
    assert (tmp_path / "records.db").stat().st_size > 0


def test_every_room_numbers_its_migrations_in_one_line(tmp_path: Path) -> None:
    """Two rooms that took the same number would both follow the same one."""
    with Tables(f"sqlite:///{tmp_path}/records.db") as tables, tables.writing_connection() as connection:
        scripts = ScriptDirectory.from_config(configuration(connection))
        names = [Path(script.path).name for script in scripts.walk_revisions()]
    files = [script for folder in folders() for script in folder.glob("[0-9]*.py")]
    assert sorted(names) == sorted(script.name for script in files)
    assert [name[:4] for name in reversed(names)] == [f"{n:04}" for n in range(1, len(names) + 1)]
