"""What the state file writes of people and changes, sealed under their keys, and back."""

from __future__ import annotations

import logging
import struct
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from healthtwin.domain.errors import CorruptStorage, Gone, KeyGone
from healthtwin.domain.log import ERASED, PLAINTEXT_KEY, Change
from healthtwin.domain.sealing import Place
from healthtwin.stream.person_snapshot import PersonSnapshot

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from healthtwin.domain.sealing import Sealing

_LOG: Final = logging.getLogger(__name__)
_COLUMNS: Final = attrgetter(*PersonSnapshot.__slots__)
_LENGTHS: Final = struct.Struct("<III")
_ERASED: Final = f"{ERASED}-"


class SnapshotSeals:
    """Seals rows of a state file and opens them.

    Args:
        path: of the file. keys: of the home; None: it encrypts nothing.
    """

    def __init__(self, path: Path, keys: Sealing | None) -> None:
        self._path = path
        self._keys = keys

    def row(self, it: PersonSnapshot) -> tuple[Any, ...]:
        """The columns of a snapshot, all that was learned in one envelope; of somebody erased, the place."""
        if self._keys is None or it.person.startswith(_ERASED):
            return (*_COLUMNS(it), PLAINTEXT_KEY)
        try:
            key_id = self._keys.key_of(it.person)
        except Gone:
            return (*_COLUMNS(_nobody(it)), PLAINTEXT_KEY)
        if key_id == PLAINTEXT_KEY:
            return (*_COLUMNS(it), PLAINTEXT_KEY)
        lengths = _LENGTHS.pack(len(it.committed), len(it.head), len(it.pending))
        plain = b"".join((lengths, it.committed, it.head, it.pending, it.devices))
        sealed = self._keys.seal(key_id, plain, _place(it))
        return (it.number, it.person, it.watermark, sealed, b"", b"", b"", it.offset, key_id)

    def opened(self, it: PersonSnapshot, key_id: int) -> PersonSnapshot:
        """A snapshot as it was before it was sealed; of somebody erased, their place.

        Raises:
            CorruptStorage: it is not what was written, or its key is not here.
        """
        if key_id == PLAINTEXT_KEY:
            return it
        plain = self._plain(key_id, it.committed, it.person, _place(it))
        if plain is None:
            return _nobody(it)
        committed, head, pending = _LENGTHS.unpack_from(plain)
        heads = _LENGTHS.size + committed
        waits = heads + head
        devices = waits + pending
        parts = plain[_LENGTHS.size : heads], plain[heads:waits], plain[waits:devices], plain[devices:]
        return PersonSnapshot(it.number, it.person, it.watermark, *parts, it.offset)

    def change_row(self, it: Change) -> tuple[str, str, str, bytes, int]:
        """Id, person, kind, payload and key id of a change; of somebody erased, its id."""
        if self._keys is None or not it.person:
            return it.id, it.person, it.kind, it.payload, PLAINTEXT_KEY
        try:
            key_id = self._keys.key_of(it.person)
        except Gone:
            return it.id, "", ERASED, b"", PLAINTEXT_KEY
        sealed = self._keys.seal(key_id, it.payload, _place_of_change(it.person, it.kind, it.id))
        return it.id, it.person, it.kind, sealed, key_id

    def change(self, columns: Sequence[Any], key_id: int) -> Change:
        """A change as it was before it was sealed; of somebody erased, its id.

        One that does not open says nothing, since stopping at it would keep all later ones from being told.
        """
        change_id, person, kind, payload = columns
        if key_id == PLAINTEXT_KEY:
            return Change(change_id, person, kind, payload)
        try:
            plain = self._plain(key_id, payload, person, _place_of_change(person, kind, change_id))
        except CorruptStorage as error:
            _LOG.error("A change of the outbox cannot be opened: %s", error)
            return Change(change_id, person, kind, b"")
        return Change(change_id, "", ERASED, b"") if plain is None else Change(change_id, person, kind, plain)

    def _plain(self, key_id: int, sealed: bytes, person: str, place: Place) -> bytes | None:
        """What was sealed; None when its person was erased."""
        if self._keys is None:
            raise CorruptStorage(f"{self._path}: encrypted with key {key_id}, which is not here")
        try:
            return self._keys.open(key_id, sealed, place)
        except KeyGone as error:
            if self._keys.is_erased(person):
                return None
            raise CorruptStorage(f"{self._path}: {error}; restore the keys from their backup") from None
        except CorruptStorage as error:
            raise CorruptStorage(
                f"{self._path}: {error}; stop the house and remove the file, the next start makes it anew"
            ) from None


def _nobody(it: PersonSnapshot) -> PersonSnapshot:
    """What is left of somebody: the place, so that all others keep theirs."""
    return PersonSnapshot(it.number, f"{_ERASED}{it.number}", _NOT_YET, b"", b"", b"", b"", it.offset)


_NOT_YET: Final = -(2**63)


def _place(it: PersonSnapshot) -> Place:
    return Place("state.people", "snapshot", f"{it.person}/{it.number}/{it.watermark}/{it.offset}")


def _place_of_change(person: str, kind: str, change_id: str) -> Place:
    return Place("state.outbox", "payload", f"{person}\x00{kind}\x00{change_id}")
