"""Deliveries that are due, to their channels, with retries."""

from __future__ import annotations

import logging
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from healthtwin.domain import MINUTE_MS, SECOND_MS
from healthtwin.domain.errors import NotFound, StorageError
from healthtwin.notify.channels.channel import DeliveryResult, Disposition, Message
from healthtwin.notify.deliveries import Deliveries

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from healthtwin.notify.channels.channel import Channel
    from healthtwin.notify.deliveries import StoredDelivery
    from healthtwin.store import Tables

log = logging.getLogger(__name__)

SENDERS: Final = 4
"""Attempts under way at once."""

FIRST_PAUSE_MS: Final = 5 * SECOND_MS
LONGEST_PAUSE_MS: Final = 60 * MINUTE_MS
MOST_ATTEMPTS: Final = 14
"""5 s, 10 s, 20 s … 60 min between attempts: about five hours, after which an alert is no longer news."""

IDLE_S: Final = 1.0
"""How long the sender sleeps when nothing is due; also bounds how late a retry may be."""

CLAIM_MS: Final = MINUTE_MS
"""An attempt that died with its process is taken up again after this; the longest attempt is far shorter."""

_RANDOM: Final = secrets.SystemRandom()


class Sender:
    """Hands each delivery that is due to its channel, some at once.

    Args:
        tables: of the home.
        channels: every way of telling somebody.
        now_ms: the house's clock.
        jitter: a number from 0 to 1, drawn for every pause, so that many senders do not knock in step.

    Attributes:
        failure: what keeps deliveries from being made right now; None when nothing does.
    """

    def __init__(
        self,
        tables: Tables,
        channels: Sequence[Channel],
        now_ms: Callable[[], int],
        jitter: Callable[[], float] = _RANDOM.random,
    ) -> None:
        self._deliveries = Deliveries(tables)
        self._channels = {channel.name: channel for channel in channels}
        self._now_ms = now_ms
        self._jitter = jitter
        self._due = threading.Event()
        self._stopping = threading.Event()
        self._free = threading.Semaphore(SENDERS)
        self._pool: ThreadPoolExecutor | None = None
        self._thread: threading.Thread | None = None
        self.failure: str | None = None

    @property
    def ended(self) -> bool:
        """Whether its thread is gone, though nobody stopped it."""
        return self._thread is not None and not self._thread.is_alive()

    def start(self) -> None:
        """Begin to send what is due."""
        self._stopping.clear()
        self._pool = ThreadPoolExecutor(SENDERS, thread_name_prefix="healthtwin-send")
        self._thread = threading.Thread(target=self._keep_sending, name="healthtwin-deliver")
        self._thread.start()

    def stop(self) -> None:
        """Finish the attempts under way, and end; what is due later waits for the next start."""
        self._stopping.set()
        self._due.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._pool is not None:
            self._pool.shutdown(wait=True)
            self._pool = None

    def wake(self) -> None:
        """Something may be due; from any thread."""
        self._due.set()

    def send_due(self) -> int:
        """Make one attempt at every delivery that is due now, one after the other; returns how many."""
        made = 0
        while claimed := self._deliveries.claim(self._now_ms(), SENDERS, claim_ms=CLAIM_MS):
            for delivery in claimed:
                self._attempt(delivery)
            made += len(claimed)
        return made

    def _keep_sending(self) -> None:
        while not self._stopping.is_set():
            self._due.clear()
            try:
                busy = self._hand_out()
                self.failure = None
            except StorageError as error:
                self._note_failure(error)
                busy = False
            if not busy:
                self._due.wait(IDLE_S)

    def _hand_out(self) -> bool:
        """Give one due delivery to a free sender; False when there is none."""
        if not self._free.acquire(timeout=IDLE_S):
            return True
        claimed: Sequence[StoredDelivery] = ()
        try:
            claimed = self._deliveries.claim(self._now_ms(), 1, claim_ms=CLAIM_MS)
        finally:
            if not claimed:
                self._free.release()
        if not claimed or self._pool is None:
            return False
        self._pool.submit(self._attempt_and_free, claimed[0])
        return True

    def _attempt_and_free(self, delivery: StoredDelivery) -> None:
        try:
            self._attempt(delivery)
        except NotFound:
            log.info("A delivery was erased while it was under way")
        except StorageError as error:
            # The claim lapses by itself, and the attempt is made again under the same key.
            self._note_failure(error)
        finally:
            self._free.release()

    def _attempt(self, delivery: StoredDelivery) -> None:
        channel = self._channels.get(delivery.channel)
        if channel is None:
            outcome = DeliveryResult(
                Disposition.REFUSED, f"the channel {delivery.channel!r} is no longer set up"
            )
        else:
            key, recipient = delivery.idempotency_key, delivery.recipient
            outcome = channel.send(Message(key, recipient, delivery.body))
        self._settle(delivery, outcome)

    def _settle(self, delivery: StoredDelivery, outcome: DeliveryResult) -> None:
        deliveries, now_ms, key = self._deliveries, self._now_ms(), delivery.idempotency_key
        if outcome.disposition is Disposition.DELIVERED:
            deliveries.delivered(key, outcome.text, now_ms)
        elif outcome.disposition is Disposition.RETRY and delivery.attempts < MOST_ATTEMPTS:
            wait_ms = max(pause_ms(delivery.attempts, self._jitter()), _wish_ms(outcome))
            deliveries.retry(key, outcome.text, now_ms, now_ms + wait_ms)
        else:
            deliveries.give_up(key, outcome.text, now_ms)
            log.warning(
                "Gave up telling %s over %s after %d attempts: %s",
                delivery.recipient,
                delivery.channel,
                delivery.attempts,
                outcome.text,
            )

    def _note_failure(self, error: StorageError) -> None:
        if self.failure is None:
            log.error("Deliveries cannot be made: %s", error)
        self.failure = str(error)


def pause_ms(attempts: int, jitter: float) -> int:
    """How long to wait after so many failed attempts: twice as long each time, shortened by up to half.

    Args:
        attempts: made so far, from 1. jitter: 0 to 1.

    >>> [pause_ms(attempts, 0.0) // 1000 for attempts in (1, 2, 3, 14)]
    [5, 10, 20, 3600]
    >>> pause_ms(1, 1.0)
    2500
    """
    longest = min(FIRST_PAUSE_MS << (attempts - 1), LONGEST_PAUSE_MS)
    return round(longest * (1.0 - jitter / 2.0))


def _wish_ms(outcome: DeliveryResult) -> int:
    return round((outcome.retry_after_s or 0.0) * SECOND_MS)
