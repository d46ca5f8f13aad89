"""Deliveries that are due, to their channels, with retries."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeAlias

from healthtwin.access import GLASS_PREFIX, Kind, Telling
from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from healthtwin.domain.errors import NotFound, StorageError
from healthtwin.domain.plain_log import Logged, where_it_failed
from healthtwin.notify.channels.channel import DeliveryResult, Disposition, Interruptible, Message
from healthtwin.notify.deliveries import Deliveries
from healthtwin.notify.receivers import SENDERS, Address, Receivers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from healthtwin.notify.channels.channel import Channel
    from healthtwin.notify.deliveries import StoredDelivery
    from healthtwin.notify.receivers import Failing
    from healthtwin.store import Tables

log = logging.getLogger(__name__)

FIRST_PAUSE_MS: Final = 5 * SECOND_MS
LONGEST_PAUSE_MS: Final = 60 * MINUTE_MS
MOST_ATTEMPTS: Final = 14
"""5 s, 10 s, 20 s … 60 min between attempts: about five hours, after which an alert is no longer news."""

OUT_OF_REACH_MS: Final = 5 * HOUR_MS
"""The same for what waits, untried, for a receiver that has been out of reach all that time."""

LONGEST_MS: Final = DAY_MS
"""How long anything waits for a receiver that is out of reach, tried or not."""

STOP_WITHIN_S: Final = 1.5
"""How long a stop waits for attempts under way; what is then broken off is tried after the next start."""

IDLE_S: Final = 1.0
"""How long the sender sleeps when nothing is due; also bounds how late a retry may be."""

CLAIM_MS: Final = MINUTE_MS
"""An attempt that died with its process is taken up again after this; the longest attempt is far shorter."""

_RANDOM: Final = secrets.SystemRandom()


Told: TypeAlias = "Callable[[str, str, str, str], None]"


class Sender:
    """Hands each delivery that is due to its channel, many at once, few at one receiver (`Receivers`).

    Args:
        tables: of the home.
        channels: every way of telling somebody.
        now_ms: the house's clock.
        jitter: a number from 0 to 1, drawn for every pause, so that many senders do not knock in step.
        told: hears which recipient, over which channel, was told about which pseudonym: ``allowed`` where it
            arrived, ``refused`` where that was taken back, ``failed`` where it never did.
        telling: what may be told to whom; None: of a house that does not say in which country it stands.

    Attributes:
        failure: what keeps deliveries from being made right now; None when nothing does.
    """

    def __init__(
        self,
        tables: Tables,
        channels: Sequence[Channel],
        now_ms: Callable[[], int],
        jitter: Callable[[], float] = _RANDOM.random,
        told: Told = lambda *_: None,
        telling: Telling | None = None,
    ) -> None:
        self._deliveries = Deliveries(tables)
        self._telling = telling or Telling(tables)
        self._channels = {channel.name: channel for channel in channels}
        self._now_ms = now_ms
        self._jitter = jitter
        self._told = told
        self._due = threading.Event()
        self._stopping = threading.Event()
        self._receivers = Receivers()
        self._under_way: dict[str, Address] = {}
        self._looked_ms: int | None = None
        self._guard = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._thread: threading.Thread | None = None
        self.failure: str | None = None

    @property
    def ended(self) -> bool:
        """Whether its thread is gone, though nobody stopped it."""
        return self._thread is not None and not self._thread.is_alive()

    def failing(self) -> list[Failing]:
        """Receivers of whom nothing arrives any more."""
        with self._guard:
            return list(self._receivers.failing())

    def start(self) -> None:
        """Begin to send what is due."""
        self._stopping.clear()
        self._pool = ThreadPoolExecutor(SENDERS, thread_name_prefix="healthtwin-send")
        self._thread = threading.Thread(target=self._keep_sending, name="healthtwin-deliver")
        self._thread.start()

    def stop(self) -> None:
        """Finish the attempts under way, within `STOP_WITHIN_S`; the rest waits for the next start."""
        self._stopping.set()
        self._due.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._pool is None:
            return
        until = time.monotonic() + STOP_WITHIN_S
        while self._under_way and time.monotonic() < until:
            self._due.clear()
            self._due.wait(0.05)
        for channel in self._channels.values():
            if isinstance(channel, Interruptible):
                channel.hang_up()
        self._pool.shutdown(wait=True)
        self._pool = None

    def wake(self) -> None:
        """Something may be due; from any thread."""
        self._due.set()

    def send_due(self) -> int:
        """Make one attempt at every delivery that may be tried now, one after the other; returns how many."""
        made = 0
        while claimed := self._claimed():
            for delivery in claimed:
                self._attempt_and_note(delivery)
            made += len(claimed)
        return made

    def _keep_sending(self) -> None:
        while not self._stopping.is_set():
            self._due.clear()
            try:
                claimed = self._claimed()
                self.failure = None
            except StorageError as error:
                self._note_failure(error)
                claimed = []
            for delivery in claimed:
                self._submit(delivery)
            if not claimed:
                self._due.wait(IDLE_S)

    def _submit(self, delivery: StoredDelivery) -> None:
        if self._pool is not None:
            self._pool.submit(self._attempt_and_note, delivery)

    def _claimed(self) -> list[StoredDelivery]:
        """What is due of receivers who have room for it, each in their turn; it is under way from here on."""
        now_ms = self._now_ms()
        if self._looked_ms is None or now_ms < self._looked_ms:  # a start, or a clock that was set back
            self._deliveries.come_back(now_ms)
        self._looked_ms = now_ms
        self._let_lapse(now_ms)
        claimed: list[StoredDelivery] = []
        for address in map(Address._make, self._deliveries.waiting(now_ms)):
            with self._guard:
                room = self._receivers.room_for(address, now_ms)
            if not room:
                continue
            for delivery in self._deliveries.claim(now_ms, room, claim_ms=CLAIM_MS, of=address):
                with self._guard:
                    self._receivers.began(address)
                    self._under_way[delivery.idempotency_key] = address
                claimed.append(delivery)
        return claimed

    def _let_lapse(self, now_ms: int) -> None:
        """Give up what has waited so long for a receiver out of reach that it is no longer news."""
        for failing in self.failing():
            long_ago_ms = now_ms - OUT_OF_REACH_MS
            if failing.since_ms > long_ago_ms:
                continue
            text = f"out of reach for hours; last: {failing.text}"
            lapsed = self._deliveries.lapse(
                *failing.address,
                text,
                now_ms,
                due_before_ms=long_ago_ms,
                noted_before_ms=now_ms - LONGEST_MS,
            )
            if lapsed:
                log.warning("Gave up %d messages to %s over %s: %s", lapsed, *failing.address[::-1], text)

    def _attempt_and_note(self, delivery: StoredDelivery) -> None:
        """One attempt, whatever comes of it; how the receiver stands afterwards."""
        address = self._under_way[delivery.idempotency_key]
        outcome = DeliveryResult(Disposition.RETRY, "broken off")
        back = False
        try:
            outcome = self._outcome_of(delivery)
            self._settle(delivery, outcome)
        except NotFound:
            log.info("A delivery was erased while it was under way")
        except StorageError as error:
            # The claim lapses by itself, and the attempt is made again under the same key.
            self._note_failure(error)
        finally:
            with self._guard:
                del self._under_way[delivery.idempotency_key]
                arrived = outcome.disposition is not Disposition.RETRY
                back = self._receivers.ended(address, outcome.text, self._now_ms(), arrived=arrived)
                under_way = list(self._under_way)
            self._due.set()
        if back:
            self._welcome_back(address, under_way)

    def _welcome_back(self, address: Address, under_way: Sequence[str]) -> None:
        try:
            self._deliveries.hasten(*address, self._now_ms(), under_way)
        except StorageError as error:
            self._note_failure(error)  # they are due at their own time
        self._due.set()

    def _outcome_of(self, delivery: StoredDelivery) -> DeliveryResult:
        if delivery.attempts > MOST_ATTEMPTS:  # each of them died with its process
            return DeliveryResult(Disposition.REFUSED, "no attempt came to an end")
        channel = self._channels.get(delivery.channel)
        if channel is None:
            return DeliveryResult(
                Disposition.REFUSED, f"the channel {delivery.channel!r} is no longer set up"
            )
        try:
            actor = channel.actor_of(delivery.recipient)
            kinds = None if actor is None else self._telling.kinds(actor, delivery.person)
            if kinds is None:
                return DeliveryResult(Disposition.REFUSED, "whoever set this up has no access any more")
            # That somebody broke the glass is about who sees a person, and is kept back by nothing they said.
            wanted = Kind.PROFILE if delivery.alert_id.startswith(GLASS_PREFIX) else Kind.ALERTS
            if wanted not in kinds:
                return DeliveryResult(Disposition.WITHHELD, "the person does not share their alerts there")
            body = delivery.body if Kind.VITALS in kinds else channel.without_readings(delivery.body)
            return channel.send(Message(delivery.idempotency_key, delivery.recipient, body))
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001 - an attempt that goes uncounted would be made for ever
            # Without the message: that may hold what was to be sent.
            log.error(  # noqa: TRY400
                "An attempt over %s broke: %s", Logged(channel.name), where_it_failed(error)
            )
            return DeliveryResult(Disposition.RETRY, f"the attempt broke ({type(error).__name__})")

    def _settle(self, delivery: StoredDelivery, outcome: DeliveryResult) -> None:
        deliveries, now_ms, key = self._deliveries, self._now_ms(), delivery.idempotency_key
        if outcome.disposition is Disposition.DELIVERED:
            deliveries.delivered(key, outcome.text, now_ms)
            self._told(delivery.recipient, delivery.channel, delivery.person, "allowed")
        elif outcome.disposition is Disposition.RETRY and delivery.attempts < MOST_ATTEMPTS:
            wait_ms = max(pause_ms(delivery.attempts, self._jitter()), _wish_ms(outcome))
            deliveries.retry(key, outcome.text, now_ms, now_ms + wait_ms)
        elif outcome.disposition is Disposition.WITHHELD:
            deliveries.withhold(key, outcome.text, now_ms)
            self._told(delivery.recipient, delivery.channel, delivery.person, "refused")
        else:
            deliveries.give_up(key, outcome.text, now_ms)
            self._told(delivery.recipient, delivery.channel, delivery.person, "failed")
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
