"""Connections that cost more than they bring: heads without end, senders that never go on, too many at once.

A connection waits for its sender while the head or the body of a request has not arrived whole. That is
bounded in bytes and in time, and whoever is to be admitted when there are too many takes the place of the one
that has waited longest: first of the address that holds most of them. So 1,100 half-sent requests of one
address, or of a thousand, keep nobody out, not even somebody at the same address (a proxy, a household).

What is being answered (an open stream among it) is never put out here: its sender was let in by the gate.
"""

from __future__ import annotations

import ipaddress
import logging
import sys
from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from healthtwin.routing.problems import MEDIA_TYPE, Problem

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable

log = logging.getLogger("healthtwin.api")

BODY_GRACE_S: Final = 30.0
"""Seconds for which a body may come as slowly as it likes; after them it must keep `LEAST_BYTES_PER_S`."""

LEAST_BYTES_PER_S: Final = 512
"""On the whole, of a body; the slowest mobile network carries twenty times as much."""

FRAMING: Final = 8
"""Bytes of framing for each byte of a body: more than the smallest possible chunks need (RFC 9112, 7.1)."""

SWEEP_S: Final = 1.0
"""How often connections are looked through for those whose time is over."""

FILES_RESERVED: Final = 256
"""Files that are not connections: databases, threads' sockets, what is sent."""

