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

    >>> unpacked(gzip.compress(b"abc"), 10), unpacked(b"abc", 10)
    (b'abc', b'abc')
    """
    if content[:2] != b"\x1f\x8b":
        return content
    engine = zlib.decompressobj(wbits=31)
    try:
        found = engine.decompress(content, most_bytes + 1)
    except zlib.error as error:
        raise MalformedInput("gzip", str(error), "a whole gzip file") from error
    if len(found) > most_bytes:
        raise TooLarge(f"it unpacks to more than {most_bytes // MEBIBYTE} MiB")
    if not engine.eof:
        raise MalformedInput("gzip", "ends early", "a whole gzip file")
    return found
