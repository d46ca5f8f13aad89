"""From a critical reading to an alert that somebody acknowledges."""

from __future__ import annotations

from typing import Any

import pytest

from healthtwin.access import wall_ms
from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS, from_ms
from tests.api.conftest import World, eventually, problem_of, reading


def raised(world: World, person: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """The alert that a critical reading brings."""
    admin = world.admin()
    assert (
        admin.post("/api/vitals", json=reading(person=person, **(fields or {"spo2": 80}))).status_code == 200
    )
    (alert,) = eventually(lambda: admin.get("/api/alerts", params={"person": person}).json(), within_s=5)
    return dict(alert)


def test_a_live_critical_reading_is_an_alert_with_evidence(world: World) -> None:
    person = world.person()
    alert = raised(world, person)
    assert alert["person"] == person
    assert (alert["level"], alert["state"]) == ("critical", "triggered")
    assert alert["evidence"][0]["metric"] == "oxygen_saturation"
    assert alert["evidence"][0]["source"]
    assert alert["started_at"] <= alert["raised_at"] <= wall_ms() + MINUTE_MS
    assert world.admin().get(f"/api/alerts/{alert['id']}").json()["id"] == alert["id"]


def test_an_old_reading_is_kept_but_raises_nothing(world: World) -> None:
    person, admin = world.person(), world.admin()
    admin.post("/api/vitals", json=reading(person=person, timestamp=wall_ms() - DAY_MS, spo2=80))
    assert world.house.caught_up(10)
    assert world.values(person, "spo2") == [80]
    assert admin.get("/api/alerts", params={"person": person}).json() == []


def test_acknowledging_shows_in_the_answer_and_can_be_repeated(world: World) -> None:
    person = world.person()
    alert, clinician = raised(world, person), world.clinician(person)
    for _ in range(2):
        answer = clinician.post(f"/api/alerts/{alert['id']}/acknowledge")
        assert (answer.status_code, answer.json()["state"]) == (200, "acknowledged")
    assert [found["id"] for found in clinician.get("/api/alerts?state=acknowledged").json()] == [alert["id"]]
    assert clinician.get("/api/alerts?state=triggered").json() == []


@pytest.mark.parametrize(
    ("body", "after_ms"),
    [
        (None, HOUR_MS),
        ({}, HOUR_MS),
        ({"minutes": 5}, 5 * MINUTE_MS),
        ({"minutes": 24 * 60}, 24 * HOUR_MS),
        ({"until": "in two hours, as a number"}, 2 * HOUR_MS),
        ({"until": "in two hours, as text"}, 2 * HOUR_MS),
    ],
)
def test_a_snooze_lasts_as_long_as_was_asked(
    world: World, body: dict[str, Any] | None, after_ms: int
) -> None:
    person, now = world.person(), wall_ms()
    if body and "until" in body:
        until = now + after_ms
        body = {"until": from_ms(until).isoformat() if "text" in body["until"] else until}
    alert = raised(world, person, heart_rate=135)
    answer = world.clinician(person).post(f"/api/alerts/{alert['id']}/snooze", json=body)
    assert answer.status_code == 200
    assert answer.json()["state"] == "snoozed"
    assert abs(answer.json()["snoozed_until"] - now - after_ms) < MINUTE_MS
    shown = world.clinician(person).get(f"/api/people/{person}").json()
    assert shown["alerts_off_until"] == answer.json()["snoozed_until"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"minutes": 0}, "minutes"),
        ({"minutes": True}, "minutes"),
        ({"minutes": "5"}, "minutes"),
        ({"minutes": 1e9}, "minutes"),
        ({"minutes": 24 * 60 + 1}, "minutes"),
        ({"minutes": 3 * 24 * 60}, "minutes"),
        ({"until": 5}, "until"),
        ({"until": "tomorrow"}, "until"),
        ({"until": "2999-01-01T00:00:00Z"}, "until"),
        ({"minutes": 5, "until": "2999-01-01T00:00:00Z"}, "until"),
        ({"hours": 1}, "hours"),
        ([], "body"),
    ],
)
def test_a_snooze_that_cannot_be_meant_is_refused_by_field(world: World, body: object, field: str) -> None:
    person = world.person()
    alert = raised(world, person)
    clinician = world.clinician(person)
    problem = problem_of(clinician.post(f"/api/alerts/{alert['id']}/snooze", json=body), 422)
    assert problem["field"] == field
    assert clinician.get(f"/api/alerts/{alert['id']}").json()["state"] == "triggered"


def test_what_is_resolved_stays_resolved(world: World) -> None:
    person = world.person()
    alert, clinician = raised(world, person), world.clinician(person)
    path = f"/api/alerts/{alert['id']}"
    for _ in range(2):
        answer = clinician.post(f"{path}/resolve")
        assert (answer.status_code, answer.json()["state"]) == (200, "resolved")
    problem_of(clinician.post(f"{path}/acknowledge"), 409)
    problem_of(clinician.post(f"{path}/snooze"), 409)


def test_a_body_that_is_no_json_is_told_so(world: World) -> None:
    person = world.person()
    alert, clinician = raised(world, person), world.clinician(person)
    path, kind = f"/api/alerts/{alert['id']}/snooze", {"Content-Type": "application/json"}
    problem_of(clinician.post(path, content=b"{", headers=kind), 400)
    problem_of(clinician.post(path, content=b"minutes=5", headers={"Content-Type": "text/plain"}), 400)
    problem_of(clinician.post(path, content=b"<m/>", headers={"Content-Type": "application/xml"}), 415)
    problem_of(clinician.post(path, content=b" " * 100_000 + b"{}", headers=kind), 413)


def test_a_state_that_does_not_exist_is_refused(world: World) -> None:
    problem = problem_of(world.admin().get("/api/alerts?state=open"), 422)
    assert problem["field"] == "state"
    assert "acknowledged" in problem["allowed"]
