"""What every way of telling somebody is to the house, and the one that is always there: the portal itself.

Every channel passes the same contract suite (``tests/notify/test_every_channel_keeps_the_contract.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Fate(StrEnum):
    """What came of one attempt."""

    DELIVERED = "delivered"
    RETRY = "retry"
    """Not now, but another attempt may succeed: a timeout, a busy or restarting receiver."""
    REFUSED = "refused"
    """Nor will another attempt: no such receiver, an address that must not be called."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt.

    Attributes:
        text: for the receipt: ``"200"``, ``"timed out"``; never holds a secret or what was sent.
        retry_after_s: the receiver's own wish, when it named one.
    """

    fate: Fate
    text: str
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to tell one recipient.

    Attributes:
        idempotency_key: the same with every attempt; whoever gets it twice drops the second.
        recipient: in the channel's own terms.
        body: JSON text.
    """

    idempotency_key: str
    recipient: str
    body: str


class Channel(Protocol):
    """A way of telling somebody.

    `send` is called from several threads and may block; it never raises for what the outside world does: that
    is an `Outcome`.

    Attributes:
        at_once: `send` neither blocks nor fails, so it is done in the transaction that notes the delivery.
    """

    name: str
    at_once: bool

    def recipients(self, person: str) -> Sequence[str]:
        """Whom to tell about this pseudonym; the same answer until the settings change."""
        ...

    def send(self, message: Message) -> Outcome:
        """Make one attempt."""
        ...


PORTAL: Final = "portal"


class InApp:
    """The portal: an alert is told there once it is on the list, whether or not somebody is looking.

    Args:
        readers: how many browsers are looking right now, for the receipt.
    """

    name = "in_app"
    at_once = True

    def __init__(self, readers: Callable[[], int]) -> None:
        self._readers = readers

    def recipients(self, person: str) -> Sequence[str]:
        """The portal, for everybody."""
        del person
        return (PORTAL,)

    def send(self, message: Message) -> Outcome:
        """Done as soon as it is asked for: the row stands in the table that the portal shows."""
        if message.recipient != PORTAL:
            return Outcome(Fate.REFUSED, f"the only recipient here is {PORTAL!r}")
        looking = self._readers()
        return Outcome(Fate.DELIVERED, f"on the list; {looking} open browser{'' if looking == 1 else 's'}")
