"""People as sequences of rows: when a net keeps what it saw, and how rows become batches.

A net sees one row per reading, but keeps what it saw at most once in `KEEP_AFTER_H`. A row that comes sooner
is judged from the kept state and then forgotten by the net (its features remember it). So a phone that sends
every five minutes walks about as many states a day as an hourly chart, and one net serves both. Hours are
read off the feature "hours since the first reading", so that a saved net needs nothing but the feature row
and its state.

>>> hours = np.array([0, 1, 1.25, 1.5, 1.75, 2.0])
>>> keep = kept_rows(hours, np.zeros(6, np.int64))
>>> keep.tolist()
[True, True, False, False, True, False]
>>> hours_since_kept(hours, np.zeros(6, np.int64), keep).tolist()
[0.0, 1.0, 0.25, 0.5, 0.75, 0.25]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats32 = NDArray[np.float32]
    Flags = NDArray[np.bool_]
    People = NDArray[np.intp]
    Rows = NDArray[np.intp]

KEEP_AFTER_H: Final = 0.75
"""Hours after the last kept row from which a row is kept again: a chart that wanders around the full hour by
a quarter of an hour keeps every row, a phone every 5 minutes one in nine."""

LONGEST_GAP_H: Final = 168.0
"""A gap of more than a week counts as a week: by then every memory has faded."""


def first_rows(person: People) -> Flags:
    """Where a new person begins, shape (rows,).

    >>> first_rows(np.array([7, 7, 3])).tolist()
    [True, False, True]
    """
    first = np.ones(len(person), np.bool_)
    first[1:] = person[1:] != person[:-1]
    return first


def kept_rows(hours: Floats32, person: People) -> Flags:
    """Which rows a net keeps, shape (rows,).

    Args:
        hours: since the person's first reading; NaN before it, and then nothing is kept. Shape (rows,).
        person: number of the person of each row; rows of one person stand together in time order.
    """
    hours = np.asarray(hours, np.float32)
    first, known = first_rows(person), ~np.isnan(hours)
    apart = np.r_[np.float32(0), np.diff(hours)]
    keep = known.copy()
    last: np.float32 | None = None
    # A row far from the row before is kept whatever came before; only the others need to be walked.
    for row in np.flatnonzero(~(apart >= KEEP_AFTER_H) & ~first & known):
        begin = row - 1
        if keep[begin]:
            last = hours[begin]
        elif first[begin] or not known[begin]:
            last = None
        keep[row] = last is None or hours[row] - last >= KEEP_AFTER_H
    return keep


def hours_since_kept(hours: Floats32, person: People, keep: Flags) -> Floats32:
    """Hours from the last kept row before each row, at most a week; 0 where there is none. Shape (rows,)."""
    hours = np.asarray(hours, np.float32)
    rows = np.arange(len(hours))
    first = np.maximum.accumulate(np.where(first_rows(person), rows, 0))
    kept = np.maximum.accumulate(np.where(keep, rows, -1))
    before = np.r_[-1, kept[:-1]]
    since = np.where(before >= first, hours - hours[np.maximum(before, 0)], np.float32(0))
    clipped = np.minimum(np.maximum(np.nan_to_num(since, nan=0.0), 0.0), LONGEST_GAP_H)
    return np.asarray(clipped, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A stretch of some people's rows, side by side.

    Attributes:
        rows: row numbers, shape (people, steps); where `real` is False, the last row of the same person.
        real: whether there is such a row, shape (people, steps).
        carried: which people of the piece before these are, as an index into it; None at a beginning.
    """

    rows: Rows
    real: Flags
    carried: Rows | None


def pieces(
    person: People, together: int, steps: int, rng: np.random.Generator | None = None
) -> Iterator[Piece]:
    """Walk all rows in pieces of `together` people of about the same length and at most `steps` rows each.

    A longer sequence goes on in the piece after, which says whose state it carries on. With `rng` the order
    of the groups is drawn and people of similar length mix; without, the walk is always the same.
    """
    starts = np.flatnonzero(first_rows(person))
    lengths = np.diff(np.r_[starts, len(person)])
    mixed = lengths if rng is None else lengths * rng.uniform(0.8, 1.25, len(lengths))
    order = np.argsort(-mixed, kind="stable")
    groups = [order[at : at + together] for at in range(0, len(order), together)]
    if rng is not None:
        groups = [groups[at] for at in rng.permutation(len(groups))]
    for group in groups:
        left = group[np.argsort(-lengths[group], kind="stable")]
        for begin in range(0, int(lengths[left[0]]), steps):
            alive = np.flatnonzero(lengths[left] > begin)
            left = left[alive]
            at = begin + np.arange(min(steps, int(lengths[left[0]]) - begin))[None, :]
            last = lengths[left][:, None] - 1
            yield Piece(starts[left][:, None] + np.minimum(at, last), at <= last, alive if begin else None)
