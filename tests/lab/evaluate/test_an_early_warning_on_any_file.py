"""`healthtwin evaluate early-warning`: the shipped models on made-up stays, by the contract of its JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from typer.testing import CliRunner

from healthtwin.cli import app
from healthtwin.forecast.targets import COMPARED, TARGET, TRAINED
from healthtwin_lab.cohorts.tables import FeatureTable
from healthtwin_lab.evaluate.early_warning import evaluate_early_warning
from healthtwin_lab.evaluate.ward import ward_hours
from healthtwin_lab.evaluate.warning_times import alarms_per_day, lead_times

if TYPE_CHECKING:
    from pathlib import Path

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")


def stays(people: int = 40, hours: int = 30, seed: int = 0) -> dict[str, Any]:
    """Some people are well, some sink below 90 % now and then."""
    rng = np.random.default_rng(seed)
    ill = np.repeat(rng.random(people) < 0.4, hours)
    count = people * hours
    saturation = np.where(ill, 94.0, 97.0) + rng.normal(0, 1, count)
    saturation[ill & (rng.random(count) < 0.08)] = 88.0
    return {
        "pid": np.repeat([f"s{who:03}" for who in range(people)], hours).tolist(),
        "HR": rng.normal(85, 10, count) + 15 * ill,
        "O2Sat": np.minimum(saturation, 100),
        "Temp": rng.normal(37, 0.4, count),
        "SBP": rng.normal(118, 14, count),
        "MAP": rng.normal(80, 9, count),
        "DBP": rng.normal(64, 8, count),
        "Resp": rng.normal(18, 3, count) + 4 * ill,
        "Age": np.repeat(rng.integers(30, 90, people), hours).astype(float),
        "Gender": np.repeat(rng.integers(0, 2, people), hours).astype(float),
        "ICULOS": np.tile(np.arange(1.0, hours + 1), people),
        "SepsisLabel": np.zeros(count),
    }


def written(folder: Path, table: dict[str, Any]) -> Path:
    file = folder / "stays.parquet"
    parquet.write_table(pa.table(table), file)
    return file


@pytest.fixture(scope="module")
def measured_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Any]:
    folder = tmp_path_factory.mktemp("warning")
    found = evaluate_early_warning(written(folder, stays()), folder / "predictions.parquet")
    return found, parquet.read_table(folder / "predictions.parquet")


def test_the_answer_has_the_form_of_the_contract(measured_once: tuple[dict[str, Any], Any]) -> None:
    found = measured_once[0]
    assert found["data"]["people"] == 40
    assert found["data"]["rows"] == 1200
    assert len(found["data"]["sha256"]) == 64
    for name in COMPARED:
        got = found["targets"][name]
        figures = {"auroc", "auprc", "sensitivity_at_1_false_alarm", "ece", "brier_skill"}
        assert figures <= set(got["ensemble"])
        assert set(got["members"]) == {"lstm", "snn", "trees", "trend", "news2", "last_value"}
        assert got["budget"]["asked"] == 1.0
        assert {"permuted", "healthy_windows"} <= set(got["placebo"])
        assert got["lead_times"]["events"] == got["positives"]
        assert got["curves"]["roc"]
    json.dumps(found, allow_nan=False)


def test_people_who_sink_are_told_from_people_who_are_well(
    measured_once: tuple[dict[str, Any], Any],
) -> None:
    assert measured_once[0]["targets"]["hypoxia"]["ensemble"]["auroc"] > 0.6


def test_a_target_that_cannot_be_judged_says_why(measured_once: tuple[dict[str, Any], Any]) -> None:
    assert "not_judged" in measured_once[0]["targets"]["infection"]


def test_predictions_hold_one_row_per_stay_hour_and_target(
    measured_once: tuple[dict[str, Any], Any],
) -> None:
    found, table = measured_once
    wanted = ["pid", "ICULOS", "target", "eligible", "label", "score", "probability", "alarm"]
    members = found["targets"]["hypoxia"]["members"]
    assert table.column_names == wanted + [f"score_{name}" for name in members]
    assert table.num_rows == 1200 * len(TRAINED)
    eligible = table["eligible"].to_numpy(zero_copy_only=False)
    target = np.array(table["target"].to_pylist())
    label = table["label"].to_pylist()
    assert all((value is None) != judged for value, judged in zip(label, eligible, strict=True))
    for name in COMPARED:
        rows = np.flatnonzero((target == name) & eligible)
        assert len(rows) == found["targets"][name]["eligible"]
        assert sum(label[row] for row in rows) == found["targets"][name]["positives"]


def test_a_hospital_with_other_columns_units_and_holes_is_measured_too(tmp_path: Path) -> None:
    table = stays(people=12)
    rng = np.random.default_rng(1)
    for name in ("HR", "O2Sat", "Temp", "SBP", "Resp"):
        table[name] = np.where(rng.random(len(table[name])) < 0.4, np.nan, table[name])
    for name in ("DBP", "MAP", "Gender", "SepsisLabel"):
        del table[name]
    table["ICULOS"] = table["ICULOS"] * 60
    table["ward"] = ["7b"] * len(table["pid"])
    found = evaluate_early_warning(written(tmp_path, table))
    assert found["data"]["time_unit"] == "minutes"
    assert set(found["data"]["missing_columns"]) == {"DBP", "Gender", "SepsisLabel"}
    assert found["data"]["values_missing"]["oxygen_saturation"] == pytest.approx(0.4, abs=0.1)
    assert found["targets"]["hypoxia"]["eligible"] > 0


def test_the_command_answers_in_json_and_in_tables(tmp_path: Path) -> None:
    file = written(tmp_path, stays(people=6))
    told = CliRunner().invoke(app, ["evaluate", "early-warning", "--data", str(file), "--json"])
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["data"]["people"] == 6
    shown = CliRunner().invoke(app, ["evaluate", "early-warning", "--data", str(file)])
    assert "last_value" in shown.stdout


def test_a_stay_of_two_hours_is_enough_to_answer_in_valid_json(tmp_path: Path) -> None:
    table = stays(people=3, hours=2)
    table["O2Sat"] = np.array([96.0, 88.0, 97.0, 97.0, 95.0, 96.0])
    found = evaluate_early_warning(written(tmp_path, table))
    assert found["targets"]["hypoxia"]["positives"] == 1
    json.dumps(found, allow_nan=False)


def little_table(lengths: list[int], positive_rows: list[int]) -> FeatureTable:
    person = np.repeat(np.arange(len(lengths)), lengths).astype(np.intp)
    targets = np.zeros((len(person), len(TRAINED)), np.int8)
    targets[positive_rows, 0] = 1
    return FeatureTable(
        people=np.array([f"p{who}" for who in range(len(lengths))]),
        person=person,
        hours=np.concatenate([np.arange(length, dtype=float) for length in lengths]),
        x=np.zeros((len(person), 1), np.float32),
        targets=targets,
        eligible=np.ones(targets.shape, np.bool_),
    )


def test_stays_pass_through_the_beds_one_after_another() -> None:
    table = little_table([3, 5, 2], [])
    hours = ward_hours(table.person.astype(np.int64), table.hours, beds=2)
    assert hours.tolist() == [0, 1, 2, 0, 1, 2, 3, 4, 3, 4]


def test_a_lead_time_is_the_unbroken_warning_before_the_event() -> None:
    table = little_table([12], [8])
    alarms = np.zeros(12, np.bool_)
    alarms[[1, 5, 6, 8]] = True
    found = lead_times(table, TARGET["hypoxia"], alarms)
    assert found["histogram"]["4"] == 1
    assert found["median_h"] == 4.0
    unwarned = lead_times(table, TARGET["hypoxia"], np.zeros(12, np.bool_))
    assert unwarned["warned"] == 0
    assert unwarned["median_h"] is None


def test_false_alarms_are_counted_by_person_and_day() -> None:
    table = little_table([48, 24], [])
    alarms = np.zeros(72, np.bool_)
    alarms[[0, 1, 30]] = True
    found = alarms_per_day(table, 0, alarms)
    assert (found["0"], found["1"], found["2"]) == (1, 1, 1)
