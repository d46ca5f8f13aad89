"""Everything that a home knows about a person, in plain files: JSON, and CSV for values over time."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from healthtwin.domain import METRIC_BY_CODE, METRICS, from_ms
from healthtwin.domain.errors import InvalidInput
from healthtwin.domain.log import ERASED
from healthtwin.house.rooms import ROOMS
from healthtwin.pipeline import Codec, VitalsPayload
from healthtwin.pipeline.state import LEARNED
from healthtwin.room import ExportPart
from healthtwin.store import SeriesStore, Tables
from healthtwin.store.erasure import rows_about
from healthtwin.store.people import People
from healthtwin.stream import SqliteLog, StateFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from healthtwin.store import Bins, Home

JSON: Final = "application/json"
JSON_LINES: Final = "application/x-ndjson"
CSV: Final = "text/csv"

_FOR_EVER_MS: Final = 2**52
_RECORDS: Final = 1_000

README: Final = """Everything that this home keeps about one person.

tables/NAME.json   what is kept in rows: the person and their profile, what was stated (medicines, genes,
                   background), what happened, alerts and who was told, devices
sharing.json       who can see all this, or could with a link that is out
series/NAME.csv    every value of a metric, in the metric's unit; quality is 0 to 1
series/NAME.days.csv  one line a day (UTC), kept longer than the values
log.jsonl          each message as it came in, as far back as the log goes
twin.json          what was learned from all this

Times are milliseconds since 1970-01-01 UTC, and beside values also in words. Keys and hashes that open doors
are left out.
"""


def parts_about(home: Home, person_id: str) -> Iterator[ExportPart]:
    """Everything about a person, read from the files of a home; it may be served meanwhile.

    The chunks of a part must be read before the next part is asked for.

    Raises:
        NotFound: no such person.
    """
    with ExitStack() as files:
        tables = files.enter_context(Tables.of(home))
        person = People(tables).get(person_id)
        pseudonym = person.pseudonym
        yield ExportPart("README.txt", "text/plain", [README.encode()])
        for name, rows in rows_about(tables, person_id):
            yield ExportPart(f"tables/{name}.json", JSON, [_pretty(rows)])
        for room in ROOMS:
            yield from room.export(home, tables, person)
        if home.series_path.exists():
            series = files.enter_context(SeriesStore(home.series_path))
            for metric in METRICS.values():
                t, v, quality = series.range_with_quality(pseudonym, metric.code, -_FOR_EVER_MS, _FOR_EVER_MS)
                if len(t):
                    rows_of = zip(t.tolist(), v.tolist(), quality.tolist(), strict=True)
                    yield ExportPart(f"series/{metric.name}.csv", CSV, _csv(rows_of))
                days = series.daily(pseudonym, metric.code, -_FOR_EVER_MS, _FOR_EVER_MS)
                if len(days):
                    yield ExportPart(f"series/{metric.name}.days.csv", CSV, _csv_of_days(days))
        if home.log_path.exists():
            log = SqliteLog(home.log_path, decode=Codec().read)
            files.callback(log.close)
            yield ExportPart("log.jsonl", JSON_LINES, _records(log, pseudonym))
        if home.state_path.exists():
            state = StateFile(home.state_path)
            files.callback(state.close)
            yield from _twin(state, pseudonym)


def export_to(home: Home, person_id: str, file: Path | str) -> list[str]:
    """Write everything about a person into one new ZIP file, readable by its owner alone.

    Returns:
        The names of the files in it.

    Raises:
        InvalidInput: the file exists already, or its folder does not.
        NotFound: no such person; nothing is left behind.
    """
    target = Path(file).expanduser().absolute()
    if target.exists() or not target.parent.is_dir():
        raise InvalidInput("--out", str(file), "a file that does not exist yet, in a folder that does")
    partial = target.with_name(f".{target.name}.partial")
    names = []
    try:
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as packed:
            for part in parts_about(home, person_id):
                names.append(part.name)
                with packed.open(part.name, "w", force_zip64=True) as into:
                    for chunk in part.chunks:
                        into.write(chunk)
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return names


def _records(log: SqliteLog, pseudonym: str) -> Iterator[bytes]:
    codec, after = Codec(), 0
    while records := log.about(pseudonym, after, _RECORDS):
        after = records[-1].offset
        for record in records:
            if record.kind == ERASED:  # damaged: it says nothing any more
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
            yield msgspec.json.encode(told) + b"\n"


def _said(payload: msgspec.Struct) -> dict[str, object]:
    said = {name: getattr(payload, name) for name in payload.__struct_fields__}
    if isinstance(payload, VitalsPayload):
        said["values"] = {METRIC_BY_CODE[code].name: value for code, value in payload.values.items()}
    return said


def _csv(rows: Iterable[tuple[int, float, float]]) -> Iterator[bytes]:
    yield b"time_ms,time,value,quality\r\n"
    for time_ms, value, quality in rows:
        line = io.StringIO()
        csv.writer(line).writerow((time_ms, from_ms(time_ms).isoformat(), value, round(quality, 3)))
        yield line.getvalue().encode()


def _csv_of_days(days: Bins) -> Iterator[bytes]:
    yield b"day_ms,day,mean,minimum,maximum,count\r\n"
    columns = (days.t, days.mean, days.minimum, days.maximum, days.count)
    for day_ms, *figures in zip(*(column.tolist() for column in columns), strict=True):
        told = ",".join(map(str, figures))
        yield f"{day_ms},{from_ms(day_ms).date().isoformat()},{told}\r\n".encode()


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
