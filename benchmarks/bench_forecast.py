"""What a forecast costs: twin, LSTM and spiking network per reading, batched and one at a time, on one core.

    python -m benchmarks.bench_forecast [--seconds 2.0] [--models DIR]

The twin's step is that of `bench_twin` (expect, note departures, learn). The nets are those of the folder
with the shipped models; their ONNX step is asked as the running house asks it, on one thread, states carried
along. The feature row, which all members share, is made by `features.advance` and shown in a column of its
own, as is everything together. Values are synthetic; what they are does not change what they cost.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from benchmarks.bench_twin import FOUR, ROUNDS, rounds_of
from benchmarks.table import Row, add_rows_option, leave_rows
from healthtwin.domain.arrays import blank_profiles
from healthtwin.forecast.features import advance, blank_features
from healthtwin.forecast.onnx_session import open_session
from healthtwin.forecast.shipped import MODELS
from healthtwin.twin import blank_twins, expect, learn, note_departures

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Table = NDArray[np.float32]

NETS: Final = ("lstm", "snn")
BATCHES: Final = (1, 16, 256, 1_000, 4_000)
GOAL_PER_S: Final = 60_000
GOAL_MS: Final = 5.0
SLICES: Final = 8


class Forecaster:
    """Everything that one batch of people carries from reading to reading."""

    def __init__(self, people: int, models: Path) -> None:
        self.rows = rounds_of(people, FOUR)
        self.twins = blank_twins(people)
        self.twins["days"], self.twins["evidence"] = 40, 20.0
        self.profiles = blank_profiles(people)
        self.features = blank_features(people)
        self.sessions = {name: open_session(models / f"{name}.onnx") for name in NETS}
        self.states = {
            name: np.zeros((people, session.get_inputs()[1].shape[1]), np.float32)
            for name, session in self.sessions.items()
        }
        self.tables = [
            advance(self.features, rows, self.profiles, expect(self.twins, rows)) for rows in self.rows[:4]
        ]

    def twin(self, k: int) -> None:
        """What was expected, since when it is unusual, what it teaches."""
        rows = self.rows[k % ROUNDS]
        expectation = expect(self.twins, rows)
        note_departures(self.twins, rows, expectation)
        learn(self.twins, rows, 1.0)

    def net(self, name: str, k: int) -> None:
        """One step of one net."""
        feed = {"x": self.tables[k % len(self.tables)], "state": self.states[name]}
        _, self.states[name] = self.sessions[name].run(["scores", "new_state"], feed)

    def made(self, k: int) -> None:
        """The feature row."""
        rows = self.rows[k % ROUNDS]
        advance(self.features, rows, self.profiles, expect(self.twins, rows))

    def twin_and_nets(self, k: int) -> None:
        """What the goal names."""
        self.twin(k)
        for name in NETS:
            self.net(name, k)

    def everything(self, k: int) -> None:
        """The same with the feature row made too."""
        self.made(k)
        self.twin_and_nets(k)


def per_s(step: Callable[[int], None], batch: int, seconds: float) -> float:
    """Readings per second of processor time; the best of several slices (others only ever slow one down)."""
    best, k = 0.0, 0
    for _ in range(SLICES):
        done, spent = 0, 0.0
        while spent < seconds / SLICES:
            start = time.process_time()
            step(k)
            spent += time.process_time() - start
            done, k = done + batch, k + 1
        best = max(best, done / spent)
    return best


def one_ms(step: Callable[[int], None], repeats: int = 500) -> tuple[float, float]:
    """Median and 99th percentile of one reading, in milliseconds."""
    taken = []
    for k in range(repeats):
        start = time.perf_counter()
        step(k)
        taken.append((time.perf_counter() - start) * 1000)
    return float(np.median(taken)), float(np.quantile(taken, 0.99))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=2.0, help="processor time per figure")
    parser.add_argument("--models", type=Path, default=MODELS, help="folder with lstm.onnx and snn.onnx")
    add_rows_option(parser)
    asked = parser.parse_args()
    heads = ("twin", "lstm", "snn", "features", "twin+nets", "all")
    print(f"{'batch':>6} " + " ".join(f"{head:>10}" for head in heads) + "   /CPU-s")
    best = 0.0
    for batch in BATCHES:
        house = Forecaster(batch, asked.models)
        steps: tuple[Callable[[int], None], ...] = (
            house.twin,
            lambda k, house=house: house.net("lstm", k),  # type: ignore[misc]
            lambda k, house=house: house.net("snn", k),  # type: ignore[misc]
            house.made,
            house.twin_and_nets,
            house.everything,
        )
        figures = [per_s(step, batch, asked.seconds) for step in steps]
        best = max(best, figures[4])
        print(f"{batch:>6,} " + " ".join(f"{figure:>10,.0f}" for figure in figures))
    median, worst = one_ms(Forecaster(1, asked.models).everything)
    print(f"twin + LSTM + SNN, batched: goal {GOAL_PER_S:,} /s {'met' if best >= GOAL_PER_S else 'NOT met'}")
    print(
        f"one reading, features to scores: {median:.2f} ms median, {worst:.2f} ms p99 (goal {GOAL_MS:g} ms)"
    )
    leave_rows(
        [
            Row(
                "forecast: twin + LSTM + SNN step, batched, one core",
                f">= {GOAL_PER_S:,} /s",
                f"{best:,.0f} /CPU-s",
                best >= GOAL_PER_S,
            ),
            Row(
                "forecast: one reading, features to scores, p99",
                f"<= {GOAL_MS:g} ms",
                f"{worst:.2f} ms",
                worst <= GOAL_MS,
            ),
        ],
        asked.rows,
    )


if __name__ == "__main__":
    main()
