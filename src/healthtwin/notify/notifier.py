"""Telling people: the dispatcher over the outbox with its channels, and what of it the house asks for."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import NotFound, StorageError
from healthtwin.notify.answers import DeliveryView
from healthtwin.notify.channels.channel import Disposition, Message
from healthtwin.notify.deliveries import Deliveries, DeliveryStatus
from healthtwin.notify.dispatcher import Dispatcher
from healthtwin.notify.webhooks import Webhooks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from healthtwin.access import Telling
    from healthtwin.episodes import EpisodeChange
    from healthtwin.notify.channels.channel import Channel
    from healthtwin.notify.receivers import Failing
    from healthtwin.notify.sender import Told
    from healthtwin.store import Tables
    from healthtwin.stream import Runner

_WEBHOOK: Final = "webhook"


class Notifier:
    """Carries changes from the runner's outbox to alert rows, open browsers and channels.

    Args:
        runner: whose outbox is told; only read.
        channels: every way of telling somebody.
        now_ms: the house's clock.
        on_change: called once a change stands in the alert table.
        told, telling: see `healthtwin.notify.sender.Sender`.
    """

    def __init__(
        self,
        runner: Runner,
        tables: Tables,
        channels: Sequence[Channel],
        now_ms: Callable[[], int],
        on_change: Callable[[EpisodeChange], None],
        told: Told = lambda *_: None,
        telling: Telling | None = None,
    ) -> None:
        self._deliveries = Deliveries(tables)
        self._webhooks = Webhooks(tables)
        self._now_ms = now_ms
        self._channels = {channel.name: channel for channel in channels}
        self._dispatcher = Dispatcher(runner, tables, channels, now_ms, on_change, told=told, telling=telling)

    def start(self) -> None:
        """Begin to tell, from whatever is untold."""
        self._dispatcher.start()

    def stop(self) -> None:
        """Tell what stands in the outbox, finish the attempts under way, and end."""
        self._dispatcher.stop()

    def wake(self) -> None:
        """There is something new in the outbox; from any thread."""
        self._dispatcher.wake()

    @property
    def failure(self) -> StorageError | None:
        """What keeps alerts from being told right now."""
        said = self._dispatcher.failure
        return None if said is None else StorageError(said)

    def caught_up(self) -> bool:
        """Whether everything in the outbox stands in the alert table."""
        return self._dispatcher.caught_up()

    def pending(self) -> int:
        """Messages that no receiver has confirmed yet."""
        return self._deliveries.pending()

    def failing(self) -> list[Failing]:
        """Receivers of whom nothing arrives any more."""
        return self._dispatcher.failing()

    def send_test(self, webhook_id: str) -> DeliveryView:
        """Make one attempt at a message marked as a test.

        Raises:
            NotFound: no such webhook.
        """
        webhook, channel = self._webhooks.get(webhook_id), self._channels.get(_WEBHOOK)
        if channel is None:
            raise NotFound("this house sends no webhooks")
        now_ms = self._now_ms()
        key = f"test-{secrets.token_hex(8)}"
        outcome = channel.send(Message(key, webhook.id, channel.words_of_trial(now_ms)))
        arrived = outcome.disposition is Disposition.DELIVERED
        status = DeliveryStatus.DELIVERED if arrived else DeliveryStatus.FAILED
        return DeliveryView(channel.name, webhook.id, f"{status.value}: {outcome.text}", 1, now_ms)
