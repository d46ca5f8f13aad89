"""The house: everything that runs in one process, put together, started, asked and stopped."""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from healthtwin.access.sharing import shares_of
from healthtwin.domain import DAY_MS, HOUR_MS, LEARNED, metric_named
from healthtwin.domain.errors import Conflict, HealthTwinError, InvalidInput
from healthtwin.episodes import VITALS_KEY
from healthtwin.forecast import drift_of
from healthtwin.house.clock import WallClock
from healthtwin.house.embedded import EmbeddedStep
from healthtwin.house.live import LiveFeed
from healthtwin.house.maintenance import Maintenance
from healthtwin.house.operations import Operations
from healthtwin.house.settings import HouseSettings
from healthtwin.house.showing import Showing
from healthtwin.house.site_alarms import SiteAlarms
from healthtwin.house.weeks import week_items, week_to_note
from healthtwin.intake.intake import Intake, head_of
from healthtwin.intake.progress import Progress
from healthtwin.intake.statement_log import StatementLog
from healthtwin.intake.timeline import event_view
from healthtwin.medicines.gene_tables import GeneTables
from healthtwin.medicines.pharmacy import Pharmacy
from healthtwin.notify.alert_answers import AlertViews
from healthtwin.notify.notifier import Telling
from healthtwin.people.about import About
from healthtwin.people.directory import Directory
from healthtwin.people.views import Views, worst_first
from healthtwin.pipeline import VerbPayload, alarm_counts, score_bands, site_record
from healthtwin.store import Home, HomeKind, Records, SeriesStore
from healthtwin.stream import GroupCommit, LogRecord, Runner, SqliteLog

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np

    from healthtwin.access.grants import Grant
    from healthtwin.access.sharing import ShareView
    from healthtwin.episodes import EpisodeChange
    from healthtwin.forecast import Drift
    from healthtwin.genes import Knowledge
    from healthtwin.house.clock import Clock
    from healthtwin.house.health import HealthView, WeekItem
    from healthtwin.house.live import LiveEvent
    from healthtwin.intake.outcome import RowOutcome
    from healthtwin.intake.timeline import NewEvent
    from healthtwin.intake.vitals import VitalsRow
    from healthtwin.medicines.answers import FindingsView, GenesView, MedicinesView
    from healthtwin.notify.answers import AlertView, DeliveryView
    from healthtwin.people.about import Background, ProfileChange
    from healthtwin.people.answers import (
        BackgroundView,
        EventView,
        PersonFacts,
        PersonView,
        ProfileView,
        RiskView,
        SeriesView,
        TwinView,
    )

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
        self._gene_tables = GeneTables(home.path)
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
            self._feed = LiveFeed(secrets.token_hex(4))
            self._showing = Showing(
                self._series, self.records.events, self._feed, self._directory, self.now_ms, self._raw_ms
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
            self._telling = Telling(
                self._runner, self.records, self._home, lambda: self._feed.readers, self.now_ms, self._told
            )
            self._runner.recover(projected_through=self._series.offset, within_s=READY_WITHIN_S)
            undo.callback(self._runner.stop)
            people, offsets = self._runner.pooled(site_record) if self._runner.people() else (0.0, 0.0)
            self._site_alarms = SiteAlarms(round(float(offsets / people), 3) if people else 0.0)
            self._progress = Progress(
                self._log, self._runner, self._series, self._telling.caught_up, self.now_ms
            )
            self._operations = Operations(self.now_ms(), self._space, self._failures)
            synthetic = self._home.kind is HomeKind.DEMO
            self._views = Views(self._series, self._head_of, self.now_ms, synthetic=synthetic)
            self._alert_views = AlertViews(self.records, self._directory, synthetic=synthetic)
            self._telling.start()
            undo.callback(self._telling.stop)
            self._runner.start()
            undo.callback(self._runner.pause)  # before the telling ends: what it raises last is still told
            self._commits = GroupCommit(self._log, self._committed, guard=self._space.require)
            undo.callback(self._commits.close)
            self._intake = Intake(
                self._directory,
                self._runner,
                self._commits,
                self._progress,
                self._operations,
                self.now_ms,
                lambda: self._site_alarms.offset,
            )
            statement_log = StatementLog(self.records, self._intake.note_statements)
            self._pharmacy = Pharmacy(
                self.records,
                self.gene_tables,
                self.now_ms,
                statement_log.bring,
                self._findings_changed,
            )
            self._about = About(self.records, self._directory.get, self.now_ms, statement_log.bring)
            self._maintenance = Maintenance(self.now_ms, self.tick, self._settings.tick_ms, self.tidy)
            self._maintenance.start()
            undo.callback(self._maintenance.stop)
            undo.callback(self._feed.close)
            undo.enter_context(self._showing.to_browsers())
            self._open = undo.pop_all()

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

    # ---------------------------------------------------------------- what comes in

    def facts(self, person_id: str) -> PersonFacts | None:
        """What validation needs; None when there is no such person."""
        return self._directory.facts(person_id)

    async def ingest(self, grant: Grant, rows: Sequence[VitalsRow]) -> list[RowOutcome]:
        """Make the rows durable; returns one outcome per row, in order, after the fsync.

        Raises:
            StorageFull, StorageBusy: nothing of this call was stored.
        """
        return await self._intake.ingest(grant, rows)

    async def add_event(self, grant: Grant, person_id: str, event: NewEvent) -> RowOutcome:
        """Make something that happened durable, in the log; idempotent by (device, sequence) or content."""
        return await self._intake.event(grant, person_id, event)

    def act(self, grant: Grant, alert_id: str, verb: str, until_ms: int | None = None) -> AlertView:
        """``acknowledge``, ``snooze`` (until `until_ms`) or ``resolve``; returns the episode as it then is.

        The verb goes through the log like a reading and is durable on return. Repeating one is no error.

        Raises:
            NotFound: no such alert.
            Conflict: the episode is resolved and cannot be acknowledged or snoozed.
        """
        alert = self.records.alerts.get(alert_id)
        if alert.resolved_ms is not None:
            if verb == "resolve":
                return self.alert(alert_id)
            raise Conflict(f"the alert is resolved; it cannot be {verb}d any more")
        payload = VerbPayload(
            verb, alert.dedup_key, alert.started_ms, until_ms, int(alert.level), actor=grant.actor
        )
        self._intake.verb(alert.person, payload)
        return self.alert(alert_id)

    def confirm_new_normal(self, grant: Grant, person_id: str, metrics: Sequence[str]) -> None:
        """What deviates now is this person's new usual (empty `metrics`: all); through the log.

        Raises:
            InvalidInput: for a metric that the twin does not learn.
        """
        learned = [metric.name for metric in LEARNED]
        columns = 0
        for name in metrics:
            metric = metric_named(name)
            if not metric.learned:
                raise InvalidInput("metrics", name, "one of " + ", ".join(learned))
            columns |= 1 << learned.index(metric.name)
        payload = VerbPayload("confirm_new_normal", VITALS_KEY, 0, actor=grant.actor, columns=columns)
        self._intake.verb(self._directory.get(person_id).pseudonym, payload)

    def tick(self) -> None:
        """Note the time in the log, and profiles that changed without a reading since."""
        if self._progress.lag_ms() >= HOUR_MS:
            self._site_alarms.pause()
        elif self._runner.people():
            self._site_alarms.learn(self._runner.pooled(alarm_counts), self.now_ms())
        self._intake.tick(self._site_alarms.told())
        self._drift = drift_of(self._runner.pooled(score_bands)) if self._runner.people() else ()

    def tidy(self) -> bool:
        """Seal, check medicines, forget what outlived its days, trim the log; False when unfinished."""
        now_ms = self.now_ms()
        if not self._series.seal(now_ms, at_most_s=SEAL_AT_MOST_S).finished:
            return False
        self._series.retain(now_ms)
        if not self._pharmacy.recheck(at_most_s=RECHECK_AT_MOST_S):
            return False
        self.records.access.purge(now_ms)
        self._note_week(now_ms)
        self._trim_log(now_ms - self._raw_ms)
        return True

    # ---------------------------------------------------------------- what is asked

    def people(self, person_ids: frozenset[str] | None) -> list[PersonView]:
        """These people (None: all), worst status first, then by name."""
        self._progress.catch_up()
        open_alerts = self._alert_views.open_by_person()
        return sorted(
            (
                self._views.person(person, open_alerts.get(person.pseudonym, 0))
                for person in self._directory.everybody()
                if person_ids is None or person.id in person_ids
            ),
            key=worst_first,
        )

    def person(self, person_id: str) -> PersonView:
        """One person."""
        person = self._directory.get(person_id)
        self._progress.catch_up()
        return self._views.person(person, self._alert_views.open_by_person([person]).get(person.pseudonym, 0))

    def series(
        self, person_id: str, metric: str, from_ms: int | None, to_ms: int | None, step_ms: int | None
    ) -> SeriesView:
        """Values of a metric (a name in `METRICS`); None is open-ended, both ends included."""
        person = self._directory.get(person_id)
        self._progress.catch_up(with_twin=False)
        return self._views.series(person, metric, from_ms, to_ms, step_ms)

    def twin(self, person_id: str) -> TwinView:
        """The learned normal and how the newest values compare."""
        person = self._directory.get(person_id)
        self._progress.catch_up()
        return self._views.twin(person)

    def risk(self, person_id: str) -> RiskView:
        """What the members say."""
        person = self._directory.get(person_id)
        self._progress.catch_up()
        return self._views.risk(person)

    def alerts(self, person_ids: frozenset[str] | None, state: str | None) -> list[AlertView]:
        """Episodes of these people (None: all), optionally in one state; newest first."""
        return self._alert_views.list(person_ids, state)

    def alert(self, alert_id: str) -> AlertView:
        """One episode."""
        return self._alert_views.get(alert_id)

    def gene_tables(self) -> Knowledge:
        """What is known of genes and medicines, with the release that this home imported."""
        return self._gene_tables.current()

    def medicines(self, person_id: str) -> MedicinesView:
        """Current medicines."""
        return self._pharmacy.medicines(self._directory.get(person_id).id)

    def set_medicines(self, grant: Grant, person_id: str, names: Sequence[str]) -> MedicinesView:
        """Replace the whole list; durable, in the log and checked against the genes on return."""
        return self._pharmacy.set_medicines(grant, self._directory.get(person_id).id, names)

    def genes(self, person_id: str) -> GenesView:
        """Gene results."""
        return self._pharmacy.genes(self._directory.get(person_id).id)

    def set_genes(self, grant: Grant, person_id: str, document: Mapping[str, Any]) -> GenesView:
        """Replace all gene results; durable, in the log and checked against the medicines on return."""
        return self._pharmacy.set_genes(grant, self._directory.get(person_id).id, document)

    def findings(self, person_id: str) -> FindingsView:
        """What was found about medicines and genes; never an alert by itself."""
        return self._pharmacy.findings(self._directory.get(person_id).id)

    def events(self, person_id: str, since_ms: int | None, limit: int) -> list[EventView]:
        """The newest `limit` events, newest first; with `since_ms` only those from then on."""
        person = self._directory.get(person_id)
        self._progress.catch_up(with_twin=False)
        return [event_view(stored) for stored in self.records.events.list(person.id, since_ms, limit)]

    def profile(self, person_id: str) -> ProfileView:
        """What changes how readings are judged."""
        return self._about.profile(person_id)

    def set_profile(self, grant: Grant, person_id: str, change: ProfileChange) -> ProfileView:
        """Change what is named; what is not named stays."""
        return self._about.set_profile(grant, person_id, change)

    def background(self, person_id: str) -> BackgroundView:
        """Conditions, risk factors, allergies, whom to call."""
        return self._about.background(person_id)

    def set_background(self, grant: Grant, person_id: str, stated: Background) -> BackgroundView:
        """Replace all of it; durable and in the log on return."""
        return self._about.set_background(grant, person_id, stated)

    def sharing(self, grant: Grant, person_id: str) -> list[ShareView]:
        """Everything that can see this person, oldest first."""
        return shares_of(self.records, self._directory.get(person_id).id, grant)

    def live(self, after: str | None, person_ids: frozenset[str] | None) -> AsyncIterator[LiveEvent]:
        """Events about these people (None: all) after the event with id `after` (None: from now on)."""
        return self._feed.follow(after, person_ids)

    def live_mark(self) -> str:
        """What to follow after, to miss nothing that changes once this is answered."""
        return self._feed.newest

    def send_test(self, webhook_id: str) -> DeliveryView:
        """Deliver a message marked as a test to a webhook now, and say what came of it."""
        return self._telling.send_test(webhook_id)

    def health(self) -> HealthView:
        """How the house is; cheap, never blocks on a locked file."""
        return self._operations.health(
            now_ms=self.now_ms(),
            people=len(self._directory.everybody()),
            log_head=self._progress.head,
            processed_through=self._progress.through,
            lag_ms=self._progress.lag_ms(),
            deliveries_pending=self._telling.pending(),
            drift=self._drift,
            trained_alarms=self._site_alarms.item(),
        )

    def weeks(self) -> list[WeekItem]:
        """The house's forecasts week by week, newest first, at most two years."""
        return week_items(self.records.house_weeks.list())

    def metrics_text(self) -> str:
        """Prometheus text exposition 0.0.4; no person ids, no names."""
        return self._operations.metrics_text(self.health(), self._feed.readers)

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

    def _findings_changed(self, person_id: str) -> None:
        self._showing.findings(person_id, self.findings)

    def _head_of(self, pseudonym: str) -> np.void | None:
        return head_of(self._runner, pseudonym)

    def _committed(self, records: list[LogRecord]) -> None:
        """In the log writer's thread: only pass on."""
        self._runner.feed(records)

    def _wake(self) -> None:
        self._telling.wake()

    def _told(self, change: EpisodeChange) -> None:
        """In the dispatcher's thread, once an alert row shows a change: to open browsers."""
        if self._directory.by_pseudonym(change.person) is None:
            return
        if self._home.kind is HomeKind.LIVE:
            self._operations.alert_seconds.observe(max(self.now_ms() - change.arrived_ms, 0) / 1000)
        self._showing.alert(change, self.alert, self.person)

    def _failures(self) -> dict[str, HealthTwinError | None]:
        return {
            "log": self._commits.failure,
            "runner": self._runner.failure,
            "maintenance": self._maintenance.failure,
            "alerts": self._telling.failure,
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
