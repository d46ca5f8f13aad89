"""Server-sent events (WHATWG HTML, 9.2): what changes, pushed over an answer that does not end."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Final

from starlette.responses import StreamingResponse

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.types import Send

KEEP_ALIVE: Final = b": keep-alive\n\n"
KEEP_ALIVE_S: Final = 15.0
"""As the standard advises: proxies end connections that are silent for half a minute or longer."""


def event_text(name: str, data: bytes, event_id: str) -> bytes:
    r"""One event on the wire.

    Args:
        name: its type, without line ends.
        data: one line.
        event_id: what a browser that resumes will name.

    >>> event_text("alert", b'{"id":1}', "a-7")
    b'event: alert\ndata: {"id":1}\nid: a-7\n\n'
    """
    return b"event: %s\ndata: %s\nid: %s\n\n" % (name.encode(), data, event_id.encode())


def retry_text(after_ms: int) -> bytes:
    r"""The beginning of a stream: how long a browser waits before it comes back.

    >>> retry_text(2000)
    b': connected\nretry: 2000\n\n'
    """
    return b": connected\nretry: %d\n\n" % after_ms


class EventStream(StreamingResponse):
    """An answer that goes on for as long as there are events.

    Args:
        events: as text; it is closed when the reader goes away.
    """

    def __init__(self, events: AsyncGenerator[bytes]) -> None:
        # No proxy may keep what is meant for now (the second header is nginx's).
        headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
        self._events = _kept_alive(events)
        super().__init__(self._events, headers=headers, media_type="text/event-stream")

    async def stream_response(self, send: Send) -> None:
        """Send what comes; whoever gives the events hears when the reader has gone."""
        async with aclosing(self._events):
            await super().stream_response(send)


async def _kept_alive(events: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """The events, and a comment where none came for a while."""
    upcoming: asyncio.Future[bytes] | None = None
    try:
        while True:
            if upcoming is None:
                upcoming = asyncio.ensure_future(anext(events))
            await asyncio.wait((upcoming,), timeout=KEEP_ALIVE_S)
            if not upcoming.done():
                yield KEEP_ALIVE
                continue
            try:
                event = upcoming.result()
            except StopAsyncIteration:
                return
            finally:
                upcoming = None
            yield event
    finally:
        if upcoming is not None:
            upcoming.cancel()
            with suppress(asyncio.CancelledError, StopAsyncIteration):
                await upcoming
        await events.aclose()
