"""How far what was acknowledged has come: through the twin, into the series, to the alert table."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from healthtwin.store import SeriesStore
    from healthtwin.stream import Appended, Log, Runner

OWN_WRITES_S: Final = 2.0
"""How long a question waits for what was acknowledged before it: a reader sees their own writes."""

_POLL_S: Final = 0.002


class Progress:
    """What is acknowledged, and how much of it shows.

    Args:
        log: where it lies. runner, series: where it goes; told: whether the alert table has it all.
        now_ms: the house's clock.
    """

    def __init__(
        self,
        log: Log,
        runner: Runner,
        series: SeriesStore,
        told: Callable[[], bool],
        now_ms: Callable[[], int],
    ) -> None:
        self._log = log
        self._runner = runner
        self._series = series
        self._told = told
        self._now_ms = now_ms
        self.head = log.head()

    def acknowledge(self, appended: Sequence[Appended]) -> None:
        """Whoever asks after this answer must find in theirs what is acknowledged by it."""
        self.head = max(self.head, *(result.offset for result in appended))

    @property
    def through(self) -> int:
        """Log offset through which everything is in the twin and in the series: what any answer shows."""
        return min(self._runner.offset, self._series.offset)

    def catch_up(self, person: str = "", *, with_twin: bool = True) -> None:
        """Wait, not for ever, until what was acknowledged before this question can be seen in the answer.

        Args:
            person: pseudonym of whom it is about; nobody waits for an import of somebody else.
            with_twin: whether the answer comes from their state, not from the series alone.
        """
        head = self.head
        ends = time.monotonic() + OWN_WRITES_S
        if with_twin and self._runner.taken(person) < head:
            self._runner.wait_for(head, OWN_WRITES_S, person)
        while self._series.offset < head and time.monotonic() < ends:
            time.sleep(_POLL_S)

    def caught_up(self, timeout_s: float, person: str | None = None) -> bool:
        """Wait until all that was acknowledged is in twin, series and alerts; False when that took longer.

        Args:
            timeout_s: how long.
            person: pseudonym, if only what is about them is waited for.
        """

        def taken() -> int:
            return self._runner.offset if person is None else self._runner.taken(person)

        ends = time.monotonic() + timeout_s
        head = self.head
        while time.monotonic() < ends:
            if taken() >= head and self._series.offset >= head and self._told():
                return True
            self._runner.wait_for(head, max(ends - time.monotonic(), 0), person)
            time.sleep(_POLL_S)
        return False

    def lag_ms(self) -> int:
        """Age of the oldest record that the twin has not seen, so late are alerts; 0 for none."""
        through = self._runner.offset
        if through >= self.head:
            return 0
        waiting = self._log.read(through, 1)
        return max(self._now_ms() - waiting[0].arrived_ms, 0) if waiting else 0
