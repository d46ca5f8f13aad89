"""The machine's clock: small steps back are waited out, a wrong time is followed, noticed and told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from healthtwin.house.clock import ClockWatch, WallClock
from tests.house.a_house import START, HouseAtWork, house_at_work

if TYPE_CHECKING:
    from pathlib import Path


class Machine:
    """A clock on the wall that somebody sets, and one that nobody does."""

    def __init__(self) -> None:
        self.wall_ms = START
        self.steady_ms = 5_000
        self.clock = WallClock(lambda: self.wall_ms * 1_000_000, lambda: self.steady_ms * 1_000_000)

    def passes(self, ms: int) -> None:
        self.wall_ms += ms
        self.steady_ms += ms

    def is_set(self, by_ms: int) -> None:
        self.wall_ms += by_ms


def test_a_small_step_back_is_waited_out() -> None:
    machine = Machine()
    first = machine.clock.now_ms()
    machine.is_set(-2 * SECOND_MS)
    assert machine.clock.now_ms() == first
    machine.passes(3 * SECOND_MS)
    assert machine.clock.now_ms() == first + SECOND_MS


@pytest.mark.parametrize("by_ms", [20 * MINUTE_MS, 10 * DAY_MS])
def test_a_time_that_was_wrong_is_not_held_when_it_is_set_right(by_ms: int) -> None:
    machine = Machine()
    watch = ClockWatch(machine.clock)
    assert watch.now_ms() == START
    machine.is_set(by_ms)
    assert watch.now_ms() == START + by_ms
    assert watch.jump is not None
    assert watch.jump.by_ms == by_ms
    machine.passes(3 * SECOND_MS)
    machine.is_set(-by_ms)
    assert watch.now_ms() == START + 3 * SECOND_MS
    assert watch.jump.by_ms == -by_ms
    machine.passes(2 * DAY_MS)
    watch.now_ms()
    assert watch.lately() is None


def test_a_machine_that_sleeps_has_a_clock_that_is_right() -> None:
    machine = Machine()
    watch = ClockWatch(machine.clock)
    watch.now_ms()
    machine.passes(9 * HOUR_MS)
    watch.now_ms()
    assert watch.jump is None


class SetClock:
    """A clock that a test sets, also back."""

    def __init__(self) -> None:
        self.ms = START

    def now_ms(self) -> int:
        return self.ms

    def advance_to(self, time_ms: int) -> None:
        self.ms = time_ms


def jumped(at: HouseAtWork, clock: SetClock, person: str, ahead_ms: int) -> None:
    """A calm hour; for three seconds the clock is ahead, and readings come, one of them as of then."""
    for minute in range(0, 60, 5):
        at.send(person, START + minute * MINUTE_MS, heart_rate=70, spo2=97)
    clock.ms = START + HOUR_MS + ahead_ms
    at.send(person, clock.ms, heart_rate=70, spo2=97, device="d-fast")
    at.tick(clock.ms)


@pytest.mark.parametrize("ahead_ms", [20 * MINUTE_MS, 3 * HOUR_MS, 30 * DAY_MS])
@pytest.mark.parametrize("restarted", [False, True], ids=["running on", "restarted"])
def test_nobody_is_muted_by_a_clock_that_was_ahead(tmp_path: Path, ahead_ms: int, *, restarted: bool) -> None:
    with house_at_work(tmp_path, clock := SetClock()) as at:
        ada = at.person(silence_after_ms=2 * HOUR_MS)
        jumped(at, clock, ada, ahead_ms)
        clock.ms = START + HOUR_MS + 3 * SECOND_MS
        if restarted:
            at.restart()

        at.send(ada, START + HOUR_MS + MINUTE_MS, heart_rate=70, spo2=79)
        (alert,) = [each for each in at.house.notify.alerts(None, None) if each.level == "critical"]
        assert alert.state == "triggered"
        view = at.house.people.view(ada)
        assert view.status == "critical"
        assert view.last_reading_at == START + HOUR_MS + MINUTE_MS
        if not restarted:
            (fault,) = [each for each in at.house.operations.health().faults if each.part == "clock"]
            assert "jumped" in fault.text


def test_silence_is_told_after_a_jump_as_before(tmp_path: Path) -> None:
    with house_at_work(tmp_path, clock := SetClock()) as at:
        ada, ben = at.person(silence_after_ms=2 * HOUR_MS), at.person("Ben")
        jumped(at, clock, ada, 30 * DAY_MS)
        at.send(ben, START + HOUR_MS + MINUTE_MS, heart_rate=66, device="d-ben")  # bears the new time out
        at.tick(START + HOUR_MS + 2 * MINUTE_MS)
        at.tick(START + 4 * HOUR_MS)
        standing = [
            each.dedup_key for each in at.house.notify.alerts(None, None) if each.state == "triggered"
        ]
        assert standing == ["silence"]
        assert at.house.people.view(ada).status == "warning"


@pytest.mark.parametrize(
    "wrong_ms", [0, START - 2000 * DAY_MS, START - DAY_MS], ids=["1970", "years", "a day"]
)
def test_a_machine_that_starts_without_knowing_the_time_takes_nobody_back(
    tmp_path: Path, wrong_ms: int
) -> None:
    """Its ticks are of long ago until it has asked for the time; nobody has fallen silent by it."""
    with house_at_work(tmp_path, clock := SetClock()) as at:
        ada = at.person(silence_after_ms=2 * HOUR_MS)
        for minute in range(0, 60, 5):
            at.send(ada, START + minute * MINUTE_MS, heart_rate=70, spo2=97)
        before = at.house.people.twin(ada)
        clock.ms = wrong_ms
        at.restart()
        for minute in range(3):
            at.tick(wrong_ms + minute * MINUTE_MS)
        at.tick(START + HOUR_MS)
        assert at.house.notify.alerts(None, None) == []
        view = at.house.people.view(ada)
        assert (view.status, view.last_vital_at) == ("learning", START + 55 * MINUTE_MS)
        after = at.house.people.twin(ada)
        assert (after.days, after.phase, after.metrics[0].expected) == (
            before.days,
            before.phase,
            before.metrics[0].expected,
        )
        at.send(ada, START + HOUR_MS + MINUTE_MS, heart_rate=70, spo2=79)
        assert at.house.people.view(ada).status == "critical"
