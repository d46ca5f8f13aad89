"""What stands in a log payload, by kind: compact msgpack arrays, decoded strictly.

A payload that was acknowledged must be readable for ever: fields are only ever added at the end, with a
default, and never change their meaning.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

from healthtwin.domain import AlertLevel, Profile
from healthtwin.domain.errors import CorruptStorage
from healthtwin.domain.log import EVENT, PROFILE, STATEMENT, TICK, VERB, VITALS


class VitalsPayload(msgspec.Struct, array_like=True, frozen=True):
    """One message of a device: what was measured at one instant.

    Attributes:
        values: metric code → value in the metric's unit; the code is `healthtwin.domain.Metric.code`.
        quality: 0–1.
        posture: ``lying``, ``sitting``, ``standing`` or None.
        asleep: None when not stated.
        source: what the sender calls its sensor; None when not stated.
        unused: None. Former logs hold a place here, which nobody reads; the place in the array stays taken.
    """

    values: dict[int, float]
    quality: float = 1.0
    posture: str | None = None
    asleep: bool | None = None
    source: str | None = None
    unused: object = None


class ProfilePayload(msgspec.Struct, array_like=True, frozen=True):
    """A change of what is known about a person (`healthtwin.domain.Profile`), whole, not a difference.

    `site_offset` is what the house knew when it wrote this (`TickPayload`): whoever has heard of no tick yet
    is judged by it from the first reading on.
    """

    timezone: str
    birth_year: int | None = None
    sex: str | None = None
    pregnant: bool = False
    spo2_scale_2: bool = False
    false_alarms_per_week: float = 1.0
    silence_after_ms: int | None = None
    alarms: bool = True
    site_offset: float = 0.0
    birth_month: int | None = None
    gave_birth_on: date | None = None
    low_pulse_floor: int | None = None
    low_pulse_known_by: str | None = None
    low_pulse_known_until: date | None = None
    pacemaker_rate: int | None = None
    beta_blocker_since: date | None = None
    altitude_m: int | None = None
    altitude_by: str | None = None
    altitude_since: date | None = None
    altitude_until: date | None = None
    atrial_fibrillation: bool = False
    usual_news2: int | None = None
    usual_news2_by: str | None = None
    usual_news2_until: date | None = None

    @classmethod
    def of(cls, profile: Profile, site_offset: float = 0.0) -> ProfilePayload:
        """The payload that says this profile."""
        return cls(
            profile.timezone,
            profile.birth_year,
            profile.sex,
            profile.pregnant,
            profile.spo2_scale_2,
            profile.false_alarms_per_week,
            profile.silence_after_ms,
            profile.alarms,
            site_offset,
            profile.birth_month,
            profile.gave_birth_on,
            profile.low_pulse_floor,
            profile.low_pulse_known_by,
            profile.low_pulse_known_until,
            profile.pacemaker_rate,
            profile.beta_blocker_since,
            profile.altitude_m,
            profile.altitude_by,
            profile.altitude_since,
            profile.altitude_until,
            profile.atrial_fibrillation,
            profile.usual_news2,
            profile.usual_news2_by,
            profile.usual_news2_until,
        )


class TickPayload(msgspec.Struct, array_like=True, frozen=True):
    """What the house as a whole has come to know; an empty payload says nothing new.

    Attributes:
        site_offset: how far the thresholds of trained alarms stand above the training side's in this house
            (`healthtwin.forecast.SiteBudget.offset`), natural log units.
    """

    site_offset: float = 0.0


class VerbPayload(msgspec.Struct, array_like=True, frozen=True):
    """What somebody did with an alert.

    Attributes:
        verb: ``acknowledge``, ``snooze``, ``resolve``, ``reopen``, ``confirm_new_normal``, ``say_usual``,
            ``say_unusual`` or ``feel``.
        dedup_key: which of the person's episodes.
        started_ms: the start of the episode as the actor saw it, so that a click never lands on a later one.
        until_ms: end of a snooze.
        level: the level as the actor saw it; a worse one breaks the snooze.
        actor: id of who did it; never a name.
        columns: for ``confirm_new_normal``: which columns of `LEARNED`, as bits; 0 is all of them. For
            ``say_usual`` and ``say_unusual``: of which the actor was asked; 0 is none. For ``feel``: which
            symptoms (`healthtwin.domain.symptoms`), as bits.
        shifts: for ``say_usual``: how far what was asked about lay from its usual: metric code → in its unit.
        rules, rungs: what the actor knew: numbers of the rules, and the rung of each of
            `healthtwin.episodes.CHANNELS`, that had been told; None in a verb of before 0.3.
        seen: version of the alert that the actor saw; None when they did not say.
        reason: why it was closed: ``treated``, ``measuring_error``, ``usual_for_them``, ``other`` or nothing.
        note: what they wrote beside it.
    """

    verb: str
    dedup_key: str
    started_ms: int
    until_ms: int | None = None
    level: int = int(AlertLevel.CRITICAL)
    actor: str = ""
    columns: int = 0
    shifts: dict[int, float] = {}
    rules: tuple[int, ...] | None = None
    rungs: tuple[int, ...] = ()
    seen: int | None = None
    reason: str = ""
    note: str = ""


class EventPayload(msgspec.Struct, array_like=True, frozen=True):
    """Something happened to a person, told in full: the timeline is made from it. The twin passes over it.

    Attributes:
        subject: a kind of `healthtwin.domain.EventKind`.
        revision: 0; it had a meaning while statements were events too.
        actor: id of who told it; never a name.
        text: what happened, in the person's words; never empty.
        severity: 0 (none) to 10 (worst imaginable); None when not stated.
        codes: as the sender coded it.
    """

    subject: str
    revision: int = 0
    actor: str = ""
    text: str = ""
    severity: float | None = None
    codes: tuple[str, ...] = ()


class StatementPayload(msgspec.Struct, array_like=True, frozen=True):
    """Something was stated about a person. The twin passes over it.

    What it changed to stands in the records alone: genes in a log could never be unlinked from a person.

    Attributes:
        subject: ``medicines``, ``genes`` or ``background``.
        revision: of the statement in the records, 1 at first.
        actor: id of who stated it; never a name.
    """

    subject: str
    revision: int
    actor: str = ""


Payload = VitalsPayload | ProfilePayload | VerbPayload | EventPayload | StatementPayload | TickPayload

KINDS: Final[dict[type[Payload], str]] = {
    VitalsPayload: VITALS,
    ProfilePayload: PROFILE,
    VerbPayload: VERB,
    EventPayload: EVENT,
    StatementPayload: STATEMENT,
    TickPayload: TICK,
}
"""Under which kind each payload stands in the log."""

_encoder: Final = msgspec.msgpack.Encoder()
_decoders: Final[dict[str, msgspec.msgpack.Decoder[Payload]]] = {
    kind: msgspec.msgpack.Decoder(payload) for payload, kind in KINDS.items()
}


def encode(payload: Payload) -> bytes:
    """The bytes that go into the log.

    >>> decode(VITALS, encode(VitalsPayload({1: 72.0}))).values
    {1: 72.0}
    """
    return _encoder.encode(payload)


def decode(kind: str, payload: bytes) -> Payload:
    """What a log payload says.

    Raises:
        CorruptStorage: when the bytes are not what `encode` writes for this kind.
    """
    decoder = _decoders.get(kind)
    if decoder is None:
        raise CorruptStorage(f"log record of unknown kind {kind!r}; known: {', '.join(_decoders)}")
    try:
        said = decoder.decode(payload)
    except msgspec.DecodeError as error:
        raise CorruptStorage(f"log record of kind {kind!r} cannot be read: {error}") from error
    if type(said) is EventPayload and not said.text:
        return StatementPayload(said.subject, said.revision, said.actor)  # they had no kind of their own once
    return said
