"""A file that lies ready on disk, sealed piece by piece, and is read from any place in it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from healthtwin.domain.log import PLAINTEXT_KEY
from healthtwin.store.keys import OVERHEAD_BYTES, Place

if TYPE_CHECKING:
    from typing import BinaryIO

    from healthtwin.store.keys import Keys

PIECE_BYTES: Final = 256 * 1024
"""Sealed as one: of an answer that is resumed, so much is opened for nothing at most."""


class SealedWriter:
    """Takes a file front to back and keeps it under somebody's key.

    Args:
        into: the file on disk. keys, key_id: under which. name: of the file, bound into every piece.

    Attributes:
        bytes: how many were taken. digest: SHA-256 of them, hexadecimal, once it is closed.
    """

    def __init__(self, into: BinaryIO, keys: Keys, key_id: int, name: str) -> None:
        self._into = into
        self._keys = keys
        self._key_id = key_id
        self._name = name
        self._waiting = bytearray()
        self._piece = 0
        self._hash = hashlib.sha256()
        self.bytes = 0
        self.digest = ""

    def write(self, data: bytes, /) -> int:
        """Take the next bytes."""
        self._hash.update(data)
        self.bytes += len(data)
        self._waiting += data
        while len(self._waiting) >= PIECE_BYTES:
            self._put(bytes(self._waiting[:PIECE_BYTES]))
            del self._waiting[:PIECE_BYTES]
        return len(data)

    def flush(self) -> None:
        """A piece is sealed when it is whole."""

    def close(self) -> None:
        """Seal what is left."""
        if self._waiting:
            self._put(bytes(self._waiting))
            self._waiting.clear()
        self._into.flush()
        self.digest = self._hash.hexdigest()

    def _put(self, piece: bytes) -> None:
        self._into.write(self._keys.seal(self._key_id, piece, place_of(self._name, self._piece)))
        self._piece += 1


class SealedReader:
    """Reads what `SealedWriter` wrote.

    Args:
        file: on disk. size: of what was written, bytes. The others as there.
    """

    def __init__(self, file: BinaryIO, keys: Keys, key_id: int, name: str, size: int) -> None:
        self._file = file
        self._keys = keys
        self._key_id = key_id
        self._name = name
        self._size = size
        self._stride = PIECE_BYTES + (0 if key_id == PLAINTEXT_KEY else OVERHEAD_BYTES)

    def read(self, start: int) -> bytes:
        """What lies from `start` to the end of its piece; nothing at the end of the file.

        Raises:
            KeyGone: whose it was is erased.
            CorruptStorage: it is not what was written.
        """
        if start >= self._size:
            return b""
        piece, inside = divmod(start, PIECE_BYTES)
        self._file.seek(piece * self._stride)
        sealed = self._file.read(self._stride)
        return self._keys.open(self._key_id, sealed, place_of(self._name, piece))[inside:]

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def place_of(name: str, piece: int) -> Place:
    """Where a piece belongs: it opens in no other file, and at no other place in its own."""
    return Place("exports", "file", f"{name}/{piece}")
