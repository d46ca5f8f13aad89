"""The three public recordings are known by their columns, wherever they lie."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from healthtwin.domain import HOUR_MS
from healthtwin.play.replay import read_recording

HRV = "user_code,measurement_datetime,bpm,sdnn,rmssd,pnn50\nx1,2020-04-21 21:23:08,75,45.8,54.2,15.1\n"
PRESSURE = (
    "user_code,measurement_datetime,diastolic,systolic\n"
    "x1,2020-04-29  22:33:33,80,120\nx1,2020-04-30  01:33:33,80,120\nx2,2020-05-01  08:00:00,70,110\n"
)
PARTICIPANTS = "user_code,gender,age_range\nx1,m,25-34\nx2,f,65-74\n"


@pytest.fixture
def welltory(tmp_path: Path) -> Path:
    for name, text in (
        ("hrv_measurements.csv", HRV),
        ("blood_pressure.csv", PRESSURE),
        ("participants.csv", PARTICIPANTS),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_folder_of_files_becomes_one_recording_of_its_people(welltory: Path) -> None:
    recording = read_recording(welltory)
    assert recording.name == "welltory_hrv_covid19"
    assert [(s.name, s.birth_year, s.sex) for s in recording.subjects] == [
        ("x1", 1991, "male"),
        ("x2", 1951, "female"),
    ]
    assert recording.rows == 3
    assert recording.counts.shifted_copies == 1


def test_one_file_of_the_folder_can_be_played_alone_with_its_people_beside_it(welltory: Path) -> None:
    recording = read_recording(welltory / "hrv_measurements.csv")
    assert [subject.birth_year for subject in recording.subjects] == [1991]
    assert recording.rows == 1


def test_one_file_without_its_people_leaves_them_unknown(welltory: Path) -> None:
    (welltory / "participants.csv").unlink()
    (subject,) = read_recording(welltory / "hrv_measurements.csv").subjects
    assert (subject.birth_year, subject.sex) == (None, None)


def test_a_daily_row_stands_at_noon_and_a_night_without_result_is_absent(tmp_path: Path) -> None:
    header = "id,date,rmssd,spo2,full_sleep_breathing_rate,bpm,resting_hr,steps,gender\n"
    file = tmp_path / "daily.csv"
    file.write_text(header + "a,2021-11-24,0.0,95.5,14.8,71.5,62,8833,FEMALE\n", encoding="utf-8")
    recording = read_recording(file)
    assert recording.name == "lifesnaps_daily"
    assert recording.times_ms.tolist() == [1_637_755_200_000]
    row = dict(zip(recording.metrics, recording.values[0].tolist(), strict=True))
    assert np.isnan(row.pop("hrv_rmssd"))
    assert row["oxygen_saturation"] == 95.5
    assert recording.subjects[0].sex == "female"


def test_the_intensive_care_stays_are_read_whole(recordings: Path) -> None:
    pytest.importorskip("pyarrow")
    recording = read_recording(recordings / "cinc2019_setB" / "dev.parquet")
    assert len(recording.subjects) == 6_953
    assert recording.counts.rows == recording.rows + recording.counts.without_values == 264_217
    assert recording.label is not None
    assert sum(subject.labelled_ms is not None for subject in recording.subjects) == 383
    assert np.all(np.diff(recording.times_ms) >= 0)
    assert np.all(recording.times_ms % HOUR_MS == 0)
    hours = recording.values[:, recording.metrics.index("body_temperature")]
    assert 36.3 in hours.tolist()  # kept in 32 bits, meant as a decimal


def test_the_wearables_days_and_the_phones_measurements_are_read_whole(recordings: Path) -> None:
    daily = read_recording(recordings / "lifesnaps_daily")
    assert (len(daily.subjects), daily.counts.rows) == (71, 7_410)
    phone = read_recording(recordings / "welltory_hrv_covid19")
    assert (len(phone.subjects), phone.counts.rows) == (185, 3_245 + 721)
