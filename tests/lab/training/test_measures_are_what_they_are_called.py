"""The figures of the reports against their plainest definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin_lab.measures import (
    Ranked,
    auprc,
    auroc,
    brier_skill,
    curves,
    draws,
    expected_calibration_error,
    false_alarms_per_day,
    measured,
    reliability,
    sensitivity,
    threshold_at,
)

rows = st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=40).filter(
    lambda found: len({came for came, _ in found}) == 2
)


@settings(deadline=None, max_examples=60)
@given(rows)
def test_auroc_is_the_chance_that_an_event_outranks_a_quiet_row(found: list[tuple[bool, int]]) -> None:
    came = np.array([row[0] for row in found])
    score = np.array([float(row[1]) for row in found])
    pairs = [
        1.0 if event > quiet else 0.5 if event == quiet else 0.0
        for event in score[came]
        for quiet in score[~came]
    ]
    assert auroc(*Ranked.of(came, score).counts()) == pytest.approx(np.mean(pairs))


@settings(deadline=None, max_examples=60)
@given(rows, st.integers(0, 1000))
def test_a_row_that_counts_twice_is_the_row_written_twice(found: list[tuple[bool, int]], seed: int) -> None:
    came = np.array([row[0] for row in found])
    score = np.array([float(row[1]) for row in found])
    times = np.random.default_rng(seed).integers(1, 4, len(came))
    weighed = Ranked.of(came, score).counts(times.astype(float))
    written = Ranked.of(np.repeat(came, times), np.repeat(score, times)).counts()
    assert auroc(*weighed) == pytest.approx(auroc(*written))
    assert auprc(*weighed) == pytest.approx(auprc(*written))


def test_average_precision_of_a_known_ranking() -> None:
    came = np.array([True, False, True, False])
    assert auprc(*Ranked.of(came, np.array([4.0, 3.0, 2.0, 1.0])).counts()) == pytest.approx(
        (1.0 + 2.0 / 3.0) / 2.0
    )


def test_a_row_without_a_score_ranks_last() -> None:
    came = np.array([True, False])
    assert auroc(*Ranked.of(came, np.array([np.nan, 0.0])).counts()) == 0.0


def test_without_both_kinds_there_is_no_figure() -> None:
    nothing = np.zeros(3, np.bool_)
    counts = Ranked.of(nothing, np.arange(3.0)).counts()
    assert np.isnan(auroc(*counts))
    assert np.isnan(auprc(*counts))
    assert np.isnan(sensitivity(nothing, nothing))
    assert np.isnan(brier_skill(nothing, np.zeros(3)))
    assert curves(nothing, np.arange(3.0)) == {"roc": [], "pr": []}


def test_one_false_alarm_a_day_is_one_quiet_hour_in_twenty_four() -> None:
    quiet = np.arange(24_000.0)
    threshold = threshold_at(quiet, 1.0)
    assert false_alarms_per_day(np.zeros(24_000, np.bool_), quiet > threshold) == pytest.approx(1.0, abs=0.01)


def test_calibration_is_the_distance_between_forecast_and_what_came() -> None:
    came = np.arange(1000) % 10 == 0
    assert expected_calibration_error(reliability(came, np.full(1000, 0.1))) < 0.011
    assert expected_calibration_error(reliability(came, np.full(1000, 0.3))) == pytest.approx(0.2, abs=0.01)


def test_the_skill_of_always_saying_the_share_is_nothing_and_of_knowing_is_one() -> None:
    came = np.arange(100) % 4 == 0
    assert brier_skill(came, np.full(100, 0.25)) == pytest.approx(0.0)
    assert brier_skill(came, came.astype(float)) == 1.0


def test_a_bootstrap_takes_people_whole() -> None:
    person = np.repeat(np.arange(5), [1, 2, 3, 4, 5])
    for weight in draws(person, seed=0, resamples=20):
        assert all(len(set(weight[person == who])) == 1 for who in range(5))
        assert sum(weight[person == who][0] for who in range(5)) == 5


def test_all_figures_stand_together_with_their_intervals() -> None:
    rng = np.random.default_rng(0)
    came = rng.random(2000) < 0.1
    score = came + rng.normal(0, 1, 2000)
    probability = np.full(2000, 0.1)
    person = np.repeat(np.arange(100), 20)
    found = measured(came, score, {1.0: score > 2.0}, draws(person, 1, 50), probability)
    assert found["auroc_interval"][0] < found["auroc"] < found["auroc_interval"][1]
    low, high = found["sensitivity_at_1_false_alarm_interval"]
    assert low < found["sensitivity_at_1_false_alarm"] < high
    assert found["brier_skill"] == pytest.approx(0.0, abs=0.01)


def test_curves_run_from_nothing_to_everything() -> None:
    rng = np.random.default_rng(0)
    came = rng.random(500) < 0.2
    found = curves(came, came + rng.normal(0, 1, 500))
    assert found["roc"][-1] == [1.0, 1.0]
    assert found["pr"][-1][0] == 1.0
    assert all(a[0] <= b[0] for a, b in zip(found["roc"], found["roc"][1:], strict=False))
