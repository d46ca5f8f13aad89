"""The address of who sends, told by proxies: only by ours, and only as far as they are ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtwin.domain.errors import ConfigurationError
from healthtwin.routing.client_address import ClientAddress

HOME = ClientAddress.trusting("X-Forwarded-For", ["10.0.0.0/24", "2001:db8::/32"])
STANDARD = ClientAddress.trusting("Forwarded", ["10.0.0.0/24"])
addresses = st.ip_addresses().map(str)


@pytest.mark.parametrize(
    ("peer", "told", "address"),
    [
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("::1", ["203.0.113.9"], "203.0.113.9"),
        ("10.0.0.7", ["203.0.113.9, 10.0.0.8"], "203.0.113.9"),
        ("127.0.0.1", ["1.2.3.4, 203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["1.2.3.4", "203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["203.0.113.9:4711"], "203.0.113.9"),
        ("127.0.0.1", ["[2001:db9::1]:4711"], "2001:db9::1"),
        ("127.0.0.1", ["unknown"], "127.0.0.1"),
        ("127.0.0.1", ["203.0.113.9, nonsense, 10.0.0.8"], "10.0.0.8"),
        ("127.0.0.1", ["", ","], "127.0.0.1"),
        ("192.0.2.1", ["203.0.113.9"], "192.0.2.1"),
        ("", ["203.0.113.9"], ""),
    ],
)
def test_the_nearest_that_is_no_proxy_of_ours_counts(peer: str, told: list[str], address: str) -> None:
    assert HOME.said(peer, told) == address


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("for=203.0.113.9", "203.0.113.9"),
        ('for="[2001:db8:cafe::17]:4711";proto=https', "2001:db8:cafe::17"),
        ("for=1.2.3.4, proto=https;For=203.0.113.9;by=10.0.0.1", "203.0.113.9"),
        ("for=_hidden", "127.0.0.1"),
        ("by=10.0.0.1", "127.0.0.1"),
    ],
)
def test_the_standards_own_header_is_read_too(told: str, address: str) -> None:
    assert STANDARD.said("127.0.0.1", [told]) == address


@given(st.lists(addresses, max_size=4), st.ip_addresses(network="203.0.113.0/24").map(str))
def test_whatever_a_client_writes_before_it_the_proxys_word_stands(written: list[str], client: str) -> None:
    assert HOME.said("127.0.0.1", [", ".join([*written, client])]) == client


@given(addresses, st.text(max_size=40))
def test_nobodys_word_is_taken_unless_it_is_configured(peer: str, told: str) -> None:
    assert ClientAddress().said(peer, [told]) == peer


@pytest.mark.parametrize(("header", "proxies"), [("X Forwarded", []), ("X-Forwarded-For", ["10.0.0.0/40"])])
def test_what_cannot_be_is_refused(header: str, proxies: list[str]) -> None:
    with pytest.raises(ConfigurationError):
        ClientAddress.trusting(header, proxies)
