"""What happened to a person, read back from the log as a timeline."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Final

from healthtwin.people.answers import EventView
from healthtwin.people.events import StoredEvent
from healthtwin.stream import content_digest

if TYPE_CHECKING:
    from healthtwin.pipeline import EventPayload
    from healthtwin.stream import LogRecord

MOST_LISTED: Final = 1_000
"""Events in one answer."""


def stored_event(record: LogRecord, payload: EventPayload, person_id: str) -> StoredEvent:
    """The timeline's entry for a log record; of the same record always the same."""
    seed = f"{record.device}\x00{record.sequence}\x00".encode() + content_digest(record)
    digest = hashlib.blake2b(seed, digest_size=10).digest()
    return StoredEvent(
        id="e-" + base64.b32encode(digest).decode().lower(),
        person_id=person_id,
        kind=payload.subject,
        at_ms=record.time_ms,
        arrived_ms=record.arrived_ms,
        text=payload.text,
        severity=payload.severity,
        codes=payload.codes,
        actor=payload.actor,
    )


def event_view(stored: StoredEvent) -> EventView:
    """An entry as it is shown."""
    return EventView(
        stored.id,
        stored.person_id,
        stored.kind,
        stored.at_ms,
        stored.text,
        stored.severity,
        stored.codes,
        stored.actor,
    )
