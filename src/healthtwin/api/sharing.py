"""Who can see a person: shown to them, widened by an invitation, and taken back at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from healthtwin.access.authenticator import wall_ms
from healthtwin.access.sharing import ShareView
from healthtwin.api.parameters import body_of, require_known_parameters
from healthtwin.api.people import json_of
from healthtwin.api.schema import answers, takes
from healthtwin.domain import HOUR_MS, plain_text

if TYPE_CHECKING:
    from healthtwin.api.identity import Identity
    from healthtwin.house import House

INVITATION_MS: Final = 24 * HOUR_MS
"""A relative may open a message the next morning; a link that lies around longer is a key under the mat."""

LONGEST_LABEL: Final = 100


class Invitation(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Whom to let in: family sees and acts on alerts; a clinician also states medicines and background."""

    scope: Literal["family", "clinician"]
    label: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_LABEL)]


class InvitationView(msgspec.Struct, frozen=True):
    """A link that signs one browser in, once; it is not shown again. id: of the grant behind it."""

    id: str
    url: str
    expires_at: int


def sharing_routes(house: House, identity: Identity) -> APIRouter:
    """`/api/people/{person}/sharing`."""
    router = APIRouter(
        prefix="/api/people/{person_id}/sharing",
        tags=["sharing"],
        dependencies=[Depends(identity.authenticate)],
    )

    @router.get("", responses=answers(list[ShareView], 403, 404), summary="Who can see me")
    def sharing(request: Request, person_id: str) -> Response:
        """Phones, relatives, clinicians, tokens and the operator, the oldest first."""
        require_known_parameters(request, ())
        grant = identity.grant_of(request)
        grant.require_share(person_id)
        return json_of(house.access.sharing(grant, person_id))

    @router.post(
        "",
        status_code=201,
        responses=answers(InvitationView, 403, 404, 413, 415, status=201),
        openapi_extra=takes(Invitation),
        summary="Let somebody see me",
    )
    async def invite(request: Request, person_id: str) -> Response:
        """The link is in this answer and in no other; it is good once, within a day."""
        require_known_parameters(request, ())
        grant = await run_in_threadpool(identity.grant_of, request)
        grant.require_share(person_id)
        wanted = await body_of(request, Invitation)
        label = plain_text("label", wanted.label, LONGEST_LABEL)
        now_ms = wall_ms()

        def made() -> InvitationView:
            link = house.records.access.create_link(
                wanted.scope, [person_id], now_ms, label=label, lifetime_ms=INVITATION_MS
            )
            url = f"{identity.own_address(request)}/sign-in/{link.secret}"
            return InvitationView(link.grant.id, url, now_ms + INVITATION_MS)

        return Response(
            msgspec.json.encode(await run_in_threadpool(made)), 201, media_type="application/json"
        )

    @router.delete("/{grant_id}", status_code=204, responses=answers(None, 403, 404), summary="Take it back")
    def revoke(request: Request, person_id: str, grant_id: str) -> Response:
        """The very next request of whoever had it is refused; what they saw before they have seen."""
        require_known_parameters(request, ())
        identity.grant_of(request).require_share(person_id)
        house.records.sharing.revoke(person_id, grant_id, wall_ms())
        return Response(status_code=204)

    return router
