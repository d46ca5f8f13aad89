"""Who gets treated: a ridge logistic regression, and whether treated and untreated people are alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import expit
from scipy.stats import rankdata

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RIDGE: Final = 3.0
FIRM: Final = (0.05, 0.95)
"""Between these, both treatments are real possibilities (Crump et al., Biometrika 96 (2009) 187-199, use
0.1 to 0.9 as a rule of thumb for leaving people out; here nobody is left out, so the band is wider)."""

MOST_OUTSIDE: Final = 0.2
"""Share of people outside the band from which the effect in everybody is no longer answered."""

SEPARATED: Final = 0.995
"""Share of pairs, one treated and one not, of which the treated one is the likelier treated: from here on the
two groups do not mix, and nothing is answered."""

CLIPPED: Final = FIRM[0]
"""For weighting, chances are clipped to the band: a person with one of 1 % would weigh as a hundred. On five
replications of IHDP this halves the interval against 0.01 and moves the effect by a third of its error."""
_LEAST: Final = 1e-6
_STEPS: Final = 50
_CLOSE: Final = 1e-9


def fit_propensity(covariates: Floats, treated: NDArray[np.bool_]) -> Floats:
    """Coefficients, intercept first, shape (columns + 1,)."""
    columns = np.column_stack([np.ones(len(covariates)), covariates])
    penalty = RIDGE * np.eye(columns.shape[1])
    penalty[0, 0] = 0.0
    beta = np.zeros(columns.shape[1])
    for _ in range(_STEPS):
        chance = expit(columns @ beta)
        gradient = columns.T @ (treated - chance) - penalty @ beta
        information = (columns * (chance * (1 - chance))[:, None]).T @ columns + penalty
        step = np.linalg.solve(information + 1e-9 * np.eye(len(beta)), gradient)
        beta = beta + np.clip(step, -5.0, 5.0)
        if np.abs(step).max() < _CLOSE:
            break
    return np.asarray(beta, np.float64)


def propensity(covariates: Floats, beta: Floats) -> Floats:
    """Chance of being treated, shape (people,)."""
    chance = expit(np.column_stack([np.ones(len(covariates)), covariates]) @ beta)
    return np.asarray(np.clip(chance, _LEAST, 1 - _LEAST), np.float64)


@dataclass(frozen=True, slots=True)
class Overlap:
    """How alike treated and untreated people are.

    Attributes:
        outside: share of people for whom one of the two was hardly possible (`FIRM`).
        effective: people that an inverse weighting would really rest on.
        largest_weight: of a single person in it. shared: weight of the overlap, 1 where a coin decided.
        separation: how well the chance tells the two groups apart, 0.5 not at all, 1 wholly (AUROC).
        clipped: people whose chance was clipped.
    """

    outside: float
    effective: float
    largest_weight: float
    shared: float
    separation: float
    clipped: int

    @property
    def everybody(self) -> bool:
        """Whether the effect in everybody can be answered; else only where both treatments occur."""
        return self.outside <= MOST_OUTSIDE

    @property
    def anybody(self) -> bool:
        """Whether there is any overlap to speak of."""
        return self.separation < SEPARATED


def overlap_of(chance: Floats, treated: NDArray[np.bool_]) -> Overlap:
    """How alike they are, from each person's chance of treatment."""
    weight = np.where(treated, 1 / chance, 1 / (1 - chance))
    return Overlap(
        outside=float(((chance < FIRM[0]) | (chance > FIRM[1])).mean()),
        effective=float(weight.sum() ** 2 / (weight**2).sum()),
        largest_weight=float(weight.max()),
        shared=float(4 * (chance * (1 - chance)).mean()),
        separation=_separation(chance, treated),
        clipped=int(((chance < CLIPPED) | (chance > 1 - CLIPPED)).sum()),
    )


def _separation(chance: Floats, treated: NDArray[np.bool_]) -> float:
    """AUROC by mid-ranks: ties count half, so that equal chances are exactly 0.5."""
    ranks = rankdata(chance)
    many, few = int(treated.sum()), int((~treated).sum())
    return float((ranks[treated].sum() - many * (many + 1) / 2) / (many * few))
