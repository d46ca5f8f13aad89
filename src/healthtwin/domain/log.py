"""What stands in the log and in the outbox: kinds, records, changes. Each is named here, once.

A *record* is something that happened, as it came in; a *change* is something that must be told because of it.
Both carry their kind beside an opaque payload, so that whoever listens takes the kinds that concern them, and
a new kind needs no new road.
"""

from __future__ import annotations

from typing import Final, TypeVar

import msgspec

VITALS: Final = "vitals"
"""One message of a device: what was measured at one instant."""

PROFILE: Final = "profile"
"""What is known about a person that changes how readings are judged."""

VERB: Final = "verb"
"""What somebody did with an alert."""

TICK: Final = "tick"
"""House-wide: time passes. Its `time_ms` is what everybody's clock now shows."""

EVENT: Final = "event"
"""Something happened to a person besides being measured; told in full."""

STATEMENT: Final = "statement"
"""Somebody stated something about a person; what it says stands in the records alone."""

ERASED: Final = "erased"
"""What is left of a record or a change whose person is forgotten: its place, and when it arrived."""

STATELESS: Final = frozenset({EVENT, STATEMENT})
"""Kept for their own sake: no state is computed from them."""

EPISODE_CHANGE: Final = "episode"
"""Kind of a change: an alert opened, got worse, was acknowledged, ended (`EpisodeChange`)."""

PLAINTEXT_KEY: Final = 0
"""Key id of a payload that is not encrypted."""


class NewRecord(msgspec.Struct, frozen=True, gc=False):
    """One thing that happened, on its way into the log.

    Attributes:
        person: pseudonym; empty for house-wide records (ticks).
        kind: `VITALS`, `PROFILE`, `VERB`, `TICK`, `EVENT` or `STATEMENT`.
        time_ms: when it happened, epoch milliseconds.
        arrived_ms: the house's clock when it was acknowledged, epoch milliseconds.
        device: id of the sending device; empty for the house itself.
        sequence: the device's own counter, if it has one (0 to 2**63 - 1; gaps and any order allowed).
        key_id: which key encrypts the payload; `PLAINTEXT_KEY` for none.
        payload: as `healthtwin.pipeline.Codec` wrote it; opaque to log and runner.

    >>> NewRecord("ba75", VITALS, 1772366400000, 1772366400250, "d-1", 7, PLAINTEXT_KEY, b"").sequence
    7
    """

    person: str
    kind: str
    time_ms: int
    arrived_ms: int
    device: str
    sequence: int | None
    key_id: int
    payload: bytes


R = TypeVar("R", bound=NewRecord)


class LogRecord(NewRecord, frozen=True, gc=False):
    """A record in the log: `offset` grows with every record, `partition` (0 to 63) is the person's."""

    offset: int
    partition: int


def erased(record: R) -> R:
    """What is left of a record, placed in the log or not, once its person is forgotten.

    >>> erased(NewRecord("ba75", VITALS, 5, 7, "d-1", 1, PLAINTEXT_KEY, b"72")).arrived_ms
    7
    """
    return msgspec.structs.replace(
        record,
        person="",
        kind=ERASED,
        time_ms=record.arrived_ms,
        device="",
        sequence=None,
        key_id=PLAINTEXT_KEY,
        payload=b"",
    )


def unreadable(offset: int, partition: int = 0) -> LogRecord:
    """What stands for a record that is damaged: its place in the log, and nothing of what it said.

    >>> unreadable(7).kind
    'erased'
    """
    return LogRecord("", ERASED, 0, 0, "", None, PLAINTEXT_KEY, b"", offset, partition)


class Change(msgspec.Struct, frozen=True, gc=False):
    """Something the world must be told about one person.

    Attributes:
        id: the same whenever the same history is judged; a change whose id was told before is not told again.
        person: pseudonym.
        kind: what the payload is, such as `EPISODE_CHANGE`.
        payload: msgpack, opaque to whoever carries it.
    """

    id: str
    person: str
    kind: str
    payload: bytes
