"""From a soft alert over one tap to a twin that expects otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from healthtwin.access import wall_ms
from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS
from tests.api.conftest import World, eventually, reading

USUAL = {"heart_rate": 60, "respiratory_rate": 14, "temperature": 36.5, "hrv_rmssd": 48}
OFF = {"heart_rate": 78, "respiratory_rate": 19.5, "temperature": 37.8, "hrv_rmssd": 20}


def known(world: World, days: int) -> str:
    """Somebody whose last `days` days are known."""
    person, admin, now = world.person(), world.admin(), wall_ms()
    rows = [
        reading(person=person, timestamp=now - HOUR_MS - part * DAY_MS // 4, activity_level=0, **USUAL)
        for part in range(4 * days)
    ]
    for first in range(0, len(rows), 200):
        sent = admin.post("/api/vitals", json=rows[first : first + 200][::-1])
        assert sent.json()["accepted"] == len(rows[first : first + 200]), sent.text
    assert world.house.caught_up(20)
    return person


def unwell(world: World, person: str) -> dict[str, Any]:
    """What is told of them once four readings in a row are off."""
    admin, now = world.admin(), wall_ms()
    for minutes in (14, 9, 4, 0):
        admin.post(
            "/api/vitals",
            json=reading(person=person, timestamp=now - minutes * MINUTE_MS, activity_level=0, **OFF),
        )
    (alert,) = eventually(lambda: admin.get("/api/alerts", params={"person": person}).json(), within_s=5)
    return dict(alert)


def expected(world: World, person: str, metric: str = "heart_rate") -> dict[str, Any]:
    twin = world.admin().get(f"/api/people/{person}/twin").json()
    return next(dict(row) for row in twin["metrics"] if row["metric"] == metric)


def test_one_tap_says_usual_and_the_twin_expects_otherwise(world: World) -> None:
    person = known(world, 40)
    alert, clinician = unwell(world, person), world.clinician(person)
    assert (alert["level"], alert["answerable"], alert["answer"]) == ("info", True, None)
    before = expected(world, person)
    assert before["direction"] == "above"
    told = clinician.post(f"/api/alerts/{alert['id']}/answer", json={"answer": "usual"})
    assert (told.status_code, told.json()["answer"], told.json()["state"]) == (200, "usual", "triggered")
    after = expected(world, person)
    assert after["expected"] > before["expected"] + 5
    assert (after["direction"], after["low"] < after["value"] < after["high"]) == (None, True)
    again = clinician.post(f"/api/alerts/{alert['id']}/answer", json={"answer": "usual"})
    assert (again.status_code, expected(world, person)["expected"]) == (200, after["expected"])


def test_unusual_is_noted_and_the_last_answer_counts(world: World) -> None:
    person = known(world, 40)
    alert, clinician = unwell(world, person), world.clinician(person)
    before = expected(world, person)["expected"]
    told = clinician.post(f"/api/alerts/{alert['id']}/answer", json={"answer": "unusual"}).json()
    assert (told["answer"], told["answerable"]) == ("unusual", True)
    assert expected(world, person)["expected"] == before
    told = clinician.post(f"/api/alerts/{alert['id']}/answer", json={"answer": "usual"}).json()
    assert told["answer"] == "usual"
    assert expected(world, person)["expected"] > before
    assert clinician.get(f"/api/alerts/{alert['id']}").json()["answer"] == "usual"


def test_only_a_soft_alert_asks(world: World) -> None:
    person = known(world, 70)
    alert, clinician = unwell(world, person), world.clinician(person)
    assert alert["answerable"] is False
    refused = clinician.post(f"/api/alerts/{alert['id']}/answer", json={"answer": "usual"})
    assert (refused.status_code, refused.headers["content-type"]) == (409, "application/problem+json")
    assert "soft" in refused.json()["detail"]
    low = world.person()
    world.admin().post("/api/vitals", json=reading(person=low, spo2=80))
    (critical,) = eventually(
        lambda: world.admin().get("/api/alerts", params={"person": low}).json(), within_s=5
    )
    assert (critical["answerable"], critical["answer"]) == (False, None)


@pytest.mark.parametrize("body", [{}, {"answer": "fine"}, {"answer": None}, {"answer": "usual", "x": 1}])
def test_another_answer_is_refused_with_what_would_be_right(world: World, body: dict[str, Any]) -> None:
    person = world.person()
    world.admin().post("/api/vitals", json=reading(person=person, spo2=80))
    (alert,) = eventually(
        lambda: world.admin().get("/api/alerts", params={"person": person}).json(), within_s=5
    )
    refused = world.admin().post(f"/api/alerts/{alert['id']}/answer", json=body)
    assert refused.status_code == 422
    assert "answer" in refused.text or "x" in refused.text
