"""A person's profile and background: what is known about them beside readings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from healthtwin.api.parameters import body_of, require_known_parameters
from healthtwin.api.people import json_of
from healthtwin.api.schema import answers, takes
from healthtwin.people.about import Background, ProfileChange
from healthtwin.people.answers import BackgroundView, ProfileView

if TYPE_CHECKING:
    from healthtwin.api.identity import Identity
    from healthtwin.house import House


def about_routes(house: House, identity: Identity) -> APIRouter:
    """`/api/people/{person}/profile` and `…/background`."""
    router = APIRouter(
        prefix="/api/people/{person_id}", tags=["people"], dependencies=[Depends(identity.authenticate)]
    )

    def require_covered(request: Request, person_id: str) -> None:
        require_known_parameters(request, ())
        identity.grant_of(request).require_covers(person_id)

    @router.get("/profile", responses=answers(ProfileView, 404), summary="How their readings are judged")
    def profile(request: Request, person_id: str) -> Response:
        """Name, time zone, age, and what else changes how readings are judged."""
        require_covered(request, person_id)
        return json_of(house.people.profile(person_id))

    @router.put(
        "/profile",
        responses=answers(ProfileView, 403, 404, 409, 413, 415),
        openapi_extra=takes(ProfileChange),
        summary="Change how their readings are judged",
    )
    async def set_profile(request: Request, person_id: str) -> Response:
        """What is named changes; what is left out stays, null clears."""
        require_known_parameters(request, ())
        grant = await run_in_threadpool(identity.grant_of, request)
        grant.require_state(person_id)
        change = await body_of(request, ProfileChange)
        return json_of(await run_in_threadpool(house.people.set_profile, grant, person_id, change))

    @router.get("/background", responses=answers(BackgroundView, 404), summary="What else is known")
    def background(request: Request, person_id: str) -> Response:
        """Conditions, risk factors, allergies, and whom to call."""
        require_covered(request, person_id)
        return json_of(house.people.background(person_id))

    @router.put(
        "/background",
        responses=answers(BackgroundView, 403, 404, 409, 413, 415),
        openapi_extra=takes(Background),
        summary="State what else is known",
    )
    async def set_background(request: Request, person_id: str) -> Response:
        """All of it, in place of what was stated before."""
        require_known_parameters(request, ())
        grant = await run_in_threadpool(identity.grant_of, request)
        grant.require_state(person_id)
        stated = await body_of(request, Background)
        return json_of(await run_in_threadpool(house.people.set_background, grant, person_id, stated))

    return router
