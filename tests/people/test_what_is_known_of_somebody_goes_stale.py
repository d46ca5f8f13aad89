"""Status, risks and shown values go by vital signs and their own times: what is old is never fine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from healthtwin.domain import HOUR_MS, MINUTE_MS, SECOND_MS
from tests.house.a_house import START, house_at_work

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "other",
    [
        {"activity_level": 0, "steps": 0},
        {"ambient_temperature": 21},
        {"weight": 71},
        {"glucose": 101},
        {"supplemental_oxygen": 0},
        {"hrv_rmssd": 41},
    ],
    ids=str,
)
def test_messages_without_vital_signs_keep_nobody_usual(tmp_path: Path, other: dict[str, float]) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        at.send(ada, START, heart_rate=70, spo2=97, activity_level=0)
        for hour in range(1, 4):
            at.send_values(ada, START + hour * HOUR_MS, other)
        assert at.house.people.view(ada).status == "learning"
        assert not at.house.people.risk(ada).stale
        for hour in (4, 5, 24, 71):
            at.send_values(ada, START + hour * HOUR_MS + MINUTE_MS, other)
            view = at.house.people.view(ada)
            assert view.status == "unknown"
            assert view.last_vital_at == START
            assert view.last_reading_at == START + hour * HOUR_MS + MINUTE_MS
            risks = at.house.people.risk(ada)
            assert risks.stale
            assert risks.risks == []


@pytest.mark.parametrize(
    ("values", "known_h"),
    [
        ({"heart_rate": 70}, 4),
        ({"respiratory_rate": 15}, 4),
        ({"spo2": 97}, 4),
        ({"temperature": 36.6}, 12),
        ({"systolic": 120, "diastolic": 80}, 72),
        ({"consciousness": 0}, 1),
    ],
    ids=str,
)
def test_each_vital_sign_leaves_somebody_known_for_its_own_time(
    tmp_path: Path, values: dict[str, float], known_h: int
) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        at.send_values(ada, START, values)
        at.tick(START + known_h * HOUR_MS - SECOND_MS)
        assert at.house.people.view(ada).status == "learning"
        at.tick(START + known_h * HOUR_MS + SECOND_MS)
        assert at.house.people.view(ada).status == "unknown"


def test_an_old_upload_makes_nobody_known_for_longer_than_it_is_young(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        at.send(ada, START, heart_rate=70)
        at.tick(START + 9 * HOUR_MS)
        at.send(ada, START + 4 * HOUR_MS, heart_rate=71)
        assert at.house.people.view(ada).status == "unknown"
        assert at.house.people.risk(ada).stale


def test_each_value_says_what_it_may_be_taken_for(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        at.send(ada, START, heart_rate=70, temperature=36.6, systolic=120, diastolic=80)

        def taken_for() -> dict[str, str]:
            return {value.metric: value.freshness for value in at.house.people.view(ada).latest}

        assert set(taken_for().values()) == {"now"}
        at.tick(START + 50 * MINUTE_MS)
        assert set(taken_for().values()) == {"current"}
        at.tick(START + 3 * HOUR_MS)
        assert taken_for()["heart_rate"] == "old"
        assert taken_for()["body_temperature"] == "current"
        at.tick(START + 13 * HOUR_MS)
        assert taken_for()["heart_rate"] == taken_for()["body_temperature"] == "unknown"
        assert taken_for()["blood_pressure_systolic"] == "current"


def test_who_is_silent_does_not_look_usual_before_their_readings_are_stale(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person(silence_after_ms=HOUR_MS)
        at.send(ada, START, heart_rate=70)
        at.tick(START + HOUR_MS)
        assert at.house.people.view(ada).status == "warning"


def test_a_slow_clock_is_shown_where_the_person_is(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        for minute in range(0, 60, 5):
            at.tick(START + minute * MINUTE_MS + 20 * MINUTE_MS)
            at.send(ada, START + minute * MINUTE_MS, spo2=80, heart_rate=160)
        view = at.house.people.view(ada)
        assert view.status == "critical"
        (problem,) = view.clock_problems
        assert (problem.kind, problem.by_ms) == ("behind", 20 * MINUTE_MS)
        assert "20 minutes behind" in problem.text
        assert at.house.people.list(None)[0].clock_problems == view.clock_problems
        health = at.house.operations.health()
        assert (health.clock_problems, health.status) == (1, "ok")
        assert "healthtwin_clock_problems 1.0" in at.house.operations.metrics_text()
        at.restart()
        assert at.house.people.view(ada).clock_problems == view.clock_problems
