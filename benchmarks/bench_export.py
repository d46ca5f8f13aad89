"""Ten years of five-minute readings of one person, taken away: how long, how much memory, how large."""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.table import Row, add_rows_option, leave_rows
from healthtwin.domain import DAY_MS, METRICS, MINUTE_MS, Profile
from healthtwin.house.export import export_to
from healthtwin.store import Home, HomeKind, SeriesStore, Tables
from healthtwin.store.keys import open_keys
from healthtwin.store.people import People

START_MS = 1_456_790_400_000  # 2016-03-01
GOAL_YEARS, GOAL_S, GOAL_MB = 10, 60, 300
STEP_MS = 5 * MINUTE_MS
MEASURED = {
    "heart_rate": (62.0, 8.0),
    "respiratory_rate": (15.0, 1.5),
    "oxygen_saturation": (96.5, 0.8),
    "body_temperature": (36.7, 0.2),
    "hrv_rmssd": (38.0, 9.0),
    "steps": (40.0, 60.0),
}
"""What a watch writes down every five minutes: usual value and spread, in the metric's unit."""


def fill(path: Path, years: int, *, jitter_ms: int = 0) -> str:
    """A home with the readings of one person, sealed as a house seals them; the person's id."""
    home = Home.create(path, HomeKind.LIVE)
    (path / "config.toml").write_text("[storage]\nraw_days = 3653\n", encoding="utf-8")
    rng = np.random.default_rng(7)
    with Tables.of(home) as tables:
        person = People(tables).add("Ada Example", Profile("Europe/Berlin", birth_year=1960), START_MS)
    days = round(years * 365.25)
    per_day = DAY_MS // STEP_MS
    with (
        open_keys(home) as keys,
        SeriesStore(home.series_path, raw_days=3_653, keys=keys) as series,
    ):
        for first in range(0, days, 30):
            count = min(30, days - first) * per_day
            t = START_MS + first * DAY_MS + np.arange(count) * STEP_MS
            if jitter_ms:
                t += rng.integers(0, jitter_ms, count)
            rows = []
            for name, (usual, spread) in MEASURED.items():
                metric = METRICS[name]
                v = np.clip(rng.normal(usual, spread, count), metric.low, metric.high)
                v = np.round(np.round(v / metric.resolution) * metric.resolution, 6)
                code = metric.code
                rows += [
                    (person.pseudonym, code, at, x, 1.0) for at, x in zip(t.tolist(), v.tolist(), strict=True)
                ]
            series.append(rows, first)
            series.seal(int(t[-1]) + 3 * DAY_MS)
    return person.id


def main() -> None:
    """Fill a home, export it once, say what that took."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--years", type=int, default=10)
    asked.add_argument("--jitter-ms", type=int, default=0, help="readings that lie on no grid of time")
    asked.add_argument("--home", type=Path, help="kept, and used again where it is there")
    add_rows_option(asked)
    said = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = said.home or Path(folder) / "home"
        if (path / "home.json").exists():
            with Tables.of(Home.open(path)) as tables:
                person = People(tables).list()[0].id
        else:
            person = fill(path, said.years, jitter_ms=said.jitter_ms)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began, cpu = time.perf_counter(), time.process_time()
        out = Path(folder) / "me.zip"
        names = export_to(Home.open(path), person, out)
        took_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(
            f"{said.years} years, every 5 min, {len(MEASURED)} metrics: "
            f"{took_s:.1f} s ({cpu_s:.1f} s of CPU), "
            f"peak {peak / 1024:.0f} MiB (before {before / 1024:.0f}), "
            f"{out.stat().st_size / 2**20:.0f} MiB, {len(names)} files"
        )
        whole = said.years >= GOAL_YEARS
        what = f"everything about one person, {said.years} years of 5-minute data"
        leave_rows(
            [
                Row(what, f"<= {GOAL_S} s", f"{took_s:.0f} s", took_s <= GOAL_S if whole else None),
                Row(
                    f"{what}, memory",
                    f"<= {GOAL_MB} MB",
                    f"{peak * 1024 / 1e6:.0f} MB",
                    peak * 1024 / 1e6 <= GOAL_MB if whole else None,
                ),
            ],
            said.rows,
        )


if __name__ == "__main__":
    main()
