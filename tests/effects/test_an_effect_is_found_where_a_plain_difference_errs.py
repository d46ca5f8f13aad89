"""Planted effects under confounding, poor overlap, nothing planted at all, and hospitals that differ."""

from __future__ import annotations

import numpy as np
import pytest

from healthtwin.domain.errors import InvalidInput
from healthtwin.effects import (
    Estimand,
    SiteSummary,
    combine,
    estimate,
    refute,
    study_of,
    summary_of,
)

PEOPLE = 300


def planted(effect: float, seed: int, strength: float = 1.0, people: int = PEOPLE) -> tuple[np.ndarray, ...]:
    """Sicker people are treated more often and do worse: the plain difference is off by about 1.5."""
    rng = np.random.default_rng(seed)
    sick, age = rng.normal(size=people), rng.normal(size=people)
    treated = (rng.random(people) < 1 / (1 + np.exp(-strength * sick))).astype(float)
    outcome = effect * treated + 2 * sick + 0.5 * age**2 + rng.normal(size=people)
    return treated, outcome, np.column_stack([sick, age])


def test_the_planted_effect_lies_in_the_interval_and_the_plain_difference_does_not() -> None:
    inside = 0
    for seed in range(6):
        effect = estimate(study_of(*planted(1.0, seed)))
        inside += effect.low <= 1.0 <= effect.high
        assert effect.naive > effect.high
    assert inside >= 5


def test_where_the_effect_differs_it_is_told_for_each() -> None:
    rng = np.random.default_rng(7)
    x = rng.normal(size=(PEOPLE, 3))
    treated = (rng.random(PEOPLE) < 0.5).astype(float)
    truth = 1 + x[:, 0]
    effect = estimate(study_of(treated, truth * treated + x[:, 1] + 0.5 * rng.normal(size=PEOPLE), x))
    assert np.corrcoef(effect.each, truth)[0, 1] > 0.95
    held = (effect.each_low <= truth) & (truth <= effect.each_high)
    assert held.mean() > 0.8


def test_with_poor_overlap_the_effect_is_that_in_people_who_overlap_and_says_so() -> None:
    effect = estimate(study_of(*planted(1.0, 3, strength=4.0)))
    assert effect.estimand is Estimand.OVERLAP
    assert effect.overlap.outside > 0.2
    assert effect.low <= 1.0 <= effect.high


def test_without_any_overlap_nothing_is_answered() -> None:
    x = np.linspace(-3, 3, PEOPLE)
    with pytest.raises(InvalidInput, match="with and without the treatment"):
        estimate(study_of((x > 0).astype(float), x, np.column_stack([x, x**3])))


def test_a_placebo_and_a_dummy_outcome_have_no_effect_and_the_real_one_holds() -> None:
    study = study_of(*planted(2.0, 5))
    against = refute(study, estimate(study), repeats=6)
    assert against.placebo.passed
    assert against.dummy.passed
    assert against.robustness > against.robustness_of_interval > 0.1


def test_where_nothing_was_planted_the_interval_needs_no_unknown_cause() -> None:
    study = study_of(*planted(0.0, 8))
    effect = estimate(study)
    assert effect.low <= 0 <= effect.high
    assert refute(study, effect, repeats=2).robustness_of_interval == 0


def test_hospitals_that_treat_differently_are_not_thrown_together() -> None:
    """The treatment helps in both; all rows in one table would say that it harms."""
    rng = np.random.default_rng(9)
    sites, tables = [], []
    for name, share, level in (("mild", 0.15, 10.0), ("severe", 0.85, 0.0)):
        x = rng.normal(size=(250, 2))
        treated = (rng.random(250) < share).astype(float)
        outcome = level + treated + x[:, 0] + rng.normal(size=250)
        effect = estimate(study_of(treated, outcome, x))
        sites.append(summary_of(name, effect, int(treated.sum())))
        tables.append((treated, outcome))
    pooled_treated, pooled_outcome = (np.concatenate(column) for column in zip(*tables, strict=True))
    assert pooled_outcome[pooled_treated == 1].mean() < pooled_outcome[pooled_treated == 0].mean()
    together = combine(sites)
    assert together.low <= 1.0 <= together.high
    assert together.p > 0.01


def test_hospitals_with_different_effects_are_said_to_disagree() -> None:
    together = combine([SiteSummary("a", 500, 250, 2.0, 0.1), SiteSummary("b", 500, 250, -1.0, 0.1)])
    assert together.disagreement > 0.9
    assert together.p < 1e-6


@pytest.mark.parametrize(
    "sites",
    [
        [],
        [SiteSummary("a", 0, 0, 1.0, 0.1)],
        [SiteSummary("a", 10, 5, float("nan"), 0.1)],
        [SiteSummary("a", 10, 5, 1.0, 0.1), SiteSummary("a", 10, 5, 1.0, 0.1)],
    ],
)
def test_summaries_that_cannot_be_are_refused(sites: list[SiteSummary]) -> None:
    with pytest.raises(InvalidInput):
        combine(sites)
