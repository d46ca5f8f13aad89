"""Which values of an observation the twin should not take for normal as they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import RULES, AlertLevel
from healthtwin.domain.shifts import outside
from healthtwin.domain.signs import any_of, signs_of
from healthtwin.forecast.budget import LEAST

if TYPE_CHECKING:
    from healthtwin.forecast.member import Expected, Flags, Levels, Signs, StructuredArray

STANDING: Final = LEAST
"""A metric whose own sum (`forecast.deviation`) has reached the least score at which anything may be told is
in question with every value, also one that falls back into the usual range by chance."""

_SAFETY: Final = signs_of(*(rule.number for rule in RULES.values() if not rule.budgeted))


def in_question(
    deviation: StructuredArray,
    observations: StructuredArray,
    expected: Expected,
    signs: Signs,
    level: Levels,
    confirmed: Flags,
) -> Flags:
    """Which values are unusual for the person, or were taken in danger while nothing is known to compare.

    A limit alone puts nothing in question that the twin knows: a pulse of 38 at 3 in the morning that is
    usual for an athlete may break a limit and is normal all the same. The limit goes on to speak, whatever is
    learned.

    Args:
        deviation: records of `forecast.DeviationCusum`, shape (n,). observations: shape (n,).
        expected: of them. signs: that speak now. level: that is raised now, shape (n,).
        confirmed: whose level somebody has confirmed, shape (n, metrics): nothing is known of it yet, and it
            is to be learned all the same, but never from a critical state.

    Returns:
        Shape (n, metrics).
    """
    value = observations["value"]
    unusual = outside(value, expected.center, expected.z)
    standing = np.maximum(deviation["up"], deviation["down"]) >= STANDING
    danger = any_of(signs & _SAFETY)[:, None]
    critical = (level >= AlertLevel.CRITICAL)[:, None]
    unknown = ~expected.ready & ((danger & ~confirmed) | critical)
    found: Flags = ~np.isnan(value) & (unusual | standing | unknown)
    return found
