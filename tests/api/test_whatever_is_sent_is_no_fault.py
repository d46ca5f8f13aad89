"""Every route, with headers, queries, paths and bodies that no browser sends: refused, never a fault."""

from __future__ import annotations

import http.client
import random
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

import pytest

from healthtwin.api.app import features
from healthtwin.routing import all_of
from healthtwin.routing.declaration import SOCKET

if TYPE_CHECKING:
    from healthtwin.routing.declaration import Declaration
    from tests.api.conftest import World

ROUTES: Final = [
    each
    for each in all_of(features())
    if each.method != SOCKET and not each.path.startswith("/api/live") and "sign-out" not in each.path
]

ODD: Final = (
    b"http://[::1",
    b"[::1",
    b"http://[zz]/",
    b"//",
    b"null",
    b"\xff\xfe\xfd",
    b"\xed\xa0\x80",  # half a surrogate pair, as a wrong encoder writes it
    b"%ed%a0%80",
    b"%00",
    b"%",
    b"\xc3\x28",
    b"-1",
    b"1e400",
    b"NaN",
    b"9" * 400,
    b"0x10",
    b"\xd9\xa1",  # an Arabic digit
    b"2026-02-30T25:61:61Z",
    b"9999-12-31T23:59:59.999999999999Z",
    b"0000-01-01T00:00:00Z",
    b"2026-01-01T00:00:00+99:99",
    b"../../etc/passwd",
    b"'; DROP TABLE people; --",
    b"<script>",
    b"{}",
    b"a" * 3_000,
    b"bytes=0-,-1",
    b"de;q=x, *;q=9, ;;;",
    b"Basic Og==",
    b"Bearer",
    b"Bearer \xff",
    b"gzip, gzip",
    b"application/json; charset=\xff",
    b"application/json; charset=utf-8; charset=utf-7",
    b'W/"',
    b"healthtwin=; healthtwin=\xff; =; ;",
)

HEADERS: Final = (
    "Origin",
    "Referer",
    "Accept-Language",
    "Accept",
    "Content-Type",
    "Content-Encoding",
    "Content-Length",
    "Authorization",
    "Cookie",
    "X-CSRF-Token",
    "Last-Event-ID",
    "If-None-Match",
    "If-Modified-Since",
    "Range",
    "Sec-Fetch-Site",
    "X-Forwarded-For",
    "Forwarded",
    "Expect",
    "Upgrade",
)

BODIES: Final = (
    b'"\\ud800"',
    b'{"\\ud800": "\\ud800"}',
    b'{"code": "\\ud800", "label": "\\udfff", "text": "\\ud800", "kind": "\\ud800", "url": "http://\\ud800/"}',
    b"[" * 967 + b"]" * 967,
    b'{"a":' * 966 + b"1" + b"}" * 966,
    b'[{"timestamp": 1, "device": "\\ud800"}]',
    b"\xff",
    b"null",
    b"[]",
    b"{}",
    b'{"until": 1e400}',
    b'{"minutes": 99999999999999999999999999}',
    b'{"a": NaN, "b": -Infinity}',
    b"\x1f\x8b",
)


def sent(world: World, method: str, path: str, body: bytes | None, headers: dict[str, bytes | str]) -> int:
    """The status of one answer; what a header must not hold on the wire is left out."""
    target = urlsplit(world.url)
    connection = http.client.HTTPConnection(target.hostname or "", target.port, timeout=20)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        if body is not None and "Content-Length" not in headers:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        return connection.getresponse().status
    finally:
        connection.close()


def path_of(route: Declaration, fill: str) -> str:
    path = route.path
    for name in route.path_parameters:
        path = path.replace(f"{{{name}}}", fill).replace(f"{{{name}:path}}", fill)
    return path


@pytest.mark.parametrize("seed", range(4))
def test_no_header_query_path_or_body_is_a_fault(world: World, seed: int) -> None:
    """A different part of all combinations for every seed, the same part every time."""
    chance = random.Random(seed)
    token, person = world.token("admin"), world.person()
    faults = []
    for route in ROUTES:
        for _ in range(6):
            fill = chance.choice([person, quote(chance.choice(ODD)), "a-1"])
            path, body = path_of(route, fill), None
            headers: dict[str, bytes | str] = {}
            if chance.random() < 0.8:
                headers["Authorization"] = f"Bearer {token}"
            if chance.random() < 0.5:
                names = chance.sample(["from", "to", "step", "metric", "person", "state", "limit", "x"], 2)
                path += "?" + "&".join(f"{name}={quote(chance.choice(ODD))}" for name in names)
            if route.method in {"POST", "PUT"} or chance.random() < 0.1:
                body = chance.choice(BODIES)
                headers["Content-Type"] = "application/json"
            name = chance.choice(HEADERS)
            if name != "Content-Length" or body is None:
                headers[name] = chance.choice(ODD)
            try:
                status = sent(world, route.method, path, body, headers)
            except (http.client.HTTPException, ConnectionError):
                continue  # hung up on: what was sent is no HTTP
            if status >= 500:
                faults.append((status, route.method, path, name, headers.get(name), body))
    assert faults == []


@pytest.mark.parametrize(
    "origin", ["http://[::1", "[", "http://[zz]", "http://]", "\\\\", "http://", "null", ""]
)
def test_an_origin_that_is_none_is_another_site(world: World, origin: str) -> None:
    for path in ("/api/pair", "/sign-in/hl_x", "/sign-out"):
        status = sent(
            world, "POST", path, b'{"code": "x"}', {"Origin": origin, "Content-Type": "application/json"}
        )
        assert status in {403, 401}, (path, origin)
