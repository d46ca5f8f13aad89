"""Alerts and what people do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from healthtwin.api.parameters import TIME_SCHEMA, body_of, require_known_parameters, time_ms_of
from healthtwin.api.people import json_of
from healthtwin.api.schema import answers, takes
from healthtwin.domain import DAY_MS, MINUTE_MS, AlertState
from healthtwin.domain.errors import InvalidInput, NotFound
from healthtwin.notify.answers import AlertView

if TYPE_CHECKING:
    from healthtwin.access.grants import Grant
    from healthtwin.api.identity import Identity
    from healthtwin.house import House

DEFAULT_SNOOZE_MIN: Final = 60

LONGEST_SNOOZE_MS: Final = 30 * DAY_MS
"""Alerts that stay off for longer are switched off, and that is a setting of the person, not a snooze."""

StateName = Annotated[str | None, Query(json_schema_extra={"enum": [str(state) for state in AlertState]})]


class Nothing(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A body without fields; it may be left out."""


class Snooze(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """For how long to be quiet: `minutes` from now, or `until` an instant; an hour when neither is said."""

    minutes: Annotated[int, msgspec.Meta(ge=1, le=LONGEST_SNOOZE_MS // MINUTE_MS)] | None = None
    until: Annotated[int | str | None, msgspec.Meta(extra_json_schema=TIME_SCHEMA)] = None


def alert_routes(house: House, identity: Identity) -> APIRouter:
    """`/api/alerts` and below."""
    router = APIRouter(prefix="/api/alerts", tags=["alerts"], dependencies=[Depends(identity.authenticate)])

    def visible(grant: Grant, alert_id: str) -> AlertView:
        """The alert, if it is there and about somebody the asker covers; the two are not told apart."""
        try:
            found = house.notify.alert(alert_id)
        except NotFound:
            found = None
        if found is None or not grant.covers(found.person):
            raise NotFound("no such alert")
        return found

    @router.get("", responses=answers(list[AlertView], 404, 422), summary="Alerts, the newest first")
    def alerts(request: Request, person: str | None = None, state: StateName = None) -> Response:
        """Episodes of the people you cover; of one person or in one state when you say so."""
        require_known_parameters(request, ("person", "state"))
        grant = identity.grant_of(request)
        people = grant.people
        if person is not None:
            grant.require_covers(person)
            people = frozenset({house.people.view(person).id})
        if state is not None and state not in list(AlertState):
            raise InvalidInput("state", state, "one of " + ", ".join(AlertState))
        return json_of(house.notify.alerts(people, state))

    @router.get("/{alert_id}", responses=answers(AlertView, 404), summary="One alert with its evidence")
    def alert(request: Request, alert_id: str) -> Response:
        """What was seen, against which usual, what was sent to whom, what to do."""
        require_known_parameters(request, ())
        return json_of(visible(identity.grant_of(request), alert_id))

    def act(request: Request, alert_id: str, verb: str, until_ms: int | None = None) -> Response:
        grant = identity.grant_of(request)
        grant.require_act(visible(grant, alert_id).person)
        return json_of(house.notify.act(grant, alert_id, verb, until_ms))

    verb_answers = answers(AlertView, 403, 404, 409, 413, 415, 422)

    no_fields = takes(Nothing, required=False)

    @router.post("/{alert_id}/acknowledge", responses=verb_answers, openapi_extra=no_fields)
    async def acknowledge(request: Request, alert_id: str) -> Response:
        """I have seen it: quiet until it resolves and recurs, or gets worse."""
        require_known_parameters(request, ())
        await body_of(request, Nothing, optional=True)
        return await run_in_threadpool(act, request, alert_id, "acknowledge")

    @router.post("/{alert_id}/snooze", responses=verb_answers, openapi_extra=takes(Snooze, required=False))
    async def snooze(request: Request, alert_id: str) -> Response:
        """Quiet for a while; a worse level breaks it."""
        require_known_parameters(request, ())
        wanted = await body_of(request, Snooze, optional=True)
        return await run_in_threadpool(act, request, alert_id, "snooze", _until_ms(wanted, house.now_ms()))

    @router.post("/{alert_id}/resolve", responses=verb_answers, openapi_extra=no_fields)
    async def resolve(request: Request, alert_id: str) -> Response:
        """It is over."""
        require_known_parameters(request, ())
        await body_of(request, Nothing, optional=True)
        return await run_in_threadpool(act, request, alert_id, "resolve")

    return router


def _until_ms(wanted: Snooze, now_ms: int) -> int:
    if wanted.until is None:
        minutes = DEFAULT_SNOOZE_MIN if wanted.minutes is None else wanted.minutes
        return now_ms + minutes * MINUTE_MS
    if wanted.minutes is not None:
        raise InvalidInput("until", wanted.until, "either minutes or until")
    until_ms = time_ms_of("until", str(wanted.until))
    if until_ms is None or not now_ms < until_ms <= now_ms + LONGEST_SNOOZE_MS:
        raise InvalidInput("until", wanted.until, "a time from now to 30 days ahead")
    return until_ms
