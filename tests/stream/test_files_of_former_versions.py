"""What a former version wrote is opened by this one, and nothing in it is told again or lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec

from healthtwin.domain import AlertLevel, AlertState, EpisodeChange, Verb
from healthtwin.domain.log import EPISODE_CHANGE, EVENT
from healthtwin.pipeline import EventPayload, StatementPayload, decode
from healthtwin.stream import Runner, SqliteLog
from tests.stream.heart_step import HeartStep

ADA = "ba75bb794d557bc4c817b000"

BEFORE_KINDS = """
CREATE TABLE progress (
    version TEXT NOT NULL, "offset" INTEGER NOT NULL, clock_ms INTEGER NOT NULL,
    rebuilt_through INTEGER NOT NULL) STRICT;
CREATE TABLE people (
    number INTEGER PRIMARY KEY, person TEXT NOT NULL, watermark INTEGER NOT NULL,
    committed BLOB NOT NULL, head BLOB NOT NULL, pending BLOB NOT NULL, devices BLOB NOT NULL,
    "offset" INTEGER NOT NULL) STRICT;
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY, "offset" INTEGER NOT NULL, change_id TEXT NOT NULL UNIQUE,
    payload BLOB NOT NULL, rebuilt INTEGER NOT NULL) STRICT;
CREATE TABLE told (id INTEGER PRIMARY KEY) STRICT;
"""


def opened(number: int) -> EpisodeChange:
    return EpisodeChange(
        id=f"c-{number}",
        person=ADA,
        alert_id="a-1",
        verb=Verb.OPENED,
        dedup_key="vitals",
        rule="news2",
        level=AlertLevel.WARNING,
        state=AlertState.TRIGGERED,
        started_ms=1,
        at_ms=1,
        arrived_ms=1,
    )


def test_an_outbox_without_kinds_held_episodes(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    changes = [opened(number) for number in range(1, 1501)]
    with closing(sqlite3.connect(path)) as before, before:
        before.executescript(BEFORE_KINDS)
        before.executemany(
            "INSERT INTO outbox VALUES (?, ?, ?, ?, ?)",
            [(n, n, c.id, msgspec.msgpack.encode(c), n % 2) for n, c in enumerate(changes, 1)],
        )
        before.execute("INSERT INTO outbox VALUES (1501, 1501, 'c-1501', x'00', 0)")
        before.execute("INSERT INTO told VALUES (1200)")
    log = SqliteLog(tmp_path / "log.db")
    for _ in range(2):  # the second time there is nothing left to do
        runner = Runner(log, HeartStep(), path)
        assert runner.read_through("alerts") == (1, 1200)
        *rows, damaged = runner.outbox(0, 10_000, EPISODE_CHANGE)
        assert [(row.id, row.offset, row.change, row.rebuilt) for row in rows] == [
            (n, n, change.as_change(), n % 2 == 1) for n, change in enumerate(changes, 1)
        ]
        assert (damaged.change.person, damaged.change.payload) == ("", b"\x00")
        runner.stop(save=False)
    log.close()


def test_a_file_whose_outbox_was_never_told_begins_with_its_first_row(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "state.db")) as before, before:
        before.executescript(BEFORE_KINDS)
    log = SqliteLog(tmp_path / "log.db")
    runner = Runner(log, HeartStep(), tmp_path / "state.db")
    assert runner.read_through("alerts") == (0, 0)
    assert runner.outbox(0, 1) == []
    runner.stop(save=False)
    log.close()


def test_a_statement_was_an_event_once() -> None:
    written = msgspec.msgpack.encode(("medicines", 3, "t-clinician", "", None, ()))
    assert decode(EVENT, written) == StatementPayload("medicines", 3, "t-clinician")
    told = msgspec.msgpack.encode(("symptom", 0, "g-1", "dizzy", 3.0, ("R42",)))
    assert decode(EVENT, told) == EventPayload("symptom", 0, "g-1", "dizzy", 3.0, ("R42",))
