"""Which addresses a call of ours may reach: whoever types a URL must not look around inside the network.

A name is resolved once, every address it has is judged, and the connection goes to exactly the address that
was judged, so that a name which answers differently a moment later gains nothing. How the address is written
(decimal, octal, IPv4 inside IPv6) makes no difference, because it is judged after it was resolved.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from healthtwin.domain.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Address = ipaddress.IPv4Address | ipaddress.IPv6Address
    Resolve = Callable[[str, int], Sequence[str]]

_THIS_NETWORK: Final = ipaddress.ip_network("0.0.0.0/8")
"""RFC 1122: "this network"; a connection to 0.0.0.0 reaches the own machine."""

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
"""RFC 6052: an IPv4 address in the last 32 bits, translated on the way."""

_NAT64_LOCAL: Final = ipaddress.ip_network("64:ff9b:1::/48")
"""RFC 8215: the same for a network's own use; where it leads nobody outside can know."""

_COMPATIBLE: Final = ipaddress.ip_network("::/96")
"""RFC 4291 (deprecated): IPv4 in the last 32 bits."""


class AddressRefused(Exception):
    """The host resolves to an address that must not be called; the message says which."""


def resolve(host: str, port: int) -> Sequence[str]:
    """Every address of a host, as the system knows them.

    Raises:
        OSError: when it has none.
    """
    written_out = _written_out(host)
    if written_out is not None:
        return [written_out]
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def _written_out(host: str) -> str | None:
    """The address that a host spells out, also in the old ways (``127.1``, ``0x7f.1``, ``2130706433``)."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, UnicodeEncodeError):
        return None


def judged_address(host: str, port: int, *, allow_private: bool, resolver: Resolve = resolve) -> str:
    """The address to connect to.

    Args:
        allow_private: loopback and private networks may be called too, for somebody who runs receivers at
        home.
            Link-local addresses (a cloud's metadata service), multicast and "this host" never may.

    Raises:
        AddressRefused: when any address of the host must not be called.
        OSError: when the host cannot be resolved.
    """
    addresses = [ipaddress.ip_address(text.partition("%")[0]) for text in resolver(host, port)]
    if not addresses:
        raise OSError(f"{host} has no address")
    for address in addresses:
        reason = why_refused(address, allow_private=allow_private)
        if reason:
            raise AddressRefused(f"{host} leads to {reason}")
    return str(addresses[0])


def require_outside(url: str, *, allow_private: bool) -> None:
    """Refuse a URL whose host is written out as an address that must not be called, or names this machine.

    Another name is looked up, and judged, at each call; nothing is looked up here.

    Raises:
        InvalidInput: saying which kind of address it is, and how to allow it where that can be.

    >>> require_outside("https://hooks.example.com/", allow_private=False)
    """
    host = (urlsplit(url).hostname or "").removesuffix(".")
    here = host == "localhost" or host.endswith(".localhost")
    written = "127.0.0.1" if here else _written_out(host.partition("%")[0])
    if written is None:
        return
    address = ipaddress.ip_address(written)
    reason = why_refused(address, allow_private=allow_private)
    if not reason:
        return
    curable = not why_refused(address, allow_private=True)
    remedy = "; to call receivers at home, config.toml says allow_private = true below [webhooks]"
    raise InvalidInput("url", url, f"an address outside; {host} is {reason}{remedy if curable else ''}")


def why_refused(address: Address, *, allow_private: bool) -> str:
    """Why an address must not be called; empty when it may.

    >>> why_refused(ipaddress.ip_address("::ffff:127.0.0.1"), allow_private=False)
    'a loopback address'
    >>> why_refused(ipaddress.ip_address("127.0.0.1"), allow_private=True)
    ''
    >>> why_refused(ipaddress.ip_address("169.254.169.254"), allow_private=True)
    'a link-local address'
    """
    for inner in _embedded(address):
        reason = why_refused(inner, allow_private=allow_private)
        if reason:
            return reason
    for refused, reason in (
        (address.is_unspecified or address in _THIS_NETWORK, "the address of this host itself"),
        (address.is_link_local, "a link-local address"),
        (address.is_multicast, "a multicast address"),
    ):
        if refused:
            return reason
    if address.is_loopback:
        return "" if allow_private else "a loopback address"
    if address in _NAT64 or (isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped):
        return ""  # judged by what it holds
    if address in _NAT64_LOCAL or address.is_reserved:
        return "a reserved address"
    private = allow_private and address.is_private
    return "" if address.is_global or private else "an address that is not public"


def _embedded(address: Address) -> list[ipaddress.IPv4Address]:
    """IPv4 addresses that an IPv6 address carries and that a packet to it may end up at."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour]
    if address.teredo is not None:
        found.extend(address.teredo)
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [inner for inner in found if inner is not None]
