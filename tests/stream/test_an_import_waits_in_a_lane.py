"""Whoever sends much at once waits in a lane, and nothing but the waiting changes by it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.domain import MINUTE_MS
from healthtwin.stream import Caused, Change, LogRecord, NewRecord, Runner, SqliteLog
from healthtwin.stream.lanes import Lanes
from healthtwin.stream.person_snapshot import PersonSnapshot
from tests.stream.heart_step import HeartStep, StructuredArray, reading, tick
from tests.stream.test_order_and_lateness import (
    START_MS,
    any_record,
    logged,
    new_fold,
    told_by_person,
)

Move = tuple[str, int]

moves = st.lists(
    st.one_of(
        st.tuples(st.just("admit"), st.integers(1, 12)),
        st.tuples(st.just("work"), st.integers(1, 3)),
        st.tuples(st.just("save"), st.integers(1, 3)),
        st.tuples(st.just("die"), st.just(0)),
    ),
    max_size=24,
)


class Home:
    """A fold with lanes over a log in memory, and the snapshots that outlive it."""

    def __init__(self, log: Sequence[LogRecord]) -> None:
        self.log = log
        self.saved: dict[int, PersonSnapshot] = {}
        self.offset, self.clock_ms = 0, new_fold().clock_ms
        self.told: list[Caused] = []
        self.open()

    def open(self) -> None:
        self.fold = new_fold()
        self.fold.clock_ms = self.clock_ms
        for number in sorted(self.saved):
            self.fold.load(self.saved[number])
        self.lanes = Lanes(self.fold, lambda offsets: [self.log[offset - 1] for offset in offsets])
        self.admitted = self.offset

    def admit(self, count: int) -> None:
        records = self.log[self.admitted : self.admitted + count]
        self.told += self.lanes.admit(records)
        self.admitted += len(records)

    def save(self, people: int) -> None:
        """A round of snapshots that a stop may cut short: then the replay begins where it did before."""
        changed = self.fold.changed()
        taken = self.lanes.taken_of_all(self.admitted)
        for saved in self.fold.snapshots(changed[:people], self.admitted, self.lanes.held()):
            self.saved[saved.number] = saved
        self.fold.settle(changed[:people])
        if len(changed) <= people:
            self.offset, self.clock_ms = taken

    def finish(self) -> None:
        self.admit(len(self.log))
        while self.lanes.busy:
            self.told += self.lanes.work(2)


@given(st.lists(any_record, max_size=50), moves)
@settings(max_examples=150, deadline=None)
def test_who_waits_how_long_and_where_it_stops_changes_nothing(
    records: list[NewRecord], moves: list[Move]
) -> None:
    log = logged(records)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("healthtwin.stream.fold.OVERTAKEN_AT_ONCE", 1)
        patch.setattr("healthtwin.stream.fold.IN_ONE_GO", 1)
        patch.setattr("healthtwin.stream.lanes.AT_ONCE", 1)
        patch.setattr("healthtwin.stream.lanes.LANES_AT_ONCE", 2)
        straight, home = new_fold(), Home(log)
        told = straight.take(log)
        for what, how_much in moves:
            if what == "admit":
                home.admit(how_much)
            elif what == "work" and home.lanes.busy:
                home.told += home.lanes.work(how_much)
            elif what == "save":
                home.save(how_much)
            elif what == "die":
                home.open()
        home.finish()
    for person in straight.people:
        expected, found = straight.peek(person), home.fold.peek(person)
        assert expected is not None
        assert found is not None
        assert [state.tobytes() for state in found] == [state.tobytes() for state in expected]
    assert set(home.fold.people) == set(straight.people)
    assert told_by_person(home.told) == told_by_person(told)
    assert home.fold.clock_ms == straight.clock_ms


def test_somebody_elses_reading_is_taken_before_the_import_that_came_first() -> None:
    log = logged(
        [reading("ada", START_MS + n * MINUTE_MS, 70.0) for n in range(100)]
        + [reading("bob", START_MS + 100 * MINUTE_MS, 150.0)]
    )
    home = Home(log)
    home.admit(len(log))
    assert [change.id for _, change in home.told] == [f"bob/opened/{START_MS + 100 * MINUTE_MS}/0"]
    assert home.lanes.waiting == 96
    assert home.lanes.taken() == {"ada": 4}
    assert home.lanes.taken_of_all(101)[0] == 4
    home.finish()
    assert home.lanes.taken_of_all(101)[0] == 101


def test_a_tick_reaches_who_waits_after_what_came_before_it() -> None:
    day = [reading("ada", START_MS + n * MINUTE_MS, 70.0) for n in range(30)]
    log = logged([*day, tick(START_MS + 200 * MINUTE_MS), reading("bob", START_MS + 201 * MINUTE_MS, 70.0)])
    home = Home(log)
    home.admit(len(log))
    assert home.told == []
    home.finish()
    assert [change.id for _, change in home.told] == [f"ada/silent/{START_MS + 29 * MINUTE_MS}/0"]


def slices_until_done(home: Home) -> int:
    slices = 0
    while home.lanes.busy:
        home.told += home.lanes.work(50)
        slices += 1
    return slices


def test_many_pending_rows_are_taken_again_in_slices_between_others() -> None:
    rows = [
        reading("ada", START_MS + n * 1_000, 150.0 if n == 50 else 70.0, arrived_ms=START_MS + 300_000)
        for n in range(299, -1, -1)
    ]
    log = logged([*rows, reading("bob", START_MS + 310_000, 70.0)])
    home = Home(log)
    home.admit(300)
    slices_until_done(home)
    assert not home.told
    home.admit(1)
    assert slices_until_done(home) >= 6
    straight = new_fold()
    assert told_by_person(home.told) == told_by_person(straight.take(log)) != {}
    for found, expected in zip(home.fold.peek("ada") or (), straight.peek("ada") or (), strict=True):
        assert found.tobytes() == expected.tobytes()


def test_who_is_forgotten_in_the_middle_of_it_is_computed_no_further() -> None:
    rows = [
        reading("ada", START_MS + n * 1_000, 70.0, arrived_ms=START_MS + 300_000) for n in range(299, -1, -1)
    ]
    log = logged([*rows, reading("bob", START_MS + 310_000, 70.0)])
    home = Home(log)
    home.admit(300)
    slices_until_done(home)
    home.admit(1)
    home.lanes.work(50)
    home.fold.forget("ada")
    assert slices_until_done(home) == 0


def test_one_field_can_be_looked_at_without_waiting(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "log.db")
    runner = Runner(log, HeartStep(), tmp_path / "state.db")
    runner.recover()
    assert runner.glance("ada", "rows") is None
    log.append([reading("ada", START_MS, 70.0)])
    runner.feed(log.read(0, 1))
    assert runner.glance("ada", "rows") == 1
    runner.stop()
    log.close()


class Unhurried(HeartStep):
    """A round takes two milliseconds, however many people are in it."""

    def advance(
        self, state: StructuredArray, rows: StructuredArray, *, late: bool
    ) -> list[tuple[int, Change]]:
        time.sleep(0.002)
        return super().advance(state, rows, late=late)


@pytest.mark.realtime
def test_while_an_import_is_taken_everybody_elses_alarm_comes_at_once(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "log.db")
    runner = Runner(log, Unhurried(), tmp_path / "state.db")
    runner.recover()
    runner.start()
    log.append([reading("ada", START_MS + n * MINUTE_MS, 70.0, sequence=n) for n in range(3_000)])
    runner.feed(log.read(0, 3_000))
    waits_s = []
    for n in range(15):
        appended = log.append([reading(f"p{n}", START_MS + n * MINUTE_MS, 150.0)])
        began = time.monotonic()
        runner.feed(log.read(appended[0].offset - 1, 1))
        assert runner.wait_for(appended[0].offset, 10, f"p{n}")
        waits_s.append(time.monotonic() - began)
    assert runner.taken("ada") < 3_000  # it is still at work on the import
    assert runner.offset == runner.taken("ada")
    assert max(waits_s) < 1.0
    assert {f"p{n}" for n in range(15)} <= {row.change.id.split("/")[0] for row in runner.outbox(0, 100)}
    runner.stop()
    straight = Runner(log, HeartStep(), tmp_path / "straight.db")
    straight.recover()
    again = Runner(log, HeartStep(), tmp_path / "state.db")
    again.recover()
    for person in straight.people():
        expected, found = straight.peek(person), again.peek(person)
        assert expected is not None
        assert found is not None
        assert [state.tobytes() for state in found] == [state.tobytes() for state in expected]
    assert {row.change.id for row in again.outbox(0, 1_000)} == {
        row.change.id for row in straight.outbox(0, 1_000)
    }
    again.stop()
    straight.stop()
    log.close()
