"""Run the benches, each as its own process, one after the other, and print one table.

    python -m benchmarks [NAME …] [--quick] [--peers] [--json OUT]

Names are those of the files without `bench_`; without any, all of them run. Every bench also runs alone
(`python -m benchmarks.bench_windows`) and then has options of its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.table import Row, is_busy, load, machine, rows_left_in, table_text
from healthtwin import __version__

ALL: Final = tuple(
    sorted(file.stem.removeprefix("bench_") for file in Path(__file__).parent.glob("bench_*.py"))
)

QUICK: Final = {
    "browser_sensing": ("--quick",),
    "export": ("--years", "1"),
    "encryption": ("--people", "2", "--days", "20", "--rounds", "30"),
    "growth": ("--people", "1000", "5000", "--open-s", "20", "--closed-s", "10"),
    "ingest_log": ("--seconds", "8"),
    "page": ("--readings", "50", "--loads", "4"),
    "series": ("--people", "10", "--days", "10", "--questions", "500"),
    "windows": ("--people", "50", "--days", "2"),
}
"""For a look in between; figures for the record come without it."""

WITH_PEERS: Final = {"windows": ("--peers",)}
"""Benches whose peers are too large to be fetched unasked; other peers run wherever they are installed."""


@dataclass(frozen=True, slots=True)
class Ran:
    """One bench: its rows, the load when it began, how long it took, and its exit status."""

    name: str
    rows: list[Row]
    load: float
    seconds: float
    status: int


def run(name: str, options: tuple[str, ...]) -> Ran:
    """Run one bench to its end, letting it print."""
    with tempfile.TemporaryDirectory() as folder:
        left = Path(folder) / "rows.json"
        began_at, began = load(), time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.bench_{name}", *options, "--rows", str(left)], check=False
        )
        return Ran(name, rows_left_in(left), began_at, time.monotonic() - began, done.returncode)


def report_of(ran: list[Ran]) -> dict[str, object]:
    """Everything, for a file."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": __version__,
        "machine": machine(),
        "benches": [asdict(bench) for bench in ran],
    }


def main() -> None:
    """Run, print the table; exit status 1 when a bench broke (a goal not met is no failure, but shown)."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(ALL)}; all when none")
    parser.add_argument("--quick", action="store_true", help="smaller runs, for a look in between")
    parser.add_argument("--peers", action="store_true", help="fetch large peers too (Pathway, over 1 GB)")
    parser.add_argument("--json", type=Path, default=None, metavar="OUT", help="leave everything here too")
    asked = parser.parse_args()
    unknown = set(asked.names) - set(ALL)
    if unknown:
        parser.error(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(ALL)}")
    ran = []
    for name in asked.names or ALL:
        print(f"\n=== {name}, load {load():.1f}", flush=True)
        options = QUICK.get(name, ()) if asked.quick else ()
        ran.append(run(name, options + (WITH_PEERS.get(name, ()) if asked.peers else ())))
    loads = ", ".join(f"{bench.name} {bench.load:.1f}" for bench in ran)
    print(f"\n{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, healthtwin {__version__}, {machine()}")
    print(f"load average as each began: {loads}")
    if any(bench.load > 1 for bench in ran) or is_busy():
        print("BUSY: others used this machine meanwhile; read processor time, elapsed times say little")
    print("\n" + table_text([row for bench in ran for row in bench.rows]))
    for bench in ran:
        if bench.status:
            print(f"{bench.name} BROKE with status {bench.status}; its rows are missing or incomplete")
    if asked.json is not None:
        asked.json.write_text(json.dumps(report_of(ran), indent=2) + "\n", encoding="utf-8")
    sys.exit(any(bench.status for bench in ran))


if __name__ == "__main__":
    main()
