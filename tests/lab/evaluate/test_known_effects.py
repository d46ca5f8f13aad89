"""`healthtwin evaluate effects`: what was planted is compared with, beside plainer answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from healthtwin.domain.errors import InvalidInput
from healthtwin_lab.evaluate.effects import evaluate_effects

if TYPE_CHECKING:
    from pathlib import Path


def test_a_planted_replication_is_measured_against_its_truth(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(200, 3))
    treated = (rng.random(200) < 0.5).astype(float)
    without, with_it = x[:, 0], x[:, 0] + 1 + x[:, 1]
    outcome = np.where(treated == 1, with_it, without) + 0.3 * rng.normal(size=200)
    folder = tmp_path / "ihdp"
    folder.mkdir()
    table = np.column_stack([treated, outcome, outcome, without, with_it, x])
    np.savetxt(folder / "ihdp_npci_1.csv", table, delimiter=",")
    mean = evaluate_effects(tmp_path)["mean"]
    assert mean["root_pehe"] < 0.3 < mean["root_pehe_of_one_effect_for_all"]
    assert mean["covered"] == 1
    assert mean["error_of_mean"] < mean["half_width"]


def test_without_replications_the_error_says_what_is_looked_for(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="ihdp_npci"):
        evaluate_effects(tmp_path)
