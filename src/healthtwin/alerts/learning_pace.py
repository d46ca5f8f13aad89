"""How fast the twin may learn while something is wrong, so that trouble never becomes normal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.alerts.episodes import is_open
from healthtwin.domain import DAY_MS, AlertLevel

if TYPE_CHECKING:
    from numpy.typing import NDArray

USUAL_PACE: Final = 1.0
SLOW_PACE: Final = 0.25
"""At info: the reading may be the start of something or a new habit; a quarter keeps both open."""

FROZEN_PACE: Final = 0.0
LONGEST_FREEZE_MS: Final = 14 * DAY_MS
"""After two weeks a changed value is more often the new normal (a medicine, altitude) than an unattended
alarm; learning goes on slowly, and a person or clinician can confirm the new normal at once."""


def learning_pace(episodes: NDArray[np.void], time_ms: NDArray[np.int64]) -> NDArray[np.float64]:
    """The pace for `healthtwin.twin.learn`: 1 usual, slower at info, 0 at warning and critical, for 14 days.

    Args:
        episodes: the ``vitals`` episodes after the reading was judged, shape (n,).
        time_ms: event time of the readings, shape (n,).

    Returns:
        Pace from 0 to 1, shape (n,).
    """
    opened = is_open(episodes)
    frozen = opened & (episodes["level"] >= AlertLevel.WARNING)
    frozen &= time_ms - episodes["started_ms"] < LONGEST_FREEZE_MS
    return np.where(frozen, FROZEN_PACE, np.where(opened, SLOW_PACE, USUAL_PACE))
