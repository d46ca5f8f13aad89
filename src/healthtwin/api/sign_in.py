"""The door: the page to sign in at, one-time links, invitations, and signing out again.

The link itself only shows a button: what follows links by itself (a mail scanner, a chat's preview) uses
nothing up. Pressing the button posts, and the post begins the session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import HTMLResponse, RedirectResponse, Response

from healthtwin.access import Scope, csrf_matches, path_of_ours, wall_ms
from healthtwin.domain import SECOND_MS
from healthtwin.domain.errors import Conflict, Forbidden, HealthTwinError, Unauthenticated
from healthtwin.domain.said import Said
from healthtwin.routing import Need, Routes
from healthtwin.routing.request_authenticator import CSRF_HEADER, forget_former, require_own_origin
from healthtwin.web import (
    LANGUAGE_COOKIE,
    Door,
    EnrolPage,
    ProviderButton,
    enrol_page,
    language_of,
    sign_in_page,
)
from healthtwin.words import say

if TYPE_CHECKING:
    from healthtwin.access import Grant, Identities, InsideView, Passkeys
    from healthtwin.house import House
    from healthtwin.routing import Ask
    from healthtwin.store import LocalAuthority
    from healthtwin.web.sign_in import SignInState


LANGUAGE_KEPT_S: Final = 31_536_000
"""A year, as the pages themselves keep it."""

routes = Routes(strict=False)


@routes.get("/sign-in", need=Need.NOBODY)
def ask_who(
    ask: Ask, passkeys: Passkeys, identities: Identities, authority: LocalAuthority | None
) -> Response:
    """A passkey, a name and password, an identity provider, or a link."""
    return _page(ask, "ask", door=door_of(ask, passkeys, identities, authority))


@routes.get("/enrol/{secret}", need=Need.NOBODY)
def invited(
    ask: Ask,
    house: House,
    passkeys: Passkeys,
    identities: Identities,
    authority: LocalAuthority | None,
    secret: str,
) -> Response:
    """Whom an invitation is for and what it lets them do; nothing is used up."""
    found = house.access.door.enrolment(secret)
    language, theme = language_of(ask.request), ask.request.cookies.get("theme")
    if found is None:
        return HTMLResponse(enrol_page(None, theme=theme, language=language), 404)
    door = door_of(ask, passkeys, identities, authority)
    why = say(Said(f"passkey-not-{door.why_not}"), language) if door.why_not else ""
    data = EnrolPage(
        secret,
        found.name,
        str(found.role),
        _somebody_else(ask, house, found.account_id),
        door.offer,
        why,
        door.trust,
    )
    html = enrol_page(
        data,
        people=[] if found.role == Scope.PERSON else found.people,
        again=found.again,
        csrf_token=ask.csrf_token,
        theme=theme,
        language=language,
    )
    response = HTMLResponse(html)
    _keep_language(ask, response, language)
    return response


@routes.get("/sign-in/{code}", need=Need.NOBODY)
def confirm(ask: Ask, house: House, code: str) -> Response:
    """A button; nothing is used up yet. Inside somebody's session it says whose, and for whom the link is."""
    if not (code.isascii() and code.replace("_", "").isalnum()):
        return _page(ask, "refused", 404)
    mine = _signed_in(ask)
    inside = None if mine is None else house.access.relations.invitation(mine, code)
    return _page(ask, "confirm", action=f"/sign-in/{code}", inside=inside)


@routes.post("/sign-in/{code}", need=Need.NOBODY)
def sign_in(ask: Ask, house: House, code: str) -> Response:
    """Use the link up and set the session's cookie; with `?join=1` take it into the session that there is."""
    require_own_origin(ask.request.headers)
    client = ask.authenticator.client_of(ask.request)
    mine = _signed_in(ask) if ask.request.query_params.get("join") else None
    try:
        if mine is not None:
            house.access.relations.join(mine, code, client)
            return RedirectResponse("/sharing", 303)
        session = ask.authenticator.access.sign_in(code)
    except Unauthenticated:
        return _page(ask, "refused", 401)
    except Conflict:
        return _page(ask, "refused", 409)
    house.access.relations.joined(session.grant, client)
    forget_former(ask.authenticator, ask.request)
    response = RedirectResponse("/", 303)
    # As long as the session itself: closing a browser, or its update, is no signing out.
    lasts_ms = (session.expires_ms or 0) - wall_ms()
    ask.authenticator.set_cookie(response, session.secret, lasts_ms // SECOND_MS)
    return response


@routes.post("/sign-out", need=Need.NOBODY)
def sign_out(ask: Ask) -> Response:
    """End the session here and on the server."""
    require_own_origin(ask.request.headers)
    secret = ask.request.cookies.get(ask.authenticator.cookie)
    if secret is not None:
        if not csrf_matches(secret, ask.request.headers.get(CSRF_HEADER, "")):
            raise Forbidden("send the page's CSRF token as X-CSRF-Token")
        ask.authenticator.access.sign_out(secret)
    response = _page(ask, "signed_out")
    ask.authenticator.clear_cookie(response)
    return response


def _signed_in(ask: Ask) -> Grant | None:
    """Whose session the browser has; None: nobody's, or a token's, which is no browser."""
    cookie = ask.request.cookies.get(ask.authenticator.cookie)
    if cookie is None or "authorization" in ask.request.headers:
        return None
    try:
        return ask.authenticator.access.grant_of_session(
            cookie, ask.authenticator.client_of(ask.request).mark
        )
    except Unauthenticated:
        return None


def door_of(ask: Ask, passkeys: Passkeys, identities: Identities, authority: LocalAuthority | None) -> Door:
    """What this page can offer whoever wants in."""
    offer = passkeys.offer(ask.own_address)
    return Door(
        offer=offer.why_not is None,
        why_not="" if offer.why_not is None else str(offer.why_not),
        instead=offer.instead,
        rp_id="" if offer.party is None else offer.party.rp_id,
        trust=authority is not None,
        providers=[ProviderButton(name, title) for name, title in identities.providers()],
        to=path_of_ours(ask.request.query_params.get("to")),
    )


def _somebody_else(ask: Ask, house: House, account_id: str) -> str:
    """The name of whoever else is signed in in this browser; empty where it is nobody."""
    if not ask.says_who():
        return ""
    try:
        grant = ask.grant
    except HealthTwinError:
        return ""
    if grant.account == account_id:
        return ""
    if not grant.account:
        return say(Said("enrol-by-link"), language_of(ask.request))
    return house.access.accounts.get(grant.account, wall_ms()).name


def _page(
    ask: Ask,
    state: SignInState,
    status: int = 200,
    action: str | None = None,
    inside: InsideView | None = None,
    door: Door | None = None,
) -> Response:
    theme = ask.request.cookies.get("theme")
    language = language_of(ask.request)
    token = ask.csrf_token if door is not None else ""
    html = sign_in_page(
        state,
        door=door,
        action=action,
        csrf_token=token,
        theme=theme,
        language=language,
        inside=inside,
    )
    response = HTMLResponse(html, status)
    _keep_language(ask, response, language)
    return response


def _keep_language(ask: Ask, response: Response, language: str) -> None:
    if ask.request.query_params.get(LANGUAGE_COOKIE) == language != ask.request.cookies.get(LANGUAGE_COOKIE):
        # Whoever was invited in a language lands in it, here and behind the door.
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=LANGUAGE_KEPT_S, path="/", samesite="lax")
