"""What would have to be true for an estimate to be wrong: it is asked where the right answer is nothing.

- *Placebo treatment*: treatments are dealt anew among people of the same chance to be treated. There is no
  effect then; an estimate that finds one finds it in the models.
- *Dummy outcome*: outcomes are dealt anew among all. The same.
- *Unobserved confounder*: how much of what is left of treatment and outcome an unknown cause would have to
  explain, both alike, to bring the effect to nothing, and to bring the interval to nothing.

Source of the last: C. Cinelli, C. Hazlett, Making sense of sensitivity: extending omitted variable bias, J.
R. Statist. Soc. B 82 (2020) 39-67 (the robustness value).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.effects.estimate import Z, cross_fitted
from healthtwin.effects.study import Study

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.effects.estimate import Effect

    Floats = NDArray[np.float64]

REPEATS: Final = 10
STRATA: Final = 10
"""Tenths of the chance to be treated, within which a placebo is dealt."""


@dataclass(frozen=True, slots=True)
class Known:
    """An estimate where the right answer is 0.

    Attributes:
        value: mean over the repeats. error: standard error of one. covered: share of intervals that hold 0.
        passed: whether the mean lies within one standard error: repeats share their outcomes, so their mean
            scatters by about half of that.
    """

    value: float
    error: float
    covered: float
    passed: bool


@dataclass(frozen=True, slots=True)
class Refutations:
    """What an estimate was confronted with.

    Attributes:
        placebo, dummy: see the module.
        robustness: share of the rest of treatment and outcome that an unknown cause must explain to bring the
            effect to 0; robustness_of_interval: to bring the interval to 0 (0 where it holds 0 already).
    """

    placebo: Known
    dummy: Known
    robustness: float
    robustness_of_interval: float


def refute(study: Study, effect: Effect, seed: int = 0, repeats: int = REPEATS) -> Refutations:
    """Confront an estimate with questions of which the answer is known."""
    rng = np.random.default_rng(seed + 1)
    placebo = [_asked(_with_placebo(study, effect, rng), effect, seed + i) for i in range(repeats)]
    dummy = [
        _asked(replace(study, outcome=rng.permutation(study.outcome)), effect, seed + i)
        for i in range(repeats)
    ]
    return Refutations(
        _known(placebo),
        _known(dummy),
        robustness_value(abs(effect.value) / effect.error, len(study)),
        robustness_value(max(abs(effect.value) / effect.error - Z, 0.0), len(study)),
    )


def robustness_value(t: float, people: int) -> float:
    """Share that an unknown cause must explain, from an effect of `t` standard errors in so many people.

    >>> round(robustness_value(4.18, 783), 3)  # the example of Cinelli and Hazlett
    0.139
    """
    f = t / np.sqrt(people)
    return float((np.sqrt(f**4 + 4 * f**2) - f**2) / 2)


def _with_placebo(study: Study, effect: Effect, rng: np.random.Generator) -> Study:
    """Treatments dealt anew among people of like chance; outcomes without what the real one did to them."""
    order = np.argsort(effect.parts.chance, kind="stable")
    treated = study.treated.copy()
    for stratum in np.array_split(order, STRATA):
        treated[stratum] = rng.permutation(treated[stratum])
    outcome = study.outcome - np.where(study.treated, effect.each, 0.0)
    return replace(study, treated=treated, outcome=outcome)


def _asked(study: Study, effect: Effect, seed: int) -> tuple[float, float]:
    parts, _ = cross_fitted(study, seed, effect.smoothness)
    value = float(parts.influence.mean())
    return value, float(parts.influence.std(ddof=1) / np.sqrt(len(study)))


def _known(answers: list[tuple[float, float]]) -> Known:
    values, errors = np.array(answers).T
    mean, error = float(values.mean()), float(errors.mean())
    covered = float((np.abs(values) <= Z * errors).mean())
    return Known(mean, error, covered, abs(mean) <= error)
