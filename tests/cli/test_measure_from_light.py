"""`healthtwin measure ppg`: what a person with a file gets."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from tests.cli.conftest import Commands
from tests.sensing.planted_pulse import planted


@pytest.fixture(scope="module")
def minute(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute of three colours in a CSV, red saturated and blue dead."""
    pulse = planted(72, 65, breaths_per_min=14, wander_ms=30)
    rows = [f"{time:.1f},255,{light:.4f},0" for time, light in zip(pulse.time_ms, pulse.light, strict=True)]
    file = tmp_path_factory.mktemp("light") / "finger.csv"
    file.write_text("time,R,G,B\n" + "\n".join(rows) + "\n")
    return file


def test_a_minute_of_light_is_answered_in_json(healthtwin: Commands, minute: Path) -> None:
    answer = healthtwin("measure", "ppg", minute, "--json").json
    assert answer["heart_rate"] == pytest.approx(72, abs=0.7)
    assert answer["respiratory_rate"] == pytest.approx(14, abs=0.7)
    assert answer["refused"] is None
    assert answer["channel"] == "green"
    assert answer["quality"] > 0.8
    assert len(answer["beats_ms"]) == len(answer["intervals_ms"]) + 1
    assert {"hrv_rmssd", "hrv_sdnn", "hrv_pnn50", "duration_s"} <= set(answer)


def test_a_minute_of_light_is_told_in_words(healthtwin: Commands, minute: Path) -> None:
    told = healthtwin("measure", "ppg", minute).out
    assert "Heart rate" in told
    assert "72" in told
    assert "Not a medical device" in told


def test_a_refusal_is_an_answer(healthtwin: Commands, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("time,R\n" + "".join(f"{33 * i},{120 + i % 2}\n" for i in range(900)))
    answer = healthtwin("measure", "ppg", file, "--json").json
    assert answer["heart_rate"] is None
    assert "Cover lens and light" in answer["refused"]["heart_rate"]
    assert "not Heart rate: No pulse" in healthtwin("measure", "ppg", file).out


def test_a_packed_file_without_a_clock_needs_its_rate(healthtwin: Commands, tmp_path: Path) -> None:
    pulse = planted(80, 20)
    file = tmp_path / "light.csv.gz"
    file.write_bytes(gzip.compress(("pleth\n" + "\n".join(map(str, pulse.light))).encode()))
    answer = healthtwin("measure", "ppg", file, "--rate", "30", "--json").json
    assert answer["heart_rate"] == pytest.approx(80, abs=1)
    assert "too_short" not in answer["refused"]["hrv_rmssd"]
    ran = healthtwin("measure", "ppg", file)
    assert (ran.status, ran.out) == (2, "")
    assert "--rate 30" in ran.err


def test_a_gigabyte_is_refused_before_it_is_read(healthtwin: Commands, tmp_path: Path) -> None:
    file = tmp_path / "huge.csv"
    file.touch()
    os.truncate(file, 1 << 30)
    ran = healthtwin("measure", "ppg", file, "--json")
    assert (ran.status, ran.out) == (2, "")
    assert "64 MiB" in ran.err
