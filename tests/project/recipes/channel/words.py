"""A line about an alert, without a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.domain import from_ms
from healthtwin.episodes.words import summary
from healthtwin.words import say

if TYPE_CHECKING:
    from healthtwin.domain import EpisodeChange


def line_of(change: EpisodeChange, first_id: str) -> str:
    """When, which alert, what."""
    told = say(summary(change.level, change.rule, change.dedup_key, change.verb))
    return f"{from_ms(change.at_ms).isoformat()} {first_id} {told}"
