"""Under which addresses this machine is reached, found without asking the network."""

from __future__ import annotations

import ipaddress
import socket

import pytest

from healthtwin.house import addresses, own_addresses, own_names


def test_what_a_phone_reaches_first_comes_first_and_loopback_last(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        ("lo", "127.0.0.1"),
        ("docker0", "172.17.0.1"),
        ("wlan0", "fd00::20"),
        ("wlan0", "192.168.1.20"),
    ]
    monkeypatch.setattr(addresses, "_of_interfaces", lambda: found)
    monkeypatch.setattr(addresses, "_of_name", lambda: found)
    assert own_addresses() == ["192.168.1.20", "fd00::20", "172.17.0.1", "127.0.0.1", "::1"]


def test_this_machine_has_loopback_and_no_address_that_needs_a_zone() -> None:
    found = [ipaddress.ip_address(text) for text in own_addresses()]
    assert ipaddress.ip_address("127.0.0.1") in found
    assert not any(address.is_link_local and address.version == 6 for address in found)
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("hostname", "names"),
    [
        ("Laptop", ["laptop", "laptop.local", "localhost"]),
        ("laptop.home.arpa", ["laptop.home.arpa", "laptop.local", "localhost"]),
        ("my laptop_", ["localhost"]),
        ("localhost", ["localhost", "localhost.local"]),
    ],
)
def test_names_are_those_that_a_certificate_can_hold(
    monkeypatch: pytest.MonkeyPatch, hostname: str, names: list[str]
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: hostname)
    assert own_names() == names


def test_where_interfaces_cannot_be_read_the_machines_name_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(2, 1, 6, "", ("192.168.1.20", 0)), (10, 1, 6, "", ("fe80::1%en0", 0, 0, 3))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: answers)
    assert addresses._of_name() == [("", "192.168.1.20")]  # noqa: SLF001 - Linux asks its interfaces instead

    def unknown(*_args: object, **_named: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert addresses._of_name() == []  # noqa: SLF001
