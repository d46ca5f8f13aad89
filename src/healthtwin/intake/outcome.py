"""What became of what was sent in."""

from __future__ import annotations

from enum import StrEnum


class RowOutcome(StrEnum):
    """What became of one valid row.

    new: stored now. duplicate: the same key and content was stored before. conflict: the key was used for
    other content; nothing was stored for this row and nothing that was stored is lost.
    """

    NEW = "new"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
