"""A recording as the replay plays it: people, and rows of values in columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from healthtwin.play.replay.table_file import Unreadable


@dataclass(frozen=True, slots=True)
class RecordedPerson:
    """One person of a recording.

    Attributes:
        name: what the file calls them (a code, in any file that should be replayed).
        birth_year, sex: None when the file does not say.
        timezone: IANA name.
        labelled_ms: time of the first row that carries the file's label; None when none does.
    """

    name: str
    timezone: str
    birth_year: int | None = None
    sex: str | None = None
    labelled_ms: int | None = None


@dataclass(frozen=True, slots=True)
class ReaderCounts:
    """What the reader met before anything was sent: nothing is dropped without being counted.

    Attributes:
        rows: rows in the file (or files).
        without_values: rows in which nothing was measured; nothing to send.
        without_time: rows whose time could not be read; not sent.
        without_person: rows that name nobody; not sent.
        shifted_copies: rows dropped because the file holds them twice (`drop_shifted_copies` in the mapping).
        declared_absent: column → cells whose number stands for "no value", as the mapping says.
        unreadable: cells in which nothing could be read; sent as absent.
        unused_columns: columns that the mapping does not use.
        warnings: what was read and may be other than it was meant, and what was left out.
    """

    rows: int = 0
    without_values: int = 0
    without_time: int = 0
    without_person: int = 0
    shifted_copies: int = 0
    declared_absent: Mapping[str, int] = field(default_factory=dict)
    unreadable: tuple[Unreadable, ...] = ()
    unused_columns: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recording:
    """Everything to play, in order of time.

    Attributes:
        name: which recording.
        notes: what a reader of the results must know about it (time zones, anchors, what was left out).
        label: what the file's label means, e.g. ``"sepsis"``; None without one.
        subjects: the people.
        metrics: names of the columns of `values`.
        times_ms: (rows,) int64, ascending.
        subject: (rows,) int32, index into `subjects`.
        values: (rows, metrics) float64 in the metrics' units; NaN where nothing was measured.
        counts: what the reader met.
        lines: (rows,), where each row stands in its file; empty where rows are only numbered.
    """

    name: str
    notes: tuple[str, ...]
    label: str | None
    subjects: tuple[RecordedPerson, ...]
    metrics: tuple[str, ...]
    times_ms: NDArray[np.int64]
    subject: NDArray[np.int32]
    values: NDArray[np.float64]
    counts: ReaderCounts
    lines: Sequence[int] = ()

    @property
    def rows(self) -> int:
        """Rows to send."""
        return len(self.times_ms)

    def line(self, row: int) -> int:
        """Where a row stands in its file."""
        return self.lines[row] if self.lines else row + 1
