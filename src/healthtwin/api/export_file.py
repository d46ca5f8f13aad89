"""A file that is sent in pieces, from wherever the asker left off, for as long as they may have it."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from healthtwin.domain import from_ms
from healthtwin.domain.errors import HealthTwinError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import Receive, Scope, Send

    from healthtwin.house.export import Kept
    from healthtwin.house.export.kept_file import SealedReader

_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
"""One range of bytes (RFC 9110, 14.1.2); several at once are answered with the whole, as is allowed."""


class Part(NamedTuple):
    """Which bytes are asked for: from `start` to before `end`; `whole`: no part was asked for.

    start -1: what was asked for lies beyond the end.
    """

    start: int
    end: int
    etag: str
    whole: bool


def part_of(headers: Mapping[str, str], size: int, etag: str) -> Part:
    """What a request asks for of a file (RFC 9110, 13.1.5 and 14.2).

    >>> part_of({"range": "bytes=4-"}, 10, '"a"')[:2], part_of({"range": "bytes=-3"}, 10, '"a"')[:2]
    ((4, 10), (7, 10))
    >>> part_of({"range": "bytes=4-", "if-range": '"b"'}, 10, '"a"')[:2]
    (0, 10)
    >>> part_of({"range": "bytes=10-"}, 10, '"a"').start
    -1
    """
    whole = Part(0, size, etag, whole=True)
    asked = _RANGE.fullmatch(headers.get("range", ""))
    if asked is None or headers.get("if-range", etag) != etag or asked[0] == "bytes=-":
        return whole
    first, last = asked[1], asked[2]
    if not first:
        start, end = max(size - int(last), 0), size
        return Part(start if int(last) else -1, end, etag, whole=False)
    start, end = int(first), min(int(last) + 1 if last else size, size)
    if last and int(last) < start:
        return whole
    return Part(start if start < size else -1, end, etag, whole=False)


class ExportFile(Response):
    """The answer; it ends in the middle when the right to it does.

    Args:
        reader: the file. kept: what is known of it. part: which bytes.
        still: raises when the asker may not have it any more; asked before every piece.
        told: hears how many bytes were sent, and whether that was all, once it is over.
    """

    def __init__(
        self,
        reader: SealedReader,
        kept: Kept,
        part: Part,
        still: Callable[[], None],
        told: Callable[[int, bool], None] = lambda _bytes, _all: None,
    ) -> None:
        day = from_ms(kept.asked_ms).date().isoformat()
        headers = {
            "Accept-Ranges": "bytes",
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="healthtwin-{day}.zip"',
            "ETag": part.etag,
        }
        status = 200
        if part.start < 0:
            status = 416
            headers["Content-Range"] = f"bytes */{kept.size}"
        elif not part.whole:
            status = 206
            headers["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{kept.size}"
        super().__init__(None, status, headers, "application/zip")
        self._length = 0 if part.start < 0 else part.end - part.start
        self.headers["Content-Length"] = str(self._length)
        self._reader = reader
        self._part = part
        self._still = still
        self._told = told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it. What was begun and may not go on is left short, so that nobody takes it for whole."""
        del scope
        sent = 0
        gone = asyncio.ensure_future(_until_gone(receive))
        try:
            await send(
                {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            )
            while sent < self._length:
                piece = await run_in_threadpool(self._next, self._part.start + sent)
                if gone.done() or not piece:
                    return
                sent += len(piece)
                await send({"type": "http.response.body", "body": piece, "more_body": sent < self._length})
            if not self._length:
                await send({"type": "http.response.body", "body": b""})
        except HealthTwinError:
            return
        finally:
            gone.cancel()
            self._reader.close()
            self._told(sent, sent == self._length)

    def _next(self, at: int) -> bytes:
        self._still()
        return self._reader.read(at)[: self._part.end - at]


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
