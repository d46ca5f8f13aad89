"""Weights, several rows of one patient, sites that drop out, and a delta that hides a whole record."""

from __future__ import annotations

import pytest

from healthtwin.domain.errors import InvalidInput
from healthtwin.privacy import (
    Schedule,
    check_delta,
    epsilon_of,
    epsilon_of_many_rows,
    noise_after_dropout,
    noise_for,
    weighted_noise,
)

ONCE = Schedule(1)


def test_weights_by_patients_make_one_into_one_and_a_half() -> None:
    stated = noise_for(1.0, ONCE)
    assert epsilon_of(weighted_noise(stated, [303, 46, 261]), ONCE) == pytest.approx(1.55, abs=0.01)


def test_equal_weights_change_nothing() -> None:
    assert weighted_noise(3.0, [5, 5, 5, 5]) == pytest.approx(3.0)


@pytest.mark.parametrize("weights", [[1, -5], [1, float("nan")], [0, 0]])
def test_weights_that_cannot_be_are_refused(weights: list[float]) -> None:
    with pytest.raises(InvalidInput, match="weights"):
        weighted_noise(1.0, weights)


@pytest.mark.parametrize(("rows", "epsilon"), [(1, 1.0), (2, 2.15), (4, 4.75), (12, 18.26)])
def test_a_patient_with_many_stays_pays_for_each(rows: int, epsilon: float) -> None:
    twenty = Schedule(20)
    assert epsilon_of_many_rows(noise_for(1.0, twenty), rows, twenty) == pytest.approx(epsilon, abs=0.01)


def test_many_rows_under_sampling_are_refused_instead_of_guessed() -> None:
    with pytest.raises(InvalidInput, match="clip by patient"):
        epsilon_of_many_rows(2.0, 2, Schedule(10, 0.1))


@pytest.mark.parametrize(("survivors", "epsilon"), [(3, 1.0), (2, 1.25), (1, 1.83)])
def test_noise_that_drops_out_with_its_site_is_missing(survivors: int, epsilon: float) -> None:
    left = noise_after_dropout(noise_for(1.0, ONCE), 3, survivors)
    assert epsilon_of(left, ONCE) == pytest.approx(epsilon, abs=0.01)


@pytest.mark.parametrize(("delta", "units"), [(1e-2, 740), (0.05, 46), (1 / 740, 740)])
def test_a_delta_that_would_publish_somebody_is_refused(delta: float, units: int) -> None:
    with pytest.raises(InvalidInput, match=f"below 1/{units}"):
        check_delta(delta, units)


def test_a_delta_near_the_limit_is_allowed_but_called_careless() -> None:
    assert not check_delta(5e-4, 740)
    assert check_delta(1e-5, 740)
