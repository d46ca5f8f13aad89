"""One person's baselines as one fixed-size record, and what can be read off or done to it as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain.arrays import COLUMNS, whole_words
from healthtwin.twin.tuning import DEFAULT_TUNING, Tuning

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    StructuredArray = NDArray[np.void]

TWIN_VERSION: Final = 2
"""Raised whenever a field or its meaning changes; a record of another version is rebuilt by replay."""

HOURS: Final = 24
EVIDENCE_STEPS: Final = 1024.0
"""Evidence of one hour of day is kept in steps of 1/1024 reading: 2 bytes reach 64 readings."""

NEVER_DAY: Final = np.iinfo(np.int32).min

_PER_METRIC = (COLUMNS,)
_PER_HOUR = (HOURS, COLUMNS)

TWIN: Final = whole_words(
    [
        ("day_mask", "u8"),  # bit i: data on the day i days before last_day
        ("last_day", "i4"),  # newest local day with data, days since 1970-01-01
        ("late_day", "i4"),  # the last day older than day_mask reaches that was counted
        ("days", "u2"),  # days with data
        ("version", "u2"),  # TWIN_VERSION
        ("center", "f4", _PER_METRIC),  # usual level at usual activity, over all hours; learning scale
        ("variance", "f4", _PER_METRIC),  # squared spread of one reading around what was expected
        ("evidence", "f4", _PER_METRIC),  # independent readings behind center
        ("scale_evidence", "f4", _PER_METRIC),  # independent readings behind variance
        ("slope", "f4", _PER_METRIC),  # change per unit of activity level
        ("activity_mean", "f4", _PER_METRIC),  # usual activity level
        ("activity_moment", "f4", _PER_METRIC),  # sum of squared departures from it
        ("activity_evidence", "f4", _PER_METRIC),  # independent readings with a known activity
        ("rhythm_total", "f4", _PER_METRIC),  # evidence of all hours of day together
        ("latest_s", "u4", _PER_METRIC),  # time of the newest reading, epoch seconds; 0 never
        ("previous_s", "u4", _PER_METRIC),  # time of the reading learned last, which may be an older one
        ("since_s", "u4", _PER_METRIC),  # when the value left the usual range; 0 it has not
        ("rhythm", "f4", _PER_HOUR),  # departure of each hour of day from center
        ("rhythm_evidence", "u2", _PER_HOUR),  # evidence behind it, in steps of 1/1024
        ("side", "i1", _PER_METRIC),  # side on which it left: 1 above, -1 below, 0 neither
        ("confirmed", "?", _PER_METRIC),  # somebody said that its level is this person's normal
    ]
)
"""One person's baselines: the same size however long the person is known, 1,776 bytes for nine metrics."""


@dataclass(frozen=True, slots=True)
class Phases:
    """How many days with data each phase of learning takes; `DEFAULT_PHASES` is what the product runs.

    Attributes:
        silent_days: up to here the twin raises nothing. soft_days: up to here it asks.
        full_days: up to here it warns; after that it follows slow change too.
    """

    silent_days: int = 30
    soft_days: int = 60
    full_days: int = 90


DEFAULT_PHASES: Final = Phases()
"""A month of ordinary life before the first word; `healthtwin evaluate twin` shows what that spares."""

SILENT: Final = 1
SOFT: Final = 2
FULL: Final = 3
ADAPTING: Final = 4


def blank_twins(count: int, tuning: Tuning = DEFAULT_TUNING) -> StructuredArray:
    """Twins of `count` people about whom nothing is known, of shape `(count,)`.

    >>> blank_twins(3)["days"].tolist()
    [0, 0, 0]
    """
    twins = np.zeros(count, TWIN)
    twins["version"] = TWIN_VERSION
    twins["late_day"] = NEVER_DAY
    twins["variance"] = tuning.prior_spread * tuning.prior_spread
    twins["scale_evidence"] = tuning.scale_prior
    return twins


