"""An audit hook that keeps tests on this machine: no connection and no name lookup beyond loopback.

The product opens no connection that its user did not configure. Installed once per test process, the hook
sees every socket of every library, and raises before a packet leaves.
"""

from __future__ import annotations

import ipaddress
from typing import Final

_refusals: Final[list[str]] = []


class OutsideWorldRefused(RuntimeError):
    """A test, or what it calls, tried to reach another machine."""


def refuse_the_outside_world(event: str, arguments: tuple[object, ...]) -> None:
    """Raise when an audit event names another machine.

    Raises:
        OutsideWorldRefused: for a connection, datagram or lookup beyond loopback.
    """
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        # Unix sockets have a path for an address; they stay on this machine.
        if isinstance(address, tuple) and not _is_loopback(address[0]):
            _refuse(f"{event} {address[0]}:{address[1]}")
    elif event == "socket.getaddrinfo" and not _needs_no_lookup(arguments[0]):
        _refuse(f"{event} {arguments[0]!r}")


def take_refusals() -> list[str]:
    """What was refused since the last call."""
    taken = _refusals.copy()
    _refusals.clear()
    return taken


def _refuse(what: str) -> None:
    _refusals.append(what)
    raise OutsideWorldRefused(f"{what}: tests stay on loopback; pass a resolver or a local server instead")


def _is_loopback(host: object) -> bool:
    if host in ("", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _needs_no_lookup(host: object) -> bool:
    if host is None or _is_loopback(host):
        return True
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    if name in ("", "localhost"):
        return True
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True
