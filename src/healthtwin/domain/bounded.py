"""Reading a file that somebody brought: never more bytes than it may have, packed or not."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import InvalidInput, MalformedInput, TooLarge

if TYPE_CHECKING:
    from pathlib import Path

MEBIBYTE: Final = 1024 * 1024


def content_of(path: Path, most_bytes: int, kind: str = "a file") -> bytes:
    """The whole content, unpacked where the name ends in `.gz`; one that unpacks to more is refused.

    Args:
        most_bytes: a larger file is refused before it is read, a packed one as soon as it unpacks to more.
        kind: what it is, for the words of a refusal: "a recording".

    Raises:
        InvalidInput: there is no such file.
        TooLarge: it exceeds the limit.
        MalformedInput: it cannot be unpacked.
    """
    if not path.is_file():
        raise InvalidInput("FILE", str(path), "a file that exists")
    too_large = TooLarge(
        f"{path.name}: larger than the {most_bytes // MEBIBYTE} MiB that {kind} may have, unpacked; "
        "bring the part that is needed"
    )
    if path.stat().st_size > most_bytes:
        raise too_large
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            content = file.read(most_bytes + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise MalformedInput(path.name, str(error), "a whole gzip file, as .gz says") from error
    if len(content) > most_bytes:
        raise too_large
    return content


def unpacked(content: bytes, most_bytes: int) -> bytes:
    """Bytes that may be packed by gzip, unpacked.

    Raises:
        TooLarge: they unpack to more than the limit.
        MalformedInput: they are a gzip that is cut short or damaged.

    >>> unpacked(gzip.compress(b"abc") + gzip.compress(b"d"), 10), unpacked(b"abc", 10)
    (b'abcd', b'abc')
    """
    if content[:2] != b"\x1f\x8b":
        return content
    too_large = f"it unpacks to more than {most_bytes // MEBIBYTE} MiB"
    return inflated(content, most_bytes, "gzip", "a whole gzip file", too_large)


def inflated(packed: bytes, most_bytes: int, field: str, whole: str, too_large: str) -> bytes:
    """The content of a gzip, of all its members, never unpacking more than `most_bytes`.

    Several gzip files one after the other are one (RFC 1952, 2.2): some programs write theirs so.

    Args:
        field: names it in an error. whole: what would have been right. too_large: what is said of too much.

    Raises:
        MalformedInput: not gzip, or cut short.
        TooLarge: more inside.
    """
    content = bytearray()
    rest = packed
    while rest:
        unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        try:
            content += unpacker.decompress(rest, most_bytes + 1 - len(content))
        except zlib.error as error:
            raise MalformedInput(field, rest[:8], whole) from error
        if len(content) > most_bytes:
            raise TooLarge(too_large)
        if not unpacker.eof:
            raise MalformedInput(field, packed[-8:], "a whole gzip stream; this one ends early")
        rest = unpacker.unused_data
    return bytes(content)
