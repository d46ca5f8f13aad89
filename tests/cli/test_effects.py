"""`healthtwin effects estimate`: from a CSV to an answer, and what is refused with its line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from typer.testing import CliRunner

from healthtwin.cli import app
from healthtwin.domain.errors import HealthTwinError

if TYPE_CHECKING:
    from pathlib import Path


def rows() -> list[list[str]]:
    rng = np.random.default_rng(4)
    lines = []
    for i in range(200):
        sick = rng.normal()
        treated = rng.random() < 1 / (1 + np.exp(-sick))
        outcome = 2 * treated + 1.5 * sick + 0.5 * rng.normal()
        ward = "ICU" if sick > 1 else "ward"
        weight = "" if i % 10 == 0 else f"{70 + 5 * rng.normal():.1f}"
        lines.append([f"{i}", f"{int(treated)}", f"{outcome:.4f}", f"{sick:.4f}", ward, weight, f"name {i}"])
    return lines


HEAD = ["row", "drug", "score", "sick", "place", "kg", "who"]


def written(folder: Path, lines: list[list[str]], head: list[str] = HEAD) -> Path:
    path = folder / "study.csv"
    path.write_text("\n".join(",".join(line) for line in [head, *lines]) + "\n")
    return path


def run(path: Path, *more: str) -> str:
    arguments = [
        "effects",
        "estimate",
        "--data",
        str(path),
        "--treatment",
        "drug",
        "--outcome",
        "score",
        *more,
    ]
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    path = written(tmp_path_factory.mktemp("study"), rows())
    return json.loads(run(path, "--json"))  # type: ignore[no-any-return]


def test_the_answer_holds_effect_interval_overlap_refutations_and_each_person(
    answer: dict[str, object],
) -> None:
    assert answer["ci"][0] < 2 < answer["ci"][1]  # type: ignore[index]
    assert answer["overlap"]["share_outside"] < 0.2  # type: ignore[index]
    assert answer["refutations"]["placebo_treatment"]["passed"]  # type: ignore[index]
    assert len(answer["cate"]["effect"]) == answer["people"] == 200  # type: ignore[index]


def test_it_says_what_it_is_and_what_it_took_for_granted(answer: dict[str, object]) -> None:
    told = " ".join(answer["remarks"])  # type: ignore[arg-type]
    assert "observational" in told
    assert "measured before the treatment" in told
    assert "column who was left out: 200 kinds of words" in told


def test_named_covariates_are_the_only_ones(tmp_path: Path) -> None:
    told = run(written(tmp_path, rows()), "--covariates", "sick, kg")
    assert "measured before" not in told
    assert "in everybody" in told


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda lines: lines[2].__setitem__(1, "maybe"), "line 4, drug"),
        (lambda lines: lines[3].__setitem__(2, ""), "line 5, score"),
        (lambda lines: lines[5].pop(), "line 7"),
        (lambda lines: lines.__delitem__(slice(30, None)), "20 or more"),
    ],
)
def test_a_table_that_cannot_be_answered_is_refused_by_its_line(
    tmp_path: Path, change: object, says: str
) -> None:
    lines = rows()
    change(lines)  # type: ignore[operator]
    with pytest.raises(HealthTwinError, match=says):
        run(written(tmp_path, lines))


def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(HealthTwinError, match="row, drug, score"):
        run(written(tmp_path, rows()), "--covariates", "weight")
