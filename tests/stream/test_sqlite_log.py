"""The embedded log keeps the contract, and says clearly what is wrong with a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from healthtwin.domain.errors import CorruptStorage, StorageBusy, StorageError
from healthtwin.stream import Log, SqliteLog
from tests.stream.heart_step import reading
from tests.stream.log_contract import LogContract, T


class TestSqliteLog(LogContract):
    @pytest.fixture
    def open_log(self, tmp_path: Path) -> Callable[[], Log]:
        return lambda: SqliteLog(tmp_path / "log.db")


def test_a_file_that_is_no_log_is_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    path.write_bytes(b"this is not a database, and it never was one" * 100)
    with pytest.raises(CorruptStorage, match=r"log\.db: the file is damaged .* restore it from a backup"):
        SqliteLog(path)


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"nowhere/log\.db: the disk failed to open"):
        SqliteLog(tmp_path / "nowhere" / "log.db")


def test_while_another_program_holds_the_file_nothing_is_stored_and_then_everything(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    log = SqliteLog(path, busy_timeout_s=0.05)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageBusy, match="another program holds the file; could not store new records"):
        log.append([reading("ada", T, 60.0, sequence=1)])
    assert log.head() == 0  # readers never wait
    other.execute("ROLLBACK")
    other.close()
    assert log.append([reading("ada", T, 60.0, sequence=1)])[0].outcome == "new"
    log.close()


def test_a_duplicate_costs_about_thirty_bytes_to_recognise(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    log = SqliteLog(path)
    count = 20_000
    log.append([reading("ada", T + n, 60.0, sequence=n, device=f"d-{n % 1000}") for n in range(count)])
    log.trim(log.head())
    log.close()
    connection = sqlite3.connect(path)
    connection.execute("VACUUM")
    connection.close()
    assert path.stat().st_size / count < 40
