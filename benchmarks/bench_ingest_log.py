"""Durable appends: how long a sender waits, beside how long this disk takes for a bare fdatasync.

Sixteen senders submit one reading after the other, each waiting for its own to be durable; the group commit
gives them a shared fsync. At the same time one more thread appends 4 KiB to a file beside the log and calls
fdatasync, again and again: what the disk needs at least, under the same load.

Usage: python -m benchmarks.bench_ingest_log [--seconds 20] [--senders 16] [--devices 100000] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from benchmarks.table import Row, add_rows_option, leave_rows
from healthtwin.stream import GroupCommit, NewRecord, SqliteLog

START_MS: Final = 1_772_366_400_000
PAYLOAD: Final = b"\x86" + bytes(range(60))
"""About what one message with six metrics takes."""

GOAL_MS: Final = 50.0
GOAL_RATIO: Final = 3.0
"""p99 at most 50 ms, or at most three times the bare fdatasync p99 where that is more."""


@dataclass(frozen=True, slots=True)
class Result:
    """One run. Times in milliseconds."""

    seconds: float
    senders: int
    appends: int
    appends_per_s: float
    append_p50_ms: float
    append_p99_ms: float
    append_max_ms: float
    fdatasync_p50_ms: float
    fdatasync_p99_ms: float
    allowed_p99_ms: float
    met: bool
    log_bytes_per_record: float


def measure(folder: Path, seconds: float, senders: int, devices: int) -> Result:
    """Run the senders and the bare fdatasync together for so many seconds."""
    log = SqliteLog(folder / "log.db")
    writer = GroupCommit(log, lambda _: None)
    ends_at = time.monotonic() + seconds
    waits: list[list[float]] = [[] for _ in range(senders)]
    syncs: list[float] = []

    def send(number: int) -> None:
        random_device = random.Random(number)  # noqa: S311 - spreads the load, guards nothing
        sequence = 0
        while time.monotonic() < ends_at:
            sequence += 1
            device = f"d-{random_device.randrange(devices)}"
            record = NewRecord(
                f"{number:024x}",
                "vitals",
                START_MS + sequence,
                START_MS + sequence,
                device,
                number << 40 | sequence,
                0,
                PAYLOAD,
            )
            started = time.perf_counter()
            writer.submit([record]).result()
            waits[number].append(time.perf_counter() - started)

    def sync_barely() -> None:
        block = bytes(4096)
        file = os.open(folder / "bare", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        while time.monotonic() < ends_at:
            started = time.perf_counter()
            os.write(file, block)
            os.fdatasync(file)
            syncs.append(time.perf_counter() - started)
        os.close(file)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(senders)]
    threads.append(threading.Thread(target=sync_barely))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()
    head = log.head()
    log.close()
    all_waits = sorted(wait for one in waits for wait in one)
    syncs.sort()
    allowed_ms = max(GOAL_MS, GOAL_RATIO * _at(syncs, 0.99))
    return Result(
        seconds,
        senders,
        len(all_waits),
        len(all_waits) / seconds,
        _at(all_waits, 0.5),
        _at(all_waits, 0.99),
        _at(all_waits, 1.0),
        _at(syncs, 0.5),
        _at(syncs, 0.99),
        allowed_ms,
        _at(all_waits, 0.99) <= allowed_ms,
        (folder / "log.db").stat().st_size / head,
    )


def _at(ascending_s: list[float], quantile: float) -> float:
    return 1e3 * ascending_s[min(int(quantile * len(ascending_s)), len(ascending_s) - 1)]


def row_of(result: Result) -> Row:
    """For the common table."""
    return Row(
        f"durable ingest p99, {result.senders} senders",
        f"<= {GOAL_MS:g} ms or {GOAL_RATIO:g} x fdatasync",
        f"{result.append_p99_ms:.1f} ms, {result.appends_per_s:,.0f} appends/s",
        result.met,
        f"fdatasync p99 {result.fdatasync_p99_ms:.1f} ms",
    )


def main() -> None:
    """Measure and print one table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--senders", type=int, default=16)
    parser.add_argument("--devices", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, default=None, help="on the disk to measure")
    parser.add_argument("--json", action="store_true")
    add_rows_option(parser)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        result = measure(Path(folder), chosen.seconds, chosen.senders, chosen.devices)
    leave_rows([row_of(result)], chosen.rows)
    if chosen.json:
        print(json.dumps(asdict(result)))
        return
    print(f"{result.appends:,} durable appends of {result.senders} senders in {result.seconds:g} s")
    print(f"  append     p50 {result.append_p50_ms:8.2f} ms   p99 {result.append_p99_ms:8.2f} ms")
    print(f"  fdatasync  p50 {result.fdatasync_p50_ms:8.2f} ms   p99 {result.fdatasync_p99_ms:8.2f} ms")
    print(f"  goal       p99 at most {result.allowed_p99_ms:.2f} ms: {'met' if result.met else 'NOT met'}")
    print(f"  {result.appends_per_s:,.0f} appends/s, {result.log_bytes_per_record:.0f} bytes each in the log")


if __name__ == "__main__":
    main()
