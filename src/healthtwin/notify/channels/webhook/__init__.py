"""Webhooks: signed, at least once, never into the own network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.notify.channels.channel import ChannelKind
from healthtwin.notify.channels.webhook.settings import WebhookSettings
from healthtwin.notify.channels.webhook.transport import WebhookChannel
from healthtwin.notify.webhooks import Webhooks

if TYPE_CHECKING:
    from healthtwin.room import Ports

__all__ = ["KIND", "WebhookChannel", "WebhookSettings"]


def _open(ports: Ports) -> WebhookChannel:
    settings = WebhookSettings.of(ports.home.section(WebhookSettings.SECTION), ports.home.config_path)
    return WebhookChannel(Webhooks(ports.tables), allow_private=settings.allow_private)


KIND = ChannelKind(open=_open, settings=WebhookSettings)
