"""Privacy, computed: what a training with noise costs, and how much noise a promise needs.

>>> from healthtwin.privacy import Schedule, epsilon_of, noise_for
>>> ten = Schedule(rounds=10)
>>> round(epsilon_of(noise_for(1.0, ten), ten), 3)
1.0
"""

from healthtwin.privacy.accountant import (
    DEFAULT_DELTA,
    Adjacency,
    Schedule,
    Unit,
    epsilon_of,
    noise_for,
)
from healthtwin.privacy.pitfalls import (
    check_delta,
    epsilon_of_many_rows,
    noise_after_dropout,
    weighted_noise,
)

__all__ = [
    "DEFAULT_DELTA",
    "Adjacency",
    "Schedule",
    "Unit",
    "check_delta",
    "epsilon_of",
    "epsilon_of_many_rows",
    "noise_after_dropout",
    "noise_for",
    "weighted_noise",
]
