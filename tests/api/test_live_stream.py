"""`GET /api/live`: what changes arrives, once, also over a broken connection."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

from healthtwin.access import Credentials
from tests.api.conftest import World, eventually, problem_of, reading


@dataclass
class Stream:
    """What one open stream has received."""

    events: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Data of the events of this kind."""
        return [data for event, _, data in self.events if event == kind]

    def read(self, response: httpx2.Response) -> None:
        """Take the stream apart until it ends."""
        fields: dict[str, str] = {}
        try:
            for line in response.iter_lines():
                self.opened.set()
                name, _, value = line.partition(": ")
                if line:
                    fields[name] = value
                elif "event" in fields:
                    self.events.append((fields["event"], fields["id"], json.loads(fields["data"])))
                    fields = {}
        except httpx2.TransportError:
            pass  # the test closed it
        self.ended.set()


@contextmanager
def listening(client: httpx2.Client, path: str = "/api/live", **headers: str) -> Iterator[Stream]:
    stream = Stream()
    with client.stream("GET", path, headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        reader = threading.Thread(target=stream.read, args=(response,), daemon=True)
        reader.start()
        assert stream.opened.wait(10)
        yield stream


def test_a_reading_and_its_alert_arrive_while_one_listens(world: World) -> None:
    ada = world.person()
    with listening(world.clinician(ada)) as stream:
        world.phone(ada).post("/api/vitals", json=reading(heart_rate=70, spo2=80))
        eventually(lambda: stream.of("alert"))
        (told,) = stream.of("reading")
        assert told["person"] == ada
        assert told["values"] == {"heart_rate": 70, "oxygen_saturation": 80}
        assert stream.of("alert")[0]["level"] == "critical"
        eventually(lambda: stream.of("person"))


def test_nobody_hears_of_foreign_people(world: World) -> None:
    ada, bob = world.person(), world.person()
    with (
        listening(world.clinician(bob)) as stream,
        listening(world.admin(), f"/api/live?person={bob}") as one,
    ):
        world.phone(ada).post("/api/vitals", json=reading())
        world.phone(bob).post("/api/vitals", json=reading(heart_rate=61))
        eventually(lambda: stream.of("reading") and one.of("reading"))
        for heard in (stream, one):
            assert {data["person"] for data in heard.of("reading")} == {bob}


def test_what_was_missed_is_replayed_after_the_last_event_seen(world: World) -> None:
    ada = world.person()
    clinician, phone = world.clinician(ada), world.phone(ada)
    with listening(clinician) as stream:
        phone.post("/api/vitals", json=reading(heart_rate=60))
        eventually(lambda: stream.of("reading"))
        last_seen = stream.events[-1][1]
        # Somebody goes on listening, as events are only kept while anybody may want them.
        phone.post("/api/vitals", json=[reading(heart_rate=61)])
        phone.post("/api/vitals", json=[reading(heart_rate=62)])
        eventually(lambda: len(stream.of("reading")) == 3)
    with listening(clinician, **{"Last-Event-ID": last_seen}) as again:
        eventually(lambda: len(again.of("reading")) == 2)
        assert [data["values"]["heart_rate"] for data in again.of("reading")] == [61, 62]


def test_a_page_that_says_where_it_stands_is_followed_from_there_and_a_browser_that_resumes_knows_better(
    world: World,
) -> None:
    ada = world.person()
    clinician, phone = world.clinician(ada), world.phone(ada)
    mark = world.house.feed.newest
    with listening(clinician) as stream:
        phone.post("/api/vitals", json=reading(heart_rate=60))
        eventually(lambda: stream.of("reading"))
        last_seen = stream.events[-1][1]
        phone.post("/api/vitals", json=reading(heart_rate=61))
        eventually(lambda: len(stream.of("reading")) == 2)
    with listening(clinician, f"/api/live?after={mark}") as page:
        eventually(lambda: len(page.of("reading")) == 2)
    with listening(clinician, f"/api/live?after={mark}", **{"Last-Event-ID": last_seen}) as again:
        eventually(lambda: again.of("reading"))
        assert [data["values"]["heart_rate"] for data in again.of("reading")] == [61]


@pytest.mark.parametrize("strange", ["zzz-5", "nonsense", "-", "9" * 50])
def test_an_event_id_from_another_life_is_answered_with_a_reset(world: World, strange: str) -> None:
    with listening(world.admin(), **{"Last-Event-ID": strange}) as stream:
        eventually(lambda: stream.of("reset"))


def test_a_stream_ends_when_its_token_is_revoked(world: World) -> None:
    ada = world.person()
    client = world.clinician(ada)
    with listening(client) as stream:
        (token,) = [
            token for token in Credentials(world.house.tables).tokens() if token.grant.people == {ada}
        ]
        world.admin().delete(f"/api/tokens/{token.id}")
        world.phone(ada).post("/api/vitals", json=reading())
        assert stream.ended.wait(10)
        assert stream.of("reading") == []


def test_a_misspelt_parameter_is_refused(world: World) -> None:
    assert problem_of(world.admin().get("/api/live?people=x"), 422)["field"] == "people"


def test_a_stream_on_which_nothing_happens_is_kept_alive(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("healthtwin.api.server_sent_events.KEEP_ALIVE_S", 0.05)
    with world.clinician(world.person()).stream("GET", "/api/live") as response:
        lines = [line for line, _ in zip(response.iter_lines(), range(8), strict=False) if line]
    assert lines[:2] == [": connected", "retry: 2000"]
    assert lines[2:] == [": keep-alive"] * len(lines[2:])
    assert len(lines) > 3
