"""The house: everything that runs in one process, put together, started, asked and stopped."""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
import time
from contextlib import ExitStack
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import msgspec

from healthtwin.alerts import VITALS_KEY
from healthtwin.domain import DAY_MS, LEARNED, METRIC_BY_CODE, metric_named
from healthtwin.domain.errors import Conflict, HealthTwinError, InvalidInput
from healthtwin.forecast import drift_of
from healthtwin.gateway.alert_views import AlertViews
from healthtwin.gateway.clock import WallClock
from healthtwin.gateway.directory import Directory
from healthtwin.gateway.embedded import EmbeddedStep
from healthtwin.gateway.gene_tables import GeneTables
from healthtwin.gateway.live import LiveFeed
from healthtwin.gateway.maintenance import Maintenance
from healthtwin.gateway.operations import Operations
from healthtwin.gateway.pharmacy import Pharmacy, encoded
from healthtwin.gateway.port import RowOutcome
from healthtwin.gateway.settings import HouseSettings
from healthtwin.gateway.telling import Telling
from healthtwin.gateway.views import Views, worst_first
from healthtwin.pipeline import (
    EVENT,
    PROFILE,
    TICK,
    VERB,
    VITALS,
    EventPayload,
    ProfilePayload,
    VerbPayload,
    VitalsPayload,
    decode,
    encode,
    profile_record,
    score_bands,
)
from healthtwin.store import Home, HomeKind, Records, SeriesStore
from healthtwin.stream import GroupCommit, LogRecord, NewRecord, Runner, SqliteLog

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
    from pathlib import Path

    import numpy as np

    from healthtwin.alerts import EpisodeChange
    from healthtwin.forecast import Drift
    from healthtwin.gateway.clock import Clock
    from healthtwin.gateway.grants import Grant
    from healthtwin.gateway.port import (
        AlertView,
        DeliveryView,
        FindingsView,
        GenesView,
        HealthView,
        LiveEvent,
        MedicinesView,
        PersonFacts,
        PersonView,
        RiskView,
        SeriesView,
        TwinView,
    )
    from healthtwin.gateway.vitals import VitalsRow
    from healthtwin.genes import Knowledge
    from healthtwin.store.records import Person, Statement
    from healthtwin.stream import Appended

_LOG: Final = logging.getLogger(__name__)

OWN_WRITES_S: Final = 2.0
"""How long a question waits for what was acknowledged before it: a reader sees their own writes."""

READY_WITHIN_S: Final = 2.0
"""How long a start may take for what the twin has not seen yet; the rest follows while readings come in."""

VERB_SHOWS_S: Final = 5.0
"""How long a click waits until it shows; the verb itself is durable long before."""

SEAL_AT_MOST_S: Final = 1.0
"""How long sealing may hold up the thread that also notes the time."""

RECHECK_AT_MOST_S: Final = 0.5
"""How long checking medicines against new gene tables may, for the same reason."""

