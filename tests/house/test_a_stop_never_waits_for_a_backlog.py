"""However much was acknowledged and not yet judged, a house stops soon; the next one finds all of it once."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from healthtwin.access import Grant, Scope
from healthtwin.domain import METRIC_BY_FIELD, MINUTE_MS, AlertLevel
from healthtwin.intake import VitalsRow
from healthtwin.pipeline import VitalsPayload
from tests.house.a_house import START, house_at_work

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

READINGS = 800
LAST_MS = START + (READINGS - 1) * MINUTE_MS


def history(person: str) -> list[VitalsRow]:
    """A reading a minute; the last one must be told to somebody."""
    heart_rate, saturation = METRIC_BY_FIELD["heart_rate"].code, METRIC_BY_FIELD["spo2"].code
    return [
        VitalsRow(
            n,
            person,
            START + n * MINUTE_MS,
            n,
            VitalsPayload({heart_rate: 60.0 + n % 9, saturation: 97.0 if n < READINGS - 1 else 80.0}),
        )
        for n in range(READINGS)
    ]


def judged_through(home: Path) -> int:
    with closing(sqlite3.connect(home / "state.db")) as state:
        return int(state.execute('SELECT "offset" FROM progress').fetchone()[0])


def test_a_house_with_a_backlog_stops_and_goes_on_with_it_when_it_starts_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("healthtwin.stream.runner.STOP_WITHIN_S", 0.1)
    monkeypatch.setattr("healthtwin.house.engine.READY_WITHIN_S", 0.1)
    with house_at_work(tmp_path) as at:
        ada = at.person()
        at.clock.advance_to(LAST_MS)
        grant = Grant("t-phone", "d-phone", Scope.DEVICE, frozenset({ada}))
        outcomes = asyncio.run(at.house.intake.ingest(grant, history(ada)))
        assert {outcome.value for outcome in outcomes} == {"new"}
        at.house.stop()
        assert judged_through(tmp_path) < READINGS

        at.restart()
        assert (
            at.house.operations.health().processed_through < at.house.operations.health().log_head
        )  # ready before it is done
        assert at.house.caught_up(120)
        series = at.house.people.series(ada, "heart_rate", None, None, None)
        (alert,) = at.house.notify.alerts(None, None)
        assert series.t == [START + n * MINUTE_MS for n in range(READINGS)]
        assert alert.level == AlertLevel.CRITICAL.word
        assert len(alert.deliveries) == 1
