"""A real house on a real home, driven by event time; shared by the tests of what a house does."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from healthtwin.access import Grant, Scope
from healthtwin.domain import METRIC_BY_FIELD, Profile
from healthtwin.house import EventClock, House, open_house
from healthtwin.intake import VitalsRow
from healthtwin.pipeline import VitalsPayload
from healthtwin.store import HomeKind
from healthtwin.store.people import People

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from healthtwin.intake import RowOutcome

START = 1_772_366_400_000
CLINICIAN = Grant("t-clinician", "", Scope.CLINICIAN, None)


class MovedClock(Protocol):
    """A clock that a test moves."""

    def now_ms(self) -> int:
        """The present."""
        ...

    def advance_to(self, time_ms: int) -> None:
        """It is this time now."""
        ...


class HouseAtWork:
    """A running house with what a test says most often."""

    def __init__(self, path: Path, clock: MovedClock) -> None:
        self.path = path
        self.clock = clock
        self.house: House = open_house(path, clock, kinds=[HomeKind.LIVE])
        self.house.start()
        self._sequence = 0

    def person(self, name: str = "Ada", **profile: object) -> str:
        """A new person's id."""
        known = Profile("UTC", **profile)  # type: ignore[arg-type]
        return People(self.house.tables).add(name, known, self.clock.now_ms()).id

    def send(self, person: str, at_ms: int, *, device: str = "d-phone", **values: float) -> RowOutcome:
        """Measure at `at_ms`; an `EventClock` moves on to it, never back."""
        return self.send_values(person, at_ms, values, device=device)

    def send_values(
        self, person: str, at_ms: int, values: Mapping[str, float], *, device: str = "d-phone"
    ) -> RowOutcome:
        """As `send`, of values whose names are no part of a test's text."""
        self.clock.advance_to(at_ms)
        payload = VitalsPayload({METRIC_BY_FIELD[name].code: value for name, value in values.items()})
        grant = Grant("t-phone", device, Scope.DEVICE, frozenset({person}))
        (outcome,) = asyncio.run(
            self.house.intake.ingest(grant, [VitalsRow(0, person, at_ms, None, payload)])
        )
        assert self.house.caught_up(10)
        return outcome

    def tick(self, at_ms: int) -> None:
        """Time passes."""
        self.clock.advance_to(at_ms)
        self.house.tick()
        assert self.house.caught_up(10)

    def restart(self) -> None:
        """Stop, and start again on the same home."""
        self.house.stop()
        self.start_again()

    def start_again(self) -> None:
        """Start on the home of a house that was stopped."""
        self.house = open_house(self.path, self.clock, kinds=[HomeKind.LIVE])
        self.house.start()


@contextmanager
def house_at_work(path: Path, clock: MovedClock | int = START) -> Iterator[HouseAtWork]:
    """A house that is stopped whatever happens."""
    at_work = HouseAtWork(path, EventClock(clock) if isinstance(clock, int) else clock)
    try:
        yield at_work
    finally:
        at_work.house.stop()
