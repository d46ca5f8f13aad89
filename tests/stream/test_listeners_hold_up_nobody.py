"""Each projection follows the log at its own pace: who refuses, dawdles or breaks is alone with it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from healthtwin.domain import MINUTE_MS
from healthtwin.stream import LogRecord, Runner, SqliteLog
from tests.stream.heart_step import HeartStep, reading
from tests.stream.kept_in_memory import Kept
from tests.stream.test_order_and_lateness import START_MS


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    log = SqliteLog(tmp_path / "log.db")
    yield log
    log.close()


class Dawdling(Kept):
    """Takes nothing until it is told to."""

    may = threading.Event()

    def apply(self, batch: Sequence[LogRecord], through_offset: int) -> None:
        self.may.wait(60)
        super().apply(batch, through_offset)


class Broken(Kept):
    """Cannot read what it is given."""

    def apply(self, batch: Sequence[LogRecord], through_offset: int) -> None:
        raise ValueError(f"what is {batch[0].kind!r} at {through_offset}?")


def until(holds: object, what: str) -> None:
    assert callable(holds)
    ends = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < ends, what
        time.sleep(0.01)


def test_who_refuses_dawdles_or_breaks_is_alone_with_it(
    log: SqliteLog, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    well, full = Kept(name="well"), Kept(name="full", full=True)
    slow, broken = Dawdling(name="slow"), Broken(name="broken")
    runner = Runner(log, HeartStep(), tmp_path / "state.db", projections=(full, broken, slow, well))
    runner.recover()
    runner.start()
    try:
        for minute in range(40):
            appended = log.append([reading("ada", START_MS + minute * MINUTE_MS, 70.0, sequence=minute)])
            runner.feed(log.read(appended[0].offset - 1, 1))
        assert runner.wait_for(40, 30), "the step goes on"
        until(lambda: runner.projections.through("well") == 40, "so does who is well")
        assert well.offsets == list(range(1, 41))
        assert runner.projections.through() == 0
        until(lambda: set(runner.projections.failures()) == {"full", "broken"}, "and the others are named")
        assert "broken stopped at 0" in caplog.text
        full.full = False
        slow.may.set()
        until(
            lambda: runner.projections.through("full") == runner.projections.through("slow") == 40,
            "they catch up",
        )
        assert full.offsets == slow.offsets == list(range(1, 41))
    finally:
        slow.may.set()
        runner.stop()


def test_the_log_is_kept_for_whoever_has_not_taken_it(log: SqliteLog, tmp_path: Path) -> None:
    well, full = Kept(name="well", offset=None), Kept(name="full", full=True)
    runner = Runner(log, HeartStep(), tmp_path / "state.db", projections=(well, full))
    runner.recover()
    log.append([reading("ada", START_MS + n * MINUTE_MS, 70.0, sequence=n) for n in range(10)])
    runner.feed(log.read(0, 10))
    runner.snapshot()
    assert (runner.saved_offset, runner.forgettable()) == (10, 0)
    full.full = False
    runner.feed([])
    assert runner.forgettable() == 10
    runner.stop()


def test_a_place_that_the_runner_remembers_is_found_after_a_stop(log: SqliteLog, tmp_path: Path) -> None:
    log.append([reading("ada", START_MS + n * MINUTE_MS, 70.0, sequence=n) for n in range(10)])
    for heard in (list(range(1, 11)), []):
        kept = Kept(offset=None)
        runner = Runner(log, HeartStep(), tmp_path / "state.db", projections=[kept])
        runner.recover()
        assert kept.offsets == heard
        runner.stop()
