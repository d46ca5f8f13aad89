"""Keeps tests on this machine: no connection, no datagram and no name lookup beyond loopback.

The product opens no connection that its user did not configure. Installed once per test process, the guard
stands before every Python socket of every library, and raises before a packet leaves.

An audit hook would do as well, were it not for CPython 3.11: there `sys.settrace` refuses to run in two
threads at once, an audit hook in Python lets a second one in, and a thread measured for coverage dies of it.
"""

from __future__ import annotations

import ipaddress
import socket
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_refusals: Final[list[str]] = []


class OutsideWorldRefused(RuntimeError):
    """A test, or what it calls, tried to reach another machine."""


def stay_on_loopback() -> None:
    """Put the guard before every socket that Python code opens, for as long as the process lives."""
    for name, place in (("connect", 1), ("connect_ex", 1), ("sendto", -1), ("sendmsg", 4)):
        setattr(socket.socket, name, _guarded(getattr(socket.socket, name), name, place))
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        setattr(socket, name, _looking_up(getattr(socket, name), name))


def _guarded(method: Callable[..., Any], name: str, place: int) -> Callable[..., Any]:
    """The method, where its argument at `place` names this machine; a Unix socket has a path there."""

    @wraps(method)
    def guarded(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the method takes and gives
        address = named.get("address", arguments[place] if -1 <= place < len(arguments) else None)
        if isinstance(address, tuple) and not _is_loopback(address[0]):
            _refuse(f"socket.{name} {address[0]}:{address[1]}")
        return method(*arguments, **named)

    return guarded


def _looking_up(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    @wraps(function)
    def guarded(host: object, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - as the function
        if not _needs_no_lookup(host):
            _refuse(f"socket.{name} {host!r}")
        return function(host, *arguments, **named)

    return guarded


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
