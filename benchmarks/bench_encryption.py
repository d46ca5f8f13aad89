"""What encryption costs: the same work on a home that seals everything and on one that seals nothing.

- A message of 1,000 readings of one person made durable: payloads into records, one append, one fsync.
- Questions to the series of one person: a day of five-minute values, a month of them, ten years of days.
- Bytes per reading in log and series, after all days were sealed.
- A snapshot of everybody saved and loaded again.

Both take turns. Times are of the processor: the disk is asked for the same fsync in both.

Usage: python -m benchmarks.bench_encryption [--people 20] [--days 60] [--rounds 200] [--json]
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from benchmarks.table import Row, add_rows_option, leave_rows
from healthtwin.domain import DAY_MS, METRICS, MINUTE_MS
from healthtwin.pipeline import Codec, VitalsPayload
from healthtwin.store import Home, SeriesStore
from healthtwin.store.keys import NoKeys, open_keys
from healthtwin.stream import SqliteLog, StateFile
from healthtwin.stream.person_snapshot import PersonSnapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from healthtwin.store.keys import Keys

START_MS: Final = 1_772_323_200_000
STEP_MS: Final = 5 * MINUTE_MS
TOGETHER: Final = 1_000
CODES: Final = tuple(metric.code for metric in list(METRICS.values())[:4])
"""Measured together, every five minutes."""
GOAL: Final = 1.15
SNAPSHOT_BYTES: Final = 9_000
"""About what a person's twin takes, pending rows included."""


@dataclass(slots=True)
class Side:
    """One of the two homes, and what it took."""

    keys: Keys
    codec: Codec
    log: SqliteLog
    series: SeriesStore
    state: StateFile
    folder: Path
    ingest_ms: list[float]
    question_ms: dict[str, list[float]]
    save_ms: list[float]
    load_ms: list[float]


def side_in(folder: Path, *, sealed: bool) -> Side:
    """A home that holds nothing yet."""
    home = Home.create(folder)
    keys: Keys = open_keys(home) if sealed else NoKeys()
    codec = Codec(keys)
    log = SqliteLog(home.log_path, decode=codec.read)
    series = SeriesStore(home.series_path, keys=keys)
    return Side(keys, codec, log, series, StateFile(home.state_path, keys=keys), folder, [], {}, [], [])


def took_ms(work: Callable[[], object]) -> float:
    """Processor time of some work: what else the machine does, and its disk, meet both homes alike."""
    began = time.thread_time()
    work()
    return (time.thread_time() - began) * 1_000


def ingest(side: Side, person: str, first: int, values: np.ndarray) -> None:
    """What a message of 1,000 readings takes until it is durable."""
    records = [
        side.codec.record(
            VitalsPayload(dict(zip(CODES, row, strict=True))),
            person=person,
            time_ms=START_MS + (first + n) * STEP_MS,
            arrived_ms=START_MS + (first + n) * STEP_MS,
            device=f"d-{person}",
            sequence=first + n,
        )
        for n, row in enumerate(values.tolist())
    ]
    side.log.append(records)


def questions(days: int) -> dict[str, Callable[[SeriesStore, str], object]]:
    """What is asked, and how."""
    last = START_MS + days * DAY_MS
    heart = CODES[0]
    return {
        "a day": lambda series, person: series.range(person, heart, last - 9 * DAY_MS, last - 8 * DAY_MS),
        "today": lambda series, person: series.range(person, heart, last - DAY_MS, last),
        "a month": lambda series, person: series.range(person, heart, last - 30 * DAY_MS, last),
        "all days": lambda series, person: series.daily(person, heart, START_MS, last),
    }


