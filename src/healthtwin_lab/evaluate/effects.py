"""Effects of treatments where the truth is known, and refutations where it is not.

IHDP: covariates of a real trial, outcomes simulated, so that both outcomes of every child are known; treated
children of one group were left out, which makes the rest a confounded study. Right heart catheterisation:
real and observational; no truth, only what is asked where the answer must be nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain.errors import InvalidInput
from healthtwin.effects import estimate, read_study, refute, study_of

if TYPE_CHECKING:
    from pathlib import Path

REPLICATIONS: Final = "ihdp/ihdp_npci_*.csv"
CATHETER: Final = "rhc/rhc.csv.gz"
_COVARIATES: Final = 5
"""Columns before them: treatment, outcome, the outcome that did not happen, both without noise."""


def evaluate_effects(data: Path, seed: int = 0) -> dict[str, Any]:
    """Every replication of IHDP, and right heart catheterisation where it is there.

    Raises:
        InvalidInput: the folder holds no replication.
    """
    files = sorted(data.glob(REPLICATIONS))
    if not files:
        raise InvalidInput("--data", str(data), f"a folder with {REPLICATIONS}")
    rows = {file.stem: _replication(file, seed) for file in files}
    found: dict[str, Any] = {
        "replications": rows,
        "mean": {name: float(np.mean([row[name] for row in rows.values()])) for name in rows[files[0].stem]},
    }
    if (data / CATHETER).is_file():
        found["catheter"] = _catheter(data / CATHETER, seed)
    return found


def _replication(file: Path, seed: int) -> dict[str, float]:
    table = np.loadtxt(file, delimiter=",")
    truth = table[:, 4] - table[:, 3]
    effect = estimate(study_of(table[:, 0], table[:, 1], table[:, _COVARIATES:]), seed)
    held = (effect.each_low <= truth) & (truth <= effect.each_high)
    return {
        "root_pehe": float(np.sqrt(((effect.each - truth) ** 2).mean())),
        "root_pehe_of_one_effect_for_all": float(truth.std()),
        "error_of_mean": abs(effect.value - float(truth.mean())),
        "half_width": (effect.high - effect.low) / 2,
        "covered": float(effect.low <= truth.mean() <= effect.high),
        "single_effects_covered": float(held.mean()),
        "error_of_plain_means": abs(effect.naive - float(truth.mean())),
    }


def _catheter(file: Path, seed: int) -> dict[str, Any]:
    study = read_study(file, "swang1", "dth30")
    effect = estimate(study, seed)
    against = refute(study, effect, seed, repeats=3)
    return {
        "people": len(study),
        "effect": effect.value,
        "interval": [effect.low, effect.high],
        "naive": effect.naive,
        "placebo": against.placebo.value,
        "dummy": against.dummy.value,
        "robustness": against.robustness,
    }
