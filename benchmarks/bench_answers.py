"""What one question costs, and one reading, in a house where a person has sixty days behind them.

Reading → risk: the step takes one message of one person, alone in its batch, and every member says its risk.
Questions go to the house as the API puts them, each answered from the same person's state and series. The
garbage collector is told beforehand what `healthtwin serve` tells it.

Usage: python -m benchmarks.bench_answers [--questions 500] [--rows FILE]
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.metadata
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from benchmarks.bench_growth import served
from benchmarks.table import Row, add_rows_option, is_busy, leave_rows, load, machine
from healthtwin.access import Grant, Scope
from healthtwin.api import keep_what_is_there
from healthtwin.domain import DAY_MS, METRICS, Profile
from healthtwin.forecast import expected_row, shipped_forecast
from healthtwin.house import EventClock, open_house
from healthtwin.intake import VitalsRow
from healthtwin.pipeline import VITALS, HouseStep, VitalsPayload, encode
from healthtwin.simulate import draw_person, history
from healthtwin.store import Home, HomeKind
from healthtwin.store.people import People
from healthtwin.stream import LogRecord
from healthtwin.twin import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from healthtwin.house import House

NOW_MS: Final = 20_500 * DAY_MS
DAYS_BEHIND: Final = 60
LATENESS_MS: Final = 900_000
MIB: Final = 2**20
HELP_RUNS: Final = 5


def quantiles_ms(question: Callable[[], object], times: int) -> tuple[float, float, float]:
    """p50 and p99 of elapsed time, and p99 of this process's own, in ms."""
    question()
    waits, worked = [], []
    for _ in range(times):
        began, idle = time.perf_counter(), time.process_time()
        question()
        waits.append(1e3 * (time.perf_counter() - began))
        worked.append(1e3 * (time.process_time() - idle))
    p50, p99 = np.percentile(waits, [50, 99])
    return float(p50), float(p99), float(np.percentile(worked, 99))


def lived_in(house: House) -> str:
    """Somebody with sixty days behind them; their id."""
    chance = np.random.default_rng(2)
    synthetic = draw_person(chance, this_year=2026)
    person = People(house.tables).add(synthetic.name, Profile(synthetic.timezone, birth_year=1960), NOW_MS)
    grant = Grant("t-bench", "d-bench", Scope.DEVICE, frozenset({person.id}))
    messages = history(synthetic, days=DAYS_BEHIND, until_ms=NOW_MS, rng=chance)
    rows = [
        VitalsRow(
            index,
            person.id,
            message.time_ms,
            None,
            VitalsPayload({METRICS[name].code: value for name, value in message.values.items()}),
        )
        for index, message in enumerate(messages)
    ]
    asyncio.run(house.intake.ingest(grant, rows))
    assert house.caught_up(120)
    house.tidy()
    return person.id


def reading_to_risk(times: int) -> tuple[float, float, float]:
    """One message through the whole step, alone, and what the members then say."""
    step = HouseStep(LATENESS_MS)
    state = step.blank(1)
    payload = {"heart_rate": 70.0, "hrv_rmssd": 40.0, "respiratory_rate": 15.0, "oxygen_saturation": 97.0}
    made = VitalsPayload({METRICS[name].code: value for name, value in payload.items()})
    at_ms = NOW_MS

    def take() -> None:
        nonlocal at_ms
        at_ms += 300_000
        record = LogRecord("ba75", VITALS, at_ms, at_ms, "d-1", None, 0, encode(made), 1, 0)
        step.advance(state, step.rows([record]), late=False)
        expected = expected_row(expect(state["twin"], state["last"]), 0)
        list(shipped_forecast().risks(state[0]["forecast"], state[0]["last"], expected, state[0]["profile"]))

    return quantiles_ms(take, times)


def installed_mib() -> float:
    """What the locked packages of the base install and their files take on disk."""
    lock = Path(__file__).parents[1] / "requirements" / "base.txt"
    names = set(
        re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", lock.read_text(encoding="utf-8"), re.MULTILINE)
    )
    total = 0
    for name in names:
        try:
            files = importlib.metadata.files(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue  # for another platform
        paths = [Path(str(file.locate())) for file in files]
        total += sum(path.stat().st_size for path in paths if path.is_file())
    return total / MIB


def help_s() -> float:
    """How long `healthtwin --help` takes; the best of a few."""
    command = [str(Path(sys.executable).with_name("healthtwin")), "--help"]
    taken = []
    for _ in range(HELP_RUNS):
        began = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        taken.append(time.perf_counter() - began)
    return min(taken)


def ready_s(folder: Path) -> float:
    """From starting `serve` on a new home to its first line."""
    home = Home.create(folder / "new", HomeKind.LIVE)
    with served(home.path) as server:
        return server.ready_s


def main() -> None:
    """Measure, print, leave the rows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=int, default=500)
    add_rows_option(parser)
    asked = parser.parse_args()
    print(f"{machine()}, load {load():.1f}{' (BUSY: elapsed times say little)' if is_busy() else ''}")
    keep_what_is_there()
    taken = {"1 reading → risk": (5.0, reading_to_risk(asked.questions))}
    with tempfile.TemporaryDirectory() as folder:
        house = open_house(Path(folder) / "home", EventClock(NOW_MS))
        house.start()
        try:
            person = lived_in(house)
            for name, goal_ms, question in (
                ("twin query", 2.0, lambda: house.people.twin(person)),
                ("risk query", 5.0, lambda: house.people.risk(person)),
                (
                    "24 h of one metric",
                    5.0,
                    lambda: house.people.series(person, "heart_rate", NOW_MS - DAY_MS, NOW_MS, None),
                ),
            ):
                taken[name] = (goal_ms, quantiles_ms(question, asked.questions))
        finally:
            house.stop()
        ready = ready_s(Path(folder))
    rows = [
        Row(
            f"{name}, p99",
            f"<= {goal_ms:g} ms",
            f"{p99:.2f} ms (p50 {p50:.2f}, own processor time p99 {cpu:.2f})",
            p99 <= goal_ms,
        )
        for name, (goal_ms, (p50, p99, cpu)) in taken.items()
    ]
    size, helped = installed_mib(), help_s()
    rows += [
        Row("base install", "<= 400 MB", f"{size * MIB / 1e6:.0f} MB", size * MIB <= 400e6),
        Row("healthtwin --help", "<= 0.4 s", f"{helped:.2f} s", helped <= 0.4),
        Row("server ready, new home", "<= 3 s", f"{ready:.2f} s", ready <= 3.0),
    ]
    for row in rows:
        print(f"{row.measure}: {row.got} (goal {row.goal}: {row.verdict})")
    leave_rows(rows, asked.rows)


if __name__ == "__main__":
    main()
