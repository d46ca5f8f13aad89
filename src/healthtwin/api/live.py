"""`GET /api/live`: what changes, as server-sent events, with replay of what a broken connection missed."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Final

import msgspec
from starlette.responses import Response

from healthtwin.api.people import whom
from healthtwin.api.server_sent_events import EventStream, event_text, retry_text
from healthtwin.api.sight import Sight
from healthtwin.domain.errors import Forbidden, NotFound, Unauthenticated
from healthtwin.domain.plain_log import where_it_failed
from healthtwin.routing import Need, Routes

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from healthtwin.house import House, LiveEvent
    from healthtwin.routing import Ask

log = logging.getLogger("healthtwin.api")

LOOK_EVERY_S: Final = 1.0
"""How often an open stream on which nothing happens asks whether its reader may still see what they saw."""

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


async def until(stopping: Stopping, events: AsyncIterator[LiveEvent]) -> AsyncGenerator[LiveEvent | None]:
    """The events up to the moment when the server goes down, and None in between, every `LOOK_EVERY_S`."""
    stop = asyncio.ensure_future(stopping.wait())
    upcoming: asyncio.Future[LiveEvent] | None = None
    try:
        while True:
            if upcoming is None:
                upcoming = asyncio.ensure_future(anext(events))
            await asyncio.wait((upcoming, stop), timeout=LOOK_EVERY_S, return_when=asyncio.FIRST_COMPLETED)
            if stop.done() and not upcoming.done():
                return
            if not upcoming.done():
                yield None
                continue
            try:
                event = upcoming.result()
            except StopAsyncIteration:
                return
            finally:
                upcoming = None
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
    people = whom(ask, house, query.person)
    told = _told(ask, Sight(ask, people), until(stopping, house.feed.follow(seen, people)))
    return EventStream(_to_the_end(told, seen or house.feed.newest))


async def _told(
    ask: Ask, sight: Sight, events: AsyncGenerator[LiveEvent | None]
) -> AsyncGenerator[LiveEvent]:
    async with aclosing(events):
        async for event in events:
            ask.require_still_valid()
            shown = sight.of(event)
            if shown is not None:
                yield shown


async def _to_the_end(events: AsyncGenerator[LiveEvent], last: str) -> AsyncGenerator[bytes]:
    """Events on the wire, and why they end where the server does not; whoever resumes has lost nothing."""
    yield retry_text(RECONNECT_MS)
    async with aclosing(events):
        try:
            async for event in events:
                last = event.id
                yield event_text(event.event, event.data, event.id)
        except Exception as error:  # noqa: BLE001 - whatever keeps us from judging, it ends here
            yield event_text("ended", reason_of(error), last)


def reason_of(error: Exception) -> bytes:
    """Why a stream ends whose reader may see less by now, or of whom that cannot be told.

    >>> reason_of(Unauthenticated("signed out"))
    b'{"reason":"access ended"}'
    """
    if isinstance(error, Unauthenticated | Forbidden | NotFound):
        return b'{"reason":"access ended"}'
    log.error("a stream was closed, since access could not be judged: %s", where_it_failed(error))
    return b'{"reason":"access cannot be judged now"}'
