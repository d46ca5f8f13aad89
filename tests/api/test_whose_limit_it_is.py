"""Through HTTP: the same value means something else for a child, in pregnancy, on an oxygen scale."""

from __future__ import annotations

from typing import Any

import pytest

from healthtwin.access import wall_ms
from healthtwin.domain import from_ms
from tests.api.conftest import World, eventually, problem_of

THIS_YEAR = from_ms(wall_ms()).year


def alert_of(world: World, person: str) -> dict[str, Any] | None:
    answered = world.admin().get("/api/alerts", params={"person": person}).json()
    found: list[dict[str, Any]] = answered["alerts"] if isinstance(answered, dict) else answered
    return next((alert for alert in found if alert["dedup_key"] == "vitals"), None)


@pytest.mark.parametrize(
    ("profile", "values", "level", "hours"),
    [
        ({"birth_year": 1960}, {"spo2": 92}, "warning", 2),
        ({"birth_year": 1960}, {"systolic": 182, "diastolic": 121}, "warning", 24),
        ({"birth_year": 1960}, {"temperature": 33.4}, "critical", None),
        ({"birth_year": 1960, "spo2_scale_2": True}, {"spo2": 86}, "warning", 24),
        (
            {"birth_year": THIS_YEAR - 10},
            {"heart_rate": 30, "respiratory_rate": 4, "systolic": 60, "diastolic": 35},
            "critical",
            None,
        ),
        ({"birth_year": THIS_YEAR - 3, "birth_month": 2}, {"respiratory_rate": 52}, "warning", 2),
        ({"birth_year": 1994, "pregnant": True}, {"systolic": 168, "diastolic": 112}, "warning", 2),
        ({"birth_year": 1994, "pregnant": True}, {"systolic": 184, "diastolic": 104}, "critical", None),
    ],
)
def test_an_alert_says_how_soon_for_this_person(
    world: World, profile: dict[str, Any], values: dict[str, float], level: str, hours: int | None
) -> None:
    person = world.person()
    put = world.admin().put(f"/api/people/{person}/profile", json=profile)
    assert put.status_code == 200, put.text
    row = {"timestamp": wall_ms(), "activity_level": 0, **values}
    assert world.phone(person).post("/api/vitals", json=row).status_code < 300
    alert = eventually(lambda: alert_of(world, person))
    assert alert is not None
    assert (alert["level"], alert["within_h"]) == (level, hours)
    first = alert["advice"][0]["action"] if "action" in alert["advice"][0] else str(alert["advice"][0])
    assert ("within 2 hours" in first) == (hours == 2)


def test_a_symptom_that_is_told_makes_a_pressure_an_emergency(world: World) -> None:
    person = world.person()
    phone = world.phone(person)
    row = {"timestamp": wall_ms(), "activity_level": 0, "systolic": 186, "diastolic": 104}
    assert phone.post("/api/vitals", json=row).status_code < 300
    assert eventually(lambda: alert_of(world, person) or {})["level"] == "warning"
    event = {"kind": "symptom", "timestamp": wall_ms(), "text": "pressure in my chest"}
    assert phone.post(f"/api/people/{person}/events", json=event).status_code < 300

    def critical() -> dict[str, Any] | None:
        alert = alert_of(world, person)
        return alert if alert and alert["level"] == "critical" else None

    alert = eventually(critical)
    assert alert is not None
    assert alert["within_h"] is None
    assert any("symptom" in fact["text"] for fact in alert["evidence"])


def test_a_code_for_no_value_is_refused_with_that_reason(world: World) -> None:
    phone = world.phone(world.person())
    problem = problem_of(phone.post("/api/vitals", json={"timestamp": wall_ms(), "heart_rate": 255}), 422)
    assert "255 is what devices send when they have no value" in problem["detail"]


def test_neither_news2_nor_its_forecasts_are_shown_of_an_infant(world: World) -> None:
    infant = world.person()
    world.admin().put(f"/api/people/{infant}/profile", json={"birth_year": THIS_YEAR - 1})
    phone = world.phone(infant)
    for minute in range(12):
        row = {"timestamp": wall_ms() - (12 - minute) * 60_000, "activity_level": 0}
        phone.post("/api/vitals", json={**row, "heart_rate": 140, "respiratory_rate": 38, "spo2": 98})
    assert world.house.caught_up(10)
    shown = world.admin().get(f"/api/people/{infant}/risk").text
    assert "NEWS2" not in shown
    assert "news" not in shown
