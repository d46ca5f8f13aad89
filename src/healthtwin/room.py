"""What a room of the house is, and what it may ask of the house it stands in.

Rooms (`access`, `people`, `intake` …) never look into one another. What one needs of another goes through
`Ports`: the room that can answer says so when it is opened. `healthtwin.house.rooms` lists all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NoReturn, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from contextlib import ExitStack
    from typing import Self

    import numpy as np

    from healthtwin.domain import LogRecord
    from healthtwin.domain.errors import HealthTwinError
    from healthtwin.forecast import Forecast
    from healthtwin.pipeline import Codec, VerbPayload
    from healthtwin.store import Home, Series, Tables
    from healthtwin.store.erasure import Leaving
    from healthtwin.store.keys import Keys
    from healthtwin.store.people import Person
    from healthtwin.stream import Journal, Projection, Runner


class WhoIsWho(Protocol):
    """Who is who, from memory; fresh as soon as another process changes somebody."""

    def everybody(self) -> list[Person]:
        """All people, oldest entry first."""
        ...

    def revision(self) -> int | None:
        """Another number than before when anybody may have changed."""
        ...

    def find(self, person_id: str) -> Person | None:
        """The person with this id; None when there is none."""
        ...

    def get(self, person_id: str) -> Person:
        """The person with this id; raises `NotFound` when there is none."""
        ...

    def last_read(self, person_id: str) -> Person | None:
        """As `find`, but cheaper: a change made a moment ago need not show."""
        ...

    def by_pseudonym(self, pseudonym: str) -> Person | None:
        """Whom a pseudonym stands for; None for somebody who was erased."""
        ...


class Counters(Protocol):
    """Counts for the operator; no ids of people, no names."""

    def ingested(self, outcomes: Sequence[str], seconds: float) -> None:
        """What became of the rows of one message, and how long that took."""
        ...

    def alert_shown(self, seconds: float) -> None:
        """How long after the reading behind an alert was acknowledged the alert stood on the list."""
        ...


class FastClockLike(Protocol):
    """A device whose clock is ahead: its id, by how much and since when, ms."""

    @property
    def device(self) -> str:
        """Its id."""
        ...

    @property
    def ahead_ms(self) -> int:
        """By how much."""
        ...

    @property
    def since_ms(self) -> int:
        """Since when, on the house's clock."""
        ...


