"""What a key does to bytes before they may lie on a disk, for those who keep them and hold no keys."""

from __future__ import annotations

from typing import Final, Protocol

import msgspec


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where an envelope lies; it opens nowhere else.

    Attributes:
        table, column: as in the database, or another name that stays for ever.
        row: what tells the row from all others of its table and does not change, such as its primary key.
    """

    table: str
    column: str
    row: str


HEAD_BYTES: Final = 8
"""How much of an envelope its key id says already (`Sealing.head_alike`)."""


class Sealing(Protocol):
    """The keys of a home (`healthtwin.store.keys.KeyStore`), as everybody sees them who keeps something."""

    def key_of(self, pseudonym: str) -> int:
        """Number of the key under which new data about a person is sealed; 0: it is not sealed.

        Raises:
            Gone: this person was erased: nothing about them is kept.
        """
        ...

    def seal(self, key_id: int, plain: bytes, place: Place) -> bytes:
        """What may lie on a disk; with key 0, as it is."""
        ...

    def seal_alike(self, key_id: int, plain: bytes, place: Place) -> bytes:
        """As `seal`; the same content at the same place becomes the same bytes."""
        ...

    def head_alike(self, key_id: int) -> bytes:
        """The first `HEAD_BYTES` of everything that `seal_alike` makes with a key."""
        ...

    def open(self, key_id: int, sealed: bytes, place: Place) -> bytes:
        """What was sealed.

        Raises:
            CorruptStorage: it was changed, moved, or sealed with another key.
            KeyGone: the key is gone.
        """
        ...

    def is_erased(self, name: str) -> bool:
        """Whether the person with this pseudonym, or id, was erased."""
        ...
