"""Newest states as they were after rows that still wait: from there an overtaken person is computed again.

Nothing here is knowledge of its own. A checkpoint is the committed state with the first pending rows on top;
without it the same bytes come of taking those rows again. So none is ever saved, and any may be forgotten.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from healthtwin.domain.arrays import StructuredArray

CHECKPOINT_BYTES: Final = 32 * 1024 * 1024
"""For all people together; whoever was overtaken least recently is forgotten first."""

CHAIN_WITHOUT: Final = 16
"""So many rows are taken again as a whole: more than a reading every minute ever leaves pending."""

_MOST_EACH: Final = 64
"""States of one person between two thinnings, 160 KB; some thirty remain."""

RowKey = tuple[int, int, int, int]
"""(time_ms, sequence, device, content): the order of pending rows."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One person's state after one pending row.

    Attributes:
        key: of that row. slot: where `PendingRows` holds it.
        nth: how many rows were taken on the way here since the chain began to be counted.
        state: shape `(1,)`; never written to.
    """

    key: RowKey
    slot: int
    nth: int
    state: StructuredArray


class Checkpoints:
    """Per person a few checkpoints along the pending rows.

    They are close together at the end, where most rows are overtaken, and ever further apart towards the
    beginning: a row that comes `d` rows before the end finds one at most about `d / 2` rows before its
    place.

    Args:
        state_bytes: of one state. most_bytes: of all that are kept; 0 keeps none.
    """

    def __init__(self, state_bytes: int, most_bytes: int = CHECKPOINT_BYTES) -> None:
        self._most = most_bytes // state_bytes
        self._count = 0
        self._of: dict[int, deque[Checkpoint]] = {}  # least recently used first

    def before(self, person: int, key: RowKey, settled_ms: int) -> Checkpoint | None:
        """The last one at or before a row's place; those that this row or the watermark overtook are dropped.

        Args:
            person: number of the person. key: of the row.
            settled_ms: rows older than this were committed.
        """
        kept = self._of.get(person)
        if kept is None:
            return None
        held = len(kept)
        while kept and kept[-1].key > key:
            kept.pop()
        while kept and kept[0].key[0] < settled_ms:
            kept.popleft()
        self._count -= held - len(kept)
        if kept:
            return kept[-1]
        del self._of[person]
        return None

    def add(self, person: int, checkpoint: Checkpoint) -> None:
        """Keep one more; it follows on those of this person that are kept."""
        kept = self._of.pop(person, None)
        if kept is None:
            kept = deque()
        kept.append(checkpoint)
        self._count += 1
        if len(kept) > _MOST_EACH:
            self._count -= len(kept)
            kept = _thinned(kept)
            self._count += len(kept)
        self._of[person] = kept
        while self._count > self._most:
            self._count -= len(self._of.pop(next(iter(self._of))))

    def forget(self, people: Iterable[int]) -> None:
        """The committed states of these people changed otherwise than by their pending rows."""
        if self._of:
            for person in people:
                gone = self._of.pop(person, None)
                if gone is not None:
                    self._count -= len(gone)


def _thinned(checkpoints: deque[Checkpoint]) -> deque[Checkpoint]:
    """No further apart than half their distance from the end, as far as they ever were that close."""
    last = checkpoints[-1].nth
    kept: deque[Checkpoint] = deque()
    for checkpoint in reversed(checkpoints):
        # The oldest so far is spared when its neighbours lie close enough without it.
        if len(kept) > 1 and kept[1].nth - checkpoint.nth <= (last - kept[1].nth) // 2:
            kept[0] = checkpoint
        else:
            kept.appendleft(checkpoint)
    return kept
