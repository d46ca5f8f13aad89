"""The silence alarm ("no reading for 6 hours"), and what may be said of a person whose readings are stale.

Silence is no sign of health and none of illness; it says that nobody is watching. So it is an episode of its
own (dedup key ``silence``), opened by the clock and closed by the next vital sign that speaks of now, and it
leaves the ``vitals`` episode as it stands.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import AlertLevel, Evidence
from healthtwin.domain.rules import SILENCE_RULE
from healthtwin.domain.said import Said
from healthtwin.domain.signs import no_signs, speak
from healthtwin.episodes.episodes import ACKNOWLEDGED, RESOLVED, SNOOZED, TRIGGERED, Moved, advance, is_open

if TYPE_CHECKING:
    from numpy.typing import NDArray

    StructuredArray = NDArray[np.void]
    Times = NDArray[np.int64]

SILENCE_LEVEL: Final = AlertLevel.WARNING
"""Orange: somebody should look within the day. An empty battery and a fall look alike from here."""

_OPEN_STATES: Final = (TRIGGERED, ACKNOWLEDGED, SNOOZED)


def silence(
    episodes: StructuredArray, last_seen_ms: Times, silence_after_ms: Times, now_ms: int
) -> NDArray[np.uint8]:
    """Open the silence episode of everybody who has not been heard of for too long, in place.

    The episode starts when the person's limit ran out, not when the clock happened to be read, so its id is
    the same whenever that is.

    Args:
        episodes: the ``silence`` episodes, shape (n,).
        last_seen_ms: time of the newest vital sign that was young when it came; 0 never (nobody is missed who
            was never there), shape (n,).
        silence_after_ms: each person's limit; 0 off, shape (n,).

    Returns:
        `Moved` codes, shape (n,).
    """
    due = (last_seen_ms > 0) & (silence_after_ms > 0) & (now_ms - last_seen_ms >= silence_after_ms)
    # Once dealt with by hand, the same silence is not told a second time.
    start = last_seen_ms + silence_after_ms
    due &= ~((episodes["state"] == RESOLVED) & (episodes["started_ms"] == start))
    level = np.where(due, np.uint8(SILENCE_LEVEL), np.uint8(0))
    signs = no_signs(len(episodes))
    speak(signs, due, SILENCE_RULE)
    time_ms = np.where(due & ~is_open(episodes), start, now_ms)
    moved = advance(episodes, level, signs, np.zeros(len(episodes), np.bool_), time_ms)
    # The sign of silence is the reading after which none came; only a younger one ends it (`close_silence`).
    np.copyto(episodes["last_sign_ms"], last_seen_ms, where=due)
    return moved


def close_silence(episodes: StructuredArray, time_ms: Times, there: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """A reading came: close the silence episode at once, in place, if it is younger than the last one heard.

    Args:
        episodes: the ``silence`` episodes, shape (n,).
        time_ms: event time of the reading, shape (n,).
        there: whether it is a vital sign, and younger than the limit of silence; nothing else ends one.

    Returns:
        `Moved` codes, shape (n,): RESOLVED where one was open.
    """
    over = there & is_open(episodes) & (time_ms > episodes["last_sign_ms"])
    episodes["state"][over] = RESOLVED
    episodes["resolved_ms"][over] = np.maximum(time_ms, episodes["started_ms"])[over]
    episodes["held"] &= ~there
    codes = np.zeros(len(episodes), np.uint8)
    codes[over] = Moved.RESOLVED
    return codes


def silence_evidence(last_seen_ms: int, now_ms: int) -> Evidence:
    """The fact behind a silence alarm.

    >>> silence_evidence(0, 6 * 3_600_000).said
    Said(code='evidence-silence', facts={'ms': 21600000})
    """
    return Evidence(
        said=Said.of("evidence-silence", ms=now_ms - last_seen_ms),
        source=Said.of("source-latest-reading"),
        time_ms=last_seen_ms,
    )


def is_held(vitals: np.void) -> bool:
    """Whether somebody closed one person's episode while its signs stood, and they were not calm since."""
    return bool(vitals["held"]) and int(vitals["state"]) == RESOLVED


class Standing(StrEnum):
    """What may be said of a person now. There is no "fine": the best that is known is "usual"."""

    UNKNOWN = "unknown"
    USUAL = "usual"
    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


def standing(vitals: np.void, known_until_ms: int, now_ms: int) -> Standing:
    """What may be said of one person.

    An open episode outranks staleness: what was bad when it was last seen is not unknown. Otherwise vital
    signs that are older than they may be (`healthtwin.domain.Ages.known`) leave the state unknown.

    Args:
        vitals: the person's ``vitals`` episode.
        known_until_ms: until when their vital signs say how they are; 0 without any.
    """
    if int(vitals["state"]) in _OPEN_STATES:
        return Standing(AlertLevel(int(vitals["level"])).word)
    return Standing.UNKNOWN if now_ms > known_until_ms else Standing.USUAL
