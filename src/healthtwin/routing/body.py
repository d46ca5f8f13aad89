"""Taking a request body in: never more than its limit, and an oversized one is answered, not cut off."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import MalformedInput, TooLarge
from healthtwin.intake import MAX_BODY_BYTES, inflate
from healthtwin.routing.problems import TooSlow, UnsupportedMedia

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Message, Receive

SMALL_BODY_BYTES: Final = 64 * 1024
"""For everything but readings."""

IDLE_S: Final = 15.0
"""Seconds without a byte of a body. How long it may take altogether is the connection's to judge
(`healthtwin.api.connections`)."""

DISCARD_BYTES: Final = 64 * 1024 * 1024
DISCARD_S: Final = 10.0
"""A sender that is cut off in the middle of its upload sees a broken connection instead of our answer, so the
rest is read and thrown away, up to this much and this long."""

UNMEANT_KINDS: Final = frozenset(
    {"", "application/octet-stream", "application/x-www-form-urlencoded", "text/json", "text/plain"}
)
"""What clients say of a body when nobody told them what it is."""


class ClientGone(Exception):
    """The sender went away before its body was complete; there is nobody to answer."""


async def read_body(headers: Mapping[str, str], receive: Receive, limit: int = MAX_BODY_BYTES) -> bytes:
    """The whole body, unpacked if it came as gzip.

    Raises:
        TooLarge: more than `limit` bytes, packed or unpacked.
        MalformedInput: an impossible length, or a gzip stream that is none.
        UnsupportedMedia: another content coding.
        TooSlow: nothing came for `IDLE_S`.
        ClientGone: the sender hung up.
    """
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"identity", "gzip"}:
        raise UnsupportedMedia("Content-Encoding", coding, "gzip, or none")
    stated = _stated_length(headers)
    if stated is not None and stated > limit:
        if "expect" not in headers and stated <= DISCARD_BYTES:
            await _discard(receive)
        raise _too_large(limit)
    chunks: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await _next(receive)
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunk = message.get("body", b"")
        size += len(chunk)
        more = message.get("more_body", False)
        if size > limit:
            chunks.clear()
            if more:
                await _discard(receive)
            raise _too_large(limit)
        chunks.append(chunk)
    body = b"".join(chunks)
    return inflate(body, limit) if coding == "gzip" else body


def require_json(headers: Mapping[str, str]) -> None:
    """Only JSON is read: a form of a foreign page could otherwise post without asking first.

    A page cannot make a browser add an Authorization header without asking. So beside one, a label that
    clients put on by themselves (curl's `-d` calls everything a form) is no reason to refuse.

    Raises:
        UnsupportedMedia: for anything that says it is something else.
    """
    stated = headers.get("content-type", "application/json")
    kind, _, parameters = stated.partition(";")
    kind = kind.strip().lower()
    named = kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
    if not named and not (kind in UNMEANT_KINDS and "authorization" in headers):
        raise UnsupportedMedia("Content-Type", stated, "application/json")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if charset not in {"", "utf-8", "utf8"}:
        raise UnsupportedMedia("Content-Type", stated, "application/json in UTF-8")


def _stated_length(headers: Mapping[str, str]) -> int | None:
    stated = headers.get("content-length")
    if stated is None:
        return None
    if not (stated.isascii() and stated.isdecimal()):
        raise MalformedInput("Content-Length", stated, "a whole number of bytes")
    return int(stated)


async def _next(receive: Receive) -> Message:
    try:
        async with asyncio.timeout(IDLE_S):
            return await receive()
    except TimeoutError as error:
        raise TooSlow("body", "", f"some of it at least every {IDLE_S:g} s") from error


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"the body exceeds {limit} bytes; send it in several messages")


async def _discard(receive: Receive) -> None:
    left = DISCARD_BYTES
    try:
        async with asyncio.timeout(DISCARD_S):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return
    except TimeoutError:
        return
