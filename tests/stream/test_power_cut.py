"""The power fails at any write or sync: nothing acknowledged is lost, nothing told is told twice."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from healthtwin.domain import MINUTE_MS
from healthtwin.domain.errors import StorageError
from healthtwin.stream import Connect, NewRecord, Runner, SqliteLog
from tests.stream.fault_lengths import quick_folder, rounds
from tests.stream.forgetful_disk import ForgetfulDisk
from tests.stream.heart_step import HeartStep, reading
from tests.stream.test_order_and_lateness import START_MS

MOST_OPERATIONS = 400
"""Writes and syncs of the longest life before the cut; every kind of moment falls within."""


@dataclass
class Life:
    """What one run up to the cut had promised."""

    acknowledged: list[NewRecord]
    told: dict[int, str]  # outbox id -> change id, as a reader had seen them


def records_of(number: int, random_source: random.Random) -> list[NewRecord]:
    records = []
    for n in range(random_source.randint(1, 4)):
        sequence = number * 10 + n
        time_ms = START_MS + number * 5 * MINUTE_MS + n
        value = random_source.choice([60.0, 130.0])
        records.append(reading(f"p{n}", time_ms, value, device=f"d{n}", sequence=sequence))
    return records


def live_until_the_cut(folder: Path, connect: Connect, random_source: random.Random) -> Life:
    life = Life([], {})
    try:
        log = SqliteLog(folder / "log.db", connect=connect)
        runner = Runner(log, HeartStep(), folder / "state.db", connect=connect, snapshot_every_s=1e9)
        runner.recover()
        number = log.head()
        while True:
            number += 1
            records = records_of(number, random_source)
            appended = log.append(records)
            life.acknowledged += records
            runner.feed(log.read(appended[0].offset - 1, 100))
            life.told.update((row.id, row.change.id) for row in runner.outbox(len(life.told), 100))
            if random_source.random() < 0.2:
                runner.snapshot()
    except StorageError:
        return life


def lost_in_one_cut(seed: int, *, careless: bool) -> tuple[int, int]:
    """Acknowledged records and told changes that are gone after one life and one cut.

    What is left is always whole: it opens, and the states recovered from it are those of its log.
    """
    random_source = random.Random(seed)
    with TemporaryDirectory(dir=quick_folder()) as name:
        folder = Path(name)
        with ForgetfulDisk(seed) as disk:
            connect = disk.connect_carelessly if careless else disk.connect
            if random_source.random() < 0.5:  # half the lives begin with files that are there already
                SqliteLog(folder / "log.db").close()
            disk.cut_at = random_source.randrange(1, MOST_OPERATIONS)
            life = live_until_the_cut(folder, connect, random_source)
            assert disk.is_off
        log = SqliteLog(folder / "log.db")
        held = {(r.device, r.sequence): r for r in log.read(0, 100_000)}
        lost = sum(
            (r.device, r.sequence) not in held or held[r.device, r.sequence].payload != r.payload
            for r in life.acknowledged
        )
        if careless:
            log.close()
            return lost, 0
        recovered = Runner(log, HeartStep(), folder / "state.db")
        recovered.recover()
        told = {row.id: row.change.id for row in recovered.outbox(0, 100_000)}
        forgotten = sum(told.get(number) != change for number, change in life.told.items())
        straight = Runner(log, HeartStep(), folder / "straight.db")
        straight.recover()
        assert sorted(told.values()) == sorted(r.change.id for r in straight.outbox(0, 100_000))
        for person in straight.people():
            there, here = straight.peek(person), recovered.peek(person)
            assert there is not None
            assert here is not None
            assert [s.tobytes() for s in there] == [s.tobytes() for s in here]
        recovered.stop()
        straight.stop()
        log.close()
        return lost, forgotten


@pytest.mark.parametrize("cuts", rounds(150, 10_000))
def test_no_power_cut_loses_what_was_acknowledged_or_told(cuts: int) -> None:
    for seed in range(cuts):
        assert lost_in_one_cut(seed, careless=False) == (0, 0), f"seed {seed}"


def test_without_full_sync_power_cuts_do_lose_what_was_acknowledged() -> None:
    """The negative control: if this disk forgot nothing, the test above would prove nothing."""
    assert sum(lost_in_one_cut(seed, careless=True)[0] > 0 for seed in range(30)) >= 10
