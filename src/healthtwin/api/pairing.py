"""Pairing a phone with a code, and what a phone asks first: who am I here."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from healthtwin.access.authenticator import csrf_token_of, wall_ms
from healthtwin.access.grants import Scope
from healthtwin.access.rate import RateLimiter
from healthtwin.api.identity import require_own_origin
from healthtwin.api.parameters import body_of, require_known_parameters
from healthtwin.api.people import json_of
from healthtwin.api.schema import answers, takes
from healthtwin.domain import SECOND_MS
from healthtwin.domain.errors import Unauthenticated

if TYPE_CHECKING:
    from healthtwin.access.grants import Grant
    from healthtwin.api.identity import Identity
    from healthtwin.house import House

TRIES_PER_S: Final = 1 / 6
BURST_TRIES: Final = 10
"""From one address: somebody who mistypes has ten tries at once, then one every six seconds."""

ALL_TRIES_PER_S: Final = 1.0
OF_ALL: Final = 6
"""From all addresses together no more than from six, since whoever guesses may own many."""

_EVERYBODY: Final = ""

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Label = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class PairingRequest(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A code as shown or typed, and what the person calls this phone."""

    code: Code
    label: Label | None = None


class PairedView(msgspec.Struct, frozen=True):
    """Whose phone this is now. csrf: sent back as `X-CSRF-Token` with everything that changes something."""

    person: str
    name: str
    device: str
    csrf: str


class NamedPerson(msgspec.Struct, frozen=True):
    """Somebody whom the asker may see."""

    id: str
    name: str


class MeView(msgspec.Struct, frozen=True):
    """Who is asking.

    Attributes:
        scope: ``person``, ``family``, ``clinician``, ``admin`` or ``device``.
        person, name: whose, where it is one person's; else None.
        device: under which sequences are counted; None for who sends no readings.
        people: whom they may see.
        csrf: as in `PairedView`; empty for a token, which needs none.
        now: the house's clock, epoch ms.
        kind: ``live``, ``demo`` or ``replay``; synthetic: the people are simulated.
    """

    scope: str
    person: str | None
    name: str | None
    device: str | None
    people: list[NamedPerson]
    csrf: str
    now: int
    kind: str
    synthetic: bool


def pairing_routes(house: House, identity: Identity, tries: int = BURST_TRIES) -> APIRouter:
    """`/api/pair`, open to whoever has a code, and `/api/me`.

    Args:
        house: who lives here.
        identity: who is asking.
        tries: how many codes one address may try at once.
    """
    router = APIRouter(prefix="/api", tags=["identity"])
    of_one = RateLimiter(TRIES_PER_S, tries, "tries")
    of_all = RateLimiter(ALL_TRIES_PER_S, OF_ALL * tries, "tries")

    @router.post(
        "/pair",
        responses=answers(PairedView, 413, 415, 429),
        openapi_extra=takes(PairingRequest),
        summary="Pair this phone",
    )
    async def pair(request: Request) -> Response:
        """Use a one-time code up; the answer's cookie is the phone's session, for as long as it is used."""
        require_known_parameters(request, ())
        require_own_origin(request.headers)
        wanted = await body_of(request, PairingRequest)
        now_s = time.monotonic()
        of_one.take("" if request.client is None else request.client.host, 1, now_s)
        of_all.take(_EVERYBODY, 1, now_s)
        return await run_in_threadpool(paired, request, wanted)

    def paired(request: Request, wanted: PairingRequest) -> Response:
        session = identity.access.pair(wanted.code, wanted.label)
        _forget_former(identity, request)
        (person_id,) = session.grant.people
        response = json_of(
            PairedView(
                person_id,
                house.people.profile(person_id).name,
                session.grant.device or "",
                csrf_token_of(session.secret),
            )
        )
        lasts_ms = (session.expires_ms or 0) - wall_ms()
        identity.set_cookie(response, session.secret, lasts_ms // SECOND_MS)
        return response

    @router.get(
        "/me",
        responses=answers(MeView),
        dependencies=[Depends(identity.authenticate)],
        summary="Who am I here",
    )
    def me(request: Request) -> Response:
        """Scope, person and device of the asker; a paired phone's session lasts from here on again."""
        require_known_parameters(request, ())
        response = json_of(_me(house, identity.grant_of(request), identity.csrf_token(request)))
        identity.note_use(request, response)
        return response

    return router


def _forget_former(identity: Identity, request: Request) -> None:
    """A phone that pairs again is one phone: its former session ends."""
    secret = request.cookies.get(identity.cookie)
    if secret is None:
        return
    with suppress(Unauthenticated):
        if identity.access.grant_of_session(secret).scope is Scope.PERSON:
            identity.access.sign_out(secret)


def _me(house: House, grant: Grant, csrf: str) -> MeView:
    if grant.people is None:
        named = [NamedPerson(person.id, person.name) for person in house.records.people.list()]
    else:
        named = [
            NamedPerson(person_id, house.people.profile(person_id).name) for person_id in sorted(grant.people)
        ]
    only = named[0] if len(named) == 1 and grant.people is not None else None
    return MeView(
        str(grant.scope),
        None if only is None else only.id,
        None if only is None else only.name,
        grant.device or None,
        named,
        csrf,
        house.now_ms(),
        house.kind,
        house.kind == "demo",
    )
