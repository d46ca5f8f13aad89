"""From the outbox to people: alert rows, deliveries, attempts. The part of alerting that touches the world.

Two threads, so that a slow receiver never holds up the list of alerts:

- the *teller* reads the outbox in order; alert rows and deliveries of some hundred changes are one
  transaction, then open browsers hear of them. After a crash, what does not stand is told again, and what
  stands is ignored.
- the *sender* takes due deliveries and hands each to its channel, with retries.

Inside the house each change is visible exactly once. Outside it is at least once: an attempt whose answer was
lost is made again under the same idempotency key, and the receiver must drop the second.
"""

from __future__ import annotations

import hashlib
import logging
import math
import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from healthtwin.domain import MINUTE_MS, SECOND_MS, EpisodeChange, Verb, decode_change
from healthtwin.domain.errors import CorruptStorage, NotFound, StorageError
from healthtwin.notify.alerts import Alerts
from healthtwin.notify.channels.channel import Fate, Message, Outcome
from healthtwin.notify.deliveries import Deliveries

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from healthtwin.notify.channels.channel import Channel
    from healthtwin.notify.deliveries import StoredDelivery
    from healthtwin.store import Tables
    from healthtwin.stream import OutboxRow

log = logging.getLogger(__name__)

OUTBOX_ROWS: Final = 256
"""Changes read at a time."""

SENDERS: Final = 4
"""Attempts under way at once."""

FIRST_PAUSE_MS: Final = 5 * SECOND_MS
LONGEST_PAUSE_MS: Final = 60 * MINUTE_MS
MOST_ATTEMPTS: Final = 14
"""5 s, 10 s, 20 s … 60 min between attempts: about five hours, after which an alert is no longer news."""

IDLE_S: Final = 1.0
"""How long the sender sleeps when nothing is due; also bounds how late a retry may be."""

STOP_WITHIN_S: Final = 2.0
"""How long a stop goes on telling; what then still stands in the outbox is told after the next start."""

CLAIM_MS: Final = MINUTE_MS
"""An attempt that died with its process is taken up again after this; the longest attempt is far shorter."""

_TELLING: Final = "Alerts cannot be told"
_SENDING: Final = "Deliveries cannot be made"
_RANDOM: Final = secrets.SystemRandom()
_LAST_WORDS: Final = frozenset({Verb.RESOLVED, Verb.CLOSED, Verb.WITHDRAWN})


def _forget(_outbox_id: int) -> None:
    """Start from the beginning again next time: slower, and just as right."""


