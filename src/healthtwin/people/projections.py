"""What is kept of the log to be looked at: values over time, and what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.domain import DAY_MS
from healthtwin.domain.log import EVENT, VITALS
from healthtwin.people.timeline import stored_event
from healthtwin.pipeline import EventPayload, VitalsPayload

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from healthtwin.domain import LogRecord
    from healthtwin.people.events import Events
    from healthtwin.pipeline import Codec
    from healthtwin.room import WhoIsWho
    from healthtwin.store import Series
    from healthtwin.stream import Source


class SeriesOfReadings:
    """Measured values, into the series; it is a `healthtwin.stream.Projection`.

    Args:
        series: where they go; its file says up to which record it has them.
        codec: reads records.
        now_ms: the house's clock. raw_ms: age beyond which a value is no longer kept as such.
    """

    name = "series"
    version = 1

    def __init__(self, series: Series, codec: Codec, now_ms: Callable[[], int], raw_ms: int) -> None:
        self._series = series
        self._codec = codec
        self._now_ms = now_ms
        self._raw_ms = raw_ms

    @property
    def offset(self) -> int:
        """What the file says."""
        return self._series.offset

    def apply(self, batch: Sequence[LogRecord], through_offset: int) -> None:
        """Append the values of these messages."""
        oldest_ms = self._now_ms() - self._raw_ms
        rows = []
        for record in batch:
            if record.kind == VITALS and record.time_ms >= oldest_ms:
                said = self._codec.read(record)
                if isinstance(said, VitalsPayload):
                    rows += [
                        (record.person, code, record.time_ms, value, said.quality)
                        for code, value in said.values.items()
                    ]
        self._series.append(rows, through_offset)

    def sync(self) -> None:
        """Fsync what was appended."""
        self._series.sync()

    def rebuild(self, source: Source[LogRecord]) -> None:
        """Forget what will be appended again: what the log reaches, and is young enough to be kept.

        The first day of both goes on from what stands there: a value that comes again takes its own place.
        """
        reach = source.reach()
        since_ms = self._now_ms() - self._raw_ms
        if reach.since_ms is not None:
            # A phone's clock may run ahead of ours: what arrived before may speak of minutes after.
            since_ms = max(since_ms, reach.since_ms + DAY_MS)
        self._series.forget(since_ms, reach.after)


class Timeline:
    """What happened to people, into the tables; it is a `healthtwin.stream.Projection`.

    Args:
        events: where it goes.
        codec: reads records.
        directory: who is who; what happened to somebody who was erased is passed over.
    """

    name = "timeline"
    version = 1
    offset = None

    def __init__(self, events: Events, codec: Codec, directory: WhoIsWho) -> None:
        self._events = events
        self._codec = codec
        self._directory = directory

    def apply(self, batch: Sequence[LogRecord], through_offset: int) -> None:
        """Keep what happened, under an id that the same record always gets."""
        del through_offset
        happened = [
            stored_event(record, said, person.id)
            for record in batch
            if record.kind == EVENT
            and isinstance(said := self._codec.read(record), EventPayload)
            and (person := self._directory.by_pseudonym(record.person)) is not None
        ]
        if happened:
            self._events.put(happened)

    def sync(self) -> None:
        """Every batch is durable by itself."""

    def rebuild(self, source: Source[LogRecord]) -> None:
        """Forget what the log tells again; what arrived before its first record is kept."""
        since_ms = source.reach().since_ms
        self._events.forget(None if since_ms is None else since_ms + DAY_MS)
