"""What a treatment does, from people who were treated and people who were not, without a coin having decided.

Doubly robust: a model of what becomes of people and a model of who gets treated are fitted on other people
than they are used on (cross-fitting), and the estimate is right when one of the two is. Where treated and
untreated people are hardly alike, the effect in everybody is not answered; the effect in those for whom both
were possible is, and named so. Where nobody was, nothing is answered.

Sources: J. M. Robins, A. Rotnitzky, L. P. Zhao, JASA 89 (1994) 846-866; V. Chernozhukov et al., Econometrics
J. 21 (2018) C1-C68; F. Li, K. L. Morgan, A. M. Zaslavsky, Balancing covariates via propensity score
weighting, JASA 113 (2018) 390-400.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.stats import norm

from healthtwin.domain.errors import InvalidInput
from healthtwin.effects.propensity import CLIPPED, Overlap, fit_propensity, overlap_of, propensity
from healthtwin.effects.surface import Smoothness, fit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.effects.study import Study

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

FOLDS: Final = 5
LEVEL: Final = 0.95
Z: Final = float(norm.ppf(0.5 + LEVEL / 2))


class Estimand(StrEnum):
    """In whom the effect is meant."""

    EVERYBODY = "everybody"
    OVERLAP = "people for whom both were possible"


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What cross-fitting says of each person; every array of shape (people,).

    Attributes:
        chance: of being treated. with_it, without: expected outcome.
        influence: doubly robust score: its mean is the effect in everybody.
    """

    chance: Floats
    with_it: Floats
    without: Floats
    influence: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """An effect with its interval, and what it rests on.

    Attributes:
        estimand: in whom. value: mean difference in the outcome. low, high: 95 % interval of it.
        error: standard error. overlap: how alike the two groups are. naive: difference of the two means.
        each: effect in each person by the outcome models, shape (people,); each_low, each_high: 95 %
            intervals of these, as the models see themselves.
        parts: what cross-fitting said. smoothness: of the outcome without and with the treatment.
    """

    estimand: Estimand
    value: float
    low: float
    high: float
    error: float
    overlap: Overlap
    naive: float
    each: Floats
    each_low: Floats
    each_high: Floats
    parts: Parts
    smoothness: tuple[Smoothness, Smoothness]


def estimate(study: Study, seed: int = 0) -> Effect:
    """The effect of the treatment on the outcome.

    Args:
        seed: deals people to folds.

    Raises:
        InvalidInput: no person could have been either treated or not: nothing can be learned here.
    """
    parts, smoothness = cross_fitted(study, seed)
    overlap = overlap_of(parts.chance, study.treated)
    if not overlap.anybody:
        raise InvalidInput(
            "overlap",
            f"{overlap.outside:.0%} of people could hardly have been in the other group",
            "people of the same kind with and without the treatment; narrow the question or the covariates",
        )
    estimand = Estimand.EVERYBODY if overlap.everybody else Estimand.OVERLAP
    value, error = _mean(parts, estimand)
    each, spread = _each(study, smoothness, seed)
    naive = float(study.outcome[study.treated].mean() - study.outcome[~study.treated].mean())
    return Effect(
        estimand,
        value,
        value - Z * error,
        value + Z * error,
        error,
        overlap,
        naive,
        each,
        each - Z * spread,
        each + Z * spread,
        parts,
        smoothness,
    )


def cross_fitted(
    study: Study, seed: int = 0, smoothness: tuple[Smoothness, Smoothness] | None = None
) -> tuple[Parts, tuple[Smoothness, Smoothness]]:
    """Every person's scores by models that did not see them.

    How smooth the outcome is, four numbers, is learned once from everybody; what its values are is not.
    """
    treated, outcome, known = study.treated, study.outcome, study.covariates
    if smoothness is None:
        smoothness = (
            fit(known[~treated], outcome[~treated], seed=seed).how,
            fit(known[treated], outcome[treated], seed=seed).how,
        )
    fold = _folds(treated, seed)
    chance, without, with_it = (np.empty(len(study)) for _ in range(3))
    for each in range(FOLDS):
        rest, here = fold != each, fold == each
        chance[here] = propensity(known[here], fit_propensity(known[rest], treated[rest]))
        for into, group, how in ((without, ~treated, smoothness[0]), (with_it, treated, smoothness[1])):
            chosen = rest & group
            into[here] = fit(known[chosen], outcome[chosen], how, seed).predict(known[here])
    weighed = np.clip(chance, CLIPPED, 1 - CLIPPED)
    surprise = np.where(treated, (outcome - with_it) / weighed, -(outcome - without) / (1 - weighed))
    return Parts(chance, with_it, without, with_it - without + surprise), smoothness


def _mean(parts: Parts, estimand: Estimand) -> tuple[float, float]:
    """Effect and standard error in whom it is asked for."""
    weight = np.ones(len(parts.chance))
    if estimand is Estimand.OVERLAP:
        weight = parts.chance * (1 - parts.chance)
    share = weight / weight.mean()
    value = float((share * parts.influence).mean())
    scores = share * (parts.influence - value)
    return value, float(scores.std(ddof=1) / np.sqrt(len(scores)))


def _each(study: Study, smoothness: tuple[Smoothness, Smoothness], seed: int) -> tuple[Floats, Floats]:
    """Effect in each person and its standard deviation, by outcome models that saw everybody."""
    known = study.covariates
    groups = zip((~study.treated, study.treated), smoothness, strict=True)
    without, with_it = (fit(known[group], study.outcome[group], how, seed) for group, how in groups)
    spread = np.sqrt(without.variance(known) + with_it.variance(known))
    return with_it.predict(known) - without.predict(known), np.asarray(spread, np.float64)


def _folds(treated: Flags, seed: int) -> NDArray[np.int64]:
    """A fold for each person, treated and untreated dealt evenly."""
    rng = np.random.default_rng(seed)
    fold = np.empty(len(treated), np.int64)
    for group in (treated, ~treated):
        fold[group] = rng.permutation(int(group.sum())) % FOLDS
    return fold
