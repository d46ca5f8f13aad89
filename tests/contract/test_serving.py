"""A process that serves: under load, at its end, after a kill, and beside a backup."""

from __future__ import annotations

import http.client
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.conftest import (
    Served,
    add_person,
    answer_of,
    create_token,
    eventually,
    present_ms,
    run,
    serving,
    torture_asked_for,
)

HOUR_MS = 3_600_000


def rows_before(now: int, first: int, count: int) -> list[dict[str, int]]:
    return [
        {"timestamp": now - HOUR_MS + i, "sequence": i, "heart_rate": 60 + i % 20}
        for i in range(first, first + count)
    ]


@pytest.mark.realtime
def test_a_token_may_send_5_000_rows_a_second_and_more_are_told_when_to_come_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START"):
        monkeypatch.delenv(
            name, raising=False
        )  # counting lines, the server would be too slow to be sent more
    home = tmp_path / "home"
    ada, bo = add_person(home), add_person(home, "Bo")
    of_ada, of_bo = create_token(home, "device", ada), create_token(home, "device", bo)
    now = present_ms()
    with serving(home) as served:
        # At once, before the house digests what came: on a busy processor it takes in rows more slowly than
        # the limit allows, and whoever sends them is never too fast.
        assert served.post(of_ada, rows_before(now, 0, 20_000)).json["accepted"] == 20_000
        for begin in range(20_000, 200_000, 20_000):
            told = served.post(of_ada, rows_before(now, begin, 20_000))
            if told.status == 429:
                break
        assert told.status == 429
        assert told.problem
        time.sleep(int(told.headers["retry-after"]))
        assert served.post(of_ada, rows_before(now, begin, 1000)).status == 200
        # One person's import holds up neither another's readings nor the end of the process.
        row = {"timestamp": present_ms(), "heart_rate": 70}
        assert served.post(of_bo, row).json["accepted"] == 1
        assert served.get(f"/api/people/{bo}/twin", of_bo).status == 200
        began = time.monotonic()
        assert served.end() == 0
        assert time.monotonic() - began < 30
    with serving(home) as served:  # ready, though most of it has still to be learned
        assert served.post(of_bo, row).json["duplicates"] == 1


def test_the_end_waits_for_what_is_acknowledged_and_exits_0(tmp_path: Path) -> None:
    home = tmp_path / "home"
    ada = add_person(home)
    token = create_token(home, "device", ada)
    base = present_ms() - 12 * HOUR_MS
    with serving(home) as served:
        assert served.url.startswith("http://127.0.0.1:")
        acknowledged = _post_until_it_ends(served, [token], served.end, base)
        assert served.process.returncode == 0
        assert acknowledged
    with serving(home) as served:
        _require_each_once(served, ada, token, acknowledged)


@pytest.mark.parametrize(
    "cycles", [3, pytest.param(1000, marks=[pytest.mark.torture, pytest.mark.timeout(0)])]
)
def test_kill_nine_loses_no_acknowledged_reading_and_doubles_no_alert(tmp_path: Path, cycles: int) -> None:
    if cycles > 3 and not torture_asked_for():
        pytest.skip("takes hours: make torture (HEALTHTWIN_TORTURE=full)")
    home = tmp_path / "home"
    ada = add_person(home)
    tokens = [create_token(home, "device", ada) for _ in range(3)]
    acknowledged: set[int] = set()
    now = present_ms()
    critical = {"timestamp": now, "sequence": 10**9, "spo2": 71}
    for _ in range(cycles):
        with serving(home) as served:
            assert (
                served.post(tokens[0], critical).status == 200
            )  # the same each time: once stored, once told

            def kill(served: Served = served) -> None:
                time.sleep(0.7)
                served.end(signal.SIGKILL)

            acknowledged |= _post_until_it_ends(served, tokens, kill, now - 12 * HOUR_MS)
    with serving(home) as served:
        _require_each_once(served, ada, tokens[0], acknowledged)
        found = eventually(lambda: served.get("/api/alerts", tokens[0]).json, within_s=20)
        assert [(alert["started_at"], alert["level"], alert["state"]) for alert in found] == [
            (now, "critical", "triggered")
        ]
    assert len(acknowledged) >= 10 * cycles


_counter = iter(range(10**9))


def _post_until_it_ends(served: Served, tokens: list[str], end: object, base: int) -> set[int]:
    """Times of the readings that were acknowledged before the process was gone; each has its own."""
    acknowledged: set[int] = set()

    def send(token: str) -> None:
        while True:
            first = next(_counter)
            times = [base + first * 20 + i for i in range(20)]
            rows = [
                {"timestamp": at, "sequence": first * 20 + i, "spo2": 71 + i % 3}
                for i, at in enumerate(times)
            ]
            try:
                told = served.post(token, rows)
            except (OSError, http.client.HTTPException):  # also one that dies half-way through its answer
                return
            if told.status != 200:
                return
            assert told.json["refused"] == []
            acknowledged.update(times)

    senders = [threading.Thread(target=send, args=(token,)) for token in tokens]
    for sender in senders:
        sender.start()
    time.sleep(0.3)
    assert callable(end)
    end()
    for sender in senders:
        sender.join(60)
    return acknowledged


