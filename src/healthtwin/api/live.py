"""`GET /api/live`: what changes, as server-sent events, with replay of what a broken connection missed."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from healthtwin.api.parameters import require_known_parameters
from healthtwin.domain.errors import Unauthenticated

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from healthtwin.api.identity import Identity
    from healthtwin.house import House
    from healthtwin.house.live import LiveEvent

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


async def until(stopping: Stopping, events: AsyncIterator[LiveEvent]) -> AsyncIterator[LiveEvent]:
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


def live_routes(house: House, identity: Identity, stopping: Stopping) -> APIRouter:
    """The stream; it never ends by itself, so it stands in the description's text and not among its paths."""
    router = APIRouter(prefix="/api", dependencies=[Depends(identity.authenticate)], include_in_schema=False)

    def followed(request: Request) -> frozenset[str] | None:
        require_known_parameters(request, ("person", "after"))
        grant = identity.grant_of(request)
        person = request.query_params.get("person")
        if person is None:
            return grant.people
        grant.require_covers(person)
        return frozenset({house.people.view(person).id})

    @router.get("/live", response_class=EventSourceResponse)
    async def live(
        request: Request,
        last_event_id: Annotated[str | None, Header()] = None,
        after: str | None = None,
        people: frozenset[str] | None = Depends(followed),
    ) -> AsyncIterator[ServerSentEvent]:
        """Readings, people and alerts as they change."""
        # A browser that resumes asks the same URL again, and knows better by then than what stands in it.
        seen = after if last_event_id is None else last_event_id
        yield ServerSentEvent(comment="connected", retry=RECONNECT_MS)
        async for event in until(stopping, house.feed.follow(seen, people)):
            try:
                identity.require_still_valid(request)
            except Unauthenticated:
                return
            yield ServerSentEvent(raw_data=event.data.decode(), event=event.event, id=event.id)

    return router
