"""Ridge logistic regression by L-BFGS: small, deterministic, all that stacking and the trend member need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.optimize import minimize

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STEPS: Final = 60
"""Steps of L-BFGS at most: from here on the loss falls in the fifth digit."""


def fit_logistic(
    columns: NDArray[np.floating[Any]],
    came: NDArray[np.floating[Any]],
    weight: Floats,
    ridge: float,
    toward: Floats | None = None,
) -> tuple[Floats, float]:
    """Weights and constant that minimise the weighted log loss plus ``ridge / 2 * |weights - toward|²``.

    Args:
        columns: standardised, shape (rows, columns). came: 0 or 1, shape (rows,). weight: shape (rows,).
        ridge: strength, in rows. toward: where the ridge pulls to; 0 where it is None.

    >>> x = np.array([[-1.0], [0.0], [1.0], [2.0]])
    >>> weights, constant = fit_logistic(x, np.array([0, 0, 1, 1]), np.ones(4), 1.0)
    >>> bool(weights[0] > 0)
    True
    """
    wide = np.asarray(columns)
    pulled = np.zeros(wide.shape[1]) if toward is None else toward
    total = float(weight.sum())
    share = min(max(float((weight * came).sum()) / max(total, 1e-12), 1e-6), 1.0 - 1e-6)
    start = np.concatenate([[np.log(share / (1.0 - share))], pulled])

    def loss(parameters: Floats) -> tuple[float, Floats]:
        score = wide @ parameters[1:].astype(wide.dtype) + parameters[0]
        score = score.astype(np.float64)
        off = weight * (1.0 / (1.0 + np.exp(-np.clip(score, -500.0, 500.0))) - came)
        apart = parameters[1:] - pulled
        value = float((weight * (np.logaddexp(0.0, score) - came * score)).sum())
        slope = np.asarray(wide.T @ off.astype(wide.dtype), np.float64) + ridge * apart
        whole = (value + 0.5 * ridge * float((apart * apart).sum())) / total
        return whole, np.concatenate([[off.sum()], slope]) / total

    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS, "ftol": 1e-8})
    return np.asarray(found.x[1:], np.float64), float(found.x[0])
