"""Whatever is wrong with a reading: the answer names it, nothing wrong is stored, nothing right is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.conftest import World, present_ms

NewDevice = Callable[[], tuple[str, str]]


def reading(**fields: object) -> dict[str, object]:
    return {"timestamp": present_ms(), "heart_rate": 70, **fields}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("heart_rate", "72"),
        ("heart_rate", True),
        ("heart_rate", -5),
        ("heart_rate", 1e9),
        ("heart_rate", [72]),
        ("heart_rate", {"value": 72}),
        ("spo2", 101),
        ("temperature", 98.6),  # Fahrenheit
        ("hrv_ms", 40),  # RMSSD or SDNN? nobody knows
        ("pulse", 72),
        ("timestamp", "yesterday"),
        ("timestamp", "2026-03-01T12:00:00"),
        ("timestamp", True),
        ("timestamp", None),
        ("timestamp", 1_772_366_400),  # seconds
        ("timestamp", 10**18),
        ("timestamp", "1949-12-30T12:00:00Z"),
        ("timestamp", "9999-12-31T23:59:59Z"),
        ("sequence", -1),
        ("sequence", "7"),
        ("sequence", True),
        ("sequence", 1.5),
        ("sequence", 2**64),
    ],
)
def test_a_wrong_field_is_named_with_what_is_allowed(world: World, field: str, value: object) -> None:
    told = world.served.post(world.device, reading(**{field: value}))
    assert told.status == 422
    assert told.problem["field"] == field
    assert told.problem["allowed"]
    assert [row["index"] for row in told.problem["refused"]] == [0]


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_is_no_number_refuses_its_row_alone(world: World, new_device: NewDevice, literal: str) -> None:
    ada, token = new_device()
    now = present_ms()
    body = f'[{{"timestamp":{now},"heart_rate":70}},{{"timestamp":{now + 1},"heart_rate":{literal}}}]'
    told = world.served.ask("POST", "/api/vitals", token, body.encode(), Content_Type="application/json")
    assert told.status == 200
    assert (told.json["accepted"], told.json["refused"][0]["field"]) == (1, "heart_rate")
    assert world.served.series(ada, token, metric="heart_rate") == [(now, 70)]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"[]",
        b"{",
        b"[{}",
        b"\xff\xfe{}",
        b'{"timestamp":1772366400000,"heart_rate":70,"device":"\xff"}',
        b'{"timestamp":1772366400000,"heart_rate":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    ],
)
def test_a_body_that_cannot_be_read_is_a_400_that_says_so(world: World, body: bytes) -> None:
    told = world.served.ask("POST", "/api/vitals", world.device, body, Content_Type="application/json")
    assert told.status == 400
    assert told.problem["field"] == "body"


@pytest.mark.parametrize("body", [b"{}", b"null", b"[null]", b"[1]", b'"x"', b"true"])
def test_json_that_is_no_reading_is_a_422(world: World, body: bytes) -> None:
    told = world.served.ask("POST", "/api/vitals", world.device, body, Content_Type="application/json")
    assert told.status == 422
    assert told.problem["allowed"]


def test_a_batch_keeps_its_good_rows_and_a_refused_row_keeps_its_sequence(
    world: World, new_device: NewDevice
) -> None:
    ada, token = new_device()
    now = present_ms()
    rows: list[dict[str, Any]] = [
        {"timestamp": now + i, "sequence": i, "heart_rate": value}
        for i, value in enumerate([60, -5, 62, "63", 64])
    ]
    told = world.served.post(token, rows)
    assert told.status == 200
    assert (told.json["accepted"], told.json["duplicates"]) == (3, 0)
    assert [(row["index"], row["field"], row["value"]) for row in told.json["refused"]] == [
        (1, "heart_rate", -5),
        (3, "heart_rate", "63"),
    ]
    assert all(row["allowed"] for row in told.json["refused"])
    rows[1]["heart_rate"], rows[3]["heart_rate"] = 61, 63
    again = world.served.post(token, rows)
    assert again.json == {"accepted": 2, "duplicates": 3, "refused": []}
    assert world.served.series(ada, token, metric="heart_rate") == [(now + i, 60 + i) for i in range(5)]


def test_only_a_batch_without_any_good_row_is_a_422(world: World, new_device: NewDevice) -> None:
    _, token = new_device()
    now = present_ms()
    good = {"timestamp": now, "sequence": 1, "heart_rate": 60}
    bad = {"timestamp": now, "sequence": 2, "heart_rate": 0}
    assert world.served.post(token, [bad, bad]).status == 422
    assert world.served.post(token, [bad, good]).status == 200
    duplicates = world.served.post(token, [bad, good])
    assert (duplicates.status, duplicates.json["duplicates"]) == (200, 1)


def test_one_sequence_means_one_reading(world: World, new_device: NewDevice) -> None:
    ada, token = new_device()
    now = present_ms()
    first = {"timestamp": now, "sequence": 5, "heart_rate": 60, "spo2": None}
    other = {"timestamp": now, "sequence": 5, "heart_rate": 61}
    assert world.served.post(token, first).json["accepted"] == 1
    absent = {name: value for name, value in first.items() if value is not None}
    assert world.served.post(token, absent).json["duplicates"] == 1  # null says the same as nothing
    told = world.served.post(token, other)
    assert told.status == 409
    assert told.problem["field"] == "sequence"
    mixed = world.served.post(token, [other, {"timestamp": now + 1, "sequence": 4, "heart_rate": 62}])
    assert (mixed.status, mixed.json["accepted"], mixed.json["refused"][0]["index"]) == (200, 1, 0)
    assert world.served.series(ada, token, metric="heart_rate") == [(now, 60), (now + 1, 62)]


def test_sequences_may_have_gaps_and_come_out_of_order(world: World, new_device: NewDevice) -> None:
    ada, token = new_device()
    now = present_ms()
    for sequence in (900, 3, 77, 2**63 - 1, 0):
        row = {"timestamp": now - sequence % 1000, "sequence": sequence, "heart_rate": 60}
        assert world.served.post(token, row).json["accepted"] == 1
    times = [time for time, _ in world.served.series(ada, token, metric="heart_rate")]
    assert times == sorted(now - sequence % 1000 for sequence in (900, 3, 77, 2**63 - 1, 0))


def test_a_sequence_belongs_to_its_device(world: World) -> None:
    now = present_ms()
    for token in (world.device, world.second_device):
        row = {"timestamp": now + (token == world.device), "sequence": 41, "heart_rate": 60}
        assert world.served.post(token, row).json["accepted"] == 1


def test_fifty_megabytes_get_an_answer_and_the_next_request_works(world: World) -> None:
    told = world.served.ask("POST", "/api/vitals", world.device, b"[" + b" " * 50_000_000 + b"]")
    assert told.status == 413
    assert told.problem
    assert world.served.post(world.device, reading()).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content_Type": "application/json"},
        {"Content_Type": "application/json; charset=utf-8"},
        {"Content_Type": "application/x-www-form-urlencoded"},  # curl -d, and urllib
    ],
)
def test_beside_a_token_json_needs_no_label(world: World, headers: dict[str, str]) -> None:
    told = world.served.ask("POST", "/api/vitals", world.device, json.dumps(reading()).encode(), **headers)
    assert told.status == 200


def test_a_metric_that_does_not_exist_is_named_beside_those_that_do(world: World) -> None:
    told = world.served.get(f"/api/people/{world.ada}/series", world.device, metric="pulse")
    assert told.status == 422
    assert "heart_rate" in told.problem["allowed"]
    assert world.served.get(f"/api/people/{world.ada}/series", world.device).problem["field"] == "metric"
