"""Who receives, and how each of them does: nobody's silence may hold up what others are to be told.

Each receiver has a queue of its own (its rows in the table of deliveries) and few attempts at once. After
some failures in a row it is tried once in a while only, a single message at a time, until one arrives
(a circuit breaker). Receivers that fail share a few of the threads, those that nobody knows yet may not take
all of them, so that one that is known to answer finds a free thread whatever the others do.

Pure: the present comes in as an argument. In memory: a new process finds out anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from healthtwin.domain import SECOND_MS

if TYPE_CHECKING:
    from collections.abc import Iterator

SENDERS: Final = 32
"""Attempts under way at once, all receivers together; each waits for a network nearly all of its time."""

AT_ONCE: Final = 4
"""Attempts under way at one receiver."""

FAILING_AT_ONCE: Final = 8
"""Attempts under way at receivers whose last attempt failed, all of them together."""

UNKNOWN_AT_ONCE: Final = 16
"""Attempts under way at receivers of which none arrived yet, all of them together."""

OPEN_AFTER: Final = 3
"""Failures in a row after which a receiver is only tried once in a while."""

FIRST_REST_MS: Final = 5 * SECOND_MS
LONGEST_REST_MS: Final = 60 * SECOND_MS
"""How long such a one is left alone, twice as long each time: an alert waits at most a minute longer for a
receiver that is back than it must."""


class Address(NamedTuple):
    """A recipient over a channel."""

    channel: str
    recipient: str


class Failing(NamedTuple):
    """A receiver of whom nothing arrives any more.

    Attributes:
        since_ms: of the first failure in a row. failures: so many. text: of the last one.
    """

    address: Address
    since_ms: int
    failures: int
    text: str


@dataclass(slots=True)
class _Standing:
    under_way: int = 0
    failures: int = 0
    since_ms: int = 0
    rested_ms: int = 0
    rests_until_ms: int = 0
    text: str = ""
    known: bool = False


class Receivers:
    """How every receiver stands; to be called under one lock.

    >>> receivers, pager = Receivers(), Address("webhook", "w-1")
    >>> receivers.room_for(pager, now_ms=0)
    4
    >>> for _ in range(3):
    ...     receivers.began(pager)
    ...     _ = receivers.ended(pager, "timed out", now_ms=0, arrived=False)
    >>> receivers.room_for(pager, now_ms=4_000), receivers.room_for(pager, now_ms=20_000)
    (0, 1)
    """

    def __init__(self) -> None:
        self._all: dict[Address, _Standing] = {}

    def room_for(self, address: Address, now_ms: int) -> int:
        """How many further attempts may begin at this receiver."""
        standing = self._all.get(address) or _Standing()
        if standing.failures >= OPEN_AFTER and self._rests(standing, now_ms):
            return 0
        here = (1 if standing.failures else AT_ONCE) - standing.under_way
        allowed = [here, SENDERS - sum(each.under_way for each in self._all.values())]
        if standing.failures:
            failing = sum(each.under_way for each in self._all.values() if each.failures)
            allowed.append(FAILING_AT_ONCE - failing)
        if not standing.known:
            unknown = sum(each.under_way for each in self._all.values() if not each.known)
            allowed.append(UNKNOWN_AT_ONCE - unknown)
        return max(min(allowed), 0)

    def began(self, address: Address) -> None:
        """An attempt is under way."""
        self._all.setdefault(address, _Standing()).under_way += 1

    def ended(self, address: Address, text: str, now_ms: int, *, arrived: bool) -> bool:
        """An attempt is over; True when it arrived at one that failed before.

        Args:
            text: what came of it. arrived: the receiver answered, if only to refuse this message.
        """
        standing = self._all[address]
        standing.under_way -= 1
        if arrived:
            was_open = standing.failures >= OPEN_AFTER
            standing.failures, standing.rested_ms, standing.known = 0, 0, True
            return was_open
        standing.failures += 1
        standing.text = text
        if standing.failures == 1:
            standing.since_ms = now_ms
        if standing.failures >= OPEN_AFTER:
            standing.rested_ms = min(max(2 * standing.rested_ms, FIRST_REST_MS), LONGEST_REST_MS)
            standing.rests_until_ms = now_ms + standing.rested_ms
        return False

    def failing(self) -> Iterator[Failing]:
        """Those that are only tried once in a while."""
        for address, standing in list(self._all.items()):
            if standing.failures >= OPEN_AFTER:
                yield Failing(address, standing.since_ms, standing.failures, standing.text)

    def forget(self, address: Address) -> None:
        """Somebody who is no longer told anything."""
        standing = self._all.get(address)
        if standing is not None and not standing.under_way:
            del self._all[address]

    @staticmethod
    def _rests(standing: _Standing, now_ms: int) -> bool:
        """A clock that was set back lets nobody rest for longer than was meant."""
        return standing.rests_until_ms - standing.rested_ms <= now_ms < standing.rests_until_ms
