"""The house: everything that runs in one process, opened room by room, ticking, asked and stopped."""

from __future__ import annotations

import logging
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, NamedTuple

from healthtwin.access import HOUSE, wall_ms
from healthtwin.domain import DAY_MS
from healthtwin.domain.errors import StorageError
from healthtwin.forecast import Forecast, models_in, shipped_models
from healthtwin.house.clock import ClockWatch, WallClock
from healthtwin.house.engine import Engine
from healthtwin.house.export import ExportDesk, drop_exports
from healthtwin.house.house_weeks import HouseWeeks
from healthtwin.house.maintenance import Maintenance
from healthtwin.house.operations import Figures, Operations
from healthtwin.house.rooms import ROOMS, Rooms
from healthtwin.house.settings import HouseSettings
from healthtwin.house.site import Site
from healthtwin.house.upkeep import UpkeepView, upkeep
from healthtwin.room import Ports
from healthtwin.store import Home, HomeKind
from healthtwin.store.erasure import Erasures
from healthtwin.store.secrets import hash_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from healthtwin.domain.errors import HealthTwinError
    from healthtwin.house.clock import Clock
    from healthtwin.house.house_weeks import HouseWeek
    from healthtwin.house.live import LiveFeed
    from healthtwin.house.rooms import R
    from healthtwin.room import Room
    from healthtwin.store import Tables

_LOG: Final = logging.getLogger(__name__)

WARNED_FOR_MS: Final = 7 * DAY_MS
"""How long the operator's page shows an alarm of the audit."""

TIDY_AT_MOST_S: Final = 0.5
"""How long each room's tidying may hold up the thread that also notes the time."""


class _Opened(NamedTuple):
    """What there is from `start` to `stop`."""

    engine: Engine
    site: Site
    maintenance: Maintenance
    exports: ExportDesk
    rooms: Mapping[type[Room], Room]


