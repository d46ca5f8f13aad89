"""A stop at any point loses nothing, doubles nothing, and leads back to the same bytes."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.domain import MINUTE_MS
from healthtwin.domain.errors import CorruptStorage, HealthTwinError
from healthtwin.stream import Change, LogRecord, NewRecord, Runner, SqliteLog
from tests.stream.fault_lengths import quick_folder
from tests.stream.heart_step import HeartStep, StructuredArray, episodes_in, episodes_told, reading, tick
from tests.stream.kept_in_memory import Kept
from tests.stream.test_order_and_lateness import START_MS, any_record


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    log = SqliteLog(tmp_path / "log.db")
    yield log
    log.close()


def minute_by_minute(count: int, value: Callable[[int], float] = lambda n: 60.0 + n % 60) -> list[NewRecord]:
    return [reading("ada", START_MS + n * MINUTE_MS, value(n), sequence=n) for n in range(count)]


def both(runner: Runner, person: str = "ada") -> tuple[bytes, bytes]:
    found = runner.peek(person)
    assert found is not None
    return found[0].tobytes(), found[1].tobytes()


def rows_in(path: Path, table: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    rows = connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()  # noqa: S608 - our own names
    connection.close()
    return rows


def people_in(path: Path) -> list[tuple[object, ...]]:
    """Everything saved about people but when: that depends on where the snapshots were cut."""
    return [(*row[:-2], row[-1]) for row in rows_in(path, "people")]


def change_ids(runner: Runner) -> list[str]:
    return [row.change.id for row in runner.outbox(0, 100_000)]


@pytest.mark.parametrize(("people_at_once", "every_s"), [(500, 1e9), (1, 0.0)], ids=["rare", "creeping"])
@settings(max_examples=60)
@given(
    batches=st.lists(
        st.tuples(
            st.lists(any_record, max_size=12),
            st.sampled_from(["go on", "save", "stop in time", "die before", "die after"]),
        ),
        max_size=8,
    )
)
def test_a_stop_at_any_point_leads_back_to_the_same_bytes_and_tells_nothing_twice(
    batches: list[tuple[list[NewRecord], str]], people_at_once: int, every_s: float
) -> None:
    with TemporaryDirectory(dir=quick_folder()) as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("healthtwin.stream.snapshots._PEOPLE_AT_ONCE", people_at_once)
        patch.setattr("healthtwin.stream.snapshots._SHARE", 1e9)
        log = SqliteLog(Path(folder) / "log.db")
        straight = Runner(log, HeartStep(), Path(folder) / "straight.db", snapshot_every_s=1e9)
        straight.recover()
        broken = Runner(log, HeartStep(), Path(folder) / "broken.db", snapshot_every_s=every_s)
        broken.recover()
        for records, what_happens in batches:
            before = log.head()
            log.append(records)
            stored = log.read(before, 1_000)
            straight.feed(stored)
            if what_happens != "die before":  # the records are in the log, and nobody took them
                broken.feed(stored)
            if what_happens == "save":
                broken.snapshot()
            elif what_happens != "go on":
                broken.stop(save=what_happens == "stop in time")
                broken = Runner(log, HeartStep(), Path(folder) / "broken.db", snapshot_every_s=every_s)
                broken.recover()
        assert sorted(change_ids(broken)) == sorted(change_ids(straight))
        assert broken.people() == straight.people()
        broken.stop()
        straight.stop()
        assert people_in(Path(folder) / "broken.db") == people_in(Path(folder) / "straight.db")
        assert rows_in(Path(folder) / "broken.db", "progress") == rows_in(
            Path(folder) / "straight.db", "progress"
        )
        log.close()


def test_a_restart_knows_what_the_last_run_knew(log: SqliteLog, tmp_path: Path) -> None:
    first = Runner(log, HeartStep(), tmp_path / "state.db")
    first.recover()
    log.append(minute_by_minute(100))
    first.feed(log.read(0, 1_000))
    states, told = both(first), first.outbox(0, 100)
    first.stop()

    second = Runner(log, HeartStep(), tmp_path / "state.db")
    second.recover()
    assert second.offset == 100
    assert both(second) == states
    assert second.outbox(0, 100) == told
    second.stop()


def test_records_that_nobody_fed_are_taken_from_the_log(log: SqliteLog, tmp_path: Path) -> None:
    first = Runner(log, HeartStep(), tmp_path / "state.db")
    first.recover()
    log.append(minute_by_minute(50))
    first.stop(save=False)
    second = Runner(log, HeartStep(), tmp_path / "state.db")
    second.recover()
    assert second.offset == 50
    found = second.peek("ada")
    assert found is not None
    assert episodes_told(second.outbox(0, 100)) == {"ada": episodes_in(found[1])}
    assert not any(row.rebuilt for row in second.outbox(0, 100))
    second.stop()


def test_a_new_version_judges_the_whole_log_again_and_wakes_nobody(
    log: SqliteLog, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Eager(HeartStep):
        """Judges as before, and tells it under other names."""

        def advance(
            self, state: StructuredArray, rows: StructuredArray, *, late: bool
        ) -> list[tuple[int, Change]]:
            return [
                (i, msgspec.structs.replace(change, id=change.id + "/v2"))
                for i, change in super().advance(state, rows, late=late)
            ]

    first = Runner(log, HeartStep("1"), tmp_path / "state.db")
    first.recover()
    log.append(minute_by_minute(100))
    first.feed(log.read(0, 1_000))
    told = first.outbox(0, 100)
    assert told
    first.stop()

    second = Runner(log, Eager("2"), tmp_path / "state.db")
    second.recover()
    found = second.peek("ada")
    assert found is not None
    assert found[1]["rows"] == 100
    assert "Computing all states again" in caplog.text
    again = second.outbox(told[-1].id, 100)
    assert [row.change.id for row in again] == [row.change.id + "/v2" for row in told]
    assert all(row.rebuilt for row in again)

    # What happens from now on is news.
    log.append([reading("ada", START_MS + 101 * MINUTE_MS, 50.0, sequence=101)])
    log.append([reading("ada", START_MS + 102 * MINUTE_MS, 150.0, sequence=102)])
    second.feed(log.read(100, 10))
    news = second.outbox(again[-1].id, 100)
    assert news
    assert not any(row.rebuilt for row in news)
    second.stop()


def test_a_rebuild_that_was_interrupted_still_wakes_nobody(log: SqliteLog, tmp_path: Path) -> None:
    log.append(minute_by_minute(100))

    class Interrupted(HeartStep):
        def rows(self, records: Sequence[LogRecord]) -> StructuredArray:
            raise KeyboardInterrupt(len(records))

    runner = Runner(log, Interrupted(), tmp_path / "state.db")
    with pytest.raises(KeyboardInterrupt):
        runner.recover()
    runner.stop(save=False)
    again = Runner(log, HeartStep(), tmp_path / "state.db")
    again.recover()
    assert again.outbox(0, 100)
    assert all(row.rebuilt for row in again.outbox(0, 100))
    again.stop()


def test_a_trimmed_log_says_what_cannot_be_learned_again(
    log: SqliteLog, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    log.append(minute_by_minute(100))
    log.trim(40)
    runner = Runner(log, HeartStep(), tmp_path / "state.db")
    runner.recover()
    found = runner.peek("ada")
    assert found is not None
    assert found[1]["rows"] == 60
    assert "The log begins after record 40" in caplog.text
    runner.stop()


def test_a_state_that_knows_more_than_the_log_is_refused(log: SqliteLog, tmp_path: Path) -> None:
    runner = Runner(log, HeartStep(), tmp_path / "state.db")
    runner.recover()
    log.append(minute_by_minute(10))
    runner.feed(log.read(0, 100))
    runner.stop()
    older = SqliteLog(tmp_path / "older.db")
    mismatched = Runner(older, HeartStep(), tmp_path / "state.db")
    with pytest.raises(CorruptStorage, match="records up to 10, but the log ends at 0; restore"):
        mismatched.recover()
    mismatched.stop(save=False)
    older.close()


def test_what_the_outbox_refused_is_told_later(
    log: SqliteLog, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "state.db"
    told = threading.Event()
    runner = Runner(log, HeartStep(), path, on_outbox=told.set, busy_timeout_s=0.05)
    runner.recover()
    runner.start()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    log.append([reading("ada", START_MS, 150.0, sequence=1)])
    runner.feed(log.read(0, 10))
    assert runner.wait_for(1, 10)  # the step went on
    assert runner.failure is not None
    assert "The outbox could not be saved and is tried again" in caplog.text
    other.execute("ROLLBACK")
    other.close()
    assert told.wait(10)
    assert change_ids(runner) == [f"ada/opened/{START_MS}/0"]
    runner.stop()
    assert runner.failure is None


def test_a_projection_that_refused_is_offered_everything_again_in_order(
    log: SqliteLog, tmp_path: Path
) -> None:
    kept = Kept(full=True)
    runner = Runner(log, HeartStep(), tmp_path / "state.db", projections=[kept])
    runner.recover()
    log.append(minute_by_minute(30))
    runner.feed(log.read(0, 10))
    runner.feed(log.read(10, 10))
    assert runner.offset == 20
    assert kept.offsets == []
    assert "no room" in str(runner.projections.failures()["kept"])
    kept.full = False
    runner.feed(log.read(20, 10))
    assert kept.offsets == list(range(1, 31))
    assert runner.projections.failures() == {}
    runner.stop()


def test_a_projection_that_kept_less_than_the_snapshots_is_offered_the_rest(
    log: SqliteLog, tmp_path: Path
) -> None:
    kept = Kept(offset=12)
    first = Runner(log, HeartStep(), tmp_path / "state.db")
    first.recover()
    log.append(minute_by_minute(30))
    first.feed(log.read(0, 100))
    first.stop()
    second = Runner(
        log,
        HeartStep(),
        tmp_path / "state.db",
        projections=[kept],
    )
    second.recover()
    assert kept.offsets == list(range(13, 31))
    second.stop()


def test_records_taken_before_are_skipped(log: SqliteLog, tmp_path: Path) -> None:
    runner = Runner(log, HeartStep(), tmp_path / "state.db")
    runner.recover()
    log.append(minute_by_minute(10))
    runner.feed(log.read(0, 6))
    runner.feed(log.read(3, 7))
    runner.feed(log.read(0, 10))
    found = runner.peek("ada")
    assert found is not None
    assert found[1]["rows"] == 10
    runner.stop()


def test_the_thread_takes_what_is_fed_and_everything_else_from_the_log(
    log: SqliteLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("healthtwin.stream.runner.MOST_QUEUED", 20)
    runner = Runner(log, HeartStep(), tmp_path / "state.db", snapshot_every_s=0.01)
    runner.recover()
    runner.start()
    for start in range(0, 400, 10):
        appended = log.append(minute_by_minute(400)[start : start + 10])
        runner.feed(log.read(appended[0].offset - 1, 10))
    assert runner.wait_for(400, 20)
    found = runner.peek("ada")
    assert found is not None
    assert found[1]["rows"] == 400
    assert runner.failure is None
    runner.stop()


def test_a_step_that_fails_ends_the_thread_visibly(
    log: SqliteLog, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(HeartStep):
        def rows(self, records: Sequence[LogRecord]) -> StructuredArray:
            raise ValueError(f"no such unit in {records[0].kind}")

    runner = Runner(log, Broken(), tmp_path / "state.db")
    runner.recover()
    runner.start()
    log.append(minute_by_minute(1))
    runner.feed(log.read(0, 10))
    with pytest.raises(HealthTwinError, match=r"the runner stopped at record 0: ValueError"):
        runner.wait_for(1, 10)
    assert "The runner stopped at record 0" in caplog.text
    runner.stop()


def test_waiting_for_what_does_not_come_ends_in_time(log: SqliteLog, tmp_path: Path) -> None:
    runner = Runner(log, HeartStep(), tmp_path / "state.db")
    runner.recover()
    runner.start()
    assert not runner.wait_for(1, 0.01)
    runner.stop()


def test_looking_at_a_person_gives_copies(log: SqliteLog, tmp_path: Path) -> None:
    runner = Runner(log, HeartStep(), tmp_path / "state.db")
    runner.recover()
    log.append(minute_by_minute(1))
    runner.feed(log.read(0, 10))
    found = runner.peek("ada")
    assert found is not None
    found[1]["mean"] = -1.0
    again = runner.peek("ada")
    assert again is not None
    assert again[1]["mean"] > 0
    assert runner.peek("nobody") is None
    assert runner.people() == ["ada"]
    runner.stop()


def test_snapshots_come_by_themselves(log: SqliteLog, tmp_path: Path) -> None:
    runner = Runner(log, HeartStep(), tmp_path / "state.db", snapshot_every_s=0.01)
    runner.recover()
    runner.start()
    log.append([*minute_by_minute(5), tick(START_MS + 10 * MINUTE_MS)])
    runner.feed(log.read(0, 10))
    deadline = time.monotonic() + 10
    while not (rows := rows_in(tmp_path / "state.db", "progress")) or rows[0][1] != 6:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert rows_in(tmp_path / "state.db", "people")
    runner.stop()


def test_what_was_stored_but_never_fed_is_taken_before_what_follows(log: SqliteLog, tmp_path: Path) -> None:
    offered = Kept()
    runner = Runner(
        log,
        HeartStep(),
        tmp_path / "state.db",
        projections=[offered],
    )
    runner.recover()
    log.append(minute_by_minute(12))
    runner.feed(log.read(0, 2))
    runner.feed(log.read(9, 1))
    found = runner.peek("ada")
    assert found is not None
    assert found[1]["rows"] == 12
    assert offered.offsets == list(range(1, 13))
    runner.stop()


@pytest.mark.parametrize("fed", [True, False], ids=["waiting in memory", "waiting in the log"])
def test_a_stop_leaves_a_backlog_in_the_log_and_the_next_start_takes_it_once(
    log: SqliteLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, fed: bool
) -> None:
    class Unhurried(HeartStep):
        """Far slower than the records come."""

        def advance(
            self, state: StructuredArray, rows: StructuredArray, *, late: bool
        ) -> list[tuple[int, Change]]:
            time.sleep(0.005)
            return super().advance(state, rows, late=late)

    monkeypatch.setattr("healthtwin.stream.runner.STOP_WITHIN_S", 0.2)
    count = 5_000
    if not fed:
        log.append(minute_by_minute(count))
    kept = Kept()
    first = Runner(
        log,
        Unhurried(),
        tmp_path / "state.db",
        projections=[kept],
    )
    first.recover(within_s=0)
    first.start()
    if fed:
        log.append(minute_by_minute(count))
        first.feed(log.read(0, count))
    assert first.wait_for(1, 30)
    first.stop()
    assert first.failure is None
    assert 0 < first.offset < count  # left alone it would have worked on for most of a minute

    second = Runner(
        log,
        HeartStep(),
        tmp_path / "state.db",
        projections=[kept],
    )
    second.recover()
    straight = Runner(log, HeartStep(), tmp_path / "straight.db")
    straight.recover()
    assert both(second) == both(straight)
    assert change_ids(second) == change_ids(straight)
    assert kept.offsets == list(range(1, count + 1))
    second.stop()
    straight.stop()


def test_a_last_snapshot_that_ran_out_of_time_costs_a_longer_replay_and_nothing_else(
    log: SqliteLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Runner(log, HeartStep(), tmp_path / "state.db", snapshot_every_s=1e9)
    first.recover()
    log.append([reading(f"p{n}", START_MS + n, 120.0) for n in range(50)])
    first.feed(log.read(0, 100))
    told = first.outbox(0, 100)
    monkeypatch.setattr("healthtwin.stream.runner.STOP_WITHIN_S", 0.0)
    first.stop()
    assert rows_in(tmp_path / "state.db", "progress")[0][1] == 0
    second = Runner(log, HeartStep(), tmp_path / "state.db")
    second.recover()
    assert second.offset == 50
    assert second.outbox(0, 100) == told
    second.stop()
