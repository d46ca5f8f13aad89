"""What becomes of a record in a log: its offset, its place, and how repetitions are recognised."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from healthtwin.domain.errors import InvalidInput
from healthtwin.domain.log import LogRecord, NewRecord

if TYPE_CHECKING:
    from collections.abc import Sequence

HOUSE_DEVICE: Final = 0
"""Device key of records that no device sent (verbs, profiles, ticks). They never move a watermark."""

LARGEST_INTEGER: Final = 2**63 - 1
"""What SQL and numpy hold in 64 bits."""

_SEQUENCED_DIGEST_BYTES: Final = 6
"""48 bits next to an exact (device, sequence): they only tell a repetition from a conflict."""

CONTENT_DIGEST_BYTES: Final = 16
"""128 bits: a million readings of one device collide with a chance below 1e-26."""


class Appended(msgspec.Struct, frozen=True, gc=False):
    """What became of one record.

    Attributes:
        offset: where it stands, or where the record stands that already held its key.
        outcome: `new` (stored now), `duplicate` (same key, same content: stored before) or `conflict` (same
            key, other content: nothing stored, nothing dropped).
    """

    offset: int
    outcome: Literal["new", "duplicate", "conflict"]


def placed(record: NewRecord, offset: int, partition: int) -> LogRecord:
    """The record with its place in the log."""
    return LogRecord(
        record.person,
        record.kind,
        record.time_ms,
        record.arrived_ms,
        record.device,
        record.sequence,
        record.key_id,
        record.payload,
        offset,
        partition,
    )


def check_records(records: Sequence[NewRecord]) -> None:
    """Refuse what no log can hold, before it joins what others send.

    Raises:
        InvalidInput: a sequence that is negative, or a whole number beyond 63 bits.
    """
    for index, record in enumerate(records):
        if record.sequence is not None and not 0 <= record.sequence <= LARGEST_INTEGER:
            raise InvalidInput("sequence", record.sequence, "a whole number from 0 to 2**63 - 1", index)
        for field in ("time_ms", "arrived_ms", "key_id"):
            value = getattr(record, field)
            if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
                raise InvalidInput(field, value, "a whole number of at most 63 bits", index)


def device_key(device: str) -> int:
    """A device's id as 63 bits, so that it fits a numpy or SQL integer without a table of names.

    Among a million devices two share a key with a chance below 1e-7.

    >>> device_key("") == HOUSE_DEVICE
    True
    >>> device_key("d-1")
    1229520069423788492
    """
    if not device:
        return HOUSE_DEVICE
    digest = hashlib.blake2b(device.encode(), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 1) or 1


def checksum(record: LogRecord | NewRecord, offset: int) -> int:
    """What a record and its place must agree with when they are read back, as 64 bits.

    A changed bit goes unnoticed with a chance of 5e-20.
    """
    said = (
        f"{offset}\x00{record.person}\x00{record.kind}\x00{record.time_ms}\x00{record.arrived_ms}\x00"
        f"{record.device}\x00{record.sequence}\x00{record.key_id}\x00"
    )
    digest = hashlib.blake2b(said.encode(), digest_size=8)
    digest.update(record.payload)
    return int.from_bytes(digest.digest(), "big", signed=True)


def content_digest(record: NewRecord) -> bytes:
    """What makes two records the same: person, kind, time and payload, as 16 bytes.

    The person belongs to it because one key of a hub may write for several people, and what one of them
    measured is never a repetition of what another did.
    """
    head = f"{record.person}\x00{record.kind}\x00{record.time_ms}\x00".encode()
    return hashlib.blake2b(head + record.payload, digest_size=CONTENT_DIGEST_BYTES).digest()


def short_digest(digest: bytes) -> int:
    """A content digest as it stands beside a sequence."""
    return int.from_bytes(digest[:_SEQUENCED_DIGEST_BYTES], "big", signed=True)