class House(Rooms):
    """One house; its rooms (`house.people`, `house.intake` …) are there from `start` to `stop`.

    Args:
        home: the directory; its lock is held from `start` to `stop`.
        clock: the wall clock in `serve`, event time in a replay or demo.

    Attributes:
        operations: how the house is, at any time.

    Use `open_house`. It is no library entry point: for a baseline alone, `healthtwin.twin` needs no house.
    """

    def __init__(self, home: Home, clock: Clock) -> None:
        self._home = home
        self._clock = ClockWatch(clock)
        home.require_sections({"storage", "house", "keys"}.union(*(room.sections() for room in ROOMS)))
        self._settings = HouseSettings.of(home.section("house"), home.config_path)
        shadows = [models_in(home.path / folder) for folder in self._settings.shadow_models]
        self._forecast = Forecast(shipped_models(), shadows)
        self.operations = Operations(home.space_guard(), self._failures, self._figures, self._weeks)
        self._opened: _Opened | None = None
        self._erasing = threading.Lock()
        self._looked_at: int | None = None
        self._undo = ExitStack()

    # ---------------------------------------------------------------- life

    def start(self) -> None:
        """Recover (replay what the twin has not seen) and begin to work; returns when ready to serve.

        Raises:
            StorageBusy: another process owns the home.
            CorruptStorage: log and state do not belong together.
        """
        with ExitStack() as undo:
            undo.enter_context(self._home.lock())
            self._home.clear_left_behind()
            engine = self._opened_engine(undo)
            site = Site(engine.runner, HouseWeeks(engine.tables), self._forecast.trained.shadows)
            ports = self._ports(engine, site)
            rooms = {room: room.open(ports, undo) for room in ROOMS}
            engine.run(undo)
            maintenance = Maintenance(
                self.now_ms, self.tick, self._settings.tick_ms, self.tidy, self._look_for_erasures
            )
            exports = ExportDesk(self._home, engine.tables, engine.series, wall_ms)
            undo.callback(exports.close)
            self._opened = _Opened(engine, site, maintenance, exports, rooms)
            maintenance.start()
            undo.callback(maintenance.stop)
            self._undo = undo.pop_all()
        self._home.spare_room().keep(self._home.space_guard())
        self.operations.started(self.now_ms())

    def stop(self) -> None:
        """Finish what is under way, snapshot, close every file; within seconds. Idempotent.

        What was acknowledged and takes longer lies in the log, and is judged and told after the next start.
        """
        self._undo.close()
        self._opened = None

    def erase(self, person_id: str) -> None:
        """Forget a person for good, in every room; nothing of them is left in the home on return.

        Raises:
            NotFound: no such person.
            StorageError: they are gone for every question, but a file could not be written; the rest
                is tried again every second, and at the next start.
        """
        Erasures(self.tables).begin(person_id, self.now_ms())
        self._finish_erasures()

    def was_erased(self, name: str) -> bool:
        """Whether this is the id of somebody who was erased."""
        return Erasures(self.tables).was_erased(name)

    def is_of_the_erased(self, secret: str) -> bool:
        """Whether this is a token or session that led to one of them alone, as their phone's did."""
        return Erasures(self.tables).was_erased(hash_of(secret))

    # ---------------------------------------------------------------- what is there

    def upkeep(self) -> UpkeepView:
        """What its operator looks after besides faults."""
        return upkeep(self._home, self.tables, self.notify.receivers(), self.now_ms())

    @property
    def kind(self) -> str:
        """``live``, ``demo`` (simulated people) or ``replay`` (recorded data)."""
        return self._home.kind.value

    def now_ms(self) -> int:
        """The present on the house's own clock."""
        return self._clock.now_ms()

    def room(self, kind: type[R]) -> R:
        """The room of this kind; ``house.people`` is the short way to the ones of `Rooms`."""
        room = self._open.rooms[kind]
        if not isinstance(room, kind):
            raise TypeError(f"{kind.__name__} opened a {type(room).__name__}")
        return room

    @property
    def engine(self) -> Engine:
        """Log, twin and series, for who looks into them; questions and acts go to the rooms."""
        return self._open.engine

    @property
    def tables(self) -> Tables:
        """The tables of every room."""
        return self._open.engine.tables

    @property
    def exports(self) -> ExportDesk:
        """Where everything about a person is asked for and fetched."""
        return self._open.exports

    @property
    def feed(self) -> LiveFeed:
        """What changes, as it changes, for open browsers."""
        return self._open.engine.feed

    # ---------------------------------------------------------------- by the clock

    def tick(self) -> None:
        """Note the time in the log, and profiles that changed without a reading since."""
        self.intake.tick(self._open.site.learn(self.now_ms(), self.engine.journal.lag_ms()))

    def tidy(self) -> bool:
        """Seal, forget what outlived its days, let every room tidy; False when unfinished."""
        opened = self._open
        if self._clock.lately() is not None:  # whose clock may be wrong forgets nothing by its age
            return True
        if not opened.engine.tidy():
            return False
        done = [room.tidy(TIDY_AT_MOST_S) for room in opened.rooms.values()]
        if not all(done):
            return False
        opened.exports.tidy()
        opened.site.note_week(self.now_ms())
        self._home.spare_room().keep(self._home.space_guard())
        return True

    def caught_up(self, timeout_s: float) -> bool:
        """Wait until all that was acknowledged is in twin, series and alerts; False when that took longer."""
        return self.engine.journal.caught_up(timeout_s)

    # ---------------------------------------------------------------- inside

    def _opened_engine(self, undo: ExitStack) -> Engine:
        """Everything recovered; on a full disk with the room that was kept for that."""
        spare = self._home.spare_room()
        try:
            with ExitStack() as opened:
                engine = Engine(self._home, self._settings, self._forecast, self.now_ms, opened)
                undo.push(opened.pop_all())
        except StorageError:
            if not spare.release():
                raise
            _LOG.warning("The disk is full: the room that was kept for a start was given back")
            engine = Engine(self._home, self._settings, self._forecast, self.now_ms, undo)
        return engine

    def _look_for_erasures(self) -> None:
        """A command in another process may have begun one."""
        changed = self.tables.changed()
        if changed != self._looked_at:
            self._finish_erasures()
            self._looked_at = changed
        self.engine.look_at_keys()

    def _finish_erasures(self) -> None:
        opened, erasures = self._open, Erasures(self.tables)
        with self._erasing:
            for leaving in erasures.pending():
                opened.engine.runner.forget(leaving.pseudonym)
                for room in opened.rooms.values():
                    room.forget(leaving)
                erasures.destroy_key(leaving)
                opened.engine.erase(leaving)
                for room in opened.rooms.values():
                    room.erase(self._home, leaving)
                drop_exports(self._home, leaving.pseudonym)
                self._home.drop_what_was_set_aside()
                erasures.erase_rows(leaving)
                self.access.audit.note_erasure(HOUSE, leaving.id, leaving.pseudonym)
                self.feed.forget(leaving.id)
                erasures.done(leaving)

    @property
    def _open(self) -> _Opened:
        if self._opened is None:
            raise RuntimeError("the house is not open; start it first")
        return self._opened

    def _ports(self, engine: Engine, site: Site) -> Ports:
        return Ports(
            home=self._home,
            keys=engine.keys,
            tables=engine.tables,
            series=engine.series,
            directory=engine.directory,
            runner=engine.runner,
            forecast=self._forecast,
            journal=engine.journal,
            codec=engine.codec,
            counters=self.operations,
            now_ms=self.now_ms,
            listen=engine.listen,
            publish=engine.feed.publish,
            watchers=lambda: engine.feed.readers,
            site_offset=site.offset,
            live=self._home.kind is HomeKind.LIVE,
            synthetic=self._home.kind is HomeKind.DEMO,
        )

    def _weeks(self) -> Sequence[HouseWeek]:
        return () if self._opened is None else self._opened.site.weeks()

    def _figures(self) -> Figures:
        if self._opened is None:
            return Figures(self.now_ms(), clock_jump=self._clock.lately())
        engine, site = self._opened.engine, self._opened.site
        return Figures(
            now_ms=self.now_ms(),
            people=len(engine.directory.everybody()),
            log_head=engine.journal.head,
            processed_through=engine.journal.through,
            lag_ms=engine.journal.lag_ms(),
            deliveries_pending=self.notify.pending(),
            live_readers=engine.feed.readers,
            clock_problems=engine.runner.wrong_clocks() + self.intake.fast_clocks(),
            clock_jump=self._clock.lately(),
            receivers_failing=len(self.notify.failing_receivers()),
            deliveries_given_up=sum(each.count for each in self.notify.given_up()),
            drift=site.drift,
            agreement=site.agreement,
            trained_alarms=site.alarms(),
            warnings=self.access.audit.alarms(wall_ms() - WARNED_FOR_MS),
        )

    def _failures(self) -> Mapping[str, HealthTwinError | None]:
        if self._opened is None:
            return {"log": StorageError("the house is not open")}
        engine, rooms = self._opened.engine, self._opened.rooms
        return {
            "log": engine.failure,
            "runner": engine.runner.failure,
            "maintenance": self._opened.maintenance.failure,
            **engine.damage,
            **self.access.audit.failures(),
            **engine.runner.projections.failures(),
            **{room.part or room.name: room.failure() for room in rooms.values()},
        }


def open_house(
    path: Path | str, clock: Clock | None = None, *, kinds: Sequence[HomeKind] | None = None
) -> House:
    """A house over a home directory, made first when it is absent or empty; not started yet.

    Args:
        path: the home directory.
        clock: the wall clock when None.
        kinds: which kinds of home will do; `serve` refuses a replay.

    Raises:
        ConfigurationError: a home of another kind, or a setting that cannot work.
    """
    wanted = tuple(kinds) if kinds is not None else (HomeKind.LIVE, HomeKind.DEMO)
    home = Home.open_or_create(path, wanted[0])
    home.require_kind(*wanted)
    return House(home, clock or WallClock())
