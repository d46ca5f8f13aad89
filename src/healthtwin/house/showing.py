"""What the twin has taken, to where it is looked at: into series and timelines, and to open browsers."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from healthtwin.domain import METRIC_BY_CODE
from healthtwin.people.timeline import event_view, stored_event
from healthtwin.pipeline import EVENT, VITALS, EventPayload, VitalsPayload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from healthtwin.house.live import LiveFeed
    from healthtwin.people.directory import Directory
    from healthtwin.people.events import Events, StoredEvent
    from healthtwin.pipeline import Codec
    from healthtwin.store import Series
    from healthtwin.stream import LogRecord


class Showing:
    """Passes on what the runner and the dispatcher have done.

    Args:
        series: where values go.
        events: where what happened goes.
        feed: open browsers.
        directory: who is who.
        now_ms: the house's clock.
        raw_ms: age beyond which a reading is no longer kept as such.
    """

    def __init__(
        self,
        codec: Codec,
        series: Series,
        events: Events,
        feed: LiveFeed,
        directory: Directory,
        now_ms: Callable[[], int],
        raw_ms: int,
    ) -> None:
        self._codec = codec
        self._series = series
        self._events = events
        self._feed = feed
        self._directory = directory
        self._now_ms = now_ms
        self._raw_ms = raw_ms
        self._live = False

    @contextmanager
    def to_browsers(self) -> Iterator[None]:
        """Within it readings are news; what a start replays is none."""
        self._live = True
        try:
            yield
        finally:
            self._live = False

    def project(self, records: list[LogRecord]) -> None:
        """In the runner's thread, after the step: values into the series, what happened into the timeline.

        The timeline goes first: once the series have taken a batch it is not offered again.
        """
        measured = [(record, self._codec.read(record)) for record in records if record.kind == VITALS]
        oldest_ms = self._now_ms() - self._raw_ms
        rows = []
        for record, payload in measured:
            if isinstance(payload, VitalsPayload) and record.time_ms >= oldest_ms:
                rows += [
                    (record.person, code, record.time_ms, value, payload.quality)
                    for code, value in payload.values.items()
                ]
        happened = [
            (record, payload)
            for record in records
            if record.kind == EVENT and isinstance(payload := self._codec.read(record), EventPayload)
        ]
        told = self._timeline(happened)
        self._series.append(rows, records[-1].offset)
        if self._live:
            for record, payload in measured:
                if isinstance(payload, VitalsPayload):
                    self._reading(record, payload)
            for event in told:
                self._happened(event)

    def _happened(self, event: StoredEvent) -> None:
        self._feed.publish(event.person_id, "event", lambda: _event(event))

    def _timeline(self, happened: Sequence[tuple[LogRecord, EventPayload]]) -> list[StoredEvent]:
        stored = [
            stored_event(record, payload, person.id)
            for record, payload in happened
            if (person := self._directory.by_pseudonym(record.person)) is not None
        ]
        if stored:
            self._events.add(stored)
        return stored

    def _reading(self, record: LogRecord, payload: VitalsPayload) -> None:
        person = self._directory.by_pseudonym(record.person)
        if person is not None:
            self._feed.publish(person.id, "reading", lambda: _reading(person.id, record.time_ms, payload))


def _event(event: StoredEvent) -> bytes:
    return msgspec.json.encode(event_view(event))


def _reading(person_id: str, time_ms: int, payload: VitalsPayload) -> bytes:
    values = {METRIC_BY_CODE[code].name: value for code, value in payload.values.items()}
    return msgspec.json.encode({"person": person_id, "t": time_ms, "values": values})
