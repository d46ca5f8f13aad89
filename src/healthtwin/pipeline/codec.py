"""From a payload to the bytes in the log and back: the one place where a key would turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from healthtwin.domain.errors import CorruptStorage
from healthtwin.domain.log import PLAINTEXT_KEY, NewRecord
from healthtwin.pipeline.messages import KINDS, decode, encode

if TYPE_CHECKING:
    from collections.abc import Callable

    from healthtwin.pipeline.messages import Payload

REMEMBERED: Final = 4_096
"""Sealed payloads kept as opened, about 1 KB each: the step and every projection read the same record within
moments of each other. A plain one is decoded anew in half a microsecond, for which none can be remembered."""


class Cipher(Protocol):
    """What a key does.

    The same plain bytes must become the same sealed ones, as AES-SIV makes them: a log recognises a
    repetition by its bytes.
    """

    def seal(self, plain: bytes) -> bytes:
        """What may lie on a disk."""
        ...

    def open(self, sealed: bytes) -> bytes:
        """What `seal` was given.

        Raises:
            CorruptStorage: it was sealed with another key, or changed since.
        """
        ...


def no_keys(key_id: int) -> Cipher:
    """The keys of a home that encrypts nothing.

    Raises:
        CorruptStorage: always, since somebody else sealed what is asked for.
    """
    raise CorruptStorage(f"a log payload is encrypted with key {key_id}, which this home does not hold")


class Codec:
    """Writes payloads into log records and reads them back; what was sealed is opened once. For many threads.

    Args:
        cipher_of: the cipher of a key id other than `PLAINTEXT_KEY`.

    >>> from healthtwin.pipeline import VitalsPayload
    >>> codec = Codec()
    >>> record = codec.record(VitalsPayload({1: 72.0}), person="ba75", time_ms=0, arrived_ms=250)
    >>> record.kind, codec.read(record).values
    ('vitals', {1: 72.0})
    """

    def __init__(self, cipher_of: Callable[[int], Cipher] = no_keys) -> None:
        self._cipher_of = cipher_of
        self._opened: dict[tuple[str, int, bytes], Payload] = {}

    def record(
        self,
        payload: Payload,
        *,
        person: str = "",
        time_ms: int,
        arrived_ms: int,
        device: str = "",
        sequence: int | None = None,
        key_id: int = PLAINTEXT_KEY,
    ) -> NewRecord:
        """A record that says this (`healthtwin.domain.NewRecord` explains the fields)."""
        plain = encode(payload)
        written = plain if key_id == PLAINTEXT_KEY else self._cipher_of(key_id).seal(plain)
        kind = KINDS[type(payload)]
        return NewRecord(person, kind, time_ms, arrived_ms, device, sequence, key_id, written)

    def read(self, record: NewRecord) -> Payload:
        """What a record says. Whoever gets it must not change it: others get the same.

        Raises:
            CorruptStorage: the payload, or the key that it was sealed with, is not what it should be.
        """
        if record.key_id == PLAINTEXT_KEY:
            return decode(record.kind, record.payload)
        key = (record.kind, record.key_id, record.payload)
        said = self._opened.get(key)
        if said is None:
            said = decode(record.kind, self._cipher_of(record.key_id).open(record.payload))
            if len(self._opened) >= REMEMBERED:
                self._opened.clear()
            self._opened[key] = said
        return said
