"""A click covers what was on the screen: its version, what is new since; closing, and taking that back."""

from __future__ import annotations

from typing import Any

import pytest

from healthtwin.access import wall_ms
from healthtwin.domain import MINUTE_MS
from healthtwin.store.people import People
from tests.api.conftest import World, eventually, problem_of, reading
from tests.api.test_acting_on_alerts import raised


def sent(world: World, person: str, **values: Any) -> None:  # noqa: ANN401
    """A reading at rest, judged."""
    row = reading(person=person, activity_level=0, **{"heart_rate": None, **values})
    row = {name: value for name, value in row.items() if value is not None}
    assert world.admin().post("/api/vitals", json=row).status_code == 200
    assert world.house.caught_up(10)


def shown(world: World, alert: dict[str, Any]) -> dict[str, Any]:
    """The alert as it is now."""
    return dict(world.admin().get(f"/api/alerts/{alert['id']}").json())


def test_an_alert_begins_at_version_one_and_says_what_stands_and_what_would_close_it(world: World) -> None:
    alert = raised(world, world.person(), heart_rate=70, spo2=86)
    assert alert["version"] == 1
    assert [(sign["metric"], sign["value"]) for sign in alert["standing"]] == [("oxygen_saturation", 86.0)]
    assert "86 %" in alert["standing"][0]["text"]
    assert alert["within_h"] is None
    assert alert["acknowledged_by"] is None
    assert alert["closed_by_hand"] is None
    assert "15 minutes apart" in alert["closes"]


@pytest.mark.parametrize("verb", ["acknowledge", "snooze", "resolve"])
def test_a_click_that_saw_less_than_stands_does_nothing_and_is_told_what_is_new(
    world: World, verb: str
) -> None:
    person = world.person()
    alert, clinician = raised(world, person, heart_rate=133), world.clinician(person)
    sent(world, person, heart_rate=156, spo2=84)
    problem = problem_of(clinician.post(f"/api/alerts/{alert['id']}/{verb}", json={"seen": 1}), 409)
    assert problem["alert"]["id"] == alert["id"]
    assert problem["alert"]["level"] == "critical"
    assert problem["alert"]["version"] == 2
    assert {(sign["metric"], sign["value"]) for sign in problem["new"]} >= {
        ("oxygen_saturation", 84.0),
        ("heart_rate", 156.0),
    }
    assert all(sign["rule"] and sign["text"] and sign["said"] for sign in problem["new"])
    assert shown(world, alert)["state"] == "triggered"
    answer = clinician.post(f"/api/alerts/{alert['id']}/{verb}", json={"seen": 2})
    assert answer.status_code == 200
    assert answer.json()["state"] in ("acknowledged", "snoozed", "resolved")


def test_without_a_version_what_stands_when_the_click_arrives_is_meant(world: World) -> None:
    person = world.person()
    alert = raised(world, person, heart_rate=133)
    sent(world, person, heart_rate=156)
    answer = world.clinician(person).post(f"/api/alerts/{alert['id']}/acknowledge")
    assert (answer.status_code, answer.json()["state"]) == (200, "acknowledged")


@pytest.mark.parametrize("seen", [0, 7, "1", True, 1.5])
def test_a_version_that_the_alert_never_had_is_refused(world: World, seen: object) -> None:
    person = world.person()
    alert = raised(world, person)
    problem = problem_of(
        world.clinician(person).post(f"/api/alerts/{alert['id']}/acknowledge", json={"seen": seen}), 422
    )
    assert problem["field"] == "seen"


def test_who_acknowledged_is_said_by_their_label_and_never_by_an_id(world: World) -> None:
    person = world.person()
    alert, clinician = raised(world, person), world.clinician(person)
    answer = clinician.post(f"/api/alerts/{alert['id']}/acknowledge").json()
    assert answer["acknowledged_by"] == "clinician"
    assert answer["acknowledged_at"] >= alert["started_at"]


def test_something_new_after_an_acknowledgement_is_told_again_with_what_is_so_now(world: World) -> None:
    person = world.person()
    alert = raised(world, person, heart_rate=70, spo2=86)
    world.clinician(person).post(f"/api/alerts/{alert['id']}/acknowledge")
    sent(world, person, heart_rate=182, systolic=68, diastolic=40, spo2=86)
    now = shown(world, alert)
    assert (now["state"], now["version"]) == ("triggered", 2)
    assert len(now["deliveries"]) == len(alert["deliveries"]) + 1
    assert {"heart_rate", "blood_pressure_systolic"} <= {fact["metric"] for fact in now["evidence"]}
    assert "blood pressure" in now["summary"]
    assert any("sit" in step["action"].lower() for step in now["advice"])


