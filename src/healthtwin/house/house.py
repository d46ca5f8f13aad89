"""The house: everything that runs in one process, put together, started, asked and stopped."""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from healthtwin.access.room import AccessRoom
from healthtwin.domain import DAY_MS, HOUR_MS
from healthtwin.forecast import drift_of
from healthtwin.house.clock import WallClock
from healthtwin.house.embedded import EmbeddedStep
from healthtwin.house.live import LiveFeed
from healthtwin.house.maintenance import Maintenance
from healthtwin.house.operations import Figures, Operations
from healthtwin.house.settings import HouseSettings
from healthtwin.house.showing import Showing
from healthtwin.house.site_alarms import SiteAlarms
from healthtwin.house.weeks import week_to_note
from healthtwin.intake.progress import Progress
from healthtwin.intake.room import IntakeRoom, head_of
from healthtwin.intake.statement_log import StatementLog
from healthtwin.medicines.gene_tables import GeneTables
from healthtwin.medicines.room import MedicinesRoom
from healthtwin.notify.notifier import Notifier
from healthtwin.notify.room import NotifyRoom
from healthtwin.people.directory import Directory
from healthtwin.people.room import PeopleRoom
from healthtwin.people.views import Views
from healthtwin.pipeline import alarm_counts, score_bands, site_record
from healthtwin.store import Home, HomeKind, Records, SeriesStore
from healthtwin.stream import GroupCommit, LogRecord, Runner, SqliteLog

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np

    from healthtwin.domain.errors import HealthTwinError
    from healthtwin.episodes import EpisodeChange
    from healthtwin.forecast import Drift
    from healthtwin.house.clock import Clock

READY_WITHIN_S: Final = 2.0
"""How long a start may take for what the twin has not seen yet; the rest follows while readings come in."""

SEAL_AT_MOST_S: Final = 1.0
"""How long sealing may hold up the thread that also notes the time."""

RECHECK_AT_MOST_S: Final = 0.5
"""How long checking medicines against new gene tables may, for the same reason."""

_TRIM_RECORDS: Final = 1_000


