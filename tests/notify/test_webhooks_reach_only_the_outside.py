"""What a webhook sends, how failures are told apart, and where it refuses to go."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from healthtwin.egress.outside_address import AddressRefused, judged_address, why_refused
from healthtwin.notify import Webhooks
from healthtwin.notify.channels.channel import DeliveryResult, Disposition, Message
from healthtwin.notify.channels.webhook.transport import SIGNATURE_HEADER, WebhookChannel, verify
from tests.episodes.one_episode import NOON_MS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from healthtwin.store import Tables
    from tests.notify.receiver import Receiver

BODY = '{"type":"test"}'


def post(tables: Tables, url: str, *, allow_private: bool = True) -> DeliveryResult:
    webhook = Webhooks(tables).add(url, NOON_MS)
    channel = WebhookChannel(Webhooks(tables), allow_private=allow_private)
    return channel.send(Message("d-key", webhook.id, BODY))


def test_it_posts_the_body_signed_with_its_key_and_nothing_more(tables: Tables, receiver: Receiver) -> None:
    webhook = Webhooks(tables).add(receiver.url, NOON_MS)
    channel = WebhookChannel(Webhooks(tables), allow_private=True, now_s=lambda: 1_000_000.0)
    assert channel.send(Message("d-key", webhook.id, BODY)) == DeliveryResult(Disposition.DELIVERED, "200")
    (request,) = receiver.received
    assert (request.path, request.body) == ("/hook", BODY.encode())
    assert request.headers["Idempotency-Key"] == "d-key"
    assert request.headers["Host"] == urlsplit(receiver.url).netloc
    assert "Authorization" not in request.headers
    signed = request.headers[SIGNATURE_HEADER]
    assert verify(webhook.secret, signed, request.body, 1_000_000.0)
    assert not verify(webhook.secret, signed, request.body + b" ", 1_000_000.0)
    assert not verify(b"another", signed, request.body, 1_000_000.0)
    assert not verify(webhook.secret, signed, request.body, 1_000_301.0)
    assert not verify(webhook.secret, "t=,v1=", request.body, 1_000_000.0)


@pytest.mark.parametrize(
    ("status", "disposition"),
    [
        (204, Disposition.DELIVERED),
        (301, Disposition.REFUSED),
        (302, Disposition.REFUSED),
        (307, Disposition.REFUSED),
        (400, Disposition.REFUSED),
        (410, Disposition.REFUSED),
        (408, Disposition.RETRY),
        (429, Disposition.RETRY),
        (500, Disposition.RETRY),
        (503, Disposition.RETRY),
    ],
)
def test_the_answer_decides_whether_another_attempt_makes_sense(
    tables: Tables, receiver: Receiver, status: int, disposition: Disposition
) -> None:
    receiver.statuses = [status]
    assert post(tables, receiver.url).disposition is disposition


def test_a_redirect_is_not_followed(tables: Tables, receiver: Receiver) -> None:
    receiver.statuses, receiver.headers = [302], {"Location": receiver.url}
    assert "redirects are not followed" in post(tables, receiver.url).text
    assert len(receiver.received) == 1


def test_a_busy_receiver_may_say_when_to_come_back_within_reason(tables: Tables, receiver: Receiver) -> None:
    receiver.statuses, receiver.headers = [503], {"Retry-After": "120"}
    assert post(tables, receiver.url).retry_after_s == 120
    receiver.headers = {"Retry-After": "999999"}
    assert post(tables, receiver.url).retry_after_s == 3600
    receiver.headers = {"Retry-After": "Fri, 20 Nov 2026 12:00:00 GMT"}
    assert post(tables, receiver.url).retry_after_s is None


def test_nobody_there_is_worth_another_attempt(tables: Tables) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    outcome = post(tables, f"http://127.0.0.1:{port}/")
    assert outcome.disposition is Disposition.RETRY
    assert "no connection" in outcome.text


def test_an_answer_that_drips_in_ends_the_attempt(
    tables: Tables, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("healthtwin.notify.channels.webhook.transport.WHOLE_S", 0.5)
    receiver.drip_s = 0.1
    assert post(tables, receiver.url) == DeliveryResult(Disposition.RETRY, "timed out")


def test_a_webhook_that_was_removed_or_switched_off_is_not_called(tables: Tables, receiver: Receiver) -> None:
    webhook = Webhooks(tables).add(receiver.url, NOON_MS)
    channel = WebhookChannel(Webhooks(tables), allow_private=True)
    Webhooks(tables).set_active(webhook.id, active=False)
    assert channel.send(Message("d-key", webhook.id, BODY)).disposition is Disposition.REFUSED
    Webhooks(tables).remove(webhook.id)
    assert channel.send(Message("d-key", webhook.id, BODY)).disposition is Disposition.REFUSED
    assert receiver.received == []


INSIDE = (
    "127.0.0.1",
    "localhost",
    "2130706433",  # 127.0.0.1 as one number
    "0x7f.1",
    "0177.0.0.1",
    "127.1",
    "0.0.0.0",  # noqa: S104 - nothing is bound to it
    "0",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "10.0.0.7",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "[fd00::1]",
    "[fe80::1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "224.0.0.1",
    "255.255.255.255",
    "[ff02::1]",
)


def test_however_it_is_written_an_inside_address_is_not_called(tables: Tables, receiver: Receiver) -> None:
    port = urlsplit(receiver.url).port
    for host in INSIDE:
        outcome = post(tables, f"http://{host}:{port}/hook", allow_private=False)
        assert outcome.disposition is Disposition.REFUSED, host
    assert receiver.received == []


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "0.0.0.1", "224.0.0.1", "fe80::1", "::", "::ffff:169.254.1.1"]
)
def test_even_at_home_some_addresses_are_never_called(host: str) -> None:
    assert why_refused(ipaddress.ip_address(host), allow_private=True)


@pytest.mark.parametrize(
    "host", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"]
)
def test_public_addresses_may_be_called(host: str) -> None:
    assert why_refused(ipaddress.ip_address(host), allow_private=False) == ""


def test_one_bad_address_among_good_ones_refuses_the_name() -> None:
    def both(_host: str, _port: int) -> Sequence[str]:
        return ["93.184.215.14", "127.0.0.1"]

    with pytest.raises(AddressRefused, match="a loopback address"):
        judged_address("both.example", 80, allow_private=False, resolver=both)


def test_a_name_that_changes_its_answer_gains_nothing(tables: Tables, receiver: Receiver) -> None:
    """The name is asked once; the connection goes to the address that was judged, with the name's Host."""
    port = urlsplit(receiver.url).port
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    webhook = Webhooks(tables).add(f"http://rebinding.example:{port}/hook", NOON_MS)
    channel = WebhookChannel(Webhooks(tables), allow_private=True, resolver=rebinding)
    assert channel.send(Message("d-key", webhook.id, BODY)).disposition is Disposition.DELIVERED
    assert asked == ["rebinding.example"]
    assert receiver.received[0].headers["Host"] == f"rebinding.example:{port}"
    assert channel.send(Message("d-key", webhook.id, BODY)).disposition is Disposition.REFUSED
    assert len(receiver.received) == 1
