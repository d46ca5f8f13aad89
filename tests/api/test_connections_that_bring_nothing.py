"""Raw sockets against a real server: heads without end, senders that never go on, more of them than fit."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from healthtwin.api import Listen, ServeSettings, serving
from healthtwin.api.connections import ConnectionLimits, allow_many_files
from healthtwin.house import open_house
from tests.api.conftest import World

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMITS = ConnectionLimits(head_s=0.5, body_idle_s=0.5, waiting=300, at_address=40, young_s=0.05, idle=50)


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A house whose server has little patience, so that the tests need little."""
    home = tmp_path_factory.mktemp("strict") / "home"
    house = open_house(home)
    house.start()
    try:
        with serving(house, Listen(), ServeSettings(connections=LIMITS)) as url:
            yield World(url, house, home)
    finally:
        house.stop()


def connected(world: World, source: str = "127.0.0.1") -> socket.socket:
    target = urlsplit(world.url)
    made = socket.create_connection((target.hostname, target.port), timeout=10, source_address=(source, 0))
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def all_of(connection: socket.socket) -> bytes:
    """What comes until the other side hangs up."""
    received = b""
    try:
        while part := connection.recv(65_536):
            received += part
    except ConnectionError:
        pass
    return received


def health(world: World, source: str = "127.0.0.1") -> bytes:
    """What a newcomer is answered."""
    with connected(world, source) as asking:
        asking.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        return all_of(asking)


HEAD = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n"

ENDLESS = {
    "one header's value": (HEAD + b"X-Long: ", b"a" * 4096),
    "one header's name": (HEAD, b"a" * 4096),
    "many headers": (HEAD, b"X-Many: 1234567890\r\n" * 200),
    "the path": (b"GET /", b"a" * 4096),
    "the query": (b"GET /health?", b"a=1&" * 1024),
    "the method": (b"", b"\r\n" * 2048),
    "a trailer": (
        b"POST /api/pair HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n",
        b"X-Trailer: 1234567890\r\n" * 200,
    ),
    "the extension of a chunk": (
        b"POST /api/pair HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n1;",
        b"x" * 4096,
    ),
}


@pytest.mark.parametrize("what", ENDLESS)
def test_what_never_ends_is_cut_off_long_before_it_fills_memory(strict: World, what: str) -> None:
    begins, goes_on = ENDLESS[what]
    sent = 0
    with connected(strict) as attacker:
        attacker.sendall(begins)
        try:
            while sent < 4 * 1024 * 1024:
                attacker.sendall(goes_on)
                sent += len(goes_on)
        except OSError:
            pass  # hung up on, which is what is wanted
        answer = all_of(attacker) if sent < 4 * 1024 * 1024 else b"it was all taken"
    assert sent < 4 * 1024 * 1024
    assert answer == b"" or answer.startswith((b"HTTP/1.1 431", b"HTTP/1.1 400", b"HTTP/1.1 4"))
    assert health(strict).startswith(b"HTTP/1.1 200")


def test_a_head_that_is_too_long_is_told_so(strict: World) -> None:
    with connected(strict) as sender:
        sender.sendall(HEAD + b"X-Long: " + b"a" * 70_000)
        answer = all_of(sender)
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert b"application/problem+json" in answer


@pytest.mark.parametrize("begins", [b"", b"GET /hea", HEAD, HEAD + b"X-Slow: a"])
def test_a_head_that_does_not_come_in_time_ends_the_connection(strict: World, begins: bytes) -> None:
    with connected(strict) as slow:
        slow.sendall(begins)
        began = time.monotonic()
        answer = all_of(slow)
        assert time.monotonic() - began < 5
    assert answer == b"" if not begins else answer.startswith(b"HTTP/1.1 408 ")


def test_dripping_a_head_byte_by_byte_gains_no_time(strict: World) -> None:
    began = time.monotonic()
    with connected(strict) as dripping:
        try:
            while time.monotonic() - began < 8:
                dripping.sendall(b"G")
                time.sleep(0.02)
        except OSError:
            pass
    assert time.monotonic() - began < 5


def test_a_body_that_stops_coming_ends_the_connection_and_a_slow_one_is_read(strict: World) -> None:
    head = b"POST /api/pair HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    with connected(strict) as stopped:
        stopped.sendall(head + b"Content-Length: 500\r\n\r\n{")
        began = time.monotonic()
        all_of(stopped)
        assert time.monotonic() - began < 5
    with connected(strict) as slow:
        body = b'{"code": "00000-00000"}'
        slow.sendall(head + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body))
        for letter in body:
            slow.sendall(bytes([letter]))
            time.sleep(0.03)
        assert all_of(slow).startswith(b"HTTP/1.1 401")


@pytest.mark.parametrize("source", ["127.0.0.1", "127.0.0.9"])
@pytest.mark.parametrize(
    "half", [b"", HEAD, b"POST /api/pair HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n{"]
)
def test_eleven_hundred_half_sent_requests_keep_nobody_out(strict: World, half: bytes, source: str) -> None:
    """From one address, whoever comes then: from there too, since a household has one address."""
    allow_many_files()  # both ends of them are in this process
    held = []
    try:
        for _ in range(1_100):
            held.append(connected(strict))
            if half:
                held[-1].sendall(half)
        began = time.monotonic()
        assert health(strict, source).startswith(b"HTTP/1.1 200")
        assert time.monotonic() - began < 2
    finally:
        for each in held:
            each.close()


def test_resting_connections_are_kept_only_so_far(strict: World) -> None:
    allow_many_files()
    held = []
    try:
        for _ in range(120):
            held.append(connected(strict))
            held[-1].sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert held[-1].recv(65_536).startswith(b"HTTP/1.1 200")
        held[0].settimeout(2)
        assert all_of(held[0]) == b"", "the one that rests longest makes room"
        held[-1].sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert held[-1].recv(65_536).startswith(b"HTTP/1.1 200")
    finally:
        for each in held:
            each.close()


def test_requests_in_one_packet_are_all_answered(strict: World) -> None:
    with connected(strict) as sender:
        one = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Fill: " + b"a" * 2_000 + b"\r\n\r\n"
        last = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        sender.sendall(one * 60 + last)
        assert all_of(sender).count(b"HTTP/1.1 200") == 61


def test_a_large_body_in_small_chunks_is_no_endless_head(strict: World) -> None:
    person = strict.person()
    token = strict.token("device", person)
    rows = b'{"timestamp": %d, "heart_rate": 61}' % strict.house.now_ms()
    body = b" " * 90_000 + rows
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body) + b"0\r\n\r\n"
    with connected(strict) as sender:
        sender.sendall(
            b"POST /api/vitals HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
            b"Authorization: Bearer " + token.encode() + b"\r\n\r\n" + chunks
        )
        assert all_of(sender).startswith(b"HTTP/1.1 200")


def test_a_stop_does_not_wait_for_who_reads_nothing_or_brings_nothing(strict: World) -> None:
    house = strict.house
    token = strict.token("admin")
    with serving(house, Listen(), ServeSettings(connections=LIMITS)) as url:
        other = World(url, house, strict.home)
        stalled = [connected(other) for _ in range(4)]
        for each in stalled[:2]:
            each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1_024)
            each.sendall(
                b"GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %b\r\n\r\n"
                % token.encode()
                * 100
            )  # more than the system takes for us
        stalled[2].sendall(
            b"GET /api/live HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
            + token.encode()
            + b"\r\n\r\n"
        )
        stalled[3].sendall(HEAD)
        health(other)
        began = time.monotonic()
    assert time.monotonic() - began < 3
    for each in stalled:
        each.close()
