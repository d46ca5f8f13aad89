"""Snapshots that hold nobody up: a few people at a time, each as of the last record taken by then.

A round saves everybody who changed before it began; the records that a restart replays begin where the last
complete round began. Each saved person says up to where its state holds, and the replay skips what is in it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from healthtwin.stream.state_file import Progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from healthtwin.stream.fold import Fold
    from healthtwin.stream.lanes import Lanes
    from healthtwin.stream.state_file import StateFile

_PEOPLE_AT_ONCE: Final = 500
"""About 20 ms: a reading that comes meanwhile still reaches its alert within a blink."""

_SHARE: Final = 0.2
"""Of the time that a round may spend writing while readings wait."""


class Snapshots:
    """Saves a fold into its state file, step by step.

    Args:
        state: the file.
        fold: what is saved. lanes: whose records still wait.
        progress: how far the file's snapshots reach.
        every_s: pause between rounds.

    Attributes:
        offset: a restart replays the records after this one.
    """

    def __init__(
        self, state: StateFile, fold: Fold, lanes: Lanes, progress: Progress, every_s: float
    ) -> None:
        self._state = state
        self._fold = fold
        self._lanes = lanes
        self._progress = progress
        self._every_s = every_s
        self._left: NDArray[np.intp] | None = None
        self._aim = progress
        self._next_at = time.monotonic() + every_s
        self.offset = progress.offset

    def wait_s(self) -> float:
        """How long until the next step is due, 0 when it is."""
        return max(0.0, self._next_at - time.monotonic())

    def step(self, through: int) -> None:
        """Begin a round or go on with it: one short transaction.

        Args:
            through: the last record that was taken or waits in a lane.

        Raises:
            StorageError: nothing of this step was saved; it is due again after a pause.
        """
        began = time.monotonic()
        self._next_at = began + self._every_s
        if self._left is None:
            if self._is_saved(through):
                return
            self._left = self._fold.changed()
            taken, clock_ms = self._lanes.taken_of_all(through)
            self._aim = Progress(self._progress.version, taken, clock_ms, self._progress.rebuilt_through)
        now, later = self._left[:_PEOPLE_AT_ONCE], self._left[_PEOPLE_AT_ONCE:]
        self._state.save(
            self._fold.snapshots(now, through, self._lanes.held()), None if later.size else self._aim
        )
        self._fold.settle(now)
        if later.size:
            self._left = later
            self._next_at = began + (time.monotonic() - began) / _SHARE
        else:
            self._left = None
            self.offset = self._aim.offset

    def finish(self, through: int, within_s: float) -> None:
        """Save everything now, in as many transactions as it takes, but begin none after `within_s`.

        Raises:
            StorageError: what was saved before holds.
        """
        until = time.monotonic() + within_s
        while not (self._left is None and self._is_saved(through)) and time.monotonic() < until:
            self.step(through)

    def _is_saved(self, through: int) -> bool:
        if self._lanes.busy:
            return self.offset == self._lanes.taken_of_all(through)[0] and not self._fold.changed().size
        return self.offset == through
