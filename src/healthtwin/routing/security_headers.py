"""What a browser may do with an answer, and the last one who can still answer when all else failed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import HealthTwinError
from healthtwin.domain.plain_log import where_it_failed
from healthtwin.routing.problems import response_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("healthtwin.api")

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""Nothing inline and nothing from another host, so that injected markup cannot run or report home; and no
text ever becomes markup or script, since no page may make a Trusted Type."""

APP_PATH: Final = "/app"
"""The phone app, the only pages that measure: what a camera or microphone gives stays in the page."""

APP_CONTENT_SECURITY_POLICY: Final = (
    CONTENT_SECURITY_POLICY.replace("img-src 'self' data:", "img-src 'self' data: blob:").replace(
        "trusted-types 'none'", "trusted-types service-worker"
    )
    + "; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'"
)

MEASURING: Final = (
    "camera",
    "geolocation",
    "microphone",
    "accelerometer",
    "gyroscope",
    "magnetometer",
    "screen-wake-lock",
    "bluetooth",
)
"""What the phone app may use (Permissions Policy)."""

_COMMON_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-embedder-policy", b"require-corp"),
    (b"cross-origin-resource-policy", b"same-origin"),
)

SECURITY_HEADERS: Final = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    *_COMMON_HEADERS,
    (b"permissions-policy", b"geolocation=(), microphone=(), camera=(), payment=()"),
)

APP_HEADERS: Final = (
    (b"content-security-policy", APP_CONTENT_SECURITY_POLICY.encode()),
    *_COMMON_HEADERS,
    (
        b"permissions-policy",
        ", ".join(["payment=()", *(f"{feature}=(self)" for feature in MEASURING)]).encode(),
    ),
)

STRICT_TRANSPORT: Final = (b"strict-transport-security", b"max-age=31536000")

KEEP_NOTHING: Final = (b"cache-control", b"no-store")
"""An answer holds somebody's readings unless its route says otherwise."""


class SecurityHeaders:
    """Adds the security headers to every answer.

    Args:
        app: whose answers.
        secure: browsers reach us over TLS, ours or a proxy's.
    """

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        transport = (STRICT_TRANSPORT,) if secure else ()
        self._headers = (*SECURITY_HEADERS, *transport)
        self._app_headers = (*APP_HEADERS, *transport)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        started = False
        path = scope["path"]
        measures = path == APP_PATH or path.startswith(APP_PATH + "/")
        security = self._app_headers if measures else self._headers

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = message["headers"] = list(message.get("headers", ()))
                headers.extend(security)
                if not any(name.lower() == b"cache-control" for name, _ in headers):
                    headers.append(KEEP_NOTHING)
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception as error:  # noqa: BLE001 - the last one who could still answer
            log.error("a request failed: %s", where_it_failed(error))  # noqa: TRY400 - see where_it_failed
            if not started:
                await response_of(HealthTwinError())(scope, receive, send_with_headers)
