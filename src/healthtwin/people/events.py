"""What happened to people besides being measured: a projection of the log that outlives its trimming."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from healthtwin.people.tables import EventRow
from healthtwin.store.base import PersonRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from healthtwin.store import Tables


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One entry of a person's timeline.

    Attributes:
        id: a hash of what came in, so that a replay finds its own entries again.
        kind: of `healthtwin.domain.EventKind`.
        at_ms: when it happened; arrived_ms: when it was acknowledged.
        severity: 0 (none) to 10 (worst imaginable); None when not stated.
        codes: as the sender coded it.
        actor: id of the grant behind it, never a name.
    """

    id: str
    person_id: str
    kind: str
    at_ms: int
    arrived_ms: int
    text: str
    severity: float | None
    codes: tuple[str, ...]
    actor: str


class Events:
    """The timelines of a house. Every method is one transaction."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def put(self, events: Sequence[StoredEvent]) -> None:
        """Keep them, each under its id once; durable on return.

        Events of somebody who was erased are passed over.
        """
        with self._tables.write() as session:
            people = {event.person_id for event in events}
            # Shared locks: nobody is erased between this look and the insert.
            asked = select(PersonRow.id).where(PersonRow.id.in_(people)).with_for_update(read=True)
            known = set(session.scalars(asked))
            for event in events:
                if event.person_id in known:
                    session.merge(_row(event))

    def forget(self, since_ms: int | None) -> None:
        """Forget what arrived at that time or later (None: everything), so that it can be put anew."""
        gone = delete(EventRow)
        with self._tables.write() as session:
            session.execute(gone if since_ms is None else gone.where(EventRow.arrived_ms >= since_ms))

    def list(self, person_id: str, since_ms: int | None, limit: int) -> Sequence[StoredEvent]:
        """The newest `limit` events, newest first; with `since_ms` only those from then on."""
        query = select(EventRow).where(EventRow.person_id == person_id)
        if since_ms is not None:
            query = query.where(EventRow.at_ms >= since_ms)
        order = (EventRow.at_ms.desc(), EventRow.arrived_ms.desc(), EventRow.id)
        with self._tables.read() as session:
            found = session.scalars(query.order_by(*order).limit(limit))
            return self._tables.sealer.each(EventRow, found, _event)


def _row(event: StoredEvent) -> EventRow:
    return EventRow(
        id=event.id,
        person_id=event.person_id,
        kind=event.kind,
        at_ms=event.at_ms,
        arrived_ms=event.arrived_ms,
        text=event.text,
        severity=event.severity,
        codes=list(event.codes),
        actor=event.actor,
    )


def _event(row: EventRow) -> StoredEvent:
    return StoredEvent(
        row.id,
        row.person_id,
        row.kind,
        row.at_ms,
        row.arrived_ms,
        row.text,
        row.severity,
        tuple(row.codes),
        row.actor,
    )
