"""Alert rows and deliveries: what becomes of a change of an episode in the tables."""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING, Final

import msgspec

from healthtwin.domain import EpisodeChange, Verb, decode_change
from healthtwin.domain.errors import CorruptStorage, NotFound
from healthtwin.episodes import is_news, with_told
from healthtwin.notify.alerts import Alerts
from healthtwin.notify.channels.channel import Message
from healthtwin.notify.deliveries import Deliveries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from healthtwin.episodes import Told
    from healthtwin.notify.alerts import StoredAlert
    from healthtwin.notify.channels.channel import Channel
    from healthtwin.store import Tables
    from healthtwin.stream import OutboxRow, Source
    from healthtwin.stream.follower import Places

log = logging.getLogger(__name__)

TOLD: Final = "told"
"""Under this name stands the outbox row through which people were told; it never goes back."""

_FORGET_TOGETHER: Final = 1_000
_LAST_WORDS: Final = frozenset({Verb.RESOLVED, Verb.CLOSED, Verb.WITHDRAWN})


def _nothing(*_: object) -> None:
    """Nobody is there to hear of it."""


class AlertRows:
    """Keeps alerts as their last change left them, and notes who is to be told.

    It is a `healthtwin.stream.Projection` of the changes of episodes in the outbox.

    Args:
        tables: of the home.
        places: remembers through which change people were told: alerts that are made anew tell nobody.
        channels: every way of telling somebody.
        now_ms: the house's clock.
        on_change: called once a change stands; tells open browsers. due: called when a delivery may be due.
    """

    name = "alerts"
    version = 1
    offset = None

    def __init__(
        self,
        tables: Tables,
        places: Places,
        channels: Sequence[Channel] = (),
        now_ms: Callable[[], int] = int,
        on_change: Callable[[EpisodeChange], None] = _nothing,
        due: Callable[[], None] = _nothing,
    ) -> None:
        self._tables = tables
        self._alerts = Alerts(tables)
        self._deliveries = Deliveries(tables)
        self._places = places
        self._channels = tuple(channels)
        self._now_ms = now_ms
        self._on_change = on_change
        self._due = due
        self._told = self._told_noted = max(places.read_through(TOLD)[1], places.read_through(self.name)[1])

    @property
    def told(self) -> int:
        """The change through which people were told."""
        return self._told

    def apply(self, batch: Sequence[OutboxRow], through_offset: int) -> None:
        """Bring the tables up to these changes.

        They are one transaction: a storm of alerts costs one fsync for hundreds of changes, and either all of
        them stand with their deliveries or none does.
        """
        with self._tables.together():
            applied = [change for change in map(self._take, batch) if change is not None]
        self._told = max(self._told, through_offset)
        self._due()
        for change in applied:
            self._on_change(change)

    def sync(self) -> None:
        """Remember whom was told what, before it is remembered what stands."""
        if self._told > self._told_noted:
            self._places.note_read_through(TOLD, self.version, self._told)
            self._told_noted = self._told

    def rebuild(self, source: Source[OutboxRow]) -> None:
        """Forget the changes that the outbox holds, and the alerts of which it holds all of them.

        Deliveries stay, since they happened; so do alerts of before the outbox.
        """
        self.sync()
        after = 0
        while rows := source.read(after, _FORGET_TOGETHER):
            self._alerts.forget([row.change.id for row in rows])
            after = rows[-1].id
        self._alerts.drop_empty()

    def _take(self, row: OutboxRow) -> EpisodeChange | None:
        """The change, if the alert table did not hold it yet."""
        try:
            change = decode_change(row.change.payload)
        except CorruptStorage:
            # Stopping here would keep every later alert from being told.
            log.exception("Outbox row %d cannot be read and was passed over", row.id)
            return None
        if not self._alerts.knows(change.person):
            return None  # erased since the outbox was read: nothing of them may come back
        if self._alerts.has(change.id):
            return None
        before = self._before(change)
        told = {} if before is None else before.told
        known = told_with(change, told)
        tells = known != told
        version = 1 if before is None else before.version + tells
        change = msgspec.structs.replace(change, version=version)
        if not row.rebuilt and row.id > self._told and (tells or change.verb in _LAST_WORDS):
            self._note_deliveries(change)
        return change if self._alerts.apply(change, known) else None

    def _before(self, change: EpisodeChange) -> StoredAlert | None:
        """The alert as it stood before a change."""
        for alert_id in (change.previous_alert_id, change.alert_id):
            try:
                if alert_id is not None:
                    return self._alerts.get(alert_id)
            except (NotFound, CorruptStorage):  # one that does not open is told anew rather than never again
                continue
        return None

    def _note_deliveries(self, change: EpisodeChange) -> None:
        last_word = change.verb in _LAST_WORDS
        first_id = self._first_id(change)
        told = {
            (delivery.channel, delivery.recipient)
            for delivery in (self._deliveries.of_alert(first_id) if last_word else ())
        }
        for channel in self._channels:
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
        except (NotFound, CorruptStorage):
            return change.alert_id


def delivery_key(first_id: str, stage: str, channel: str, recipient: str) -> str:
    """The idempotency key: one for each stage of an alert, channel and recipient, whatever is replayed.

    >>> delivery_key("a-1", "warning", "webhook", "w-1") == delivery_key("a-1", "critical", "webhook", "w-1")
    False
    """
    text = f"{first_id}\x00{stage}\x00{channel}\x00{recipient}"
    return "d-" + hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _stage(change: EpisodeChange) -> str:
    """What of an alert is told only once: each level, each new sign, each end of a snooze, its end."""
    if change.verb in (Verb.WOKEN, Verb.REMINDED):
        return f"{change.verb.value} {change.at_ms}"
    if change.verb is Verb.WORSENED:
        return f"version {change.version}"
    if change.verb in _LAST_WORDS:
        return "over"
    return change.level.word


def told_with(change: EpisodeChange, told: Mapping[str, int]) -> Told:
    """What is told of an alert when this change is; the same as before where it has nothing to tell."""
    if not change.audible:
        return dict(told)
    if change.verb is Verb.WORSENED:
        return with_told(told, change.news)
    if is_news(f"{_stage(change)}:1", told):
        return {**with_told(told, change.standing), _stage(change): 1}
    return dict(told)
