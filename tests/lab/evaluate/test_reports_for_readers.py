from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from healthtwin.cli import app
from healthtwin.domain.errors import InvalidInput
from healthtwin_lab.evaluate.report import write_report

SCORER: dict[str, Any] = {
    "auroc": 0.78,
    "auroc_interval": [0.76, 0.80],
    "auprc": 0.05,
    "sensitivity_at_0.5_false_alarms": 0.2,
    "sensitivity_at_1_false_alarm": 0.31,
    "sensitivity_at_2_false_alarms": 0.4,
}
EARLY_WARNING: dict[str, Any] = {
    "data": {
        "file": "ward <b>.parquet",
        "sha256": "ab12",
        "people": 1234,
        "rows": 56789,
        "missing_columns": [],
    },
    "method": {"command": "healthtwin evaluate early-warning --data ward.parquet --json", "seed": 0},
    "targets": {
        "hypoxia": {
            "words": "oxygen below 90 % in the next hour",
            "eligible": 1000,
            "positives": 10,
            "ensemble": {**SCORER, "ece": 0.004, "brier_skill": 0.09},
            "members": {"lstm": SCORER, "last_value": {"auroc": 0.6, "auprc": 0.02}},
            "budget": {"asked": 1.0, "got": 1.07},
            "placebo": {"permuted": {"auroc": 0.5, "sensitivity_at_1_false_alarm": 0.042}},
            "lead_times": {"histogram": {"0": 7, "1": 2, "2": 1}},
            "curves": {
                "reliability": [
                    {"forecast": 0.001, "observed": 0.002, "rows": 500},
                    {"forecast": 0.03, "observed": 0.025, "rows": 500},
                ],
                "roc": [[0.0, 0.0], [0.1, 0.6], [1.0, 1.0]],
                "pr": [[0.0, 0.2], [1.0, 0.01]],
                "false_alarms_per_person_day": {"0": 30, "1": 5, "2": 1},
            },
        },
        "nothing_there": {
            "words": "an event nobody had",
            "eligible": 5,
            "positives": 0,
            "not_judged": "none",
        },
    },
}
RATIO = {"value": 1.1, "low": 1.05, "high": 1.2}
TWIN: dict[str, Any] = {
    "command": "healthtwin evaluate twin --json",
    "seed": 0,
    "data": {"a.csv": {"sha256": "cd34"}},
    "variants": {
        "lifesnaps_daily": {
            "report": {
                "heart_rate": {
                    "people": 9,
                    "variants": {
                        "no activity": {"error_ratio": RATIO, "interval_score_ratio": RATIO, "coverage": 0.96}
                    },
                }
            }
        }
    },
    "phases": {
        "lifesnaps_daily": {
            "none": [{"days_known": [0, 14], "person_days": 9, "any": 2, "warning_or_worse": 1}]
        }
    },
    "freezes": {
        "people": 4,
        "changed_days": 75,
        "rules": {
            "product": {
                "worsening_noticed_in_weeks": {"4 and 5": RATIO},
                "days_until_new_normal": RATIO,
                "never": 1,
                "ordinary_days_noticed": RATIO,
            }
        },
    },
}


FORECAST: dict[str, Any] = {
    "data": EARLY_WARNING["data"],
    "method": {"command": "healthtwin evaluate forecast --json", "versions": {"torch": "2.13.0"}},
    "targets": {
        "hypoxia": {
            name: told for name, told in EARLY_WARNING["targets"]["hypoxia"].items() if name != "budget"
        }
    },
    "ablation": {"hypoxia": {"all": SCORER, "without lstm": {**SCORER, "auroc": 0.7712}}},
    "goals": [
        {"target": "hypoxia", "measure": "auroc", "wanted": ">= 0.785", "reached": 0.78, "met": False},
    ],
}
LIFE: dict[str, Any] = {
    "sites_within": 19,
    "ratio": 1.03,
    "ratio_least": 0.9,
    "ratio_most": 1.25,
    "sensitivity": 0.3,
}
NO_EVENT: dict[str, Any] = {**LIFE, "ratio_least": 0.2, "ratio_most": 3.1, "sensitivity": None}
SITES: dict[str, Any] = {
    "sites_judged": 20,
    "kept": {"training side": NO_EVENT, "site": LIFE, "person": LIFE, "site and person": LIFE},
}
HOME: dict[str, Any] = {"asked": 40.0, "got": 3, "ratio": 0.07, "ratio_low": 0.0, "ratio_high": 0.2}
BUDGET: dict[str, Any] = {
    "data": {"a.csv": {"sha256": "ef56"}},
    "method": {"seed": 0},
    "sites": {"hypoxia": {"as it is": SITES}},
    "healthy": {"lifesnaps_daily": {**HOME, "people": 71, "met": None}},
}


