"""What every answer refuses, whoever asks: other origins, frames, odd methods, doubled lengths."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest

from healthtwin.store.secrets import SECRET_BYTES
from tests.api.conftest import World, problem_of

FOREIGN = "https://evil.example"


@pytest.mark.parametrize("path", ["/api/people", "/sign-in", "/api/sign-in", "/health"])
def test_no_other_origin_is_ever_let_in(world: World, path: str) -> None:
    asked = {"Origin": FOREIGN, "Access-Control-Request-Method": "POST"}
    for answer in (
        world.client().options(path, headers=asked),
        world.client().get(path, headers={"Origin": FOREIGN}),
        world.admin().get(path, headers={"Origin": FOREIGN}),
    ):
        assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("path", ["/health", "/sign-in", "/api/people", "/no/such/page"])
def test_nobody_frames_it_and_nothing_is_shared_with_other_windows(world: World, path: str) -> None:
    headers = world.client().get(path).headers
    policy = headers["content-security-policy"]
    for directive in ("frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'"):
        assert directive in policy
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND"])
def test_a_method_that_nobody_declared_echoes_nothing(world: World, method: str) -> None:
    answer = world.admin().request(method, "/health", headers={"X-Secret": "canary"})
    assert answer.status_code in {400, 404, 405}
    assert "canary" not in answer.text


def test_a_parameter_that_is_given_twice_is_refused(world: World) -> None:
    person = world.person()
    told = world.admin().get(f"/api/people/{person}/series?metric=heart_rate&metric=spo2")
    problem_of(told, 422)


@pytest.mark.parametrize(
    "lengths",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 4\r\nContent-Length: 40\r\n",
        b"Content-Length: +4\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
    ],
    ids=["both", "two", "signed", "unknown"],
)
def test_a_message_with_two_ends_smuggles_no_second_request(world: World, lengths: bytes) -> None:
    """Either it is refused, or its length is what chunks say; what follows is never a request of its own."""
    address = urlsplit(world.url)
    hidden = b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=5) as line:
        line.sendall(
            b"POST /api/pair HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Connection: close\r\n" + lengths + b"\r\n" + hidden
        )
        told = b""
        while chunk := line.recv(4096):
            told += chunk
    assert told.count(b"HTTP/1.1 ") == 1
    assert b"smuggled" not in told


def test_a_password_is_masked_where_it_is_typed(world: World) -> None:
    page = world.client().get("/sign-in", headers={"Accept": "text/html"}).text
    assert 'type="password"' in page


def test_a_token_holds_more_bits_than_anybody_guesses(world: World) -> None:
    assert SECRET_BYTES * 8 >= 128
    assert len({world.token("admin") for _ in range(20)}) == 20
