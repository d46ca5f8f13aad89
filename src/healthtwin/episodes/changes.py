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
    REMIND_EVERY_MS,
    RESOLVED,
    SNOOZED,
    STATE_WORDS,
    TRIGGERED,
    Moved,
)
from healthtwin.episodes.told import is_news, standing_signs, told_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from healthtwin.domain import Evidence
    from healthtwin.episodes.told import Told

_VERB_OF: Final = {
    Moved.OPENED: Verb.OPENED,
    Moved.RAISED: Verb.RAISED,
    Moved.WORSENED: Verb.WORSENED,
    Moved.ACKNOWLEDGED: Verb.ACKNOWLEDGED,
    Moved.SNOOZED: Verb.SNOOZED,
    Moved.WOKEN: Verb.WOKEN,
    Moved.LAPSED: Verb.LAPSED,
    Moved.REMINDED: Verb.REMINDED,
    Moved.RESOLVED: Verb.RESOLVED,
    Moved.RESOLVED_BY_HAND: Verb.CLOSED,
    Moved.SAID_USUAL: Verb.SAID_USUAL,
    Moved.SAID_UNUSUAL: Verb.SAID_UNUSUAL,
    Moved.REOPENED: Verb.REOPENED,
}

_ONCE: Final = frozenset({Verb.OPENED, Verb.RAISED, Verb.RESOLVED})
"""What happens once per episode, or once per level; all else may happen again and again."""

_BY_HAND: Final = frozenset(
    {
        Moved.ACKNOWLEDGED,
        Moved.SNOOZED,
        Moved.RESOLVED_BY_HAND,
        Moved.REOPENED,
        Moved.SAID_USUAL,
        Moved.SAID_UNUSUAL,
    }
)


