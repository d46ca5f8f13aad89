"""Everything about me over HTTP: asked for, fetched in pieces, mine alone, over when the right to it ends."""

from __future__ import annotations

import asyncio
import hashlib
import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from healthtwin.access import Credentials, wall_ms
from healthtwin.access.audit import looks_at
from healthtwin.api import ServeSettings, create_app
from healthtwin.domain import METRICS, MINUTE_MS
from healthtwin.house.export.kept import LIFETIME_MS, MOST_READY
from healthtwin.house.tables import ExportRow
from healthtwin.store import Home
from healthtwin.store.people import People
from tests.api.conftest import eventually, problem_of, reading, world_in
from tests.api.passkey_in_hand import Browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx2
    from starlette.types import Message

    from tests.api.conftest import World

NOISE = 40_000
"""Readings that make a file of some pieces."""

NONSENSE = ("bytes=9-5", "bytes=-", "lines=1-2", "bytes=0-1,4-5", "bytes=x-", "bytes=" + "9" * 40 + "-")

WISHES: tuple[Any, ...] = (
    {"from": "soon"},
    {"from": 2_000_000_000_000, "to": 1_900_000_000_000},
    {"language": "xx"},
    {"form": 1},
    [],
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A house of its own: its files are counted."""
    with world_in(tmp_path_factory.mktemp("exports") / "home") as served:
        yield served


def me(world: World, *, much: bool = False) -> tuple[str, httpx2.Client]:
    """A person, and their own phone."""
    person = world.person()
    token = Credentials(world.house.tables).create_token("person", [person], wall_ms()).secret
    if much:
        code, at = METRICS["heart_rate"].code, wall_ms() - NOISE * 1_000
        pseudonym = People(world.house.tables).get(person).pseudonym
        series = world.house.engine.series
        rows = [
            (pseudonym, code, at + k * 997 + k * k % 331, 50.0 + k * 7919 % 997 / 10, 1.0)
            for k in range(NOISE)
        ]
        series.append(rows, series.offset + 1)
    return person, world.client(token)


def ask(client: httpx2.Client, person: str, **wish: Any) -> dict[str, Any]:  # noqa: ANN401
    made = client.post(f"/api/people/{person}/exports", json=wish)
    assert made.status_code == 201, made.text
    told: dict[str, Any] = made.json()
    return told


def audited(world: World, person: str) -> list[dict[str, Any]]:

    world.house.access.audit.flush()
    pseudonym = People(world.house.tables).get(person).pseudonym
    entries = looks_at(Home.open(world.home), pseudonym)
    return [entry for entry in entries if entry["what"].startswith("export ")]


def test_i_ask_for_everything_about_me_and_fetch_it(world: World) -> None:
    person, client = me(world)
    client.post("/api/vitals", json=reading())
    asked = ask(client, person, language="de")
    assert asked["id"]
    assert asked["expires_at"] == asked["asked_at"] + LIFETIME_MS
    got = client.get(asked["url"])
    assert got.status_code == 200
    assert got.headers["content-type"] == "application/zip"
    assert got.headers["cache-control"] == "no-store"
    assert "Person" not in got.headers["content-disposition"]
    assert int(got.headers["content-length"]) == len(got.content)
    packed = zipfile.ZipFile(io.BytesIO(got.content))
    assert packed.testzip() is None
    assert "Meine Daten" in packed.read("index.html").decode()
    status = client.get(f"/api/people/{person}/exports/{asked['id']}").json()
    assert status["state"] == "ready"
    assert status["sha256"] == hashlib.sha256(got.content).hexdigest()
    assert status["bytes"] == len(got.content)


def test_a_broken_download_is_resumed_where_it_broke(world: World) -> None:
    person, client = me(world, much=True)
    url = ask(client, person)["url"]
    whole = client.get(url)
    etag, size = whole.headers["etag"], len(whole.content)
    assert size > 300_000
    pieces = b""
    while len(pieces) < size:
        answer = client.get(
            url, headers={"Range": f"bytes={len(pieces)}-{len(pieces) + 199_999}", "If-Range": etag}
        )
        assert answer.status_code == 206
        end = min(len(pieces) + 200_000, size) - 1
        assert answer.headers["content-range"] == f"bytes {len(pieces)}-{end}/{size}"
        pieces += answer.content
    assert pieces == whole.content
    assert client.get(url, headers={"Range": "bytes=-10"}).content == whole.content[-10:]
    other = client.get(url, headers={"Range": "bytes=5-", "If-Range": '"another file"'})
    assert (other.status_code, other.content) == (200, whole.content)
    beyond = client.get(url, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")


@pytest.mark.parametrize("said", NONSENSE)
def test_a_range_that_says_nothing_gets_the_whole(world: World, said: str) -> None:
    person, client = me(world)
    url = ask(client, person)["url"]
    assert client.get(url, headers={"Range": said}).status_code == 200


def test_only_the_same_asker_gets_it_and_others_are_told_nothing(world: World) -> None:
    person, client = me(world)
    asked = ask(client, person)
    path = f"/api/people/{person}/exports"
    second = Credentials(world.house.tables).create_token("person", [person], wall_ms()).secret
    stranger, _ = me(world)
    for other in (
        world.client(second),
        world.clinician(person),
        world.phone(person),
        world.clinician(stranger),
    ):
        for url in (asked["url"], f"{path}/{asked['id']}"):
            answer = other.get(url)
            assert answer.status_code in {403, 404}
            assert asked["id"] not in answer.text.replace(url, "")
    problem_of(world.client().get(asked["url"]), 401)
    never = world.client(second).get(f"{path}/x-none/file")
    theirs = world.client(second).get(asked["url"])
    assert never.json()["detail"] == theirs.json()["detail"]
    assert world.client(second).get(path).json() == []
    assert [each["id"] for each in client.get(path).json()] == [asked["id"]]


def test_it_ends_by_the_clock_and_not_by_whoever_cleans_up(world: World) -> None:
    person, client = me(world)
    asked = ask(client, person)
    assert client.get(asked["url"]).status_code == 200
    with world.house.tables.write() as session:
        row = session.get(ExportRow, asked["id"])
        assert row is not None
        row.expires_ms = wall_ms() - 1
    assert list(world.home.glob(f"exports/*/{asked['id']}"))
    problem_of(client.get(asked["url"]), 404)
    problem_of(client.get(f"/api/people/{person}/exports/{asked['id']}"), 404)
    world.house.exports.tidy()
    assert not list(world.home.glob(f"exports/*/{asked['id']}"))


def test_what_lies_ready_on_disk_says_nothing_to_whoever_finds_it(world: World) -> None:
    person, client = me(world)
    asked = ask(client, person)
    got = client.get(asked["url"]).content
    (path,) = world.home.glob(f"exports/*/{asked['id']}")
    lies = path.read_bytes()
    assert b"PK" not in lies[:4]
    assert b"index.html" in got
    assert b"index.html" not in lies
    assert path.stat().st_mode & 0o077 == 0


def test_whoever_may_not_see_all_of_it_gets_none_of_it(world: World) -> None:
    person, client = me(world)
    treating = world.client(world.token("admin", person))
    asked = ask(treating, person)
    assert treating.get(asked["url"]).status_code == 200
    consents = f"/api/people/{person}/consents"
    revision = client.get(consents).json()["revision"]
    kept_back = [{"what": ["genes"], "to": "treating", "until": None, "allowed": False}]
    assert client.put(consents, json={"consents": kept_back, "revision": revision}).status_code == 200
    problem = problem_of(treating.get(asked["url"]), 403)
    assert "genes" in problem["detail"]
    problem_of(treating.post(f"/api/people/{person}/exports", json={}), 403)
    assert client.get(ask(client, person)["url"]).status_code == 200


def test_a_session_without_a_proof_of_late_neither_asks_nor_fetches(world: World) -> None:
    person, password = world.person(), "a horse that nobody counts on"
    added = world.house.access.accounts.add("Ada", "person", [person], wall_ms())
    browser = Browser(world.url)
    try:
        assert (
            browser.post("/api/enrol", {"secret": added.enrol_secret, "password": password}).status_code
            == 200
        )

        def stale() -> None:
            with world.house.tables.write(changes_access=True) as session:
                session.execute(text("update sessions set verified_ms = 1 where account_id is not null"))

        stale()
        assert problem_of(browser.post(f"/api/people/{person}/exports", {}), 403)["step_up"] is True
        assert browser.post("/api/account/step-up", {"password": password}).status_code == 200
        made = browser.post(f"/api/people/{person}/exports", {})
        assert made.status_code == 201
        url = made.json()["url"]
        assert browser.get(url).status_code == 200
        stale()  # as another session of the same account is
        assert problem_of(browser.get(url), 403)["step_up"] is True
    finally:
        Browser.close_all()


def test_only_so_many_lie_ready_for_one_person(world: World) -> None:
    person, client = me(world)
    made = [ask(client, person) for _ in range(MOST_READY)]
    refused = client.post(f"/api/people/{person}/exports", json={})
    problem_of(refused, 429)
    assert int(refused.headers["retry-after"]) > 0
    assert client.delete(f"/api/people/{person}/exports/{made[0]['id']}").status_code == 204
    problem_of(client.get(made[0]["url"]), 404)
    ask(client, person)


def test_who_asked_and_what_left_the_house_is_written_down(world: World) -> None:
    person, client = me(world)
    client.post("/api/vitals", json=reading())
    assert world.house.caught_up(10)
    start = wall_ms() - 5 * MINUTE_MS
    asked = ask(client, person, **{"from": start})
    size = len(client.get(asked["url"]).content)
    client.get(asked["url"], headers={"Range": "bytes=10-19"})
    entries = eventually(lambda: [each for each in [audited(world, person)] if len(each) == 3])[0]
    first, whole, part = entries
    assert first["what"] == "export asked"
    assert first["facts"]["range_start"] == start
    assert first["facts"]["count"] == 1
    assert (whole["what"], whole["facts"]["bytes"], whole["facts"]["complete"]) == ("export fetched", size, 1)
    assert (part["facts"]["first"], part["facts"]["bytes"]) == (10, 10)
    assert whole["who"] == first["who"]


@pytest.mark.parametrize("ends", ["revoked", "erased", "deleted"])
def test_a_download_under_way_ends_when_the_right_to_it_does(world: World, ends: str) -> None:
    person, client = me(world, much=True)
    asked = ask(client, person)
    size = len(client.get(asked["url"]).content)
    (token,) = [each for each in Credentials(world.house.tables).tokens() if each.grant.people == {person}]
    sent: list[Message] = []

    async def receive() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if len(sent) == 2:  # the head and the first piece
            if ends == "revoked":
                Credentials(world.house.tables).revoke_token(token.id, wall_ms())
            elif ends == "erased":
                world.house.erase(person)
            else:
                world.house.exports.drop(world.house.exports.find(person, asked["id"], token.grant.id))

    head = [(b"host", b"localhost"), (b"authorization", client.headers["authorization"].encode())]
    scope = {
        "type": "http",
        "method": "GET",
        "path": asked["url"],
        "raw_path": asked["url"].encode(),
        "query_string": b"",
        "headers": head,
        "client": ("127.0.0.1", 1),
        "scheme": "http",
        "http_version": "1.1",
        "state": {},
    }
    asyncio.run(create_app(world.house, ServeSettings())(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    assert 0 < len(body) < size
    assert sent[-1]["more_body"]  # it was never said to be whole
    if ends == "revoked":
        fetched = audited(world, person)[-1]
        assert (fetched["facts"]["bytes"], fetched["facts"]["complete"]) == (len(body), 0)


def test_whoever_is_erased_takes_their_exports_along(world: World) -> None:
    person, client = me(world, much=True)
    asked = ask(client, person)
    assert client.delete(f"/api/people/{person}").status_code == 204
    eventually(lambda: world.house.exports.being_made(asked["id"]) is None)
    assert not list(world.home.glob(f"exports/*/{asked['id']}"))
    with world.house.tables.read() as session:
        assert session.get(ExportRow, asked["id"]) is None
    answer = world.admin().get(asked["url"])
    assert answer.status_code == 404


def test_what_a_house_was_making_when_it_ended_is_cleared_away(tmp_path: Any) -> None:  # noqa: ANN401
    with world_in(tmp_path / "home") as first:
        person, client = me(first, much=True)
        asked = ask(client, person)
    with world_in(tmp_path / "home") as again:
        left = list(again.home.glob("exports/*/*"))
        with again.house.tables.read() as session:
            row = session.get(ExportRow, asked["id"])
        assert row is None or row.state in {"ready", "failed"}
        assert [path.name for path in left] == ([asked["id"]] if row and row.state == "ready" else [])


@pytest.mark.parametrize("wish", WISHES)
def test_a_wish_that_cannot_be_says_what_would_be_right(world: World, wish: Any) -> None:  # noqa: ANN401
    person, client = me(world)
    answer = client.post(f"/api/people/{person}/exports", json=wish)
    assert answer.status_code in {400, 422}
    assert answer.json()["detail"]
    assert client.get(f"/api/people/{person}/exports").json() == []
