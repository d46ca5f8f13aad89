"""Break-glass: a clinician sees somebody whom nobody gave them to see, for an hour, and everybody is told."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from starlette.concurrency import run_in_threadpool

from healthtwin.access import RateLimiter
from healthtwin.domain import PLAIN_LINES
from healthtwin.domain.errors import Conflict, NotFound, RateLimited
from healthtwin.routing import Kind, Need, Routes

if TYPE_CHECKING:
    from healthtwin.house import House
    from healthtwin.routing import Ask

TRIES_PER_S: Final = 1 / 30
BURST_TRIES: Final = 20
"""Of one clinician: more than an emergency ward needs, and far too few to guess names and years by."""

_tries: Final = RateLimiter(TRIES_PER_S, BURST_TRIES, "searches for somebody in an emergency")

Reason = Annotated[
    str,
    msgspec.Meta(
        max_length=2_000, extra_json_schema={"pattern": PLAIN_LINES, "minLength": 10, "maxLength": 500}
    ),
]


class Emergency(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Why they must be seen now; the person reads it."""

    reason: Reason


class EmergencyOf(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The same of somebody of whom the name is known, exactly as the house has it, and the year of birth."""

    reason: Reason
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    birth_year: Annotated[int, msgspec.Meta(ge=1880, le=2200)]


class OpenedView(msgspec.Struct, frozen=True):
    """Whom they see now, for reading alone, until when (epoch ms)."""

    until: int
    person: str


routes = Routes("/api", tag="sharing")


@routes.post(
    "/people/{person_id}/break-glass",
    need=Need.BREAK,
    kind=Kind.PROFILE,
    status=201,
    errors=(NotFound, Conflict, RateLimited),
    summary="See somebody in an emergency",
    example={"reason": "found unconscious, need medicines"},
)
async def break_glass(ask: Ask, house: House, person_id: str, body: Emergency) -> OpenedView:
    """One hour, for this session or token, for reading alone; the person is told at once, with the reason."""
    return await _opened(ask, house, person_id, body.reason)


@routes.post(
    "/break-glass",
    need=Need.FIND,
    status=201,
    errors=(NotFound, Conflict, RateLimited),
    summary="See somebody in an emergency, by name and year of birth",
    example={"reason": "found unconscious, need medicines", "name": "Ada", "birth_year": 1961},
)
async def break_glass_by_name(ask: Ask, house: House, body: EmergencyOf) -> OpenedView:
    """As with an id; where no one, or more than one, has this name and year, nobody is found."""
    _tries.take(ask.grant.actor, 1, time.monotonic())
    found = await run_in_threadpool(house.access.relations.only_one_named, body.name, body.birth_year)
    return await _opened(ask, house, found or "", body.reason)


@routes.delete(
    "/people/{person_id}/break-glass",
    need=Need.MEND,
    kind=Kind.PROFILE,
    errors=(NotFound,),
    summary="End every emergency access to them",
)
def mend(ask: Ask, house: House, person_id: str) -> None:
    """At once; by the person, whoever runs the house, or the clinician for their own."""
    house.access.relations.mend(ask.grant, person_id=person_id)


@routes.delete(
    "/break-glass/{glass_id}", need=Need.KNOWN, errors=(NotFound,), summary="End one emergency access"
)
def mend_one(ask: Ask, house: House, glass_id: str) -> None:
    """At once; by the person, whoever runs the house, or the clinician whose it is."""
    house.access.relations.mend(ask.grant, glass_id=glass_id)


async def _opened(ask: Ask, house: House, person_id: str, reason: str) -> OpenedView:
    glass = await run_in_threadpool(house.access.relations.break_glass, ask.grant, person_id, reason)
    return OpenedView(glass.until_ms, glass.person_id)
