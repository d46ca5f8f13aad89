"""What rises by the clock alone: a reading that was doubted, and of which no second one came."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from healthtwin.domain.signs import any_of
from healthtwin.episodes import Moved, advance, is_open

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.domain.arrays import StructuredArray


def rise_overdue(
    vitals: StructuredArray, level: NDArray[np.uint8], signs: NDArray[np.uint64], now_ms: int
) -> list[tuple[int, Moved]]:
    """Let what waited long enough speak at the level of its own limit, in place.

    Only an open episode rises, and only by what it does not say yet, so that a tick tells nothing twice and
    reopens nothing that somebody has closed.

    Args:
        vitals: the ``vitals`` episodes, shape (n,).
        level, signs: of what is overdue (`healthtwin.forecast.Forecast.overdue`).

    Returns:
        Who moved, and how.
    """
    news = (level > vitals["level"]) | any_of(signs & ~vitals["signs"])
    moved = []
    for i in np.flatnonzero(is_open(vitals) & (level > 0) & news).tolist():
        one = vitals[i : i + 1]
        codes = advance(one, level[i : i + 1], signs[i : i + 1], np.zeros(1, np.bool_), np.array([now_ms]))
        if codes[0]:
            moved.append((i, Moved(int(codes[0]))))
    return moved