def _require_each_once(served: Served, person: str, token: str, acknowledged: set[int]) -> None:
    def through() -> bool:
        told = served.get("/health", token).json
        return bool(told["backlog"] == 0)

    eventually(through, within_s=120)
    times = [at for at, _ in served.series(person, token, metric="spo2")]
    assert times == sorted(set(times))
    assert acknowledged <= set(times)


def test_a_backup_beside_the_server_brings_everything_back(tmp_path: Path) -> None:
    home, file, restored = tmp_path / "home", tmp_path / "twin.backup", tmp_path / "restored"
    ada = add_person(home)
    token = create_token(home, "device", ada)
    now = present_ms()

    def everything(served: Served) -> tuple[object, ...]:
        answers = [
            served.get(f"/api/people/{ada}/twin", token),
            served.get("/api/alerts", token),
            served.get(f"/api/people/{ada}/series", token, metric="spo2"),
        ]
        assert {answer.status for answer in answers} == {200}
        return tuple(answer.json for answer in answers)

    with serving(home) as served:
        assert served.post(token, {"timestamp": now, "sequence": 1, "spo2": 71}).status == 200
        eventually(lambda: served.get("/api/alerts", token).json, within_s=5)
        answer_of("backup", "--home", home, "--out", file)
        before = everything(served)
        assert served.post(token, {"timestamp": now + 1, "sequence": 2, "spo2": 72}).status == 200
        assert run("backup", "--home", home, "--out", file).returncode != 0  # never over another
        assert run("restore", "--home", home, file).returncode != 0
    assert run("restore", "--home", restored, file).returncode == 0
    with serving(restored) as served:
        assert everything(served)[0] == before[0]
        assert everything(served)[2] == before[2]
        assert [alert["id"] for alert in served.get("/api/alerts", token).json] == [
            alert["id"]
            for alert in before[1]  # type: ignore[attr-defined]
        ]
        # The phone sends both again: the one is known, the other is not.
        assert served.post(token, {"timestamp": now, "sequence": 1, "spo2": 71}).json["duplicates"] == 1
        assert served.post(token, {"timestamp": now + 1, "sequence": 2, "spo2": 72}).json["accepted"] == 1


def test_a_replay_is_not_served(tmp_path: Path) -> None:
    table = tmp_path / "readings.csv"
    lines = [f"2026-03-01T{hour:02}:00:00Z,ada,{60 + hour}" for hour in range(24)]
    table.write_text("\n".join(["time,who,pulse", *lines]))
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        'name = "watch"\n[[table]]\nperson = "who"\ntime = {column = "time", format = "iso"}\n'
        '[table.metrics]\nheart_rate = "pulse"\n'
    )
    home = tmp_path / "home"
    told = run("replay", table, "--home", home, "--mapping", mapping, "--speed", "max", "--json")
    assert told.returncode == 0, told.stderr
    refused = run("serve", "--home", home, "--port", "0")
    assert refused.returncode != 0
    assert refused.stdout == ""
    assert "replay" in refused.stderr


def test_a_locked_log_refuses_or_waits_and_loses_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    ada = add_person(home)
    token = create_token(home, "device", ada)
    now = present_ms()
    with serving(home) as served:
        with _locked(home / "log.db"):
            told = served.post(token, {"timestamp": now, "sequence": 1, "heart_rate": 70})
            assert told.status == 503
            assert told.problem
            assert int(told.headers["retry-after"]) >= 1
            assert served.get("/health", token).json["status"] != "ok"
        assert served.post(token, {"timestamp": now, "sequence": 1, "heart_rate": 70}).json["accepted"] == 1
        eventually(lambda: served.get("/health", token).json["status"] == "ok", within_s=30)
        assert served.series(ada, token, metric="heart_rate") == [(now, 70)]


def _locked(path: Path) -> _Locked:
    return _Locked(path)


class _Locked:
    """Another process's hand on a database, as a copy program or a checker might have it."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)

    def __enter__(self) -> None:
        self._database.execute("BEGIN EXCLUSIVE")

    def __exit__(self, *_: object) -> None:
        self._database.execute("ROLLBACK")
        self._database.close()


def test_a_disk_below_its_reserve_refuses_early_and_says_so(tmp_path: Path) -> None:
    home = tmp_path / "home"
    ada = add_person(home)
    token = create_token(home, "device", ada)
    free_mib = os.statvfs(home).f_bavail * os.statvfs(home).f_frsize // 2**20
    (home / "config.toml").write_text(f"[storage]\nreserve_mib = {free_mib * 2}\n")
    with serving(home) as served:
        told = served.post(token, {"timestamp": present_ms(), "heart_rate": 70})
        assert told.status == 507
        assert told.problem
        assert served.get("/health", token).json["status"] != "ok"
        assert served.get(f"/api/people/{ada}/series", token, metric="heart_rate").json["v"] == []
    logged: Iterator[str] = iter(Path(f"{home}.err").read_text().splitlines())
    assert any("full" in line or "free" in line for line in logged)