_PLAINTEXT: Final = 0
_POLL_S: Final = 0.002
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
        self._running = False
        self._log_offset = 0
        self._profiles: dict[str, int] = {}
        self._profiling = threading.Lock()
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
            self._runner = Runner(
                self._log,
                EmbeddedStep(self._settings.allowed_lateness_ms),
                self._home.state_path,
                allowed_lateness_ms=self._settings.allowed_lateness_ms,
                idle_after_ms=self._settings.idle_after_ms,
                on_batch=self._project,
                on_outbox=self._wake,
            )
            self._telling = Telling(
                self._runner, self.records, self._home, lambda: self._feed.readers, self.now_ms, self._told
            )
            self._runner.recover(projected_through=self._series.offset, within_s=READY_WITHIN_S)
            self._log_offset = self._log.head()
            undo.callback(self._runner.stop)
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
            self._pharmacy = Pharmacy(
                self.records, self.gene_tables, self.now_ms, self._note_events, self._findings_changed
            )
            self._maintenance = Maintenance(self.now_ms, self.tick, self._settings.tick_ms, self.tidy)
            self._maintenance.start()
            undo.callback(self._maintenance.stop)
            undo.callback(self._feed.close)
            self._open = undo.pop_all()
        self._running = True

    def stop(self) -> None:
        """Finish what is under way, snapshot, close every file; within seconds. Idempotent.

        What was acknowledged and takes longer lies in the log, and is judged and told after the next start.
        """
        self._running = False
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
        began = time.perf_counter()
        now_ms = self.now_ms()
        oldest_ms: dict[str, int] = {}
        for row in rows:
            oldest_ms[row.person] = min(oldest_ms.get(row.person, now_ms), row.time_ms)
        people = {person_id: self._directory.get(person_id) for person_id in oldest_ms}
        records = self._profile_changes(people.values(), now_ms, oldest_ms)
        ahead = len(records)
        records += [
            NewRecord(
                people[row.person].pseudonym,
                VITALS,
                row.time_ms,
                now_ms,
                grant.device,
                row.sequence,
                people[row.person].key_id,
                encode(row.payload),
            )
            for row in rows
        ]
        appended = await asyncio.wrap_future(self._commits.submit(records))
        self._acknowledge(appended)
        for person in people.values():
            self._profiles[person.pseudonym] = person.profile_revision
        outcomes = [RowOutcome(result.outcome) for result in appended[ahead:]]
        for outcome in RowOutcome:
            self._operations.count(outcome.value, outcomes.count(outcome))
        self._operations.ingest_seconds.observe(time.perf_counter() - began)
        return outcomes

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
        self._append_for(alert.person, VERB, payload)
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
        self._append_for(self._directory.get(person_id).pseudonym, VERB, payload)

    def tick(self) -> None:
        """Note the time in the log, and profiles that changed without a reading since."""
        now_ms = self.now_ms()
        heard_of = set(self._runner.people())
        known = [person for person in self._directory.everybody() if person.pseudonym in heard_of]
        records = self._profile_changes(known, now_ms)
        records.append(NewRecord("", TICK, now_ms, now_ms, "", None, _PLAINTEXT, b""))
        self._acknowledge(self._commits.submit(records).result())
        for person in known:
            self._profiles[person.pseudonym] = person.profile_revision
        self._drift = drift_of(self._runner.pooled(score_bands)) if heard_of else ()

    def tidy(self) -> bool:
        """Seal, check medicines, forget what outlived its days, trim the log; False when unfinished."""
        now_ms = self.now_ms()
        if not self._series.seal(now_ms, at_most_s=SEAL_AT_MOST_S).finished:
            return False
        self._series.retain(now_ms)
        if not self._pharmacy.recheck(at_most_s=RECHECK_AT_MOST_S):
            return False
        self.records.access.purge(now_ms)
        self._trim_log(now_ms - self._raw_ms)
        return True

    # ---------------------------------------------------------------- what is asked

    def people(self, person_ids: frozenset[str] | None) -> list[PersonView]:
        """These people (None: all), worst status first, then by name."""
        self._catch_up()
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
        self._catch_up()
        return self._views.person(person, self._alert_views.open_by_person([person]).get(person.pseudonym, 0))

    def series(
        self, person_id: str, metric: str, from_ms: int | None, to_ms: int | None, step_ms: int | None
    ) -> SeriesView:
        """Values of a metric (a name in `METRICS`); None is open-ended, both ends included."""
        person = self._directory.get(person_id)
        self._catch_up(with_twin=False)
        return self._views.series(person, metric, from_ms, to_ms, step_ms)

    def twin(self, person_id: str) -> TwinView:
        """The learned normal and how the newest values compare."""
        person = self._directory.get(person_id)
        self._catch_up()
        return self._views.twin(person)

    def risk(self, person_id: str) -> RiskView:
        """What the members say."""
        person = self._directory.get(person_id)
        self._catch_up()
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

    def live(self, after: str | None, person_ids: frozenset[str] | None) -> AsyncIterator[LiveEvent]:
        """Events about these people (None: all) after the event with id `after` (None: from now on)."""
        return self._feed.follow(after, person_ids)

    def send_test(self, webhook_id: str) -> DeliveryView:
        """Deliver a message marked as a test to a webhook now, and say what came of it."""
        return self._telling.send_test(webhook_id)

    def health(self) -> HealthView:
        """How the house is; cheap, never blocks on a locked file."""
        head, through = self._log_offset, self._runner.offset
        return self._operations.health(
            now_ms=self.now_ms(),
            people=len(self._directory.everybody()),
            log_head=head,
            processed_through=through,
            lag_ms=self._lag_ms(through),
            deliveries_pending=self._telling.pending(),
            drift=self._drift,
        )

    def metrics_text(self) -> str:
        """Prometheus text exposition 0.0.4; no person ids, no names."""
        return self._operations.metrics_text(self.health(), self._feed.readers)

    def caught_up(self, timeout_s: float) -> bool:
        """Wait until all that was acknowledged is in twin, series and alerts; False when that took longer."""
        ends = time.monotonic() + timeout_s
        head = self._log_offset
        while time.monotonic() < ends:
            if self._runner.offset >= head and self._series.offset >= head and self._telling.caught_up():
                return True
            self._runner.wait_for(head, max(ends - time.monotonic(), 0))
            time.sleep(_POLL_S)
        return False

    # ---------------------------------------------------------------- inside

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

    def _append_for(self, pseudonym: str, kind: str, payload: VerbPayload) -> None:
        now_ms = self.now_ms()
        state = self._head_of(pseudonym)
        # Whoever acts has seen the newest reading, even one from a phone whose clock runs ahead of ours.
        acted_ms = now_ms if state is None else max(now_ms, int(state["last_seen_ms"]) + 1)
        record = NewRecord(pseudonym, kind, acted_ms, now_ms, "", None, _PLAINTEXT, encode(payload))
        self._acknowledge(self._commits.submit([record]).result())
        if not self.caught_up(VERB_SHOWS_S):
            _LOG.warning("A verb is durable but does not show after %g s", VERB_SHOWS_S)

    def _note_events(self, statements: Sequence[Statement]) -> None:
        """Changes of medicines and genes into the log; by their content they get there once."""
        now_ms = self.now_ms()
        records = [
            NewRecord(
                person.pseudonym,
                EVENT,
                stated.stated_ms,
                now_ms,
                "",
                None,
                _PLAINTEXT,
                encode(EventPayload(stated.subject.value, stated.revision, stated.actor)),
            )
            for stated in statements
            if (person := self._directory.find(stated.person_id)) is not None
        ]
        if records:
            self._acknowledge(self._commits.submit(records).result())

    def _findings_changed(self, person_id: str) -> None:
        self._feed.publish(person_id, "findings", lambda: encoded(self.findings(person_id)))

    def _profile_changes(
        self, people: Iterable[Person], now_ms: int, oldest_ms: Mapping[str, int] = MappingProxyType({})
    ) -> list[NewRecord]:
        """What the twin has not been told of these people yet, as records to go before their next reading.

        The first profile counts from that person's oldest reading in this message (`oldest_ms`, by id), so
        that all of them are judged by it; a later one from now, so that it never sorts before the one it
        replaces.
        """
        changed = []
        for person in people:
            if self._profiles.get(person.pseudonym) == person.profile_revision:
                continue
            payload = ProfilePayload.of(person.profile)
            state = self._head_of(person.pseudonym)
            if state is not None and state["profile"] == profile_record(payload):
                self._profiles[person.pseudonym] = person.profile_revision
                continue
            first = state is None and person.pseudonym not in self._profiles
            at_ms = oldest_ms.get(person.id, now_ms) if first else now_ms
            changed.append(
                NewRecord(person.pseudonym, PROFILE, at_ms, now_ms, "", None, person.key_id, encode(payload))
            )
        return changed

    def _head_of(self, pseudonym: str) -> np.void | None:
        states = self._runner.peek(pseudonym)
        return None if states is None else states[1]

    def _committed(self, records: list[LogRecord]) -> None:
        """In the log writer's thread: only pass on."""
        self._runner.feed(records)

    def _acknowledge(self, appended: Sequence[Appended]) -> None:
        """Whoever asks after this answer must find in theirs what is acknowledged by it."""
        self._log_offset = max(self._log_offset, *(result.offset for result in appended))

    def _project(self, records: list[LogRecord]) -> None:
        """In the runner's thread, after the step: values into the series, readings to open browsers."""
        measured = [(record, decode(VITALS, record.payload)) for record in records if record.kind == VITALS]
        oldest_ms = self.now_ms() - self._raw_ms
        rows = []
        for record, payload in measured:
            if isinstance(payload, VitalsPayload) and record.time_ms >= oldest_ms:
                rows += [
                    (record.person, code, record.time_ms, value, payload.quality)
                    for code, value in payload.values.items()
                ]
        self._series.append(rows, records[-1].offset)
        if self._running:
            for record, payload in measured:
                if isinstance(payload, VitalsPayload):
                    self._publish_reading(record, payload)

    def _publish_reading(self, record: LogRecord, payload: VitalsPayload) -> None:
        person = self._directory.by_pseudonym(record.person)
        if person is not None:
            self._feed.publish(person.id, "reading", lambda: _reading(person.id, record.time_ms, payload))

    def _wake(self) -> None:
        self._telling.wake()

    def _told(self, change: EpisodeChange) -> None:
        """In the dispatcher's thread, once an alert row shows a change: to open browsers."""
        person = self._directory.by_pseudonym(change.person)
        if person is None:
            return
        if self._home.kind is HomeKind.LIVE:
            self._operations.alert_seconds.observe(max(self.now_ms() - change.arrived_ms, 0) / 1000)
        self._feed.publish(person.id, "alert", lambda: msgspec.json.encode(self.alert(change.alert_id)))
        self._feed.publish(person.id, "person", lambda: msgspec.json.encode(self.person(person.id)))

    def _catch_up(self, *, with_twin: bool = True) -> None:
        """Wait, not for ever, until what was acknowledged before this question can be seen in the answer."""
        head = self._log_offset
        ends = time.monotonic() + OWN_WRITES_S
        if with_twin and self._runner.offset < head:
            self._runner.wait_for(head, OWN_WRITES_S)
        while self._series.offset < head and time.monotonic() < ends:
            time.sleep(_POLL_S)

    def _lag_ms(self, through: int) -> int:
        if through >= self._log_offset:
            return 0
        waiting = self._log.read(through, 1)
        return max(self.now_ms() - waiting[0].arrived_ms, 0) if waiting else 0

    def _failures(self) -> dict[str, HealthTwinError | None]:
        return {
            "log": self._commits.failure,
            "runner": self._runner.failure,
            "maintenance": self._maintenance.failure,
            "alerts": self._telling.failure,
        }


def _reading(person_id: str, time_ms: int, payload: VitalsPayload) -> bytes:
    values = {METRIC_BY_CODE[code].name: value for code, value in payload.values.items()}
    return msgspec.json.encode({"person": person_id, "t": time_ms, "values": values})


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
