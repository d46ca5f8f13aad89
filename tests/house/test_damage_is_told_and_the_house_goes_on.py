"""Files of a home that somebody else wrote into: what can be shown is shown, and what is wrong is said."""

from __future__ import annotations

import sqlite3
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from healthtwin.domain import DAY_MS, METRICS, MINUTE_MS
from healthtwin.domain.errors import CorruptStorage
from healthtwin.house import examine, rebuild
from healthtwin.house.export import export_to
from healthtwin.store import Home
from tests.house.a_house import START, HouseAtWork, house_at_work

if TYPE_CHECKING:
    from pathlib import Path

    from healthtwin.house.doctor import Finding

HEART_RATE = METRICS["heart_rate"].code


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(statement)


FLIPPED = "UPDATE records SET payload = CAST(payload || x'00' AS BLOB)"
UNDECODABLE = "UPDATE records SET payload = x'c1', checksum = NULL"
FIRST_READING = (
    " WHERE kind = 'vitals' AND \"offset\" = (SELECT min(\"offset\") FROM records WHERE kind = 'vitals')"
)


def garbage(path: Path) -> None:
    path.write_bytes(b"no database at all, but long enough to be looked at as one" * 100)
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def parts(at: HouseAtWork) -> dict[str, str]:
    return {fault.part: fault.text for fault in at.house.operations.health().faults}


def values(at: HouseAtWork, person: str) -> list[float]:
    pseudonym = at.house.engine.directory.get(person).pseudonym
    return [float(value) for value in at.house.engine.series.range(pseudonym, HEART_RATE, 0, 2**50)[1]]


def wrong(path: Path) -> list[Finding]:
    return [finding for finding in examine(Home.open(path), verify=True) if not finding.ok]


@pytest.mark.parametrize(
    "damage",
    [
        FLIPPED,
        UNDECODABLE,
    ],
    ids=["a flipped record", "an undecodable record of a former version"],
)
def test_a_damaged_record_costs_itself_alone_though_everything_is_computed_again(
    tmp_path: Path, damage: str
) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        for minute in range(5):
            at.send(ada, START + minute * MINUTE_MS, heart_rate=70 + minute)
        at.house.stop()
        change(at.path / "log.db", damage + FIRST_READING)
        (at.path / "state.db").unlink()
        (at.path / "series.db").unlink()
        at.start_again()
        assert at.house.caught_up(10)
        assert values(at, ada) == [71, 72, 73, 74]
        health = at.house.operations.health()
        assert health.status == "degraded", "readings are taken"
        assert "1 damaged" in parts(at)["records"]
        at.send(ada, START + 6 * MINUTE_MS, spo2=79)
        assert [alert.level for alert in at.house.notify.alerts(None, "triggered")] == ["critical"]
        assert [finding.what for finding in wrong(at.path)] == ["log.db, records"]


