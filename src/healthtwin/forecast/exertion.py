"""Whether the body is at work: resting limits say nothing about a run, or about the minutes after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import SECOND_MS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    StructuredArray = NDArray[np.void]
    Flags = NDArray[np.bool_]
    Seconds = NDArray[np.uint32]

LIGHT: Final = 1.0
"""`activity_level` from which a person is not at rest (`domain.ACTIVITY_WORDS`: light)."""

RECOVERY_S: Final = 15 * 60
"""Seconds after the last movement in which heart and breathing rate may still be high. NEWS2 is taken at
rest; after exercise the heart falls by 12 /min and more in the first minute in health (Cole et al., NEJM
1999;341:1351) and is near its resting rate within a quarter of an hour."""

_LATEST_S: Final = int(np.iinfo(np.uint32).max)


def seconds_of(time_ms: NDArray[np.int64]) -> Seconds:
    """Whole seconds since the epoch, as the small field in a state record; 0 stands for never.

    >>> seconds_of(np.array([-5, 1_999])).tolist()
    [0, 1]
    """
    seconds: Seconds = np.minimum(np.maximum(time_ms // SECOND_MS, 0), _LATEST_S).astype(np.uint32)
    return seconds


def elapsed_s(since: Seconds, now: Seconds) -> NDArray[np.float64]:
    """Seconds from `since` to `now`, infinite where `since` is never, 0 where it lies ahead."""
    span = np.maximum(now.astype(np.float64) - since.astype(np.float64), 0.0)
    return np.where(since == 0, np.inf, span)


def exerting(observations: StructuredArray, active_s: Seconds) -> Flags:
    """Who is at work or was within `RECOVERY_S`; `active_s` (the last such second) is brought up to date.

    Unknown activity counts as rest: a high heart rate of somebody whose phone lies still must be looked at.
    """
    now = seconds_of(observations["time_ms"])
    working = observations["activity"] >= LIGHT  # NaN compares as False
    np.copyto(active_s, now, where=working)
    flags: Flags = elapsed_s(active_s, now) < RECOVERY_S
    return flags