class BrokenGlass(Protocol):
    """That a clinician sees somebody in an emergency, for an hour."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def person_id(self) -> str:
        """Whom."""
        ...

    @property
    def who(self) -> str:
        """The clinician, as the house calls them."""
        ...

    @property
    def reason(self) -> str:
        """Why; about health, for the person alone."""
        ...

    @property
    def at_ms(self) -> int:
        """Since when, epoch ms."""
        ...

    @property
    def until_ms(self) -> int:
        """Until when, epoch ms."""
        ...


def _not_offered(*_: object) -> NoReturn:
    raise RuntimeError("no room of this house offers that")


def _not_noted(*_: object) -> None:
    """Where no room keeps an audit, nobody is told anything either."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What there is before anything is judged: what a room's projections are made of.

    Attributes:
        tables: the rooms' tables. series: values over time.
        directory: who is who. codec: reads records.
        now_ms: the house's clock.
        raw_ms: age beyond which a reading is no longer kept as such.
    """

    tables: Tables
    series: Series
    directory: WhoIsWho
    codec: Codec
    now_ms: Callable[[], int]
    raw_ms: int


@dataclass(slots=True)
class Ports:
    """What the house offers every room, and below the line what rooms offer one another.

    A room keeps its `Ports` and asks through it when it needs something, since rooms that are opened later
    add their answers.

    Attributes:
        home: the directory.
        keys: seals what may lie on a disk, and opens it.
        tables: the rooms' tables. series: values over time.
        directory: who is who.
        runner: everybody's newest state, and the outbox.
        forecast: the members and models that wrote those states.
        journal: the way into the log. codec: writes what goes there.
        counters: for the operator.
        now_ms: the house's clock.
        listen: has something called whenever the outbox holds something new.
        publish: tells open browsers: a person's id, the event's name, what makes its JSON once it is asked.
        watchers: how many browsers are looking.
        site_offset: the house's own alarm threshold (`healthtwin.forecast.SiteBudget.offset`), log units.
        live, synthetic: whether the home is a real one; whether everybody in it is simulated.
        note_verb: what somebody did with an episode of a pseudonym goes into the log and shows on return.
        bring_statements: what was stated goes into the log; durable on return.
        fast_clocks: devices whose readings of somebody, by id, were refused as of a time to come.
        devices_of: id and label of everything that sends a person's readings, by the person's id.
        open_alerts: how many episodes stand open, by pseudonym, of these people (None: of all).
        closed_by: who closed these alerts by hand, by the id of the alert.
        person_changed: hears the id of somebody whose line in the list of people looks different now.
        note_telling: that a recipient was told something about a pseudonym, and what came of it (``allowed``,
            ``failed``), goes into the audit; nobody waits for it.
        tell_of_glass: hears of broken glass, for whoever is told by message, whatever the hour.
    """

    home: Home
    keys: Keys
    tables: Tables
    series: Series
    directory: WhoIsWho
    runner: Runner
    forecast: Forecast
    journal: Journal
    codec: Codec
    counters: Counters
    now_ms: Callable[[], int]
    listen: Callable[[Callable[[], None]], None]
    publish: Callable[[str, str, Callable[[], bytes]], object]
    watchers: Callable[[], int]
    site_offset: Callable[[], float]
    live: bool
    synthetic: bool
    # ------------------------------------------------ offered by rooms
    note_verb: Callable[[str, VerbPayload], None] = _not_offered
    bring_statements: Callable[[], None] = _not_offered
    fast_clocks: Callable[[str], Sequence[FastClockLike]] = _not_offered
    devices_of: Callable[[str], Mapping[str, str]] = _not_offered
    open_alerts: Callable[[Sequence[Person] | None], Mapping[str, int]] = _not_offered
    closed_by: Callable[[Iterable[str]], Mapping[str, str]] = _not_offered
    person_changed: Callable[[str], None] = _not_offered
    note_telling: Callable[[str, str, str, str], None] = _not_noted
    tell_of_glass: Callable[[BrokenGlass], None] = _not_offered

    def state_of(self, pseudonym: str) -> np.void | None:
        """A person's newest state; None before the first reading."""
        states = self.runner.peek(pseudonym)
        return None if states is None else states[1]


@dataclass(frozen=True, slots=True)
class ExportPart:
    """One file of an export: its name, its media type, and its bytes piece by piece."""

    name: str
    media_type: str
    chunks: Iterable[bytes]


class Room(Protocol):
    """One room of the house: what it keeps, what it does by the clock, what fails.

    Its tables need no word here: `tables.py` in its folder declares them, `migrations/` beside it brings them
    up to date (`healthtwin.store.migration`), and they are erased and exported by what their columns say.
    What a person's questions and acts need are further methods of each room, reached as ``house.NAME``.
    """

    name: ClassVar[str]
    part: ClassVar[str] = ""
    """What the operator calls what the room does, where that is not its name."""

    @classmethod
    def projections(cls, ground: Ground) -> Sequence[Projection[LogRecord]]:
        """What the room keeps from the log; each has its own place in it and can be made anew alone."""
        del ground
        return ()

    @classmethod
    def open(cls, ports: Ports, undo: ExitStack) -> Self:
        """The room, ready for everything; what it must end or close when the house stops goes into `undo`."""
        ...

    @classmethod
    def sections(cls) -> frozenset[str]:
        """The tables of config.toml that the room reads; what nobody reads is refused at the start."""
        return frozenset()

    def tidy(self, at_most_s: float) -> bool:
        """Do what is due by the clock, about so many seconds of it; False when some is left."""
        del at_most_s
        return True

    @classmethod
    def erase(cls, home: Home, leaving: Leaving) -> None:
        """Forget somebody in files of the room's own, whether or not the house is open.

        Rows need nothing (`healthtwin.store.erasure`), nor do log, twin and series. It may be called again.
        """
        del home, leaving

    def forget(self, leaving: Leaving) -> None:
        """Forget somebody in memory; called while the house is open, before `erase`."""
        del leaving

    @classmethod
    def export(cls, home: Home, tables: Tables, person: Person) -> Iterable[ExportPart]:
        """What the room knows about somebody beside rows, which are exported as they are.

        The chunks of a part are read before the next part is asked for.
        """
        del home, tables, person
        return ()

    def failure(self) -> HealthTwinError | None:
        """What keeps the room from its work right now, for the operator."""
        return None
