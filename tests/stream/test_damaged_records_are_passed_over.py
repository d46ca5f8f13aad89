"""A log whose file was changed from outside: what is damaged is named and passed over; the rest is read."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.domain import LogRecord, NewRecord
from healthtwin.domain.errors import CorruptStorage
from healthtwin.domain.log import ERASED, VITALS
from healthtwin.pipeline import Codec
from healthtwin.pipeline.messages import VitalsPayload
from healthtwin.stream import SqliteLog
from healthtwin.stream.record import checksum

if TYPE_CHECKING:
    from pathlib import Path

CODEC = Codec()
NOON_MS = 1_772_366_400_000


def reading(number: int) -> NewRecord:
    return CODEC.record(
        VitalsPayload({1: 60.0 + number}),
        person="ba75",
        time_ms=NOON_MS + number,
        arrived_ms=NOON_MS + number,
        device="d-1",
        sequence=number,
    )


def filled(path: Path, count: int = 10) -> list[LogRecord]:
    with closing(SqliteLog(path)) as log:
        log.append([reading(number) for number in range(count)])
        return log.read(0, count)


def change(path: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA writable_schema=ON")
        database.execute(statement, values)


DAMAGE = {
    "payload": "UPDATE records SET payload = CAST(x'93' || substr(payload, 2) AS BLOB) WHERE \"offset\" = 4",
    "one bit of a value": "UPDATE records SET payload = "
    "CAST(substr(payload, 1, 8) || x'41' || substr(payload, 10) "
    'AS BLOB) WHERE "offset" = 4',
    "nothing left": "UPDATE records SET payload = x'' WHERE \"offset\" = 4",
    "somebody else's": "UPDATE records SET person = 'ca75' WHERE \"offset\" = 4",
    "another kind": "UPDATE records SET kind = 'vitalt' WHERE \"offset\" = 4",
    "another time": 'UPDATE records SET time_ms = time_ms + 1 WHERE "offset" = 4',
    "another arrival": 'UPDATE records SET arrived_ms = arrived_ms * 2 WHERE "offset" = 4',
    "another device": "UPDATE records SET device = 'd-2' WHERE \"offset\" = 4",
    "another sequence": 'UPDATE records SET sequence = 99 WHERE "offset" = 4',
    "another key": 'UPDATE records SET key_id = 7 WHERE "offset" = 4',
    "no text": "UPDATE records SET person = CAST(x'ff00' AS TEXT) WHERE \"offset\" = 4",
    "another checksum": 'UPDATE records SET checksum = 1 WHERE "offset" = 4',
}


@pytest.mark.parametrize("what", DAMAGE)
def test_whatever_changed_in_a_record_it_is_named_and_the_others_are_read(tmp_path: Path, what: str) -> None:
    path = tmp_path / "log.db"
    before = filled(path)
    change(path, DAMAGE[what])
    with closing(SqliteLog(path, decode=CODEC.read)) as log:
        for after in (log.read(0, 100), log.at([*range(1, 11)])):
            assert [record.offset for record in after] == [*range(1, 11)]
            assert after[:3] + after[4:] == before[:3] + before[4:]
            assert (after[3].kind, after[3].person, after[3].payload) == (ERASED, "", b"")
        assert list(log.damage) == [4]
        assert log.append([reading(10)])[0].offset == 11, "what comes is still taken"


def test_a_record_of_a_former_version_has_no_checksum_and_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    before = filled(path)
    change(path, "ALTER TABLE records DROP COLUMN checksum")
    with closing(SqliteLog(path, decode=CODEC.read)) as log:
        log.append([reading(10)])
        assert log.read(0, 10) == before
        assert len(log.read(0, 100)) == 11
        assert not log.damage
    change(path, "UPDATE records SET payload = x'00' WHERE \"offset\" IN (2, 11)")
    with closing(SqliteLog(path, decode=CODEC.read)) as log:
        log.read(0, 100)
        assert set(log.damage) == {2, 11}, "what nobody can decode is found without one"


def test_a_damaged_page_costs_its_own_records(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    before = filled(path, 2_000)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        pages = [
            number
            for (number,) in database.execute(
                "SELECT pageno FROM dbstat WHERE name = 'records' AND pagetype = 'leaf' ORDER BY pageno"
            )
        ]
    with path.open("r+b") as file:
        file.seek((pages[len(pages) // 2] - 1) * 4096)
        file.write(b"\x00" * 64)
    with closing(SqliteLog(path, decode=CODEC.read)) as log:
        after = log.read(0, 3_000)
        assert log.damage
        assert len(log.damage) < 200
    told = {record.offset: record for record in after if record.kind == VITALS}
    assert {record.offset for record in before} - set(told) == set(log.damage)
    assert all(told[record.offset] == record for record in before if record.offset in told)


@settings(max_examples=200, deadline=None)
@given(
    st.integers(1, 2**40),
    st.binary(max_size=40),
    st.text(max_size=8),
    st.integers(0, 2**40),
    st.data(),
)
def test_no_two_records_that_differ_in_anything_share_a_checksum(
    offset: int, payload: bytes, person: str, time_ms: int, data: st.DataObject
) -> None:
    record = NewRecord(person, VITALS, time_ms, time_ms, "d-1", 7, 0, payload)
    field = data.draw(
        st.sampled_from(["person", "kind", "time_ms", "device", "sequence", "payload", "offset"])
    )
    written = checksum(record, offset)
    if field == "offset":
        assert checksum(record, offset + 1) != written
        return
    columns = {name: getattr(record, name) for name in NewRecord.__struct_fields__}
    kind = {bytes: st.binary(max_size=40), str: st.text(max_size=8), int: st.integers(0, 2**40)}
    other = data.draw(kind[type(columns[field])].filter(lambda value: value != columns[field]))
    assert checksum(NewRecord(**{**columns, field: other}), offset) != written


def test_a_file_that_is_no_log_at_all_is_still_refused(tmp_path: Path) -> None:
    (tmp_path / "log.db").write_bytes(b"no database at all, but long enough to be looked at as one" * 100)
    with pytest.raises(CorruptStorage, match=r"log\.db: the file is damaged"):
        SqliteLog(tmp_path / "log.db")
