"""What the audit costs: of a request, of the machine, and of the time before an answer leaves.

Call: what `Audit.note` takes of the request that calls it; the entry is written elsewhere. Amortised:
processor time per entry, everything included (hashing, the index, signing, SQLite's commits, heads outside),
with as many requests at once as a busy house has, and the time that passed. Alone: how long one request waits
for its entry to be durable, beside what an append and an fsync of one page take on the same disk. Again: a
poll that is counted.

Usage: python -m benchmarks.bench_audit [--entries 10000] [--alone 200] [--folder DIR] [--rows FILE]
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.table import Row, add_rows_option, is_busy, leave_rows, load, machine
from healthtwin.access import Audit, AuditSettings, verify
from healthtwin.store import Home

GOAL_MS: Final = 0.2
AT_ONCE: Final = 64
ROUTE: Final = "GET /api/people/{person_id}/series"
PAGE: Final = b"x" * 4096


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds each; entries per second of a verification."""

    call_p50: float
    call_p99: float
    elapsed: float
    cpu: float
    alone_p50: float
    alone_p99: float
    fsync_p50: float
    fsync_p99: float
    again: float
    bytes_each: float
    verified: float


def person(number: int) -> str:
    """A pseudonym."""
    return f"{number % 500:024x}"


def crowd(audit: Audit, entries: int) -> tuple[float, float, list[float]]:
    """Elapsed and processor time of so many entries, many of them waited for at once; time of each call."""
    calls: list[float] = []
    began, cpu = time.perf_counter(), time.process_time()
    for first in range(0, entries, AT_ONCE):
        waiting = []
        for number in range(first, min(first + AT_ONCE, entries)):
            called = time.perf_counter()
            done = audit.note(
                f"t-{number}", person(number), ROUTE, "care", "192.168.1.5", kind="vitals", waited=True
            )
            calls.append(time.perf_counter() - called)
            waiting.append(done)
        for done in waiting:
            done.result()
    return time.perf_counter() - began, time.process_time() - cpu, calls


def alone(audit: Audit, count: int) -> list[float]:
    """How long each of so many entries is waited for, one after the other."""
    took = []
    for number in range(count):
        began = time.perf_counter()
        audit.note(f"s-{number}", person(number), ROUTE, "care", "192.168.1.5", waited=True).result()
        took.append(time.perf_counter() - began)
    return took


def again(audit: Audit, count: int) -> float:
    """Time of a poll that is only counted."""
    began = time.perf_counter()
    for _ in range(count):
        audit.note("t-poll", person(1), ROUTE, "care", "192.168.1.5", kind="vitals", waited=True).result()
    return (time.perf_counter() - began) / count


def fsyncs(folder: Path, count: int) -> list[float]:
    """An append of one page and its fsync."""
    took = []
    file = os.open(folder / "pages", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    for _ in range(count):
        began = time.perf_counter()
        os.write(file, PAGE)
        os.fdatasync(file)
        took.append(time.perf_counter() - began)
    os.close(file)
    return took


def measure(folder: Path, entries: int, single: int) -> Figures:
    """Everything, in a folder."""
    home = Home.create(folder / "home")
    with closing(Audit(home)) as audit:
        audit.note("t-first", person(0), ROUTE, waited=True).result()
        elapsed, cpu, calls = crowd(audit, entries)
        size = sum(file.stat().st_size for file in home.path.glob("audit.db*")) / entries
        waits, pages, polls = alone(audit, single), fsyncs(folder, single), again(audit, single * 10)
    began = time.perf_counter()
    found = verify(home, AuditSettings())
    assert found.ok, found.why
    verified = found.last / (time.perf_counter() - began)
    call, wait, page = (1_000 * np.percentile(each, [50, 99]) for each in (calls, waits, pages))
    return Figures(
        call_p50=call[0],
        call_p99=call[1],
        elapsed=1_000 * elapsed / entries,
        cpu=1_000 * cpu / entries,
        alone_p50=wait[0],
        alone_p99=wait[1],
        fsync_p50=page[0],
        fsync_p99=page[1],
        again=1_000 * polls,
        bytes_each=size,
        verified=verified,
    )


def rows_of(figures: Figures) -> list[Row]:
    """For the common table."""
    goal = f"≤ {GOAL_MS} ms each"
    return [
        Row(
            f"audit: an entry, amortised, {AT_ONCE} requests at once, durable",
            goal,
            f"{figures.cpu:.3f} ms of a processor ({figures.elapsed:.3f} ms passed)",
            figures.cpu <= GOAL_MS,
        ),
        Row(
            "audit: of the request that calls it, p50",
            goal,
            f"{figures.call_p50:.3f} ms (p99 {figures.call_p99:.3f} ms)",
            figures.call_p50 <= GOAL_MS,
        ),
        Row("audit: a poll that is counted", goal, f"{figures.again:.3f} ms", figures.again <= GOAL_MS),
        Row(
            "audit: wait for one entry alone, p99",
            "",
            f"{figures.alone_p99:.1f} ms (p50 {figures.alone_p50:.1f} ms)",
            None,
            f"append and fsync of a page: {figures.fsync_p99:.1f} ms (p50 {figures.fsync_p50:.1f} ms)",
        ),
        Row("audit: bytes of an entry, index included", "", f"{figures.bytes_each:.0f}", None),
        Row("audit: verified in a second", "", f"{figures.verified:,.0f} entries", None),
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--alone", type=int, default=200)
    parser.add_argument("--folder", type=Path, default=None, help="on the disk to measure")
    add_rows_option(parser)
    asked = parser.parse_args()
    print(f"{machine()}, load {load():.1f}{' (BUSY: elapsed times say little)' if is_busy() else ''}")
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        rows = rows_of(measure(Path(folder), asked.entries, asked.alone))
    for row in rows:
        peer = f"; {row.peer}" if row.peer else ""
        print(f"{row.measure}: {row.got}{peer} {row.goal and f'(goal {row.goal}: {row.verdict})'}")
    leave_rows(rows, asked.rows)


if __name__ == "__main__":
    main()
