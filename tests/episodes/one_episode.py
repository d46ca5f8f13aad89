"""One person's episode, driven with plain numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from healthtwin.domain import AlertLevel
from healthtwin.domain.rules import NEWS2_RED
from healthtwin.domain.signs import SIGN_WORDS
from healthtwin.episodes import CHANNELS, Knows, Moved, advance, apply_verb, blank_episodes, wake

if TYPE_CHECKING:
    from healthtwin.domain.arrays import StructuredArray

NOON_MS = 1_772_366_400_000
MINUTE = 60_000


def at(minute: float) -> int:
    """Milliseconds of so many minutes after noon."""
    return NOON_MS + round(minute * MINUTE)


def as_shown(
    episodes: StructuredArray,
    *,
    started_ms: int | None = None,
    level: int | None = None,
    clicked_ms: int = 2**53,
) -> Knows:
    """What a click of before 0.3 says: which episode, at which level; not which signs."""
    return Knows(
        started_ms=np.array([episodes["started_ms"][0] if started_ms is None else started_ms], np.int64),
        level=np.array([episodes["level"][0] if level is None else level], np.uint8),
        stated=np.array([False]),
        signs=np.zeros((1, SIGN_WORDS), np.uint64),
        rungs=np.zeros((1, len(CHANNELS)), np.uint8),
        clicked_ms=np.array([clicked_ms], np.int64),
    )


class OneEpisode:
    """An `EPISODE` record with verbs in minutes."""

    def __init__(self) -> None:
        self.record: StructuredArray = blank_episodes(1)

    def see(
        self, minute: float, level: int, *, calm: bool | None = None, signs: int = 1 << NEWS2_RED
    ) -> Moved:
        """A reading was judged; calm unless there is a sign."""
        codes = advance(
            self.record,
            np.array([level], np.uint8),
            np.full((1, SIGN_WORDS), signs if level else 0, np.uint64),
            np.array([level == 0 if calm is None else calm]),
            np.array([at(minute)], np.int64),
        )
        return Moved(int(codes[0]))

    def act(
        self,
        verb: str,
        minute: float,
        *,
        level: int | None = None,
        until: float = 0,
        started_ms: int | None = None,
    ) -> Moved:
        """Somebody acts on what they see: this episode at its level, unless said otherwise."""
        codes = apply_verb(
            self.record,
            verb,
            as_shown(self.record, started_ms=started_ms, level=level),
            np.array([at(until)], np.int64),
            np.array([at(minute)], np.int64),
        )
        return Moved(int(codes[0]))

    def tick(self, minute: float) -> Moved:
        """The clock is read."""
        return Moved(int(wake(self.record, at(minute))[0]))

    @property
    def state(self) -> str:
        return ("never", "triggered", "acknowledged", "snoozed", "resolved")[int(self.record["state"][0])]

    @property
    def level(self) -> int:
        return int(self.record["level"][0])

    @property
    def started_ms(self) -> int:
        return int(self.record["started_ms"][0])


INFO, WARNING, CRITICAL = (int(level) for level in AlertLevel)
