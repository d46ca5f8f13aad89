"""The newest weeks are incomplete: neither is that a fall in cases, nor may an outbreak hide in it."""

from __future__ import annotations

import numpy as np
import pytest

from healthtwin.domain.errors import InvalidInput
from healthtwin.surveillance import METHODS, series_of, shares_arrived, with_delay

WEEKS = 300


def quiet(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).poisson(10, WEEKS).astype(float)


def test_an_outbreak_of_which_four_tenths_arrived_is_seen_and_called_provisional() -> None:
    cases = quiet(1)
    cases[-1] = 24  # of 60; without the delay no week of 10 with a limit of 19 would hide it either
    found = with_delay(METHODS["farrington"], series_of(cases.tolist()), [0.4, 0.8])
    assert found.alarms[-1].provisional
    assert found.alarms[-1].observed == 24


def test_what_is_usual_for_a_half_reported_week_is_no_alarm() -> None:
    alarms = 0
    for seed in range(20):
        cases = quiet(seed)
        cases[-1] = np.random.default_rng(seed + 100).binomial(int(cases[-1]), 0.4)
        alarms += bool(with_delay(METHODS["farrington"], series_of(cases.tolist()), [0.4]).alarm[-1])
    assert alarms <= 1


def test_the_expected_count_of_an_incomplete_week_is_what_should_have_arrived() -> None:
    cases = quiet(2)
    whole = METHODS["farrington"](series_of(cases.tolist()))
    found = with_delay(METHODS["farrington"], series_of(cases.tolist()), [0.4])
    assert found.expected[-1] == pytest.approx(0.4 * whole.expected[-1], rel=0.05)


def test_of_a_week_of_which_next_to_nothing_arrived_nothing_is_said() -> None:
    found = with_delay(METHODS["farrington"], series_of(quiet(3).tolist()), [0.05])
    assert np.isnan(found.upper[-1])


def test_shares_follow_from_past_weeks() -> None:
    triangle = np.array([[40.0, 30, 30], [20, 15, 15], [60, 45, np.nan], [8, np.nan, np.nan]])
    assert shares_arrived(triangle).tolist() == pytest.approx([0.4, 0.7, 1.0])


@pytest.mark.parametrize("share", [0.0, -0.2, 1.2, float("nan")])
def test_a_share_that_cannot_be_is_refused(share: float) -> None:
    with pytest.raises(InvalidInput, match="above 0 and at most 1"):
        with_delay(METHODS["ears"], series_of([1.0] * 20), [share])
