"""`POST /api/vitals`, as a phone meets it."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from healthtwin.access import wall_ms
from healthtwin.api import ServeSettings
from tests.api.conftest import World, problem_of, reading, world_in

VITALS = "/api/vitals"


def receipt(accepted: int = 0, duplicates: int = 0) -> dict[str, object]:
    return {"accepted": accepted, "duplicates": duplicates, "refused": []}


def test_one_reading_is_stored_and_can_be_read_back(world: World) -> None:
    ada = world.person()
    answer = world.phone(ada).post(VITALS, json=reading(heart_rate=71.5, spo2=97))
    assert (answer.status_code, answer.json()) == (200, receipt(1))
    assert world.values(ada) == [71.5]
    assert world.values(ada, "oxygen_saturation") == world.values(ada, "spo2") == [97]


def test_a_list_keeps_its_good_rows_and_names_the_bad_ones(world: World) -> None:
    ada, now = world.person(), wall_ms()
    rows = [
        {"timestamp": now - 2000, "heart_rate": 70},
        {"timestamp": now - 1000, "heart_rate": -5},
        {"timestamp": now, "heart_rate": 72},
        {"timestamp": now, "hart_rate": 72},
    ]
    answer = world.phone(ada).post(VITALS, json=rows)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["accepted"], body["duplicates"]) == (2, 0)
    assert [(refusal["index"], refusal["field"]) for refusal in body["refused"]] == [
        (1, "heart_rate"),
        (3, "hart_rate"),
    ]
    assert body["refused"][0]["value"] == -5
    assert "10 to 350 /min" in body["refused"][0]["allowed"]
    assert world.values(ada) == [70, 72]


def test_only_when_every_row_is_refused_the_whole_is(world: World) -> None:
    ada = world.person()
    problem = problem_of(world.phone(ada).post(VITALS, json=[reading(heart_rate=-5), reading(spo2=101)]), 422)
    assert [refusal["field"] for refusal in problem["refused"]] == ["heart_rate", "spo2"]
    assert world.values(ada) == []


@pytest.mark.parametrize("value", ["-5", "1e9", "NaN", "Infinity", "true", '"72"', "[72]", "{}", "9" * 400])
def test_an_impossible_value_is_refused_with_field_value_and_range(world: World, value: str) -> None:
    ada = world.person()
    body = f'{{"timestamp": {wall_ms()}, "heart_rate": {value}}}'
    headers = {"Content-Type": "application/json"}
    problem = problem_of(world.phone(ada).post(VITALS, content=body, headers=headers), 422)
    assert problem["field"] == "heart_rate"
    assert "10 to 350 /min" in problem["allowed"]
    assert problem["refused"][0]["index"] == 0
    assert world.values(ada) == []


# ---------------------------------------------------------------- once and only once


def test_the_same_reading_again_is_a_duplicate_and_stored_once(world: World) -> None:
    ada = world.person()
    phone, row = world.phone(ada), reading(sequence=1)
    assert phone.post(VITALS, json=row).json() == receipt(1)
    again = phone.post(VITALS, json=row)
    assert (again.status_code, again.json()) == (200, receipt(0, 1))
    assert phone.post(VITALS, json=[row, row]).json() == receipt(0, 2)
    assert world.values(ada) == [72]


def test_without_a_sequence_equal_content_is_the_same_reading(world: World) -> None:
    ada = world.person()
    phone, row = world.phone(ada), reading()
    assert phone.post(VITALS, json=[row, row]).json() == receipt(1, 1)
    assert phone.post(VITALS, json=row).json() == receipt(0, 1)


def test_a_used_sequence_with_other_content_conflicts_and_nothing_is_lost(world: World) -> None:
    ada, now = world.person(), wall_ms()
    phone = world.phone(ada)
    phone.post(VITALS, json=reading(timestamp=now, sequence=1, heart_rate=60))
    problem = problem_of(phone.post(VITALS, json=reading(timestamp=now, sequence=1, heart_rate=61)), 409)
    assert (problem["field"], problem["value"]) == ("sequence", 1)
    problem_of(phone.post(VITALS, json=[reading(timestamp=now, sequence=1, heart_rate=62)]), 409)
    answer = phone.post(
        VITALS,
        json=[
            reading(timestamp=now, sequence=1, heart_rate=63),
            reading(timestamp=now + 1, sequence=2, heart_rate=64),
        ],
    )
    assert answer.status_code == 200
    body = answer.json()
    assert (body["accepted"], body["duplicates"]) == (1, 0)
    assert [(refusal["index"], refusal["field"]) for refusal in body["refused"]] == [(0, "sequence")]
    assert world.values(ada) == [60, 64]


def test_a_refused_row_does_not_use_up_its_sequence(world: World) -> None:
    ada = world.person()
    phone = world.phone(ada)
    problem_of(phone.post(VITALS, json=reading(sequence=9, heart_rate=1000)), 422)
    assert phone.post(VITALS, json=reading(sequence=9, heart_rate=70)).json() == receipt(1)


def test_sequences_may_have_gaps_and_come_out_of_order(world: World) -> None:
    ada, now = world.person(), wall_ms()
    phone = world.phone(ada)
    for minutes_ago, sequence in enumerate((900, 5, 0, 2**62)):
        row = reading(timestamp=now - 60_000 * minutes_ago, sequence=sequence, heart_rate=60 + minutes_ago)
        assert phone.post(VITALS, json=row).json() == receipt(1)
    assert world.values(ada) == [63, 62, 61, 60]


def test_two_devices_count_for_themselves(world: World) -> None:
    ada = world.person()
    row = reading(sequence=1)
    assert world.phone(ada).post(VITALS, json=row).json() == receipt(1)
    assert world.phone(ada).post(VITALS, json=row).json() == receipt(1)


def test_many_at_once_with_the_same_reading_store_it_once(world: World) -> None:
    ada = world.person()
    token, row = world.token("device", ada), reading(sequence=1)
    answers: list[dict[str, int]] = []

    def send() -> None:
        answers.append(world.client(token).post(VITALS, json=row).json())

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(answer["accepted"] for answer in answers) == 1
    assert sum(answer["duplicates"] for answer in answers) == 7
    assert world.values(ada) == [72]


def test_readings_of_any_age_are_taken(world: World) -> None:
    ada = world.person(birth_year=1980)
    old = {"timestamp": "1999-12-31T23:59:59.5+01:00", "heart_rate": 70}
    assert world.phone(ada).post(VITALS, json=old).json() == receipt(1)


# ---------------------------------------------------------------- whose


def test_a_phone_cannot_write_for_somebody_else(world: World) -> None:
    ada, bob = world.person(), world.person()
    phone = world.phone(ada)
    for stranger in (bob, "p-nobody"):
        problem = problem_of(phone.post(VITALS, json=reading(person=stranger)), 422)
        assert (problem["field"], problem["value"]) == ("person", stranger)
    assert phone.post(VITALS, json=reading(person=ada)).json() == receipt(1)
    assert world.values(bob) == []


def test_a_hub_says_whose_reading_it_is(world: World) -> None:
    ada, bob = world.person(), world.person()
    hub = world.admin()
    assert problem_of(hub.post(VITALS, json=reading()), 422)["field"] == "person"
    rows = [reading(person=ada, heart_rate=61), reading(person=bob, heart_rate=62)]
    assert hub.post(VITALS, json=rows).json() == receipt(2)
    assert (world.values(ada), world.values(bob)) == ([61], [62])


# ---------------------------------------------------------------- what cannot be read


@pytest.mark.parametrize(
    "body", [b"", b"  ", b"[]", b"{", b"[1,", b'{"heart_rate": "\xc3("}', b"\xff", b"[" * 50_000]
)
def test_what_cannot_be_read_is_a_400(world: World, body: bytes) -> None:
    phone = world.phone(world.person())
    problem_of(phone.post(VITALS, content=body, headers={"Content-Type": "application/json"}), 400)


@pytest.mark.parametrize("body", [b"5", b'"x"', b"null", b"[5]", b"[null]"])
def test_json_that_is_no_reading_is_a_422(world: World, body: bytes) -> None:
    phone = world.phone(world.person())
    problem_of(phone.post(VITALS, content=body, headers={"Content-Type": "application/json"}), 422)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("application/senml+json", 200),
        ("application/x-www-form-urlencoded", 200),  # what curl says of everything
        ("text/plain;charset=UTF-8", 200),
        ("application/xml", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/json; charset=latin-1", 415),
    ],
)
def test_beside_a_token_only_a_label_that_somebody_chose_counts_against_a_body(
    world: World, kind: str, status: int
) -> None:
    phone = world.phone(world.person())
    answer = phone.post(VITALS, content=json.dumps(reading()), headers={"Content-Type": kind})
    assert answer.status_code == status


def test_gzip_is_taken_and_other_codings_are_not(world: World) -> None:
    phone = world.phone(world.person())
    body, kind = gzip.compress(json.dumps(reading()).encode()), "application/json"
    packed = {"Content-Type": kind, "Content-Encoding": "gzip"}
    assert phone.post(VITALS, content=body, headers=packed).json() == receipt(1)
    problem_of(phone.post(VITALS, content=body[:-4], headers=packed), 400)
    problem_of(phone.post(VITALS, content=body, headers={**packed, "Content-Encoding": "br"}), 415)
    bomb = gzip.compress(b"[" + b" " * 20_000_000 + b"]")
    problem_of(phone.post(VITALS, content=bomb, headers=packed), 413)


def test_fifty_megabytes_are_refused_with_an_answer_and_the_next_request_works(world: World) -> None:
    ada = world.person()
    phone = world.phone(ada)
    headers = {"Content-Type": "application/json"}
    block = b" " * 1_000_000

    def in_chunks() -> Iterator[bytes]:
        for _ in range(50):
            yield block

    problem_of(phone.post(VITALS, content=block * 50, headers=headers), 413)
    problem_of(phone.post(VITALS, content=in_chunks(), headers=headers), 413)
    assert phone.post(VITALS, json=reading()).json() == receipt(1)


def test_a_length_beyond_all_bounds_is_refused_before_the_body_is_sent(world: World) -> None:
    token, target = world.token("device", world.person()), urlsplit(world.url)
    with socket.create_connection((target.hostname or "", target.port or 0), timeout=10) as connection:
        connection.sendall(
            f"POST {VITALS} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
            "Content-Type: application/json\r\nContent-Length: 50000000000\r\n\r\n".encode()
        )
        assert b" 413 " in connection.recv(4096).partition(b"\r\n")[0]


def test_another_method_is_a_405_that_names_the_right_one(world: World) -> None:
    answer = world.phone(world.person()).get(VITALS)
    problem_of(answer, 405)
    assert answer.headers["allow"] == "POST"


# ---------------------------------------------------------------- how fast


def test_too_many_rows_are_told_when_to_come_back(tmp_path: Path) -> None:
    with world_in(tmp_path / "home", ServeSettings(rows_per_s=5, burst_rows=10)) as world:
        ada = world.person()
        phone, now = world.phone(ada), wall_ms()
        rows = [{"timestamp": now - index, "heart_rate": 70} for index in range(10)]
        assert phone.post(VITALS, json=rows).json() == receipt(10)
        refused = phone.post(VITALS, json=rows)
        problem_of(refused, 429)
        assert 1 <= int(refused.headers["retry-after"]) <= 2
        assert world.phone(ada).post(VITALS, json=rows).json() == receipt(10)
        assert len(world.values(ada)) == 10
