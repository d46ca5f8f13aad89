"""One contract for every way of telling somebody: what the dispatcher relies on."""

from __future__ import annotations

from dataclasses import fields
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from healthtwin.domain import AlertLevel, AlertState, EpisodeChange, Verb
from healthtwin.domain.errors import ConfigurationError
from healthtwin.notify import Webhooks
from healthtwin.notify.channels import channel_kinds, open_channels
from healthtwin.notify.channels.channel import Channel, Disposition, Message
from healthtwin.notify.channels.in_app import PORTAL, InApp
from healthtwin.notify.channels.webhook.words import trial_notice
from healthtwin.store import Home
from tests.episodes.one_episode import NOON_MS

if TYPE_CHECKING:
    from pathlib import Path

    from healthtwin.room import Ports
    from healthtwin.store import Tables
    from tests.notify.receiver import Receiver

BODY = trial_notice(NOON_MS)


@pytest.fixture(params=channel_kinds())
def channel(request: pytest.FixtureRequest, tables: Tables, receiver: Receiver, tmp_path: Path) -> Channel:
    """Each channel as a house opens it, set up so that telling its recipients works."""
    home = Home.open(tmp_path / "home")
    with home.config_path.open("a", encoding="utf-8") as config:
        config.write("\n[webhooks]\nallow_private = true\n")
    Webhooks(tables).add(receiver.url, NOON_MS)
    ports = SimpleNamespace(home=home, tables=tables, watchers=lambda: 2, now_ms=lambda: NOON_MS)
    opened = {each.name: each for each in open_channels(cast("Ports", ports))}
    if request.param not in opened:
        pytest.skip("not set up in a plain home")
    return opened[request.param]


def change_of_somebody(pseudonym: str, verb: Verb = Verb.OPENED) -> EpisodeChange:
    return EpisodeChange(
        id="c-1",
        person=pseudonym,
        alert_id="a-1",
        verb=verb,
        dedup_key="vitals",
        rule="oxygen_saturation_very_low",
        level=AlertLevel.CRITICAL,
        state=AlertState.TRIGGERED,
        started_ms=NOON_MS,
        at_ms=NOON_MS,
        arrived_ms=NOON_MS,
    )


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
        assert outcome.disposition is Disposition.DELIVERED
        assert outcome.text


def test_a_recipient_that_does_not_exist_is_refused_not_raised(channel: Channel) -> None:
    outcome = channel.send(Message("d-1", "nobody", BODY))
    assert outcome.disposition is Disposition.REFUSED
    assert outcome.text
    assert "\n" not in outcome.text


def test_the_receipt_does_not_repeat_what_was_sent(channel: Channel, pseudonym: str) -> None:
    for recipient in (channel.recipients(pseudonym)[0], "nobody"):
        assert "This is a test" not in channel.send(Message("d-1", recipient, BODY)).text


def test_in_the_portal_there_is_one_recipient_for_everybody() -> None:
    assert InApp(lambda: 0).recipients("anybody") == (PORTAL,)
    assert InApp(lambda: 1).send(Message("d-1", PORTAL, BODY)).text == "on the list; 1 open browser"


def test_a_folder_is_all_that_a_channel_is() -> None:
    kinds = channel_kinds()
    assert {"in_app", "webhook"} <= set(kinds)
    for kind in kinds.values():
        if kind.settings is None:
            continue
        assert [field.name for field in fields(kind.settings)] == list(kind.settings.MEANING)  # type: ignore[arg-type]
        kind.settings()  # every setting has a default


@pytest.mark.parametrize("verb", list(Verb))
def test_what_is_sent_never_names_a_person(channel: Channel, pseudonym: str, verb: Verb) -> None:
    told = channel.words_of(change_of_somebody(pseudonym, verb), "a-1")
    assert "Ada" not in told
    assert told == channel.words_of(change_of_somebody(pseudonym, verb), "a-1")
    assert pseudonym not in channel.words_of_trial(NOON_MS)


def test_a_setting_that_cannot_work_is_named(tables: Tables, tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    with home.config_path.open("a", encoding="utf-8") as config:
        config.write("\n[webhooks]\nallow_privat = true\n")
    ports = SimpleNamespace(home=home, tables=tables, watchers=lambda: 2, now_ms=lambda: NOON_MS)
    with pytest.raises(ConfigurationError, match="allow_private = true or false"):
        open_channels(cast("Ports", ports))
