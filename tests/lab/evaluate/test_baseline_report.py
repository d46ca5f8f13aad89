from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from healthtwin.domain.arrays import COLUMN
from healthtwin.domain.errors import InvalidInput
from healthtwin_lab.evaluate.baseline import PREDICTORS, evaluate_baseline, is_design
from healthtwin_lab.evaluate.recordings import (
    ACTIVE_MINUTES,
    LIFESNAPS_METRICS,
    read_lifesnaps,
    read_welltory,
)

LIFESNAPS_HEADER = ",".join(["id", "date", *LIFESNAPS_METRICS, *ACTIVE_MINUTES]) + "\n"
WELLTORY_HEADER = "user_code,measurement_datetime,bpm,sdnn,rmssd\n"
PRESSURE_HEADER = "user_code,measurement_datetime,systolic,diastolic\n"


def write(
    folder: Path, lifesnaps: str, welltory: str = WELLTORY_HEADER, pressure: str = PRESSURE_HEADER
) -> Path:
    for name in ("lifesnaps_daily", "welltory_hrv_covid19"):
        (folder / name).mkdir()
    (folder / "lifesnaps_daily/daily.csv.gz").write_bytes(gzip.compress(lifesnaps.encode()))
    (folder / "welltory_hrv_covid19/hrv_measurements.csv").write_text(welltory)
    (folder / "welltory_hrv_covid19/blood_pressure.csv").write_text(pressure)
    return folder


def planted(folder: Path, between: float, within: float) -> Path:
    """People whose own levels differ by `between` and whose days by `within`, at the wrist and the phone."""
    rng = np.random.default_rng(11)
    lines = [LIFESNAPS_HEADER.strip()]
    phone = []
    for person in range(60):
        level = rng.normal(65, between)
        for day in range(50):
            date = datetime(2026, 1, 1, 8, tzinfo=UTC) + timedelta(days=day)
            lines.append(f"w{person},{date:%Y-%m-%d},,{rng.normal(level, within):.2f},,,,,,")
            phone.append(f"p{person},{date:%Y-%m-%d %H:%M:%S},{rng.normal(level, within):.1f},,")
    return write(folder, "\n".join(lines), WELLTORY_HEADER + "\n".join(phone))


def test_a_planted_difference_between_people_makes_the_personal_band_as_much_narrower(tmp_path: Path) -> None:
    report = evaluate_baseline(planted(tmp_path, between=9.0, within=3.0))
    json.dumps(report, allow_nan=False)
    figures = report["datasets"]["lifesnaps_daily"]["resting_heart_rate"]
    assert figures["people"] == sum(not is_design(f"w{person}") for person in range(60))
    assert figures["spread"]["between_people"] == pytest.approx(9, rel=0.3)
    assert figures["spread"]["within_person"] == pytest.approx(3, rel=0.1)
    assert figures["spread"]["narrower_at_best"] == pytest.approx(10**0.5, rel=0.3)
    assert figures["narrower_than_population"]["met"]
    assert figures["predictors"]["twin"]["coverage"]["value"] == pytest.approx(0.9545, abs=0.025)
    late = figures["calibration_by_days_known"][-1]
    assert late["standard_deviation_z"] == pytest.approx(1, abs=0.12)
    assert late["mean_z"] == pytest.approx(0, abs=0.12)
    assert set(figures["predictors"]) == set(PREDICTORS)
    assert (
        figures["error_against"]["last_value"]["high"] < 0.85
    )  # no trend: the last value is the noisier guess


def test_where_people_do_not_differ_the_report_says_that_the_goal_is_not_met(tmp_path: Path) -> None:
    report = evaluate_baseline(planted(tmp_path, between=0.5, within=6.0))
    figures = report["datasets"]["welltory_hrv_covid19"]["heart_rate"]
    assert not figures["narrower_than_population"]["met"]
    assert figures["narrower_than_population"]["value"] < 1.2
    assert figures["error_against"]["population_mean"]["value"] > 0.95


def test_the_same_data_and_seed_give_the_same_report(tmp_path: Path) -> None:
    folder = planted(tmp_path, between=5.0, within=4.0)
    assert evaluate_baseline(folder) == evaluate_baseline(folder)
    assert evaluate_baseline(folder, seed=1) != evaluate_baseline(folder)


def test_what_cannot_be_a_reading_is_left_out_and_the_rest_is_kept(tmp_path: Path) -> None:
    lines = LIFESNAPS_HEADER + "a,2026-01-02,70.5,0.0,14,,0.0,0,0,0\na,2026-01-01,,60,,,41,240,30,30\n"
    (recording,) = read_lifesnaps(write(tmp_path, lines))
    rows = recording.observations
    assert rows["day"].tolist() == [20454, 20455]
    assert rows["hour"].tolist() == [12, 12]
    assert rows["value"][0, COLUMN["hrv_rmssd"]] == 41
    assert rows["value"][1, COLUMN["heart_rate"]] == 70.5
    assert rows["activity"][0] == 0.25  # 240 minutes at level 1 and 60 at level 2, of 1,440
    assert np.isnan(rows["activity"][1])  # nobody spends a day without one light minute
    assert np.isnan(rows["value"][1, [COLUMN["hrv_rmssd"], COLUMN["resting_heart_rate"]]]).all()


def test_a_pressure_repeated_whole_hours_later_is_one_reading(tmp_path: Path) -> None:
    pressure = PRESSURE_HEADER + (
        "a,2020-04-29  22:33:33,150,100\n"
        "a,2020-04-30  01:33:33,150,100\n"
        "a,2020-04-30  09:16:38,140,95\n"
        "a,2020-05-09  22:33:33,150,100\n"
    )
    (recording,) = read_welltory(write(tmp_path, LIFESNAPS_HEADER, pressure=pressure))
    systolic = recording.observations["value"][:, COLUMN["blood_pressure_systolic"]]
    assert systolic.tolist() == [150, 140, 150]


def test_a_missing_file_or_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"daily\.csv\.gz"):
        read_lifesnaps(tmp_path)
    write(tmp_path, "id,date,bpm\n")
    with pytest.raises(InvalidInput, match="resting_hr"):
        read_lifesnaps(tmp_path)


def test_a_time_that_is_none_is_shown(tmp_path: Path) -> None:
    folder = write(tmp_path, LIFESNAPS_HEADER + "a,yesterday,70,,,,,,,\n")
    with pytest.raises(InvalidInput, match="yesterday"):
        read_lifesnaps(folder)


def test_real_recordings_keep_the_promised_coverage(recordings: Path) -> None:
    report = evaluate_baseline(recordings)
    assert len(report["datasets"]["lifesnaps_daily"]) == 5
    for metrics in report["datasets"].values():
        for figures in metrics.values():
            coverage = figures["predictors"]["twin"]["coverage"]
            assert coverage["low"] > 0.90
            # Nobody's own history is a worse guide than other people's.
            assert figures["error_against"]["population_mean"]["value"] < 1
    assert report["datasets"]["lifesnaps_daily"]["resting_heart_rate"]["narrower_than_population"]["met"]
