"""What is about people lies on the disk sealed: nobody reads it there, and nobody moves it unnoticed."""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from typing import TYPE_CHECKING

import msgspec
import pytest

from healthtwin.domain import DAY_MS, MINUTE_MS
from healthtwin.domain.errors import CorruptStorage, Gone
from healthtwin.notify.alerts import Alerts
from healthtwin.pipeline import Codec, VitalsPayload
from healthtwin.store import Home, SeriesStore, Tables
from healthtwin.store.keys import KeyStore, open_keys
from healthtwin.store.people import People
from healthtwin.stream import SqliteLog, StateFile
from tests.house.a_house import START, house_at_work

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CANARY = 61.803398875
"""A value that no other bytes are likely to hold."""

FILES = ("log.db", "series.db", "state.db", "records.db")


def bytes_of(value: float) -> list[bytes]:
    """As SQLite, numpy and msgpack write it."""
    return [
        struct.pack(">d", value),
        struct.pack("<d", value),
        struct.pack("<f", value),
        struct.pack(">f", value),
    ]


def on_disk(home: Path, what: bytes) -> list[str]:
    """Files of a home, write-ahead logs included, that hold these bytes."""
    return [path.name for path in sorted(home.rglob("*")) if path.is_file() and what in path.read_bytes()]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of two people with values of two days, an alert each, and nothing plain."""
    path = tmp_path_factory.mktemp("lived") / "home"
    with house_at_work(path) as at_work:
        people = [at_work.person(name) for name in ("Cänary Ada", "Cänary Bob")]
        for n in range(60):
            for person in people:
                at_work.send(person, START + n * MINUTE_MS, heart_rate=CANARY, spo2=71.0)
        for person in people:
            at_work.send(person, START + 3 * DAY_MS, heart_rate=CANARY)
        at_work.house.tidy()
        assert at_work.house.engine.series.size().blocks
        assert Alerts(at_work.house.tables).list()
        held = {found for value in bytes_of(CANARY) for found in on_disk(path, value)}
        assert held == set(), "not even in a write-ahead log, while it is open"
    return path


def test_no_value_name_or_word_of_an_alert_can_be_read(lived: Path) -> None:
    with open_keys(Home.open(lived)) as keys:
        assert isinstance(keys, KeyStore)
        assert keys.status()["people"] == 2
    for what in (*bytes_of(CANARY), *bytes_of(71.0)[:2], "Cänary".encode(), b"heart_rate", b"spo2"):
        assert on_disk(lived, what) == []


def test_a_home_that_encrypts_nothing_would_be_found_out(tmp_path: Path) -> None:
    """The search above finds what is there to be found."""
    with SeriesStore(tmp_path / "series.db") as series:
        series.append([("ada", 1, START, CANARY, 1.0)], 1)
        assert any(on_disk(tmp_path, value) for value in bytes_of(CANARY))


@pytest.fixture
def copy(lived: Path, tmp_path: Path) -> Path:
    for path in lived.rglob("*"):
        if path.is_file():
            target = tmp_path / "home" / path.relative_to(lived)
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            target.write_bytes(path.read_bytes())
            target.chmod(0o600)
    return tmp_path / "home"


def sql(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


@pytest.fixture
def keys(copy: Path) -> Iterator[KeyStore]:
    with open_keys(Home.open(copy)) as keys:
        assert isinstance(keys, KeyStore)
        yield keys


def damaged_in_log(copy: Path, keys: KeyStore) -> int:
    log = SqliteLog(copy / "log.db", decode=Codec(keys).read)
    with closing(log):
        log.read(0, 10_000)
        return len(log.damage)


OTHER = "SELECT payload FROM records AS o WHERE o.kind = 'vitals'"


@pytest.mark.parametrize(
    "moved",
    [
        f"payload = ({OTHER} AND o.person = records.person ORDER BY o.time_ms DESC LIMIT 1)",
        f"payload = ({OTHER} AND o.person <> records.person AND o.time_ms = records.time_ms LIMIT 1)",
        "person = (SELECT person FROM records AS o WHERE o.person <> records.person AND o.person <> '')",
        "key_id = (SELECT key_id FROM records AS o WHERE o.person <> records.person AND o.key_id > 1)",
        "time_ms = time_ms + 1",
        "device = 'd-other'",
        "sequence = 7",
        "kind = 'verb'",
    ],
    ids=["row", "person's row", "person", "key", "time", "device", "sequence", "kind"],
)
def test_a_record_that_was_moved_says_nothing(copy: Path, keys: KeyStore, moved: str) -> None:
    assert damaged_in_log(copy, keys) == 0
    first = "SELECT min(\"offset\") FROM records WHERE kind = 'vitals'"
    change = f'UPDATE records SET checksum = NULL, {moved} WHERE "offset" = ({first})'  # noqa: S608 - ours
    sql(copy / "log.db", change)
    assert damaged_in_log(copy, keys) == 1


def test_a_snapshot_or_a_block_that_was_moved_is_refused(copy: Path, keys: KeyStore) -> None:
    sql(
        copy / "state.db",
        "UPDATE people SET committed = (SELECT committed FROM people WHERE number = 1) WHERE number = 0",
    )
    with closing(StateFile(copy / "state.db", keys=keys)) as state, pytest.raises(CorruptStorage):
        list(state.people())
    sql(
        copy / "series.db",
        "UPDATE block SET (body, rows) = (SELECT body, rows FROM block AS o"
        " WHERE o.person <> block.person AND o.metric = block.metric) WHERE person = 1 AND metric = 1",
        "UPDATE hot SET value = (SELECT value FROM hot AS o WHERE o.person <> hot.person) WHERE person = 1",
    )
    with SeriesStore(copy / "series.db", keys=keys) as series:
        with closing(sqlite3.connect(copy / "series.db")) as database:
            ((pseudonym,),) = database.execute("SELECT pseudonym FROM person WHERE id = 1")
        assert len(series.range(pseudonym, 1, 0, 2**52)[0]) == 0
        assert series.damage


def test_a_change_that_was_moved_to_another_is_not_told(copy: Path, keys: KeyStore) -> None:
    sql(
        copy / "state.db",
        "UPDATE outbox SET payload = (SELECT payload FROM outbox AS o WHERE o.person <> outbox.person)"
        " WHERE id = (SELECT min(id) FROM outbox)",
    )
    with closing(StateFile(copy / "state.db", keys=keys)) as state:
        first, *others = state.outbox(0, 100)
    assert (first.change.payload, all(other.change.payload for other in others)) == (b"", True)


def test_a_writer_that_comes_after_the_key_is_gone_keeps_nothing(copy: Path, keys: KeyStore) -> None:
    """Each with what it held before: a record, rows, a snapshot and a change on their way."""
    home = Home.open(copy)
    with Tables.of(home) as tables:
        ada, bob = People(tables).list()
    codec, log = Codec(keys), SqliteLog(copy / "log.db", decode=Codec(keys).read)
    sent = next(record for record in log.read(0, 1_000) if record.person == ada.pseudonym)
    state = StateFile(copy / "state.db", keys=keys)
    snapshot = next(each for each in state.people() if each.person == ada.pseudonym)
    change = next(row.change for row in state.outbox(0, 10) if row.change.person == ada.pseudonym)
    with closing(log), closing(state), SeriesStore(copy / "series.db", keys=keys) as series:
        series.range(ada.pseudonym, 1, 0, 2**52)
        keys.forget_person(ada.pseudonym, ada.id)
        with pytest.raises(Gone):
            codec.record(VitalsPayload({1: CANARY}), person=ada.pseudonym, time_ms=1, arrived_ms=2)
        series.append(
            [(ada.pseudonym, 1, START + 9, CANARY, 1.0), (bob.pseudonym, 1, START + 9, 60.0, 1.0)], 999
        )
        assert len(series.range(ada.pseudonym, 1, 0, 2**52)[0]) == 0
        assert series.range(bob.pseudonym, 1, START + 9, START + 9)[1].tolist() == [60.0]
        state.save([snapshot], None)
        assert [each.committed for each in state.people() if each.number == snapshot.number] == [b""]
        state.tell([(1_000, msgspec.structs.replace(change, id="another"))], 0)
        assert state.outbox(0, 100)[-1].change.payload == b""
    with closing(SqliteLog(copy / "log.db", decode=Codec(keys).read)) as log:
        assert next(each for each in log.read(0, 1_000) if each.offset == sent.offset).kind == "erased"
        assert not log.damage, "whose key is gone is no damage"
    for value in bytes_of(CANARY):
        assert on_disk(copy, value) == []


def test_values_under_the_name_of_another_are_refused(copy: Path, keys: KeyStore) -> None:
    """Whole: number, key and all."""
    sql(
        copy / "series.db",
        "UPDATE person SET pseudonym = 'x' || pseudonym",
        "UPDATE person SET pseudonym ="
        " (SELECT substr(o.pseudonym, 2) FROM person AS o WHERE o.id <> person.id) WHERE id = 1",
    )
    with closing(sqlite3.connect(copy / "series.db")) as database:
        ((pseudonym,),) = database.execute("SELECT pseudonym FROM person WHERE id = 1")
    with SeriesStore(copy / "series.db", keys=keys) as series, pytest.raises(CorruptStorage):
        series.range(pseudonym, 1, 0, 2**52)
    sql(
        copy / "state.db",
        "UPDATE outbox SET person = (SELECT person FROM outbox AS o WHERE o.person <> outbox.person)"
        " WHERE id = (SELECT min(id) FROM outbox)",
    )
    with closing(StateFile(copy / "state.db", keys=keys)) as state:
        assert state.outbox(0, 1)[0].change.payload == b""
