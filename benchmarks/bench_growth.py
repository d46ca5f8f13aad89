"""People on this machine: what a whole served house costs as it grows, over real HTTP.

For each size a fresh home with that many synthetic people, each with a phone and its own token; the real
`healthtwin serve` in its own process; the phones in another (`benchmarks.phones`), whose processor time is
counted apart. Everybody's last quarter of an hour is imported (three messages each, through hubs). Then every
phone sends one message under its own token. Then they go on, one message per POST, for a while at the rate at
which so many people send (one in five minutes each), with dangerous readings planted that must become alerts,
and at last as fast as answers come.

Processor time is the kernel's count for the server's process, so what else the machine does hardly changes
it; waits are elapsed time and do suffer. Memory per person is what is held beyond an empty house's.

Usage: python -m benchmarks.bench_growth [--people 1000 10000 100000] [--open-s 60] [--closed-s 20]

A million people for ten minutes at their own rate, 3,333 POSTs a second (an hour and a half with the set-up):

    python -m benchmarks.bench_growth --people 1000000 --earlier 1 --planted 500 --open-s 600 --folder DISK
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from benchmarks.table import Row, add_rows_option, is_busy, leave_rows, load, machine
from healthtwin.access import Credentials
from healthtwin.domain import Profile
from healthtwin.simulate import draw_person
from healthtwin.store import Home, HomeKind, Tables
from healthtwin.store.people import People

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from healthtwin.simulate import SyntheticPerson

INTERVAL_S: Final = 300
"""Everybody sends once in five minutes."""

GOAL_PEOPLE: Final = 1_000_000
GOAL_ALERT_MS: Final = 1_000.0
GOAL_RSS_GIB: Final = 4.0
GOAL_READY_S: Final = 30.0

FLAT: Final = 1.25
"""Flat: at the largest size at most a quarter more per person than at the middle one."""

DIFFERENT_PEOPLE: Final = 2_000
"""Drawn one by one; beyond them the same ones come again with other names and tokens."""

TIMEZONES: Final = ("Europe/Berlin", "Europe/Lisbon", "America/New_York", "Asia/Tokyo", "Africa/Lagos")
EARLIER_MESSAGES: Final = 3

MADE_AT_ONCE: Final = 50_000
"""People and tokens per transaction, so that a million of them are never in memory at once."""

HUBS: Final = 16
"""Enough that no token's own limit (6,000 rows a second) holds the import up."""
PAGE: Final = os.sysconf("SC_PAGE_SIZE")
TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")
MIB: Final = 2**20


@dataclass(frozen=True, slots=True)
class Step:
    """One size. Memory in bytes, processor time in seconds."""

    people: int
    made_s: float
    ready_s: float
    ready_again_s: float
    rss_empty: int
    rss: int
    import_cpu_per_row: float
    first_cpu_per_post: float
    open_rate: float
    open_seconds: float
    open_cpu_per_post: float
    open: dict[str, Any]
    closed_cpu_per_post: float
    closed: dict[str, Any]


# ---------------------------------------------------------------- the home and its people


def people_of(count: int) -> list[SyntheticPerson]:
    """Synthetic people, the same at every run."""
    chance = np.random.default_rng(3)
    drawn = [
        draw_person(chance, this_year=2026, timezone=TIMEZONES[i % len(TIMEZONES)])
        for i in range(min(count, DIFFERENT_PEOPLE))
    ]
    return [drawn[i % len(drawn)] for i in range(count)]


@dataclass(frozen=True, slots=True)
class MadeHome:
    """Where it is, the phones' file, a token that sees those to be in danger, and tokens of hubs."""

    path: Path
    kits: Path
    watch: str
    hubs: list[str]


