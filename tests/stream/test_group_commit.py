"""Many senders share one fsync, and an error reaches every one of them."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import wait
from pathlib import Path

import pytest

from healthtwin.domain.errors import InvalidInput, StorageBusy, StorageError, StorageFull
from healthtwin.stream import Appended, GroupCommit, LogRecord, NewRecord, SqliteLog
from tests.stream.heart_step import reading
from tests.stream.log_contract import T


class CountingLog(SqliteLog):
    """A real log that counts its commits and can be held shut."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, busy_timeout_s=0.05)
        self.commits: list[int] = []
        self.gate = threading.Event()
        self.gate.set()

    def append(self, records: Sequence[NewRecord]) -> list[Appended]:
        self.gate.wait(10)
        self.commits.append(len(records))
        return super().append(records)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[CountingLog]:
    log = CountingLog(tmp_path / "log.db")
    yield log
    log.close()


def test_what_waits_together_is_committed_together(log: CountingLog) -> None:
    passed_on: list[LogRecord] = []
    writer = GroupCommit(log, passed_on.extend)
    log.gate.clear()
    futures = [writer.submit([reading("ada", T + n, 60.0, sequence=n)]) for n in range(500)]
    log.gate.set()
    outcomes = [future.result(10)[0] for future in futures]
    writer.close()
    assert len(log.commits) <= 2  # the first may have gone alone
    assert [a.offset for a in outcomes] == list(range(1, 501))
    assert passed_on == log.read(0, 1_000)


def test_each_sender_gets_its_own_outcomes_and_only_new_records_are_passed_on(log: CountingLog) -> None:
    passed_on: list[LogRecord] = []
    writer = GroupCommit(log, passed_on.extend)
    log.gate.clear()
    first = writer.submit([reading("ada", T, 60.0, sequence=1), reading("ada", T, 61.0, sequence=2)])
    second = writer.submit([reading("ada", T, 60.0, sequence=1), reading("ada", T, 99.0, sequence=2)])
    third = writer.submit([reading("ada", T, 62.0, sequence=3)])
    log.gate.set()
    assert [a.outcome for a in first.result(10)] == ["new", "new"]
    assert [a.outcome for a in second.result(10)] == ["duplicate", "conflict"]
    assert [a.outcome for a in third.result(10)] == ["new"]
    writer.close()
    assert [r.sequence for r in passed_on] == [1, 2, 3]


def test_a_group_grows_no_larger_than_it_may(log: CountingLog) -> None:
    writer = GroupCommit(log, lambda _: None, most_records=10)
    log.gate.clear()
    futures = [
        writer.submit([reading("ada", T, 60.0, sequence=10 * n + k) for k in range(4)]) for n in range(9)
    ]
    log.gate.set()
    wait(futures, 10)
    writer.close()
    assert max(log.commits) <= 12
    assert sum(log.commits) == 36


def test_a_locked_file_refuses_every_waiter_and_stores_nothing(
    log: CountingLog, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    writer = GroupCommit(log, lambda _: None)
    other = sqlite3.connect(tmp_path / "log.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    log.gate.clear()
    futures = [writer.submit([reading("ada", T + n, 60.0, sequence=n)]) for n in range(20)]
    with caplog.at_level(logging.WARNING):
        log.gate.set()
        for future in futures:
            with pytest.raises(StorageBusy):
                future.result(10)
        failure = writer.failure
        assert isinstance(failure, StorageBusy)
        assert "another program holds the file" in caplog.text
        assert log.head() == 0
        other.execute("ROLLBACK")
        other.close()
        again = [writer.submit([reading("ada", T + n, 60.0, sequence=n)]) for n in range(20)]
        assert {future.result(10)[0].outcome for future in again} == {"new"}
        assert writer.failure is None
        assert "The log takes records again" in caplog.text
    writer.close()


def test_a_guard_refuses_before_anything_is_written(log: CountingLog) -> None:
    room = threading.Event()

    def guard() -> None:
        if not room.is_set():
            raise StorageFull("12 MB free, 500 MB are kept in reserve")

    writer = GroupCommit(log, lambda _: None, guard=guard)
    with pytest.raises(StorageFull, match="12 MB free"):
        writer.submit([reading("ada", T, 60.0, sequence=1)]).result(10)
    assert log.commits == []
    room.set()
    assert writer.submit([reading("ada", T, 60.0, sequence=1)]).result(10)[0].outcome == "new"
    writer.close()


def test_an_impossible_record_is_its_senders_affair_alone(log: CountingLog) -> None:
    writer = GroupCommit(log, lambda _: None)
    with pytest.raises(InvalidInput):
        writer.submit([reading("ada", T, 60.0, sequence=-1)])
    assert writer.submit([reading("ada", T, 60.0, sequence=1)]).result(10)[0].outcome == "new"
    writer.close()


def test_whoever_fails_behind_the_log_does_not_stop_it(
    log: CountingLog, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(records: list[LogRecord]) -> None:
        raise RuntimeError(f"cannot take {len(records)}")

    writer = GroupCommit(log, fail)
    with caplog.at_level(logging.ERROR):
        assert writer.submit([reading("ada", T, 60.0, sequence=1)]).result(10)[0].outcome == "new"
        assert writer.submit([reading("ada", T, 60.0, sequence=2)]).result(10)[0].outcome == "new"
        writer.close()
    assert "Records 1 to 1 were stored but not passed on" in caplog.text


def test_draining_waits_for_everything_submitted(log: CountingLog) -> None:
    writer = GroupCommit(log, lambda _: None)
    futures = [writer.submit([reading("ada", T, 60.0, sequence=n)]) for n in range(50)]
    writer.drain()
    assert all(future.done() for future in futures)
    writer.close()


def test_closing_commits_what_waits_and_then_refuses(log: CountingLog) -> None:
    writer = GroupCommit(log, lambda _: None)
    log.gate.clear()
    futures = [writer.submit([reading("ada", T, 60.0, sequence=n)]) for n in range(50)]
    log.gate.set()
    writer.close()
    assert {future.result(0)[0].outcome for future in futures} == {"new"}
    writer.close()
    with pytest.raises(StorageError, match="the log is closed"):
        writer.submit([reading("ada", T, 60.0, sequence=99)])


def test_a_sender_that_gave_up_before_its_turn_stores_nothing(log: CountingLog) -> None:
    writer = GroupCommit(log, lambda _: None)
    log.gate.clear()
    first = writer.submit([reading("ada", T, 60.0, sequence=1)])
    while not first.running():
        pass
    second = writer.submit([reading("ada", T, 60.0, sequence=2)])
    assert second.cancel()
    log.gate.set()
    writer.close()
    assert [r.sequence for r in log.read(0, 10)] == [1]
