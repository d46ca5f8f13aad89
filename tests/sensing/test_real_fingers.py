"""Real recordings, where they are at hand: what must hold for each of them, not how good the mean is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from healthtwin.sensing import measure_ppg
from healthtwin.sensing.files.light import read_light
from healthtwin_lab.evaluate.sensing_oximetry import FOLDER as OXIMETRY
from healthtwin_lab.evaluate.sensing_strap import FOLDER as STRAP
from healthtwin_lab.evaluate.sensing_strap import read_strap_recordings


def folder_of(recordings: Path, name: str) -> Path:
    if not (recordings / name).is_dir():
        pytest.skip(f"no {name} among the recordings")
    return recordings / name


def test_every_finger_beside_a_strap_is_read_within_two_beats(recordings: Path) -> None:
    folder_of(recordings, STRAP)
    for recording in read_strap_recordings(recordings):
        answer = measure_ppg(recording.time_ms, *recording.light.values())
        strap = 60_000 / recording.strap_ms.mean()
        assert answer.values["heart_rate"] == pytest.approx(strap, abs=2), recording.name
        assert {"hrv_rmssd", "hrv_sdnn", "hrv_pnn50"} <= set(answer.values), recording.name


def test_a_contact_sensor_at_125_hz_is_read_too(recordings: Path) -> None:
    file = folder_of(recordings, "bidmc01") / "data/bidmc_01_Signals.csv"
    time_ms, channels = read_light(file, 125.0, "PLETH")
    answer = measure_ppg(time_ms[: 125 * 120], *(channel[: 125 * 120] for channel in channels))
    assert answer.values["heart_rate"] == pytest.approx(93, abs=4)
    assert not answer.details["upward"] or answer.quality > 0.8


def test_a_camera_without_a_clock_is_read_at_its_frame_rate(recordings: Path) -> None:
    file = folder_of(recordings, OXIMETRY) / "ppg-csv/Left/100001.csv.gz"
    time_ms, channels = read_light(file, 30.0)
    assert len(channels) == 3
    answer = measure_ppg(time_ms[:1800], *(channel[:1800] for channel in channels))
    assert answer.values["heart_rate"] == pytest.approx(58, abs=4)
    assert np.all(np.diff(answer.details["beats_ms"]) > 0)
