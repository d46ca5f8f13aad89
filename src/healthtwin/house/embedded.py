"""The house step on the embedded engine: fed with log records, what it tells becomes outbox rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.episodes import EpisodeChange, encode_change
from healthtwin.pipeline import HouseStep
from healthtwin.stream import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np

    from healthtwin.domain.arrays import Records
    from healthtwin.stream import LogRecord


class EmbeddedStep:
    """`healthtwin.pipeline.HouseStep` as `healthtwin.stream.Step`."""

    def __init__(self, allowed_lateness_ms: int) -> None:
        self._step = HouseStep(allowed_lateness_ms)

    @property
    def version(self) -> str:
        """Of the state and of what a row means."""
        return self._step.version

    @property
    def state_dtype(self) -> np.dtype[np.void]:
        """One person's state."""
        return self._step.state_dtype

    @property
    def row_dtype(self) -> np.dtype[np.void]:
        """One decoded record."""
        return self._step.row_dtype

    @property
    def tick_fields(self) -> Sequence[str]:
        """Fields of the state that `tick` may touch."""
        return self._step.tick_fields

    def blank(self, count: int) -> Records:
        """States of people of whom nothing is known, of shape `(count,)`."""
        return self._step.blank(count)

    def rows(self, records: Sequence[LogRecord]) -> Records:
        """Decode records to rows, one for one."""
        return self._step.rows(records)

    def advance(self, state: Records, rows: Records, *, late: bool) -> list[tuple[int, Change]]:
        """Take one row per person into `state`, in place."""
        return _packed(self._step.advance(state, rows, late=late))

    def tick(
        self, head: Records, committed: Records, now_ms: int, payload: bytes
    ) -> list[tuple[int, Change]]:
        """Let time pass for everybody, in place."""
        return _packed(self._step.tick(head, committed, now_ms, payload))

    def reconcile(self, before: np.void, after: np.void, at_ms: int) -> list[Change]:
        """What to tell when a newest state was computed again."""
        return [_change(change) for change in self._step.reconcile(before, after, at_ms)]


def _packed(told: Iterable[tuple[int, EpisodeChange]]) -> list[tuple[int, Change]]:
    return [(i, _change(change)) for i, change in told]


def _change(change: EpisodeChange) -> Change:
    return Change(change.id, encode_change(change))
