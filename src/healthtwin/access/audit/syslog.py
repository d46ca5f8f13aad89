"""Signed heads of the audit to a syslog (RFC 3164 over a datagram), on this machine or another."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from healthtwin.access.audit.heads import Head

_AUTHPRIV_NOTICE: Final = 10 * 8 + 5
"""Facility "security/authorization", severity "notice"."""

_PORT: Final = 514


class Syslog:
    """Tells heads.

    Args:
        where: a socket such as ``/dev/log``, or ``host:port``; empty: nowhere.
    """

    def __init__(self, where: str) -> None:
        self._where = where

    def tell(self, head: Head) -> None:
        """Send one; raises `OSError` when that is not possible."""
        if not self._where:
            return
        told = b"<%d>healthtwin-audit: %s" % (_AUTHPRIV_NOTICE, head.line().strip())
        if self._where.startswith("/"):
            family, address = socket.AF_UNIX, self._where
            with socket.socket(family, socket.SOCK_DGRAM) as sending:
                sending.sendto(told, address)
            return
        host, _, port = self._where.rpartition(":")
        found = socket.getaddrinfo(host or self._where, port or _PORT, type=socket.SOCK_DGRAM)
        with socket.socket(found[0][0], socket.SOCK_DGRAM) as sending:
            sending.sendto(told, found[0][4])
