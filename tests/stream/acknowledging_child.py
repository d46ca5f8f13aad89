"""A process that acknowledges until it is killed: `python -m tests.stream.acknowledging_child FOLDER`.

For each line `cycle N TOLD` on its input it forks a child and prints `pid P`. The child opens log and runner
in FOLDER and says, one line each, what it promises: `ack DEVICE SEQUENCE` once a record is durable, `told ID
CHANGE` once an outbox row (after row TOLD) was seen. When the child is dead, `gone` is printed. Forking
spares each cycle the start of an interpreter.
"""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from pathlib import Path
from typing import Final

from healthtwin.domain import SECOND_MS
from healthtwin.stream import GroupCommit, NewRecord, Runner, SqliteLog
from tests.stream.heart_step import HeartStep, reading
from tests.stream.mirror import mirrors_in

START_MS: Final = 1_772_366_400_000
SENDERS: Final = 4
PEOPLE_PER_SENDER: Final = 25
SECONDS_PER_CYCLE: Final = 3_600


def record_of(sender: int, person: int, cycle: int, number: int) -> NewRecord:
    """A record that follows from its numbers, so that whoever reads the log can tell that it is whole."""
    sequence = cycle * 1_000_000 + number
    value = 60.0 + random.Random(f"{sender} {person} {sequence}").choice([0, 30, 70])
    time_ms = START_MS + (cycle * SECONDS_PER_CYCLE + number) * SECOND_MS
    name = f"{sender}-{person}"
    return reading(f"p{name}", time_ms, value, device=f"d{name}", sequence=sequence)


def say(*words: object) -> None:
    """One write, so that lines of several threads never mix and a kill leaves no half line of another."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def send(writer: GroupCommit, sender: int, cycle: int) -> None:
    """Send one record per person and wait, again and again; every fourth pair goes in the wrong order."""
    number = 0
    while True:
        pair = [number, number + 1] if number % 8 else [number + 1, number]
        for each in pair:
            records = [record_of(sender, person, cycle, each) for person in range(PEOPLE_PER_SENDER)]
            writer.submit(records).result()
            for record in records:
                say("ack", record.device, record.sequence)
        number += 2


def live(folder: Path, cycle: int, told: int) -> None:
    """Run until killed."""
    log = SqliteLog(folder / "log.db")
    runner = Runner(
        log, HeartStep(), folder / "state.db", snapshot_every_s=0.02, projections=mirrors_in(folder)
    )
    runner.recover()
    runner.start()
    writer = GroupCommit(log, runner.feed)
    # What the last life may not have acknowledged is sent again, as a phone would.
    newest = log.read(max(0, log.head() - 20), 20)
    again = [NewRecord(*(getattr(r, field) for field in NewRecord.__struct_fields__)) for r in newest]
    if any(appended.outcome != "duplicate" for appended in writer.submit(again).result()):
        say("doubled", cycle)
    for sender in range(SENDERS):
        threading.Thread(target=send, args=(writer, sender, cycle), daemon=True).start()
    while True:
        for row in runner.outbox(told, 1_000):
            say("told", row.id, row.change.id)
            told = row.id
        time.sleep(0.002)


def main() -> None:
    """Fork, report, and wait for the death, once per line of input."""
    folder = Path(sys.argv[1])
    for line in sys.stdin:
        _, cycle, told = line.split()
        child = os.fork()
        if child == 0:
            live(folder, int(cycle), int(told))
        say("pid", child)
        os.waitpid(child, 0)
        say("gone")


if __name__ == "__main__":
    main()
