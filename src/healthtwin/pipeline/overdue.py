"""What rises by the clock alone: a reading that was doubted, and of which no second one came."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from healthtwin.domain.signs import any_of
from healthtwin.episodes import Moved, advance, is_open
from healthtwin.episodes.ladders import note_told, untell

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.domain.arrays import StructuredArray


def rise_overdue(
    vitals: StructuredArray,
    level: NDArray[np.uint8],
    signs: NDArray[np.uint64],
    now_ms: int,
    ladder: StructuredArray,
    *,
    felt: bool = False,
) -> list[tuple[int, Moved]]:
    """Let what waited long enough speak at the level of its own limit, in place.

    An open episode rises by what it does not say yet, so that a tick tells nothing twice. One that was closed
    by hand while signs stand opens again by what was measured after it was closed: whoever closed it has not
    seen that, and no second reading may ever come. What was known when it was closed reopens nothing.

    Args:
        vitals: the ``vitals`` episodes, shape (n,).
        level, signs: of what is overdue (`healthtwin.forecast.Forecast.overdue`).
        ladder: beside the episodes.
        felt: a symptom was told just now: what it makes of a value is new, whatever is open or closed.

    Returns:
        Who moved, and how.
    """
    standing, held = is_open(vitals), vitals["held"]
    rises = standing & ((level > vitals["level"]) | any_of(signs & ~vitals["signs"]))
    unseen = held & ~standing & any_of(signs & ~vitals["told"])
    opens = unseen & (vitals["last_sign_ms"] > vitals["resolved_ms"])
    if felt:
        opens = unseen | (~standing & ~held)
    moved = []
    for i in np.flatnonzero((rises | opens) & (level > 0)).tolist():
        one = vitals[i : i + 1]
        codes = advance(one, level[i : i + 1], signs[i : i + 1], np.zeros(1, np.bool_), np.array([now_ms]))
        if opens[i]:
            untell(ladder[i : i + 1], opens[i : i + 1])
            note_told(ladder[i : i + 1], opens[i : i + 1])
        if codes[0]:
            moved.append((i, Moved(int(codes[0]))))
    return moved
