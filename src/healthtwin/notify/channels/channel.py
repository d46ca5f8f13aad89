"""What every way of telling somebody is to the house, and the one that is always there: the portal itself.

Every channel passes the same contract suite (``tests/notify/test_every_channel_keeps_the_contract.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from healthtwin.access import Actor
    from healthtwin.domain import EpisodeChange
    from healthtwin.room import Ports


class Disposition(StrEnum):
    """What came of one attempt."""

    DELIVERED = "delivered"
    RETRY = "retry"
    """Not now, but another attempt may succeed: a timeout, a busy or restarting receiver."""
    REFUSED = "refused"
    """Nor will another attempt: no such receiver, an address that must not be called."""
    WITHHELD = "withheld"
    """Not sent at all: the person does not let this recipient be told. Only whoever sends says so."""


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """What came of one attempt.

    Attributes:
        text: for the receipt: ``"200"``, ``"timed out"``; never holds a secret or what was sent.
        retry_after_s: the receiver's own wish, when it named one.
    """

    disposition: Disposition
    text: str
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to tell one recipient.

    Attributes:
        idempotency_key: the same with every attempt; whoever gets it twice drops the second.
        recipient: in the channel's own terms.
        body: what the channel made of the alert (`Channel.words_of`).
    """

    idempotency_key: str
    recipient: str
    body: str


class Channel(Protocol):
    """A way of telling somebody.

    `send` is called from several threads and may block; it never raises for what the outside world does: that
    is an `DeliveryResult`.

    Attributes:
        at_once: `send` neither blocks nor fails, so it is done in the transaction that notes the delivery.
    """

    name: str
    at_once: bool

    def recipients(self, person: str) -> Sequence[str]:
        """Whom to tell about this pseudonym; the same answer until the settings change."""
        ...

    def words_of(self, change: EpisodeChange, first_id: str) -> str:
        """What is sent about a change, made once for all attempts; never a name of the person.

        Args:
            first_id: the id under which the alert was told first; it stays when the episode is corrected.
        """
        ...

    def actor_of(self, recipient: str) -> Actor | None:
        """On whose behalf this recipient is told: whoever sends asks the policy for them. None: nobody's."""
        ...

    def without_readings(self, body: str) -> str:
        """What is left of `words_of` for somebody from whom the person keeps their readings back."""
        ...

    def words_of_trial(self, at_ms: int) -> str:
        """What is sent to try the channel out: it says that it is a test and nothing about anybody."""
        ...

    def send(self, message: Message) -> DeliveryResult:
        """Make one attempt."""
        ...


@runtime_checkable
class Interruptible(Protocol):
    """A channel whose attempts can be broken off, so that a stop need not wait for who never answers."""

    def hang_up(self) -> None:
        """End every attempt under way: each comes to `Disposition.RETRY` at once. From any thread."""
        ...


class Settings(Protocol):
    """The settings of a channel: a frozen dataclass with a default for each, from the home's config.toml.

    Attributes:
        SECTION: name of the table. MEANING: what each setting means, for docs/reference/settings.md.
    """

    SECTION: ClassVar[str]
    MEANING: ClassVar[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """What a channel's folder says of itself, as ``KIND``.

    Attributes:
        open: the channel, over what the house offers; None where it is not set up in this home. Raises
            `ConfigurationError` for a setting that cannot work.
        settings: None where there is nothing to set.
    """

    open: Callable[[Ports], Channel | None]
    settings: type[Settings] | None = None
