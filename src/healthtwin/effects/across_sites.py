"""An effect across hospitals that show no patient: each gives four numbers of its own estimate.

Hospitals treat different people at different rates, so neither rows nor means may be thrown together: a
treatment that helps everywhere can look harmful in the sum (Simpson). Each hospital's doubly robust scores
have their own mean and scatter; of these the mean over all people, its error, and how far hospitals disagree
follow without another look at anybody.

Source: W. G. Cochran, The combination of estimates from different experiments, Biometrics 10 (1954) 101-129;
J. P. T. Higgins, S. G. Thompson, Statistics in Medicine 21 (2002) 1539-1558 (I squared).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import chi2

from healthtwin.domain.errors import InvalidInput
from healthtwin.effects.estimate import Z

if TYPE_CHECKING:
    from collections.abc import Sequence

    from healthtwin.effects.estimate import Effect


@dataclass(frozen=True, slots=True)
class SiteSummary:
    """All that leaves a hospital: its people, the treated among them, its effect and the error of it."""

    site: str
    people: int
    treated: int
    value: float
    error: float


@dataclass(frozen=True, slots=True)
class Combined:
    """An effect across hospitals.

    Attributes:
        value, low, high: in all people of all hospitals, with its 95 % interval.
        sites: the summaries it was made of. disagreement: I squared, share of the scatter between hospitals
            that chance does not explain. p: of Cochran's Q: how often chance alone makes them differ so much.
    """

    value: float
    low: float
    high: float
    sites: tuple[SiteSummary, ...]
    disagreement: float
    p: float


def summary_of(site: str, effect: Effect, treated: int) -> SiteSummary:
    """What this hospital gives away."""
    return SiteSummary(site, len(effect.each), treated, effect.value, effect.error)


def combine(sites: Sequence[SiteSummary]) -> Combined:
    """The effect in all people of these hospitals.

    Raises:
        InvalidInput: there are none, one stands twice, or a summary cannot be.

    >>> both = combine([SiteSummary("a", 900, 810, 2.0, 0.2), SiteSummary("b", 100, 10, 2.0, 0.6)])
    >>> round(both.value, 2), round(both.disagreement, 2)
    (2.0, 0.0)
    """
    if not sites:
        raise InvalidInput("sites", "none", "one or more")
    for one in sites:
        if one.people < 1 or not np.isfinite(one.value) or not one.error > 0:
            raise InvalidInput(f"site {one.site}", f"{one.value} ± {one.error}", "an effect with an error")
    if len({one.site for one in sites}) < len(sites):
        raise InvalidInput("sites", [one.site for one in sites], "each hospital once")
    people = np.array([one.people for one in sites], np.float64)
    value, error = np.array([one.value for one in sites]), np.array([one.error for one in sites])
    share = people / people.sum()
    mean = float(share @ value)
    spread = float(np.sqrt(share**2 @ error**2))
    precision = 1 / error**2
    centre = float(precision @ value / precision.sum())
    scatter = float(precision @ (value - centre) ** 2)
    free = len(sites) - 1
    return Combined(
        mean,
        mean - Z * spread,
        mean + Z * spread,
        tuple(sites),
        max(0.0, (scatter - free) / scatter) if scatter > 0 else 0.0,
        float(chi2.sf(scatter, free)) if free else 1.0,
    )
