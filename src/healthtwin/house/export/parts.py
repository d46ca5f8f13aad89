"""Everything that a home knows about a person, file by file: for people, other systems, spreadsheets."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import msgspec

from healthtwin.domain import METRIC_BY_CODE
from healthtwin.domain.log import ERASED
from healthtwin.house.export.fhir import bundle_of
from healthtwin.house.export.overview import Overview
from healthtwin.house.export.page import index_page
from healthtwin.house.export.values import Readings, csv_of, csv_of_days, parquet_of
from healthtwin.house.export.wanted import Wanted
from healthtwin.house.rooms import ROOMS
from healthtwin.pipeline import Codec, VitalsPayload
from healthtwin.pipeline.state import LEARNED
from healthtwin.room import ExportPart
from healthtwin.store import SeriesStore, Tables
from healthtwin.store.erasure import rows_about
from healthtwin.store.people import People
from healthtwin.stream import SqliteLog, StateFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from healthtwin.store import Home
    from healthtwin.store.people import Person

JSON: Final = "application/json"
JSON_LINES: Final = "application/x-ndjson"
CSV: Final = "text/csv"
PARQUET: Final = "application/vnd.apache.parquet"
FHIR: Final = "application/fhir+json"
HTML: Final = "text/html; charset=utf-8"

_RECORDS: Final = 1_000

AT: Final[Mapping[str, str]] = {
    "alerts": "raised_ms",
    "alert_changes": "at_ms",
    "alert_notes": "at_ms",
    "deliveries": "created_ms",
    "receipts": "at_ms",
    "events": "at_ms",
    "findings": "found_ms",
}
"""Tables of what happened at a time, and which of their columns says when; all others hold what stands."""

README: Final = """Everything that this home keeps about one person. Begin with index.html.

index.html         what is here, in words, with each year in figures
fhir/bundle.json   for another system: one HL7 FHIR R4 Bundle with the person, what was stated (medicines,
                   allergies, conditions, genes), every day's readings, alerts and who was told
series/NAME.csv    every value of a metric, in the metric's unit; quality is 0 to 1
series/NAME.parquet  the same for programs, where it was asked for
series/NAME.days.csv  one line a day (UTC), kept longer than the values
alerts.json        alerts in words: why, who was told, what became of them
tables/NAME.json   what is kept in rows: the person and their profile, what was stated (medicines, genes,
                   background), what happened, alerts and who was told, devices
sharing.json       who can see all this, or could with a link that is out
audit.jsonl        who looked at it, when, and as what
log.jsonl          each message as it came in, as far back as the log goes
twin.json          what was learned from all this

In the bundle, a day's readings of one metric are one Observation with SampledData where they lie on a grid
of time; up to 24 that do not are one Observation each; of more there is the day's mean, lowest and highest
value, and every single one is in series/NAME.csv.

