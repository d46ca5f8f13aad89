"""`healthtwin surveillance detect`: alarms as JSON and as a table, and what was not tested."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from typer.testing import CliRunner

from healthtwin.cli import app
from healthtwin.domain.errors import InvalidInput

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def series(tmp_path: Path) -> Path:
    cases = np.random.default_rng(1).poisson(6, 300)
    cases[-1] = 40
    path = tmp_path / "series.csv"
    path.write_text(
        "week,cases\n" + "\n".join(f"{week},{count}" for week, count in enumerate(cases, 1)) + "\n"
    )
    return path


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["surveillance", "detect", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("method", ["farrington", "ears", "cusum"])
def test_an_outbreak_stands_in_the_answer_with_its_limit(series: Path, method: str) -> None:
    answer = json.loads(run("--series", str(series), "--method", method, "--json"))
    last = answer["alarms"][-1]
    assert (last["week"], last["observed"]) == (300, 40)
    assert last["expected"] < last["upper"] < 40
    assert answer["tested_weeks"] < answer["weeks"] == 300


def test_a_reader_gets_a_table_and_is_told_what_an_alarm_is(series: Path) -> None:
    told = run("--series", str(series))
    assert "300" in told
    assert "a reason to look, not a finding" in told


def test_an_incomplete_week_is_called_provisional(series: Path) -> None:
    answer = json.loads(run("--series", str(series), "--arrived", "0.6,0.9", "--json"))
    assert answer["alarms"][-1]["provisional"]


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--method", "guess", "farrington, ears, cusum"),
        ("--variant", "C4", "C1, C2, C3"),
        ("--alpha", "0.9", "below 0.5"),
        ("--least-cases", "0", "1 or more"),
        ("--arrived", "half", "shares between commas"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_what_would_be_right(
    series: Path, option: str, value: str, says: str
) -> None:
    method = ["--method", "ears"] if option == "--variant" else []
    with pytest.raises(InvalidInput, match=says):
        run("--series", str(series), *method, option, value)
