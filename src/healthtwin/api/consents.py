"""What of a person others see, kind by kind: read by themselves, changed by themselves, true at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from healthtwin.access import ConsentLine, Consents, ConsentsView, Relation, wall_ms
from healthtwin.domain.errors import Conflict, Forbidden
from healthtwin.routing import Kind, Need, Routes

if TYPE_CHECKING:
    from healthtwin.house import House
    from healthtwin.routing import Ask


class StatedConsents(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """All lines, in place of those before. revision: of what was on the screen; left out: whatever stands."""

    consents: list[ConsentLine]
    revision: Annotated[int, msgspec.Meta(ge=0)] | None = None


routes = Routes("/api/people/{person_id}", tag="sharing")


@routes.get("/consents", need=Need.SHARE, kind=Kind.PROFILE, summary="What others see of me")
def consents(house: House, person_id: str) -> ConsentsView:
    """Lines as they were stated last, and what comes out of them for family and for whoever treats them."""
    return Consents(house.tables).of(person_id, wall_ms())


@routes.put(
    "/consents",
    need=Need.SHARE,
    kind=Kind.PROFILE,
    fresh=True,
    errors=(Conflict, Forbidden),
    summary="Say what others see of me",
    example={"consents": [{"what": ["place"], "to": "family", "until": None, "allowed": False}]},
)
def state_consents(ask: Ask, house: House, person_id: str, body: StatedConsents) -> ConsentsView:
    """It holds for the very next request, for messages that wait and for streams that are open.

    Without a line about somebody they see what their relation always showed. A line that keeps back wins over
    one that allows; whoever names what is allowed keeps back the rest; lines about one grant go before lines
    about its relation. Whoever is not the person may keep back more, and never let through more.
    """
    house.access.relations.require_may_state(ask.grant, person_id, body.consents)
    own = ask.decision is not None and ask.decision.relation is Relation.SELF
    return Consents(house.tables).state(
        person_id, body.consents, wall_ms(), by=ask.grant.actor, seen=body.revision, may_widen=own
    )
