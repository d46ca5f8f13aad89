"""Windows of 6 h every hour, and symptoms joined to the activities of the 2 h before: events per CPU-second.

Synthetic people send a heart rate every five minutes, about eight activities and four symptoms a day; all of
it arrives a little out of order. Heart rates go into hopping windows (count, sum, lowest, highest, so the
mean), activities and symptoms into the join. Ours runs one event at a time in plain Python, and in arrays.

With `--peers`, Pathway does the same work on the same events, in an environment of its own that is made for
it (over a gigabyte, from the package index), and without any network. Its processor time is what the kernel
counted for its process with all events less that with a hundredth of them, so that its start is not held
against it.

Usage: python -m benchmarks.bench_windows [--people 200] [--days 3] [--peers] [--peer-environment FOLDER]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from benchmarks.table import Row, add_rows_option, is_busy, leave_rows, load, machine
from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS
from healthtwin.stream import (
    LEFT,
    RIGHT,
    HoppingWindows,
    HoppingWindowsInArrays,
    IntervalJoin,
    IntervalJoinInArrays,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIZE_MS: Final = 6 * HOUR_MS
HOP_MS: Final = HOUR_MS
WITHIN_MS: Final = 2 * HOUR_MS
LATENESS_MS: Final = 15 * MINUTE_MS
START_MS: Final = 20_500 * DAY_MS
BATCH: Final = 10_000
HEART_RATE: Final = 2
"""Beside `LEFT` (an activity) and `RIGHT` (a symptom): what an event is."""

GOAL_PLAIN: Final = 20
GOAL_ARRAYS: Final = 200
PATHWAY_PER_S: Final = 11_000
"""Measured earlier on two cores (GOALS); stands in where Pathway is not run, and is named as such."""

PEER: Final = Path(__file__).with_name("pathway_windows.py")
SMALL_SHARE: Final = 100


@dataclass(frozen=True, slots=True)
class Events:
    """In order of arrival; every array of shape `(events,)`."""

    person: NDArray[np.int64]
    time_ms: NDArray[np.int64]
    kind: NDArray[np.int64]
    value: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.time_ms)


def events_of(people: int, days: int) -> Events:
    """Synthetic events; up to ten minutes out of order."""
    chance = np.random.default_rng(5)
    beats = np.arange(days * 288) * 5 * MINUTE_MS
    parts = []
    for kind, each in ((HEART_RATE, len(beats)), (LEFT, 8 * days), (RIGHT, 4 * days)):
        person = np.repeat(np.arange(people), each)
        if kind == HEART_RATE:
            time_ms = np.tile(beats, people) + chance.integers(0, MINUTE_MS, people * each)
        else:
            time_ms = chance.integers(0, days * DAY_MS, people * each)
        parts.append((person, time_ms, np.full(people * each, kind)))
    person, time_ms, kinds = (np.concatenate(column).astype(np.int64) for column in zip(*parts, strict=True))
    order = np.argsort(time_ms + chance.integers(0, 10 * MINUTE_MS, len(time_ms)), kind="stable")
    value = np.round(chance.normal(70, 9, len(time_ms)))
    return Events(person[order], START_MS + time_ms[order], kinds[order], value)


def plain(events: Events) -> tuple[float, int, int]:
    """One event at a time: CPU seconds, windows told, pairs told."""
    windows, join = HoppingWindows(SIZE_MS, HOP_MS, LATENESS_MS), IntervalJoin(WITHIN_MS, LATENESS_MS)
    told = pairs = 0
    columns = (events.person.tolist(), events.time_ms.tolist(), events.kind.tolist(), events.value.tolist())
    began = time.process_time()
    for number, (person, time_ms, kind, value) in enumerate(zip(*columns, strict=True)):
        if kind == HEART_RATE:
            told += len(windows.add(person, time_ms, value))
        else:
            pairs += len(join.add(person, time_ms, kind, number))
    return time.process_time() - began, told, pairs


def in_arrays(events: Events) -> tuple[float, int, int]:
    """Ten thousand at a time: CPU seconds, windows told, pairs told."""
    windows = HoppingWindowsInArrays(SIZE_MS, HOP_MS, LATENESS_MS)
    join = IntervalJoinInArrays(WITHIN_MS, LATENESS_MS)
    told = pairs = 0
    numbers = np.arange(len(events))
    began = time.process_time()
    for start in range(0, len(events), BATCH):
        part = slice(start, start + BATCH)
        kind = events.kind[part]
        person, time_ms, value = events.person[part], events.time_ms[part], events.value[part]
        beats = kind == HEART_RATE
        told += len(windows.add(person[beats], time_ms[beats], value[beats]))
        rest = ~beats
        pairs += len(join.add(person[rest], time_ms[rest], kind[rest], numbers[part][rest]))
    return time.process_time() - began, told, pairs


# ---------------------------------------------------------------- the peer


def pathway_cpu_s(folder: Path, environment: Path, events: Events) -> tuple[float, str, int, int]:
    """What Pathway's process took for these events, its version, windows and pairs told."""
    file = folder / f"events-{len(events)}.npz"
    np.savez(file, person=events.person, time_ms=events.time_ms, kind=events.kind, value=events.value)
    command = [str(environment / "bin" / "python"), str(PEER), str(file)]
    if shutil.which("unshare") and os.geteuid() == 0:
        command = ["unshare", "--net", *command]
    quiet = {"PATHWAY_TELEMETRY_SERVER": "", "PATHWAY_THREADS": "1", "PATH": os.environ["PATH"]}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=quiet)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no message")
    said = json.loads(done.stdout.splitlines()[-1])
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, said["version"], said["windows"], said["pairs"]


