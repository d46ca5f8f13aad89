"""What somebody wants of their data: of which time, and in which language."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Final

from healthtwin.words import DEFAULT_LANGUAGE

FOR_EVER_MS: Final = 2**52
"""Further away than anything can be measured."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an export is to hold.

    Attributes:
        from_ms, to_ms: of what happened at a time, only what lies between, both included, epoch ms; what was
            stated is whole.
        language: of the words for people: ``en``, ``de``.
        parquet: whether values stand there as Parquet files, too (extra ``parquet``).
        made_ms: when it was asked for, epoch ms.
    """

    from_ms: int = -FOR_EVER_MS
    to_ms: int = FOR_EVER_MS
    language: str = DEFAULT_LANGUAGE
    parquet: bool = False
    made_ms: int = field(default_factory=lambda: time.time_ns() // 1_000_000)

    def holds(self, time_ms: object) -> bool:
        """Whether a time lies in it; what has no time always does."""
        return not isinstance(time_ms, int) or self.from_ms <= time_ms <= self.to_ms
