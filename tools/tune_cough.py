"""Fits the rule that tells coughs from other sudden sounds, and writes src/healthtwin/sensing/cough_rule.py.

    python tools/tune_cough.py ../shared/data/covid19_cough_cc0 && ruff format src/healthtwin/sensing

Coughs are the tuning half of the recordings (`healthtwin_lab.evaluate.cough.is_tuning`), as they are and
cut onto noise; other sounds are synthetic claps, knocks, tones and espeak-ng's tuning voices. What is
reported by `healthtwin evaluate sensing` comes from the other half and from other voices. Needs soundfile
and espeak-ng.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.sensing.cough import bursts
from healthtwin.sensing.cough_rule import second_order
from healthtwin_lab.evaluate.cough import heard, is_tuning, recorded_coughs
from healthtwin_lab.evaluate.planted_sound import (
    RATE_HZ,
    SOUNDS_THAT_ARE_NO_COUGH,
    TUNING_VOICES,
    cut_cough,
    planted_coughs,
    speech,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

TARGET: Final = Path(__file__).parent.parent / "src/healthtwin/sensing/cough_rule.py"

SHARES: Final = {"speech": 0.55, "claps": 0.15, "knocks": 0.15, "tones": 0.15}
"""How much each kind of other sound weighs, all together as much as the coughs."""

PENALTY: Final = 5.0
"""Ridge on the scaled weights; 1, 5 and 20 were compared by five-fold cross-validation within the tuning
half."""


def main() -> int:
    """Fits and writes."""
    folder = Path(sys.argv[1])
    rng = np.random.default_rng(0)
    coughs = _coughs(folder, rng)
    others = _others(rng)
    kinds = np.array([kind for kind, _ in others])
    rows = np.array([*coughs, *(features for _, features in others)])
    truth = np.concatenate([np.ones(len(coughs)), np.zeros(len(others))])
    weight = np.concatenate(
        [
            np.full(len(coughs), 0.5 / len(coughs)),
            [0.5 * SHARES[kind] / (kinds == kind).sum() for kind in kinds],
        ]
    ) * len(truth)
    centre, spread = rows.mean(axis=0), rows.std(axis=0)
    fitted = _ridge_logistic(second_order((rows - centre) / spread), truth, weight)
    _write(centre, spread, fitted)
    print(f"{len(coughs)} bursts of coughs, {len(others)} others")
    return 0


def _coughs(folder: Path, rng: np.random.Generator) -> list[Floats]:
    recordings = [(samples, rate) for name, samples, rate in recorded_coughs(folder) if is_tuning(name)]
    rows = [burst.features for samples, rate in recordings for burst in bursts(heard(samples, rate))]
    pieces = [cut_cough(samples, rate) for samples, rate in recordings]
    for signal_to_noise_db in (25, 15, 10):
        for _ in range(6):
            sound, begins = planted_coughs(pieces, 12, signal_to_noise_db, rng)
            rows += [
                burst.features
                for burst in bursts(heard(sound, RATE_HZ))
                if np.any(np.abs(burst.frame / 100 - begins - 0.01) <= 0.08)  # noqa: PLR2004
            ]
    return rows


def _others(rng: np.random.Generator) -> list[tuple[str, Floats]]:
    rows = []
    for kind, make in SOUNDS_THAT_ARE_NO_COUGH.items():
        rows += [(kind, burst.features) for burst in bursts(heard(make(60, rng), RATE_HZ))]
    for speed in (130, 160, 200):
        spoken = speech(TUNING_VOICES, speed)
        if spoken is None:
            raise SystemExit("espeak-ng is not installed (Debian: apt-get install espeak-ng)")
        for noise in (0.0, 0.005):
            noisy = spoken + noise * rng.standard_normal(len(spoken))
            rows += [("speech", burst.features) for burst in bursts(heard(noisy, RATE_HZ))]
    return [(kind, features) for kind, features in rows if kind in SHARES]


def _ridge_logistic(table: Floats, truth: Floats, weight: Floats) -> Floats:
    table = np.column_stack([table, np.ones(len(table))])
    ridge = PENALTY * np.diag([*np.ones(table.shape[1] - 1), 1e-6])
    fitted = np.zeros(table.shape[1])
    for _ in range(30):  # Newton's method; five to ten suffice
        chance = 1 / (1 + np.exp(-np.clip(table @ fitted, -30, 30)))
        slope = table.T @ (weight * (chance - truth)) + ridge @ fitted
        curve = (table * (weight * chance * (1 - chance))[:, None]).T @ table + ridge
        fitted = fitted - np.linalg.solve(curve, slope)
    return np.asarray(fitted)


def _write(centre: Floats, spread: Floats, fitted: Floats) -> None:
    head, _, _ = TARGET.read_text(encoding="utf-8").partition("COUGH_RULE: Final")
    rows = {"centre": centre, "spread": spread, "weight": fitted[:-1]}
    lines = [
        f"    {name}=({', '.join(f'{value:.4f}' for value in values)})," for name, values in rows.items()
    ]
    body = "\n".join(["COUGH_RULE: Final = CoughRule(", *lines, f"    bias={fitted[-1]:.4f},", ")", ""])
    TARGET.write_text(head + body, encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
