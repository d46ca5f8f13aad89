"""Numbers sealed in their own columns: what is too small and too many for an envelope each.

A value becomes one block of AES-256: its 8 bytes and 8 bytes that say where it stands (metric, time, which
number of the row). Encode, then encipher (Bellare, Rogaway 2000): the cipher is a permutation of blocks, so
the same value at the same place is the same block, by which a repetition is recognised, and a block that was
changed or moved opens to another place than its own, but for one in 2**64.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from healthtwin.domain.errors import CorruptStorage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

BLOCK_BYTES: Final = 16

_BLOCK: Final = struct.Struct("<dQ")
_BLOCKS: Final = np.dtype([("value", "<f8"), ("place", "<u8")])
_EPOCH: Final = 2**52
"""Added to a time, so that what comes of it is positive."""

_WHICH_SHIFT: Final = 54
_METRIC_SHIFT: Final = 56


class NumberCipher:
    """Seals numbers for one owner. For many threads.

    Args:
        secret: 32 bytes that serve nothing else.

    >>> cipher = NumberCipher(bytes(32))
    >>> [block] = cipher.sealed([(72.5, 1, 0)])
    >>> len(block), cipher.opened([block], 1, np.array([0])).tolist()
    (16, [72.5])
    """

    def __init__(self, secret: bytes) -> None:
        # One block a number, each of another place: two blocks are alike only where they say the same.
        self._cipher = Cipher(algorithms.AES(secret), modes.ECB())  # noqa: S305 # nosec B305

    def sealed(self, rows: Iterable[tuple[float, int, int]], which: int = 0) -> list[bytes]:
        """Numbers as they may lie on a disk, one block each.

        Args:
            rows: (finite value, metric code of at most 255, epoch ms) of each.
            which: 0 to 3, which number of its row.
        """
        number = which << _WHICH_SHIFT
        plain = b"".join(
            # +0.0: there is one zero.
            [
                _BLOCK.pack(value + 0.0, metric << _METRIC_SHIFT | number | (time_ms + _EPOCH))
                for value, metric, time_ms in rows
            ]
        )
        done = self._cipher.encryptor().update(plain)
        return [done[at : at + BLOCK_BYTES] for at in range(0, len(done), BLOCK_BYTES)]

    def opened(
        self,
        blocks: Sequence[float | bytes],
        metric: int | NDArray[np.int64],
        times_ms: NDArray[np.int64],
        which: int = 0,
    ) -> NDArray[np.float64]:
        """The numbers in these blocks, in order.

        Raises:
            CorruptStorage: one is not what was sealed for its place.
        """
        try:
            joined = b"".join(blocks)  # type: ignore[arg-type]  # a number among them is damage
        except TypeError:
            joined = b""
        if len(joined) != BLOCK_BYTES * len(times_ms):
            raise CorruptStorage("a sealed number is no block; restore a backup")
        found = np.frombuffer(self._cipher.decryptor().update(joined), _BLOCKS)
        if not np.array_equal(found["place"], _places(metric, times_ms, which)):
            raise CorruptStorage("a sealed number does not open here: changed, moved, or of another key")
        return found["value"].astype(np.float64)


def _places(metric: int | NDArray[np.int64], times_ms: NDArray[np.int64], which: int) -> NDArray[np.uint64]:
    codes = np.asarray(metric, np.uint64) << np.uint64(_METRIC_SHIFT)
    return codes | np.uint64(which << _WHICH_SHIFT) | (times_ms + _EPOCH).astype(np.uint64)
