"""What encryption costs over HTTP, 16 clients at once: a served home that seals and one that does not.

Both houses are served at once by processes of their own; the clients send to one and then to the other, turn
by turn, so that whatever else the machine does meets both. Every reading is acknowledged when it is on disk.
Then one person's last day is asked for, again and again.

Usage: python -m benchmarks.bench_encryption_served [--turns 12] [--turn-s 4] [--json]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import httpx2
import numpy as np

from benchmarks.table import Row, add_rows_option, leave_rows
from healthtwin.access import Credentials, Scope
from healthtwin.domain import Profile
from healthtwin.store import Home, Tables
from healthtwin.store.home import _describe
from healthtwin.store.people import People

CLIENTS: Final = 16
ASKED: Final = 60
"""Questions a turn."""

GOAL: Final = 1.15


@dataclass(slots=True)
class Served:
    """One house, its phones' tokens, and what it took."""

    url: str
    tokens: list[str]
    people: list[str]
    sequence: int = 0
    ingest_ms: list[float] = field(default_factory=list)
    query_ms: list[float] = field(default_factory=list)


def house_in(folder: Path, undo: ExitStack, *, sealed: bool) -> Served:
    """A served house with a phone for each client."""
    home = Home.create(folder)
    if not sealed:
        home = replace(home, encrypted=False)
        _describe(home)
    now_ms = time.time_ns() // 1_000_000
    with Tables.of(home) as tables:
        people = [
            person.id
            for person in People(tables).add_many(
                [(f"Synthetic {n}", Profile("UTC", 1960)) for n in range(CLIENTS)], now_ms
            )
        ]
        tokens = [Credentials(tables).create_token(Scope.DEVICE, [each], now_ms).secret for each in people]
    server = subprocess.Popen(
        [str(Path(sys.executable).parent / "healthtwin"), "serve", "--home", str(folder), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    undo.callback(server.wait, 30)
    undo.callback(server.terminate)
    assert server.stdout is not None
    return Served(server.stdout.readline().strip(), tokens, people)


def turn(house: Served, seconds: float) -> None:
    """All clients send for so long, each as soon as it has its answer; then a day is asked for."""
    until = time.monotonic() + seconds
    lock = threading.Lock()

    def phone(token: str) -> None:
        taken: list[float] = []
        with httpx2.Client(headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
            while time.monotonic() < until:
                with lock:
                    house.sequence += 1
                    sequence = house.sequence
                row = {
                    "timestamp": time.time_ns() // 1_000_000,
                    "sequence": sequence,
                    "heart_rate": 60 + sequence % 9,
                    "spo2": 97,
                    "respiratory_rate": 15,
                    "temperature": 36.6,
                }
                began = time.perf_counter()
                client.post(f"{house.url}/api/vitals", json=row).raise_for_status()
                taken.append((time.perf_counter() - began) * 1_000)
        with lock:
            house.ingest_ms += taken

    threads = [threading.Thread(target=phone, args=(token,)) for token in house.tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with httpx2.Client(headers={"Authorization": f"Bearer {house.tokens[0]}"}, timeout=30) as client:
        path = f"{house.url}/api/people/{house.people[0]}/series?metric=heart_rate"
        for _ in range(ASKED):
            began = time.perf_counter()
            client.get(path).raise_for_status()
            house.query_ms.append((time.perf_counter() - began) * 1_000)


def measure(turns: int, seconds: float) -> dict[str, dict[str, float]]:
    """Both houses in turns."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as undo:
        houses = {
            name: house_in(Path(folder) / name, undo, sealed=name == "sealed") for name in ("plain", "sealed")
        }
        for house in houses.values():
            turn(house, seconds)  # warm
            house.ingest_ms.clear()
            house.query_ms.clear()
        for n in range(turns):
            for name in sorted(houses, reverse=bool(n % 2)):
                turn(houses[name], seconds)
        return {name: figures(house) for name, house in houses.items()}


def figures(house: Served) -> dict[str, float]:
    """What came out."""
    found: dict[str, Any] = {"messages": len(house.ingest_ms)}
    for what, times in (("ingest", house.ingest_ms), ("query", house.query_ms)):
        for name, share in (("p50", 0.5), ("p99", 0.99)):
            found[f"{what} {name}, ms"] = float(np.quantile(times, share))
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--turns", type=int, default=12)
    parser.add_argument("--turn-s", type=float, default=4.0)
    parser.add_argument("--json", action="store_true")
    add_rows_option(parser)
    asked = parser.parse_args()
    found = measure(asked.turns, asked.turn_s)
    plain, sealed = found["plain"], found["sealed"]
    if asked.json:
        print(json.dumps(found))
    else:
        for what in plain:
            print(f"{what:20}{plain[what]:10.2f}{sealed[what]:10.2f}{sealed[what] / plain[what]:8.2f}")
    rows = [
        Row(
            measure=f"Encryption, served, {CLIENTS} clients: {what.split(',')[0]}",
            goal="within 15 %",
            got=f"{sealed[what]:.3g} beside {plain[what]:.3g} ms ({sealed[what] / plain[what] - 1:+.0%})",
            met=sealed[what] / plain[what] <= GOAL,
        )
        for what in ("ingest p99, ms", "query p99, ms")
    ]
    leave_rows(rows, asked.rows)


if __name__ == "__main__":
    main()
