"""Identities at a provider that sign somebody in: linked, listed, unlinked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from healthtwin.access import FLOW_MS, OIDC_COOKIE
from healthtwin.api.account import client_of
from healthtwin.domain import SECOND_MS
from healthtwin.domain.errors import NotFound, StepUp
from healthtwin.routing import Need, Routes

if TYPE_CHECKING:
    from starlette.responses import Response

    from healthtwin.access import Identities
    from healthtwin.routing import Ask

_MARK: Final = 8
"""Characters of `state` in a cookie's name, so that two tabs do not end each other's sign-in."""


class IdentityView(msgspec.Struct, frozen=True):
    """An identity that opens the account. provider: by name; title: as its button says."""

    id: str
    provider: str
    title: str
    created_at: int
    last_used_at: int | None


class LinkRequest(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """By which provider, by name."""

    provider: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]


class AwayView(msgspec.Struct, frozen=True):
    """Where to send the browser."""

    url: str


routes = Routes("/api/account/identities", tag="account")


@routes.get("", need=Need.KNOWN, errors=(NotFound,), summary="Identities that sign me in")
def my_identities(ask: Ask, identities: Identities) -> list[IdentityView]:
    """Oldest first."""
    return [
        IdentityView(each.id, each.provider, each.title, each.created_ms, each.last_used_ms)
        for each in identities.list(ask.grant)
    ]


@routes.post(
    "",
    need=Need.KNOWN,
    fresh=True,
    errors=(NotFound, StepUp),
    summary="Link one",
    example={"provider": "hospital"},
)
def link_identity(ask: Ask, identities: Identities, body: LinkRequest) -> AwayView:
    """Sends to the provider; who comes back from there is linked to this account."""
    url, cookie = identities.begin(body.provider, way_back(ask, body.provider), "/account", ask.grant)
    ask.finish(lambda response: set_flow_cookie(ask, response, url, cookie))
    return AwayView(url)


@routes.delete("/{identity_id}", need=Need.KNOWN, fresh=True, errors=(NotFound, StepUp), summary="Unlink one")
def unlink_identity(ask: Ask, identities: Identities, identity_id: str) -> None:
    """It signs nobody in any more."""
    identities.unlink(ask.grant, identity_id, client_of(ask))


def way_back(ask: Ask, provider: str) -> str:
    """Where a provider sends the browser; it must know this address."""
    return f"{ask.own_address}/sign-in/oidc/{provider}/callback"


def cookie_name(ask: Ask, state: str) -> str:
    """Of the cookie that holds what is known of a sign-in while the browser is elsewhere."""
    mark = "".join(each for each in state[:_MARK] if each.isascii() and (each.isalnum() or each in "-_"))
    return f"{'__Host-' if ask.authenticator.secure else ''}{OIDC_COOKIE}-{mark}"


def set_flow_cookie(ask: Ask, response: Response, url: str, cookie: str) -> None:
    """Keep what is known of a sign-in in the browser that began it."""
    state = parse_qs(urlsplit(url).query)["state"][0]
    response.set_cookie(
        cookie_name(ask, state),
        cookie,
        max_age=FLOW_MS // SECOND_MS,
        path="/",
        secure=ask.authenticator.secure,
        httponly=True,
        samesite="lax",  # a provider's redirect comes from another site
    )
