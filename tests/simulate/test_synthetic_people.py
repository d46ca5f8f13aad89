"""Synthetic people are seeded, plausible, and do what their scenario says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.domain import HOUR_MS, METRICS
from healthtwin.domain.errors import InvalidInput
from healthtwin.simulate import (
    SCENARIOS,
    Kit,
    Scenario,
    Strength,
    SyntheticMessage,
    draw_person,
    history,
    play,
    scenario_named,
)

START = 1_772_366_400_000
seeds = st.integers(0, 2**32 - 1)


def hour_of(scenario: Scenario, seed: int, size: float) -> tuple[list[SyntheticMessage], int]:
    rng = np.random.default_rng(seed)
    person = draw_person(rng, this_year=2026, kit=Kit.PHONE_AND_OXIMETER)
    onset = START + HOUR_MS
    return play(person, scenario, start_ms=START, onset_ms=onset, size=size, rng=rng), onset


def mean_of(messages: list[SyntheticMessage], metric: str) -> float:
    return float(np.mean([m.values[metric] for m in messages if metric in m.values]))


@given(seeds, st.sampled_from(list(SCENARIOS.values())))
@settings(max_examples=60)
def test_every_message_is_plausible_and_in_time_order(seed: int, scenario: Scenario) -> None:
    messages, _ = hour_of(scenario, seed, 1.2)
    assert [m.time_ms for m in messages] == sorted({m.time_ms for m in messages})
    for message in messages:
        for metric, value in message.values.items():
            assert METRICS[metric].check(value) == value


@given(seeds)
@settings(max_examples=20)
def test_the_same_seed_lives_the_same_life(seed: int) -> None:
    lives = []
    for _ in range(2):
        rng = np.random.default_rng(seed)
        person = draw_person(rng, this_year=2026)
        lives.append((person, history(person, days=3, until_ms=START, rng=rng)))
    assert lives[0] == lives[1]


@pytest.mark.parametrize(
    ("name", "metric", "sign"),
    [
        ("cardiac_stress", "heart_rate", +1),
        ("cardiac_stress", "hrv_rmssd", -1),
        ("copd", "oxygen_saturation", -1),
        ("copd", "respiratory_rate", +1),
        ("infection", "body_temperature", +1),
        ("exercise", "heart_rate", +1),
        ("exercise", "activity_level", +1),
        ("panic", "respiratory_rate", +1),
    ],
)
def test_a_scenario_moves_what_its_name_says(name: str, metric: str, sign: int) -> None:
    messages, onset = hour_of(SCENARIOS[name], 3, 1.0)
    full_effect = onset + SCENARIOS[name].ramp_ms
    before = [m for m in messages if m.time_ms < onset]
    after = [m for m in messages if m.time_ms >= full_effect]
    assert sign * (mean_of(after, metric) - mean_of(before, metric)) > 0.02 * mean_of(before, metric)


def test_a_null_effect_leaves_the_day_as_it_would_have_been() -> None:
    scenario = SCENARIOS["copd"]
    size = Strength.NULL.draw(np.random.default_rng(0))
    messages, onset = hour_of(scenario, 5, size)
    before = [m for m in messages if m.time_ms < onset]
    after = [m for m in messages if m.time_ms >= onset]
    assert abs(mean_of(after, "oxygen_saturation") - mean_of(before, "oxygen_saturation")) < 0.6


@given(seeds)
def test_a_weak_effect_is_smaller_than_any_clear_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    assert 0 < Strength.WEAK.draw(rng) < Strength.CLEAR.draw(rng)


def test_a_sensor_that_is_off_says_nothing_after_the_onset() -> None:
    messages, onset = hour_of(SCENARIOS["sensor_off"], 9, 1.0)
    assert messages
    assert all(m.time_ms < onset for m in messages)


def test_ninety_days_cover_every_hour_of_the_day() -> None:
    rng = np.random.default_rng(11)
    past = history(draw_person(rng, this_year=2026), days=90, until_ms=START, rng=rng)
    assert len({m.time_ms // HOUR_MS % 24 for m in past}) == 24
    assert past[-1].time_ms - past[0].time_ms > 89 * 24 * HOUR_MS


def test_an_unknown_scenario_is_answered_with_the_ones_that_exist() -> None:
    with pytest.raises(InvalidInput, match="normal, cardiac_stress, copd"):
        scenario_named("flu")