def make_home(folder: Path, count: int, planted: int) -> MadeHome:
    """A home with people and phones."""
    home = Home.create(folder / f"home-{count}", HomeKind.LIVE)
    now_ms = time.time_ns() // 1_000_000
    synthetic = people_of(count)
    ids: list[str] = []
    secrets: list[str] = []
    with Tables.of(home) as tables:
        for start in range(0, count, MADE_AT_ONCE):
            added = People(tables).add_many(
                [
                    (
                        f"{someone.name} {number}",
                        Profile(
                            someone.timezone,
                            birth_year=someone.birth_year,
                            sex=someone.sex,
                            labels={"source": "synthetic"},
                        ),
                    )
                    for number, someone in enumerate(synthetic[start : start + MADE_AT_ONCE], start)
                ],
                now_ms,
            )
            ids += [person.id for person in added]
            tokens = Credentials(tables).create_device_tokens([person.id for person in added], now_ms)
            secrets += [token.secret for token in tokens]
        watch = Credentials(tables).create_token("clinician", ids[:planted], now_ms, label="bench")
        hubs = [Credentials(tables).create_token("admin", [], now_ms).secret for _ in range(HUBS)]
    kits = [
        (
            person_id,
            secret,
            (
                someone.resting_heart_rate + 5,
                someone.hrv_rmssd,
                someone.respiratory_rate,
                max(someone.oxygen_saturation, 96.0),
                someone.body_temperature,
            ),
        )
        for someone, person_id, secret in zip(synthetic, ids, secrets, strict=True)
    ]
    file = folder / f"kits-{count}.json"
    file.write_text(json.dumps(kits), encoding="utf-8")
    return MadeHome(home.path, file, watch.secret, hubs)


# ---------------------------------------------------------------- the server's process


@dataclass(frozen=True, slots=True)
class Served:
    """A running server."""

    url: str
    process: subprocess.Popen[str]
    ready_s: float

    def rss(self) -> int:
        """Resident memory, bytes."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * PAGE

    def cpu_s(self) -> float:
        """Processor time of all its threads so far, as the kernel counts it."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


@contextmanager
def served(home: Path) -> Iterator[Served]:
    """`healthtwin serve` on a home, stopped by SIGTERM as an operator would."""
    began = time.perf_counter()
    command = [str(Path(sys.executable).with_name("healthtwin")), "serve", "--home", str(home), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert url.startswith("http"), "the server did not start"
            yield Served(url, process, time.perf_counter() - began)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=120)


def phones(server: Served, kits: Path, folder: Path, *options: str) -> dict[str, Any]:
    """Run the phones' process to its end; what it reports, and what the server spent meanwhile."""
    out = folder / "phones.json"
    before = server.cpu_s()
    command = [sys.executable, "-m", "benchmarks.phones", "--url", server.url, "--kits", str(kits)]
    subprocess.run([*command, *options, "--out", str(out)], check=True)
    _settle(server)
    report: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    report["server_cpu_s"] = server.cpu_s() - before
    return report


def _settle(server: Served) -> None:
    """Wait until the server has digested what it acknowledged: a second in which it hardly works."""
    for _ in range(120):
        before = server.cpu_s()
        time.sleep(1.0)
        if server.cpu_s() - before < 0.1:
            return


# ---------------------------------------------------------------- measuring


