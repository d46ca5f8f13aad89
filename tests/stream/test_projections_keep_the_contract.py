"""Everything that a house keeps of its log or outbox passes the suite in `projection_contract`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from healthtwin.cli.rebuild import PROJECTIONS
from healthtwin.domain import DAY_MS, HOUR_MS, METRICS, AlertLevel, AlertState, EpisodeChange, Profile, Verb
from healthtwin.notify import AlertRows, Alerts
from healthtwin.people import Directory, Events
from healthtwin.people.projections import SeriesOfReadings, Timeline
from healthtwin.pipeline import Codec, EventPayload, StatementPayload, VitalsPayload
from healthtwin.store import SeriesStore, Tables
from healthtwin.store.people import People
from healthtwin.stream import LogRecord, OutboxRow, Projection
from healthtwin.stream.record import placed
from tests.stream.projection_contract import History, Places, ProjectionContract

START_MS = 1_772_366_400_000
CODEC = Codec()
HEART_RATE = METRICS["heart_rate"].code


def logged(person: str) -> History:
    """Readings, symptoms and statements of five days, one of each kind every twelve hours."""
    records: list[LogRecord] = []
    for half_day in range(10):
        at_ms = START_MS + half_day * 12 * HOUR_MS
        for said in (
            VitalsPayload({HEART_RATE: 60.0 + half_day}),
            EventPayload("symptom", 0, "g-1", f"dizzy {half_day}", 3.0, ("R42",)),
            StatementPayload("genes", half_day + 1),
        ):
            new = CODEC.record(said, person=person, time_ms=at_ms, arrived_ms=at_ms + 1, device="d-1")
            records.append(placed(new, len(records) + 1, 0))
    return History(records, [record.arrived_ms for record in records])


@dataclass
class Storage:
    """Files of a home in a folder, and what was opened of them."""

    folder: Path
    opened: ExitStack

    def tables(self) -> Tables:
        return self.opened.enter_context(Tables(f"sqlite:///{self.folder / 'records.db'}"))

    def series(self) -> SeriesStore:
        return self.opened.enter_context(SeriesStore(self.folder / "series.db"))

    def damage(self, name: str, *statements: str) -> None:
        with closing(sqlite3.connect(self.folder / name)) as database, database:
            for statement in statements:
                database.execute(statement)


class OnAStorage(ProjectionContract):
    """Two empty folders, the second for comparison."""

    storage: Storage
    _other: Path

    @pytest.fixture(autouse=True)
    def _storage(self, tmp_path: Path) -> Iterator[None]:
        for name in ("one", "other"):
            (tmp_path / name).mkdir()
        self._other = tmp_path / "other"
        with ExitStack() as opened:
            self.storage = Storage(tmp_path / "one", opened)
            self.prepare()
            yield

    def prepare(self) -> None:
        """Who lives there."""

    def forget_storage(self) -> None:
        self.storage = Storage(self._other, self.storage.opened)
        self.prepare()


class TestSeries(OnAStorage):
    def history(self) -> History:
        return logged("ada")

    def opened(self, places: Places) -> Projection[Any]:
        del places
        return SeriesOfReadings(self.storage.series(), CODEC, lambda: START_MS + 5 * DAY_MS, 400 * DAY_MS)

    def content(self) -> object:
        times, values, quality = self.storage.series().range_with_quality("ada", HEART_RATE, 0, 2**52)
        return [times.tolist(), values.tolist(), quality.tolist()] if times.size else []

    def damage(self) -> None:
        self.storage.damage("series.db", "UPDATE hot SET value = 1", "DELETE FROM hot WHERE value % 2 = 0")


class TestTimeline(OnAStorage):
    person: str
    pseudonym: str

    def prepare(self) -> None:
        with Tables(f"sqlite:///{self.storage.folder / 'records.db'}") as tables:
            ada = People(tables).add("Ada", Profile("UTC"), START_MS)
        self.person, self.pseudonym = ada.id, ada.pseudonym

    def history(self) -> History:
        return logged(self.pseudonym)

    def opened(self, places: Places) -> Projection[Any]:
        del places
        tables = self.storage.tables()
        return Timeline(Events(tables), CODEC, Directory(tables))

    def content(self) -> object:
        told = Events(self.storage.tables()).list(self.person, None, 1_000)
        # The id is a hash over the pseudonym, which differs from storage to storage.
        return [(each.kind, each.at_ms, each.arrived_ms, each.text, each.severity) for each in told]

    def damage(self) -> None:
        self.storage.damage("records.db", "UPDATE events SET at_ms = at_ms + 1")


class TestAlerts(OnAStorage):
    pseudonym: str

    def prepare(self) -> None:
        with Tables(f"sqlite:///{self.storage.folder / 'records.db'}") as tables:
            self.pseudonym = People(tables).add("Ada", Profile("UTC"), START_MS).pseudonym

    def history(self) -> History:
        changes = [
            change(self.pseudonym, f"c-{n}{verb}", f"a-{n}", verb, n)
            for n in range(4)
            for verb in (Verb.OPENED, Verb.RAISED, Verb.RESOLVED)
        ]
        changes.append(change(self.pseudonym, "c-moved", "a-moved", Verb.CORRECTED, 3, previous="a-3"))
        rows = [OutboxRow(n, n, each.as_change(), rebuilt=False) for n, each in enumerate(changes, 1)]
        return History(rows, [each.arrived_ms for each in changes])

    def opened(self, places: Places) -> Projection[Any]:
        return AlertRows(self.storage.tables(), places)

    def content(self) -> object:
        alerts = Alerts(self.storage.tables())
        return [
            (each.id, each.first_id, each.rule, each.level, each.state, alerts.trail(each.id))
            for each in alerts.list()
        ]

    def damage(self) -> None:
        self.storage.damage(
            "records.db",
            "UPDATE alerts SET level = 1, version = 9",
            "DELETE FROM alert_changes WHERE number % 2",
            "DELETE FROM alert_aliases",
        )


def change(
    person: str, change_id: str, alert_id: str, verb: Verb, day: int, *, previous: str | None = None
) -> EpisodeChange:
    at_ms = START_MS + day * DAY_MS
    over = verb is Verb.RESOLVED
    return EpisodeChange(
        id=change_id,
        person=person,
        alert_id=alert_id,
        previous_alert_id=previous,
        verb=verb,
        dedup_key="vitals",
        rule="news2",
        level=AlertLevel.WARNING,
        state=AlertState.RESOLVED if over else AlertState.TRIGGERED,
        started_ms=at_ms,
        at_ms=at_ms,
        arrived_ms=at_ms,
        resolved_ms=at_ms + 1 if over else None,
    )


def test_every_projection_of_a_house_is_here() -> None:
    tested: Sequence[str] = [SeriesOfReadings.name, Timeline.name, AlertRows.name]
    assert list(PROJECTIONS) == tested
