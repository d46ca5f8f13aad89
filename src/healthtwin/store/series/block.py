"""One sealed block: the rows of one person and metric over a span of time, compressed without loss.

Times and values become whole numbers (a value by the smallest power of ten that gives every float of the
block back bit for bit, else the float's own bits), then differences where those are smaller, then bit planes:
plane `k` holds bit `k` of every number. Planes that a steady signal leaves empty vanish in DEFLATE; where the
whole does not shrink, it is kept as it is.

::

    1 byte   form: 1 plain, 2 deflated
    4 bytes  CRC-32 of the body
    body     rows, then per column: order, planes, offset, start values (varints) and the planes
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain.errors import CorruptStorage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

_PLAIN: Final = 1
_DEFLATED: Final = 2
_HEAD: Final = struct.Struct("<BI")

_RAW_FLOATS: Final = 255
"""In place of an exponent: the numbers are the bits of the floats."""

_EXPONENTS: Final = range(7)
"""Powers of ten tried: a phone's arithmetic beyond six decimals is no measurement, so its bits are kept."""

_LARGEST_EXACT: Final = float(2**53)
"""Whole numbers up to here survive a float unchanged."""

_WORD_BITS: Final = 64


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows of one person and metric, ascending in time and, at one instant, in value; none equal in both.

    Attributes:
        t: epoch ms, int64, shape `(rows,)`.
        v: value in the metric's unit, float64, shape `(rows,)`.
        q: quality in 255ths, uint8, shape `(rows,)`.
    """

    t: NDArray[np.int64]
    v: NDArray[np.float64]
    q: NDArray[np.uint8]

    @classmethod
    def empty(cls) -> Rows:
        """No rows."""
        return cls(np.empty(0, np.int64), np.empty(0, np.float64), np.empty(0, np.uint8))

    def __len__(self) -> int:
        return len(self.t)

    def between(self, from_ms: int, to_ms: int) -> Rows:
        """The rows from `from_ms` to `to_ms`, both included."""
        first, last = np.searchsorted(self.t, from_ms, "left"), np.searchsorted(self.t, to_ms, "right")
        return Rows(self.t[first:last], self.v[first:last], self.q[first:last])


def merged(parts: list[Rows]) -> Rows:
    """All rows in order of time, then value; what several parts hold is there once, at its best quality."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return Rows.empty()
    if len(filled) == 1:
        return filled[0]
    t = np.concatenate([part.t for part in filled])
    v = np.concatenate([part.v for part in filled])
    q = np.concatenate([part.q for part in filled])
    if not bool(np.all(t[1:] > t[:-1])):
        order = np.lexsort((q, v, t))
        t, v, q = t[order], v[order], q[order]
        stands = np.append((t[1:] != t[:-1]) | (v[1:] != v[:-1]), True)
        t, v, q = t[stands], v[stands], q[stands]
    return Rows(t, v, q)


def seal(rows: Rows) -> bytes:
    """The block of at least one row.

    >>> rows = Rows(np.array([0, 300_000]), np.array([72.5, 73.0]), np.array([255, 255], np.uint8))
    >>> unseal(seal(rows)).v.tolist()
    [72.5, 73.0]
    """
    exponent, numbers = _whole_numbers(rows.v)
    body = bytearray()
    _put_varint(body, len(rows))
    _put_column(body, rows.t, orders=(1, 2))
    body.append(exponent)
    _put_column(body, numbers, orders=(0,) if exponent == _RAW_FLOATS else (0, 1))
    _put_column(body, rows.q.astype(np.int64), orders=(0,))
    deflated = _deflate(bytes(body))
    if len(deflated) < len(body):
        return _HEAD.pack(_DEFLATED, zlib.crc32(deflated)) + deflated
    return _HEAD.pack(_PLAIN, zlib.crc32(body)) + bytes(body)


def unseal(block: bytes) -> Rows:
    """The rows of a block.

    Raises:
        CorruptStorage: when the bytes are not what `seal` made.
    """
    try:
        form, checksum = _HEAD.unpack_from(block)
        body = block[_HEAD.size :]
        if zlib.crc32(body) != checksum or form not in (_PLAIN, _DEFLATED):
            raise CorruptStorage("a sealed block does not match its checksum; restore a backup")
        reader = _Reader(zlib.decompress(body, wbits=-15) if form == _DEFLATED else body)
        count = reader.varint()
        t = reader.column(count)
        exponent = reader.byte()
        numbers = reader.column(count)
        q = reader.column(count).astype(np.uint8)
    except (struct.error, zlib.error, IndexError, ValueError) as error:
        raise CorruptStorage(f"a sealed block cannot be read ({error}); restore a backup") from error
    v = numbers.view(np.float64) if exponent == _RAW_FLOATS else numbers / np.float64(10**exponent)
    return Rows(t, v, q)


