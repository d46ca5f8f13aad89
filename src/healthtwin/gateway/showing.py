"""What came out of the twin, to where it is looked at: values into the series, changes to open browsers."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from healthtwin.domain import METRIC_BY_CODE
from healthtwin.pipeline import VITALS, VitalsPayload, decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from healthtwin.alerts import EpisodeChange
    from healthtwin.gateway.directory import Directory
    from healthtwin.gateway.live import LiveFeed
    from healthtwin.gateway.port import AlertView, FindingsView, PersonView
    from healthtwin.store import SeriesStore
    from healthtwin.stream import LogRecord


class Showing:
    """Passes on what the runner and the dispatcher have done.

    Args:
        series: where values go.
        feed: open browsers.
        directory: who is who.
        now_ms: the house's clock.
        raw_ms: age beyond which a reading is no longer kept as such.
    """

    def __init__(
        self,
        series: SeriesStore,
        feed: LiveFeed,
        directory: Directory,
        now_ms: Callable[[], int],
        raw_ms: int,
    ) -> None:
        self._series = series
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
        """In the runner's thread, after the step: values into the series, readings to open browsers."""
        measured = [(record, decode(VITALS, record.payload)) for record in records if record.kind == VITALS]
        oldest_ms = self._now_ms() - self._raw_ms
        rows = []
        for record, payload in measured:
            if isinstance(payload, VitalsPayload) and record.time_ms >= oldest_ms:
                rows += [
                    (record.person, code, record.time_ms, value, payload.quality)
                    for code, value in payload.values.items()
                ]
        self._series.append(rows, records[-1].offset)
        if self._live:
            for record, payload in measured:
                if isinstance(payload, VitalsPayload):
                    self._reading(record, payload)

    def alert(
        self,
        change: EpisodeChange,
        alert_of: Callable[[str], AlertView],
        person_of: Callable[[str], PersonView],
    ) -> None:
        """In the dispatcher's thread, once an alert row shows a change: to open browsers."""
        person = self._directory.by_pseudonym(change.person)
        if person is not None:
            self._feed.publish(person.id, "alert", lambda: msgspec.json.encode(alert_of(change.alert_id)))
            self._feed.publish(person.id, "person", lambda: msgspec.json.encode(person_of(person.id)))

    def findings(self, person_id: str, findings_of: Callable[[str], FindingsView]) -> None:
        """Somebody's findings changed."""
        self._feed.publish(person_id, "findings", lambda: msgspec.json.encode(findings_of(person_id)))

    def _reading(self, record: LogRecord, payload: VitalsPayload) -> None:
        person = self._directory.by_pseudonym(record.person)
        if person is not None:
            self._feed.publish(person.id, "reading", lambda: _reading(person.id, record.time_ms, payload))


def _reading(person_id: str, time_ms: int, payload: VitalsPayload) -> bytes:
    values = {METRIC_BY_CODE[code].name: value for code, value in payload.values.items()}
    return msgspec.json.encode({"person": person_id, "t": time_ms, "values": values})
