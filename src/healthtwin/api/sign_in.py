"""Signing a browser in with a one-time link, and out again.

The link itself only shows a button: what follows links by itself (a mail scanner, a chat's preview) uses
nothing up. Pressing the button posts, and the post begins the session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import HTMLResponse, RedirectResponse, Response

from healthtwin.access import csrf_matches, wall_ms
from healthtwin.domain import SECOND_MS
from healthtwin.domain.errors import Conflict, Forbidden, Unauthenticated
from healthtwin.routing import Need, Routes
from healthtwin.routing.request_authenticator import CSRF_HEADER, forget_former, require_own_origin
from healthtwin.web import LANGUAGE_COOKIE, language_of, sign_in_page

if TYPE_CHECKING:
    from healthtwin.access import Grant, InsideView
    from healthtwin.house import House
    from healthtwin.routing import Ask
    from healthtwin.routing.client_address import ClientAddress
    from healthtwin.web.sign_in import SignInState


LANGUAGE_KEPT_S: Final = 31_536_000
"""A year, as the pages themselves keep it."""

routes = Routes(strict=False)


@routes.get("/sign-in", need=Need.NOBODY)
def ask_for_link(ask: Ask) -> Response:
    """How to get a link."""
    return _page(ask, "ask")


@routes.get("/sign-in/{code}", need=Need.NOBODY)
def confirm(ask: Ask, house: House, code: str) -> Response:
    """A button; nothing is used up yet. Inside somebody's session it says whose, and for whom the link is."""
    if not (code.isascii() and code.replace("_", "").isalnum()):
        return _page(ask, "refused", 404)
    mine = _signed_in(ask)
    inside = None if mine is None else house.access.relations.invitation(mine, code)
    return _page(ask, "confirm", action=f"/sign-in/{code}", inside=inside)


@routes.post("/sign-in/{code}", need=Need.NOBODY)
def sign_in(ask: Ask, house: House, code: str, client_address: ClientAddress) -> Response:
    """Use the link up and set the session's cookie; with `?join=1` take it into the session that there is."""
    require_own_origin(ask.request.headers)
    where = {
        "agent": ask.request.headers.get("user-agent", ""),
        "address": client_address.of(ask.request),
    }
    mine = _signed_in(ask) if ask.request.query_params.get("join") else None
    try:
        if mine is not None:
            house.access.relations.join(mine, code, **where)
            return RedirectResponse("/sharing", 303)
        session = ask.authenticator.access.sign_in(code)
    except Unauthenticated:
        return _page(ask, "refused", 401)
    except Conflict:
        return _page(ask, "refused", 409)
    house.access.relations.joined(session.grant, **where)
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
        return ask.authenticator.access.grant_of_session(cookie)
    except Unauthenticated:
        return None


def _page(
    ask: Ask,
    state: SignInState,
    status: int = 200,
    action: str | None = None,
    inside: InsideView | None = None,
) -> Response:
    theme = ask.request.cookies.get("theme")
    language = language_of(ask.request)
    response = HTMLResponse(
        sign_in_page(state, action=action, theme=theme, language=language, inside=inside), status
    )
    if ask.request.query_params.get(LANGUAGE_COOKIE) == language != ask.request.cookies.get(LANGUAGE_COOKIE):
        # Whoever was invited in a language lands in it, here and behind the door.
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=LANGUAGE_KEPT_S, path="/", samesite="lax")
    return response
