"""Newest states that rows came beneath: when, on the log's clock, they are computed again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain.log import Change

if TYPE_CHECKING:
    from numpy.typing import NDArray

REBUILT_AFTER_MS: Final = 1_000
"""Otherwise the log's clock shall first move on by this..."""

REBUILT_AFTER_EACH_MS: Final = 10
"""...and by this for each pending row, so that computing them again takes a small part of the time, however
rows come: the last quarter of an hour at once a second, newest first, is judged in full ten seconds later."""


@dataclass(frozen=True, slots=True)
class Outdated:
    """A newest state that rows came beneath since it was computed.

    Attributes:
        offset, arrived_ms: of the last such row: what the new state will have changed because of.
        due_ms: when the log's clock shows this, it is computed again.
    """

    offset: int
    arrived_ms: int
    due_ms: int


WHEN: Final = np.dtype([("heard_ms", "i8"), ("offset", "i8"), ("arrived_ms", "i8"), ("due_ms", "i8")])
"""The same as a snapshot keeps it, after the log's clock at the person's last row; due never: the state is up
to date."""

NEVER_MS: Final = np.iinfo(np.int64).max
"""No time comes after it."""


def rebuilt_after_ms(pending: NDArray[np.int32]) -> NDArray[np.int64]:
    """By how much the clock must move on for people with so many pending rows.

    >>> rebuilt_after_ms(np.array([0, 900], np.int32)).tolist()
    [1000, 10000]
    """
    return REBUILT_AFTER_MS + REBUILT_AFTER_EACH_MS * pending.astype(np.int64)


def told_anew(change: Change, offset: int) -> Change:
    """Under an id of its own: an episode may be withdrawn, restored and withdrawn again, all of it told."""
    return Change(f"{change.id}@{offset}", change.person, change.kind, change.payload)
