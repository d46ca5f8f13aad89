from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from healthtwin.domain.errors import InvalidInput, MalformedInput
from healthtwin_lab.evaluate import motion, sensing, sensing_rivals
from healthtwin_lab.evaluate.planted_rhythms import evaluate_planted_rhythms
from healthtwin_lab.evaluate.sensing import SYNTHETIC, evaluate_sensing
from healthtwin_lab.evaluate.sensing_figures import Compared, best_rival, compared
from healthtwin_lab.evaluate.sensing_oximetry import PULSES, read_oximetry_recordings
from healthtwin_lab.evaluate.sensing_rivals import OURS, timed
from healthtwin_lab.evaluate.sensing_strap import read_strap_recordings
from tests.sensing.planted_pulse import Planted, planted


def write_strap(folder: Path, name: str, pulse: Planted) -> None:
    place = folder / "welltory_ppg/data" / name
    place.mkdir(parents=True)
    rows = [f"{time:.1f},{light:.3f},0,0" for time, light in zip(pulse.time_ms, pulse.light, strict=True)]
    (place / "PPG.csv").write_text("time,R,G,B\n" + "\n".join(rows))
    (place / "RR.txt").write_text(" ".join(f"{interval:.0f}" for interval in pulse.intervals_ms))


def write_oximetry(folder: Path, person: str, pulse: Planted, rate: float, breaths: float) -> None:
    """Two hands, and a reference whose last nine columns stand five places from their names."""
    root = folder / "uw_oximetry_ppg"
    (root / "gt").mkdir(parents=True, exist_ok=True)
    header = ["Time", *PULSES, "RR CO2 3", "Rig FiO2", "", "", "", "", ""]
    with (root / "gt" / f"{person}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for second in range(int(pulse.time_ms[-1] / 1000)):
            shown = 0 if second % 50 == 7 else rate
            writer.writerow([second, rate, rate, "", shown, "AS", 600000, 58, breaths, 0, 0, 0, 20.8])
    for hand in ("Left", "Right"):
        (root / "ppg-csv" / hand).mkdir(parents=True, exist_ok=True)
        text = "R,G,B\n" + "\n".join(f"{light / 5:.3f},{light:.3f},40" for light in pulse.light)
        (root / "ppg-csv" / hand / f"{person}.csv.gz").write_bytes(gzip.compress(text.encode()))


@pytest.fixture(autouse=True)
def _few_planted_motions(monkeypatch: pytest.MonkeyPatch) -> None:
    """One recording a line: what they show is held in test_motion_and_sound_report.py."""
    monkeypatch.setattr(motion, "DRAWS", 1)
    monkeypatch.setitem(sensing.SYNTHETIC, "planted_rhythms", lambda: evaluate_planted_rhythms(64, 4))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both sets, planted: what should be measured is known."""
    place = tmp_path_factory.mktemp("recordings")
    for number, rate in enumerate((55, 70, 85)):
        write_strap(place, f"subject_{number:02}", planted(rate, 70, wander_ms=30, seed=number))
        write_oximetry(
            place, f"10000{number}", planted(rate, 125, breaths_per_min=14, wander_ms=35), rate, 14.0
        )
    return place


def test_planted_recordings_reach_their_goals_in_the_report(folder: Path) -> None:
    report = evaluate_sensing(folder)
    json.dumps(report, allow_nan=False)
    assert set(report["rivals"]) == {"heartpy", "neurokit2"}
    assert set(report["sections"]) == {"welltory_ppg", "uw_oximetry_ppg", *SYNTHETIC}
    assert report["absent"] == ["covid19_cough_cc0", "mobgap_lab"]
    by_words = {goal["goal"].split(",")[0].split(" MAE")[0]: goal for goal in report["goals"]}
    for metric in ("heart_rate", "hrv_sdnn", "hrv_rmssd"):
        assert by_words[f"welltory_ppg {metric}"]["met"], by_words
    assert by_words["uw_oximetry_ppg respiratory_rate"]["met"]
    strap = report["sections"]["welltory_ppg"]
    assert len(strap["calm"]) == strap["recordings"] == len(strap["per_recording"]) == 3
    assert set(strap["figures"]) == {"whole_strap", "within_video"}
    assert len(strap["leave_one_out"]["chosen_without_each"]) == 3
    oximetry = report["sections"]["uw_oximetry_ppg"]
    assert (oximetry["people"], oximetry["recordings"]) == (3, 6)
    row = oximetry["heart_rate_30_s"]
    assert row[OURS]["of"] == row["scipy find_peaks"]["of"] == 6 * 4
    assert row[OURS]["mae"]["value"] < 0.6
    assert oximetry["breathing_60_s"]["always 15"]["mae"]["value"] == pytest.approx(1.0)


def test_a_method_cannot_win_by_refusing() -> None:
    reference = np.array([60.0, 70.0, 80.0, np.nan])
    answers = {OURS: np.array([60.5, np.nan, np.nan, 50.0]), "other": np.array([61.0, 71.0, 81.0, 50.0])}
    given = Compared(np.array(["a", "b", "c", "c"]), reference, answers, np.full(4, 90.0))
    rows = compared(given, seed=0)
    assert (rows[OURS]["answered"], rows[OURS]["of"]) == (1, 3)
    assert rows[OURS]["mae"]["value"] == 0.5
    assert rows[OURS]["mae_answering_everything"]["value"] == pytest.approx((0.5 + 20 + 10) / 3, abs=1e-3)
    assert rows["other"]["mae_where_ours_answered"] == 1.0
    assert rows["other"]["against_ours"]["value"] == 0.5
    assert best_rival(rows) == ("other", 1.0)


def test_where_nobody_answers_there_is_no_figure() -> None:
    nothing = np.full(2, np.nan)
    given = Compared(np.array(["a", "b"]), np.array([60.0, 70.0]), {OURS: nothing}, np.array([65.0, 65.0]))
    rows = compared(given, seed=0)
    assert rows[OURS]["mae"] == {"value": None, "low": None, "high": None}
    assert rows[OURS]["worst"] is None
    assert rows[OURS]["mae_where_ours_answered"] is None
    assert best_rival(rows) is None


def test_a_rival_that_breaks_has_answered_nothing() -> None:
    def broken(*_: object) -> dict[str, float]:
        raise ZeroDivisionError

    answer, took = timed(broken, np.arange(3.0), {"red": np.zeros(3)})
    assert answer == {}
    assert took >= 0
    assert timed(lambda *_: {"heart_rate": np.nan}, np.arange(3.0), {})[0] == {}


def test_absent_rivals_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert set(sensing_rivals.installed_rivals().values()) == {"not installed"}
    assert set(sensing_rivals.heart_methods()) == {OURS, "scipy find_peaks"}
    assert set(sensing_rivals.breathing_methods()) == {OURS, "always 15"}


def test_a_set_that_is_absent_is_said_to_be(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="welltory_ppg"):
        evaluate_sensing(tmp_path)
    (tmp_path / "welltory_ppg").symlink_to(folder / "welltory_ppg")
    assert evaluate_sensing(tmp_path)["absent"] == ["covid19_cough_cc0", "mobgap_lab", "uw_oximetry_ppg"]


def test_what_the_monitors_write_as_zero_is_missing(folder: Path) -> None:
    recording = read_oximetry_recordings(folder)[0]
    assert np.isfinite(recording.pulse).all()  # the other oximeters were there
    assert np.allclose(recording.breathing, 14.0)


def test_a_broken_reference_is_named(tmp_path: Path) -> None:
    write_strap(tmp_path, "subject_01", planted(70, 20))
    (tmp_path / "welltory_ppg/data/subject_01/RR.txt").write_text("800 810 oops")
    with pytest.raises(MalformedInput, match=r"RR\.txt"):
        read_strap_recordings(tmp_path)
    place = tmp_path / "uw_oximetry_ppg/gt"
    place.mkdir(parents=True)
    (place / "100001.csv").write_text("Time,Pulse 1\n1,60\n")
    with pytest.raises(InvalidInput, match="Pulse 2"):
        read_oximetry_recordings(tmp_path)
