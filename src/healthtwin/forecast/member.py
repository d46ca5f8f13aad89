"""What every forecaster is to the house: a member that keeps a small record per person and gives a verdict.

A member that is trained adds how it is fitted, saved, loaded and measured; what is asked of it while readings
flow is only what stands here. Every member passes the same contract suite
(``tests/forecast/member_contract.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from healthtwin.domain.arrays import COLUMNS
from healthtwin.domain.shifts import USUAL, least_shift

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.domain import Evidence, Risk

    StructuredArray = NDArray[np.void]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Levels = NDArray[np.uint8]
    Signs = NDArray[np.uint64]

POOR_QUALITY: Final = 0.3
"""Below this share of clean signal a reading is treated as not measured: it could only raise false alarms."""


class Expected(Protocol):
    """What is usual for each person now; `healthtwin.twin.Expectation` is one.

    Arrays of shape (people, metrics), or (metrics,) for one person; columns follow `domain.LEARNED`.
    """

    @property
    def center(self) -> Floats:
        """Expected value, in the metric's unit."""
        ...

    @property
    def spread(self) -> Floats:
        """One robust standard deviation, in the metric's unit."""
        ...

    @property
    def z(self) -> Floats:
        """Standardised deviation; NaN where there is no value or nothing is expected."""
        ...

    @property
    def ready(self) -> Flags:
        """Whether enough is known to expect anything."""
        ...

    @property
    def low(self) -> Floats:
        """Lower edge of the usual range, in the metric's unit."""
        ...

    @property
    def high(self) -> Floats:
        """Upper edge."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedValues:
    """What is usual, as plain arrays: (people, metrics), or (metrics,) for one person. An `Expected`."""

    center: Floats
    spread: Floats
    z: Floats
    ready: Flags
    low: Floats
    high: Floats

    @classmethod
    def around(cls, center: Floats, spread: Floats, z: Floats, ready: Flags) -> ExpectedValues:
        """With the usual range that center and spread make: at least as wide as the meter's error."""
        reach = np.maximum(USUAL * spread, least_shift(center))
        return cls(center, spread, z, ready, center - reach, center + reach)

    @classmethod
    def of(cls, expected: Expected, rows: int | slice | None) -> ExpectedValues:
        """A part of an expectation: what indexing each of its arrays by `rows` gives."""
        return cls(
            expected.center[rows],
            expected.spread[rows],
            expected.z[rows],
            expected.ready[rows],
            expected.low[rows],
            expected.high[rows],
        )


def expected_row(expected: Expected, index: int) -> ExpectedValues:
    """One person's part of an expectation."""
    return ExpectedValues.of(expected, index)


def nothing_expected(count: int) -> ExpectedValues:
    """The expectation of people of whom nothing has been learned, as in a stay too short to learn from."""
    unknown = np.full((count, COLUMNS), np.nan)
    return ExpectedValues.around(unknown, unknown, unknown, np.zeros((count, COLUMNS), np.bool_))


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What a member holds of one observation per person; every array but `signs` has shape (people,).

    Attributes:
        level: 0 none, else `domain.AlertLevel`; of a budgeted member, warning where its score may be told as
            one, else 0.
        score: the member's own scale, from 0 up.
        signs: rules that speak now (`healthtwin.domain.signs`), shape (people, SIGN_WORDS).
        calm: everything this member had to say is clearly over (not merely below its threshold).
    """

    level: Levels
    score: Floats
    signs: Signs
    calm: Flags


class Voice(Enum):
    """How a member is heard (`healthtwin.forecast.Forecast.judge`)."""

    AT_ONCE = "at once"
    """Its level stands as it is, in every phase of learning and whatever the budget says."""
    BUDGETED = "within the budget"
    """Its score is held against the person's threshold: from there it speaks under its first rule, from
    `STRONG` times that under its second, where it has one and its level allows a warning."""
    BACKING = "with the budget's consent"
    """Its rules speak where the budgeted score is not settled, alone as an "info"; one that lasts (level
    "warning") backs a budgeted score."""
    SHOWN = "not by itself"
    """It only shows what may be coming; whether that is worth an alarm is decided elsewhere or not at all."""


class Member(Protocol):
    """A forecaster. Its state is one fixed-size record per person; it reads no clock and draws no numbers.

    Attributes:
        name: of its record in a person's state, and in answers.
        version: raised whenever its record or its verdict means something else; states are then rebuilt.
        voice: how it is heard.
        rules: numbers of the rules it speaks under, no other member's.
        state_dtype: what it remembers of one person.
    """

    @property
    def name(self) -> str: ...  # noqa: D102 (see the class)
    @property
    def version(self) -> int: ...  # noqa: D102
    @property
    def voice(self) -> Voice: ...  # noqa: D102
    @property
    def rules(self) -> tuple[int, ...]: ...  # noqa: D102
    @property
    def state_dtype(self) -> np.dtype[np.void]: ...  # noqa: D102

    def blank(self, count: int) -> StructuredArray:
        """The state of `count` people of whom nothing was seen, shape (count,)."""
        ...

    def update(
        self,
        state: StructuredArray,
        observations: StructuredArray,
        expected: Expected,
        profiles: StructuredArray,
    ) -> Verdict:
        """Take in one observation per person; `state` changes in place.

        Works elementwise: what is said of a person never depends on who else stands in the batch.

        Args:
            state: shape (n,). observations: `domain.OBSERVATION`, shape (n,). profiles: `domain.PROFILE`.
            expected: of these observations, before the twin learned from them.
        """
        ...

    def explain(
        self, state: np.void, observation: np.void, expected: ExpectedValues, profile: np.void
    ) -> tuple[Evidence, ...]:
        """The facts behind what the last update said of one person, heaviest first; empty when nothing."""
        ...

    def risks(
        self, state: np.void, observation: np.void, expected: ExpectedValues, profile: np.void
    ) -> tuple[Risk, ...]:
        """What this member says may be coming for one person."""
        ...


def measured(observations: StructuredArray) -> Floats:
    """The values good enough to be judged: shape (people, metrics), NaN elsewhere."""
    good = observations["quality"] >= POOR_QUALITY
    return np.where(good[:, None], observations["value"], np.nan)
