"""Stage one: what frames say of a sound, how little that is, and which frames are refused."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from healthtwin.domain.errors import InvalidInput
from healthtwin.sensing import measure_sound, measure_sound_frames
from healthtwin.sensing.sound_frames import frames_from_json, sound_frames

RATE = 16_000


def tone(hertz: float, seconds: float = 1.0, rate: int = RATE) -> np.ndarray[Any, np.dtype[np.float64]]:
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)


@settings(max_examples=15)
@given(st.floats(150, 3000), st.sampled_from([8000, 11_025, 16_000, 44_100, 48_000]))
def test_a_tone_has_its_loudness_and_centre_at_every_sampling_rate(hertz: float, rate: int) -> None:
    frames = sound_frames(tone(hertz, rate=rate), rate)
    assert len(frames.level_db) == 100
    assert len(frames.flatness) == 10
    # A frame of 10 ms holds as little as one and a half periods, so that its power sways.
    assert frames.level_db == pytest.approx(10 * np.log10(0.125), abs=1.2)
    assert frames.centroid_hz[:-1] == pytest.approx(hertz, abs=30)
    assert np.all(frames.flatness[:-1] < 0.1)


def test_noise_is_flat_and_a_vowel_repeats_itself() -> None:
    noise = sound_frames(0.1 * np.random.default_rng(0).standard_normal(RATE), RATE)
    assert np.median(noise.flatness) > 0.5
    assert np.median(noise.periodicity) < 0.5
    assert np.median(noise.high_share) == pytest.approx(2400 / 3300, abs=0.05)
    vowel = sound_frames(sum(tone(120 * k) / k for k in range(1, 8)) / 4, RATE)
    assert np.median(vowel.periodicity) > 0.9


def test_silence_has_no_colour_instead_of_a_colour_of_zero() -> None:
    frames = sound_frames(np.zeros(RATE), RATE)
    assert np.all(frames.level_db == -100)
    assert np.isnan(frames.flatness).all()
    assert frames.as_json()["flatness"] == [None] * 10


def test_what_leaves_the_phone_is_loudness_in_whole_decibels_and_four_figures_per_tenth_of_a_second() -> None:
    sent = sound_frames(tone(440, seconds=10), RATE).as_json()
    assert {name for name, value in sent.items() if isinstance(value, list)} == {
        "level_db",
        "centroid_hz",
        "flatness",
        "high_share",
        "periodicity",
    }
    assert all(isinstance(level, int) for level in sent["level_db"])
    assert len(sent["level_db"]) == 1000
    assert len(sent["flatness"]) == 100
    assert len(json.dumps(sent)) < RATE * 10 * 2 / 30  # of 16-bit samples


def test_frames_survive_the_wire() -> None:
    sound = 0.1 * np.random.default_rng(1).standard_normal(2 * RATE)
    sound[:RATE] = 0
    frames = sound_frames(sound, RATE)
    again = frames_from_json(json.loads(json.dumps(frames.as_json())))
    for name in ("level_db", "centroid_hz", "flatness", "high_share", "periodicity"):
        assert np.array_equal(getattr(again, name), getattr(frames, name), equal_nan=True)
    assert measure_sound_frames(frames.as_json()) == measure_sound(sound, RATE, "cough")


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("version", 2, "version"),
        ("level_db", None, "level_db"),
        ("level_db", "loud", "level_db"),
        ("level_db", [-30] * 5, "5 frames"),
        ("level_db", [None] + [-30] * 99, "level_db"),
        ("level_db", [True] * 100, "level_db"),
        ("level_db", [float("nan")] * 100, "level_db"),
        ("flatness", [0.5] * 9, "9 values"),
        ("flatness", [1.5] * 10, "flatness"),
        ("periodicity", [2.0] * 10, "periodicity"),
        ("clipped_share", None, "clipped_share"),
        ("clipped_share", 3, "clipped_share"),
    ],
)
def test_frames_that_cannot_be_are_refused_by_name(field: str, value: object, named: str) -> None:
    sent = {**sound_frames(tone(440), RATE).as_json(), field: value}
    with pytest.raises(InvalidInput, match=named):
        measure_sound_frames(sent)


def test_frames_are_an_object() -> None:
    with pytest.raises(InvalidInput, match="frames"):
        measure_sound_frames([1, 2, 3])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("samples", "rate", "named"),
    [
        (np.full(RATE, np.nan), RATE, "finite"),
        (np.zeros((RATE, 2)), RATE, "one channel"),
        (["a"] * RATE, RATE, "numbers"),
        (np.zeros(100), RATE, "0.2 s"),
        (np.zeros(RATE), 5, "sample_rate"),
        (np.zeros(RATE), 16_000.5, "sample_rate"),
        (np.full(RATE, 20_000.0), RATE, "32768"),
    ],
)
def test_what_is_no_sound_is_named(samples: ArrayLike, rate: float, named: str) -> None:
    for kind in ("cough", "breath", "voice"):
        with pytest.raises(InvalidInput, match=named):
            measure_sound(samples, rate, kind)


def test_an_unknown_kind_is_answered_with_those_that_exist() -> None:
    with pytest.raises(InvalidInput, match="breath"):
        measure_sound(tone(440), RATE, "sneeze")  # type: ignore[arg-type]