def measure(folder: Path, people: int, days: int, rounds: int) -> dict[str, dict[str, float]]:
    """Both sides in turns."""
    sides = {name: side_in(folder / name, sealed=name == "sealed") for name in ("plain", "sealed")}
    rng = np.random.default_rng(3)
    names = [f"{number:024x}" for number in range(people)]
    per_day = DAY_MS // STEP_MS
    for number, person in enumerate(names):
        count = days * per_day
        columns = [np.round(rng.normal(60 + code, 5, count), 1) for code in CODES]
        values = np.stack(columns, axis=1)
        for first in range(0, count - TOGETHER, TOGETHER):
            part = values[first : first + TOGETHER]
            for side in sides.values():
                side.ingest_ms.append(took_ms(partial(ingest, side, person, first, part)))
        rows = [
            (person, code, START_MS + n * STEP_MS, float(column[n]), 1.0)
            for code, column in zip(CODES, columns, strict=True)
            for n in range(count)
        ]
        for side in sides.values():
            side.series.append(rows, number)
    for side in sides.values():
        side.series.seal(START_MS + days * DAY_MS)
        side.series.retain(START_MS + days * DAY_MS)  # gives free pages back
    for n in range(rounds):
        for what, ask in questions(days).items():
            for side in sides.values():
                one = took_ms(partial(ask, side.series, names[n % people]))
                side.question_ms.setdefault(what, []).append(one)
    twin = rng.bytes(SNAPSHOT_BYTES // 3)
    snapshots = [
        PersonSnapshot(number, person, 0, twin, twin, twin, b"", 1) for number, person in enumerate(names)
    ]
    for _ in range(max(rounds // 10, 3)):
        for side in sides.values():
            side.save_ms.append(took_ms(partial(side.state.save, snapshots, None)))
            side.load_ms.append(took_ms(partial(loaded, side.state)))
    return {name: figures_of(side, people * days * per_day) for name, side in sides.items()}


def loaded(state: StateFile) -> list[PersonSnapshot]:
    """Everybody."""
    return list(state.people())


def figures_of(side: Side, readings: int) -> dict[str, float]:
    """What came out, and the files let go."""
    messages = len(side.ingest_ms) * TOGETHER
    size = side.series.size()
    for held in (side.log, side.series, side.state, side.keys):
        with closing(held):
            pass
    found = {
        "ingest p50, ms": at(side.ingest_ms, 0.5),
        "ingest p99, ms": at(side.ingest_ms, 0.99),
        "log, bytes a message": (side.folder / "log.db").stat().st_size / messages,
        "series, bytes a value": size.file_bytes / (readings * len(CODES)),
        "blocks, bytes a value": size.block_bytes / max(size.sealed_rows, 1),
        "snapshot saved p50, ms": at(side.save_ms, 0.5),
        "snapshot loaded p50, ms": at(side.load_ms, 0.5),
    }
    for what, times in side.question_ms.items():
        found[f"{what} p50, ms"] = at(times, 0.5)
        found[f"{what} p99, ms"] = at(times, 0.99)
    return found


def at(times: list[float], share: float) -> float:
    """A quantile."""
    return float(np.quantile(times, share))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    add_rows_option(parser)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), asked.people, asked.days, asked.rounds)
    plain, sealed = found["plain"], found["sealed"]
    ratios = {what: sealed[what] / plain[what] for what in plain if plain[what]}
    if asked.json:
        print(json.dumps({**found, "ratio": ratios}))
    else:
        print(f"{'':28}{'plain':>10}{'sealed':>10}{'ratio':>8}")
        for what in plain:
            print(f"{what:28}{plain[what]:10.3f}{sealed[what]:10.3f}{ratios.get(what, 0):8.2f}")
    named = ("ingest p99, ms", "a month p99, ms", "series, bytes a value", "log, bytes a message")
    rows = [
        Row(
            measure=f"Encryption: {what.split(',')[0]} beside a home that encrypts nothing",
            goal="within 15 %",
            got=f"{sealed[what]:.3g} beside {plain[what]:.3g} ({ratios[what] - 1:+.0%})",
            met=ratios[what] <= GOAL,
        )
        for what in named
    ]
    leave_rows(rows, asked.rows)


if __name__ == "__main__":
    main()
