"""Webhooks: signed, at least once, never into the own network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.egress.outside_address import require_outside
from healthtwin.notify.channels.channel import ChannelKind
from healthtwin.notify.channels.webhook.settings import WebhookSettings
from healthtwin.notify.channels.webhook.transport import WebhookChannel
from healthtwin.notify.channels.webhook.words import glass_notice
from healthtwin.notify.webhooks import Webhooks, check_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from healthtwin.notify.webhooks import Webhook
    from healthtwin.room import Ports
    from healthtwin.store import Home, Tables

__all__ = [
    "KIND",
    "WebhookChannel",
    "WebhookSettings",
    "add_webhook",
    "channel_of",
    "glass_notice",
    "names_told",
]


def _open(ports: Ports) -> WebhookChannel:
    return channel_of(ports.home, ports.tables)


def channel_of(home: Home, tables: Tables) -> WebhookChannel:
    """The channel of a home, as its config.toml says.

    Raises:
        ConfigurationError: a setting that cannot work.
    """
    settings = WebhookSettings.of(home.section(WebhookSettings.SECTION), home.config_path)
    webhooks = Webhooks(tables)
    return WebhookChannel(
        webhooks,
        allow_private=settings.allow_private,
        portal=lambda: settings.portal or home.last_address(),
        name_of=names_told(home, tables),
    )


def names_told(home: Home, tables: Tables) -> Callable[[str], str | None]:
    """What a message calls a pseudonym, as the settings of a home allow."""
    settings = WebhookSettings.of(home.section(WebhookSettings.SECTION), home.config_path)
    return Webhooks(tables).name_of if settings.names else lambda _: None


def add_webhook(
    home: Home, tables: Tables, url: str, now_ms: int, person_id: str | None = None, grant_id: str = ""
) -> Webhook:
    """A new webhook of a home, if it may be called as far as that can be told from its URL.

    Args:
        grant_id: of whoever adds it, on whose behalf it is told; empty: at the home itself.

    Raises:
        ConfigurationError: a setting that cannot work.
        InvalidInput: no URL that could be called, or one into the own network that the settings do not allow.
        NotFound: no such person.
    """
    settings = WebhookSettings.of(home.section(WebhookSettings.SECTION), home.config_path)
    check_url(url)
    require_outside(url, allow_private=settings.allow_private)
    return Webhooks(tables).add(url, now_ms, person_id=person_id, grant_id=grant_id)


KIND = ChannelKind(open=_open, settings=WebhookSettings)