def written(folder: Path, name: str, report: dict[str, Any]) -> dict[str, str]:
    source = folder / f"{name}.json"
    source.write_text(json.dumps(report))
    return {path.name: path.read_text() for path in write_report(source, folder / "pages")}


def test_every_target_has_its_figures_its_placebo_and_its_pictures(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="pictures need the extra `plots`")
    files = written(tmp_path, "early-warning", EARLY_WARNING)
    page, text = files["early-warning.html"], files["early-warning.md"]
    for shown in ("0.780 (0.760 to 0.800)", "0.042", "1, 1.07", "9.0%", "ab12", "1,234"):
        assert shown in page
        assert shown in text
    assert page.count("<svg") == 5
    pictures = [name for name in files if name.endswith(".svg")]
    assert sorted(pictures) == [
        f"early-warning-hypoxia-{kind}.svg" for kind in ("alarms", "lead", "pr", "reliability", "roc")
    ]
    assert all(f"({name})" in text for name in pictures)
    assert "an event nobody had" not in page  # nothing was judged, so no figure is claimed
    assert "ward &lt;b&gt;.parquet" in page


def test_a_report_is_the_same_on_every_run(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="pictures need the extra `plots`")
    assert written(tmp_path, "early-warning", EARLY_WARNING) == written(
        tmp_path, "early-warning", EARLY_WARNING
    )


def test_a_goal_that_was_missed_is_told_as_missed_and_each_member_has_its_ablation(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="pictures need the extra `plots`")
    files = written(tmp_path, "forecast", FORECAST)
    assert "| hypoxia | auroc | >= 0.785 | 0.7800 | no |" in files["forecast.md"]
    assert "| without lstm | 0.7712" in files["forecast.md"]
    assert "forecast-hypoxia-roc.svg" in files
    assert "2.13.0" in files["forecast.html"]


def test_a_budget_that_cannot_be_judged_says_so(tmp_path: Path) -> None:
    text = written(tmp_path, "budget", BUDGET)["budget.md"]
    kept = "19 of 20; 0.90 to 1.25"
    assert f"| as it is | 20 | 19 of 20; 0.20 to 3.10 | {kept} | {kept} | {kept} |" in text
    assert "| as it is | 20 | – | 0.30 | 0.30 | 0.30 |" in text
    assert "too few expected to tell" in text


def test_the_rules_of_learning_are_told_in_tables(tmp_path: Path) -> None:
    files = written(tmp_path, "twin", TWIN)
    assert set(files) == {"twin.html", "twin.md"}
    for shown in ("1.100 (1.050 to 1.200)", "1 of 4", "2 (1) in 9", "cd34", "Synthetic people"):
        assert shown in files["twin.html"]
        assert shown in files["twin.md"]


def test_what_is_no_report_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"one of .*twin\.json"):
        write_report(tmp_path / "horoscope.json", tmp_path)
    with pytest.raises(InvalidInput, match=r"twin\.json"):
        write_report(tmp_path / "twin.json", tmp_path)
    broken = copy.deepcopy(TWIN)
    del broken["freezes"]
    with pytest.raises(InvalidInput, match="freezes"):
        written(tmp_path, "twin", broken)


def test_the_command_says_what_it_wrote(tmp_path: Path) -> None:
    (tmp_path / "twin.json").write_text(json.dumps(TWIN))
    ran = CliRunner().invoke(
        app,
        [
            "evaluate",
            "report",
            "--from",
            str(tmp_path / "twin.json"),
            "--out",
            str(tmp_path / "out"),
            "--json",
        ],
    )
    assert ran.exit_code == 0, ran.output
    assert json.loads(ran.stdout)["written"] == [
        str(tmp_path / "out" / f"twin.{kind}") for kind in ("html", "md")
    ]
