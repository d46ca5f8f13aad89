"""Signing a browser in with a one-time link, and out again.

The link itself only shows a button: what follows links by itself (a mail scanner, a chat's preview) uses
nothing up. Pressing the button posts, and the post begins the session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import HTMLResponse, RedirectResponse, Response

from healthtwin.access import csrf_matches, wall_ms
from healthtwin.domain import SECOND_MS
from healthtwin.domain.errors import Forbidden, Unauthenticated
from healthtwin.routing import Need, Routes
from healthtwin.routing.request_authenticator import CSRF_HEADER, forget_former, require_own_origin
from healthtwin.web import LANGUAGE_COOKIE, language_of, sign_in_page

if TYPE_CHECKING:
    from healthtwin.routing import Ask
    from healthtwin.web.sign_in import SignInState


LANGUAGE_KEPT_S: Final = 31_536_000
"""A year, as the pages themselves keep it."""

routes = Routes(strict=False)


@routes.get("/sign-in", need=Need.NOBODY)
def ask_for_link(ask: Ask) -> Response:
    """How to get a link."""
    return _page(ask, "ask")


@routes.get("/sign-in/{code}", need=Need.NOBODY)
def confirm(ask: Ask, code: str) -> Response:
    """A button; nothing is used up yet."""
    if not (code.isascii() and code.replace("_", "").isalnum()):
        return _page(ask, "refused", 404)
    return _page(ask, "confirm", action=f"/sign-in/{code}")


@routes.post("/sign-in/{code}", need=Need.NOBODY)
def sign_in(ask: Ask, code: str) -> Response:
    """Use the link up and set the session's cookie."""
    require_own_origin(ask.request.headers)
    try:
        session = ask.authenticator.access.sign_in(code)
    except Unauthenticated:
        return _page(ask, "refused", 401)
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


def _page(ask: Ask, state: SignInState, status: int = 200, action: str | None = None) -> Response:
    theme = ask.request.cookies.get("theme")
    language = language_of(ask.request)
    response = HTMLResponse(sign_in_page(state, action=action, theme=theme, language=language), status)
    if ask.request.query_params.get(LANGUAGE_COOKIE) == language != ask.request.cookies.get(LANGUAGE_COOKIE):
        # Whoever was invited in a language lands in it, here and behind the door.
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=LANGUAGE_KEPT_S, path="/", samesite="lax")
    return response
