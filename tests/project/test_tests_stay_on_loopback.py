"""The guard around all tests lets loopback through and stops everything else before a packet leaves."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.loopback_only import OutsideWorldRefused, take_refusals


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_a_connection_to_loopback_is_let_through(listener: socket.socket) -> None:
    with socket.create_connection(listener.getsockname(), timeout=5):
        assert take_refusals() == []


def test_a_connection_to_another_machine_is_refused_and_remembered() -> None:
    with socket.socket() as outgoing, pytest.raises(OutsideWorldRefused, match=r"192\.0\.2\.1:80"):
        outgoing.connect(("192.0.2.1", 80))
    assert take_refusals() == ["socket.connect 192.0.2.1:80"]


def test_a_datagram_to_another_machine_is_refused() -> None:
    with (
        socket.socket(type=socket.SOCK_DGRAM) as outgoing,
        pytest.raises(OutsideWorldRefused, match=r"198\.51\.100\.7:53"),
    ):
        outgoing.sendto(b"?", ("198.51.100.7", 53))
    assert take_refusals() == ["socket.sendto 198.51.100.7:53"]


def test_no_other_way_of_sending_leads_out() -> None:
    with socket.socket() as outgoing, pytest.raises(OutsideWorldRefused):
        outgoing.connect_ex(("192.0.2.1", 80))
    with socket.socket(type=socket.SOCK_DGRAM) as outgoing, pytest.raises(OutsideWorldRefused):
        outgoing.sendmsg([b"?"], [], 0, ("192.0.2.1", 53))
    with socket.socket(type=socket.SOCK_DGRAM) as outgoing, pytest.raises(OutsideWorldRefused):
        outgoing.sendto(b"?", 0, ("192.0.2.1", 53))
    with pytest.raises(OutsideWorldRefused):
        socket.gethostbyname("hooks.example")
    assert len(take_refusals()) == 4


def test_a_name_is_not_looked_up_but_an_address_may_be_read() -> None:
    with pytest.raises(OutsideWorldRefused, match=r"hooks\.example"):
        socket.getaddrinfo("hooks.example", 443)
    assert take_refusals() == ["socket.getaddrinfo 'hooks.example'"]
    assert socket.getaddrinfo("192.0.2.1", 443)
    assert socket.getaddrinfo("localhost", 80)
