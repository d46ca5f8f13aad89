"""Pairing a phone with a code, and what a phone asks first: who am I here."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from starlette.concurrency import run_in_threadpool

from healthtwin.access import RateLimiter, csrf_token_of, wall_ms
from healthtwin.domain import PLAIN, SECOND_MS, Said
from healthtwin.domain.errors import RateLimited
from healthtwin.routing import Need, Routes
from healthtwin.routing.request_authenticator import forget_former, require_own_origin
from healthtwin.store.people import People
from healthtwin.words import say

if TYPE_CHECKING:
    from healthtwin.house import House
    from healthtwin.routing import Ask
    from healthtwin.routing.client_address import ClientAddress

TRIES_PER_S: Final = 1 / 6
BURST_TRIES: Final = 10
"""From one address: somebody who mistypes has ten tries at once, then one every six seconds."""

ALL_TRIES_PER_S: Final = 1.0
OF_ALL: Final = 6
"""From all addresses together no more than from six, since whoever guesses may own many."""

_EVERYBODY: Final = ""

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Label = Annotated[str, msgspec.Meta(min_length=1, max_length=100, extra_json_schema={"pattern": PLAIN})]


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
        note: why there is nobody to see, where that is no accident; else None.
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
    note: str | None = None


class PairingLimits:
    """How often codes may be tried.

    Args:
        tries: how many one address may try at once.
    """

    def __init__(self, tries: int = BURST_TRIES) -> None:
        self._of_one = RateLimiter(TRIES_PER_S, tries, "tries")
        self._of_all = RateLimiter(ALL_TRIES_PER_S, OF_ALL * tries, "tries")

    def take(self, address: str) -> None:
        """Note a try.

        Raises:
            RateLimited: too many from this address, or from all together.
        """
        now_s = time.monotonic()
        self._of_one.take(address, 1, now_s)
        self._of_all.take(_EVERYBODY, 1, now_s)


routes = Routes("/api", tag="identity")


@routes.post("/pair", need=Need.NOBODY, errors=(RateLimited,), summary="Pair this phone")
async def pair(
    ask: Ask,
    house: House,
    pairing_limits: PairingLimits,
    client_address: ClientAddress,
    body: PairingRequest,
) -> PairedView:
    """Use a one-time code up; the answer's cookie is the phone's session, for as long as it is used."""
    require_own_origin(ask.request.headers)
    try:
        pairing_limits.take(client_address.of(ask.request))
    except RateLimited:
        # Others at this address, or somebody who wants to keep a person out, tried too often. Whoever has the
        # right code is neither.
        if not await run_in_threadpool(ask.authenticator.access.is_pairing_code, body.code):
            raise
    return await run_in_threadpool(_paired, ask, house, body)


@routes.get("/me", need=Need.KNOWN, summary="Who am I here")
def me(ask: Ask, house: House) -> MeView:
    """Scope, person and device of the asker; a paired phone's session lasts from here on again."""
    ask.finish(lambda response: ask.authenticator.note_use(ask.request, response))
    return _me(house, ask)


def _paired(ask: Ask, house: House, wanted: PairingRequest) -> PairedView:
    authenticator = ask.authenticator
    session = authenticator.access.pair(wanted.code, wanted.label)
    forget_former(authenticator, ask.request)
    (person_id,) = session.grant.people
    lasts_ms = (session.expires_ms or 0) - wall_ms()
    ask.finish(lambda response: authenticator.set_cookie(response, session.secret, lasts_ms // SECOND_MS))
    name = house.people.profile(person_id).name
    return PairedView(person_id, name, session.grant.device or "", csrf_token_of(session.secret))


def _me(house: House, ask: Ask) -> MeView:
    grant = ask.grant
    everybody = [(person.id, person.name) for person in People(house.tables).list()]
    named = [
        NamedPerson(person_id, name)
        for person_id, name in everybody
        if (grant.people is None or person_id in grant.people) and ask.sees(person_id)
    ]
    if grant.people is not None:
        named.sort(key=lambda person: person.id)
    only = named[0] if len(named) == 1 and grant.people is not None else None
    return MeView(
        str(grant.scope),
        None if only is None else only.id,
        None if only is None else only.name,
        grant.device or None,
        named,
        ask.csrf_token,
        house.now_ms(),
        house.kind,
        house.kind == "demo",
        say(Said("me-sees-nobody")) if grant.sees_nobody else None,
    )