def phase(twins: StructuredArray, phases: Phases = DEFAULT_PHASES) -> NDArray[np.uint8]:
    """How far each twin has come, by days with data, of shape `(people,)`.

    1 silent (days 1 to 30): it learns and raises nothing. 2 soft (31 to 60): it asks. 3 full (61 to 90).
    4 adapting: it follows slow change. A day counts once anything was learned on it, so frozen days do not.

    >>> twins = blank_twins(4)
    >>> twins["days"] = [30, 31, 61, 91]
    >>> phase(twins)
    array([1, 2, 3, 4], dtype=uint8)
    """
    days = twins["days"]
    return (
        SILENT
        + (days > phases.silent_days).astype(np.uint8)
        + (days > phases.soft_days).astype(np.uint8)
        + (days > phases.full_days).astype(np.uint8)
    )


CONFIRMED_SCALE_EVIDENCE: Final = 8.0
"""After a confirmed change the old spread is still the best guess, but a few readings may overrule it."""


def confirm_new_normal(twins: StructuredArray, columns: Iterable[int] | None = None) -> None:
    """Start the level again from the next reading, in place: a person or a clinician said that this is right.

    Rhythm, activity slope and spread are kept as first guesses. Until enough new readings have come, nothing
    is expected of the metric, so the change itself raises no alarm.

    Args:
        twins: shape `(people,)`.
        columns: columns of `healthtwin.domain.LEARNED`; None means all of them.

    >>> twins = blank_twins(1)
    >>> twins["evidence"] = 25.0
    >>> confirm_new_normal(twins, [0])
    >>> twins["evidence"][0, :2].tolist()
    [0.0, 25.0]
    """
    chosen = np.arange(COLUMNS) if columns is None else np.fromiter(columns, np.intp)
    twins["evidence"][:, chosen] = 0.0
    kept = np.minimum(twins["scale_evidence"][:, chosen], np.float32(CONFIRMED_SCALE_EVIDENCE))
    twins["scale_evidence"][:, chosen] = kept
    twins["since_s"][:, chosen] = 0
    twins["side"][:, chosen] = 0
    twins["confirmed"][:, chosen] = True


SAID_WEIGHT: Final = 0.5
"""What somebody says of themselves weighs as much as all that was read of them (our own choice)."""


def say_usual(
    twins: StructuredArray,
    columns: Iterable[int],
    shifts: NDArray[np.float64],
    tuning: Tuning = DEFAULT_TUNING,
) -> None:
    """Somebody said that what was unusual is usual for them, in place.

    It is no new normal (`confirm_new_normal`), it is normal too: the level moves half the way to what was
    seen, and the spread becomes that of both levels together, so that the usual range holds either. A few
    readings may overrule it.

    Args:
        twins: shape `(people,)`.
        columns: which metrics, as columns of `healthtwin.domain.LEARNED`.
        shifts: how far each metric was from its usual, in its unit, shape `(metrics,)`; NaN where unknown.

    >>> twins = blank_twins(1)
    >>> twins["center"], twins["variance"], twins["evidence"] = 60.0, 4.0, 30.0
    >>> say_usual(twins, [0], np.full(COLUMNS, 12.0))
    >>> twins["center"][0, :2].tolist(), float(twins["variance"][0, 0])
    ([66.0, 60.0], 40.0)
    """
    chosen = np.fromiter(columns, np.intp)
    level = twins["center"][:, chosen].astype(np.float64)
    shift = np.nan_to_num(shifts[chosen])
    seen = np.where(
        tuning.square_root[chosen], np.sqrt(np.maximum(level * level + shift, 0.0)), level + shift
    )
    step = np.where(twins["evidence"][:, chosen] > 0, seen - level, 0.0)
    twins["center"][:, chosen] = level + SAID_WEIGHT * step
    between = SAID_WEIGHT * (1.0 - SAID_WEIGHT) * step * step
    twins["variance"][:, chosen] = twins["variance"][:, chosen] + between
    most = np.float32(CONFIRMED_SCALE_EVIDENCE)
    twins["scale_evidence"][:, chosen] = np.minimum(twins["scale_evidence"][:, chosen], most)
    twins["since_s"][:, chosen] = 0
    twins["side"][:, chosen] = 0