class Dispatcher:
    """Carries changes from an outbox to the alert table, the portal and the channels.

    Args:
        outbox: rows with an id greater than the first argument, ascending, at most so many.
        tables: of the home.
        channels: every way of telling somebody.
        now_ms: the house's clock.
        on_change: called after the change stands in the alert table; tells open browsers.
        cursor: id of the last outbox row that was told before. note_told: remembers it, once it stands.
        jitter: a number from 0 to 1, drawn for every pause, so that many senders do not knock in step.
    """

    def __init__(
        self,
        outbox: Callable[[int, int], Sequence[OutboxRow]],
        tables: Tables,
        channels: Sequence[Channel],
        now_ms: Callable[[], int],
        on_change: Callable[[EpisodeChange], None],
        *,
        cursor: int = 0,
        note_told: Callable[[int], None] = _forget,
        jitter: Callable[[], float] = _RANDOM.random,
    ) -> None:
        self._outbox = outbox
        self._tables = tables
        self._alerts = Alerts(tables)
        self._deliveries = Deliveries(tables)
        self._channels = {channel.name: channel for channel in channels}
        self._now_ms = now_ms
        self._on_change = on_change
        self._jitter = jitter
        self._cursor = cursor
        self._note_told = note_told
        self._news = threading.Event()
        self._due = threading.Event()
        self._stopping = threading.Event()
        self._until = math.inf  # on the monotonic clock: no more is told after it
        self._free = threading.Semaphore(SENDERS)
        self._pool: ThreadPoolExecutor | None = None
        self._threads: list[threading.Thread] = []
        self._failures: dict[str, str] = {}

    @property
    def failure(self) -> str | None:
        """What keeps alerts from being told right now, for `/health`; None when nothing does."""
        dead = [thread.name for thread in self._threads if not thread.is_alive()]
        if dead and not self._stopping.is_set():
            return f"Alerts cannot be told: {', '.join(dead)} ended; see the log"
        return "; ".join(f"{what}: {why}" for what, why in sorted(self._failures.items())) or None

    @property
    def cursor(self) -> int:
        """Id of the last outbox row that was told."""
        return self._cursor

    def start(self) -> None:
        """Begin to work, from whatever is untold."""
        self._until = math.inf
        self._pool = ThreadPoolExecutor(SENDERS, thread_name_prefix="healthtwin-send")
        self._threads = [
            threading.Thread(target=self._keep_telling, name="healthtwin-tell"),
            threading.Thread(target=self._keep_sending, name="healthtwin-deliver"),
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Tell what stands in the outbox and finish the attempts under way, within seconds, and end.

        What is due later, or takes longer than `STOP_WITHIN_S` to tell, waits for the next start.
        """
        self._until = time.monotonic() + STOP_WITHIN_S
        self._stopping.set()
        self.wake()
        self._due.set()
        for thread in self._threads:
            thread.join()
        self._threads = []
        if self._pool is not None:
            self._pool.shutdown(wait=True)
            self._pool = None

    def wake(self) -> None:
        """There is something new in the outbox; from any thread."""
        self._news.set()

    # ------------------------------------------------------------ telling

    def tell(self) -> int:
        """Bring the alert table up to the end of the outbox; returns how many rows were read.

        So many rows at a time are one transaction: a storm of alerts costs one fsync for hundreds of changes,
        and either all of them stand with their deliveries or none does.
        """
        told = 0
        while time.monotonic() < self._until and (rows := self._outbox(self._cursor, OUTBOX_ROWS)):
            with self._tables.together():
                applied = [change for change in map(self._tell_one, rows) if change is not None]
            self._cursor = rows[-1].id
            self._note_told(self._cursor)
            self._due.set()
            for change in applied:
                self._on_change(change)
            told += len(rows)
        return told

    def _tell_one(self, row: OutboxRow) -> EpisodeChange | None:
        """The change, if the alert table did not hold it yet."""
        try:
            change = decode_change(row.change.payload)
        except CorruptStorage:
            # Stopping here would keep every later alert from being told.
            log.exception("Outbox row %d cannot be read and was passed over", row.id)
            return None
        if not row.rebuilt:
            self._note_deliveries(change)
        return change if self._alerts.apply(change) else None

    def _note_deliveries(self, change: EpisodeChange) -> None:
        last_word = change.verb in _LAST_WORDS
        if not change.audible and not last_word:
            return
        first_id = self._first_id(change)
        told = {
            (delivery.channel, delivery.recipient)
            for delivery in (self._deliveries.of_alert(first_id) if last_word else ())
        }
        for channel in self._channels.values():
            # Whoever never heard that it began need not hear that it is over.
            recipients = [
                recipient
                for recipient in channel.recipients(change.person)
                if not last_word or (channel.name, recipient) in told
            ]
            body = channel.words_of(change, first_id) if recipients else ""
            for recipient in recipients:
                key = delivery_key(first_id, _stage(change), channel.name, recipient)
                outcome = channel.send(Message(key, recipient, body)) if channel.at_once else None
                self._deliveries.enqueue(
                    key,
                    alert_id=change.alert_id,
                    person=change.person,
                    channel=channel.name,
                    recipient=recipient,
                    body=body,
                    now_ms=self._now_ms(),
                    delivered=None if outcome is None else outcome.text,
                )

    def _first_id(self, change: EpisodeChange) -> str:
        """The id under which the alert was told first: a renamed one is not told a second time."""
        try:
            return self._alerts.get(change.previous_alert_id or change.alert_id).first_id
        except NotFound:
            return change.alert_id

    def _keep_telling(self) -> None:
        while True:
            self._news.clear()  # before the look at `stopping`, so that a stop in between is not slept over
            stopping = self._stopping.is_set()
            try:
                self.tell()
                self._failures.pop(_TELLING, None)
            except StorageError as error:
                self._note_failure(_TELLING, error)
            if stopping:
                return
            self._news.wait(IDLE_S if _TELLING in self._failures else None)

    # ------------------------------------------------------------ sending

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
                self._failures.pop(_SENDING, None)
            except StorageError as error:
                self._note_failure(_SENDING, error)
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
            self._note_failure(_SENDING, error)
        finally:
            self._free.release()

    def _attempt(self, delivery: StoredDelivery) -> None:
        channel = self._channels.get(delivery.channel)
        if channel is None:
            outcome = Outcome(Fate.REFUSED, f"the channel {delivery.channel!r} is no longer set up")
        else:
            key, recipient = delivery.idempotency_key, delivery.recipient
            outcome = channel.send(Message(key, recipient, delivery.body))
        self._settle(delivery, outcome)

    def _settle(self, delivery: StoredDelivery, outcome: Outcome) -> None:
        deliveries, now_ms, key = self._deliveries, self._now_ms(), delivery.idempotency_key
        if outcome.fate is Fate.DELIVERED:
            deliveries.delivered(key, outcome.text, now_ms)
        elif outcome.fate is Fate.RETRY and delivery.attempts < MOST_ATTEMPTS:
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

    def _note_failure(self, what: str, error: StorageError) -> None:
        if what not in self._failures:
            log.error("%s: %s", what, error)
        self._failures[what] = str(error)


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


def delivery_key(first_id: str, stage: str, channel: str, recipient: str) -> str:
    """The idempotency key: one for each stage of an alert, channel and recipient, whatever is replayed.

    >>> delivery_key("a-1", "warning", "webhook", "w-1") == delivery_key("a-1", "critical", "webhook", "w-1")
    False
    """
    text = f"{first_id}\x00{stage}\x00{channel}\x00{recipient}"
    return "d-" + hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _stage(change: EpisodeChange) -> str:
    """What of an alert is told only once: each level it reaches, each end of a snooze, its end."""
    if change.verb is Verb.WOKEN:
        return f"woken {change.at_ms}"
    if change.verb in _LAST_WORDS:
        return "over"
    return change.level.word


def _wish_ms(outcome: Outcome) -> int:
    return round((outcome.retry_after_s or 0.0) * SECOND_MS)
