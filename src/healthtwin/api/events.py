"""A person's timeline: what happened to them, told and read back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import msgspec

from healthtwin.domain.errors import Conflict, NotFound
from healthtwin.intake import RowOutcome, ToldEvent, judged
from healthtwin.people import MOST_LISTED, EventView
from healthtwin.routing import Kind, Need, Routes
from healthtwin.routing.reading import TimeText, time_ms_of

if TYPE_CHECKING:
    from healthtwin.house import House
    from healthtwin.routing import Ask

DEFAULT_LISTED = 100


class Since(msgspec.Struct, frozen=True):
    """From which instant on, and how many at most."""

    since: TimeText = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_LISTED)] = DEFAULT_LISTED


class EventReceipt(msgspec.Struct, frozen=True):
    """What became of an event: ``accepted``, or ``duplicate`` when it was stored before."""

    outcome: str


routes = Routes("/api/people/{person_id}", tag="people")


@routes.get("/events", need=Need.READ, kind=Kind.TIMELINE, summary="What happened to them")
def events(house: House, person_id: str, query: Since) -> Sequence[EventView]:
    """The newest events first; with `since` only those from that instant on."""
    return house.people.events(person_id, time_ms_of("since", query.since), query.limit)


@routes.post("/events", need=Need.TELL, kind=Kind.TIMELINE, errors=(Conflict,), summary="Say what happened")
async def tell(ask: Ask, house: House, person_id: str, body: ToldEvent) -> EventReceipt:
    """A symptom, a meal, a medicine taken. Telling it again (same device and sequence) is harmless."""
    facts = house.people.facts(person_id)
    if facts is None:
        raise NotFound("no such person")
    event = judged(body, house.now_ms(), facts.birth_year)
    outcome = await house.intake.add_event(ask.grant, person_id, event)
    if outcome is RowOutcome.CONFLICT:
        raise Conflict(f"sequence {event.sequence} was used for something else; what is stored stays")
    return EventReceipt("accepted" if outcome is RowOutcome.NEW else "duplicate")