def test_damage_in_the_log_is_found_before_anybody_needs_the_record(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        at.send(ada, START, heart_rate=70)
        at.send(ada, START + MINUTE_MS, heart_rate=71)
        change(at.path / "log.db", "UPDATE records SET payload = x'90' WHERE kind = 'vitals'")
        assert at.house.operations.health().status == "ok"
        while not at.house.tidy():
            pass
        assert "2 damaged" in parts(at)["records"]


def test_a_series_file_that_is_none_is_put_aside_and_made_anew(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        at.send(ada, START, heart_rate=70)
        at.house.stop()
        garbage(at.path / "series.db")
        at.start_again()
        assert at.house.caught_up(10)
        assert values(at, ada) == [70]
        assert "series.db.damaged-" in parts(at)["quarantine"]
        (aside,) = at.path.glob("series.db.damaged-*")
        assert [finding.what for finding in wrong(at.path)] == [aside.name]
        aside.unlink()
        assert at.house.operations.health().status == "ok"


def test_a_damaged_block_is_passed_over_told_of_and_made_anew_by_the_next_start(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        for day in range(3):
            for number in range(50):
                at.send(ada, START + day * DAY_MS + number * MINUTE_MS, heart_rate=60 + number)
        at.clock.advance_to(START + 6 * DAY_MS)
        while not at.house.tidy():
            pass
        assert len(values(at, ada)) == 150
        change(
            at.path / "series.db",
            "UPDATE block SET body = CAST(substr(body, 1, 20) || x'ff' || substr(body, 22) AS BLOB) "
            "WHERE rowid = (SELECT rowid FROM block ORDER BY start_ms LIMIT 1)",
        )
        assert at.house.operations.health().status == "ok", "nobody has looked yet"
        assert len(values(at, ada)) == 100
        assert at.house.operations.health().status == "degraded"
        assert "checksum" in parts(at)["series"]
        assert [finding.what for finding in wrong(at.path)] == ["series.db, sealed blocks"]
        at.restart()
        assert at.house.caught_up(10)
        assert len(values(at, ada)) == 150
        assert "series" not in parts(at)


def test_states_that_cannot_be_read_are_computed_again_and_nobody_is_told_twice(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        at.send(ada, START, spo2=79)
        (before,) = at.house.notify.alerts(None, None)
        at.house.stop()
        garbage(at.path / "state.db")
        at.start_again()
        assert at.house.caught_up(10)
        (after,) = at.house.notify.alerts(None, None)
        assert (after.id, after.deliveries) == (before.id, before.deliveries)
        assert "state.db.damaged-" in parts(at)["quarantine"]


def test_with_a_log_that_cannot_be_opened_the_house_shows_what_it_knows_and_takes_nothing(
    tmp_path: Path,
) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        at.send(ada, START, heart_rate=70, spo2=79)
        at.house.stop()
        garbage(at.path / "log.db")
        at.start_again()
        assert values(at, ada) == [70]
        assert [alert.level for alert in at.house.notify.alerts(None, None)] == ["critical"]
        assert at.house.people.view(ada).status == "critical"
        health = at.house.operations.health()
        assert (health.status, health.backlog) == ("failing", 0)
        assert "log.db: the file is damaged" in parts(at)["log"]
        with pytest.raises(CorruptStorage):
            at.send(ada, START + MINUTE_MS, heart_rate=71)
        at.house.tidy()


def test_without_log_and_states_there_is_nothing_to_show_and_the_start_says_so(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        at.send(at.person(), START, heart_rate=70)
        at.house.stop()
        garbage(at.path / "log.db")
        (at.path / "state.db").unlink()
        with pytest.raises(CorruptStorage, match=r"log\.db: the file is damaged"):
            at.start_again()


def test_a_whole_home_is_called_whole(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        at.send(at.person(), START, heart_rate=70)
        findings = list(examine(Home.open(at.path), verify=True))
        assert all(finding.ok for finding in findings)
        assert [finding.what for finding in findings] == [
            "disk",
            "log.db",
            "state.db",
            "series.db",
            "records.db",
            "log.db, records",
            "series.db, sealed blocks",
        ]
        assert len(list(examine(Home.open(at.path), verify=False))) == 5


def test_what_the_series_still_hold_of_a_damaged_record_is_not_forgotten_by_a_rebuild(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        for minute in range(3):
            at.send(ada, START + minute * MINUTE_MS, heart_rate=70 + minute)
        at.house.stop()
        change(at.path / "log.db", FLIPPED + FIRST_READING)
        with pytest.raises(CorruptStorage, match="may still hold"):
            rebuild(Home.open(at.path), "series")
        at.start_again()
        assert values(at, ada) == [70, 71, 72]


def test_an_export_leaves_a_damaged_record_out_and_the_rest_in(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        for minute in range(3):
            at.send(ada, START + minute * MINUTE_MS, heart_rate=70 + minute)
        at.house.stop()
        change(at.path / "log.db", UNDECODABLE + FIRST_READING)
        export_to(Home.open(at.path), ada, tmp_path / "me.zip")
        with zipfile.ZipFile(tmp_path / "me.zip") as packed:
            assert packed.read("log.jsonl").count(b'"vitals"') == 2
        at.start_again()
