"""Series, twin, risk and people, as a browser or a script asks for them."""

from __future__ import annotations

from typing import Any

import pytest

from healthtwin.access import wall_ms
from healthtwin.domain import HOUR_MS, MINUTE_MS, from_ms
from tests.api.conftest import World, problem_of, reading


@pytest.fixture
def measured(world: World) -> tuple[str, int]:
    """A person with ten heart rates, 60 to 69, one a minute, and the time of the first."""
    person, start = world.person(), wall_ms() // HOUR_MS * HOUR_MS - 2 * HOUR_MS
    rows = [{"timestamp": start + minute * MINUTE_MS, "heart_rate": 60 + minute} for minute in range(10)]
    assert world.phone(person).post("/api/vitals", json=rows[::-1]).json()["accepted"] == 10
    return person, start


def test_a_series_is_raw_ascending_and_holds_both_ends(world: World, measured: tuple[str, int]) -> None:
    person, start = measured
    phone, path = world.phone(person), f"/api/people/{person}/series"
    whole = phone.get(path, params={"metric": "heart_rate"}).json()
    assert whole["t"] == [start + minute * MINUTE_MS for minute in range(10)]
    assert whole["v"] == [float(rate) for rate in range(60, 70)]
    assert whole["unit"] == "/min"
    assert set(whole) == {"t", "v", "unit"}
    ends: dict[str, Any] = {"from": start + MINUTE_MS, "to": start + 3 * MINUTE_MS}
    by_number = phone.get(path, params={"metric": "heart_rate", **ends}).json()
    assert by_number["v"] == [61, 62, 63]
    as_text = {name: from_ms(value).isoformat() for name, value in ends.items()}
    assert phone.get(path, params={"metric": "heart_rate", **as_text}).json() == by_number


def test_a_step_gives_mean_range_and_count(world: World, measured: tuple[str, int]) -> None:
    person, start = measured
    path = f"/api/people/{person}/series"
    answers = [
        world.phone(person).get(path, params={"metric": "heart_rate", "from": start, "step": step}).json()
        for step in ("5m", str(5 * MINUTE_MS))
    ]
    assert answers[0] == answers[1]
    assert answers[0]["t"] == [start, start + 5 * MINUTE_MS]
    assert answers[0]["v"] == [62, 67]
    assert (answers[0]["min"], answers[0]["max"], answers[0]["count"]) == ([60, 65], [64, 69], [5, 5])


def test_a_metric_never_measured_is_an_empty_series(world: World) -> None:
    person = world.person()
    answer = world.phone(person).get(f"/api/people/{person}/series", params={"metric": "spo2"}).json()
    assert answer == {"t": [], "v": [], "unit": "%"}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "metric"),
        ("metric=pulse", "metric"),
        ("metric=heart_rate&from=yesterday", "from"),
        ("metric=heart_rate&from=2026-03-01T12:00:00", "from"),
        ("metric=heart_rate&to=1e9", "to"),
        ("metric=heart_rate&from=99999999999999999999", "from"),
        ("metric=heart_rate&from=1772366400005&to=1772366400004", "to"),
        ("metric=heart_rate&from=1772366400", "from"),
        ("metric=heart_rate&step=0", "step"),
        ("metric=heart_rate&step=-5m", "step"),
        ("metric=heart_rate&step=999d", "step"),
        ("metric=heart_rate&form=5", "form"),
        ("metric=heart_rate&metric=spo2", "metric"),
    ],
)
def test_a_question_that_cannot_be_meant_is_refused_by_parameter(
    world: World, query: str, field: str
) -> None:
    person = world.person()
    problem = problem_of(world.phone(person).get(f"/api/people/{person}/series?{query}"), 422)
    assert problem["field"] == field


def test_a_person_is_unknown_before_the_first_reading_and_never_fine(world: World) -> None:
    person = world.person()
    shown = world.phone(person).get(f"/api/people/{person}").json()
    assert (shown["status"], shown["last_reading_at"], shown["latest"]) == ("unknown", None, [])
    assert world.phone(person).get(f"/api/people/{person}/risk").json()["risks"] == []
    twin = world.phone(person).get(f"/api/people/{person}/twin").json()
    assert (twin["phase"], twin["days"]) == ("silent", 0)


def test_the_newest_value_of_each_metric_is_shown(world: World) -> None:
    person = world.person()
    world.phone(person).post("/api/vitals", json=reading(heart_rate=66, temperature=36.6))
    shown = world.phone(person).get(f"/api/people/{person}").json()
    assert {value["metric"]: value["value"] for value in shown["latest"]} == {
        "heart_rate": 66,
        "body_temperature": 36.6,
    }
    assert shown["phase"] == "silent"
    assert shown["status"] == "learning"


def test_somebody_added_while_the_server_runs_is_there_at_once(world: World) -> None:
    admin = world.admin()
    before = {person["id"] for person in admin.get("/api/people").json()}
    added = world.person()
    assert {person["id"] for person in admin.get("/api/people").json()} == before | {added}


def test_a_new_normal_can_be_confirmed_for_named_metrics_only_if_they_are_learned(world: World) -> None:
    person = world.person()
    path, clinician = f"/api/people/{person}/new-normal", world.clinician(person)
    assert clinician.post(path, json={"metrics": ["heart_rate", "spo2"]}).status_code == 204
    assert clinician.post(path).status_code == 204
    assert problem_of(clinician.post(path, json={"metrics": ["steps"]}), 422)["field"] == "metrics"
    assert problem_of(clinician.post(path, json={"metric": ["spo2"]}), 422)["field"] == "metric"
