"""The series port: what every store of values over time promises, whichever engine keeps them.

`tests/store/series_contract.py` holds each engine to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from healthtwin.domain import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from healthtwin.store.series.summaries import Bins

SeriesRow = tuple[str, int, int, float, float]
"""(pseudonym, metric code, epoch ms, value in the metric's unit, quality 0–1)."""

RAW_DAYS: Final = 400
"""A year and a month, so that this spring can be laid beside the last."""

DAILY_DAYS: Final = 3_653
"""Ten years."""

SETTLE_MS: Final = DAY_MS
"""How long a day stays hot after its end: phones that were offline over night deliver within it."""


@dataclass(frozen=True, slots=True)
class SealReport:
    """What one call of `Series.seal` did.

    Attributes:
        blocks, rows: written and moved.
        finished: whether nothing was left to seal when it returned.
    """

    blocks: int
    rows: int
    finished: bool


@dataclass(frozen=True, slots=True)
class SeriesSize:
    """What the series hold.

    Attributes:
        hot_rows, sealed_rows, blocks, people: counts.
        block_bytes: bodies of the sealed blocks.
        file_bytes: the database file without its write-ahead log.
    """

    people: int
    hot_rows: int
    sealed_rows: int
    blocks: int
    block_bytes: int
    file_bytes: int


class Series(Protocol):
    """Values over time: newest rows, sealed blocks, daily summaries.

    One process writes (the one that owns the log); any of its threads may call. What is here can be rebuilt
    from the log, so an append need not survive a power cut by itself: `sync` before the log forgets anything.
    A person is a pseudonym, a metric its code, a time epoch ms UTC.
    """

    @property
    def offset(self) -> int:
        """Log offset through which rows were appended; -1 before the first."""
        ...

    def append(self, rows: Sequence[SeriesRow], through_offset: int) -> None:
        """Store rows in one transaction; two values of one person, metric and instant are two rows.

        A value that is there already for its instant stays one row, with the better of its qualities:
        whatever the order in which rows arrive, the same rows are there in the end.

        Does nothing when `through_offset` was reached before, so the log may be replayed over it.

        Args:
            rows: in log order.
            through_offset: log offset of the last record they stem from.

        Raises:
            InvalidInput: for a value that is no finite number or an impossible time; nothing is stored then.
            StorageFull, StorageBusy: nothing is stored.
        """
        ...

    def forget(self, since_ms: int, offset: int) -> None:
        """Forget every row and summary from the first UTC day on that begins at that time or later.

        Whoever calls it appends them again, beginning with the log record after `offset`.
        """
        ...

    def sync(self) -> int:
        """Make everything appended so far survive a power cut; the offset through which it does."""
        ...

    def range(
        self, person: str, metric: int, from_ms: int, to_ms: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Times (epoch ms, ascending) and values from `from_ms` to `to_ms`, both included.

        An instant with two values occurs twice, the lower value first.
        """
        ...

    def range_with_quality(
        self, person: str, metric: int, from_ms: int, to_ms: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
        """As `range`, and the quality of each row, 0–1 in steps of 1/255."""
        ...

    def downsample(self, person: str, metric: int, from_ms: int, to_ms: int, step_ms: int) -> Bins:
        """Mean, minimum, maximum, count in bins of `step_ms` that start at multiples of it since the epoch.

        Whole days are answered from the daily summaries: they reach further back than the rows, and a day
        that overlaps the time counts as a whole.

        Raises:
            InvalidInput: for a step below 1 ms.
        """
        ...

    def daily(self, person: str, metric: int, from_ms: int, to_ms: int) -> Bins:
        """Summaries of the UTC days that overlap the time; kept longer than the rows."""
        ...

    def latest(self, person: str) -> dict[int, tuple[int, float]]:
        """Metric code → (epoch ms, value) of the newest row of each metric; empty for an unknown person.

        Of two values at that instant, the one further from what is ordinary (`healthtwin.domain.graver`).
        """
        ...

    def seal(self, now_ms: int, *, settle_ms: int = SETTLE_MS, at_most_s: float | None = None) -> SealReport:
        """Move every UTC day that ended more than `settle_ms` ago into sealed blocks, late rows included.

        In many short transactions, so no append waits long; may be stopped and repeated at any point.

        Args:
            now_ms: the present.
            settle_ms: how long a day stays hot after its end.
            at_most_s: return about then with the rest undone, for a caller who has other duties; at least one
                person's oldest month is sealed, so that calling again always comes to an end.
        """
        ...

    def retain(self, now_ms: int) -> int:
        """Forget sealed rows and summaries that outlived their days; how many blocks went.

        A block goes when all of it is too old, so rows of a sparse metric (a block per month) stay up to a
        month longer. Hot rows stay until `seal` has summed them up.
        """
        ...

    def erase(self, person: str) -> None:
        """Delete all about a person, overwritten in the file and its write-ahead log."""
        ...

    def size(self) -> SeriesSize:
        """What the series hold; reads every block's header, so it is for reports, not for requests."""
        ...

    def close(self) -> None:
        """Let go of the file; the store cannot be used afterwards."""
        ...
