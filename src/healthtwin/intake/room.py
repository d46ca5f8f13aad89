"""What comes in, made durable: readings, verbs, the passing of time, changed profiles and statements."""

from __future__ import annotations

import asyncio
import logging
import time
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from healthtwin.domain import LEARNED, metric_named
from healthtwin.domain.errors import InvalidInput
from healthtwin.episodes import VITALS_KEY
from healthtwin.intake.outcome import RowOutcome
from healthtwin.pipeline import (
    EVENT,
    PROFILE,
    TICK,
    VERB,
    VITALS,
    EventPayload,
    ProfilePayload,
    TickPayload,
    VerbPayload,
    encode,
    profile_record,
)
from healthtwin.stream import NewRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import numpy as np

    from healthtwin.access.grants import Grant
    from healthtwin.intake.events import NewEvent
    from healthtwin.intake.progress import Progress
    from healthtwin.intake.vitals import VitalsRow
    from healthtwin.people.directory import Directory
    from healthtwin.store.records import Person, Statement
    from healthtwin.stream import GroupCommit, Runner

_LOG: Final = logging.getLogger(__name__)

VERB_SHOWS_S: Final = 5.0
"""How long a click waits until it shows; the verb itself is durable long before."""

_PLAINTEXT: Final = 0


class IntakeRoom:
    """Turns what was accepted into log records and answers once they are on disk.

    Args:
        directory: who is who.
        runner: asked for a person's state, so that the log gets a profile only when the twin lacks it.
        commits: the way into the log.
        progress: told what is acknowledged.
        counted: hears what became of the rows of a message, and how many seconds that took.
        now_ms: the house's clock.
    """

    def __init__(
        self,
        directory: Directory,
        runner: Runner,
        commits: GroupCommit,
        progress: Progress,
        counted: Callable[[Sequence[str], float], None],
        now_ms: Callable[[], int],
        site_offset: Callable[[], float],
    ) -> None:
        self._directory = directory
        self._runner = runner
        self._commits = commits
        self._progress = progress
        self._counted = counted
        self._now_ms = now_ms
        self._site_offset = site_offset
        self._profiles: dict[str, int] = {}

    async def add_event(self, grant: Grant, person_id: str, event: NewEvent) -> RowOutcome:
        """Make something that happened durable.

        Raises:
            StorageFull, StorageBusy: it was not stored.
        """
        person = self._directory.get(person_id)
        record = NewRecord(
            person.pseudonym,
            EVENT,
            event.time_ms,
            self._now_ms(),
            grant.device,
            event.sequence,
            person.key_id,
            encode(event.payload(grant.actor)),
        )
        appended = await asyncio.wrap_future(self._commits.submit([record]))
        self._progress.acknowledge(appended)
        return RowOutcome(appended[0].outcome)

    async def ingest(self, grant: Grant, rows: Sequence[VitalsRow]) -> list[RowOutcome]:
        """Make the rows durable; returns one outcome per row, in order, after the fsync.

        Raises:
            StorageFull, StorageBusy: nothing of this call was stored.
        """
        began = time.perf_counter()
        now_ms = self._now_ms()
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
        self._progress.acknowledge(appended)
        for person in people.values():
            self._profiles[person.pseudonym] = person.profile_revision
        outcomes = [RowOutcome(result.outcome) for result in appended[ahead:]]
        self._counted(outcomes, time.perf_counter() - began)
        return outcomes

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
        self.verb(self._directory.get(person_id).pseudonym, payload)

    def verb(self, pseudonym: str, payload: VerbPayload) -> None:
        """Note what somebody did with an alert; durable on return, and shown unless that takes too long."""
        now_ms = self._now_ms()
        state = self._head_of(pseudonym)
        # Whoever acts has seen the newest reading, even one from a phone whose clock runs ahead of ours.
        acted_ms = now_ms if state is None else max(now_ms, int(state["last_seen_ms"]) + 1)
        record = NewRecord(pseudonym, VERB, acted_ms, now_ms, "", None, _PLAINTEXT, encode(payload))
        self._progress.acknowledge(self._commits.submit([record]).result())
        if not self._progress.caught_up(VERB_SHOWS_S, pseudonym):
            _LOG.warning("A verb is durable but does not show after %g s", VERB_SHOWS_S)

    def tick(self, learned: TickPayload) -> None:
        """Note in the log the time, what the house learned, and profiles that changed without a reading."""
        now_ms = self._now_ms()
        heard_of = set(self._runner.people())
        known = [person for person in self._directory.everybody() if person.pseudonym in heard_of]
        records = self._profile_changes(known, now_ms)
        records.append(NewRecord("", TICK, now_ms, now_ms, "", None, _PLAINTEXT, encode(learned)))
        self._progress.acknowledge(self._commits.submit(records).result())
        for person in known:
            self._profiles[person.pseudonym] = person.profile_revision

    def note_statements(self, statements: Sequence[Statement]) -> None:
        """Changes of medicines, genes and background into the log; by their content they get there once."""
        now_ms = self._now_ms()
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
            self._progress.acknowledge(self._commits.submit(records).result())

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
            payload = ProfilePayload.of(person.profile, self._site_offset())
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
        return head_of(self._runner, pseudonym)


def head_of(runner: Runner, pseudonym: str) -> np.void | None:
    """The newest state of a person; None before the first reading."""
    states = runner.peek(pseudonym)
    return None if states is None else states[1]
