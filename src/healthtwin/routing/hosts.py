"""Which hosts this server answers for: judged before anything else, for pages, calls and sockets alike."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import TYPE_CHECKING

from healthtwin.domain.loopback import LOOPBACK_NAMES
from healthtwin.routing.problems import Misdirected, refuse

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Receive, Scope, Send


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
    return name in LOOPBACK_NAMES or name in allowed or _is_address(name)


@lru_cache(maxsize=64)
def _is_address(name: str) -> bool:
    """Remembered, since phones call us by the same few names a thousand times a second."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class HostGate:
    """Lets a connection through when its Host header names us.

    Args:
        app: what is behind the gate.
        allowed_hosts: names this server answers to besides loopback and addresses, lower case.
    """

    def __init__(self, app: ASGIApp, allowed_hosts: Collection[str]) -> None:
        self._app = app
        self._allowed = frozenset(name.lower() for name in allowed_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "lifespan":
            hosts = [value for name, value in scope["headers"] if name == b"host"]
            name = host_name(hosts[0].decode("latin-1")) if len(hosts) == 1 else ""
            if not is_allowed_host(name, self._allowed):
                allowed = "an address of this server, or a name given to serve --allowed-host"
                error = Misdirected("Host", name, allowed)
                await refuse(error, scope, receive, send)
                return
        await self._app(scope, receive, send)
