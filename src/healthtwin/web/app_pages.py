"""The phone app's shell: one page, its service worker and its manifest, the same for everybody.

The service worker keeps the shell and opens it without a network, so nothing in it may belong to a person:
who is asking, and what they may see, the app learns from `GET /api/me`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import HTMLResponse, Response

from healthtwin.routing import Need, Routes
from healthtwin.web.rendering import render
from healthtwin.web.spoken import language_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from healthtwin.routing import Ask

APP_PATH: Final = "/app"

ASK_AGAIN: Final[Mapping[str, str]] = {"Cache-Control": "no-cache"}
"""A new release must show at once; what the service worker keeps is its own affair."""


routes = Routes(APP_PATH, strict=False)
"""Nobody needs to be signed in for it."""


@routes.get("/service_worker.js", need=Need.NOBODY)
def service_worker() -> Response:
    """What keeps the shell for when there is no network."""
    return Response(
        render("service_worker.js", theme=None),
        media_type="text/javascript",
        headers={**ASK_AGAIN, "Service-Worker-Allowed": APP_PATH},
    )


@routes.get("/manifest.webmanifest", need=Need.NOBODY)
def manifest(ask: Ask) -> Response:
    """What makes the page installable."""
    return Response(
        render("manifest.webmanifest", theme=None, language=language_of(ask.request)),
        media_type="application/manifest+json",
        headers=ASK_AGAIN,
    )


@routes.get("", need=Need.NOBODY)
@routes.get("/{screen:path}", need=Need.NOBODY)
def shell(ask: Ask) -> Response:
    """The page itself, whatever screen it opens with."""
    theme = ask.request.cookies.get("theme")
    return HTMLResponse(render("app.html", theme=theme, title="healthtwin"), headers=ASK_AGAIN)
