"""A process that is killed at any moment: what it acknowledged stays, what it told is told once."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from healthtwin.stream import LogRecord, Runner, SqliteLog
from tests.stream.acknowledging_child import record_of
from tests.stream.fault_lengths import quick_folder, rounds
from tests.stream.heart_step import HeartStep
from tests.stream.mirror import mirrors_in

REPOSITORY = Path(__file__).parents[2]
LONGEST_START_S = 0.05
MOST_ACKNOWLEDGED = 900


@dataclass
class Promises:
    acknowledged: set[tuple[str, int]] = field(default_factory=set)
    told: dict[int, str] = field(default_factory=dict)
    doubled: list[str] = field(default_factory=list)


def kill_again_and_again(folder: Path, cycles: int) -> Promises:
    promises = Promises()
    random_source = random.Random(cycles)
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.stream.acknowledging_child", str(folder)],
        cwd=REPOSITORY,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as nursery:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        process, left = 0, 0
        for cycle in range(cycles):
            nursery.stdin.write(f"cycle {cycle} {max(promises.told, default=0)}\n")
            for line in nursery.stdout:
                verb, *words = line.split()
                if verb == "pid":
                    process = int(words[0])
                    # A third die while they open, recover or begin; the others in the middle of their work.
                    left = random_source.randint(1, MOST_ACKNOWLEDGED)
                    if random_source.random() < 1 / 3:
                        left = 0  # what it said before its death is read after it
                        time.sleep(random_source.uniform(0, LONGEST_START_S))
                        os.kill(process, signal.SIGKILL)
                elif verb == "ack":
                    promises.acknowledged.add((words[0], int(words[1])))
                    left -= 1
                    if left == 0:
                        os.kill(process, signal.SIGKILL)
                elif verb == "told":
                    assert promises.told.setdefault(int(words[0]), words[1]) == words[1]
                elif verb == "doubled":
                    promises.doubled.append(line)
                else:
                    break
        nursery.stdin.close()
    return promises


@pytest.fixture
def quick_path() -> Iterator[Path]:
    """The kernel keeps what a killed process wrote, so a folder in memory is as good as a disk."""
    with TemporaryDirectory(dir=quick_folder()) as folder:
        yield Path(folder)


@pytest.mark.parametrize("cycles", rounds(200, 1_000))
def test_no_kill_loses_or_doubles_anything(cycles: int, quick_path: Path) -> None:
    promises = kill_again_and_again(quick_path, cycles)
    assert len(promises.acknowledged) > 200 * cycles  # they did live and work in between
    assert len(promises.told) > cycles
    assert promises.doubled == []

    log = SqliteLog(quick_path / "log.db")
    held = set()
    offset = 0
    while records := log.read(offset, 10_000):
        offset = records[-1].offset
        for record in records:
            assert record.sequence is not None
            key = (record.device, record.sequence)
            assert key not in held
            held.add(key)
            sender, person = record.device[1:].split("-")
            cycle, number = divmod(record.sequence, 1_000_000)
            assert record.payload == record_of(int(sender), int(person), cycle, number).payload
    assert promises.acknowledged - held == set()

    mirrors = mirrors_in(quick_path)
    recovered = Runner(log, HeartStep(), quick_path / "state.db", projections=mirrors)
    recovered.recover()
    kept = [(r.offset, r.device, r.sequence, r.payload) for r in records_of(log)]
    assert [mirror.content() == kept for mirror in mirrors] == [True, True]
    assert mirrors[0].doubled() == 0  # it knows its place to the record
    straight = Runner(log, HeartStep(), quick_path / "straight.db")
    straight.recover()
    outbox = recovered.outbox(0, 10_000_000)
    assert sorted(r.change.id for r in outbox) == sorted(r.change.id for r in straight.outbox(0, 10_000_000))
    assert len({r.change.id for r in outbox}) == len(outbox)
    now = {r.id: r.change.id for r in outbox}
    assert all(now[number] == change for number, change in promises.told.items())
    assert recovered.people() == straight.people()
    recovered.stop()
    straight.stop()
    for mirror in mirrors:
        mirror.close()
    log.close()
    assert people_in(quick_path / "state.db") == people_in(quick_path / "straight.db")


def records_of(log: SqliteLog) -> Iterator[LogRecord]:
    offset = 0
    while records := log.read(offset, 10_000):
        yield from records
        offset = records[-1].offset


def people_in(path: Path) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    people = connection.execute(
        "SELECT number, person, watermark, committed, head, pending, devices FROM people ORDER BY number"
    ).fetchall()
    connection.close()
    return people
