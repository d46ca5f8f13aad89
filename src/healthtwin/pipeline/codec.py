"""From a payload to the bytes in the log and back: the one place where a key would turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import CorruptStorage, KeyGone
from healthtwin.domain.log import PLAINTEXT_KEY, NewRecord
from healthtwin.domain.sealing import HEAD_BYTES, Place
from healthtwin.pipeline.messages import KINDS, decode, encode

if TYPE_CHECKING:
    from healthtwin.domain.sealing import Sealing
    from healthtwin.pipeline.messages import Payload

REMEMBERED: Final = 4_096
"""Sealed payloads kept as opened, about 1 KB each: the step and every projection read the same record within
moments of each other. A plain one is decoded anew in half a microsecond, for which none can be remembered."""


class Codec:
    """Writes payloads into log records and reads them back; what was sealed is opened once. For many threads.

    What is about a person is sealed under their key, for person, kind, time, device and sequence of its
    record: the same said again becomes the same bytes, by which the log recognises it. What is about nobody
    is not sealed. A record says the key id in a field of its own, so the head of the envelope is left out.

    Args:
        keys: of the home; None: it encrypts nothing.

    >>> from healthtwin.pipeline import VitalsPayload
    >>> codec = Codec()
    >>> record = codec.record(VitalsPayload({1: 72.0}), person="ba75", time_ms=0, arrived_ms=250)
    >>> record.kind, codec.read(record).values
    ('vitals', {1: 72.0})
    """

    def __init__(self, keys: Sealing | None = None) -> None:
        self._keys = keys
        self._opened: dict[tuple[bytes, str], Payload] = {}

    def record(
        self,
        payload: Payload,
        *,
        person: str = "",
        time_ms: int,
        arrived_ms: int,
        device: str = "",
        sequence: int | None = None,
    ) -> NewRecord:
        """A record that says this (`healthtwin.domain.NewRecord` explains the fields).

        Raises:
            Gone: the person was erased.
        """
        plain = encode(payload)
        kind = KINDS[type(payload)]
        key_id = self._keys.key_of(person) if person and self._keys is not None else PLAINTEXT_KEY
        if key_id == PLAINTEXT_KEY or self._keys is None:
            return NewRecord(person, kind, time_ms, arrived_ms, device, sequence, PLAINTEXT_KEY, plain)
        sealed = self._keys.seal_alike(key_id, plain, _place(person, kind, time_ms, device, sequence))
        written = sealed[HEAD_BYTES:]
        return NewRecord(person, kind, time_ms, arrived_ms, device, sequence, key_id, written)

    def read(self, record: NewRecord) -> Payload:
        """What a record says. Whoever gets it must not change it: others get the same.

        Raises:
            CorruptStorage: the payload, or the key that it was sealed with, is not what it should be.
            KeyGone: the key is gone, since the person was erased.
        """
        if record.key_id == PLAINTEXT_KEY:
            return decode(record.kind, record.payload)
        place = _place_of(record)
        key = (record.payload, place.row)
        said = self._opened.get(key)
        if said is None:
            said = decode(record.kind, self.plain(record))
            if len(self._opened) >= REMEMBERED:
                self._opened.clear()
            self._opened[key] = said
        return said

    def forget(self) -> None:
        """Let go of everything that was opened: somebody of it may be erased."""
        self._opened.clear()

    def plain(self, record: NewRecord) -> bytes:
        """The payload of a record as it was before it was sealed.

        Raises:
            CorruptStorage, KeyGone: as `read`.
        """
        if record.key_id == PLAINTEXT_KEY:
            return record.payload
        if self._keys is None:
            raise CorruptStorage(
                f"a log payload is encrypted with key {record.key_id}, which this home does not hold"
            )
        place = _place_of(record)
        try:
            whole = self._keys.head_alike(record.key_id) + record.payload
            return self._keys.open(record.key_id, whole, place)
        except KeyGone as error:
            if self._keys.is_erased(record.person):
                raise
            raise CorruptStorage(f"{error}; restore the keys from their backup") from None

    def sealed_anew(self, record: NewRecord) -> tuple[int, bytes]:
        """Key id and payload of a record under the key that its person has now.

        Raises:
            Gone: the person was erased. CorruptStorage, KeyGone: as `read`.
        """
        key_id = (
            self._keys.key_of(record.person) if record.person and self._keys is not None else PLAINTEXT_KEY
        )
        if key_id == record.key_id or self._keys is None:
            return record.key_id, record.payload
        plain = self.plain(record)
        place = _place_of(record)
        return key_id, self._keys.seal_alike(key_id, plain, place)[HEAD_BYTES:]


def _place(person: str, kind: str, time_ms: int, device: str, sequence: int | None) -> Place:
    return Place("log", "payload", f"{person}\x00{kind}\x00{time_ms}\x00{sequence}\x00{device}")


def _place_of(record: NewRecord) -> Place:
    return _place(record.person, record.kind, record.time_ms, record.device, record.sequence)
