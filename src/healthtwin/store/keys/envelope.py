"""Envelopes: what a key makes of bytes before they may lie on a disk. Pure: bytes in, bytes out.

::

    2 bytes   magic "hT"
    1 byte    version of this layout
    1 byte    algorithm: 1 AES-256-GCM, random nonce; 2 AES-256-GCM, nonce made from the content
    4 bytes   key id, big endian
    12 bytes  nonce
    n bytes   ciphertext
    16 bytes  tag

The tag covers the whole header, the home, the owner of the key, and table, column and row: an envelope that
was moved anywhere else, or of which a bit changed, opens as little as one of another key (NIST SP 800-38D).

From each data key several are derived (HKDF-SHA256, RFC 5869), one for each use. `SealingKey.seal_alike`
gives the same bytes for the same content at the same place, since the log recognises a repetition by its
bytes: the nonce is a MAC of all that is sealed (keyed BLAKE2b, RFC 7693, in the construction of RFC 5297 with
GCM inside), so it repeats only with the content.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from healthtwin.domain.errors import CorruptStorage
from healthtwin.domain.sealing import Place
from healthtwin.store.keys.numbers import NumberCipher

MAGIC: Final = b"hT"
VERSION: Final = 1
RANDOM_NONCE: Final = 1
NONCE_OF_CONTENT: Final = 2

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16

_HEAD: Final = struct.Struct(">2sBBI")
HEADER_BYTES: Final = _HEAD.size + NONCE_BYTES
OVERHEAD_BYTES: Final = HEADER_BYTES + TAG_BYTES
"""How much longer an envelope is than what it holds."""

HOUSE_KEY: Final = 1
"""Key id for secrets that are about nobody in particular."""

LARGEST_KEY_ID: Final = 2**32 - 1

_LENGTH: Final = struct.Struct(">H")


class SealingKey:
    """One data key at work: it seals and opens for one owner in one home. For many threads.

    Args:
        secret: 32 random bytes.
        key_id: its number, which stands in every header.
        tenant: id of the home.
        owner: pseudonym of the person, empty for the house itself.

    >>> key = SealingKey(bytes(32), 7, b"home", "ba75")
    >>> place = Place("notes", "text", "n-1")
    >>> key.open(key.seal(b"well", place), place)
    b'well'
    >>> key.open(key.seal(b"well", place), Place("notes", "text", "n-2"))
    Traceback (most recent call last):
    ...
    healthtwin.domain.errors.CorruptStorage: notes.text: an envelope of key 7 does not open here: it was \
changed, moved, or sealed with another key
    """

    __slots__ = (
        "_alike",
        "_contexts",
        "_head_alike",
        "_head_random",
        "_mac",
        "_numbers",
        "_owned",
        "_random",
        "_secret",
        "key_id",
        "owner",
    )

    def __init__(self, secret: bytes, key_id: int, tenant: bytes, owner: str) -> None:
        if len(secret) != KEY_BYTES or not 0 < key_id <= LARGEST_KEY_ID:
            raise ValueError("a data key has 32 bytes and a positive number of 32 bits")
        self.key_id = key_id
        self.owner = owner
        self._secret = hmac.digest(tenant, secret, "sha256")  # HKDF-Extract
        self._head_random = _HEAD.pack(MAGIC, VERSION, RANDOM_NONCE, key_id)
        self._head_alike = head_alike(key_id)
        self._owned = _counted(tenant) + _counted(owner.encode())
        self._contexts: dict[tuple[str, str], bytes] = {}
        self._random = AESGCM(self.derived(b"random"))
        self._alike: AESGCM | None = None
        self._mac = b""
        self._numbers: NumberCipher | None = None

    @property
    def numbers(self) -> NumberCipher:
        """What seals single numbers for the same owner."""
        if self._numbers is None:
            self._numbers = NumberCipher(self.derived(b"numbers"))
        return self._numbers

    def derived(self, use: bytes) -> bytes:
        """The key for one use; none tells anything about another, nor about the data key."""
        return hmac.digest(self._secret, b"healthtwin " + use + b"\x01", "sha256")  # HKDF-Expand, one block

    def seal(self, plain: bytes, place: Place) -> bytes:
        """An envelope that differs each time."""
        header = self._head_random + os.urandom(NONCE_BYTES)
        return header + self._random.encrypt(header[-NONCE_BYTES:], plain, header + self._context(place))

    def seal_alike(self, plain: bytes, place: Place) -> bytes:
        """An envelope that is the same whenever the same is sealed for the same place."""
        context = self._context(place)
        cipher = self._alike or self._prepared()
        told = _counted(context) + plain
        nonce = hashlib.blake2b(told, key=self._mac, digest_size=NONCE_BYTES).digest()
        header = self._head_alike + nonce
        return header + cipher.encrypt(nonce, plain, header + context)

    def open(self, sealed: bytes, place: Place) -> bytes:
        """What was sealed.

        Raises:
            CorruptStorage: it is no envelope of this key for this place, or not as it was sealed.
        """
        head = sealed[: _HEAD.size]
        if head == self._head_random:
            cipher = self._random
        elif head == self._head_alike:
            cipher = self._alike or self._prepared()
        else:
            raise self._does_not_open(place)
        header = sealed[:HEADER_BYTES]
        try:
            return cipher.decrypt(header[_HEAD.size :], sealed[HEADER_BYTES:], header + self._context(place))
        except (InvalidTag, ValueError):
            raise self._does_not_open(place) from None

    def _prepared(self) -> AESGCM:
        self._mac = self.derived(b"nonce of content")
        self._alike = AESGCM(self.derived(b"alike"))
        return self._alike

    def _context(self, place: Place) -> bytes:
        """All that an envelope is bound to besides its header. Each part but the last says how long it is."""
        begun = self._contexts.get((place.table, place.column))
        if begun is None:
            begun = self._owned + _counted(place.table.encode()) + _counted(place.column.encode())
            self._contexts[place.table, place.column] = begun
        return begun + place.row.encode()

    def _does_not_open(self, place: Place) -> CorruptStorage:
        return CorruptStorage(
            f"{place.table}.{place.column}: an envelope of key {self.key_id} does not open here: it was "
            "changed, moved, or sealed with another key"
        )


def head_alike(key_id: int) -> bytes:
    """How every envelope of `SealingKey.seal_alike` begins: all of its header but the nonce."""
    return _HEAD.pack(MAGIC, VERSION, NONCE_OF_CONTENT, key_id)


def key_id_of(sealed: bytes) -> int:
    """The number of the key that an envelope names; 0 for what is none.

    >>> key_id_of(SealingKey(bytes(32), 7, b"home", "").seal(b"well", Place("notes", "text", "n-1")))
    7
    >>> key_id_of(b"well")
    0
    """
    if len(sealed) < OVERHEAD_BYTES:
        return 0
    magic, version, algorithm, key_id = _HEAD.unpack_from(sealed)
    known = magic == MAGIC and version == VERSION and algorithm in (RANDOM_NONCE, NONCE_OF_CONTENT)
    return int(key_id) if known else 0


def _counted(part: bytes) -> bytes:
    return _LENGTH.pack(len(part)) + part
