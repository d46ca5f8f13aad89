"""Log-linear models of counts that scatter more than Poisson's: few columns, a few hundred rows.

Written out because a regression of twelve columns is fitted once for every week that is tested: a general
package spends a hundred times as long on its tables as on the sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_STEPS: Final = 30
_CLOSE: Final = 1e-8
_LARGEST: Final = 30.0
"""Of a linear predictor: e**30 cases a week is nobody's series, and overflows nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A fitted log-linear model.

    Attributes:
        beta: coefficients, shape (columns,). covariance: of them, dispersion included.
        mean: fitted means, shape (rows,). leverage: diagonal of the hat matrix, shape (rows,).
        dispersion: variance over mean, at least 1.
    """

    beta: Floats
    covariance: Floats
    mean: Floats
    leverage: Floats
    dispersion: float

    def predict(self, row: Floats) -> tuple[float, float]:
        """Mean of one further row, and the variance of the estimated mean."""
        mean = float(np.exp(np.clip(row @ self.beta, -_LARGEST, _LARGEST)))
        return mean, float(row @ self.covariance @ row) * mean * mean


def fit(columns: Floats, counts: Floats, weights: Floats) -> Fit:
    """Iteratively reweighted least squares for a quasi-Poisson model with a log link.

    Args:
        columns: shape (rows, columns), of full rank up to a ridge that only keeps it solvable.
        counts: shape (rows,). weights: prior weights, shape (rows,); 0 leaves a row out.

    Returns:
        The fit; its dispersion is Pearson's, 1 at least.

    >>> fitted = fit(np.ones((4, 1)), np.array([2.0, 4.0, 2.0, 4.0]), np.ones(4))
    >>> round(fitted.predict(np.ones(1))[0], 6)
    3.0
    """
    eta = np.log(np.maximum(counts, 0.5))
    ridge = 1e-9 * np.eye(columns.shape[1])
    beta = np.zeros(columns.shape[1])
    for _ in range(_STEPS):
        mean = np.exp(np.clip(eta, -_LARGEST, _LARGEST))
        working = weights * mean
        response = eta + (counts - mean) / mean
        information = columns.T @ (columns * working[:, None]) + ridge
        new = np.linalg.solve(information, columns.T @ (working * response))
        eta = np.clip(columns @ new, -_LARGEST, _LARGEST)
        done = np.max(np.abs(new - beta)) < _CLOSE
        beta = new
        if done:
            break
    mean = np.exp(eta)
    working = weights * mean
    inverse = np.linalg.inv(columns.T @ (columns * working[:, None]) + ridge)
    leverage = np.einsum("ij,jk,ik->i", columns, inverse, columns) * working
    free = max(float(np.count_nonzero(weights)) - columns.shape[1], 1.0)
    pearson = float(np.sum(weights * (counts - mean) ** 2 / np.maximum(mean, 1e-9)))
    dispersion = max(pearson / free, 1.0)
    return Fit(beta, dispersion * inverse, mean, np.clip(leverage, 0.0, 0.999), dispersion)


def anscombe(counts: Floats, fitted: Fit) -> Floats:
    """Standardised Anscombe residuals, shape (rows,): near normal also where counts are small."""
    mean = np.maximum(fitted.mean, 1e-9)
    raw = 1.5 * (counts ** (2 / 3) * mean ** (-1 / 6) - np.sqrt(mean))
    return np.asarray(raw / np.sqrt(fitted.dispersion * (1 - fitted.leverage)), np.float64)
