"""The browser at the other end, as far as it tells: to recognise it again, and to show its owner."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from dataclasses import dataclass
from typing import Final

_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
"""The first that stands in a User-Agent names it: each also says the names of those below."""


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request comes from.

    Attributes:
        address: of the network; empty when not known.
        agent: as the browser calls itself.
    """

    address: str = ""
    agent: str = ""

    @property
    def mark(self) -> str:
        """The same for the same browser in the same network; says nothing else about it."""
        return hashlib.sha256(
            f"{network_of(self.address)}|{self.agent}".encode("utf-8", "replace")
        ).hexdigest()

    @property
    def shown(self) -> str:
        """The browser in two words; empty where nothing is recognised.

        >>> Client(agent="Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0").shown
        'Firefox · Linux'
        """
        found = [
            next((name for key, name in known if re.search(rf"\b{key}\b", self.agent)), "")
            for known in (_BROWSERS, _SYSTEMS)
        ]
        return " · ".join(each for each in found if each)


def network_of(address: str) -> str:
    """The network that one household or attacker has at least: an IPv4 address, the /64 of an IPv6 one.

    >>> network_of("192.0.2.7"), network_of("2001:db8::7"), network_of("")
    ('192.0.2.7', '2001:db8::/64', '')
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))
