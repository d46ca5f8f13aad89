"""What stands before every route: which host is meant, and what a browser may do with the answer."""

from __future__ import annotations

import ipaddress
import logging
import traceback
from typing import TYPE_CHECKING, Final

from healthtwin.api.problems import Misdirected, response_of
from healthtwin.domain.errors import HealthTwinError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("healthtwin.api")

LOOPBACK_NAMES: Final = frozenset({"localhost", "ip6-localhost"})

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Nothing inline and nothing from another host, so that injected markup cannot run or report home."""

APP_PATH: Final = "/app"
"""The phone app, the only pages that measure: what a camera or microphone gives stays in the page."""

APP_CONTENT_SECURITY_POLICY: Final = (
    CONTENT_SECURITY_POLICY.replace("img-src 'self' data:", "img-src 'self' data: blob:")
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


def host_name(header: str) -> str:
    """The host of a `Host` header without its port, in lower case.

    >>> host_name("Twin.local:8000"), host_name("[::1]:8000"), host_name("127.0.0.1")
    ('twin.local', '::1', '127.0.0.1')
    """
    if header.startswith("["):
        return header[1:].partition("]")[0].lower()
    return header.partition(":")[0].lower().rstrip(".")


def is_allowed_host(name: str, allowed: Collection[str]) -> bool:
    """Whether we answer to this name.

    An address literal cannot be rebound, so it is always good; a name is only good when it is one of ours. A
    foreign page whose name was pointed at this machine by its DNS stays outside.

    >>> [
    ...     is_allowed_host(name, {"twin.home"})
    ...     for name in ("twin.home", "192.168.1.4", "localhost", "evil.test")
    ... ]
    [True, True, True, False]
    """
    if name in LOOPBACK_NAMES or name in allowed:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class Front:
    """Checks the host and sets the security headers; everything else goes to `app`.

    Args:
        app: what is protected.
        allowed_hosts: names this server answers to besides loopback and addresses, lower case.
        secure: browsers reach us over TLS, ours or a proxy's.
        direct: (method, path) → who answers it without the framework's layers and its search for a route,
            which together cost as much as storing a reading. They must answer their own errors.
    """

    def __init__(
        self,
        app: ASGIApp,
        allowed_hosts: Collection[str],
        *,
        secure: bool,
        direct: Mapping[tuple[str, str], ASGIApp],
    ) -> None:
        self._app = app
        self._direct = direct
        self._allowed = frozenset(name.lower() for name in allowed_hosts)
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

        hosts = [value for name, value in scope["headers"] if name == b"host"]
        name = host_name(hosts[0].decode("latin-1")) if len(hosts) == 1 else ""
        if not is_allowed_host(name, self._allowed):
            error = Misdirected("the Host header names no host that this server answers for")
            await response_of(error)(scope, receive, send_with_headers)
            return
        try:
            answer = self._direct.get((scope["method"], scope["path"]), self._app)
            await answer(scope, receive, send_with_headers)
        except Exception as error:  # noqa: BLE001 - the last one who could still answer
            log.error("a request failed: %s", where_it_failed(error))  # noqa: TRY400 - see where_it_failed
            if not started:
                await response_of(HealthTwinError())(scope, receive, send_with_headers)


def where_it_failed(error: BaseException) -> str:
    """The kind of an error and the lines it came through, without its message: that may hold readings.

    >>> where_it_failed(ValueError("heart rate of Ada: 180"))
    'ValueError'
    """
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(
        [type(error).__name__, *(f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in frames[::-1])]
    )
