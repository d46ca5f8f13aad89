"""At most so many false alarms per person, at a site the models have never seen.

A threshold that gave one false alarm per person-day where a model was trained gives a third of one, or three,
at the next hospital: its people are sicker, its oximeters read lower, its nurses chart less often. No labels
come from there, but its scores do, and an hour after each score the readings themselves tell whether the
event came. So the threshold starts from the tail of the training side and is moved, for the whole site
together, until the alarms of event-free time are as many as were asked for.

The scale. `TailReference` says how far out a score lies on the training side: its *surprise*, −ln of the
share of event-free scores that are at least as high. There one in 24 is 3.18, whatever the model, and adding
ln 2 halves the alarms where the site is like the training side. All thresholds live on this scale.

The controller. At each settlement `asked` alarms were due and `alarms` false ones were given::

    shift ← shift + (alarms − asked * (1 − payback)) / (FIRST + alarms asked for so far, at most MEMORY)
    debt  ← debt  + (alarms − asked)
    threshold = −ln(asked per look) + shift + payback    where payback = debt / PAYBACK, at most MOST_PAYBACK

`shift` learns how much louder than the training side the site is. The gain is that of a stochastic
approximation of a log rate (Robbins & Monro, Ann Math Stat 1951;22:400), held above 1/MEMORY so that it
follows drift; `debt` gives back what was too much on the way, so that the total comes out right and not only
the final rate (adaptive conformal inference, Gibbs & Candès, NeurIPS 2021, with an integral term as in
Angelopoulos et al., Conformal PID control, NeurIPS 2023).

What counts. Event-free time alone: whoever settles leaves out the looks at which a safety rule speaks or an
episode stands open, and those after which the event came (an alarm before it was right). Where the outcome
never becomes known, `false_share` counts an alarm by its calibrated chance of having been false. A day moves
the threshold by `DAILY_CAP` at most, so that one bad night is no new normal. Safety rules and critical
alerts never ask.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    StructuredArray = NDArray[np.void]
    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float64]

LEVELS: Final = (
    *(0.9, 0.7, 0.5, 0.35, 0.25, 0.18, 0.13, 0.1, 0.07, 0.05, 0.035, 0.025, 0.018, 0.013, 0.01),
    *(0.007, 0.005, 0.0035, 0.0025, 0.0018, 0.0013, 0.001),
)
"""Shares of event-free scores at whose lower ends a reference has its knots: steps of about a third."""

LEAST_ABOVE: Final = 20
"""A knot needs this many scores above it: its own share is then known to about ±45 % (Poisson)."""

FIRST: Final = 8.0
"""Expected alarms that the training side's threshold is worth at first: the prior's weight."""

MEMORY: Final = 120.0
"""Expected alarms that the learned shift rests on at most: about a tenth of noise in the rate."""

PAYBACK: Final = 20.0
"""Alarms too many for which the rate is lowered by one natural unit, as far as `MOST_PAYBACK` allows."""

MOST_PAYBACK: Final = 0.5
"""Giving back never asks for less than half of the budget or more than one and a half of it."""

MOST_DEBT: Final = 60.0
"""Nobody is kept quiet for weeks because of one bad day long ago."""

DAILY_CAP: Final = 0.6931471805599453  # ln 2
"""A day halves or doubles the rate at most, once a site is known."""

NEW_SITE: Final = 20.0
NEW_SITE_CAP: Final = 4.0
"""Before this many alarms were asked for there is no normal of the site to protect: then a day may move the
threshold this much further, less and less until the site is known."""

MOST_SHIFT: Final = 15.0
"""A bound for numbers that went wrong; long before it the drift record says that the scores mean little."""

RELEASE: Final = 0.6931471805599453  # ln 2
"""An episode stays open until the score is one that event-free time shows twice as often as its threshold."""

LEAST_OPEN_S: Final = 30 * 60
"""An episode lasts this long at least: two readings on either side of a threshold are one thing."""

SITE_BUDGET: Final = np.dtype(
    [
        ("shift", "f8"),  # natural log units; above 0: louder than the training side
        ("debt", "f8"),  # alarms given beyond what was asked
        ("asked", "f8"),  # alarms asked for so far, for the gain
        ("day_from", "f8"),  # offset at which the day began
        ("asked_before", "f8"),  # alarms asked for before it
        ("day", "i8"),  # days since 1970-01-01; the least integer before the first
    ],
)
"""What a site (or a person) has learned about its alarms from one score."""

_NO_DAY: Final = int(np.iinfo(np.int64).min)


@dataclass(frozen=True, slots=True, eq=False)
class TailReference:
    """How high the scores of event-free time go where a model was trained.

    Args:
        score: knots, ascending, on any scale of which more is worse. Log-odds rather than probabilities: a
            tail that is louder than the training side's has no room left below 1.
        surprise: −ln of the share of event-free training scores at or above each knot, ascending.

    Not for comparing models (use a ranking metric): only for where to begin and how to step.

    >>> reference = TailReference.of(np.arange(100_000) / 100_000)
    >>> round(reference.threshold(1 / 24), 3), round(float(reference.surprise_of(np.array([0.9]))[0]), 3)
    (0.958, 2.303)
    """

    score: Floats
    surprise: Floats

    def __post_init__(self) -> None:
        two_knots = 2
        if len(self.score) < two_knots or self.score.shape != self.surprise.shape:
            raise InvalidInput(
                "tail reference",
                f"{len(self.score)} scores, {len(self.surprise)} surprises",
                "at least two of each, and as many of one as of the other",
            )
        rising = (np.diff(self.score) > 0).all() and (np.diff(self.surprise) > 0).all()
        if not (rising and np.isfinite(self.score).all() and np.isfinite(self.surprise).all()):
            raise InvalidInput("tail reference", "knots that do not rise", "strictly rising finite numbers")

    @classmethod
    def of(cls, scores: Floats) -> TailReference:
        """Of the scores of event-free looks on the training side, out of fold. NaN are left out.

        Raises:
            InvalidInput: fewer than `LEAST_ABOVE` differing scores, so that no tail can be told.
        """
        known = np.sort(scores[np.isfinite(scores)].astype(np.float64))
        knots: list[tuple[float, float]] = []
        for level in LEVELS:
            above = round(level * len(known))
            if above < LEAST_ABOVE:
                break
            at = float(known[len(known) - above])
            if not knots or at > knots[-1][0]:  # many equal scores share one knot: the share that reaches it
                reached = len(known) - int(np.searchsorted(known, at, side="left"))
                knots.append((at, -math.log(reached / len(known))))
        score, surprise = np.array(knots).reshape(-1, 2).T
        return cls(score, surprise)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> TailReference:
        """What `as_json` wrote."""
        return cls(np.array(stored["score"], np.float64), np.array(stored["surprise"], np.float64))

    def as_json(self) -> dict[str, list[float]]:
        """For a model card."""
        return {"score": self.score.tolist(), "surprise": self.surprise.tolist()}

    def surprise_of(self, scores: Floats) -> Floats:
        """−ln of the share of event-free training scores as high as these; NaN of NaN. Any shape.

        Between knots and beyond them along straight lines, elementwise: no batch changes a bit of it.
        """
        return _along(self.score, self.surprise, scores)

    def score_at(self, surprise: Floats) -> Floats:
        """The inverse of `surprise_of`."""
        return _along(self.surprise, self.score, surprise)

    def threshold(self, share: float) -> float:
        """The score that this share of event-free training scores reaches."""
        return float(self.score_at(np.array([-math.log(share)]))[0])


class SiteBudget:
    """Keeps the false alarms of a site, or of each person, at what was asked for.

    One record per site and score; arrays of them move together, elementwise. It needs some ten alarms to
    know a site, so judge it pooled, over a hundred expected alarms and more. Do not feed it the looks of
    people with an open episode, and do not use it for safety rules.

    >>> budget = SiteBudget()
    >>> site = budget.blank(1)
    >>> asked = 1 / 24  # one false alarm per person-day, looked at hourly
    >>> float(np.exp(-budget.threshold(site, asked))[0].round(6))
    0.041667
    >>> for hour in range(24 * 30):  # thirty days of sixteen people of whom a tenth is always above
    ...     budget.settle(site, np.array([hour // 24]), np.array([16 * asked]), np.array([1.6]))
    >>> bool(budget.threshold(site, asked)[0] > 5)  # so it went up
    True
    """

    version = 1
    state_dtype = SITE_BUDGET

    def blank(self, count: int) -> StructuredArray:
        """Budgets of `count` sites of which nothing was seen: the training side's threshold."""
        state = np.zeros(count, SITE_BUDGET)
        state["day"] = _NO_DAY
        return state

    def resumed(self, offset: float, asked: float, day: int) -> StructuredArray:
        """The budget of one site of which only its last `offset` was kept, and what was asked for so far."""
        state = self.blank(1)
        state["shift"] = state["day_from"] = offset
        state["asked"] = state["asked_before"] = asked
        state["day"] = day
        return state

    def offset(self, state: StructuredArray) -> Floats:
        """How far the threshold stands above the training side's, in natural log units, shape (n,)."""
        capped = _between(state["shift"] + _payback(state), *_reach(state))
        return _between(capped, -MOST_SHIFT, MOST_SHIFT)

    def threshold(self, state: StructuredArray, asked_per_look: Floats | float) -> Floats:
        """The surprise from which to alarm, shape (n,).

        Args:
            asked_per_look: false alarms asked for at each look at a person, e.g. 1/24 for one a day at hourly
                looks; one number, or one per record. Nothing asked for: infinity, never an alarm. One and
                more: every look may alarm.
        """
        return self.offset(state) + _surprise_of_share(np.broadcast_to(asked_per_look, len(state)))

    def threshold_at(
        self, person: StructuredArray, site: Floats | float, asked_per_look: Floats | float
    ) -> Floats:
        """The surprise from which to alarm a person of a site that is known too, shape (n,).

        Of somebody new the site's offset is all that is known; what their own alarms have shown takes its
        place as the prior of `FIRST` expected alarms wears off.

        Args:
            person: their budgets, shape (n,). site: `offset` of the site's, one number or one for each.
            asked_per_look: as for `threshold`.
        """
        begin = np.broadcast_to(site, len(person)) * (FIRST / (FIRST + person["asked"]))
        offset = _between(self.offset(person) + begin, -MOST_SHIFT, MOST_SHIFT)
        return offset + _surprise_of_share(np.broadcast_to(asked_per_look, len(person)))

    def settle(self, state: StructuredArray, day: NDArray[np.int_], asked: Floats, alarms: Floats) -> None:
        """Take in event-free looks whose outcome is known by now, in place. All arrays have shape (n,).

        Args:
            day: of the site, days since 1970-01-01; a day that lies back changes no cap.
            asked: false alarms that these looks were allowed; 0 where there were none.
            alarms: false alarms that they gave (`false_share` where the outcome never became known).
        """
        anew = day > state["day"]
        start = np.where(state["day"] == _NO_DAY, 0.0, self.offset(state))
        state["day_from"] = np.where(anew, start, state["day_from"])
        state["asked_before"] = np.where(anew, state["asked"], state["asked_before"])
        state["day"] = np.maximum(state["day"], day)
        payback = _payback(state)
        gain = 1.0 / (FIRST + np.minimum(state["asked"], MEMORY - FIRST))
        shift = state["shift"] + gain * (alarms - asked * (1.0 - payback))
        # Beyond what the day allows there is nothing to learn: the threshold that would tell is not in use.
        low, high = _reach(state)
        shift = _between(_between(shift, low - payback, high - payback), -MOST_SHIFT, MOST_SHIFT)
        state["shift"] = np.where(asked > 0, shift, state["shift"])
        state["debt"] = _between(state["debt"] + (alarms - asked), -MOST_DEBT, MOST_DEBT)
        state["asked"] = state["asked"] + asked


def false_share(alarms: Flags, probability: Floats) -> Floats:
    """How many of these alarms were false as far as can be told without outcomes: one minus the chance each.

    >>> false_share(np.array([True, False]), np.array([0.2, 0.1])).tolist()
    [0.8, 0.0]
    """
    return np.where(alarms, 1.0 - probability, 0.0)


def stays_open(was_open: Flags, open_s: Floats, surprise: Floats, threshold: Floats) -> Flags:
    """Which episodes stand after this look, shape (people,): hysteresis in level and in time.

    Args:
        was_open: before this look. open_s: for how many seconds by now.
        surprise: of this look; NaN (nothing to judge by) leaves an episode as it is.
        threshold: surprise from which an episode opens.

    >>> stays_open(
    ...     np.array([True, True, False]),
    ...     np.array([600.0, 7200.0, 0.0]),
    ...     np.array([1.0, 1.0, 3.2]),
    ...     np.array([3.0, 3.0, 3.0]),
    ... ).tolist()
    [True, False, True]
    """
    opens = surprise >= threshold
    settled = (surprise < threshold - RELEASE) & (open_s >= LEAST_OPEN_S)
    stands: Flags = opens | (was_open & ~settled)
    return stands


def _surprise_of_share(share: Floats) -> Floats:
    """−ln of each share: few differ, and one logarithm each is rounded alike in every batch."""
    few, which = np.unique(share, return_inverse=True)
    surprises = [
        math.inf if each <= 0 else -math.inf if each >= 1 else -math.log(each) for each in few.tolist()
    ]
    return np.array(surprises, np.float64)[which]


def _reach(state: StructuredArray) -> tuple[Floats, Floats]:
    """Between what the day lets the offset move."""
    cap = DAILY_CAP + NEW_SITE_CAP * np.maximum(1.0 - state["asked_before"] / NEW_SITE, 0.0)
    return state["day_from"] - cap, state["day_from"] + cap


def _payback(state: StructuredArray) -> Floats:
    return _between(state["debt"] / PAYBACK, -MOST_PAYBACK, MOST_PAYBACK)


def _between(value: Floats, low: Floats | float, high: Floats | float) -> Floats:
    return np.minimum(np.maximum(value, low), high)


def _along(knots: Floats, values: Floats, at: Floats) -> Floats:
    """Straight lines through the knots, the first and last of them going on."""
    slope = np.diff(values) / np.diff(knots)
    piece = np.clip(np.searchsorted(knots, at, side="right") - 1, 0, len(slope) - 1)
    return values[piece] + slope[piece] * (at - knots[piece])
