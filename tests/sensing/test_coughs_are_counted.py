"""Coughs are counted; claps, knocks, noise, tones and silence are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.sensing import Measurement, measure_sound
from healthtwin_lab.evaluate.planted_sound import RATE_HZ, claps, knocks, pink_noise, tones, white_noise

Sound = np.ndarray[Any, np.dtype[np.float64]]


def with_coughs(begins: list[float], rng: np.random.Generator, seconds: float = 10.0) -> Sound:
    """An explosion of noise that dies away within 0.3 s and swells once more, as a cough does."""
    sound = 0.002 * rng.standard_normal(int(seconds * RATE_HZ))
    time = np.arange(int(0.35 * RATE_HZ)) / RATE_HZ
    swell = np.exp(-time / 0.05) + 0.35 * np.exp(-(((time - 0.2) / 0.05) ** 2))
    for begin in begins:
        rush = np.convolve(rng.standard_normal(len(time)), np.ones(6) / 6, "same")
        start = int(begin * RATE_HZ)
        sound[start : start + len(time)] += 0.6 * swell * rush
    return np.clip(sound, -0.99, 0.99)


def counted(sound: Sound) -> Measurement:
    return measure_sound(sound, RATE_HZ, "cough")


def test_every_cough_is_counted_where_it_begins() -> None:
    begins = [1.0, 1.6, 4.5, 7.2]
    answer = counted(with_coughs(begins, np.random.default_rng(0)))
    assert answer.values["cough_count"] == 4.0
    assert answer.details["coughs_ms"] == pytest.approx([1000 * begin for begin in begins], abs=30)


@settings(max_examples=8)
@given(st.integers(0, 1000), st.integers(0, 8), st.floats(0.3, 1.0))
def test_how_loud_a_recording_is_does_not_matter(seed: int, count: int, gain: float) -> None:
    rng = np.random.default_rng(seed)
    sound = with_coughs([0.6 + 1.1 * number for number in range(count)], rng)
    assert counted(gain * sound).values["cough_count"] == pytest.approx(count, abs=1)


@pytest.mark.parametrize("make", [white_noise, pink_noise, claps, tones])
def test_other_sounds_are_no_coughs(make: Callable[[float, np.random.Generator], Sound]) -> None:
    answer = counted(np.clip(make(30.0, np.random.default_rng(7)), -1, 1))
    assert answer.values["cough_count"] == 0.0


def test_knocking_is_mostly_told_apart() -> None:
    """One knock in twenty is taken for a cough: the evaluation says so, and this holds it there."""
    answer = counted(np.clip(knocks(30.0, np.random.default_rng(7)), -1, 1))
    assert answer.values["cough_count"] <= 0.1 * answer.details["sudden_sounds"]


def test_nothing_sudden_is_a_count_of_zero_and_silence_is_none() -> None:
    quiet = counted(0.001 * np.random.default_rng(1).standard_normal(5 * RATE_HZ))
    assert quiet.values["cough_count"] == 0.0
    for level in (0.0, 0.3):  # a covered microphone, and one that hangs at a voltage
        answer = counted(np.full(5 * RATE_HZ, level))
        assert answer.values == {}
        assert answer.refused["cough_count"].code == "silent"


def test_a_clipped_or_short_recording_is_refused() -> None:
    loud = np.clip(40 * with_coughs([1.0, 2.0, 3.0], np.random.default_rng(2), 5.0), -1, 1)
    assert counted(loud).refused["cough_count"].code == "clipped"
    assert counted(loud[: int(0.3 * RATE_HZ)]).refused["cough_count"].code == "too_short"


def test_recordings_of_people_who_were_asked_to_cough(recordings: Path) -> None:
    """No marks exist of where they coughed; that something is found in most is all that can be held."""
    pytest.importorskip("soundfile")
    from healthtwin.sensing.cough import count_coughs
    from healthtwin_lab.evaluate.cough import heard, is_tuning, recorded_coughs

    folder = recordings / "covid19_cough_cc0"
    if not folder.is_dir():
        pytest.skip(f"no recordings at {folder}")
    unseen = [(samples, rate) for name, samples, rate in recorded_coughs(folder) if not is_tuning(name)]
    found = [count_coughs(heard(samples, rate)).values.get("cough_count", 0.0) for samples, rate in unseen]
    assert np.mean(np.array(found) >= 1) >= 0.9
