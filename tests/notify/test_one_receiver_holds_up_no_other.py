"""A receiver that hangs, fails or cannot exist: others are called at once, and somebody hears of it."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.access import Actor
from healthtwin.domain import HOUR_MS, MINUTE_MS
from healthtwin.domain.errors import InvalidInput
from healthtwin.notify import Deliveries, DeliveryStatus, Webhooks
from healthtwin.notify.channels.channel import DeliveryResult, Disposition, Message
from healthtwin.notify.channels.webhook import WebhookChannel
from healthtwin.notify.receivers import (
    AT_ONCE,
    FAILING_AT_ONCE,
    OPEN_AFTER,
    SENDERS,
    UNKNOWN_AT_ONCE,
    Address,
    Receivers,
)
from healthtwin.notify.sender import LONGEST_MS, MOST_ATTEMPTS, Sender
from healthtwin.notify.tables import WebhookRow
from tests.episodes.one_episode import NOON_MS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from healthtwin.notify.channels.channel import Channel
    from healthtwin.store import Tables
    from tests.notify.receiver import Receiver


@contextmanager
def hanging() -> Iterator[str]:
    """URL of a receiver that takes every connection and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(256)
        held: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    held.append(listening.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/hook"
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()
            for each in held:
                each.close()


def note(tables: Tables, person: str, recipient: str, count: int = 1, *, at_ms: int = NOON_MS) -> None:
    """So many messages to a webhook, due at once."""
    with tables.together():
        for number in range(count):
            Deliveries(tables).enqueue(
                f"d-{recipient}-{number}",
                alert_id="a-1",
                person=person,
                channel="webhook",
                recipient=recipient,
                body="{}",
                now_ms=at_ms,
            )


def status_of(tables: Tables, key: str) -> tuple[DeliveryStatus, int]:
    (found,) = [each for each in Deliveries(tables).of_alert("a-1") if each.idempotency_key == key]
    return found.status, found.attempts


def test_a_thousand_alerts_for_a_hanging_receiver_keep_no_other_waiting_nor_a_stop(
    tables: Tables, pseudonym: str, receiver: Receiver
) -> None:
    with hanging() as url:
        dead, well = (Webhooks(tables).add(each, NOON_MS) for each in (url, receiver.url))
        note(tables, pseudonym, dead.id, 1_000)
        sender = Sender(tables, [WebhookChannel(Webhooks(tables), allow_private=True)], lambda: NOON_MS)
        sender.start()
        try:
            note(tables, pseudonym, well.id)
            sender.wake()
            receiver.wait_for(1, timeout_s=4.0)
        finally:
            began = time.monotonic()
            sender.stop()
        assert time.monotonic() - began < 3.0, "a stop does not wait for who never answers"
    assert status_of(tables, f"d-{well.id}-0") == (DeliveryStatus.DELIVERED, 1)
    assert Deliveries(tables).pending() == 1_000, "what was broken off is tried after the next start"


class Scripted:
    """A channel whose recipients answer as the test says, or break."""

    name = "webhook"
    at_once = False

    def __init__(self) -> None:
        self.says: dict[str, DeliveryResult | Exception] = {}
        self.sent: list[str] = []

    def recipients(self, person: str) -> list[str]:
        return [person]

    def words_of(self, *_: object) -> str:
        return ""

    def actor_of(self, recipient: str) -> Actor:
        return Actor(recipient)

    def without_readings(self, body: str) -> str:
        return body

    def words_of_trial(self, at_ms: int) -> str:
        return f"{at_ms}"

    def send(self, message: Message) -> DeliveryResult:
        self.sent.append(message.idempotency_key)
        said = self.says.get(message.recipient, DeliveryResult(Disposition.DELIVERED, "200"))
        if isinstance(said, Exception):
            raise said
        return said


class Clock:
    """The house's clock, set by hand."""

    now_ms = NOON_MS

    def __call__(self) -> int:
        return self.now_ms


def sender_of(tables: Tables, channel: Channel, clock: Clock) -> Sender:
    return Sender(tables, [channel], clock, jitter=lambda: 0.0)


DOWN = DeliveryResult(Disposition.RETRY, "timed out")


def test_one_that_fails_is_tried_once_in_a_while_and_all_that_waited_goes_when_it_is_back(
    tables: Tables, pseudonym: str
) -> None:
    channel, clock = Scripted(), Clock()
    channel.says["w-1"] = DOWN
    note(tables, pseudonym, "w-1", 50)
    sender = sender_of(tables, channel, clock)
    assert sender.send_due() <= AT_ONCE + 1, "a receiver that does not answer is not called fifty times"
    (failing,) = sender.failing()
    assert (failing.address, failing.since_ms, failing.text) == (("webhook", "w-1"), NOON_MS, "timed out")
    for _ in range(30):
        clock.now_ms += MINUTE_MS
        assert sender.send_due() <= 1
    del channel.says["w-1"]
    clock.now_ms += MINUTE_MS
    sender.send_due()
    assert sender.failing() == []
    assert Deliveries(tables).pending() == 0, "nothing waits an hour for its own next attempt"


def test_what_was_never_tried_goes_before_what_failed(tables: Tables, pseudonym: str) -> None:
    channel, clock = Scripted(), Clock()
    channel.says["w-1"] = DOWN
    note(tables, pseudonym, "w-1", 1)
    sender = sender_of(tables, channel, clock)
    sender.send_due()
    del channel.says["w-1"]
    clock.now_ms += HOUR_MS
    note(tables, pseudonym, "w-1", 2, at_ms=clock.now_ms)
    sender.send_due()
    assert channel.sent == ["d-w-1-0", "d-w-1-1", "d-w-1-0"]


def test_what_waits_too_long_for_one_out_of_reach_is_given_up_and_counted(
    tables: Tables, pseudonym: str
) -> None:
    channel, clock = Scripted(), Clock()
    channel.says["w-1"] = DOWN
    note(tables, pseudonym, "w-1", 100)
    sender = sender_of(tables, channel, clock)
    while clock.now_ms <= NOON_MS + LONGEST_MS + HOUR_MS:
        sender.send_due()
        clock.now_ms += 30 * MINUTE_MS
    assert Deliveries(tables).pending() == 0
    (lost,) = Deliveries(tables).given_up(NOON_MS)
    assert (lost.channel, lost.recipient, lost.count) == ("webhook", "w-1", 100)
    assert "timed out" in lost.text
    assert Deliveries(tables).given_up(clock.now_ms) == []


def test_a_house_that_was_off_for_a_day_still_tells_what_it_owes(tables: Tables, pseudonym: str) -> None:
    channel, clock = Scripted(), Clock()
    note(tables, pseudonym, "w-1", 3)
    clock.now_ms += 24 * HOUR_MS
    assert sender_of(tables, channel, clock).send_due() == 3
    assert Deliveries(tables).pending() == 0


@pytest.mark.parametrize(
    "error", [kind("a secret") for kind in (UnicodeError, ValueError, RuntimeError, KeyError, OSError)]
)
def test_whatever_breaks_in_an_attempt_counts_as_one(
    tables: Tables, pseudonym: str, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    channel, clock = Scripted(), Clock()
    channel.says["w-1"] = error
    note(tables, pseudonym, "w-1")
    sender = sender_of(tables, channel, clock)
    for _ in range(40):
        sender.send_due()
        clock.now_ms += HOUR_MS
    assert status_of(tables, "d-w-1-0") == (DeliveryStatus.FAILED, MOST_ATTEMPTS)
    assert "a secret" not in caplog.text, "the message of an error may hold what was to be sent"


def test_a_message_whose_attempts_never_end_is_given_up_too(tables: Tables, pseudonym: str) -> None:
    note(tables, pseudonym, "w-1")
    now_ms = NOON_MS
    for _ in range(MOST_ATTEMPTS):  # each claim stands for a process that died in its attempt
        Deliveries(tables).claim(now_ms, 1)
        now_ms += HOUR_MS
    clock = Clock()
    clock.now_ms = now_ms
    channel = Scripted()
    sender_of(tables, channel, clock).send_due()
    assert channel.sent == []
    assert status_of(tables, "d-w-1-0")[0] is DeliveryStatus.FAILED


IMPOSSIBLE = (
    "http://hooks..example.com/x",
    "http://.example.com/",
    "https://hooks.example.com../x",
    "http://hooks.exa mple.com/",
    "http://-hooks.example.com/",
    "http://hooks-.example.com/",
    "http://hooks.example.com:0/",
    "http://" + "a" * 64 + ".example.com/",
    "http://" + "a." * 130 + "com/",
    "http://hooks,example.com/",
    "http://hooks.exam*ple.com/",
    "http://hooks%2eexample.com/",
    "http://999.1.1.1/",
    "http://10.0.0.1.1/",
    "http://[::1",
    "http://[::zz]/",
    "http://\u2024/",
)


def test_a_host_that_cannot_exist_is_refused_when_it_is_typed(tables: Tables) -> None:
    for url in IMPOSSIBLE:
        with pytest.raises(InvalidInput, match="url"):
            Webhooks(tables).add(url, NOON_MS)
    assert Webhooks(tables).list() == []


def test_a_host_that_can_exist_is_taken(tables: Tables) -> None:
    for url in (
        "https://hooks.example.com/x",
        "https://hooks.example.com./x",
        "https://bücher.example/x",
        "https://xn--bcher-kva.example/x",
        "https://my_nas:8443/x",
        "https://93.184.215.14/x",
        "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/x",
        "https://n8n/webhook/1f2e?x=%20",
    ):
        assert Webhooks(tables).add(url, NOON_MS).url == url


def test_an_impossible_host_of_an_earlier_version_is_refused_at_the_first_attempt(
    tables: Tables, pseudonym: str
) -> None:
    def nobody(_host: str, _port: int) -> list[str]:
        raise OSError("no such name")

    sender = sender_of(tables, WebhookChannel(Webhooks(tables), resolver=nobody), Clock())
    for number, url in enumerate(IMPOSSIBLE):
        old = WebhookRow(
            id=f"w-{number}", url=url, person_id=None, secret=b"s".hex(), active=True, created_ms=NOON_MS
        )
        with tables.write() as session:
            session.add(old)
        note(tables, pseudonym, f"w-{number}")
    sender.send_due()
    for number, url in enumerate(IMPOSSIBLE):
        assert status_of(tables, f"d-w-{number}-0")[1] == 1, url
        assert Deliveries(tables).receipts(f"d-w-{number}-0"), url


# ---------------------------------------------------------------- the law, over every order of things

WELL = Address("webhook", "well")
OTHERS = [Address("webhook", f"w-{number}") for number in range(40)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(OTHERS), st.booleans(), st.integers(0, 120_000)), min_size=1, max_size=150
    )
)
def test_whoever_is_known_to_answer_finds_a_free_thread_whatever_the_others_do(
    steps: list[tuple[Address, bool, int]],
) -> None:
    receivers, now_ms = Receivers(), 0
    receivers.began(WELL)
    receivers.ended(WELL, "200", now_ms, arrived=True)
    under_way: list[Address] = []
    for address, ends, pause_ms in steps:
        now_ms += pause_ms
        if ends and under_way:
            receivers.ended(under_way.pop(0), "timed out", now_ms, arrived=False)
        for _ in range(receivers.room_for(address, now_ms)):
            receivers.began(address)
            under_way.append(address)
        assert receivers.room_for(WELL, now_ms) >= 1
        assert len(under_way) <= UNKNOWN_AT_ONCE
        assert all(under_way.count(each) <= AT_ONCE for each in under_way)


def test_the_shares_leave_room_for_who_answers() -> None:
    assert FAILING_AT_ONCE + UNKNOWN_AT_ONCE + AT_ONCE <= SENDERS
    assert OPEN_AFTER <= AT_ONCE
