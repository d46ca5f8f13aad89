"""What `evaluate sensing` says of motion and sound: figures beside the trivial answer, on named data or
synthetic."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest

from healthtwin_lab.evaluate import cough
from healthtwin_lab.evaluate.cadence import LEFT_OUT, OURS, evaluate_cadence
from healthtwin_lab.evaluate.motion import evaluate_planted_motion
from healthtwin_lab.evaluate.planted_sound import OTHER_VOICES, RATE_HZ, speech


def test_planted_motion_is_labelled_synthetic_and_judged_beside_a_constant() -> None:
    found = evaluate_planted_motion(draws=2)
    assert "planted" in found["synthetic"]
    assert [goal["met"] for goal in found["goals"]] == [True, True]
    for row in (*found["breathing"], *found["tremor"]):
        assert row["refused"] == 2 or row["mae"] < row["always_the_same_mae"]
        assert row["ms"] > 0
    assert all(said == "0 of 2" for tests in found["where_nothing_is"].values() for said in tests.values())


def test_cadence_stands_beside_the_trivial_answer_and_settings_chosen_elsewhere(recordings: Path) -> None:
    if not (recordings / "mobgap_lab").is_dir():
        pytest.skip("no mobgap_lab among the recordings")
    found = evaluate_cadence(recordings, rival=False)
    assert (found["data"]["people"], found["data"]["trials"], found["data"]["bouts"]) == (3, 7, 19)
    methods = found["methods"]
    assert methods[OURS]["trial_mae"] <= 3.0
    assert methods[LEFT_OUT]["trial_mae"] < methods["always 100"]["trial_mae"]
    assert len(methods[OURS]["per_trial"]) == 7
    assert "mobgap" not in methods


def test_coughs_are_reported_on_recordings_that_tuned_nothing(
    recordings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("soundfile")
    if not (recordings / "covid19_cough_cc0").is_dir():
        pytest.skip("no covid19_cough_cc0 among the recordings")
    monkeypatch.setattr(cough, "DRAWS", 1)
    monkeypatch.setattr(cough, "NEGATIVE_S", 10)
    monkeypatch.setattr(cough, "SIGNAL_TO_NOISE_DB", (10,))
    monkeypatch.setattr(cough, "SPEEDS", ())
    found = cough.evaluate_cough(recordings)
    held_out = found["held_out_recordings"]
    assert held_out["recordings"] == found["data"]["held_out"]
    assert held_out["with_at_least_one"] >= 0.9 * held_out["recordings"]
    loudest = found["planted"][0]
    assert loudest["count_wrong_by"] < loudest["always_zero_wrong_by"]
    assert found["false_per_minute"]["pink noise"]["coughs"] == 0.0
    assert found["goals"] == []


def test_without_soundfile_the_report_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert "healthtwin[audio]" in cough.evaluate_cough(tmp_path)["not_measured"]


def test_speech_is_spoken_where_a_machine_can_speak() -> None:
    spoken = speech(OTHER_VOICES[:1])
    if shutil.which("espeak-ng") is None:
        assert spoken is None
    else:
        assert spoken is not None
        assert len(spoken) > 5 * RATE_HZ