def _whole_numbers(values: NDArray[np.float64]) -> tuple[int, Integers]:
    bits = values.view(np.int64)
    if float(np.abs(values).max()) < _LARGEST_EXACT / 10 ** _EXPONENTS[-1]:
        for exponent in _EXPONENTS:
            scale = np.float64(10**exponent)
            scaled = np.rint(values * scale)
            # Division rounds correctly, so it gives the float that the decimal text of the value gave.
            if np.array_equal((scaled / scale).view(np.int64), bits) and not bool(
                np.any(bits == _NEGATIVE_ZERO)
            ):
                return exponent, scaled.astype(np.int64)
    return _RAW_FLOATS, bits


_NEGATIVE_ZERO: Final = np.array([-0.0]).view(np.int64)[0]
"""As a whole number it would come back as +0."""


def _put_column(body: bytearray, numbers: Integers, orders: tuple[int, ...]) -> None:
    """Append the numbers as differences of whichever order leaves the fewest bits."""
    best: tuple[float, int, list[int], Integers] | None = None
    for order in orders:
        starts: list[int] = []
        rest = numbers
        for _ in range(order):
            if len(rest):
                starts.append(int(rest[0]))
                rest = np.diff(rest)
        cost = _bits_of(rest)
        if best is None or cost < best[0]:
            best = (cost, len(starts), starts, rest)
    assert best is not None  # noqa: S101 - every caller gives at least one order
    _, order, starts, rest = best
    offset = int(rest.min()) if len(rest) else 0
    unsigned = rest.view(np.uint64) - np.uint64(offset % 2**_WORD_BITS)
    planes = int(unsigned.max()).bit_length() if len(rest) else 0
    body += bytes((order, planes))
    for number in (*starts, offset):
        _put_varint(body, _zigzag(number))
    shifts = np.arange(planes, dtype=np.uint64)[:, None]
    bits = ((unsigned[None, :] >> shifts) & np.uint64(1)).astype(np.uint8)
    body += np.packbits(bits, axis=1).tobytes()


def _bits_of(numbers: Integers) -> float:
    """Roughly how many bits the numbers take around their median."""
    if not len(numbers):
        return 0.0
    return float(np.log2(1.0 + np.abs(numbers - np.median(numbers))).sum())


def _deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    return packer.compress(body) + packer.flush()


def _zigzag(number: int) -> int:
    return number * 2 if number >= 0 else -number * 2 - 1


def _put_varint(body: bytearray, number: int) -> None:
    while number > 0x7F:  # noqa: PLR2004 - seven bits a byte, the eighth says that more follow
        body.append(number & 0x7F | 0x80)
        number >>= 7
    body.append(number)


class _Reader:
    """Reads what the `_put_…` functions wrote, front to back."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def byte(self) -> int:
        self._at += 1
        return self._body[self._at - 1]

    def varint(self) -> int:
        number = shift = 0
        while True:
            byte = self.byte()
            number |= (byte & 0x7F) << shift
            if byte < 0x80:  # noqa: PLR2004 - no further byte follows
                return number
            shift += 7

    def column(self, count: int) -> Integers:
        order, planes = self.byte(), self.byte()
        starts = [self._signed() for _ in range(order)]
        offset = self._signed()
        length = count - order
        width = -(-length // 8)
        packed = np.frombuffer(self._body, np.uint8, planes * width, self._at).reshape(planes, width)
        self._at += planes * width
        unsigned = np.zeros(length, np.uint64)
        for plane in range(planes):
            bits = np.unpackbits(packed[plane], count=length).astype(np.uint64)
            unsigned |= bits << np.uint64(plane)
        numbers = (unsigned + np.uint64(offset % 2**_WORD_BITS)).view(np.int64)
        for start in reversed(starts):
            numbers = np.cumsum(np.concatenate([np.array([start], np.int64), numbers]))
        return numbers

    def _signed(self) -> int:
        number = self.varint()
        return number // 2 if number % 2 == 0 else -(number + 1) // 2
