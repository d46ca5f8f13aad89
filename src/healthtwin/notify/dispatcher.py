"""From the outbox to people: who listens to which kind of change, and the sending of what became due.

Each kind has a listener with a place of its own, in a thread of its own: a slow receiver never holds up the
list of alerts, nor one kind another. A kind that nobody here knows stays in the outbox, for a version that
does, and is reported.

Inside the house each change is visible exactly once. Outside it is at least once: an attempt whose answer was
lost is made again under the same idempotency key, and the receiver must drop the second.
"""

from __future__ import annotations

import logging
import math
import time
from typing import TYPE_CHECKING, Final, Protocol

from healthtwin.domain.log import EPISODE_CHANGE, ERASED
from healthtwin.notify.alert_rows import AlertRows
from healthtwin.notify.sender import Sender, Told
from healthtwin.stream import Follower, OutboxSource

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from healthtwin.access import Telling
    from healthtwin.domain import EpisodeChange
    from healthtwin.notify.channels.channel import Channel
    from healthtwin.notify.receivers import Failing
    from healthtwin.store import Tables
    from healthtwin.stream import OutboxRow, Projection

log = logging.getLogger(__name__)

OUTBOX_ROWS: Final = 256
"""Changes read at a time."""

STOP_WITHIN_S: Final = 2.0
"""How long a stop goes on telling; what then still stands in the outbox is told after the next start."""

LOOK_EVERY_S: Final = 60.0
"""How often the outbox is looked through for kinds that nobody knows."""


class Outbox(Protocol):
    """What must be told; `healthtwin.stream.Runner` has one."""

    def outbox(self, after_id: int, limit: int, kind: str | None = None) -> Sequence[OutboxRow]:
        """At most `limit` changes with an id greater than `after_id`, ascending; of one kind unless None."""
        ...

    def outbox_kinds(self) -> set[str]:
        """Every kind that stands in it."""
        ...

    def read_through(self, reader: str) -> tuple[int, int]:
        """Version of a reader and how far it is; (0, 0) before the first time."""
        ...

    def note_read_through(self, reader: str, version: int, through: int) -> None:
        """Remember them."""
        ...


class Dispatcher:
    """Brings changes to whoever listens to their kind, and has sent what becomes due by it.

    Args:
        outbox: where changes come from.
        tables: of the home.
        channels: every way of telling somebody.
        now_ms: the house's clock.
        on_change: called after an episode's change stands in the alert table; tells open browsers.
        listeners: for kinds of change other than episodes'.
        jitter, told, telling: see `Sender`.
    """

    def __init__(  # noqa: PLR0913 - what a sender takes, too
        self,
        outbox: Outbox,
        tables: Tables,
        channels: Sequence[Channel],
        now_ms: Callable[[], int],
        on_change: Callable[[EpisodeChange], None],
        *,
        listeners: Mapping[str, Projection[OutboxRow]] | None = None,
        jitter: Callable[[], float] | None = None,
        told: Told = lambda *_: None,
        telling: Telling | None = None,
    ) -> None:
        self._outbox = outbox
        drawn = {} if jitter is None else {"jitter": jitter}
        self._sender = Sender(tables, channels, now_ms, told=told, telling=telling, **drawn)
        alerts = AlertRows(tables, outbox, channels, now_ms, on_change, self._sender.wake)
        self._followers = {
            kind: Follower(OutboxSource(outbox.outbox, kind), listener, outbox, OUTBOX_ROWS)
            for kind, listener in {EPISODE_CHANGE: alerts, **(listeners or {})}.items()
        }
        for follower in self._followers.values():
            follower.begin()
        self._look_at = -math.inf
        self._unknown: set[str] = set()

    @property
    def failure(self) -> str | None:
        """What keeps changes from being told right now, for `/health`; None when nothing does."""
        said = [
            f"Changes of kind {kind!r} cannot be told: {follower.failure or 'its thread ended; see the log'}"
            for kind, follower in self._followers.items()
            if follower.failure is not None or follower.ended
        ]
        if self._sender.failure is not None or self._sender.ended:
            said.append(f"Deliveries cannot be made: {self._sender.failure or 'see the log'}")
        said += [f"Nobody here knows changes of kind {kind!r}; they wait" for kind in sorted(self._unknown)]
        return "; ".join(said) or None

    def cursor(self, kind: str = EPISODE_CHANGE) -> int:
        """Id of the last change of a kind that its listener took."""
        return self._followers[kind].offset

    def caught_up(self) -> bool:
        """Whether everybody took all that stands in the outbox for them."""
        return not any(
            self._outbox.outbox(follower.offset, 1, kind) for kind, follower in self._followers.items()
        )

    def start(self) -> None:
        """Begin to work, from whatever is untold."""
        self._look_for_unknown()
        for follower in self._followers.values():
            follower.start()
        self._sender.start()

    def stop(self) -> None:
        """Tell what stands in the outbox and finish the attempts under way, within seconds, and end.

        What is due later, or takes longer than `STOP_WITHIN_S` to tell, waits for the next start.
        """
        until = time.monotonic() + STOP_WITHIN_S
        for follower in self._followers.values():
            follower.wake()
            follower.stop(until)
        self._sender.stop()

    def wake(self) -> None:
        """There is something new in the outbox; from any thread."""
        for follower in self._followers.values():
            follower.wake()
        if time.monotonic() >= self._look_at:
            self._look_for_unknown()

    def tell(self) -> int:
        """Have everybody take what stands in the outbox for them; how many changes were taken."""
        told = 0
        for follower in self._followers.values():
            follower.wake()
            told += follower.catch_up()
        self._look_for_unknown()
        return told

    def failing(self) -> list[Failing]:
        """Receivers of whom nothing arrives any more."""
        return self._sender.failing()

    def send_due(self) -> int:
        """Make one attempt at every delivery that is due now, one after the other; returns how many."""
        return self._sender.send_due()

    def _look_for_unknown(self) -> None:
        self._look_at = time.monotonic() + LOOK_EVERY_S
        unknown = self._outbox.outbox_kinds() - set(self._followers) - {ERASED}
        for kind in sorted(unknown - self._unknown):
            log.warning("Nobody here knows changes of kind %r; they stay in the outbox", kind)
        self._unknown = unknown
