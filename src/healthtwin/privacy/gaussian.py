"""The Gaussian mechanism without sampling, exactly: rounds of noise compose into one round with less.

`rounds` releases of a sum of sensitivity 1, each with normal noise of standard deviation `z`, are together as
private as a single one with `z / sqrt(rounds)`. For that one delta is known in closed form as a function of
epsilon, so nothing is estimated. The formula of textbooks, sqrt(2 ln(1.25 / delta)) / epsilon, holds only
for epsilon below 1 and is not used.

Source: B. Balle, Y.-X. Wang, Improving the Gaussian mechanism for differential privacy, ICML 2018, theorem 8;
J. Dong, A. Roth, W. Su, Gaussian differential privacy, J. R. Statist. Soc. B 84 (2022) 3-54, corollary 2.13.
"""

from __future__ import annotations

import math
from typing import Final

from scipy.special import log_ndtr, ndtr

_STEPS: Final = 200
_EXACT: Final = 1e-12


def delta_of(epsilon: float, mu: float) -> float:
    """Delta of one Gaussian release whose sensitivity is `mu` standard deviations.

    >>> round(delta_of(1.0, 1.0), 6)
    0.126937
    """
    low = ndtr(mu / 2 - epsilon / mu)
    high = math.exp(min(epsilon + float(log_ndtr(-mu / 2 - epsilon / mu)), 0.0))
    return max(float(low) - high, 0.0)


def epsilon_of(delta: float, mu: float) -> float:
    """Epsilon of one Gaussian release whose sensitivity is `mu` standard deviations.

    >>> round(epsilon_of(1e-5, 2.0), 2)  # a noise multiplier of 0.5, once
    10.0
    """
    if delta_of(0.0, mu) <= delta:
        return 0.0
    low, high = 0.0, 1.0
    while delta_of(high, mu) > delta:
        low, high = high, 2 * high
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if delta_of(middle, mu) > delta else (low, middle)
        if high - low <= _EXACT * high:
            break
    return high  # the side on which delta is kept


def mu_of(epsilon: float, delta: float) -> float:
    """The largest sensitivity, in standard deviations, of a release that keeps (epsilon, delta)."""
    low, high = 0.0, 1.0
    while delta_of(epsilon, high) <= delta:
        low, high = high, 2 * high
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if delta_of(epsilon, middle) <= delta else (low, middle)
        if high - low <= _EXACT * high:
            break
    return low
