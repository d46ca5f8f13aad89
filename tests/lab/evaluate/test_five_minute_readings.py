"""`healthtwin evaluate five-minutes`: planted falls of oxygen in synthetic people, beside what is trivial."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from healthtwin.cli import app
from healthtwin.domain.errors import InvalidInput
from healthtwin_lab.evaluate import five_minutes
from healthtwin_lab.evaluate.report import write_report

if TYPE_CHECKING:
    from pathlib import Path

LINE, LAST = "line through half an hour", "last value"


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return five_minutes.evaluate_five_minutes(seed=5, people_each=12)


def test_a_planted_fall_is_seen_by_a_line_and_nothing_falls_in_the_placebo(found: dict[str, Any]) -> None:
    assert found["synthetic"] is True
    clear, placebo = found["scenarios"]["copd, clear"], found["scenarios"]["copd, null"]
    assert clear["fell_below_90"] >= 2
    assert clear["predictors"][LINE]["alarmed_before"] >= clear["fell_below_90"] - 1
    assert 0 < clear["predictors"][LINE]["median_lead_minutes"] <= 60
    assert placebo["fell_below_90"] == 0
    assert placebo["predictors"][LINE]["median_lead_minutes"] is None
    assert found["predictors"][LINE]["auprc"] > found["predictors"][LAST]["auprc"]


def test_the_price_is_near_what_was_asked_although_the_threshold_is_others(found: dict[str, Any]) -> None:
    assert found["predictors"][LINE]["false_alarms_per_day_got"] == pytest.approx(1.0, abs=1.0)
    for got in found["predictors"].values():
        assert got["auroc_interval"][0] <= got["auroc"] <= got["auroc_interval"][1]


def test_the_same_seed_gives_the_same_figures_and_another_others() -> None:
    once, again, other = (five_minutes.evaluate_five_minutes(seed, people_each=2) for seed in (5, 5, 6))
    assert once == again
    assert once["predictors"] != other["predictors"]


def test_the_command_prints_it_and_the_page_says_synthetic_in_every_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: dict[str, Any]
) -> None:
    monkeypatch.setattr(five_minutes, "evaluate_five_minutes", lambda seed: {**found, "seed": seed})
    told = CliRunner().invoke(app, ["evaluate", "five-minutes", "--seed", "3", "--json"])
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["seed"] == 3
    table = CliRunner().invoke(app, ["evaluate", "five-minutes"])
    assert table.exit_code == 0, table.output
    assert LINE in table.stdout
    source = tmp_path / "five-minutes.json"
    source.write_text(told.stdout)
    page = next(path for path in write_report(source, tmp_path / "pages") if path.suffix == ".md")
    heads = [
        line
        for line, below in zip(page.read_text().split("\n"), page.read_text().split("\n")[1:], strict=False)
        if below.startswith("|---")
    ]
    assert len(heads) == 1 + len(found["scenarios"])
    assert all("synthetic" in head for head in heads)


def test_so_few_people_that_nobody_falls_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(five_minutes, "PLAYED", five_minutes.PLAYED[-2:])
    with pytest.raises(InvalidInput, match="falls below 90"):
        five_minutes.evaluate_five_minutes(seed=0, people_each=1)
