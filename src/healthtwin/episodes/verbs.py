"""What people do with an episode: acknowledge, snooze, resolve, open again. A verb covers what was known.

A verb stands in the log with what its sender knew (`Knows`). When an earlier reading arrives later and the
episode is worked out anew, with another beginning or split in two, the verb still means what it meant: it
covers the episode that stands open at its time, unless that holds something graver than was known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from healthtwin.domain import LONGEST_SNOOZE_MS, AlertLevel
from healthtwin.domain.errors import InvalidInput
from healthtwin.domain.signs import any_of
from healthtwin.episodes import ladders
from healthtwin.episodes.episodes import (
    ACKNOWLEDGED,
    REMIND_AFTER_MS,
    RESOLVED,
    SNOOZED,
    TRIGGERED,
    Moved,
    close,
    codes,
    is_open,
    write,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.episodes.episodes import Flags, Levels, Signs, StructuredArray, Times

VERBS = ("acknowledge", "snooze", "resolve", "reopen")


@dataclass(frozen=True, slots=True, eq=False)
class Knows:
    """What the senders of verbs had seen; shape (n,) unless said otherwise.

    Attributes:
        started_ms: start of the episode as they saw it. level: its level as they saw it.
        stated: whether what follows was written down; releases before 0.3 wrote only what stands above.
        signs: rules that were told, shape (n, SIGN_WORDS). rungs: told rung, shape (n, channels).
        clicked_ms: the house's clock at the click, which may lie before the verb's place in the log's order.
    """

    started_ms: Times
    level: Levels
    stated: Flags
    signs: Signs
    rungs: NDArray[np.uint8]
    clicked_ms: Times


def apply_verb(
    episodes: StructuredArray,
    verb: str,
    knows: Knows,
    until_ms: Times,
    time_ms: Times,
    ladder: StructuredArray | None = None,
) -> NDArray[np.uint8]:
    """Do what somebody asked for, in place; `Moved` codes, shape (n,).

    Args:
        until_ms: end of a snooze, at most `LONGEST_SNOOZE_MS` from `time_ms`; shape (n,).

    Raises:
        InvalidInput: for another verb than `VERBS`.
    """
    if verb == "reopen":
        return _reopen(episodes, knows)
    if verb not in VERBS:
        raise InvalidInput("verb", verb, ", ".join(VERBS[:-1]) + f" or {VERBS[-1]}")
    meant = is_open(episodes) & (knows.stated | (episodes["started_ms"] <= knows.started_ms))
    meant &= _covered(episodes, ladder, knows)
    if verb == "acknowledge":
        done = meant & (episodes["state"] != ACKNOWLEDGED)
        write(episodes, "state", done, ACKNOWLEDGED)
        write(episodes, "snoozed_until_ms", done, 0)
        grave = done & (episodes["level"] >= AlertLevel.CRITICAL)
        write(episodes, "remind_ms", done, np.where(grave, time_ms + REMIND_AFTER_MS, 0))
        moved = Moved.ACKNOWLEDGED
    elif verb == "snooze":
        until = np.minimum(until_ms, time_ms + LONGEST_SNOOZE_MS)
        done = meant & (until > time_ms)
        write(episodes, "state", done, SNOOZED)
        write(episodes, "snoozed_until_ms", done, until)
        write(episodes, "remind_ms", done, 0)
        moved = Moved.SNOOZED
    else:
        done = meant
        write(episodes, "before", done, episodes["state"])
        write(episodes, "held", done & (episodes["calm_since_ms"] == 0), value=True)
        write(episodes, "snoozed_until_ms", done, 0)
        close(episodes, done, time_ms)
        moved = Moved.RESOLVED_BY_HAND
    write(episodes, "quiet_level", done & (episodes["state"] != RESOLVED), episodes["level"])
    _take_note(episodes, ladder, knows, done)
    _take_note_of_part(episodes, ladder, knows, is_open(episodes) & ~done)
    return codes(len(episodes), (done, moved))


def _covered(episodes: StructuredArray, ladder: StructuredArray | None, knows: Knows) -> Flags:
    """Whether what was told until now is no graver than what was known."""
    covered: Flags = episodes["level"] <= knows.level
    further = any_of(episodes["told"] & ~knows.signs)
    if ladder is not None:
        told, known = ladder["told_rung"], knows.rungs
        deeper = (told > known) & ((known > 0) | (told >= ladders.URGENT))
        further |= ((told >= ladders.SPEAKS) & (known < ladders.SPEAKS)).any(axis=1)
        covered &= ~(knows.stated & deeper.any(axis=1))
    # What was measured after the click, by a clock that is behind the device's, was not known.
    later = episodes["told_ms"] > knows.clicked_ms
    covered &= ~(knows.stated & further & later)
    return covered


def _take_note(episodes: StructuredArray, ladder: StructuredArray | None, knows: Knows, where: Flags) -> None:
    """From now on told is what was known: a further sign is told when a later reading shows it too."""
    where = where & knows.stated
    write(episodes, "told", where[:, None], knows.signs)
    if ladder is not None:
        np.copyto(ladder["told_rung"], knows.rungs, where=where[:, None])
        _fill_values(ladder, where)


def _take_note_of_part(
    episodes: StructuredArray, ladder: StructuredArray | None, knows: Knows, where: Flags
) -> None:
    """The sender knew of something, though not of all: that much was told to the world."""
    where = where & knows.stated
    write(episodes, "told", where[:, None], episodes["told"] | knows.signs)
    if ladder is not None:
        known = np.maximum(ladder["told_rung"], knows.rungs)
        np.copyto(ladder["told_rung"], known, where=where[:, None])
        _fill_values(ladder, where)


def _fill_values(ladder: StructuredArray, where: Flags) -> None:
    """A channel that was told with a value which is not known any more counts from its newest one."""
    lacking = where[:, None] & (ladder["told_rung"] > 0) & (ladder["told_value"] == 0)
    np.copyto(ladder["told_value"], ladder["value"][:, ladders.VITAL_OF], where=lacking)


def _reopen(episodes: StructuredArray, knows: Knows) -> NDArray[np.uint8]:
    done = (
        episodes["held"]
        & (episodes["state"] == RESOLVED)
        & (knows.stated | (episodes["started_ms"] <= knows.started_ms))
    )
    before = np.where(episodes["before"] == TRIGGERED, TRIGGERED, ACKNOWLEDGED)
    write(episodes, "state", done, before)
    write(episodes, "quiet_level", done, np.where(before == ACKNOWLEDGED, episodes["level"], 0))
    write(episodes, "resolved_ms", done, 0)
    write(episodes, "held", done, value=False)
    return codes(len(episodes), (done, Moved.REOPENED))
