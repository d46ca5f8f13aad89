"""`healthtwin measure motion` and `measure sound`: readings as JSON, or words that say what is wrong."""

from __future__ import annotations

import csv
import json
import wave
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from healthtwin.cli import app
from healthtwin.domain.errors import HealthTwinError
from healthtwin_lab.evaluate.planted_motion import Planted, hand_tremor, walking

runner = CliRunner()


def written(planted: Planted, path: Path, factor: float = 1.0) -> Path:
    columns = planted.columns()
    with path.open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(["time (ms)" if name == "time_ms" else name for name in columns])
        for time, *values in zip(*columns.values(), strict=True):
            table.writerow([f"{time:.2f}", *(f"{value * factor:.4f}" for value in values)])
    return path


def spoken(path: Path, samples: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Path:
    with wave.open(str(path), "wb") as stream:
        stream.setnchannels(1)
        stream.setsampwidth(2)
        stream.setframerate(16_000)
        stream.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


def test_a_walk_is_measured_as_json(tmp_path: Path) -> None:
    planted = walking(104, np.random.default_rng(0))
    result = runner.invoke(app, ["measure", "motion", str(written(planted, tmp_path / "walk.csv")), "--json"])
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert answer["gait_cadence"] == pytest.approx(104, abs=1)
    assert answer["respiratory_rate"] is None
    assert "still" in answer["refused"]["respiratory_rate"]


def test_a_tremor_of_a_held_out_arm_is_told_in_words(tmp_path: Path) -> None:
    path = written(hand_tremor(6.0, 1.0, np.random.default_rng(1)).rounded(), tmp_path / "hand.csv")
    result = runner.invoke(app, ["measure", "motion", str(path), "--test", "tremor_posture"])
    assert result.exit_code == 0
    assert "Tremor frequency, arm held out" in result.stdout
    assert "Not a medical device" in result.stdout


def test_accelerations_in_g_are_not_measured(tmp_path: Path) -> None:
    path = written(walking(104, np.random.default_rng(0)), tmp_path / "walk.csv", 1 / 9.80665)
    result = runner.invoke(app, ["measure", "motion", str(path), "--json"])
    assert isinstance(result.exception, HealthTwinError)
    assert "are they in g" in str(result.exception)
    assert result.stdout == ""


def test_a_file_without_axes_is_told_what_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "light.csv"
    path.write_text("time,R\n" + "".join(f"{33 * row},{row % 7}\n" for row in range(40)))
    result = runner.invoke(app, ["measure", "motion", str(path)])
    assert isinstance(result.exception, HealthTwinError)
    assert "missing: ax, ay, az" in str(result.exception)


def test_coughs_in_a_wav_are_counted(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    sound = 0.002 * rng.standard_normal(80_000)
    time = np.arange(5600) / 16_000
    for begin in (16_000, 48_000):
        rush = np.convolve(rng.standard_normal(5600), np.ones(6) / 6, "same")
        swell = np.exp(-time / 0.05) + 0.35 * np.exp(-(((time - 0.2) / 0.05) ** 2))
        sound[begin : begin + 5600] += 0.5 * rush * swell
    path = spoken(tmp_path / "coughs.wav", np.clip(sound, -0.99, 0.99))
    result = runner.invoke(app, ["measure", "sound", str(path), "--json"])
    assert json.loads(result.stdout)["cough_count"] == 2.0


def test_a_voice_is_measured_when_asked_for(tmp_path: Path) -> None:
    vowel = sum(np.cos(2 * np.pi * 150 * k * np.arange(32_000) / 16_000) / k for k in range(1, 6))
    path = spoken(tmp_path / "aah.wav", 0.2 * np.asarray(vowel))
    result = runner.invoke(app, ["measure", "sound", str(path), "--kind", "voice"])
    assert "Pitch of the voice" in result.stdout
    assert "150" in result.stdout


def test_a_wav_cut_off_half_way_gives_no_number(tmp_path: Path) -> None:
    path = spoken(tmp_path / "cut.wav", np.zeros(16_000))
    path.write_bytes(path.read_bytes()[:9000])
    result = runner.invoke(app, ["measure", "sound", str(path), "--json"])
    assert isinstance(result.exception, HealthTwinError)
    assert "cut off" in str(result.exception)
    assert result.stdout == ""
