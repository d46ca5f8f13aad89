"""What comes in, made durable: readings, verbs, the passing of time, changed profiles and statements."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from healthtwin.domain import LEARNED, EventKind, metric_named
from healthtwin.domain.errors import Gone, InvalidInput
from healthtwin.domain.symptoms import symptoms_in
from healthtwin.episodes import VITALS_KEY
from healthtwin.intake.fast_clocks import FastClocks
from healthtwin.intake.outcome import RowOutcome
from healthtwin.intake.statement_log import StatementLog
from healthtwin.pipeline import ProfilePayload, StatementPayload, TickPayload, VerbPayload, profile_record
from healthtwin.room import Room

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from contextlib import ExitStack
    from typing import Self

    from healthtwin.access import Grant
    from healthtwin.domain import NewRecord
    from healthtwin.intake.events import NewEvent
    from healthtwin.intake.vitals import VitalsRow
    from healthtwin.room import Ports
    from healthtwin.store.erasure import Leaving
    from healthtwin.store.people import Person
    from healthtwin.store.statements import Statement

_LOG: Final = logging.getLogger(__name__)

MANY_ROWS: Final = 500
"""More of them in one message are made into records beside the event loop."""

VERB_SHOWS_S: Final = 5.0
"""How long a click waits until it shows; the verb itself is durable long before."""


class IntakeRoom(Room):
    """Turns what was accepted into log records and answers once they are on disk."""

    name = "intake"

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._profiles: dict[str, int] = {}
        self._ticked_revision: int | None = None
        self._fast_clocks = FastClocks()
        ports.note_verb = self.verb
        ports.fast_clocks = lambda person_id: self._fast_clocks.of(person_id, ports.now_ms())
        ports.bring_statements = StatementLog(ports.tables, self.note_statements).bring

    @classmethod
    def open(cls, ports: Ports, undo: ExitStack) -> Self:
        """Nothing to close."""
        del undo
        return cls(ports)

    async def add_event(self, grant: Grant, person_id: str, event: NewEvent) -> RowOutcome:
        """Make something that happened durable.

        Raises:
            StorageFull, StorageBusy: it was not stored.
        """
        person = self._ports.directory.get(person_id)
        record = self._ports.codec.record(
            event.payload(grant.actor),
            person=person.pseudonym,
            time_ms=event.time_ms,
            arrived_ms=self._ports.now_ms(),
            device=grant.device,
            sequence=event.sequence,
        )
        records = [record]
        felt = symptoms_in(event.text, event.codes) if event.kind is EventKind.SYMPTOM else 0
        if felt:  # the timeline has what was said, the twin what it may make of a value
            records.append(
                self._ports.codec.record(
                    VerbPayload("feel", VITALS_KEY, 0, actor=grant.actor, columns=int(felt)),
                    person=person.pseudonym,
                    time_ms=event.time_ms,
                    arrived_ms=record.arrived_ms,
                )
            )
        appended = await self._ports.journal.append(records)
        return RowOutcome(appended[0].outcome)

    async def ingest(self, grant: Grant, rows: Sequence[VitalsRow]) -> list[RowOutcome]:
        """Make the rows durable; returns one outcome per row, in order, after the fsync.

        Raises:
            StorageFull, StorageBusy: nothing of this call was stored.
        """
        began = time.perf_counter()
        now_ms = self._ports.now_ms()
        oldest_ms: dict[str, int] = {}
        for row in rows:
            oldest_ms[row.person] = min(oldest_ms.get(row.person, now_ms), row.time_ms)
        people = {person_id: self._ports.directory.get(person_id) for person_id in oldest_ms}
        records = self._profile_changes(people.values(), now_ms, oldest_ms)
        ahead = len(records)
        if len(rows) > MANY_ROWS:
            records += await asyncio.to_thread(self._records_of, grant, rows, people, now_ms)
        else:
            records += self._records_of(grant, rows, people, now_ms)
        appended = await self._ports.journal.append(records)
        for person_id in people:  # who was erased meanwhile leaves nothing, and nobody is told otherwise
            self._ports.directory.get(person_id)
        for person in people.values():
            self._profiles[person.pseudonym] = person.profile_revision
        self._fast_clocks.taken(grant.device, people)
        outcomes = [RowOutcome(result.outcome) for result in appended[ahead:]]
        self._ports.counters.ingested(outcomes, time.perf_counter() - began)
        return outcomes

    def refuse_ahead(self, grant: Grant, ahead_ms: Mapping[str, int]) -> None:
        """Remember that a device's readings of these people, by id, were refused as of a time yet to come."""
        self._fast_clocks.refused(grant.device, ahead_ms, self._ports.now_ms())

    def fast_clocks(self) -> int:
        """How many devices' clocks are ahead, as far as they were refused lately."""
        return self._fast_clocks.count(self._ports.now_ms())

    def _records_of(
        self, grant: Grant, rows: Sequence[VitalsRow], people: Mapping[str, Person], now_ms: int
    ) -> list[NewRecord]:
        return [
            self._ports.codec.record(
                row.payload,
                person=people[row.person].pseudonym,
                time_ms=row.time_ms,
                arrived_ms=now_ms,
                device=grant.device,
                sequence=row.sequence,
            )
            for row in rows
        ]

    def confirm_new_normal(self, grant: Grant, person_id: str, metrics: Sequence[str]) -> None:
        """What deviates now is this person's new usual (empty `metrics`: all); through the log.

        Raises:
            NotFound: no such person.
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
        self.verb(self._ports.directory.get(person_id).pseudonym, payload)

    def forget(self, leaving: Leaving) -> None:
        """Which profile the log was last told, and which clocks are ahead."""
        self._profiles.pop(leaving.pseudonym, None)
        self._fast_clocks.forget(leaving.id)

    def verb(self, pseudonym: str, payload: VerbPayload) -> None:
        """Note what somebody did with an alert; durable on return, and shown unless that takes too long."""
        now_ms = self._ports.now_ms()
        state = self._ports.state_of(pseudonym)
        # Whoever acts has seen the newest reading, even one from a phone whose clock runs ahead of ours.
        acted_ms = now_ms if state is None else max(now_ms, int(state["last_seen_ms"]) + 1)
        record = self._ports.codec.record(payload, person=pseudonym, time_ms=acted_ms, arrived_ms=now_ms)
        self._ports.journal.append_and_wait([record])
        if not self._ports.journal.caught_up(VERB_SHOWS_S, pseudonym):
            _LOG.warning("A verb is durable but does not show after %g s", VERB_SHOWS_S)

    def tick(self, learned: TickPayload) -> None:
        """Note in the log the time, what the house learned, and profiles that changed without a reading."""
        now_ms = self._ports.now_ms()
        revision, known = self._ports.directory.revision(), []
        if (
            revision != self._ticked_revision
        ):  # a million people are not gone through every minute for nothing
            heard_of = set(self._ports.runner.people())
            known = [person for person in self._ports.directory.everybody() if person.pseudonym in heard_of]
        records = self._profile_changes(known, now_ms)
        records.append(self._ports.codec.record(learned, time_ms=now_ms, arrived_ms=now_ms))
        self._ports.journal.append_and_wait(records)
        for person in known:
            self._profiles[person.pseudonym] = person.profile_revision
        self._ticked_revision = revision

    def note_statements(self, statements: Sequence[Statement]) -> None:
        """Changes of medicines, genes and background into the log; by their content they get there once."""
        now_ms = self._ports.now_ms()
        records = []
        for stated in statements:
            person = self._ports.directory.find(stated.person_id)
            if person is None:
                continue
            payload = StatementPayload(stated.subject.value, stated.revision, stated.actor)
            with suppress(Gone):  # erased a moment ago
                records.append(
                    self._ports.codec.record(
                        payload, person=person.pseudonym, time_ms=stated.stated_ms, arrived_ms=now_ms
                    )
                )
        if records:
            self._ports.journal.append_and_wait(records)

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
            payload = ProfilePayload.of(person.profile, self._ports.site_offset())
            known = self._ports.runner.glance(person.pseudonym, "profile")
            if known is not None and known == profile_record(payload):
                self._profiles[person.pseudonym] = person.profile_revision
                continue
            first = known is None and person.pseudonym not in self._profiles
            at_ms = oldest_ms.get(person.id, now_ms) if first else now_ms
            with suppress(Gone):  # erased a moment ago: there is nobody left to tell of
                changed.append(
                    self._ports.codec.record(
                        payload, person=person.pseudonym, time_ms=at_ms, arrived_ms=now_ms
                    )
                )
        return changed
