"""When somebody was last heard of: by vital signs that were measured, and by the time that they speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from healthtwin.domain import STALE_AFTER_MS
from healthtwin.episodes import SILENCE_KEY, close_silence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.domain.arrays import StructuredArray


def note_heard(state: StructuredArray, rows: StructuredArray) -> NDArray[np.uint8]:
    """Readings came, one row per person: who is there again? `state` changes in place.

    Steps, the weather and an app's own rounds say nothing of how somebody is. A vital sign that was older on
    arrival than the limit of silence says that they were there, not that they are: it ends no silence.

    Args:
        state, rows: shape (people,).

    Returns:
        `Moved` codes of the ``silence`` episodes, shape (people,).
    """
    heard, known_ms = state["heard"], rows["known_ms"]
    vital = known_ms > 0
    at_ms = np.minimum(rows["time_ms"], rows["arrived_ms"])
    limit_ms = state["profile"]["silence_after_ms"]
    limit_ms = np.where(limit_ms > 0, limit_ms, STALE_AFTER_MS)
    there = vital & (rows["arrived_ms"] - at_ms < limit_ms)
    moved = close_silence(state[SILENCE_KEY], at_ms, there)
    first = vital & (heard["vital_ms"] == 0)
    for name, where, value in (
        ("vital_ms", vital, at_ms),
        ("known_until_ms", vital, at_ms + known_ms),
        ("present_ms", there | first, at_ms),
    ):
        heard[name] = np.where(where, np.maximum(heard[name], value), heard[name])
    return moved
