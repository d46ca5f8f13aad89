"""Newest states that rows came beneath: when, on the log's clock, they are computed again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

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


OUTDATED: Final = np.dtype([("offset", "i8"), ("arrived_ms", "i8"), ("due_ms", "i8")])
"""The same as a snapshot keeps it; due never: the state is up to date."""

NEVER_MS: Final = np.iinfo(np.int64).max
"""No time comes after it."""
