"""What the world is told about an episode: one message per change, with an id that every replay finds again.

An id is derived from what happened, never from when it was processed, so that an outbox which inserts or
ignores by id tells each change once, however often the log is replayed.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import msgspec

from healthtwin.domain import AlertLevel, AlertState, EpisodeChange, Verb, alert_id_of
from healthtwin.domain.rules import within_h_of
from healthtwin.domain.signs import rules_in
from healthtwin.episodes.episodes import (
    ACKNOWLEDGED,
    NEVER,
    RESOLVED,
    SNOOZED,
    STATE_WORDS,
    TRIGGERED,
    Moved,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from healthtwin.domain import Evidence


_VERB_OF: Final = {
    Moved.OPENED: Verb.OPENED,
    Moved.RAISED: Verb.RAISED,
    Moved.ACKNOWLEDGED: Verb.ACKNOWLEDGED,
    Moved.SNOOZED: Verb.SNOOZED,
    Moved.WOKEN: Verb.WOKEN,
    Moved.RESOLVED: Verb.RESOLVED,
    Moved.RESOLVED_BY_HAND: Verb.CLOSED,
    Moved.SAID_USUAL: Verb.SAID_USUAL,
    Moved.SAID_UNUSUAL: Verb.SAID_UNUSUAL,
}


def change_id_of(alert_id: str, verb: Verb, level: int, marker_ms: int) -> str:
    """The id of a change: the same wherever and however often it is computed.

    Args:
        alert_id: of the episode after the change.
        marker_ms: what tells two changes of the same verb and level apart (the end of a snooze, the time of
            an acknowledgement); 0 where an episode can have only one.

    >>> change_id_of("a-9f94094b24ffb4ed", Verb.OPENED, 2, 0)
    'c-25b6d6054f3a1221f281a28e'
    """
    text = f"{alert_id}\x00{verb}\x00{level}\x00{marker_ms}"
    return "c-" + hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def change_of(  # noqa: PLR0913 - every argument is a fact of the change and none has a sensible default
    person: str,
    dedup_key: str,
    episode: np.void,
    moved: Moved,
    *,
    at_ms: int,
    arrived_ms: int,
    rule: str,
    evidence: Sequence[Evidence] = (),
    actor: str = "",
) -> EpisodeChange:
    """What to tell about a move that `healthtwin.episodes.advance` (or a verb, or a tick) has just made.

    Args:
        episode: the `EPISODE` record after the move.
        at_ms: event time of the reading, verb or tick that made it.
        rule: name of the gravest rule that has spoken in it.
    """
    verb = _VERB_OF[moved]
    alert_id = alert_id_of(person, dedup_key, int(episode["started_ms"]))
    level = int(episode["level"])
    # Opening, each level and the end happen once per episode; what people do may happen again and again.
    again = (Verb.ACKNOWLEDGED, Verb.SNOOZED, Verb.WOKEN, Verb.SAID_USUAL, Verb.SAID_UNUSUAL)
    marker_ms = at_ms if verb in again else 0
    return EpisodeChange(
        id=change_id_of(alert_id, verb, level, marker_ms),
        person=person,
        alert_id=alert_id,
        verb=verb,
        dedup_key=dedup_key,
        rule=rule,
        rules=tuple(rule.name for rule in rules_in(episode["signs"])),
        level=AlertLevel(level),
        state=AlertState(STATE_WORDS[int(episode["state"])]),
        started_ms=int(episode["started_ms"]),
        at_ms=at_ms,
        arrived_ms=arrived_ms,
        resolved_ms=int(episode["resolved_ms"]) if int(episode["state"]) == RESOLVED else None,
        snoozed_until_ms=int(episode["snoozed_until_ms"]) if int(episode["state"]) == SNOOZED else None,
        by_hand=moved
        in (
            Moved.ACKNOWLEDGED,
            Moved.SNOOZED,
            Moved.RESOLVED_BY_HAND,
            Moved.SAID_USUAL,
            Moved.SAID_UNUSUAL,
        ),
        actor=actor,
        evidence=tuple(evidence),
        within_h=within_h_of(level, (rule,)),
    )


def reconcile(
    person: str,
    dedup_key: str,
    before: np.void,
    after: np.void,
    *,
    at_ms: int,
    arrived_ms: int,
    rule: str,
    evidence: Sequence[Evidence] = (),
) -> list[EpisodeChange]:
    """What the world must be told when a reading came late and the episode was worked out anew.

    The same episode with another beginning, level or end is corrected (under its new id, with the old one
    beside it); an episode that the late reading explains away is withdrawn, since what was told cannot be
    untold; one that nobody had seen is opened.

    Args:
        before: the `EPISODE` record as it was told. after: as it is now.
        at_ms: event time of the late reading.
        rule: name of the gravest rule that has spoken in it, as it is now.
    """
    if _standing(before) == _standing(after):
        return []

    def told(episode: np.void, moved: Moved) -> EpisodeChange:
        return change_of(
            person,
            dedup_key,
            episode,
            moved,
            at_ms=at_ms,
            arrived_ms=arrived_ms,
            rule=rule,
            evidence=evidence,
        )

    if _overlap(before, after):
        previous = alert_id_of(person, dedup_key, int(before["started_ms"]))
        now = told(after, Moved.OPENED)
        changes = [
            msgspec.structs.replace(
                now,
                id=change_id_of(now.alert_id, Verb.CORRECTED, int(now.level), at_ms),
                verb=Verb.CORRECTED,
                previous_alert_id=previous if previous != now.alert_id else None,
            )
        ]
        if int(after["state"]) == TRIGGERED and after["level"] > before["level"]:
            changes.append(told(after, Moved.RAISED))
        return changes
    changes = []
    if int(before["state"]) in _OPEN:
        gone = told(before, Moved.RESOLVED)
        changes.append(
            msgspec.structs.replace(
                gone,
                id=change_id_of(gone.alert_id, Verb.WITHDRAWN, int(gone.level), 0),
                verb=Verb.WITHDRAWN,
                state=AlertState.RESOLVED,
                resolved_ms=at_ms,
                snoozed_until_ms=None,
            )
        )
    if int(after["started_ms"]) > int(before["started_ms"]):
        changes.append(told(after, Moved.OPENED))
        if int(after["state"]) == RESOLVED:
            changes.append(told(after, Moved.RESOLVED))
    return changes


_OPEN: Final = (TRIGGERED, ACKNOWLEDGED, SNOOZED)


def _standing(episode: np.void) -> tuple[int, ...]:
    return tuple(
        int(episode[name]) for name in ("started_ms", "state", "level", "resolved_ms", "snoozed_until_ms")
    )


def _overlap(before: np.void, after: np.void) -> bool:
    """Whether the two are one episode seen twice: their spans meet."""
    if NEVER in (int(before["state"]), int(after["state"])):
        return False

    def end(episode: np.void) -> float:
        return float(episode["resolved_ms"]) if int(episode["state"]) == RESOLVED else float("inf")

    return int(after["started_ms"]) < end(before) and int(before["started_ms"]) < end(after)
