"""How fast the twin may learn while something is wrong, so that trouble never becomes normal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import DAY_MS, AlertLevel
from healthtwin.episodes.episodes import is_open

if TYPE_CHECKING:
    from numpy.typing import NDArray

USUAL_PACE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Freeze:
    """How fast the twin learns while an episode stands open; `DEFAULT_FREEZE` is what the product runs.

    Attributes:
        slow_pace: at info. The reading may be the start of something or a new habit; a quarter keeps both
            open.
        frozen_pace: at warning and critical.
        longest_ms: after this a changed value is more often the new normal (a medicine, altitude) than an
            unattended alarm; learning goes on at `late_pace`, and a person or clinician can confirm the new
            normal at once.
        late_pace: see there.
    """

    slow_pace: float = 0.25
    frozen_pace: float = 0.0
    longest_ms: int = 14 * DAY_MS
    late_pace: float = 0.25


DEFAULT_FREEZE: Final = Freeze()


def learning_pace(
    episodes: NDArray[np.void], time_ms: NDArray[np.int64], freeze: Freeze = DEFAULT_FREEZE
) -> NDArray[np.float64]:
    """The pace for `healthtwin.twin.learn`: 1 usual, slower at info, 0 at warning and critical, for 14 days.

    Args:
        episodes: the ``vitals`` episodes after the reading was judged, shape (n,).
        time_ms: event time of the readings, shape (n,).
        freeze: how much slower, and for how long.

    Returns:
        Pace from 0 to 1, shape (n,).
    """
    opened = is_open(episodes)
    warned = opened & (episodes["level"] >= AlertLevel.WARNING)
    long_open = time_ms - episodes["started_ms"] >= freeze.longest_ms
    pace = np.where(warned, freeze.frozen_pace, np.where(opened, freeze.slow_pace, USUAL_PACE))
    return np.where(opened & long_open, freeze.late_pace, pace)