def pathway_per_s(folder: Path, environment: Path, people: int, days: int) -> tuple[float, str]:
    """Pathway's events per CPU-second and what was measured, in words."""
    many, few = events_of(people, days), events_of(max(people // SMALL_SHARE, 1), days)
    most, version, windows, pairs = pathway_cpu_s(folder, environment, many)
    least, _, _, _ = pathway_cpu_s(folder, environment, few)
    rate = (len(many) - len(few)) / (most - least)
    return rate, f"Pathway {version}: {rate:,.0f} /CPU-s ({windows:,} windows, {pairs:,} pairs)"


def make_environment(folder: Path) -> Path:
    """A throw-away environment with Pathway.

    Raises:
        RuntimeError: it cannot be installed here.
    """
    environment = folder / "pathway"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    install = [str(environment / "bin" / "pip"), "install", "--quiet", "--only-binary", ":all:", "pathway"]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError("Pathway cannot be installed here")
    return environment


def ask_peer(people: int, days: int, environment: Path | None) -> tuple[float, str]:
    """Pathway's figure, or the reference and why it was not measured."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            return pathway_per_s(Path(folder), environment or make_environment(Path(folder)), people, days)
        except RuntimeError as error:
            return PATHWAY_PER_S, f"Pathway not run ({error}); {PATHWAY_PER_S:,} /CPU-s of an earlier run"


def main() -> None:
    """Measure, print, leave the rows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--days", type=int, default=3)
    parser.add_argument("--repeats", type=int, default=3, help="the best counts: others only slow us down")
    parser.add_argument("--peers", action="store_true", help="install and run Pathway too")
    parser.add_argument("--peer-environment", type=Path, default=None, help="one that has Pathway already")
    add_rows_option(parser)
    asked = parser.parse_args()
    print(f"{machine()}, load {load():.1f}{' (BUSY)' if is_busy() else ''}")
    events = events_of(asked.people, asked.days)
    runs = {"plain Python": plain, "in arrays": in_arrays}
    rates, told = {}, set()
    for name, run in runs.items():
        taken = [run(events) for _ in range(asked.repeats)]
        rates[name] = len(events) / min(seconds for seconds, _, _ in taken)
        told |= {counts[1:] for counts in taken}
    ((windows, pairs),) = told  # both forms tell the same
    print(f"{len(events):,} events of {asked.people} people: {windows:,} windows, {pairs:,} pairs told")
    peer, words = float(PATHWAY_PER_S), f"{PATHWAY_PER_S:,} /CPU-s, Pathway in an earlier run"
    if asked.peers or asked.peer_environment is not None:
        peer, words = ask_peer(asked.people, asked.days, asked.peer_environment)
    rows = []
    for (name, rate), times in zip(rates.items(), (GOAL_PLAIN, GOAL_ARRAYS), strict=True):
        measure = f"6 h/1 h windows + 2 h join, {name}"
        got = f"{rate:,.0f} events/CPU-s, {rate / peer:.0f} x"
        rows.append(Row(measure, f">= {times} x Pathway", got, rate >= times * peer, words))
        print(f"{measure}: {got} (goal {times} x: {rows[-1].verdict}); {words}")
    leave_rows(rows, asked.rows)


if __name__ == "__main__":
    main()
