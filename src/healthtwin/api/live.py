"""`GET /api/live`: what changes, as server-sent events, with replay of what a broken connection missed."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Final

import msgspec
from starlette.responses import Response

from healthtwin.api.people import whom
from healthtwin.api.server_sent_events import EventStream, event_text, retry_text
from healthtwin.domain.errors import Unauthenticated
from healthtwin.routing import Need, Routes

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from healthtwin.house import House, LiveEvent
    from healthtwin.routing import Ask

RECONNECT_MS: Final = 2_000
"""What a browser waits before it comes back: a restart of the server takes about as long."""


class Stopping:
    """Tells open streams that the server is going down; set from any thread or signal handler."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._set = False

    def set(self) -> None:
        """End every stream, and every later one at once."""
        self._set = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._event.set)

    async def wait(self) -> None:
        """Until the server goes down."""
        self._loop = asyncio.get_running_loop()
        if not self._set:
            await self._event.wait()


async def until(stopping: Stopping, events: AsyncIterator[LiveEvent]) -> AsyncGenerator[LiveEvent]:
    """The events up to the moment when the server goes down, even while none comes."""
    stop = asyncio.ensure_future(stopping.wait())
    upcoming: asyncio.Future[LiveEvent] | None = None
    try:
        while True:
            upcoming = asyncio.ensure_future(anext(events))
            await asyncio.wait((upcoming, stop), return_when=asyncio.FIRST_COMPLETED)
            if not upcoming.done():
                return
            try:
                event = upcoming.result()
            except StopAsyncIteration:
                return
            yield event
    finally:
        stop.cancel()
        if upcoming is not None and not upcoming.done():
            upcoming.cancel()
            with suppress(asyncio.CancelledError, StopAsyncIteration):
                await upcoming


class Followed(msgspec.Struct, frozen=True):
    """About whom (left out: everybody you cover), and after which event's id."""

    person: str | None = None
    after: str | None = None


routes = Routes("/api")
"""It never ends by itself, so it stands in the description's text and not among its paths."""


@routes.get("/live", need=Need.KNOWN)
def live(ask: Ask, house: House, stopping: Stopping, query: Followed) -> Response:
    """Readings, people and alerts as they change."""
    # A browser that resumes asks the same URL again, and knows better by then than what stands in it.
    seen = ask.request.headers.get("last-event-id", query.after)
    events = until(stopping, house.feed.follow(seen, whom(ask, house, query.person)))
    return EventStream(_told(ask, events))


async def _told(ask: Ask, events: AsyncGenerator[LiveEvent]) -> AsyncGenerator[bytes]:
    yield retry_text(RECONNECT_MS)
    async with aclosing(events):
        async for event in events:
            try:
                ask.require_still_valid()
            except Unauthenticated:
                return
            yield event_text(event.event, event.data, event.id)
