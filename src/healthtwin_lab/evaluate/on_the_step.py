"""Recordings played straight into the house's own step, all people side by side, without log or server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import MINUTE_MS, decode_change
from healthtwin.pipeline import IS_VITALS, HouseStep, Learning, blank_rows
from healthtwin_lab.evaluate.recordings import lockstep

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from healthtwin.domain import EpisodeChange
    from healthtwin_lab.evaluate.recordings import Recording

    StructuredArray = NDArray[np.void]

LATENESS_MS: Final = 15 * MINUTE_MS
"""As the house itself; nothing comes late in a recording."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one reading of each of some people did.

    Attributes:
        who: positions of the recordings, shape `(n,)`. time_ms: of the readings, shape `(n,)`.
        state: `pipeline.STATE` after them, shape `(n,)`. told: (position in `who`, change).
    """

    who: NDArray[np.intp]
    time_ms: NDArray[np.int64]
    state: StructuredArray
    told: list[tuple[int, EpisodeChange]]


def play(recordings: Sequence[Recording], learning: Learning) -> Iterator[Round]:
    """Every reading through twin, members, budget and episodes under a way of learning."""
    step = HouseStep(LATENESS_MS, learning)
    states = step.blank(len(recordings))
    for who, observations in lockstep(recordings):
        rows = blank_rows(len(who))
        rows["kind"] = IS_VITALS
        rows["observation"] = observations
        rows["observation"]["live"] = True
        rows["time_ms"] = rows["arrived_ms"] = observations["time_ms"]
        rows["person"] = [f"person-{i}".encode() for i in who]
        part = states[: len(who)]
        told = step.advance(part, rows, late=False)
        changes = [(i, decode_change(change.payload)) for i, change in told]
        yield Round(who, observations["time_ms"], part, changes)
