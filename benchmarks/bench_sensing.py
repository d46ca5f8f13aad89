"""How long sensing takes for half a minute of light, beside its rivals.

    python -m benchmarks.bench_sensing [--json] [--rounds 30]

Processor time of one call in a warm process: 30 s of three colours at 30 frames a second, 30 s of one
colour, and 90 s of three. The light is planted (a systolic and a dicrotic wave, noise, uneven frame times):
synthetic.
Rivals run where they are installed (`pip install 'healthtwin[rivals]'`).
"""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from benchmarks.table import Row, add_rows_option, leave_rows
from healthtwin_lab.evaluate.sensing_rivals import OURS, heart_methods, installed_rivals, timed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

GOAL_MS: Final = 20.0
CASES: Final = {"30 s, three colours": (30, 3), "30 s, one colour": (30, 1), "90 s, three colours": (90, 3)}


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=30)
    add_rows_option(parser)
    asked = parser.parse_args()
    measured = measure(asked.rounds)
    leave_rows(rows_of(measured), asked.rows)
    if asked.json:
        print(json.dumps(measured))
        return
    print(f"{'ms per 30 s of signal':48}{'median':>10}{'best':>10}{'worst':>10}")
    for case, methods in measured["cases"].items():
        for name, row in methods.items():
            print(f"{case + ', ' + name:48}{row['median']:10.1f}{row['best']:10.1f}{row['worst']:10.1f}")
    print(", ".join(f"{name} {version}" for name, version in measured["rivals"].items()))


def rows_of(measured: dict[str, Any]) -> list[Row]:
    """For the common table."""
    rows = []
    for case, methods in measured["cases"].items():
        got = methods[OURS]["median"]
        peers = ", ".join(f"{name} {row['median']:.0f}" for name, row in methods.items() if name != OURS)
        rows.append(
            Row(
                f"sensing: heart rate from {case}, per 30 s",
                f"<= {GOAL_MS:g} ms",
                f"{got:.1f} ms",
                got <= GOAL_MS,
                peers,
            )
        )
    return rows


def measure(rounds: int) -> dict[str, Any]:
    """Every method on every case: median, best and worst milliseconds per 30 s of signal."""
    cases = {}
    for case, (seconds, colours) in CASES.items():
        time_ms, light = planted(seconds, colours)
        found = {}
        for name, method in heart_methods().items():
            took = [timed(method, time_ms, light)[1] * 30.0 / seconds for _ in range(rounds + 1)][1:]
            found[name] = {"median": float(np.median(took)), "best": min(took), "worst": max(took)}
        cases[case] = found
    return {"cases": cases, "rivals": installed_rivals()}


def planted(seconds: int, colours: int) -> tuple[Floats, dict[str, Floats]]:
    """Frames at uneven times, 72 beats a minute."""
    rng = np.random.default_rng(1)
    time_ms = np.arange(seconds * 30, dtype=np.float64) * (1000.0 / 30.0)
    time_ms = np.sort(np.add(time_ms, rng.uniform(-8.0, 8.0, len(time_ms))))
    phase = (time_ms * 72 / 60_000.0) % 1.0
    wave = np.exp(-(((phase - 0.22) / 0.09) ** 2)) + 0.42 * np.exp(-(((phase - 0.52) / 0.13) ** 2))
    light = np.subtract(200.0, 3.0 * wave)
    names = ("red", "green", "blue")[:colours]
    return time_ms, {name: light + rng.normal(0.0, 0.1, len(time_ms)) for name in names}


if __name__ == "__main__":
    main()
