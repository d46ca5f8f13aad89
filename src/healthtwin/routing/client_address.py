"""From which address a request really comes, where a proxy stands in front.

A proxy's own address says nothing about who sends: everybody behind it would share one account of tries.
Which header tells is configured, since a header that no proxy of ours sets is written by whoever likes. It
is read from its end, where the nearest proxy wrote, as far as proxies are ours.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import HTTPConnection

    Network = ipaddress.IPv4Network | ipaddress.IPv6Network

FORWARDED: Final = "forwarded"
"""RFC 7239; every other header holds addresses, separated by commas."""

_FOR: Final = re.compile(r'(?:^|;)\s*for\s*=\s*("[^"]*"|[^;]*)', re.IGNORECASE)

OUR_PROXIES: Final = ("127.0.0.0/8", "::1/128")
"""Where a proxy is by default: on this machine."""


@dataclass(frozen=True, slots=True)
class ClientAddress:
    """Finds it.

    Attributes:
        header: that our proxy sets, lower case; None: nobody's word is taken.
        proxies: networks in which proxies of ours are.

    >>> from starlette.datastructures import Headers
    >>> of = ClientAddress.trusting("X-Forwarded-For", [])
    >>> of.said("127.0.0.1", ["203.0.113.9, 198.51.100.7"])
    '198.51.100.7'
    >>> of.said("192.0.2.1", ["203.0.113.9"])  # no proxy of ours
    '192.0.2.1'
    """

    header: str | None = None
    proxies: tuple[Network, ...] = ()

    @classmethod
    def trusting(cls, header: str | None, proxies: Iterable[str]) -> ClientAddress:
        """As the options of `serve` say.

        Raises:
            ConfigurationError: a header's name, or an address, that is none.
        """
        if header is not None and not re.fullmatch(r"[A-Za-z0-9-]{1,60}", header):
            raise ConfigurationError(f"--client-header {header!r}: a header such as X-Forwarded-For")
        try:
            networks = tuple(ipaddress.ip_network(each) for each in (*OUR_PROXIES, *proxies))
        except ValueError as error:
            raise ConfigurationError(f"--trusted-proxy: {error}; an address or a network") from error
        return cls(None if header is None else header.lower(), networks)

    def of(self, request: HTTPConnection) -> str:
        """The address from which a request comes; empty where even that is unknown."""
        peer = "" if request.client is None else request.client.host
        if self.header is None:
            return peer
        return self.said(peer, request.headers.getlist(self.header))

    def said(self, peer: str, values: Iterable[str]) -> str:
        """The nearest address that is no proxy of ours, of those that our proxies told.

        Args:
            peer: who connected. values: of the header, in order.
        """
        told = [entry.strip() for value in values for entry in value.split(",")]
        nearest = peer
        while self._is_ours(nearest) and told:
            said = self._address_in(told.pop())
            if said is None:
                break  # what it says is no address: so far is known
            nearest = said
        return nearest

    def _is_ours(self, address: str) -> bool:
        try:
            known = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(known in network for network in self.proxies)

    def _address_in(self, entry: str) -> str | None:
        if self.header == FORWARDED:
            found = _FOR.search(entry)
            entry = "" if found is None else found[1].strip().strip('"')
        if entry.startswith("["):
            entry = entry[1:].partition("]")[0]
        elif entry.count(":") == 1:
            entry = entry.partition(":")[0]
        try:
            return str(ipaddress.ip_address(entry))
        except ValueError:
            return None