WANTED_FILES: Final = 16_384
"""As many open files as we ask the system for, if it lets us."""


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """What a connection may take.

    Attributes:
        head_bytes: of a request's line and headers, and of everything around its body.
        head_s: seconds for a head, from its first byte, or from when the connection was made.
        body_idle_s: seconds without a byte of a body that is still to come.
        waiting: connections that may wait for their senders; at_address: of one address.
        young_s: seconds for which a waiting one is spared while there is room: its head is on its way.
        idle: connections that are kept open between two requests.
    """

    head_bytes: int = 64 * 1024
    head_s: float = 10.0
    body_idle_s: float = 20.0
    waiting: int = 1_024
    at_address: int = 128
    young_s: float = 2.0
    idle: int = 4_096

    @classmethod
    def within(cls, files: int) -> ConnectionLimits:
        """As usual, as far as a process that may open so many files can keep it.

        >>> ConnectionLimits.within(1_024).waiting, ConnectionLimits.within(16_384).waiting
        (192, 1024)
        """
        room = max(files - FILES_RESERVED, FILES_RESERVED)
        usual = cls()
        return cls(waiting=min(usual.waiting, room // 4), idle=min(usual.idle, room // 4))


class ConnectionGuard:
    """Every connection of a server, in the thread of its event loop.

    Args:
        limits: what each may take.
    """

    def __init__(self, limits: ConnectionLimits | None = None) -> None:
        self.limits = limits or ConnectionLimits()
        self._waiting: dict[GuardedProtocol, None] = {}
        self._at: Counter[str] = Counter()
        self._idle: dict[GuardedProtocol, None] = {}
        self._sweep: asyncio.TimerHandle | None = None

    def waits(self, connection: GuardedProtocol) -> None:
        """It waits for its sender, from now on; room is made for it where there is none."""
        if connection in self._waiting:
            return
        self._idle.pop(connection, None)
        self._waiting[connection] = None
        self._at[connection.neighbourhood] += 1
        limits, now_s = self.limits, connection.loop.time()
        if self._at[connection.neighbourhood] > limits.at_address:
            theirs = (each for each in self._waiting if each.neighbourhood == connection.neighbourhood)
            self._put_out(theirs, connection, older_than_s=now_s - limits.young_s)
        if len(self._waiting) > limits.waiting:
            ((most, _),) = self._at.most_common(1)
            theirs = (each for each in self._waiting if each.neighbourhood == most)
            self._put_out(theirs, connection, older_than_s=now_s)
        if self._sweep is None:
            self._sweep = connection.loop.call_later(SWEEP_S, self._look_through, connection.loop)

    def rests(self, connection: GuardedProtocol) -> None:
        """It was answered, and may bring another request; uvicorn's own time for that runs from here."""
        if connection in self._waiting:
            return  # of its body nobody wanted the rest
        self._idle[connection] = None
        if len(self._idle) > self.limits.idle:
            counts = Counter(each.neighbourhood for each in self._idle)
            ((most, _),) = counts.most_common(1)
            oldest = next(each for each in self._idle if each.neighbourhood == most)
            del self._idle[oldest]
            oldest.put_out()

    def goes_on(self, connection: GuardedProtocol) -> None:
        """Its request has arrived whole, or it is gone."""
        self._idle.pop(connection, None)
        if connection in self._waiting:
            del self._waiting[connection]
            self._at[connection.neighbourhood] -= 1
            if not self._at[connection.neighbourhood]:
                del self._at[connection.neighbourhood]

    def __contains__(self, connection: GuardedProtocol) -> bool:
        """Whether it waits for its sender."""
        return connection in self._waiting

    @property
    def waiting(self) -> int:
        """Connections that wait for their senders."""
        return len(self._waiting)

    def _put_out(
        self, of: Iterable[GuardedProtocol], spared: GuardedProtocol, *, older_than_s: float
    ) -> None:
        """The one of these that has waited longest, if it has waited so long."""
        for oldest in of:
            if oldest is not spared and oldest.waits_since_s <= older_than_s:
                self.goes_on(oldest)
                oldest.put_out()
            return

    def _look_through(self, loop: asyncio.AbstractEventLoop) -> None:
        now_s = loop.time()
        for connection in list(self._waiting):
            if connection.overdue(now_s):
                self.goes_on(connection)
                connection.time_is_over()
        self._sweep = loop.call_later(SWEEP_S, self._look_through, loop) if self._waiting else None


class GuardedProtocol(HttpToolsProtocol):
    """HTTP/1.1 as uvicorn speaks it, with bounds on what a sender may leave unfinished.

    Attributes:
        neighbourhood: the sender's address, of an IPv6 address its network.
        waits_since_s: of the loop's clock; when the head or the body that is awaited began.
    """

    guard: ConnectionGuard

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - as uvicorn calls it
        super().__init__(*arguments, **named)
        self.neighbourhood = ""
        self.waits_since_s = 0.0
        self._heard_s = 0.0
        self._in_body = False
        self._around = 0  # bytes of the present request that are not its body
        self._body = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody connected; their first request is awaited."""
        super().connection_made(transport)
        self.neighbourhood = neighbourhood_of(self.client[0] if self.client else "")
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone."""
        self.guard.goes_on(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes of a head or a body."""
        self._heard_s = self.loop.time()
        if not self._in_body and self._around == 0:
            self.waits_since_s = self._heard_s
            self.guard.waits(self)
        self._around += len(data)
        super().data_received(data)
        if self._around > self.guard.limits.head_bytes + FRAMING * self._body:
            what = "around its body" if self._in_body else "and its headers"
            detail = f"the request {what} exceeds {self.guard.limits.head_bytes} bytes"
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, detail)

    def on_message_begin(self) -> None:
        """The first byte of a head."""
        super().on_message_begin()
        self._in_body = False

    def on_headers_complete(self) -> None:
        """The head is there."""
        self._in_body = True
        self.waits_since_s = self._heard_s
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Some of the body."""
        self._around -= len(body)
        self._body += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request has arrived whole; what follows it in the same packet is the next one's."""
        self._in_body = False
        self._around = self._body = 0
        self.guard.goes_on(self)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """It is answered."""
        super().on_response_complete()
        if not self.transport.is_closing() and self.cycle.response_complete:
            self.guard.rests(self)

    def overdue(self, now_s: float) -> bool:
        """Whether its sender had all the time that there is."""
        limits = self.guard.limits
        waited_s = now_s - self.waits_since_s
        if not self._in_body:
            return waited_s > limits.head_s
        if self.flow.read_paused or self._asks_first():
            return False  # it is we who do not go on
        if now_s - self._heard_s > limits.body_idle_s:
            return True
        return waited_s > BODY_GRACE_S and self._body < LEAST_BYTES_PER_S * (waited_s - BODY_GRACE_S)

    def brings_nothing(self, for_s: float) -> bool:
        """Whether the rest of a request is awaited, and nothing of it came for so long."""
        return self in self.guard and self.loop.time() - self._heard_s >= for_s

    def time_is_over(self) -> None:
        """Say so where that can be said, and hang up."""
        if self._in_body or self._answering() or self._around == 0:
            self.put_out()
        else:
            detail = f"the head of a request must arrive within {self.guard.limits.head_s:g} s"
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, detail)

    def put_out(self) -> None:
        """Hang up at once, whatever is under way."""
        self.transport.abort()

    def _answering(self) -> bool:
        """Whether an answer is under way, or still to come."""
        cycle: RequestResponseCycle | None = self.cycle  # uvicorn says that there always is one
        return cycle is not None and not cycle.response_complete

    def _asks_first(self) -> bool:
        """Whether its sender waits for our `100 Continue`."""
        return not self.cycle.response_complete and self.cycle.waiting_for_100_continue

    def _await_head(self) -> None:
        self._heard_s = self.waits_since_s = self.loop.time()
        self.guard.waits(self)

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        self.guard.goes_on(self)
        if self.transport.is_closing():
            return
        if self._answering():
            self.put_out()  # an answer may be under way: nothing may stand in the middle of it
            return
        body = msgspec.json.encode(Problem("about:blank", status.phrase, int(status), detail))
        head = (
            f"HTTP/1.1 {int(status)} {status.phrase}\r\ncontent-type: {MEDIA_TYPE}\r\n"
            f"content-length: {len(body)}\r\ncache-control: no-store\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + body)
        self.transport.close()


def guarded(limits: ConnectionLimits | None = None) -> type[GuardedProtocol]:
    """A protocol for one server, whose connections share one guard."""
    return type("Guarded", (GuardedProtocol,), {"guard": ConnectionGuard(limits)})


def neighbourhood_of(address: str) -> str:
    """Whose an address is, as far as one can tell: of IPv6, everybody has a whole /64 at least.

    >>> neighbourhood_of("192.0.2.7"), neighbourhood_of("2001:db8:1:2:3::9"), neighbourhood_of("")
    ('192.0.2.7', '2001:db8:1:2::', '')
    """
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return address
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((int(known) >> 64 << 64, 64)).network_address)


def allow_many_files() -> int:
    """Raise this process's own limit of open files as far as it may; returns what it is then.

    A shell gives a process 1,024, which that many connections use up.
    """
    if sys.platform == "win32":
        return WANTED_FILES
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED_FILES if hard == resource.RLIM_INFINITY else min(WANTED_FILES, hard)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return soft if soft > 0 else WANTED_FILES
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError) as error:
        log.warning("The limit of open files stays at %d: %s", soft, error)
        return soft
    return wanted
