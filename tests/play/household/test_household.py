"""Four made-up people with three months behind them, the same ones for the same seed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from healthtwin.domain import DAY_MS, HOUR_MS
from healthtwin.domain.errors import InvalidInput
from healthtwin.play.demo import draw_household, stretch_ms
from healthtwin.play.demo.household import DAYS_BEHIND, LEAD_MS, SILENCE_AFTER_MS, go_on
from healthtwin.simulate import LIVE_STEP_MS, SCENARIOS

START_MS = 1_772_460_000_000


@given(st.integers(0, 2**32), st.sampled_from(sorted(SCENARIOS)))
@limits(max_examples=8)
def test_every_household_has_four_people_with_names_of_their_own_and_ninety_days(
    seed: int, scenario: str
) -> None:
    household = draw_household(seed, START_MS, scenario)
    assert len({member.person.name for member in household.members}) == 4
    assert all("synthetic" in member.person.name for member in household.members)
    for member in household.members:
        times = np.array([message.time_ms for message in member.past])
        assert START_MS - times[0] == DAYS_BEHIND * DAY_MS
        assert times[-1] < START_MS
        assert np.diff(times).max() < SILENCE_AFTER_MS


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_everybody_is_watched_to_the_end_but_whoever_falls_silent(scenario: str) -> None:
    household = draw_household(3, START_MS, scenario)
    assert household.end_ms - household.start_ms == stretch_ms(scenario)
    for member in household.members:
        times = [message.time_ms for message in member.watched]
        assert times[0] == START_MS
        assert set(np.diff(times)) == {LIVE_STEP_MS}
        assert member.onset_ms == START_MS + LEAD_MS
        if member.scenario.silent:
            assert times[-1] < member.onset_ms
        else:
            assert household.end_ms - LIVE_STEP_MS < times[-1] <= household.end_ms


def test_the_same_seed_draws_the_same_household_and_another_seed_another() -> None:
    first, again, other = (draw_household(seed, START_MS) for seed in (5, 5, 6))
    assert first == again
    assert first != other


def test_an_alias_names_the_same_scenario() -> None:
    assert draw_household(1, START_MS, "pre_mi").members[0].scenario.name == "cardiac_stress"


def test_an_unknown_scenario_is_refused_with_those_that_exist() -> None:
    with pytest.raises(InvalidInput, match="cardiac_stress"):
        draw_household(1, START_MS, "heart_attack")


def test_life_goes_on_where_the_watched_stretch_ended() -> None:
    household = draw_household(1, START_MS)
    ill, runner = household.members[:2]
    later_ms = household.end_ms + HOUR_MS
    rng = np.random.default_rng(0)
    (worse,) = go_on(ill, later_ms, later_ms, rng)
    assert worse.time_ms == later_ms
    assert worse.values["oxygen_saturation"] < ill.person.oxygen_saturation - 4
    (rested,) = go_on(runner, later_ms, later_ms, rng)
    assert rested.values["activity_level"] < 2
