"""What the world is told about an episode: the payload of a change of kind `EPISODE_CHANGE`."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from healthtwin.domain.errors import CorruptStorage
from healthtwin.domain.log import EPISODE_CHANGE, Change
from healthtwin.domain.vocabulary import AlertLevel, AlertState, Evidence, evidence_of


class Verb(StrEnum):
    """What happened to an episode.

    worsened: a new sign, or one that is clearly worse than what was told. woken: a snooze is over, and what
    was snoozed still stands. lapsed: it is over, and no fresh reading says so. reminded: critical,
    acknowledged, and not better. resolved: by itself. closed: by somebody; reopened: that was taken back.
    corrected: worked out anew because a reading came late. withdrawn: such a reading explains it away.
    said_usual, said_unusual: the person answered whether what was seen was unusual for them; the episode
    stands as it stood.
    """

    OPENED = "opened"
    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    SAID_USUAL = "said_usual"
    SAID_UNUSUAL = "said_unusual"
    WORSENED = "worsened"
    LAPSED = "lapsed"
    REMINDED = "reminded"
    REOPENED = "reopened"


class Sign(msgspec.Struct, frozen=True):
    """One sign of an episode with its newest value.

    Attributes:
        rule: name of the rule that speaks of it.
        metric, value, time_ms: what was measured, in the metric's unit, and when; None where no single value
            stands behind it.
        item: what of it is told once: the rule, or a vital's rung, with how often it had ceased before.
        now: whether the newest value is still one that the rule speaks of.
    """

    rule: str
    metric: str | None = None
    value: float | None = None
    time_ms: int | None = None
    item: str = ""
    now: bool = True


class EpisodeChange(msgspec.Struct, frozen=True, kw_only=True):
    """One change of one episode, with the whole episode as it stands after it.

    Attributes:
        id: deterministic; the outbox ignores one that it has already.
        person: pseudonym.
        alert_id: `domain.alert_id_of(person, dedup_key, started_ms)`.
        previous_alert_id: the id this episode had before an earlier reading came late; None otherwise.
        verb: what happened (`Verb`).
        dedup_key: ``vitals`` or ``silence``.
        rule: name of the gravest rule that has spoken in it.
        rules: names of every rule that has spoken in it, gravest first; empty in a change of before 0.2.
        level: `AlertLevel`; state: `AlertState`.
        within_h: of a warning, within how many hours somebody must see the person; None at other levels.
        started_ms: event time of the first sign. at_ms: event time of this change.
        arrived_ms: when the house acknowledged what caused it; latency is counted from here.
        resolved_ms, snoozed_until_ms: None where not so.
        by_hand: somebody did it; actor: id of who, never a name.
        evidence: facts behind this change, heaviest first.
        version: of the alert after this change: 1 at its opening, one more whenever something is told. Kept
            by whoever tells (`healthtwin.notify`); 0 on its way there.
        standing: signs that stand, gravest first. news: of these, what had not been told before this change.
        told_rules: numbers of the rules, rungs: rung of each of `healthtwin.episodes.CHANNELS`, that were
            told and have not ceased: what somebody who saw this change knows.
        held: closed by somebody while signs stood, and they have not been calm since.
    """

    id: str
    person: str
    alert_id: str
    previous_alert_id: str | None = None
    verb: Verb
    dedup_key: str
    rule: str
    rules: tuple[str, ...] = ()
    level: AlertLevel
    state: AlertState
    started_ms: int
    at_ms: int
    arrived_ms: int
    resolved_ms: int | None = None
    snoozed_until_ms: int | None = None
    by_hand: bool = False
    actor: str = ""
    evidence: tuple[Evidence, ...] = ()
    version: int = 0
    within_h: int | None = None
    standing: tuple[Sign, ...] = ()
    news: tuple[Sign, ...] = ()
    told_rules: tuple[int, ...] = ()
    rungs: tuple[int, ...] = ()
    held: bool = False

    @property
    def audible(self) -> bool:
        """Whether somebody must be told now: a new or worse episode that nobody has put to rest.

        Of a critical one that somebody has in hand, it is also that it is not better.
        """
        if self.verb is Verb.REMINDED:
            return self.state is AlertState.ACKNOWLEDGED
        return self.state is AlertState.TRIGGERED and self.verb in _AUDIBLE

    def as_change(self) -> Change:
        """As it travels: what the outbox carries."""
        return Change(self.id, self.person, EPISODE_CHANGE, encode_change(self))


_AUDIBLE: Final = frozenset({Verb.OPENED, Verb.RAISED, Verb.WORSENED, Verb.WOKEN})

_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(EpisodeChange)


def encode_change(change: EpisodeChange) -> bytes:
    """The bytes that stand in the outbox."""
    return _encoder.encode(change)


def decode_change(payload: bytes) -> EpisodeChange:
    """The change that these outbox bytes say.

    Raises:
        CorruptStorage: when they are not what `encode_change` writes.
    """
    try:
        try:
            return _decoder.decode(payload)
        except msgspec.ValidationError:
            return _of_before(payload)
    except msgspec.DecodeError as error:
        raise CorruptStorage(f"an outbox payload cannot be read: {error}") from error


def _of_before(payload: bytes) -> EpisodeChange:
    """A change of an older release, whose evidence stands in English words."""
    told = msgspec.msgpack.decode(payload)
    evidence = told.pop("evidence", ()) if isinstance(told, dict) else ()
    change = msgspec.convert(told, EpisodeChange)
    if not all(isinstance(fact, dict) and isinstance(fact.get("text"), str) for fact in evidence):
        raise msgspec.ValidationError("its evidence is neither said nor told")
    return msgspec.structs.replace(change, evidence=tuple(evidence_of(fact) for fact in evidence))
