"""A full, failing or locked disk: every sender is told, nothing is stored by halves, work goes on."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from healthtwin.domain import MINUTE_MS
from healthtwin.domain.errors import StorageBusy, StorageError, StorageFull
from healthtwin.stream import GroupCommit, NewRecord, Runner, SqliteLog
from tests.stream.forgetful_disk import ForgetfulDisk
from tests.stream.heart_step import HeartStep, reading
from tests.stream.test_order_and_lateness import START_MS

LIMITED = """
import resource, sys
from pathlib import Path
from healthtwin.domain.errors import StorageError
from healthtwin.stream import NewRecord, SqliteLog

log = SqliteLog(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
for n in range(10_000):
    try:
        log.append([NewRecord("ada", "vitals", n, n, "d", n, 0, bytes(500))])
    except StorageError as error:
        print("refused", error, flush=True)
        break
    print("ack", n, flush=True)
"""

HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


def batch(number: int) -> list[NewRecord]:
    return [
        reading("ada", START_MS + number * MINUTE_MS, 60.0 + n, sequence=number * 10 + n) for n in range(3)
    ]


@contextmanager
def held_by_another_program(path: Path) -> Iterator[None]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        yield
        other.communicate("")


def test_a_disk_that_fills_up_at_any_write_tells_everybody_and_keeps_whole_batches(tmp_path: Path) -> None:
    refused = 0
    # SQLite keeps a commit whose checkpoint finds no room; apsw reports that as if the commit had failed.
    with ForgetfulDisk(checkpoint_pages=0) as disk:
        log = SqliteLog(tmp_path / "log.db", connect=disk.connect)
        writer = GroupCommit(log, lambda _: None)
        stored = 0
        for number in range(60):
            disk.room = number % 12
            futures = [writer.submit(batch(number * 4 + n)) for n in range(4)]
            for n, future in enumerate(futures):
                error = future.exception(10)
                if error is None:
                    stored += 3
                    continue
                refused += 1
                assert isinstance(error, StorageFull), error
                assert "no room left to store new records" in str(error)
                disk.room = None
                assert [a.outcome for a in log.append(batch(number * 4 + n))] == ["new"] * 3
                stored += 3
                disk.room = 0
            assert len(log.read(0, 10_000)) == stored
        disk.room = None
        writer.close()
        log.close()
    assert refused > 20
    log = SqliteLog(tmp_path / "log.db")
    assert sorted(r.sequence or 0 for r in log.read(0, 10_000)) == sorted(
        r.sequence or 0 for number in range(240) for r in batch(number)
    )
    log.close()


def test_a_failed_sync_is_no_success_and_the_same_record_can_be_sent_again(tmp_path: Path) -> None:
    with ForgetfulDisk() as disk:
        log = SqliteLog(tmp_path / "log.db", connect=disk.connect)
        writer = GroupCommit(log, lambda _: None)
        writer.submit(batch(0)).result(10)
        disk.syncs_fail = True
        waiting = [writer.submit(batch(number)) for number in range(1, 5)]
        for future in waiting:
            with pytest.raises(StorageError, match="the disk failed to store new records"):
                future.result(10)
        assert log.head() == 3
        disk.syncs_fail = False
        assert [a.outcome for a in writer.submit(batch(1)).result(10)] == ["new"] * 3
        writer.close()
        log.close()


def test_a_real_limit_of_the_system_stops_the_log_without_losing_what_it_acknowledged(tmp_path: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "-c", LIMITED, tmp_path / "log.db"], check=True, capture_output=True, text=True
    )
    *acknowledged, refusal = finished.stdout.splitlines()
    assert len(acknowledged) > 10
    assert refusal.startswith("refused")
    log = SqliteLog(tmp_path / "log.db")
    held = {r.sequence for r in log.read(0, 100_000)}
    assert {int(line.split()[1]) for line in acknowledged} <= held
    log.append(batch(10_000))
    log.close()


def test_while_another_process_holds_the_log_everybody_is_told_and_afterwards_served(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "log.db", busy_timeout_s=0.05)
    writer = GroupCommit(log, lambda _: None)
    with held_by_another_program(tmp_path / "log.db"):
        for future in [writer.submit(batch(number)) for number in range(5)]:
            with pytest.raises(StorageBusy, match="another program holds the file"):
                future.result(10)
    assert [a.outcome for a in writer.submit(batch(0)).result(10)] == ["new"] * 3
    writer.close()
    log.close()


def test_a_disk_too_full_for_outbox_and_snapshots_delays_them_and_loses_nothing(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "log.db")
    with ForgetfulDisk() as disk:
        runner = Runner(log, HeartStep(), tmp_path / "state.db", connect=disk.connect, snapshot_every_s=0.01)
        runner.recover()
        runner.start()
        disk.room = 0
        log.append([reading("ada", START_MS, 150.0, sequence=1)])
        runner.feed(log.read(0, 10))
        assert runner.wait_for(1, 10)
        assert runner.failure is not None
        assert runner.outbox(0, 10) == []
        disk.room = None
        log.append([reading("ada", START_MS + MINUTE_MS, 80.0, sequence=2)])
        runner.feed(log.read(1, 10))
        assert runner.wait_for(2, 10)
        runner.stop()
        again = Runner(log, HeartStep(), tmp_path / "state.db", connect=disk.connect)
        again.recover()
        assert len(again.outbox(0, 10)) == 2
        found = again.peek("ada")
        assert found is not None
        assert found[1]["rows"] == 2
        again.stop()
    log.close()
