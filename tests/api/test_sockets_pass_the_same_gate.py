"""A WebSocket is declared like a route, and opens only for whom the policy lets in, from our own pages."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from healthtwin.access import Credentials, wall_ms
from healthtwin.routing import Application, Kind, Need, RequestAuthenticator, Routes, WronglyDeclared, all_of
from tests.api.conftest import World

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

    from healthtwin.routing import Ask

OURS = "http://testserver"

routes = Routes("/api")


@routes.websocket("/talk", need=Need.KNOWN)
async def talk(ask: Ask, socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(ask.grant.scope)
    await socket.close()


@routes.websocket("/people/{person_id}/talk", need=Need.STATE, kind=Kind.PROFILE)
async def talk_about(socket: WebSocket, person_id: str) -> None:
    await socket.accept()
    await socket.send_text(person_id)
    await socket.close()


@routes.websocket("/failing", need=Need.KNOWN)
async def failing(socket: WebSocket) -> None:
    await socket.accept()
    raise ValueError("heart rate of Ada: 1807")


def application(world: World) -> Application:
    authenticator = RequestAuthenticator(world.house.access.authenticator, secure=False)
    provided = {"house": world.house, "authenticator": authenticator}
    return Application(all_of([routes]), provided, allowed_hosts={"testserver"}, secure=False)


@pytest.fixture
def client(world: World) -> TestClient:
    return TestClient(application(world), base_url=OURS)


def bearer(token: str, **headers: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", **headers}


def heard(client: TestClient, path: str, headers: dict[str, str]) -> str:
    with client.websocket_connect(path, headers=headers) as socket:
        return socket.receive_text()


def refusal(client: TestClient, path: str, headers: dict[str, str]) -> int:
    with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect(path, headers=headers):
        pass
    assert refused.value.headers["content-type"] == "application/problem+json"
    return refused.value.status_code


def cookie_of(world: World) -> str:
    browser = world.client()
    link = Credentials(world.house.tables).create_link("admin", (), wall_ms(), lifetime_ms=60_000)
    browser.post(f"/sign-in/{link.secret}")
    return f"healthtwin={browser.cookies['healthtwin']}"


def test_a_token_opens_what_it_is_granted(world: World, client: TestClient) -> None:
    ada, bob = world.person(), world.person()
    assert heard(client, "/api/talk", bearer(world.token("device", ada))) == "device"
    path = f"/api/people/{ada}/talk"
    assert heard(client, path, bearer(world.token("clinician", ada))) == ada
    assert refusal(client, path, bearer(world.token("family", ada))) == 403
    assert refusal(client, path, bearer(world.token("clinician", bob))) == 404
    assert refusal(client, path, {}) == 401
    assert refusal(client, path, bearer("ht_wrong")) == 401


def test_a_cookie_opens_it_for_our_own_pages_only(world: World, client: TestClient) -> None:
    cookie = {"Cookie": cookie_of(world)}
    assert heard(client, "/api/talk", {**cookie, "Origin": OURS}) == "admin"
    assert refusal(client, "/api/talk", {**cookie, "Origin": "http://evil.test"}) == 403
    assert refusal(client, "/api/talk", cookie) == 403


def test_a_foreign_page_gets_in_with_no_token_either(world: World, client: TestClient) -> None:
    headers = bearer(world.token("admin"), Origin="http://evil.test")
    assert refusal(client, "/api/talk", headers) == 403


def test_another_host_is_refused_before_anything_else(world: World, client: TestClient) -> None:
    headers = bearer(world.token("admin"), Host="evil.test")
    assert refusal(client, "/api/talk", headers) == 421


def test_what_nobody_declared_does_not_open(world: World, client: TestClient) -> None:
    assert refusal(client, "/api/people", bearer(world.token("admin"))) == 404
    assert refusal(client, "/api/talk?about=everything", bearer(world.token("admin"))) == 422


def test_a_server_that_cannot_answer_a_handshake_closes_with_the_status(world: World) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:  # noqa: ANN401
        sent.append(message)

    async def receive() -> Any:  # noqa: ANN401
        return {"type": "websocket.connect"}

    scope = {
        "type": "websocket",
        "path": "/api/talk",
        "headers": [(b"host", b"testserver")],
        "query_string": b"",
    }
    anyio.run(application(world), scope, receive, send)
    assert [(message["type"], message["code"]) for message in sent] == [("websocket.close", 4401)]


def test_a_handler_that_fails_closes_its_socket_and_says_nothing_of_a_reading(
    world: World, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.ERROR),
        client.websocket_connect("/api/failing", headers=bearer(world.token("admin"))) as socket,
        pytest.raises(WebSocketDisconnect) as closed,
    ):
        socket.receive_text()
    assert closed.value.code == 1011
    assert "ValueError" in caplog.text
    assert "1807" not in caplog.text


def test_a_connection_of_another_kind_is_served_by_nobody(world: World) -> None:
    async def never(*_args: object) -> Any:  # noqa: ANN401
        raise AssertionError

    with pytest.raises(WronglyDeclared):
        anyio.run(
            application(world), {"type": "webtransport", "path": "/api/talk", "headers": []}, never, never
        )
