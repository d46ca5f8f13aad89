"""Rounds on a random sample of the people: their privacy by composing the distribution of the loss itself.

Where each round sees every person with probability q, independently of all others (Poisson sampling), no
closed form exists. One round's privacy loss is put on a grid in such a way that both distributions, with and
without the person, keep their mass on every interval ("connect the dots"): the result is never below the true
epsilon, and its error shrinks with the square of the grid's step. Rounds are composed by convolution.

A person may be there or not, so both directions are computed and the worse one counts.

Sources: A. Koskela, J. Jalko, A. Honkela, Computing tight differential privacy guarantees using FFT, AISTATS
2020; V. Doroshenko, B. Ghazi, P. Kamath, R. Kumar, P. Manurangsi, Connect the dots: tighter discrete
approximations of privacy loss distributions, PoPETs 2022.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.signal import fftconvolve
from scipy.special import ndtr, ndtri

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

GRID: Final = 1e-4
"""Step of the grid in units of epsilon."""

MOST_POINTS: Final = 1 << 20
"""A wider distribution gets a coarser grid; its epsilon is then large enough for that not to matter."""

_TAIL: Final = 1e-16
"""Mass of one round beyond the grid; upwards it counts as a certain breach."""

_DROPPED: Final = 1e-6
"""Share of delta that all cut tails together may cost."""


@dataclass(frozen=True, slots=True, eq=False)
class LossDistribution:
    """A privacy loss on a grid.

    Attributes:
        mass: probability of each loss, shape (points,). first: grid index of the first. step: of the grid.
        certain: probability of an infinite loss.
    """

    mass: Floats
    first: int
    step: float
    certain: float = 0.0

    def delta_of(self, epsilon: float) -> float:
        """Delta at this epsilon."""
        losses = (self.first + np.arange(len(self.mass))) * self.step
        above = losses > epsilon
        kept = -np.expm1(epsilon - losses[above])
        return float(np.sum(self.mass[above] * kept)) + self.certain

    def epsilon_of(self, delta: float) -> float:
        """The smallest epsilon on or above 0 that keeps delta; infinite where none does."""
        if self.certain > delta:
            return float("inf")
        low, high = 0.0, max((self.first + len(self.mass)) * self.step, 0.0)
        if self.delta_of(low) <= delta:
            return low
        while high - low > 1e-9 * max(high, 1.0):
            middle = (low + high) / 2
            low, high = (middle, high) if self.delta_of(middle) > delta else (low, middle)
        return high

    def composed(self, rounds: int, delta: float) -> LossDistribution:
        """The loss of so many independent rounds; what is cut off costs less than `delta` * 1e-6."""
        allowed = _DROPPED * delta / (2 * max(rounds.bit_length(), 1))
        result: LossDistribution | None = None
        power = self
        while True:
            if rounds & 1:
                result = power if result is None else _cut(_sum(result, power), allowed)
            rounds >>= 1
            if not rounds:
                break
            power = _cut(_sum(power, power), allowed / max(rounds, 1))
        assert result is not None  # noqa: S101 - rounds are at least 1
        return result


def _sum(one: LossDistribution, other: LossDistribution) -> LossDistribution:
    """The loss of one round and another, on the same grid."""
    mass = np.maximum(fftconvolve(one.mass, other.mass), 0.0)
    certain = one.certain + other.certain - one.certain * other.certain
    return LossDistribution(mass, one.first + other.first, one.step, certain)


def _cut(loss: LossDistribution, allowed: float) -> LossDistribution:
    """Without its tails: the upper one counts as certain, the lower one moves up to what is left."""
    points = len(loss.mass)
    end = points - int(np.searchsorted(np.cumsum(loss.mass[::-1]), allowed, side="right"))
    begin = int(np.searchsorted(np.cumsum(loss.mass), allowed, side="right"))
    kept = loss.mass[begin:end].copy()
    kept[0] += loss.mass[:begin].sum()
    certain = loss.certain + float(loss.mass[end:].sum())
    return LossDistribution(kept, loss.first + begin, loss.step, certain)


def sampled_gaussian(z: float, sample_rate: float, step: float = GRID) -> tuple[LossDistribution, ...]:
    """One round that sees each person with probability `sample_rate`, in both directions.

    Args:
        z: standard deviation of the noise over the sensitivity. sample_rate: above 0 and below 1.
        step: of the grid.
    """
    return tuple(_on_grid(z, sample_rate, step, leaves=leaves) for leaves in (True, False))


def _on_grid(z: float, q: float, step: float, *, leaves: bool) -> LossDistribution:
    """`leaves`: the loss of somebody who was there and is compared with their absence; else the other way."""
    reach = -float(ndtri(_TAIL)) * z
    # Values of the released sum between which all but the tails lie, of the mixture and of plain noise.
    ends = np.array([-reach, 1.0 + reach])
    losses = _log_ratio(ends, z, q)
    low, high = (losses[0], losses[1]) if leaves else (-losses[1], -losses[0])
    first, last = int(np.floor(low / step)), int(np.ceil(high / step))
    edges = np.asarray(np.arange(first, last + 1) * step, np.float64)
    x = _value_at(edges if leaves else -edges, z, q)
    if leaves:
        p, other = _mixture_cdf(x, z, q), ndtr(x / z)
    else:  # the loss falls with the value: tails instead of distribution functions
        p, other = ndtr(-x / z), _mixture_cdf(1.0 - x, z, 1.0 - q)
    in_p, in_other = np.diff(p), np.diff(other)
    upper = np.clip((in_p - in_other * np.exp(edges[:-1])) / -np.expm1(-step), 0.0, in_p)
    mass = np.zeros(len(edges))
    mass[1:] += upper
    mass[:-1] += in_p - upper
    mass[0] += p[0]  # what lies below the grid moves up to it
    return LossDistribution(mass, first, step, float(max(1.0 - p[-1], 0.0)))


def _log_ratio(x: Floats, z: float, q: float) -> Floats:
    """Log of the density with the person over that without, at these values."""
    return np.asarray(np.logaddexp(np.log1p(-q), np.log(q) + (2 * x - 1) / (2 * z * z)), np.float64)


def _value_at(loss: Floats, z: float, q: float) -> Floats:
    """Where the log ratio has this value; minus infinity where it never falls so low."""
    excess = np.expm1(loss) + q
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(excess > 0, z * z * np.log(excess / q) + 0.5, -np.inf)


def _mixture_cdf(x: Floats, z: float, q: float) -> Floats:
    return np.asarray((1 - q) * ndtr(x / z) + q * ndtr((x - 1) / z), np.float64)


def epsilon_of_rounds(z: float, sample_rate: float, rounds: int, delta: float, step: float = GRID) -> float:
    """Epsilon of `rounds` sampled rounds.

    >>> round(epsilon_of_rounds(1.1, 0.01, 1000, 1e-5, step=1e-3), 2)
    1.52
    """
    width = 2 * float(_log_ratio(np.array([1.0 - float(ndtri(_TAIL)) * z]), z, sample_rate)[0])
    while width / step > MOST_POINTS / 2:
        step *= 2
    return max(
        loss.composed(rounds, delta).epsilon_of(delta) for loss in sampled_gaussian(z, sample_rate, step)
    )
