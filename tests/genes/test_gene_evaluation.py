"""The evaluation's own figures, with the thoughtless answers beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from healthtwin.domain.errors import ConfigurationError
from healthtwin_lab.evaluate.genes import evaluate_genes


def test_every_goal_is_reached_on_the_release(recordings: Path) -> None:
    answer = evaluate_genes(recordings, seeds=[1])
    assert {goal["goal"]: goal["met"] for goal in answer["goals"]} == dict.fromkeys(
        (goal["goal"] for goal in answer["goals"]), True
    )
    assert answer["phenotypes"]["diplotypes"] == 32_117
    assert answer["guidance"]["rows"] == 1_996
    assert all(row["trivial_reference_right"] < row["phased_right"] for row in answer["calling"].values())
    assert answer["phenotypes"]["trivial_always_normal_share"] < 0.1


def test_without_the_data_it_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cpic"):
        evaluate_genes(tmp_path)
