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
from starlette.responses import HTMLResponse, Response

from healthtwin.api.connections import ConnectionLimits, guarded
from healthtwin.routing import Application, Need, Routes, all_of
from healthtwin.web import TRUST_STYLE, language_of, trust_page

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from healthtwin.routing import Ask
    from healthtwin.store import LocalAuthority

MOST_CONNECTIONS: Final = 32
"""That may wait for their senders on the plain port, and as many at rest: a household's phones."""

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


trust_routes = Routes(strict=False)
"""Open to everybody, as a certificate is public."""

front_page = Routes(strict=False)
"""Where the certificate is all that is served."""


@trust_routes.get("/ca.crt", need=Need.NOBODY)
def certificate(authority: LocalAuthority) -> Response:
    """For Android, Windows, Linux; DER, since not every phone reads PEM."""
    return _file(authority.certificate_der, "application/x-x509-ca-cert", "healthtwin-ca.crt")


@trust_routes.get("/ca.mobileconfig", need=Need.NOBODY)
def phone_profile(authority: LocalAuthority) -> Response:
    """For iPhone and iPad."""
    return _file(mobileconfig(authority), "application/x-apple-aspen-config", "healthtwin.mobileconfig")


@trust_routes.get("/trust.css", need=Need.NOBODY)
def style() -> Response:
    """A file of its own, since inline styles are forbidden everywhere."""
    return Response(TRUST_STYLE, media_type="text/css")


@trust_routes.get("/trust", need=Need.NOBODY)
@trust_routes.get("/trust/", need=Need.NOBODY)
@front_page.get("/", need=Need.NOBODY)
def how_to_trust(ask: Ask, authority: LocalAuthority, app_url: str) -> Response:
    """How to install it, step by step; `app_url`: where to go afterwards."""
    html = trust_page(language_of(ask.request), authority.name, authority.fingerprint, app_url)
    return HTMLResponse(html)


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
        allowed_hosts: as of `HostGate`.
    """
    app = Application(
        all_of([trust_routes, front_page]),
        {"authority": authority, "app_url": app_url},
        allowed_hosts=allowed_hosts,
        secure=False,
    )
    config = uvicorn.Config(
        app,
        http=guarded(ConnectionLimits(head_bytes=8 * 1024, waiting=MOST_CONNECTIONS, idle=MOST_CONNECTIONS)),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=4 * MOST_CONNECTIONS,
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
