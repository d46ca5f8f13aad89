"""In which of two relations a session sees a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from healthtwin.access import ActingView
from healthtwin.domain.errors import Conflict, NotFound
from healthtwin.routing import Need, Routes

if TYPE_CHECKING:
    from healthtwin.house import House
    from healthtwin.routing import Ask


class ActAs(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Towards whom, as what: ``family`` or ``treating``."""

    person: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    relation: Literal["family", "treating"]


routes = Routes("/api/account", tag="sharing")


@routes.put(
    "/acting",
    need=Need.KNOWN,
    errors=(NotFound, Conflict),
    summary="See somebody in the other of two relations",
)
def act_as(ask: Ask, house: House, body: ActAs) -> ActingView:
    """Rights do not add up: from the next request on, this session sees them as that and as nothing else."""
    return house.access.relations.act_as(ask.grant, body.person, body.relation)
