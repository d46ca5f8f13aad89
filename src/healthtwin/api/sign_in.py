"""Signing a browser in with a one-time link, and out again.

The link itself only shows a button: what follows links by itself (a mail scanner, a chat's preview) uses
nothing up. Pressing the button posts, and the post begins the session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from healthtwin.access.authenticator import csrf_matches, wall_ms
from healthtwin.access.grants import Scope
from healthtwin.api.identity import CSRF_HEADER, require_own_origin
from healthtwin.domain import SECOND_MS
from healthtwin.domain.errors import Forbidden, Unauthenticated
from healthtwin.web import sign_in_page

if TYPE_CHECKING:
    from healthtwin.api.identity import Identity
    from healthtwin.web.sign_in import SignInState


def sign_in_routes(identity: Identity) -> APIRouter:
    """`/sign-in`, `/sign-in/{code}` and `/sign-out`."""
    router = APIRouter(include_in_schema=False)

    def page(request: Request, state: SignInState, status: int = 200, action: str | None = None) -> Response:
        theme = request.cookies.get("theme")
        return HTMLResponse(sign_in_page(state, action=action, theme=theme), status)

    @router.get("/sign-in")
    def ask(request: Request) -> Response:
        """How to get a link."""
        return page(request, "ask")

    @router.get("/sign-in/{code}")
    def confirm(request: Request, code: str) -> Response:
        """A button; nothing is used up yet."""
        if not (code.isascii() and code.replace("_", "").isalnum()):
            return page(request, "refused", 404)
        return page(request, "confirm", action=f"/sign-in/{code}")

    @router.post("/sign-in/{code}")
    def sign_in(request: Request, code: str) -> Response:
        """Use the link up and set the session's cookie."""
        require_own_origin(request.headers)
        try:
            session = identity.access.sign_in(code)
        except Unauthenticated:
            return page(request, "refused", 401)
        response = RedirectResponse("/", 303)
        lasts_ms = (session.expires_ms or 0) - wall_ms() if session.grant.scope is Scope.FAMILY else None
        identity.set_cookie(response, session.secret, lasts_ms and lasts_ms // SECOND_MS)
        return response

    @router.post("/sign-out")
    def sign_out(request: Request) -> Response:
        """End the session here and on the server."""
        require_own_origin(request.headers)
        secret = request.cookies.get(identity.cookie)
        if secret is not None:
            if not csrf_matches(secret, request.headers.get(CSRF_HEADER, "")):
                raise Forbidden("send the page's CSRF token as X-CSRF-Token")
            identity.access.sign_out(secret)
        response = page(request, "signed_out")
        identity.clear_cookie(response)
        return response

    return router
