"""The home's own authority towards phones: its certificate to install, and how.

A phone cannot fetch it over the connection that it does not trust yet, so `trust_listener` offers it over
plain HTTP on a port of its own, with nothing else behind it: no readings, no sign-in. Somebody in the same
network could hand out another certificate there. Therefore terminal and page show the fingerprint, and people
compare.
"""

from __future__ import annotations

import plistlib
import threading
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import uvicorn
from fastapi import APIRouter, FastAPI, Request
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, Response

from healthtwin.api.front import Front
from healthtwin.api.problems import install
from healthtwin.web import TRUST_STYLE, trust_page

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from healthtwin.store import LocalAuthority

MOST_CONNECTIONS: Final = 32
"""At a time on the plain port: a household's phones, and no more threads for whoever knocks."""

_STOPS_WITHIN_S: Final = 5.0
_NAMESPACE: Final = uuid.UUID("6f0a7a0e-4b0e-5d43-9a9e-0a3f4c5c8e21")
"""Ours, random once. The profile's ids come from the fingerprint, so that a phone never lists it twice."""


@dataclass(frozen=True, slots=True)
class ServedAuthority:
    """An authority and what it signs for this server.

    Attributes:
        authority: the home's.
        required: names and addresses that the operator gave.
        welcome: asked anew each time: what this machine is called and reached by now.
    """

    authority: LocalAuthority
    required: Sequence[str]
    welcome: Callable[[], Sequence[str]]

    def renew(self) -> bool:
        """See to it that the certificate fits today's addresses and lives on; True when it is new."""
        return self.authority.issue(self.required, self.welcome())

    @property
    def files(self) -> tuple[Path, Path]:
        """The server's certificate and key."""
        return self.authority.files


def trust_routes(authority: LocalAuthority, app_url: str | None) -> APIRouter:
    """`/ca.crt`, `/ca.mobileconfig` and `/trust`; open to everybody, as a certificate is public.

    Args:
        authority: whose certificate it is.
        app_url: where to go afterwards; None: on this very server.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/ca.crt")
    def certificate() -> Response:
        """For Android, Windows, Linux; DER, since not every phone reads PEM."""
        return _file(authority.certificate_der, "application/x-x509-ca-cert", "healthtwin-ca.crt")

    @router.get("/ca.mobileconfig")
    def profile() -> Response:
        """For iPhone and iPad."""
        return _file(mobileconfig(authority), "application/x-apple-aspen-config", "healthtwin.mobileconfig")

    @router.get("/trust.css")
    def style() -> Response:
        """A file of its own, since inline styles are forbidden everywhere."""
        return Response(TRUST_STYLE, media_type="text/css")

    @router.get("/trust")
    @router.get("/" if app_url is not None else "/trust/")
    def page(request: Request) -> Response:
        """How to install it, step by step."""
        german = request.headers.get("accept-language", "").lower().startswith("de")
        html = trust_page("de" if german else "en", authority.name, authority.fingerprint, app_url or "/app")
        return HTMLResponse(html)

    return router


def mobileconfig(authority: LocalAuthority) -> bytes:
    """A configuration profile with the certificate (Apple, Configuration Profile Reference).

    It is not signed: whoever could sign it for Apple would need no authority of their own.
    """
    inner, outer = (str(uuid.uuid5(_NAMESPACE, part + authority.fingerprint)) for part in ("ca", "profile"))
    certificate = {
        "PayloadCertificateFileName": "healthtwin-ca.cer",
        "PayloadContent": authority.certificate_der,
        "PayloadDescription": "Lets this phone trust the healthtwin server at home.",
        "PayloadDisplayName": authority.name,
        "PayloadIdentifier": f"healthtwin.ca.{inner}",
        "PayloadType": "com.apple.security.root",
        "PayloadUUID": inner,
        "PayloadVersion": 1,
    }
    return plistlib.dumps(
        {
            "PayloadContent": [certificate],
            "PayloadDescription": f"SHA-256 {authority.fingerprint}",
            "PayloadDisplayName": authority.name,
            "PayloadIdentifier": f"healthtwin.profile.{outer}",
            "PayloadRemovalDisallowed": False,
            "PayloadType": "Configuration",
            "PayloadUUID": outer,
            "PayloadVersion": 1,
        }
    )


@contextmanager
def trust_listener(
    authority: LocalAuthority, bound: socket.socket, app_url: str, allowed_hosts: Collection[str]
) -> Iterator[None]:
    """Serve the certificate, and nothing else, over plain HTTP from a thread of this process.

    Args:
        authority: whose certificate it is.
        bound: the socket to answer on; closed at the end.
        app_url: where the page leads once the certificate is installed.
        allowed_hosts: as of `Front`.
    """
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        middleware=[Middleware(Front, allowed_hosts=allowed_hosts, secure=False, direct={})],
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    install(app)
    app.include_router(trust_routes(authority, app_url))
    config = uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([bound],), name="trust", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(_STOPS_WITHIN_S)
        bound.close()


def _file(content: bytes, media_type: str, name: str) -> Response:
    return Response(
        content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
