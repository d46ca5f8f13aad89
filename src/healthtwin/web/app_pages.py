"""The phone app's shell: one page, its service worker and its manifest, the same for everybody.

The service worker keeps the shell and opens it without a network, so nothing in it may belong to a person:
who is asking, and what they may see, the app learns from `GET /api/me`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from healthtwin.web.rendering import render

if TYPE_CHECKING:
    from collections.abc import Mapping

APP_PATH: Final = "/app"

ASK_AGAIN: Final[Mapping[str, str]] = {"Cache-Control": "no-cache"}
"""A new release must show at once; what the service worker keeps is its own affair."""


def mount_app(app: FastAPI) -> None:
    """Add ``/app`` with everything below it; nobody needs to be signed in for that."""

    @app.get(APP_PATH + "/service_worker.js", include_in_schema=False)
    def service_worker() -> Response:
        return Response(
            render("service_worker.js", theme=None),
            media_type="text/javascript",
            headers={**ASK_AGAIN, "Service-Worker-Allowed": APP_PATH},
        )

    @app.get(APP_PATH + "/manifest.webmanifest", include_in_schema=False)
    def manifest() -> Response:
        return Response(
            render("manifest.webmanifest", theme=None),
            media_type="application/manifest+json",
            headers=ASK_AGAIN,
        )

    @app.get(APP_PATH, include_in_schema=False)
    @app.get(APP_PATH + "/{screen:path}", include_in_schema=False)
    def shell(request: Request) -> Response:
        theme = request.cookies.get("theme")
        return HTMLResponse(render("app.html", theme=theme, title="healthtwin"), headers=ASK_AGAIN)