Times are milliseconds since 1970-01-01 UTC, and beside values also in words. Keys and hashes that open doors
are left out. This file is not encrypted: whoever has it can read it.
"""


def parts_about(
    home: Home, person_id: str, wanted: Wanted | None = None, tables: Tables | None = None
) -> Iterator[ExportPart]:
    """Everything about a person, read from the files of a home; it may be served meanwhile.

    The chunks of a part must be read before the next part is asked for. Words are in the language that is
    being spoken.

    Args:
        wanted: None: everything. tables: of the home, where they stand open.

    Raises:
        NotFound: no such person.
    """
    wanted = wanted or Wanted()
    with ExitStack() as files:
        tables = tables or files.enter_context(Tables.of(home))
        person = People(tables).get(person_id)
        overview = Overview(person, wanted.made_ms, wanted.from_ms, wanted.to_ms)
        for part in _parts(home, tables, person, wanted, overview, files):
            overview.files.append(part.name)
            yield part
        yield ExportPart("index.html", HTML, [index_page(overview).encode()])


def _parts(
    home: Home, tables: Tables, person: Person, wanted: Wanted, overview: Overview, files: ExitStack
) -> Iterator[ExportPart]:
    pseudonym = person.pseudonym
    yield ExportPart("README.txt", "text/plain", [README.encode()])
    rows = {
        name: [row for row in found if name not in AT or wanted.holds(row.get(AT[name]))]
        for name, found in rows_about(tables, person.id)
    }
    overview.rows = {name: len(found) for name, found in rows.items()}
    for name, found in rows.items():
        yield ExportPart(f"tables/{name}.json", JSON, [_pretty(found)])
    for room in ROOMS:
        yield from room.export(home, tables, person)
    readings = None
    if home.series_path.exists():
        series = files.enter_context(SeriesStore(home.series_path, keys=tables.keys))
        readings = Readings(series, pseudonym, wanted.from_ms, wanted.to_ms)
    yield ExportPart("fhir/bundle.json", FHIR, bundle_of(home, tables, person, rows, readings, wanted))
    if readings is not None:
        yield from _values(readings, wanted, overview)
    if home.log_path.exists():
        codec = Codec(tables.keys)
        log = SqliteLog(home.log_path, decode=codec.read)
        files.callback(log.close)
        yield ExportPart("log.jsonl", JSON_LINES, _records(log, codec, pseudonym, wanted))
    if home.state_path.exists():
        state = StateFile(home.state_path, keys=tables.keys)
        files.callback(state.close)
        yield from _twin(state, pseudonym)


def _values(readings: Readings, wanted: Wanted, overview: Overview) -> Iterator[ExportPart]:
    for metric in readings.metrics:
        days = readings.days(metric)
        overview.add_days(metric, days)
        if readings.has_values(metric):
            yield ExportPart(f"series/{metric.name}.csv", CSV, csv_of(readings.spans(metric)))
            if wanted.parquet:
                parquet = parquet_of(readings.spans(metric))
                yield ExportPart(f"series/{metric.name}.parquet", PARQUET, parquet)
        if len(days):
            yield ExportPart(f"series/{metric.name}.days.csv", CSV, csv_of_days(days))


def _records(log: SqliteLog, codec: Codec, pseudonym: str, wanted: Wanted) -> Iterator[bytes]:
    after = 0
    while records := log.about(pseudonym, after, _RECORDS):
        after = records[-1].offset
        lines = []
        for record in records:
            # What is damaged says nothing any more.
            if record.kind == ERASED or not wanted.holds(record.time_ms):
                continue
            payload = codec.read(record)
            told = {
                "kind": record.kind,
                "time_ms": record.time_ms,
                "arrived_ms": record.arrived_ms,
                "device": record.device,
                "sequence": record.sequence,
                "payload": _said(payload),
            }
            lines.append(msgspec.json.encode(told) + b"\n")
        yield b"".join(lines)


def _said(payload: msgspec.Struct) -> dict[str, object]:
    said = {name: getattr(payload, name) for name in payload.__struct_fields__}
    if isinstance(payload, VitalsPayload):
        said["values"] = {METRIC_BY_CODE[code].name: value for code, value in payload.values.items()}
    return said


def _twin(state: StateFile, pseudonym: str) -> Iterator[ExportPart]:
    import numpy as np

    for snapshot in state.people():
        if snapshot.person == pseudonym and len(snapshot.head) >= LEARNED.itemsize:
            head = np.frombuffer(snapshot.head[: LEARNED.itemsize], LEARNED)[0]
            yield ExportPart("twin.json", JSON, [_pretty(_plain(head))])


def _plain(value: object) -> object:
    """A numpy record as JSON data; a number that is none becomes null."""
    import numpy as np

    if isinstance(value, np.void) and value.dtype.names is not None:
        return {name: _plain(value[name]) for name in value.dtype.names}
    if isinstance(value, np.ndarray):
        return [_plain(each) for each in value]
    plain = value.item() if isinstance(value, np.generic) else value
    return plain.decode("utf-8", "replace") if isinstance(plain, bytes) else plain


def _pretty(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1)
