"""`healthtwin rebuild`: damage what is looked at, make it anew from the log, and find the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from healthtwin.access import wall_ms
from healthtwin.cli.rebuild import PROJECTIONS
from healthtwin.domain import DAY_MS, METRICS, MINUTE_MS
from healthtwin.domain.errors import ConfigurationError
from healthtwin.domain.log import VITALS
from healthtwin.house import rebuild
from healthtwin.notify import Alerts, Deliveries
from healthtwin.people import Events
from healthtwin.store import Home, SeriesStore, Tables
from healthtwin.stream import SqliteLog
from tests.api.conftest import World, world_in
from tests.cli.conftest import Commands

NAMES = tuple(PROJECTIONS)
MEASURED = ("heart_rate", "oxygen_saturation", "respiratory_rate")


@dataclass(frozen=True)
class Lived:
    """A home that was lived in and left, and everything that is looked at in it."""

    healthtwin: Commands
    home: Home
    person: str
    pseudonym: str
    before: dict[str, object]

    def looked_at(self) -> dict[str, object]:
        return looked_at(self.home, self.person, self.pseudonym)

    def rebuild(self, name: str) -> Any:  # noqa: ANN401 - JSON
        return self.healthtwin("rebuild", name, "--json").json


def looked_at(home: Home, person: str, pseudonym: str) -> dict[str, object]:
    with Tables.of(home) as tables, SeriesStore(home.series_path, keys=tables.keys) as series:
        values = {
            metric: [
                column.tolist()
                for column in series.range_with_quality(pseudonym, METRICS[metric].code, 0, 2**52)
            ]
            for metric in MEASURED
        }
        days = [series.daily(pseudonym, METRICS[metric].code, 0, 2**52) for metric in MEASURED]
        alerts = Alerts(tables).list()
        return {
            "series": values,
            "daily": [[column.tolist() for column in (d.t, d.mean, d.count)] for d in days],
            "timeline": list(Events(tables).list(person, None, 1_000)),
            "alerts": [(alert, Alerts(tables).trail(alert.id)) for alert in alerts],
            "deliveries": [Deliveries(tables).of_alert(alert.id) for alert in alerts],
        }


def live_through(world: World) -> tuple[str, str]:
    """Three days by HTTP, with a symptom each and a dangerous hour at the end."""
    person = world.person()
    phone, now = world.phone(person), wall_ms()
    for day in (3, 2, 1):
        at = now - day * DAY_MS
        rows = [
            {"timestamp": at + n * MINUTE_MS, "heart_rate": 60 + n, "oxygen_saturation": 97}
            for n in range(0, 60, 5)
        ]
        phone.post("/api/vitals", json=rows).raise_for_status()
        told = {"kind": "symptom", "timestamp": at, "text": f"dizzy on day {day}", "severity": 3}
        phone.post(f"/api/people/{person}/events", json=told).raise_for_status()
    low = {"timestamp": now, "heart_rate": 150, "oxygen_saturation": 80, "respiratory_rate": 30}
    phone.post("/api/vitals", json=low).raise_for_status()
    assert world.house.caught_up(10)
    world.house.tidy()  # what is older than a day lies in sealed blocks
    pseudonym = world.house.engine.directory.get(person).pseudonym
    return person, pseudonym


@pytest.fixture
def lived(tmp_path: Path) -> Lived:
    with world_in(tmp_path / "home") as world:
        person, pseudonym = live_through(world)
    home = Home.open(tmp_path / "home")
    before = looked_at(home, person, pseudonym)
    assert all(before.values())
    return Lived(Commands(home.path), home, person, pseudonym, before)


def sql(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        for statement in statements:
            database.execute(statement)


def empty(lived: Lived) -> None:
    sql(lived.home.series_path, "DELETE FROM hot", "DELETE FROM block", "DELETE FROM daily")
    sql(
        lived.home.records_path,
        "DELETE FROM events",
        "DELETE FROM alerts",
        "DELETE FROM alert_changes",
    )


def falsify(lived: Lived) -> None:
    sql(
        lived.home.series_path,
        "UPDATE hot SET value = 1",
        "UPDATE daily SET mean = 1",
        "DELETE FROM block WHERE metric = 1",
    )
    sql(
        lived.home.records_path,
        "UPDATE events SET at_ms = at_ms + 1",
        "UPDATE alerts SET level = 1, version = 9",
        "UPDATE alert_changes SET version = 9",
    )


def test_the_command_names_what_the_house_has(healthtwin: Commands, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=f"there are {', '.join(NAMES)}$"):
        rebuild(Home.create(tmp_path / "empty"), "something")
    assert [each["name"] for each in healthtwin("rebuild", "--list", "--json").json] == list(NAMES)
    listed, told = healthtwin("rebuild", "--list").out, healthtwin("rebuild", "--help").out
    assert all(name in listed and name in told for name in NAMES)


@pytest.mark.parametrize("damage", [empty, falsify])
def test_what_was_damaged_is_the_same_again(lived: Lived, damage: Callable[[Lived], None]) -> None:
    damage(lived)
    assert lived.looked_at() != lived.before
    for _ in range(2):  # the second time nothing changes
        for name in NAMES:
            done = lived.rebuild(name)
            assert (done["name"], done["log_begins_after"], done["set_aside"]) == (name, 0, None)
            assert done["heard"] > 0
    after = lived.looked_at()
    assert {**after, "daily": None} == {**lived.before, "daily": None}
    with world_in(lived.home.path) as again:  # and the house goes on from there
        again.house.tidy()
        assert len(again.admin().get("/api/alerts").json()) == 1
    assert lived.looked_at() == lived.before


def test_a_series_file_that_cannot_be_read_is_set_aside(lived: Lived) -> None:
    path = lived.home.series_path
    for beside in path.parent.glob("series.db-*"):
        beside.unlink()
    path.write_bytes(b"not a database".ljust(8192, b"\x00"))
    ran = lived.healthtwin("rebuild", "series")
    assert ran.status == 0, ran.err
    assert "series  made anew from" in ran.out
    assert "was damaged; it lies in" in ran.err
    assert [each.name for each in path.parent.glob("series.db.damaged-*")]
    assert lived.looked_at()["series"] == lived.before["series"]


def test_what_outlived_the_log_is_kept(lived: Lived) -> None:
    log = SqliteLog(lived.home.log_path)
    last = max(record.offset for record in log.read(0, 1_000) if record.kind == VITALS)
    log.trim(last - 1)
    log.close()
    sql(
        lived.home.series_path,
        "DELETE FROM hot WHERE time_ms = (SELECT MAX(time_ms) FROM hot WHERE metric = 1) AND metric = 1",
    )
    for name in NAMES:
        lived.rebuild(name)
    assert lived.looked_at() == lived.before
    assert "The log begins after record" in lived.healthtwin("rebuild", "series").err


def test_a_home_that_is_served_is_refused(tmp_path: Path) -> None:
    with world_in(tmp_path / "home") as world:
        ran = Commands(world.home)("rebuild", "series")
    assert ran.status == 1
    assert "in use by another healthtwin" in ran.err


@pytest.mark.parametrize("arguments", [(), ("live",)])
def test_something_else_is_refused(lived: Lived, arguments: tuple[str, ...]) -> None:
    ran = lived.healthtwin("rebuild", *arguments)
    assert ran.status == 2
    assert "series, timeline, alerts" in ran.err
