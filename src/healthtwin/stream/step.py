"""The step port: what the runner asks of whoever knows what a record means. No word of twins here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

from healthtwin.domain.log import Change

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from healthtwin.domain.arrays import StructuredArray
    from healthtwin.domain.log import LogRecord

Caused: TypeAlias = tuple[int, Change]
"""The offset of a record, and a change because of it."""


class Step(Protocol):
    """A pure function of a person's state and what happened next, over many people at once.

    It works elementwise: what becomes of one person depends on that person's record and row alone, bit for
    bit, whoever else is in the arrays. Then neither the cutting into batches nor a replay changes anything.
    """

    @property
    def version(self) -> str:
        """Changes when what a record or the state means changes; states of another version are rebuilt."""
        ...

    @property
    def state_dtype(self) -> np.dtype[np.void]:
        """One person's state, of fixed size."""
        ...

    @property
    def row_dtype(self) -> np.dtype[np.void]:
        """One decoded record.

        The runner fills `time_ms` (i8, when it is judged to have happened), `arrived_ms` (i8), `sequence`
        (i8, -1 when the device counts nothing) and `device` (i8, `device_key`), and orders by them. The step
        says in `sensor` (i8) which of its device's sensors it comes from, 0 where there is one: each has a
        clock of its own. The rest is the step's.
        """
        ...

    @property
    def tick_fields(self) -> Sequence[str]:
        """Fields of the state that `tick` may touch, so that nobody has to compare the others."""
        ...

    @property
    def tells_on_the_way(self) -> bool:
        """Whether what `advance` says while a state is computed again is told; else `reconcile` tells."""
        ...

    def blank(self, count: int) -> StructuredArray:
        """States of `count` people of whom nothing is known, of shape `(count,)`."""
        ...

    def rows(self, records: Sequence[LogRecord]) -> StructuredArray:
        """Decode records to rows, one for one, of shape `(len(records),)`."""
        ...

    def advance(
        self, state: StructuredArray, rows: StructuredArray, *, late: bool
    ) -> list[tuple[int, Change]]:
        """Take one row per person into `state`, in place; both of shape `(people,)`.

        `late` rows are older than what was settled already: learn from them, raise nothing.

        Returns:
            Changes, each with the index of its row, in the order in which one person's must be told.
        """
        ...

    def tick(
        self, head: StructuredArray, committed: StructuredArray, now_ms: int, payload: bytes
    ) -> list[tuple[int, Change]]:
        """Let time pass for everybody, in place: silence, the end of a snooze.

        What has passed is judged on the newest states, since the settled ones have not heard the last
        readings yet; both must end up so that the pending rows lead from the settled to the newest. Only
        `tick_fields` may be touched. It may be called for a part of the people at a time.

        Args:
            head: newest states, shape `(people,)`. committed: the settled ones of the same people.
            payload: of the tick's record; the step's business.

        Returns:
            Changes, each with the index of its person.
        """
        ...

    def come_back(
        self, state: StructuredArray, now_ms: NDArray[np.int64], from_ms: NDArray[np.int64]
    ) -> None:
        """The house's clock was ahead and was set right: no time in these states may lie after the present.

        Args:
            state: of shape `(people,)`, changed in place.
            now_ms: the present, shape `(people,)`. from_ms: what the clock showed before.
        """
        ...

    def reconcile(self, before: np.void, after: np.void, at_ms: int) -> list[Change]:
        """What to tell when a newest state was computed again because an earlier record came in later.

        Args:
            before: the state that the world was told about.
            after: the state with the record in its right place; what `advance` raised on the way was told
                where the step `tells_on_the_way`.
            at_ms: when that record arrived.

        Returns:
            Changes; the runner tells them once for this record, whatever their ids.
        """
        ...
