"""Pitch, jitter, shimmer and pauses of a voice; tones in breathing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.sensing import measure_sound

Sound = np.ndarray[Any, np.dtype[np.float64]]
RATE = 16_000


def vowel(
    pitch: float, seconds: float = 2.0, *, jitter: float = 0.0, shimmer: float = 0.0, rate: int = RATE
) -> Sound:
    rng = np.random.default_rng(0)
    count = int(seconds * pitch * 1.3) + 2
    begins = np.concatenate([[0], np.cumsum((1 + jitter * rng.standard_normal(count)) / pitch)])
    phase = np.interp(np.arange(int(seconds * rate)) / rate, begins, np.arange(count + 1))
    height = np.interp(phase, np.arange(count + 1), 1 + shimmer * rng.standard_normal(count + 1))
    wave = sum(np.cos(2 * np.pi * k * phase) / k for k in range(1, 8))
    return np.asarray(0.15 * height * wave + 0.0005 * rng.standard_normal(len(phase)))


def breathing(tone_share: float = 0.0, hertz: float = 400.0) -> Sound:
    """Twelve seconds of a rush that comes and goes, with a tone in it."""
    time = np.arange(12 * RATE) / RATE
    swell = np.clip(np.sin(2 * np.pi * time / 4), 0.02, None)
    rush = np.random.default_rng(1).standard_normal(len(time))
    return np.asarray(swell * (0.05 * rush + tone_share * np.sin(2 * np.pi * hertz * time)))


@settings(max_examples=12)
@given(st.floats(80, 380), st.sampled_from([8000, 16_000, 44_100]))
def test_the_pitch_of_a_held_vowel_is_found(pitch: float, rate: int) -> None:
    answer = measure_sound(vowel(pitch, 1.5, rate=rate), rate, "voice")
    assert answer.values["voice_pitch"] == pytest.approx(pitch, rel=0.005)
    assert answer.values["voice_pause_share"] == 0.0


def test_an_unsteady_voice_has_more_jitter_and_shimmer() -> None:
    steady = measure_sound(vowel(120), RATE, "voice").values
    rough = measure_sound(vowel(120, jitter=0.01, shimmer=0.05), RATE, "voice").values
    assert steady["voice_jitter"] < 0.2
    assert steady["voice_shimmer"] < 1
    # Successive differences of independent errors are 2/√π = 1.13 standard deviations.
    assert rough["voice_jitter"] == pytest.approx(1.13, rel=0.25)
    assert rough["voice_shimmer"] == pytest.approx(5.6, rel=0.3)


def test_a_voice_upside_down_is_the_same_voice() -> None:
    rough = vowel(120, jitter=0.01, shimmer=0.05)
    here, there = measure_sound(rough, RATE, "voice"), measure_sound(-rough, RATE, "voice")
    assert there.values["voice_pitch"] == here.values["voice_pitch"]
    assert there.values["voice_jitter"] == pytest.approx(here.values["voice_jitter"], rel=0.5)


def test_in_a_melody_jitter_means_nothing_and_is_refused() -> None:
    song = np.concatenate([vowel(pitch, 0.7) for pitch in (110, 165, 220)])
    answer = measure_sound(song, RATE, "voice")
    assert answer.refused["voice_jitter"].code == answer.refused["voice_shimmer"].code == "not_held"
    assert answer.values["voice_pitch"] == pytest.approx(165, abs=5)


def test_pauses_are_counted_between_the_first_sound_and_the_last() -> None:
    quiet = 0.0002 * np.random.default_rng(2).standard_normal(RATE)
    spoken = np.concatenate([quiet, vowel(130, 1.0), quiet, vowel(130, 1.0), quiet])
    answer = measure_sound(spoken, RATE, "voice")
    assert answer.values["voice_pause_share"] == pytest.approx(100 / 3, abs=2)


def test_noise_and_short_voices_are_no_voice() -> None:
    noise = 0.05 * np.random.default_rng(3).standard_normal(2 * RATE)
    assert measure_sound(noise, RATE, "voice").refused["voice_pitch"].code == "no_voice"
    brief = np.concatenate([vowel(130, 0.3), np.zeros(2 * RATE)])
    assert measure_sound(brief, RATE, "voice").refused["voice_pitch"].code == "no_voice"
    assert measure_sound(np.zeros(2 * RATE), RATE, "voice").refused["voice_pitch"].code == "silent"
    assert measure_sound(vowel(130, 0.6), RATE, "voice").refused["voice_pitch"].code == "too_short"


def test_interrupted_vowels_have_a_pitch_but_no_jitter() -> None:
    quiet = np.zeros(int(0.2 * RATE))
    broken = np.concatenate([piece for _ in range(6) for piece in (vowel(140, 0.3), quiet)])
    answer = measure_sound(broken, RATE, "voice")
    assert answer.values["voice_pitch"] == pytest.approx(140, rel=0.01)
    assert answer.refused["voice_jitter"].code == "not_held"


def test_a_tone_in_breathing_is_found_with_its_pitch() -> None:
    answer = measure_sound(breathing(0.02, 400.0), RATE, "breath")
    assert answer.values["breath_tonal_share"] > 80
    longest = max(answer.details["tones"], key=lambda tone: tone["length_s"])
    assert longest["frequency_hz"] == pytest.approx(400, abs=8)
    assert longest["length_s"] > 1


def test_breathing_without_a_tone_has_none() -> None:
    assert measure_sound(breathing(), RATE, "breath").values["breath_tonal_share"] == 0.0


def test_where_no_breath_is_heard_nothing_is_said_of_its_tone() -> None:
    hiss = 0.01 * np.random.default_rng(4).standard_normal(6 * RATE)
    assert measure_sound(hiss, RATE, "breath").refused["breath_tonal_share"].code == "no_breath_sound"
    assert measure_sound(np.zeros(6 * RATE), RATE, "breath").refused["breath_tonal_share"].code == "silent"
    assert measure_sound(breathing()[: 2 * RATE], RATE, "breath").refused["breath_tonal_share"].code == (
        "too_short"
    )