def test_closing_while_signs_stand_keeps_the_person_critical_and_can_be_taken_back(world: World) -> None:
    person = world.person()
    alert, clinician = raised(world, person, heart_rate=70, spo2=80), world.clinician(person)
    path = f"/api/alerts/{alert['id']}"
    answer = clinician.post(f"{path}/resolve", json={"seen": 1, "reason": "treated", "note": " on oxygen "})
    closed = answer.json()["closed_by_hand"]
    assert (closed["by"], closed["reason"], closed["note"]) == ("clinician", "treated", "on oxygen")
    assert closed["at"] <= wall_ms() + MINUTE_MS
    for view in (
        clinician.get(f"/api/people/{person}").json(),
        next(each for each in clinician.get("/api/people").json() if each["id"] == person),
    ):
        assert view["status"] == "critical"
        assert view["closed_by_hand"]["level"] == "critical"
        assert view["closed_by_hand"]["alert_id"] == alert["id"]
        assert view["closed_by_hand"]["by"] == "clinician"
        assert view["open_alerts"] == 0
    reopened = clinician.post(f"{path}/reopen")
    assert (reopened.status_code, reopened.json()["state"]) == (200, "triggered")
    assert reopened.json()["closed_by_hand"] is None
    assert reopened.json()["resolved_at"] is None
    assert clinician.get(f"/api/people/{person}").json()["closed_by_hand"] is None
    problem_of(clinician.post(f"{path}/reopen"), 409)


def test_a_new_sign_after_closing_by_hand_opens_at_once(world: World) -> None:
    person = world.person()
    alert, clinician = raised(world, person, heart_rate=70, spo2=86), world.clinician(person)
    clinician.post(f"/api/alerts/{alert['id']}/resolve")
    sent(world, person, spo2=86)
    assert clinician.get("/api/alerts?state=triggered").json() == []
    sent(world, person, spo2=86, respiratory_rate=34)
    (opened,) = eventually(lambda: clinician.get("/api/alerts?state=triggered").json())
    assert opened["id"] != alert["id"]
    assert "respiratory_rate" in {fact["metric"] for fact in opened["evidence"]}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"reason": "bored"}, "reason"),
        ({"note": "x" * 201}, "note"),
        ({"note": 5}, "note"),
        ({"why": "treated"}, "why"),
    ],
)
def test_a_reason_that_is_none_is_refused_by_field(world: World, body: dict[str, Any], field: str) -> None:
    person = world.person()
    alert, clinician = raised(world, person), world.clinician(person)
    assert problem_of(clinician.post(f"/api/alerts/{alert['id']}/resolve", json=body), 422)["field"] == field
    assert shown(world, alert)["state"] == "triggered"


@pytest.mark.parametrize("body", [{"minutes": 61 + 1}, {"minutes": 600}, {"until": None}])
def test_a_critical_alert_is_silenced_for_an_hour_at_most_and_the_reason_is_said(
    world: World, body: dict[str, Any]
) -> None:
    person = world.person()
    alert, clinician = raised(world, person, spo2=80), world.clinician(person)
    if "until" in body:
        body = {"until": wall_ms() + 90 * MINUTE_MS}
    problem = problem_of(clinician.post(f"/api/alerts/{alert['id']}/snooze", json=body), 422)
    assert problem["field"] == next(iter(body))
    assert "60 minutes" in problem["allowed"]
    assert "every hour" in problem["allowed"]
    assert shown(world, alert)["state"] == "triggered"
    assert clinician.post(f"/api/alerts/{alert['id']}/snooze", json={"minutes": 60}).status_code == 200


def test_alerts_off_is_said_and_never_looks_like_a_usual_day(world: World) -> None:
    person = world.person()
    clinician = world.clinician(person)
    profile = clinician.get(f"/api/people/{person}/profile").json()
    changed = clinician.put(
        f"/api/people/{person}/profile", json={"alarms": False, "revision": profile["revision"]}
    )
    assert changed.status_code == 200, changed.text
    sent(world, person, spo2=75, heart_rate=170)
    view = clinician.get(f"/api/people/{person}").json()
    assert view["alerts_off"] is True
    assert view["status"] not in ("usual", "learning")
    assert People(world.house.tables).get(person).profile.alarms is False