def _say(what: str) -> None:
    """For whoever waits for a long run."""
    print(f"  {time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def empty_rss(folder: Path) -> int:
    """What a server takes that has nobody in its house."""
    with served(Home.create(folder / "empty", HomeKind.LIVE).path) as server:
        return server.rss()


def measure(
    folder: Path, people: int, *, earlier: int, planted: int, open_s: float, closed_s: float, connections: int
) -> Step:
    """Grow one house to its size and load it."""
    rss_empty = empty_rss(folder)
    planted = min(planted, people // 20)
    began = time.perf_counter()
    home = make_home(folder, people, planted)
    made_s = time.perf_counter() - began
    _say(f"{people:,} people and their phones made in {made_s:.0f} s")
    lines = ("--connections", str(connections))
    rate = people / INTERVAL_S
    with served(home.path) as server:
        imported = phones(
            server, home.kits, folder, "--mode", "import", "--messages", str(earlier),
            "--hubs", *home.hubs,
        )  # fmt: skip
        _say(f"{people * earlier:,} earlier messages imported in {imported['seconds']:.0f} s")
        first = phones(server, home.kits, folder, "--mode", "once", *lines)
        _say(f"everybody's first message in {first['seconds']:.0f} s; now {open_s:.0f} s at {rate:,.0f}/s")
        turned = phones(
            server, home.kits, folder, "--mode", "open", "--rate", str(rate), "--seconds", str(open_s),
            *lines, "--planted", str(planted), "--watch", home.watch, "--first-sequence", "1000",
        )  # fmt: skip
        rss = server.rss()
        _say(f"turns done: alert p99 {turned['alert_p99_ms'] or float('nan'):.0f} ms")
        flat_out = phones(
            server, home.kits, folder, "--mode", "closed", "--seconds", str(closed_s), *lines,
            "--first-sequence", "1000000",
        )  # fmt: skip
    for report in (imported, first, turned, flat_out):
        assert not report["refused"], f"{report['refused']} POSTs were refused"
    with served(home.path) as again:
        ready_again_s = again.ready_s
    return Step(
        people,
        made_s,
        server.ready_s,
        ready_again_s,
        rss_empty,
        rss,
        imported["server_cpu_s"] / (people * earlier),
        first["server_cpu_s"] / people,
        rate,
        open_s,
        turned["server_cpu_s"] / turned["posts"],
        turned,
        flat_out["server_cpu_s"] / flat_out["posts"],
        flat_out,
    )


def bytes_per_person(steps: Sequence[Step]) -> list[float]:
    """What each size holds per person, beyond what an empty house holds."""
    return [(step.rss - step.rss_empty) / step.people for step in steps]


def print_steps(steps: Sequence[Step]) -> None:
    """The growth curve."""
    heads = (
        "people",
        "made s",
        "ready s",
        "again s",
        "RSS MiB",
        "KiB/person",
        "µs/row import",
        "µs/first",
        "turn /s",
        "µs/turn",
    )
    more = ("p50 ms", "p99 ms", "alert p99", "alerts", "max /s", "µs/post", "phones µs")
    print("".join(f"{head:>13}" for head in (*heads, *more)))
    for step, held in zip(steps, bytes_per_person(steps), strict=True):
        cells = (
            f"{step.people:,}", f"{step.made_s:.0f}", f"{step.ready_s:.1f}", f"{step.ready_again_s:.1f}",
            f"{step.rss / MIB:,.0f}", f"{held / 1024:.1f}",
            f"{1e6 * step.import_cpu_per_row:.0f}", f"{1e6 * step.first_cpu_per_post:,.0f}",
            f"{step.open_rate:,.1f}",
            f"{1e6 * step.open_cpu_per_post:,.0f}", f"{step.open['post_p50_ms']:.1f}",
            f"{step.open['post_p99_ms']:.1f}", f"{step.open['alert_p99_ms'] or float('nan'):.0f}",
            f"{step.open['alerts']}", f"{step.closed['posts'] / step.closed['seconds']:,.0f}",
            f"{1e6 * step.closed_cpu_per_post:,.0f}",
            f"{1e6 * step.closed['cpu_s'] / step.closed['posts']:,.0f}",
        )  # fmt: skip
        print("".join(f"{cell:>13}" for cell in cells))


def rows_of(steps: Sequence[Step]) -> list[Row]:
    """The rows of the common table; a million is worked out from the largest size, and says so."""
    largest = steps[-1]
    turned, flat_out = largest.open, largest.closed
    at_rate = f"{largest.people:,} people, {largest.open_rate:,.0f}/s, {largest.open_seconds:.0f} s"
    rate = flat_out["posts"] / flat_out["seconds"]
    held = bytes_per_person(steps)
    rows = [
        Row(
            f"POST → 2xx p99, {at_rate}",
            "",
            f"{turned['post_p99_ms']:.1f} ms (p50 {turned['post_p50_ms']:.1f})",
            None,
        ),
        Row(
            f"POST → alert p99 at that rate, {turned['alerts']} planted",
            "<= 1 s",
            "none came" if turned["alert_p99_ms"] is None else f"{turned['alert_p99_ms']:.0f} ms",
            turned["alert_p99_ms"] is not None and turned["alert_p99_ms"] <= GOAL_ALERT_MS,
        ),
        Row(
            f"server memory, {largest.people:,} people",
            "<= 4 GiB",
            f"{largest.rss / 2**30:.2f} GiB",
            largest.rss <= GOAL_RSS_GIB * 2**30,
        ),
        Row(
            "POSTs a second as fast as answers come",
            "",
            f"{rate:,.0f} /s, server {1e6 * largest.closed_cpu_per_post:,.0f} µs each",
            None,
        ),
        Row(
            f"server ready again, {largest.people:,} people in it",
            "<= 30 s",
            f"{largest.ready_again_s:.1f} s",
            largest.ready_again_s <= GOAL_READY_S,
        ),
    ]
    if len(steps) > 1:
        before = steps[-2]
        time_grows = largest.closed_cpu_per_post / before.closed_cpu_per_post
        space_grows = held[-1] / held[-2]
        growth = f"{before.people:,} → {largest.people:,} people"
        rows += [
            Row(f"memory per person, {growth}", "flat", f"x {space_grows:.2f}", space_grows <= FLAT),
            Row(f"processor time per POST, {growth}", "flat", f"x {time_grows:.2f}", time_grows <= FLAT),
        ]
    if largest.people >= GOAL_PEOPLE:
        return rows
    cores = GOAL_PEOPLE / INTERVAL_S * largest.closed_cpu_per_post
    memory = (largest.rss_empty + GOAL_PEOPLE * held[-1]) / 2**30
    rows += [
        Row("1,000,000 people, EXTRAPOLATED: server cores", "< 2", f"{cores:.2f}", cores < 2),
        Row(
            "1,000,000 people, EXTRAPOLATED: memory", "<= 4 GiB", f"{memory:.1f} GiB", memory <= GOAL_RSS_GIB
        ),
    ]
    return rows


def main() -> None:
    """Grow, print the curve, leave the rows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--open-s", type=float, default=60.0, help="seconds at the people's own rate")
    parser.add_argument("--closed-s", type=float, default=20.0, help="seconds as fast as answers come")
    parser.add_argument(
        "--earlier", type=int, default=EARLIER_MESSAGES, help="earlier messages of everybody, at least 1"
    )
    parser.add_argument(
        "--planted", type=int, default=100, help="dangerous readings at the people's own rate"
    )
    parser.add_argument("--connections", type=int, default=128)
    parser.add_argument("--folder", type=Path, default=None, help="on the disk to measure")
    add_rows_option(parser)
    asked = parser.parse_args()
    print(f"{machine()}, load {load():.1f}{' (BUSY: elapsed times say little)' if is_busy() else ''}")
    steps = []
    for people in asked.people:
        with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
            steps.append(
                measure(
                    Path(folder),
                    people,
                    earlier=asked.earlier,
                    planted=asked.planted,
                    open_s=asked.open_s,
                    closed_s=asked.closed_s,
                    connections=asked.connections,
                )
            )
        print_steps(steps[-1:])
    print()
    print_steps(steps)
    rows = rows_of(steps)
    for row in rows:
        print(f"{row.measure}: {row.got} {row.goal and f'(goal {row.goal}: {row.verdict})'}")
    leave_rows(rows, asked.rows)


if __name__ == "__main__":
    main()
