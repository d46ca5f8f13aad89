from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from healthtwin.sensing import measure_ppg
from tests.sensing.planted_pulse import Planted, planted


def timing_errors_ms(pulse: Planted, found: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each found beat against the nearest planted one, less the constant between foot and upstroke."""
    apart = found - pulse.beats_ms[np.abs(found[:, None] - pulse.beats_ms).argmin(axis=1)]
    return np.asarray(apart - np.median(apart))


@settings(max_examples=25)
@given(rate=st.floats(40, 180), noise=st.sampled_from([0.0, 0.05, 0.1]), seed=st.integers(0, 99))
def test_every_rate_from_40_to_180_is_right_to_one_beat(rate: float, noise: float, seed: int) -> None:
    pulse = planted(rate, 30, noise=noise, wander_ms=0.02 * 60_000 / rate, seed=seed)
    answer = measure_ppg(pulse.time_ms, pulse.light)
    assert answer.values["heart_rate"] == pytest.approx(60_000 / pulse.intervals_ms.mean(), abs=1.0)


@pytest.mark.parametrize("rate", [36, 200, 218])
def test_rates_beyond_are_right_where_the_light_is_clean(rate: float) -> None:
    pulse = planted(rate, 40, noise=0.01, wander_ms=5)
    answer = measure_ppg(pulse.time_ms, pulse.light)
    assert answer.values["heart_rate"] == pytest.approx(60_000 / pulse.intervals_ms.mean(), abs=1.0)


def test_beats_are_timed_between_the_frames() -> None:
    pulse = planted(70, 60, noise=0.01, jitter_ms=8)
    answer = measure_ppg(pulse.time_ms, pulse.light)
    kept = np.array(answer.details["intervals_kept"])
    beats = np.array(answer.details["beats_ms"])[np.append(False, kept) & np.append(kept, False)]
    assert len(beats) > 60
    assert np.std(timing_errors_ms(pulse, beats)) < 4.0  # frames are 33 ms apart


def test_the_figures_follow_from_the_intervals_that_are_returned() -> None:
    pulse = planted(64, 90, wander_ms=40, noise=0.03)
    answer = measure_ppg(pulse.time_ms, pulse.light)
    interval = np.array(answer.details["intervals_ms"])
    kept = np.array(answer.details["intervals_kept"])
    assert np.allclose(np.diff(answer.details["beats_ms"]), interval, atol=0.02)
    change = np.diff(interval)[kept[1:] & kept[:-1]]
    assert answer.values["heart_rate"] == pytest.approx(60_000 / interval[kept].mean(), abs=0.01)
    assert answer.values["hrv_sdnn"] == pytest.approx(interval[kept].std(), abs=0.02)
    assert answer.values["hrv_rmssd"] == pytest.approx(np.sqrt(np.mean(change**2)), abs=0.02)
    assert answer.values["hrv_pnn50"] == pytest.approx(100 * np.mean(np.abs(change) > 50), abs=0.01)
    assert answer.values["hrv_sdnn"] == pytest.approx(pulse.intervals_ms.std(), abs=3)


@pytest.mark.parametrize("gain", [-4.0, -1.0, 0.05, 30.0])
@pytest.mark.parametrize("offset", [-500.0, 0.0, 1000.0])
def test_polarity_gain_and_offset_do_not_matter(gain: float, offset: float) -> None:
    pulse = planted(80, 65)
    here = measure_ppg(pulse.time_ms, pulse.light)
    there = measure_ppg(pulse.time_ms, gain * pulse.light + offset)
    assert there.values == pytest.approx(here.values, rel=1e-3)
    assert there.details["upward"] == (here.details["upward"] == (gain > 0))


def test_it_does_not_matter_which_colour_is_which() -> None:
    pulse = planted(80, 65)
    rng = np.random.default_rng(3)
    dead, noisy = np.zeros(len(pulse.light)), rng.normal(30, 1, len(pulse.light))
    orders = [(pulse.light, dead, noisy), (noisy, pulse.light, dead), (dead, noisy, pulse.light)]
    answers = [measure_ppg(pulse.time_ms, *columns) for columns in orders]
    assert answers[0].values == answers[1].values == answers[2].values
    assert [answer.details["channel"] for answer in answers] == ["red", "green", "blue"]


@settings(max_examples=8)
@given(jitter_ms=st.floats(0, 14), seed=st.integers(0, 99))
def test_uneven_frame_times_change_nothing(jitter_ms: float, seed: int) -> None:
    pulse = planted(66, 40, jitter_ms=jitter_ms, seed=seed)
    answer = measure_ppg(pulse.time_ms, pulse.light)
    assert answer.values["heart_rate"] == pytest.approx(60_000 / pulse.intervals_ms.mean(), abs=0.6)


@pytest.mark.parametrize("frames_hz", [15.0, 24.0, 60.0, 125.0, 240.0])
def test_other_frame_rates_give_the_same_rate(frames_hz: float) -> None:
    pulse = planted(75, 40, frames_hz=frames_hz)
    answer = measure_ppg(pulse.time_ms, pulse.light)
    assert answer.values["heart_rate"] == pytest.approx(60_000 / pulse.intervals_ms.mean(), abs=0.6)


def test_frames_that_are_missing_here_and_there_are_bridged() -> None:
    pulse = planted(66, 60)
    there = np.random.default_rng(2).random(len(pulse.light)) > 0.1
    answer = measure_ppg(pulse.time_ms[there], pulse.light[there])
    assert answer.values["heart_rate"] == pytest.approx(60_000 / pulse.intervals_ms.mean(), abs=0.5)
    assert not answer.refused.keys() & {"hrv_rmssd", "hrv_sdnn"}


def test_no_beat_is_invented_in_a_pause_of_the_frames() -> None:
    pulse = planted(66, 60)
    there = (pulse.time_ms < 25_000) | (pulse.time_ms > 30_000)
    answer = measure_ppg(pulse.time_ms[there], pulse.light[there])
    interval, kept = np.array(answer.details["intervals_ms"]), np.array(answer.details["intervals_kept"])
    beats = np.array(answer.details["beats_ms"])
    middle = 0.5 * (beats[1:] + beats[:-1])
    assert not kept[(middle > 25_500) & (middle < 29_500)].any()
    assert np.abs(interval[kept] - pulse.intervals_ms.mean()).max() < 120
    assert answer.values["heart_rate"] == pytest.approx(60_000 / pulse.intervals_ms.mean(), abs=0.6)


def test_a_premature_beat_of_the_right_shape_stays() -> None:
    pulse = planted(60, 60, wander_ms=0, noise=0.0)
    early = pulse.beats_ms.copy()
    early[30] -= 150
    place = np.searchsorted(early, pulse.time_ms, side="right") - 1
    phase = (pulse.time_ms - early[place]) / 1000.0
    light = -np.exp(-(((phase - 0.22) / 0.09) ** 2)) - 0.42 * np.exp(-(((phase - 0.52) / 0.13) ** 2))
    answer = measure_ppg(pulse.time_ms, light)
    kept = np.array(answer.details["intervals_ms"])[answer.details["intervals_kept"]]
    assert kept.min() == pytest.approx(850, abs=15)
    assert kept.max() == pytest.approx(1150, abs=15)


def test_breathing_is_found_in_a_minute() -> None:
    for breaths in (9.0, 14.0, 22.0):
        pulse = planted(80, 65, breaths_per_min=breaths, wander_ms=30)
        answer = measure_ppg(pulse.time_ms, pulse.light)
        assert answer.values["respiratory_rate"] == pytest.approx(breaths, abs=0.7)
