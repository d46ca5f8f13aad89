"""Under which names and addresses other machines may reach this one; found without asking the network."""

from __future__ import annotations

import ipaddress
import socket
import struct
import sys
from pathlib import Path
from typing import Final

INNER: Final = ("docker", "br-", "veth", "virbr", "cni", "lxc")
"""Interfaces to virtual machines and containers: no phone comes in there."""

_SIOCGIFADDR: Final = 0x8915
"""Linux, netdevice(7): the IPv4 address of an interface."""

_REQUEST_BYTES: Final = 256
_NAME_BYTES: Final = 15
_ADDRESS_AT: Final = slice(20, 24)
_IF_INET6: Final = Path("/proc/net/if_inet6")


def own_names() -> list[str]:
    """What this machine calls itself, also under mDNS.

    >>> "localhost" in own_names()
    True
    """
    name = socket.gethostname().lower().rstrip(".")
    first = name.partition(".")[0]
    found = [each for each in (name, f"{first}.local") if _is_host_name(each)]
    return list(dict.fromkeys([*found, "localhost"]))


def own_addresses() -> list[str]:
    """Addresses of this machine, the one that a phone in the same network reaches first; loopback last.

    >>> "127.0.0.1" in own_addresses()
    True
    """
    found = _of_interfaces() if sys.platform == "linux" else _of_name()
    ranked = sorted(found, key=_rank)  # stable: interfaces in the system's order
    return list(dict.fromkeys([*(address for _, address in ranked), "127.0.0.1", "::1"]))


def _rank(found: tuple[str, str]) -> tuple[bool, bool, bool]:
    interface, text = found
    address = ipaddress.ip_address(text)
    return (address.is_loopback, interface.startswith(INNER), address.version == 6)  # noqa: PLR2004


def _of_interfaces() -> list[tuple[str, str]]:
    import fcntl

    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            request = struct.pack(f"{_REQUEST_BYTES}s", name.encode()[:_NAME_BYTES])
            try:
                answer = fcntl.ioctl(probe.fileno(), _SIOCGIFADDR, request)
            except OSError:
                continue  # it has no IPv4 address
            found.append((name, socket.inet_ntoa(answer[_ADDRESS_AT])))
    try:
        lines = _IF_INET6.read_text(encoding="ascii").splitlines()
    except OSError:
        lines = []
    for line in lines:
        packed, *_, name = line.split()
        address = ipaddress.IPv6Address(int(packed, 16))
        if not address.is_link_local:  # it would need a zone, which no certificate names
            found.append((name, str(address)))
    return found


def _of_name() -> list[tuple[str, str]]:
    try:
        answers = socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    addresses = [str(answer[4][0]).partition("%")[0] for answer in answers]
    return [("", address) for address in addresses if not ipaddress.ip_address(address).is_link_local]


def _is_host_name(name: str) -> bool:
    labels = name.split(".")
    return len(name) <= 253 and all(  # noqa: PLR2004 - RFC 1035, section 2.3.4
        label.replace("-", "").isalnum() and label.isascii() and not label.startswith("-") for label in labels
    )