def change_id_of(alert_id: str, verb: Verb, level: int, marker_ms: int) -> str:
    """The id of a change: the same wherever and however often it is computed.

    Args:
        alert_id: of the episode after the change.
        marker_ms: what tells two changes of the same verb and level apart (the end of a snooze, the time of
            an acknowledgement or of a new sign); 0 where an episode can have only one.

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
    ladder: np.void | None = None,
    before: Told | None = None,
) -> EpisodeChange:
    """What to tell about a move that `healthtwin.episodes.advance` (or a verb, or a tick) has just made.

    Args:
        episode: the `EPISODE` record after the move.
        at_ms: event time of the reading, verb or tick that made it.
        rule: name of the gravest rule that stands in it.
        ladder: the `LADDER` record after the move, where there is one.
        before: what was told before it; None: nothing.
    """
    verb = _VERB_OF[moved]
    if moved is Moved.WOKEN:
        at_ms = int(episode["told_ms"])  # the end that was asked for, not when the clock was read
    elif moved is Moved.REMINDED:
        at_ms = int(episode["remind_ms"]) - REMIND_EVERY_MS
    alert_id = alert_id_of(person, dedup_key, int(episode["started_ms"]))
    level = AlertLevel(int(episode["level"]))
    standing = standing_signs(episode, ladder)
    told_rules = rules_in(episode["told"])
    return EpisodeChange(
        id=change_id_of(alert_id, verb, level, 0 if verb in _ONCE else at_ms),
        person=person,
        alert_id=alert_id,
        verb=verb,
        dedup_key=dedup_key,
        rule=rule,
        rules=tuple(each.name for each in rules_in(episode["signs"])),
        level=level,
        state=AlertState(STATE_WORDS[int(episode["state"])]),
        started_ms=int(episode["started_ms"]),
        at_ms=at_ms,
        arrived_ms=arrived_ms,
        resolved_ms=int(episode["resolved_ms"]) if int(episode["state"]) == RESOLVED else None,
        snoozed_until_ms=int(episode["snoozed_until_ms"]) if int(episode["state"]) == SNOOZED else None,
        by_hand=moved in _BY_HAND,
        actor=actor,
        evidence=tuple(evidence),
        within_h=within_h_of(level, [rule, *(each.name for each in told_rules)]),
        standing=standing,
        news=tuple(sign for sign in standing if before is None or is_news(sign.item, before)),
        told_rules=tuple(each.number for each in told_rules),
        rungs=() if ladder is None else tuple(ladder["told_rung"].tolist()),
        held=bool(episode["held"]) and int(episode["state"]) == RESOLVED,
    )


def reconcile(  # noqa: PLR0913 - as change_of
    person: str,
    dedup_key: str,
    before: np.void,
    after: np.void,
    *,
    at_ms: int,
    arrived_ms: int,
    rule: str,
    evidence: Sequence[Evidence] = (),
    ladder_before: np.void | None = None,
    ladder: np.void | None = None,
) -> list[EpisodeChange]:
    """What the world must be told when a reading came late and the episode was worked out anew.

    The same episode with another beginning, level or end is corrected (under its new id, beside the old one),
    and told again if it holds something that nobody was told; one that is explained away is withdrawn, since
    what was told cannot be untold; one that nobody had seen is opened.

    Args:
        before: the `EPISODE` record as it was told. after: as it is now.
        at_ms: event time of the late reading. rule: the gravest that has spoken in it, as it is now.
        ladder_before, ladder: the `LADDER` records beside them, where there are any.
    """
    if _shown(before, ladder_before) == _shown(after, ladder):
        return []
    known = told_in(before, ladder_before)

    def told(episode: np.void, moved: Moved, told_before: Told | None = None) -> EpisodeChange:
        return change_of(
            person,
            dedup_key,
            episode,
            moved,
            at_ms=at_ms,
            arrived_ms=arrived_ms,
            rule=rule,
            evidence=evidence,
            ladder=ladder if episode is after else ladder_before,
            before=told_before,
        )

    if int(before["started_ms"]) < int(after["former_end_ms"]) and int(before["state"]) != NEVER:
        return _split(person, dedup_key, before, after, told(after, Moved.OPENED, known), at_ms)
    if _overlap(before, after):
        previous = alert_id_of(person, dedup_key, int(before["started_ms"]))
        now = told(after, Moved.OPENED, known)
        corrected = msgspec.structs.replace(
            now,
            id=change_id_of(now.alert_id, Verb.CORRECTED, int(now.level), at_ms),
            verb=Verb.CORRECTED,
            previous_alert_id=previous if previous != now.alert_id else None,
        )
        triggered = int(after["state"]) == TRIGGERED
        if triggered and after["level"] > before["level"]:
            return [corrected, told(after, Moved.RAISED, known)]
        if triggered and now.news:
            return [corrected, told(after, Moved.WORSENED, known)]
        if int(after["state"]) == RESOLVED and int(before["state"]) in _OPEN:
            end = told(after, _end_of(after))
            return [end] if previous == now.alert_id else [corrected, end]
        return [corrected]
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
            changes.append(told(after, _end_of(after)))
    return changes


def _split(
    person: str, dedup_key: str, before: np.void, after: np.void, now: EpisodeChange, at_ms: int
) -> list[EpisodeChange]:
    """What was one episode turns out to be two: the first was over before the second began.

    Nobody is told that it is over, since what stands was told with it; of the second is told what was not.
    """
    previous = alert_id_of(person, dedup_key, int(before["started_ms"]))
    level = AlertLevel(int(after["former_level"]))
    started_ms = int(after["former_ms"])
    alert_id = alert_id_of(person, dedup_key, started_ms)
    first = EpisodeChange(
        id=change_id_of(alert_id, Verb.CORRECTED, level, at_ms),
        person=person,
        alert_id=alert_id,
        previous_alert_id=previous if previous != alert_id else None,
        verb=Verb.CORRECTED,
        dedup_key=dedup_key,
        rule=rules[0].name if (rules := rules_in(before["signs"])) else now.rule,
        rules=tuple(rule.name for rule in rules_in(before["signs"])),
        level=level,
        state=AlertState.RESOLVED,
        started_ms=started_ms,
        at_ms=at_ms,
        arrived_ms=now.arrived_ms,
        resolved_ms=int(after["former_end_ms"]),
    )
    if now.state is AlertState.TRIGGERED and now.news:
        return [first, now]
    corrected = change_id_of(now.alert_id, Verb.CORRECTED, int(now.level), at_ms)
    return [first, msgspec.structs.replace(now, id=corrected, verb=Verb.CORRECTED)]


def _end_of(episode: np.void) -> Moved:
    return Moved.RESOLVED_BY_HAND if int(episode["before"]) else Moved.RESOLVED


_OPEN: Final = (TRIGGERED, ACKNOWLEDGED, SNOOZED)


def _shown(episode: np.void, ladder: np.void | None) -> tuple[object, ...]:
    """What of an episode people are shown."""
    numbers = (
        int(episode[name]) for name in ("started_ms", "state", "level", "resolved_ms", "snoozed_until_ms")
    )
    rungs = b"" if ladder is None else ladder["told_rung"].tobytes()
    return (*numbers, episode["signs"].tobytes(), episode["told"].tobytes(), rungs)


def _overlap(before: np.void, after: np.void) -> bool:
    """Whether the two are one episode seen twice: their spans meet."""
    if NEVER in (int(before["state"]), int(after["state"])):
        return False

    def end(episode: np.void) -> float:
        return float(episode["resolved_ms"]) if int(episode["state"]) == RESOLVED else float("inf")

    return int(after["started_ms"]) < end(before) and int(before["started_ms"]) < end(after)
