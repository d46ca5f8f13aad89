"""Webhooks of a home as a command handles them: added as its settings allow, and tried out."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple

from healthtwin.notify.channels.channel import Disposition, Message
from healthtwin.notify.channels.webhook import add_webhook, channel_of
from healthtwin.notify.webhooks import Webhooks

if TYPE_CHECKING:
    from healthtwin.store import Home, Tables

__all__ = ["Trial", "add_webhook", "try_webhook"]


class Trial(NamedTuple):
    """What came of a test message: whether it arrived, and in words."""

    arrived: bool
    text: str


def try_webhook(home: Home, tables: Tables, webhook_id: str, now_ms: int) -> Trial:
    """Make one attempt at a message that says it is a test.

    Raises:
        NotFound: no such webhook.
    """
    Webhooks(tables).get(webhook_id)
    channel = channel_of(home, tables)
    key = f"test-{secrets.token_hex(8)}"
    outcome = channel.send(Message(key, webhook_id, channel.words_of_trial(now_ms)))
    return Trial(outcome.disposition is Disposition.DELIVERED, outcome.text)