class House:
    """One running house.

    Args:
        home: the directory; its lock is held from `start` to `stop`.
        clock: the wall clock in `serve`, event time in a replay or demo.

    Use `open_house`. It is no library entry point: for a baseline alone, `healthtwin.twin` needs no house.
    """

    def __init__(self, home: Home, clock: Clock) -> None:
        self._home = home
        self._clock = clock
        self._settings = HouseSettings.of(home.section("house"), home.config_path)
        self._open = ExitStack()
        self._drift: tuple[Drift, ...] = ()

    # ---------------------------------------------------------------- life

    def start(self) -> None:
        """Recover (replay what the twin has not seen) and begin to work; returns when ready to serve.

        Raises:
            StorageBusy: another process owns the home.
            CorruptStorage: log and state do not belong together.
        """
        with ExitStack() as undo:
            undo.enter_context(self._home.lock())
            storage = self._home.storage_settings()
            self.records = undo.enter_context(Records(self._home.records_url))
            self._directory = Directory(self.records)
            self._directory.everybody()  # read now, so that the first reading need not wait for it
            self._series = SeriesStore(
                self._home.series_path, raw_days=storage.raw_days, daily_days=storage.daily_days
            )
            undo.callback(self._series.close)
            self._raw_ms = storage.raw_days * DAY_MS
            self._space = self._home.space_guard()
            self._log = SqliteLog(self._home.log_path)
            undo.callback(self._log.close)
            self.feed = LiveFeed(secrets.token_hex(4))
            self._showing = Showing(
                self._series, self.records.events, self.feed, self._directory, self.now_ms, self._raw_ms
            )
            self._runner = Runner(
                self._log,
                EmbeddedStep(self._settings.allowed_lateness_ms),
                self._home.state_path,
                allowed_lateness_ms=self._settings.allowed_lateness_ms,
                idle_after_ms=self._settings.idle_after_ms,
                on_batch=self._showing.project,
                on_outbox=self._wake,
            )
            self._notifier = Notifier(
                self._runner, self.records, self._home, lambda: self.feed.readers, self.now_ms, self._told
            )
            self._runner.recover(projected_through=self._series.offset, within_s=READY_WITHIN_S)
            undo.callback(self._runner.stop)
            people, offsets = self._runner.pooled(site_record) if self._runner.people() else (0.0, 0.0)
            self._site_alarms = SiteAlarms(round(float(offsets / people), 3) if people else 0.0)
            self._progress = Progress(
                self._log, self._runner, self._series, self._notifier.caught_up, self.now_ms
            )
            self.operations = Operations(
                self.now_ms(), self._space, self._failures, self._figures, self.records.house_weeks.list
            )
            self._notifier.start()
            undo.callback(self._notifier.stop)
            self._runner.start()
            undo.callback(self._runner.pause)  # before the telling ends: what it raises last is still told
            self._commits = GroupCommit(self._log, self._committed, guard=self._space.require)
            undo.callback(self._commits.close)
            self._open_rooms()
            self._maintenance = Maintenance(self.now_ms, self.tick, self._settings.tick_ms, self.tidy)
            self._maintenance.start()
            undo.callback(self._maintenance.stop)
            undo.callback(self.feed.close)
            undo.enter_context(self._showing.to_browsers())
            self._open = undo.pop_all()

    def _open_rooms(self) -> None:
        self.intake = IntakeRoom(
            self._directory,
            self._runner,
            self._commits,
            self._progress,
            self.operations.ingested,
            self.now_ms,
            lambda: self._site_alarms.offset,
        )
        statement_log = StatementLog(self.records, self.intake.note_statements)
        synthetic = self._home.kind is HomeKind.DEMO
        self.access = AccessRoom(self.records, self._directory.get)
        self.notify = NotifyRoom(
            self.records, self._directory, self._notifier, self.intake.verb, synthetic=synthetic
        )
        self.medicines = MedicinesRoom(
            self.records,
            self._directory.get,
            GeneTables(self._home.path).current,
            self.now_ms,
            statement_log.bring,
            self._findings_changed,
        )
        self.people = PeopleRoom(
            self.records,
            self._directory,
            Views(self._series, self._head_of, self.now_ms, synthetic=synthetic),
            self._progress.catch_up,
            self.notify.open_by_person,
            self.now_ms,
            statement_log.bring,
        )

    def stop(self) -> None:
        """Finish what is under way, snapshot, close every file; within seconds. Idempotent.

        What was acknowledged and takes longer lies in the log, and is judged and told after the next start.
        """
        self._open.close()

    @property
    def kind(self) -> str:
        """``live``, ``demo`` (simulated people) or ``replay`` (recorded data)."""
        return self._home.kind.value

    def now_ms(self) -> int:
        """The present on the house's own clock."""
        return self._clock.now_ms()

    def tick(self) -> None:
        """Note the time in the log, and profiles that changed without a reading since."""
        if self._progress.lag_ms() >= HOUR_MS:
            self._site_alarms.pause()
        elif self._runner.people():
            self._site_alarms.learn(self._runner.pooled(alarm_counts), self.now_ms())
        self.intake.tick(self._site_alarms.told())
        self._drift = drift_of(self._runner.pooled(score_bands)) if self._runner.people() else ()

    def tidy(self) -> bool:
        """Seal, check medicines, forget what outlived its days, trim the log; False when unfinished."""
        now_ms = self.now_ms()
        if not self._series.seal(now_ms, at_most_s=SEAL_AT_MOST_S).finished:
            return False
        self._series.retain(now_ms)
        if not self.medicines.recheck(at_most_s=RECHECK_AT_MOST_S):
            return False
        self.records.access.purge(now_ms)
        self._note_week(now_ms)
        self._trim_log(now_ms - self._raw_ms)
        return True

    def caught_up(self, timeout_s: float) -> bool:
        """Wait until all that was acknowledged is in twin, series and alerts; False when that took longer."""
        return self._progress.caught_up(timeout_s)

    # ---------------------------------------------------------------- inside

    def _note_week(self, now_ms: int) -> None:
        alarms = self._site_alarms.item()
        if alarms is not None:
            self.records.house_weeks.note(week_to_note(now_ms, alarms, self._drift))

    def _trim_log(self, before_ms: int) -> None:
        """Forget log records that outlived the raw readings, as far as series and snapshots have them."""
        kept_elsewhere = min(self._series.sync(), self._runner.saved_offset)
        through, at = 0, self._log.trimmed_through()
        while records := self._log.read(at, _TRIM_RECORDS):
            for record in records:
                if record.offset > kept_elsewhere or record.arrived_ms >= before_ms:
                    break
                through = record.offset
            else:
                at = records[-1].offset
                continue
            break
        if through:
            self._log.trim(through)

    def _figures(self) -> Figures:
        return Figures(
            now_ms=self.now_ms(),
            people=len(self._directory.everybody()),
            log_head=self._progress.head,
            processed_through=self._progress.through,
            lag_ms=self._progress.lag_ms(),
            deliveries_pending=self._notifier.pending(),
            live_readers=self.feed.readers,
            drift=self._drift,
            trained_alarms=self._site_alarms.item(),
        )

    def _findings_changed(self, person_id: str) -> None:
        self._showing.findings(person_id, self.medicines.findings)

    def _head_of(self, pseudonym: str) -> np.void | None:
        return head_of(self._runner, pseudonym)

    def _committed(self, records: list[LogRecord]) -> None:
        """In the log writer's thread: only pass on."""
        self._runner.feed(records)

    def _wake(self) -> None:
        self._notifier.wake()

    def _told(self, change: EpisodeChange) -> None:
        """In the dispatcher's thread, once an alert row shows a change: to open browsers."""
        if self._directory.by_pseudonym(change.person) is None:
            return
        if self._home.kind is HomeKind.LIVE:
            self.operations.alert_seconds.observe(max(self.now_ms() - change.arrived_ms, 0) / 1000)
        self._showing.alert(change, self.notify.alert, self.people.view)

    def _failures(self) -> dict[str, HealthTwinError | None]:
        return {
            "log": self._commits.failure,
            "runner": self._runner.failure,
            "maintenance": self._maintenance.failure,
            "alerts": self._notifier.failure,
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
