"""The portal and the app: an alert is told there once it stands on the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from healthtwin.access import Actor
from healthtwin.notify.channels.channel import DeliveryResult, Disposition, Message

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from healthtwin.domain import EpisodeChange

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

    def words_of(self, change: EpisodeChange, first_id: str) -> str:
        """Nothing: the portal shows the episode itself, in the reader's language."""
        del change, first_id
        return ""

    def actor_of(self, recipient: str) -> Actor | None:
        """Nobody's in particular: who looks at the portal is judged there, at each look."""
        return Actor(recipient)

    def without_readings(self, body: str) -> str:
        """The same: it says nothing."""
        return body

    def words_of_trial(self, at_ms: int) -> str:
        """Nothing."""
        del at_ms
        return ""

    def send(self, message: Message) -> DeliveryResult:
        """Done as soon as it is asked for: the row stands in the table that the portal shows."""
        if message.recipient != PORTAL:
            return DeliveryResult(Disposition.REFUSED, f"the only recipient here is {PORTAL!r}")
        looking = self._readers()
        return DeliveryResult(
            Disposition.DELIVERED, f"on the list; {looking} open browser{'' if looking == 1 else 's'}"
        )
