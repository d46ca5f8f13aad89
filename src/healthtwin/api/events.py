"""A person's timeline: what happened to them, told and read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from healthtwin.api.parameters import TimeText, body_of, require_known_parameters, time_ms_of
from healthtwin.api.people import json_of
from healthtwin.api.schema import answers, takes
from healthtwin.domain.errors import Conflict, NotFound
from healthtwin.intake.events import ToldEvent, judged
from healthtwin.intake.outcome import RowOutcome
from healthtwin.people.answers import EventView
from healthtwin.people.timeline import MOST_LISTED, require_limit

if TYPE_CHECKING:
    from healthtwin.api.identity import Identity
    from healthtwin.house import House

DEFAULT_LISTED = 100

Limit = Annotated[int, Query(json_schema_extra={"minimum": 1, "maximum": MOST_LISTED})]


class EventReceipt(msgspec.Struct, frozen=True):
    """What became of an event: ``accepted``, or ``duplicate`` when it was stored before."""

    outcome: str


def event_routes(house: House, identity: Identity) -> APIRouter:
    """`/api/people/{person}/events`."""
    router = APIRouter(
        prefix="/api/people/{person_id}", tags=["people"], dependencies=[Depends(identity.authenticate)]
    )

    @router.get("/events", responses=answers(list[EventView], 404), summary="What happened to them")
    def events(
        request: Request,
        person_id: str,
        since: TimeText = None,
        limit: Limit = DEFAULT_LISTED,
    ) -> Response:
        """The newest events first; with `since` only those from that instant on."""
        require_known_parameters(request, ("since", "limit"))
        identity.grant_of(request).require_covers(person_id)
        return json_of(house.people.events(person_id, time_ms_of("since", since), require_limit(limit)))

    @router.post(
        "/events",
        responses=answers(EventReceipt, 403, 404, 409, 413, 415),
        openapi_extra=takes(ToldEvent),
        summary="Say what happened",
    )
    async def tell(request: Request, person_id: str) -> Response:
        """A symptom, a meal, a medicine taken. Telling it again (same device and sequence) is harmless."""
        require_known_parameters(request, ())
        grant = await run_in_threadpool(identity.grant_of, request)
        grant.require_covers(person_id)
        grant.require_write()
        told = await body_of(request, ToldEvent)
        facts = house.people.facts(person_id)
        if facts is None:
            raise NotFound("no such person")
        event = judged(told, house.now_ms(), facts.birth_year)
        outcome = await house.intake.add_event(grant, person_id, event)
        if outcome is RowOutcome.CONFLICT:
            raise Conflict(f"sequence {event.sequence} was used for something else; what is stored stays")
        return json_of(EventReceipt("accepted" if outcome is RowOutcome.NEW else "duplicate"))

    return router
