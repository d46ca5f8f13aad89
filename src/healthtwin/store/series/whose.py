"""Whose numbers are read or written: their place in the file, and what seals them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain.errors import CorruptStorage
from healthtwin.domain.log import PLAINTEXT_KEY
from healthtwin.domain.sealing import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from healthtwin.store.keys import Keys
    from healthtwin.store.series.summaries import DaySummary

    Block = tuple[int, int, int, int, int, bytes]

BLOCK_COLUMNS: Final = "metric, span, start_ms, rows, block.key_id, body"

_MEAN, _MINIMUM, _MAXIMUM = FIGURES = (1, 2, 3)
"""Which number of a day; 0 is the value of a hot row."""


@dataclass(frozen=True, slots=True)
class Whose:
    """One person in a file of series.

    Attributes:
        id: their number there. key_id: of their hot rows and summaries; new blocks are sealed under it too.
        keys: of the home. pseudonym: theirs.
    """

    id: int
    key_id: int
    keys: Keys
    pseudonym: str

    def written(self, rows: Sequence[tuple[float, int, int]], which: int = 0) -> Sequence[float | bytes]:
        """Values, with the metric and the time of each, as they stand in the file."""
        if self.key_id == PLAINTEXT_KEY:
            return [value for value, _, _ in rows]
        return self.keys.key(self.key_id).numbers.sealed(rows, which)

    def opened(
        self,
        values: Sequence[float | bytes],
        metric: int | NDArray[np.int64],
        times: NDArray[np.int64],
        which: int = 0,
    ) -> NDArray[np.float64]:
        """The values of one column.

        Raises:
            CorruptStorage: one is not what was written there.
        """
        if self.key_id == PLAINTEXT_KEY:
            try:
                return np.array(values, np.float64)
            except ValueError:
                raise CorruptStorage("a value is none; restore a backup") from None
        return self.keys.key(self.key_id).numbers.opened(values, metric, times, which)

    def readable(
        self,
        rows: Sequence[tuple[int, int, float | bytes]],
        damaged: Callable[[CorruptStorage], None] | None,
        which: int = 0,
    ) -> dict[int, float]:
        """Values of rows (metric, time, value), by place in the list.

        Args:
            damaged: hears of a value that is not what was written, which is left out; None: it is raised.
        """
        metrics, times, values = zip(*rows, strict=True) if rows else ((), (), ())
        codes, at = np.array(metrics, np.int64), np.array(times, np.int64)
        try:
            return dict(enumerate(self.opened(values, codes, at, which).tolist()))
        except CorruptStorage as error:
            if damaged is None or len(rows) == 1:
                if damaged is None:
                    raise
                damaged(error)
                return {}
        each = {place: self.readable([row], damaged, which) for place, row in enumerate(rows)}
        return {place: value[0] for place, value in each.items() if value}

    def sealed_days(self, metric: int, days: Mapping[int, DaySummary]) -> Iterable[tuple[Any, ...]]:
        """Mean, lowest and highest of each day as they stand in the file."""
        columns = (
            [(day.mean, metric, at) for at, day in days.items()],
            [(day.minimum, metric, at) for at, day in days.items()],
            [(day.maximum, metric, at) for at, day in days.items()],
        )
        return zip(
            *(self.written(rows, which) for rows, which in zip(columns, FIGURES, strict=True)), strict=True
        )


def require_owner(keys: Keys, key_id: int, pseudonym: str) -> None:
    """What is sealed with a key says something about its owner, and nobody else.

    Raises:
        CorruptStorage: the key is somebody else's. KeyGone: it is gone.
    """
    if key_id != PLAINTEXT_KEY and keys.key(key_id).owner != pseudonym:
        raise CorruptStorage("values of somebody lie under the key of another; restore a backup")


def place_of(metric: int, span: int, start_ms: int, rows: int) -> Place:
    """Where a block lies; whose it is says its key."""
    return Place("series.block", "body", f"{metric}/{int(span)}/{start_ms}/{rows}")
