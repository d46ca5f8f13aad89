import sqlite3
from pathlib import Path

import pytest

from healthtwin.domain import DAY_MS
from healthtwin.domain.errors import CorruptStorage, StorageBusy, StorageError, StorageFull
from healthtwin.store import SeriesStore

ADA, BEN = "ba75bb794d557bc4c817b000", "ca75bb794d557bc4c817b111"
HEART_RATE, SPO2 = 1, 4
MORNING = 20_000 * DAY_MS


def test_a_file_that_is_no_database_is_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "s.db").write_bytes(b"no database at all, but long enough to be looked at as one" * 100)

    with pytest.raises(CorruptStorage, match=r"s\.db: the file is damaged"):
        SeriesStore(tmp_path / "s.db")


def test_a_file_of_a_later_version_is_refused(tmp_path: Path) -> None:
    SeriesStore(tmp_path / "s.db").close()
    database = sqlite3.connect(tmp_path / "s.db")
    database.execute("PRAGMA user_version=4")
    database.close()

    with pytest.raises(CorruptStorage, match="format 4"):
        SeriesStore(tmp_path / "s.db")


def test_a_file_of_the_first_format_keeps_every_row_and_takes_two_values_of_one_instant(
    tmp_path: Path,
) -> None:
    path = tmp_path / "s.db"
    with SeriesStore(path) as store:
        store.append([(ADA, SPO2, MORNING + i * 60_000, 97.0, 0.4) for i in range(100)], 1)
        store.seal(MORNING + 3 * DAY_MS)
        store.append([(ADA, SPO2, MORNING + 5 * DAY_MS, 96.0, 1.0)], 2)
    database = sqlite3.connect(path)
    database.executescript(
        "CREATE TABLE old (person INTEGER NOT NULL, time_ms INTEGER NOT NULL, metric INTEGER NOT NULL,"
        " value REAL NOT NULL, quality INTEGER NOT NULL,"
        " PRIMARY KEY (person, time_ms, metric)) WITHOUT ROWID;"
        "INSERT INTO old SELECT * FROM hot; DROP TABLE hot; ALTER TABLE old RENAME TO hot;"
        "ALTER TABLE person DROP COLUMN key_id;"
        "PRAGMA user_version=1"
    )
    database.close()

    for _ in range(2):
        with SeriesStore(path) as store:
            assert store.offset == 2
            assert len(store.range(ADA, SPO2, 0, MORNING + 9 * DAY_MS)[0]) == 101
    with SeriesStore(path) as store:
        store.append([(ADA, SPO2, MORNING + 5 * DAY_MS, 84.0, 1.0), (ADA, SPO2, MORNING, 85.0, 1.0)], 3)
        assert store.latest(ADA) == {SPO2: (MORNING + 5 * DAY_MS, 84.0)}
        assert len(store.range(ADA, SPO2, 0, MORNING + 9 * DAY_MS)[0]) == 103


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="nowhere"):
        SeriesStore(tmp_path / "nowhere" / "s.db")


def test_a_file_that_another_process_holds_is_called_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("healthtwin.engines.sqlite.BUSY_TIMEOUT_S", 0.05)
    with SeriesStore(tmp_path / "s.db") as store:
        other = sqlite3.connect(tmp_path / "s.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageBusy, match=r"s\.db: another program holds the file"):
            store.append([(ADA, HEART_RATE, 10, 60.0, 1.0)], 1)
        other.execute("ROLLBACK")
        other.close()

        store.append([(ADA, HEART_RATE, 10, 60.0, 1.0)], 1)

        assert store.offset == 1


def test_a_full_disk_refuses_the_batch_and_keeps_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's own limit on pages fails in the same place and with the same code as a full disk."""
    with SeriesStore(tmp_path / "s.db") as store:
        store.append([(ADA, HEART_RATE, 10, 60.0, 1.0)], 1)
        store._writer.execute("PRAGMA max_page_count=12")  # noqa: SLF001 - no public way to fill a disk
        with pytest.raises(StorageFull, match="no room left"):
            store.append([(ADA, HEART_RATE, t, 60.0, 1.0) for t in range(20_000)], 2)
        store._writer.execute("PRAGMA max_page_count=1000000")  # noqa: SLF001

        assert store.offset == 1
        assert store.range(ADA, HEART_RATE, 0, 10**6)[0].tolist() == [10]
        store.append([(ADA, HEART_RATE, 20, 60.0, 1.0)], 2)
        assert store.range(ADA, HEART_RATE, 0, 10**6)[0].tolist() == [10, 20]
