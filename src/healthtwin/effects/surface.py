"""What becomes of people as a function of what is known of them: Gaussian process regression.

A sum of a smooth part and a straight one, so that a plain table is read as a plain regression would, and a
curved one is not forced straight. How smooth is learned from the data by the marginal likelihood, on a part
of them where they are many; then everybody enters through a smaller number of landmarks (Nystroem).

Source: C. E. Rasmussen, C. K. I. Williams, Gaussian processes for machine learning, MIT Press 2006, chapters
2, 5 and 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.linalg import cho_factor, cho_solve, cholesky
from scipy.optimize import minimize

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LANDMARKS: Final = 700
"""With more people than this, a kernel matrix of all would take minutes."""

_PRIOR: Final = np.array([0.0, 1.5, -3.0, -1.0])
_PRIOR_WEIGHT: Final = 0.04
_BOUNDS: Final = ((-6.0, 6.0), (-1.0, 5.0), (-9.0, 3.0), (-7.0, 2.0))
_STARTS: Final = (3.0, 8.0)
_STEPS: Final = 40
_JITTER: Final = 1e-8


@dataclass(frozen=True, slots=True)
class Smoothness:
    """How a surface bends, in standard deviations of covariates and outcome.

    Attributes:
        bend: variance of the smooth part. reach: distance over which it changes.
        slope: variance of each straight part. noise: variance of what no covariate explains.
    """

    bend: float
    reach: float
    slope: float
    noise: float


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """A fitted surface; made by `fit`."""

    at: Floats
    how: Smoothness
    centre: float
    scale: float
    factor: tuple[Floats, bool]
    weights: Floats
    few: bool

    def predict(self, covariates: Floats) -> Floats:
        """Expected outcome of these people, shape (people,)."""
        return np.asarray(self.centre + self.scale * (_kernel(covariates, self.at, self.how) @ self.weights))

    def variance(self, covariates: Floats) -> Floats:
        """How far the surface itself may be off there, squared, shape (people,)."""
        between = _kernel(covariates, self.at, self.how)
        prior = self.how.bend + self.how.slope * (covariates**2).sum(axis=1)
        if not self.few:
            explained = np.einsum("ij,ji->i", between, cho_solve(self.factor, between.T))
            return np.asarray(np.maximum(prior - explained, 0.0) * self.scale**2)
        left = np.einsum("ij,ji->i", between, cho_solve(self.factor, between.T)) * self.how.noise
        return np.asarray(np.maximum(left, 0.0) * self.scale**2)


def fit(covariates: Floats, outcome: Floats, how: Smoothness | None = None, seed: int = 0) -> Surface:
    """Fit a surface.

    Args:
        covariates: standardised, shape (people, columns). outcome: shape (people,).
        how: smoothness, where it is known already; learned otherwise.
        seed: chooses the landmarks where people are many.
    """
    centre, scale = float(outcome.mean()), float(outcome.std()) or 1.0
    scaled = (outcome - centre) / scale
    some = _some(len(outcome), seed)
    if how is None:
        how = learn_smoothness(covariates[some], scaled[some])
    if len(some) == len(outcome):
        matrix = _kernel(covariates, covariates, how) + how.noise * np.eye(len(outcome))
        factor = cho_factor(matrix, lower=True)
        return Surface(covariates, how, centre, scale, factor, cho_solve(factor, scaled), few=False)
    at = covariates[some]
    between = _kernel(covariates, at, how)
    matrix = between.T @ between + how.noise * _kernel(at, at, how) + _JITTER * len(outcome) * np.eye(len(at))
    factor = cho_factor(matrix, lower=True)
    return Surface(at, how, centre, scale, factor, cho_solve(factor, between.T @ scaled), few=True)


def learn_smoothness(covariates: Floats, scaled: Floats) -> Smoothness:
    """The smoothness under which these outcomes, scaled to mean 0 and variance 1, are likeliest."""
    distance, product = _distance(covariates, covariates), covariates @ covariates.T
    people = len(scaled)

    def loss(logs: Floats) -> tuple[float, Floats]:
        bend, reach, slope, noise = np.exp(logs)
        smooth = bend * np.exp(-0.5 * distance / reach**2)
        try:
            root = cholesky(smooth + slope * product + noise * np.eye(people), lower=True)
        except np.linalg.LinAlgError:
            return 1e12, np.zeros(len(logs))
        weights = cho_solve((root, True), scaled)
        value = 0.5 * scaled @ weights + np.log(np.diag(root)).sum()
        open_yet = cho_solve((root, True), np.eye(people)) - np.outer(weights, weights)
        gradient = 0.5 * np.array(
            [
                (open_yet * smooth).sum(),
                (open_yet * (smooth * distance / reach**2)).sum(),
                slope * (open_yet * product).sum(),
                noise * np.trace(open_yet),
            ]
        )
        away = logs - _PRIOR
        return float(value + 0.5 * _PRIOR_WEIGHT * away @ away), gradient + _PRIOR_WEIGHT * away

    found = min(
        (
            minimize(
                loss,
                np.array([0.0, np.log(reach), -3.0, -1.0]),
                jac=True,
                method="L-BFGS-B",
                bounds=_BOUNDS,
                options={"maxiter": _STEPS},
            )
            for reach in _STARTS
        ),
        key=lambda result: float(result.fun),
    )
    return Smoothness(*(float(value) for value in np.exp(found.x)))


def _some(people: int, seed: int) -> NDArray[np.int64]:
    if people <= LANDMARKS:
        return np.arange(people)
    return np.sort(np.random.default_rng(seed).choice(people, LANDMARKS, replace=False))


def _distance(one: Floats, other: Floats) -> Floats:
    squared = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1)[None] - 2 * one @ other.T
    return np.asarray(np.maximum(squared, 0.0))


def _kernel(one: Floats, other: Floats, how: Smoothness) -> Floats:
    smooth = how.bend * np.exp(-0.5 * _distance(one, other) / how.reach**2)
    return np.asarray(smooth + how.slope * one @ other.T)
