"""From a phone's reading to an alert that somebody acknowledges, and who may see what of it."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.contract.conftest import World, eventually, present_ms

NewDevice = Callable[[], tuple[str, str]]

DAY_MS = 86_400_000
VERY_LOW = {"spo2": 71}


@contextmanager
def live(world: World, token: str, after: str | None = None) -> Iterator[http.client.HTTPResponse]:
    connection = world.served.connect(timeout=20)
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
    if after is not None:
        headers["Last-Event-ID"] = after
    connection.request("GET", "/api/live", headers=headers)
    response = connection.getresponse()
    try:
        assert response.status == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        yield response
    finally:
        response.close()
        connection.close()


def events_until(response: http.client.HTTPResponse, name: str) -> list[tuple[str, str]]:
    """(name, id) of every event through the first of this name."""
    seen: list[tuple[str, str]] = []
    event = ""
    while line := response.readline().decode():
        field, _, value = line.rstrip("\n").partition(": ")
        if field == "event":
            event = value
        elif field == "id":
            seen.append((event, value))
            if event == name:
                return seen
    pytest.fail(f"the stream ended before {name}: {seen}")


def alerts(world: World, person: str, **query: object) -> list[dict[str, Any]]:
    found = world.served.get("/api/alerts", world.admin, person=person, **query)
    assert found.status == 200, found.body
    listed: list[dict[str, Any]] = found.json
    return listed


def test_a_critical_reading_is_an_alert_within_5_s_and_is_acknowledged_snoozed_and_closed(
    world: World, new_device: NewDevice
) -> None:
    person, token = new_device()
    now = present_ms()
    assert world.served.post(token, {"timestamp": now, "sequence": 1, **VERY_LOW}).status == 200
    (alert,) = eventually(lambda: alerts(world, person, state="triggered"), within_s=5)
    assert {"id", "person", "level", "state", "rule", "started_at", "raised_at", "evidence"} <= set(alert)
    assert (alert["person"], alert["level"], alert["started_at"]) == (person, "critical", now)
    assert "71" in alert["evidence"][0]["text"]
    assert alert["evidence"][0]["source"]

    def act(verb: str, token: str) -> tuple[int, str]:
        told = world.served.ask("POST", f"/api/alerts/{alert['id']}/{verb}", token)
        return told.status, told.json["state"] if told.status == 200 else ""

    assert act("acknowledge", token) == (403, "")  # a device measures, it does not decide
    assert act("acknowledge", world.clinician) == (404, "")  # of somebody else's people
    assert act("acknowledge", world.admin) == (200, "acknowledged")
    assert act("acknowledge", world.admin) == (200, "acknowledged")
    assert act("snooze", world.admin) == (200, "snoozed")
    assert act("resolve", world.admin) == (200, "resolved")
    assert act("snooze", world.admin) == (409, "")
    assert act("forget", world.admin) == (404, "")
    assert [found["state"] for found in alerts(world, person)] == ["resolved"]
    assert alerts(world, person, state="triggered") == []


def test_old_readings_teach_and_are_kept_but_raise_nothing(world: World, new_device: NewDevice) -> None:
    person, token = new_device()
    now = present_ms()
    rows = [
        {
            "timestamp": now - day * DAY_MS - 3_600_000,
            "sequence": day,
            "spo2": 71,
            "heart_rate": 60 + day % 50,
        }
        for day in (390, 1, 200, 30, 2)
    ]
    assert world.served.post(token, rows).json["accepted"] == 5
    ancient = {"timestamp": "1999-01-01T00:00:00Z", "sequence": 999, "heart_rate": 60}
    assert world.served.post(token, ancient).json["accepted"] == 1  # taught; beyond what is kept raw
    found = world.served.series(person, token, metric="heart_rate")
    assert found == sorted((row["timestamp"], row["heart_rate"]) for row in rows)
    assert world.served.get(f"/api/people/{person}/twin", token).json["days"] >= 5
    assert alerts(world, person) == []


def test_a_series_is_raw_ascending_with_both_ends_and_in_steps_only_when_asked(
    world: World, new_device: NewDevice
) -> None:
    person, token = new_device()
    start = present_ms() // DAY_MS * DAY_MS - DAY_MS
    rows = [{"timestamp": start + i * 10_000, "sequence": i, "spo2": 90 + i % 6} for i in range(300)]
    assert world.served.post(token, rows[::-1]).json["accepted"] == 300
    every = [(row["timestamp"], row["spo2"]) for row in rows]
    for name in ("spo2", "oxygen_saturation"):
        assert world.served.series(person, token, metric=name) == every
    ends = {"from": start + 50_000, "to": start + 90_000}
    assert world.served.series(person, token, metric="spo2", **ends) == every[5:10]
    stepped = world.served.get(f"/api/people/{person}/series", token, metric="spo2", step=60_000).json
    assert stepped["t"] == [start + i * 60_000 for i in range(50)]
    assert stepped["unit"] == "%"
    assert set(stepped["v"]) == {92.5}


def test_a_live_stream_goes_on_after_the_last_event_that_was_seen(world: World) -> None:
    row = {"timestamp": present_ms(), "heart_rate": 64}
    with live(world, world.clinician) as stream:
        assert world.served.post(world.device, row).status == 200
        ((_, seen),) = events_until(stream, "reading")
    assert world.served.post(world.device, {**row, "timestamp": row["timestamp"] + 1}).status == 200
    assert world.served.post(world.device_of_bo, row).status == 200
    with live(world, world.clinician, after=seen) as stream:
        ((_, missed),) = events_until(stream, "reading")
        assert missed != seen
    with live(world, world.admin, after="of another time") as stream:
        assert events_until(stream, "reset")  # what was missed cannot be told: ask again for everything


@pytest.mark.parametrize("path", ["series?metric=heart_rate", "twin", "risk"])
def test_who_is_not_named_sees_nothing_and_learns_nothing(world: World, path: str) -> None:
    def status(person: str, token: str | None) -> int:
        return world.served.get(f"/api/people/{person}/{path}", token).status

    for token in (world.device, world.clinician, world.admin):
        assert status(world.ada, token) == 200
    assert status(world.bo, world.device) == status("p-nobody", world.device) == 404
    assert status(world.bo, world.clinician) == 404
    assert status(world.bo, world.admin) == 200
    assert status(world.ada, None) == status(world.ada, "ht_of-nobody") == 401


def test_readings_are_written_for_ones_own_person_only(world: World) -> None:
    row = {"timestamp": present_ms(), "heart_rate": 70}
    assert world.served.post(world.device, {**row, "person": world.bo}).problem["field"] == "person"
    assert world.served.post(world.clinician, row).status == 403
    assert world.served.post("ht_of-nobody", row).status == 401
    assert world.served.post(world.admin, {**row, "person": world.bo}).status == 200
    assert world.served.get("/api/alerts", world.device, person=world.bo).status == 404


def test_a_foreign_host_name_is_refused(world: World) -> None:
    assert world.served.ask("GET", "/health", Host="evil.example").status == 421
    assert world.served.ask("GET", "/api/people", world.admin, Host="evil.example:80").status == 421
