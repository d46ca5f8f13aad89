"""One contract for every way of telling somebody: what the dispatcher relies on."""

from __future__ import annotations

import json
from dataclasses import fields
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from healthtwin.domain import AlertLevel, AlertState, EpisodeChange, Verb
from healthtwin.domain.errors import ConfigurationError, InvalidInput
from healthtwin.notify import Webhooks
from healthtwin.notify.channels import channel_kinds, open_channels
from healthtwin.notify.channels.channel import Channel, Disposition, Message
from healthtwin.notify.channels.in_app import PORTAL, InApp
from healthtwin.notify.channels.webhook import add_webhook, channel_of
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
def test_what_is_sent_is_the_same_each_time_and_a_trial_speaks_of_nobody(
    channel: Channel, pseudonym: str, verb: Verb
) -> None:
    told = channel.words_of(change_of_somebody(pseudonym, verb), "a-1")
    assert told == channel.words_of(change_of_somebody(pseudonym, verb), "a-1")
    trial = channel.words_of_trial(NOON_MS)
    assert pseudonym not in trial
    assert "Ada" not in trial


def webhook_in(tables: Tables, home: Home, settings: str = "") -> Channel:
    """The channel of a home whose config.toml says this below `[webhooks]`."""
    home.config_path.write_text(f"[webhooks]\n{settings}\n", encoding="utf-8")
    return channel_of(home, tables)


def test_a_webhook_says_who_it_is_and_where_to_look(tables: Tables, pseudonym: str, tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    change = change_of_somebody(pseudonym)
    told = json.loads(webhook_in(tables, home, 'portal = "https://twin.example/"').words_of(change, "a-0"))
    assert (told["person"], told["name"]) == (pseudonym, "Ada")
    assert told["link"] == "https://twin.example/alerts/a-0"
    assert "link" not in json.loads(webhook_in(tables, home).words_of(change, "a-0")), "never served yet"
    (home.path / "address").write_text("http://127.0.0.1:8420\n", encoding="utf-8")
    assert json.loads(webhook_in(tables, home).words_of(change, "a-0"))["link"] == (
        "http://127.0.0.1:8420/alerts/a-0"
    )


@pytest.mark.parametrize("verb", list(Verb))
def test_where_names_are_not_wanted_none_is_sent(
    tables: Tables, pseudonym: str, tmp_path: Path, verb: Verb
) -> None:
    channel = webhook_in(tables, Home.open(tmp_path / "home"), "names = false")
    told = channel.words_of(change_of_somebody(pseudonym, verb), "a-1")
    assert "Ada" not in told
    assert pseudonym in told


@pytest.mark.parametrize("setting", ['portal = "twin.example"', "portal = 3", 'portal = "https://x/y"'])
def test_an_address_of_the_portal_that_cannot_be_one_is_named(
    tables: Tables, tmp_path: Path, setting: str
) -> None:
    with pytest.raises(ConfigurationError, match="portal"):
        webhook_in(tables, Home.open(tmp_path / "home"), setting)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/",
        "http://localhost/x",
        "https://twin.localhost/x",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://192.168.1.7:8123/api",
        "http://10.0.0.7/",
        "http://[fd00::1]/",
    ],
)
def test_an_inside_address_is_refused_when_it_is_added_unless_the_home_allows_it(
    tables: Tables, tmp_path: Path, url: str
) -> None:
    home = Home.open(tmp_path / "home")
    with pytest.raises(InvalidInput, match="allow_private = true"):
        add_webhook(home, tables, url, NOON_MS)
    assert Webhooks(tables).list() == []
    home.config_path.write_text("[webhooks]\nallow_private = true\n", encoding="utf-8")
    assert add_webhook(home, tables, url, NOON_MS).url == url


@pytest.mark.parametrize("url", ["http://169.254.169.254/", "http://0.0.0.0/", "http://[fe80::1]/"])
def test_what_may_never_be_called_is_refused_without_a_remedy(
    tables: Tables, tmp_path: Path, url: str
) -> None:
    home = Home.open(tmp_path / "home")
    home.config_path.write_text("[webhooks]\nallow_private = true\n", encoding="utf-8")
    with pytest.raises(InvalidInput) as refused:
        add_webhook(home, tables, url, NOON_MS)
    assert "allow_private" not in str(refused.value)


def test_a_setting_that_cannot_work_is_named(tables: Tables, tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    with home.config_path.open("a", encoding="utf-8") as config:
        config.write("\n[webhooks]\nallow_privat = true\n")
    ports = SimpleNamespace(home=home, tables=tables, watchers=lambda: 2, now_ms=lambda: NOON_MS)
    with pytest.raises(ConfigurationError, match="allow_private = true or false"):
        open_channels(cast("Ports", ports))
