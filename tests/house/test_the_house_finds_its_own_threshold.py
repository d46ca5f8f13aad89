"""Where scores are louder than the training side's, the house learns it from all people and tells the log."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import numpy as np
import pytest

from healthtwin.access import Grant, Scope
from healthtwin.domain import HOUR_MS, METRIC_BY_FIELD
from healthtwin.forecast import shipped_models
from healthtwin.house.site_alarms import STEP, SiteAlarms
from healthtwin.intake import VitalsRow
from healthtwin.pipeline import VitalsPayload
from tests.house.a_house import START, HouseAtWork, house_at_work

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = 12
LOUD = {"spo2": 93.0, "respiratory_rate": 24.0, "heart_rate": 85.0}
DOUBTFUL = {"spo2": 93.0, "respiratory_rate": 22.0, "heart_rate": 85.0}
"""Less than `LOUD`, and enough for a house that has learned nothing."""
CALM = {"spo2": 97.0, "respiratory_rate": 16.0, "heart_rate": 74.0}
CODES = {name: METRIC_BY_FIELD[name].code for name in LOUD}


def ward_round(
    at: HouseAtWork, people: list[str], hour: int, loud: frozenset[int], values: dict[str, float] = LOUD
) -> None:
    """Everybody once, then a tick; those in `loud` are measured where the models see something coming."""
    at_ms = START + hour * HOUR_MS
    at.clock.advance_to(at_ms)
    rows = [
        VitalsRow(
            i,
            person,
            at_ms,
            None,
            VitalsPayload({CODES[name]: value for name, value in (values if i in loud else CALM).items()}),
        )
        for i, person in enumerate(people)
    ]
    grant = Grant("t-ward", "d-monitor", Scope.DEVICE, frozenset(people))
    asyncio.run(at.house.intake.ingest(grant, rows))
    assert at.house.caught_up(20)
    at.tick(at_ms + HOUR_MS // 2)


def offset(at: HouseAtWork) -> float:
    told = at.house.operations.health().trained_alarms
    assert told is not None
    return told.offset


@pytest.mark.skipif(shipped_models() is None, reason="no models lie in healthtwin/forecast/models")
def test_a_loud_ward_raises_its_threshold_keeps_it_over_a_restart_and_replays_to_it(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        people = [at.person(f"P{i}", false_alarms_per_week=7.0) for i in range(PEOPLE)]
        for hour in range(36):
            # Each has one hour of six in which something seems to come that does not.
            ward_round(at, people, hour, frozenset(i for i in range(PEOPLE) if (hour + i) % 6 == 0))
        told = at.house.operations.health().trained_alarms
        assert told is not None
        assert told.false > told.allowed > 0
        raised = offset(at)
        assert raised >= STEP
        assert f"healthtwin_site_alarm_offset {raised:g}" in at.house.operations.metrics_text()

        new = at.person("New", false_alarms_per_week=7.0)
        people.append(new)
        ward_round(at, people, 36, frozenset({PEOPLE}), DOUBTFUL)
        assert at.house.notify.alerts(frozenset({new}), None) == []  # see the next test
        kept = {person: at.house.people.risk(person) for person in people}
        raised = offset(at)
        at.restart()
        at.tick(START + 37 * HOUR_MS)
        before = at.house.operations.health().trained_alarms
        assert before is not None
        assert before.offset == pytest.approx(raised, abs=2 * STEP)
        assert {person: at.house.people.risk(person) for person in people} == kept

        at.house.stop()
        (tmp_path / "state.db").unlink()  # everything is computed again from the log
        at.restart()
        at.tick(START + 37 * HOUR_MS)
        assert at.house.operations.health().trained_alarms == before  # judged by the threshold of its time
        assert {person: at.house.people.risk(person) for person in people} == kept


@pytest.mark.skipif(shipped_models() is None, reason="no models lie in healthtwin/forecast/models")
def test_a_house_that_has_learned_nothing_speaks_of_the_same_newcomer(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        new = at.person("New", false_alarms_per_week=7.0)
        ward_round(at, [new], 0, frozenset({0}), DOUBTFUL)
        assert at.house.notify.alerts(frozenset({new}), None)


def test_more_false_alarms_than_allowed_raise_it_and_fewer_lower_it() -> None:
    loud, quiet = SiteAlarms(0.0), SiteAlarms(0.0)
    for hour in range(48):
        allowed = float(hour)
        loud.learn(np.array([allowed, 3.0 * hour]), hour * HOUR_MS)
        quiet.learn(np.array([allowed, 0.0]), hour * HOUR_MS)
    assert loud.offset > 0.5
    assert quiet.offset < -0.5


def test_within_an_hour_nothing_is_settled_twice() -> None:
    site = SiteAlarms(0.0)
    site.learn(np.zeros(2), 0)
    for minute in range(60):
        site.learn(np.array([minute / 60, 9.0]), minute * HOUR_MS // 60)
    assert site.offset == 0.0
    site.learn(np.array([1.0, 9.0]), HOUR_MS)
    assert site.offset > 0


def test_what_arrives_while_the_house_is_behind_moves_nothing() -> None:
    site = SiteAlarms(0.4)
    site.learn(np.zeros(2), 0)
    site.pause()
    site.learn(np.array([5.0, 500.0]), 2 * HOUR_MS)
    assert site.offset == 0.4


def test_a_person_who_was_erased_takes_their_alarms_along() -> None:
    site = SiteAlarms(0.0)
    site.learn(np.array([40.0, 40.0]), 0)
    site.learn(np.array([10.0, 5.0]), HOUR_MS)
    assert site.offset == 0.0
