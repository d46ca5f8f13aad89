"""One contract for every way of telling somebody: what the dispatcher relies on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from healthtwin.notify.channels.channel import PORTAL, Channel, Fate, InApp, Message
from healthtwin.notify.channels.webhook.transport import WebhookChannel
from healthtwin.notify.notice import trial_notice
from healthtwin.notify.webhooks import Webhooks
from tests.episodes.one_episode import NOON_MS

if TYPE_CHECKING:
    from healthtwin.store import Tables
    from tests.notify.receiver import Receiver

BODY = trial_notice(NOON_MS)


@pytest.fixture(params=["in_app", "webhook"])
def channel(request: pytest.FixtureRequest, tables: Tables, receiver: Receiver) -> Channel:
    """Each channel, set up so that telling the first recipient works."""
    if request.param == "in_app":
        return InApp(lambda: 2)
    Webhooks(tables).add(receiver.url, NOON_MS)
    return WebhookChannel(Webhooks(tables), allow_private=True)


def test_it_has_a_name_and_the_same_recipients_each_time(channel: Channel, pseudonym: str) -> None:
    assert channel.name.isidentifier()
    recipients = list(channel.recipients(pseudonym))
    assert recipients
    assert recipients == list(channel.recipients(pseudonym))
    assert all(recipients)


def test_telling_a_recipient_is_delivered_and_may_be_repeated(channel: Channel, pseudonym: str) -> None:
    message = Message("d-1", channel.recipients(pseudonym)[0], BODY)
    for _ in range(2):
        outcome = channel.send(message)
        assert outcome.fate is Fate.DELIVERED
        assert outcome.text


def test_a_recipient_that_does_not_exist_is_refused_not_raised(channel: Channel) -> None:
    outcome = channel.send(Message("d-1", "nobody", BODY))
    assert outcome.fate is Fate.REFUSED
    assert outcome.text
    assert "\n" not in outcome.text


def test_the_receipt_does_not_repeat_what_was_sent(channel: Channel, pseudonym: str) -> None:
    for recipient in (channel.recipients(pseudonym)[0], "nobody"):
        assert "This is a test" not in channel.send(Message("d-1", recipient, BODY)).text


def test_in_the_portal_there_is_one_recipient_for_everybody() -> None:
    assert InApp(lambda: 0).recipients("anybody") == (PORTAL,)
    assert InApp(lambda: 1).send(Message("d-1", PORTAL, BODY)).text == "on the list; 1 open browser"
