from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import lfilter

from healthtwin.sensing import Measurement, measure_ppg
from healthtwin.words import say
from tests.sensing.planted_pulse import planted


def codes(answer: Measurement) -> set[str]:
    return {refusal.code for refusal in answer.refused.values()}


@pytest.mark.parametrize("seconds", [30, 60, 90])
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("first", [True, False])
def test_a_finger_lifted_half_way_is_refused(seconds: float, seed: int, first: bool) -> None:
    pulse = planted(70, seconds, seed=seed)
    rng = np.random.default_rng(seed)
    away = (pulse.time_ms < pulse.time_ms[-1] / 2) == first
    light = np.where(away, 90 + rng.normal(0, 1.5, len(pulse.light)).cumsum() * 0.2, pulse.light)
    answer = measure_ppg(pulse.time_ms, light)
    assert not answer.values
    assert codes(answer) <= {"finger_moved", "no_pulse"}


def test_a_refusal_says_how_long_it_was_still() -> None:
    pulse = planted(70, 30)
    rng = np.random.default_rng(0)
    light = pulse.light + np.where(pulse.time_ms > 21_000, rng.normal(0, 4, len(pulse.light)).cumsum(), 0)
    refusal = measure_ppg(pulse.time_ms, light).refused["heart_rate"]
    assert refusal.code == "finger_moved"
    assert refusal.facts["duration_s"] == 30
    assert 17 <= refusal.facts["clean_s"] <= 23
    assert f"Only {refusal.facts['clean_s']:.0f} of 30 s" in say(refusal.said)


def test_a_phone_that_lost_pictures_does_not_blame_the_finger() -> None:
    pulse = planted(70, 31)
    there = (pulse.time_ms % 2_000 < 900) | (pulse.time_ms > 20_000)
    refusal = measure_ppg(pulse.time_ms[there], pulse.light[there]).refused["heart_rate"]
    assert refusal.code == "frames_lost"
    assert "without pictures" in say(refusal.said)


def test_a_single_jolt_costs_some_beats_and_not_the_reading() -> None:
    pulse = planted(70, 40)
    light = pulse.light + np.where(np.abs(pulse.time_ms - 20_000) < 700, 60.0, 0.0)
    answer = measure_ppg(pulse.time_ms, light)
    assert answer.values["heart_rate"] == pytest.approx(60_000 / pulse.intervals_ms.mean(), abs=0.7)


def test_a_step_of_the_exposure_costs_next_to_nothing() -> None:
    pulse = planted(70, 40)
    answer = measure_ppg(pulse.time_ms, pulse.light + np.where(pulse.time_ms > 18_000, -70.0, 0.0))
    assert answer.values["heart_rate"] == pytest.approx(60_000 / pulse.intervals_ms.mean(), abs=0.5)
    assert answer.details["clean_s"] > 35


@pytest.mark.parametrize(
    ("light", "code"),
    [(255.0, "too_bright"), (0.0, "no_pulse"), (120.0, "no_pulse")],
)
def test_a_flat_picture_says_what_to_do(light: float, code: str) -> None:
    time = np.arange(900) * 33.3
    answer = measure_ppg(time, np.full(900, light), np.zeros(900))
    assert codes(answer) == {code}


def test_a_picture_at_its_brightest_says_press_less() -> None:
    pulse = planted(70, 30)
    bright = np.minimum(pulse.light + 56.5, 255.0)
    answer = measure_ppg(pulse.time_ms, bright)
    assert codes(answer) == {"too_bright"}
    assert "press a little less" in say(answer.refused["heart_rate"].said)


def test_a_saturated_colour_leaves_the_others() -> None:
    pulse = planted(70, 30)
    full, dead = np.full(len(pulse.light), 255.0), np.zeros(len(pulse.light))
    answer = measure_ppg(pulse.time_ms, full, pulse.light, dead)
    assert answer.details["channel"] == "green"
    assert answer.values["heart_rate"] == pytest.approx(60_000 / pulse.intervals_ms.mean(), abs=1)


def test_a_recording_that_is_too_short_is_told_its_length() -> None:
    pulse = planted(70, 10)
    answer = measure_ppg(pulse.time_ms, pulse.light)
    assert codes(answer) == {"too_short"}
    assert "Only 10 s" in say(answer.refused["heart_rate"].said)


def test_variability_waits_for_enough_calm_signal() -> None:
    short, half, long = (
        measure_ppg(pulse.time_ms, pulse.light)
        for pulse in (planted(70, 20), planted(70, 32), planted(70, 62))
    )
    assert set(short.values) == {"heart_rate"}
    assert set(half.values) == {"heart_rate", "hrv_rmssd"}
    assert half.details["ultra_short"]
    assert set(long.values) == {"heart_rate", "hrv_rmssd", "hrv_sdnn", "hrv_pnn50", "respiratory_rate"}
    assert not long.details["ultra_short"]
    assert "60 s are needed" in say(half.refused["hrv_sdnn"].said)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    "filtered",
    [(1.0,), (1.0, -0.95), (1.0, -1.8, 0.95), (1.0, -1.9, 0.98), (1.0, -1.95, 0.97)],
    ids=["white", "red", "at 113 a minute", "at 82 a minute", "at 43 a minute"],
)
def test_noise_of_any_colour_has_no_pulse(filtered: tuple[float, ...], seed: int) -> None:
    noise = np.random.default_rng(seed).normal(size=900 + 900 * (seed % 2))
    answer = measure_ppg(np.arange(len(noise)) * 33.3, lfilter([1.0], filtered, noise))
    assert not answer.values


def test_breathing_that_left_no_trace_is_seldom_guessed() -> None:
    answered = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        pulse = planted(70, 65, wander_ms=0, noise=0.0, breaths_per_min=0.0)
        answer = measure_ppg(pulse.time_ms, pulse.light + rng.normal(0, 0.3, len(pulse.light)))
        assert "heart_rate" in answer.values
        answered += "respiratory_rate" in answer.values
    assert answered <= 1  # three traces of chance agree now and then; docs/sensing.md says how often


def test_light_without_any_upstroke_is_no_pulse() -> None:
    time = np.arange(900) * 33.3
    answer = measure_ppg(time, -np.sqrt(time + 1.0))
    assert codes(answer) == {"no_pulse"}
