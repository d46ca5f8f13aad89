"""What was measured and what happened, to open browsers the moment it is in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from healthtwin.domain import METRIC_BY_CODE
from healthtwin.domain.log import EVENT, VITALS
from healthtwin.people import event_view, levels, stored_event
from healthtwin.pipeline import EventPayload, VitalsPayload

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from healthtwin.domain import LogRecord
    from healthtwin.house.live import LiveFeed
    from healthtwin.people import Directory
    from healthtwin.pipeline import Codec, Payload
    from healthtwin.store.people import Person
    from healthtwin.stream import Source


class LiveReadings:
    """News for browsers; it is a `healthtwin.stream.Projection` that keeps nothing.

    Args:
        feed: open browsers.
        codec: reads records.
        directory: who is who.
        offset: the log's head when the house was opened: what it held before is no news.
    """

    name = "live"
    version = 1

    def __init__(self, feed: LiveFeed, codec: Codec, directory: Directory, offset: int) -> None:
        self._feed = feed
        self._codec = codec
        self._directory = directory
        self.offset = offset

    def apply(self, batch: Sequence[LogRecord], through_offset: int) -> None:
        """Publish readings and events; each record once in the life of a house."""
        news = [record for record in batch if record.offset > self.offset and record.kind in {VITALS, EVENT}]
        # Asked once for each person: every question looks into the tables, and an import has many records.
        people = {
            pseudonym: self._directory.by_pseudonym(pseudonym)
            for pseudonym in {record.person for record in news}
        }
        for record in news:
            person = people[record.person]
            if person is not None:
                self._publish(person, record, self._codec.read(record))
        self.offset = max(self.offset, through_offset)

    def sync(self) -> None:
        """There is nothing to keep."""

    def rebuild(self, source: Source[LogRecord]) -> None:
        """Nobody is told old news."""

    def _publish(self, person: Person, record: LogRecord, said: Payload) -> None:
        if isinstance(said, VitalsPayload):
            self._feed.publish(person.id, "reading", _reading(person, record.time_ms, said))
        elif isinstance(said, EventPayload):
            event = stored_event(record, said, person.id)
            self._feed.publish(person.id, "event", lambda: msgspec.json.encode(event_view(event)))


def _reading(person: Person, time_ms: int, said: VitalsPayload) -> Callable[[], bytes]:
    def render() -> bytes:
        values = {METRIC_BY_CODE[code].name: value for code, value in said.values.items()}
        beyond = levels(person.profile, values, time_ms, values.get("activity_level"))
        return msgspec.json.encode({"person": person.id, "t": time_ms, "values": values, "levels": beyond})

    return render
