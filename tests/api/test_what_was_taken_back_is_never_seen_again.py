"""A stream that is open when something is taken back tells nothing of it after the record that took it back.

The stream is a real one over HTTP; the laws hold for any order of readings, events, alerts and consents.
"""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from healthtwin.access import Credentials, Shares, wall_ms
from tests.api.conftest import World, eventually, reading, unreadable

ENDED = ("ended", {"reason": "access ended"})

_numbers = itertools.count(1)


@dataclass
class Stream:
    """What one open stream has told so far."""

    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)

    def of(self, name: str) -> list[dict[str, Any]]:
        """Data of the events with this name."""
        return [data for event, data in self.told if event == name]

    def heart_rates(self) -> list[float]:
        """Every reading that was told."""
        return [data["values"]["heart_rate"] for data in self.of("reading")]

    def read(self, answer: httpx2.Response) -> None:
        """Take it apart until it ends."""
        name = ""
        try:
            for line in answer.iter_lines():
                self.opened.set()
                kind, _, value = line.partition(": ")
                name = value if kind == "event" else name
                if kind == "data":
                    self.told.append((name, json.loads(value)))
        except httpx2.TransportError:
            pass  # the test closed it
        self.over.set()


@contextmanager
def listening(client: httpx2.Client, **query: str) -> Iterator[Stream]:
    stream = Stream()
    with client.stream("GET", "/api/live", params=query) as answer:
        assert answer.status_code == 200
        threading.Thread(target=stream.read, args=(answer,), daemon=True).start()
        assert stream.opened.wait(10)
        yield stream


@dataclass(frozen=True)
class Somebody:
    """A person with a phone, and a relative who looks on."""

    world: World
    id: str
    me: httpx2.Client
    phone: httpx2.Client
    relative: httpx2.Client

    @classmethod
    def new(cls, world: World) -> Somebody:
        ada = world.person()
        own, device, family = (
            world.client(world.token(kind, ada)) for kind in ("person", "device", "family")
        )
        return cls(world, ada, own, device, family)

    def share(self, *lines: dict[str, Any]) -> None:
        stated = self.me.put(f"/api/people/{self.id}/consents", json={"consents": list(lines)})
        assert stated.status_code == 200, stated.text

    def keep_back(self, *kinds: str, to: str = "family") -> None:
        self.share({"what": list(kinds), "to": to, "until": None, "allowed": False})

    def beat(self) -> int:
        """A reading that is like no other; it is in the log when this returns."""
        rate = 50 + next(_numbers) % 100
        assert self.phone.post("/api/vitals", json=reading(heart_rate=rate)).status_code == 200
        return rate

    def write(self) -> str:
        """Something told of the day."""
        text = f"canary {next(_numbers)}"
        told = {"kind": "symptom", "timestamp": wall_ms(), "text": text}
        assert self.phone.post(f"/api/people/{self.id}/events", json=told).status_code == 200
        return text


def test_a_reading_right_after_the_consent_is_taken_back_is_not_told_and_the_stream_says_so(
    world: World,
) -> None:
    ada = Somebody.new(world)
    with listening(ada.relative) as stream, listening(ada.me) as own:
        before = ada.beat()
        eventually(lambda: stream.heart_rates() == [before])
        ada.keep_back("vitals")
        after = ada.beat()
        eventually(lambda: own.heart_rates() == [before, after])  # it was there to be told
        assert stream.over.wait(10)
        assert stream.heart_rates() == [before]
        assert stream.told[-1] == ENDED
        assert own.over.is_set() is False


def test_a_stream_on_which_nothing_happens_ends_as_well(world: World) -> None:
    ada = Somebody.new(world)
    with listening(ada.relative) as stream:
        ada.keep_back("genes")
        assert stream.over.wait(10)
        assert stream.told == [ENDED]


def test_a_consent_that_ends_by_the_clock_ends_the_stream(world: World) -> None:
    ada = Somebody.new(world)
    ada.share({"what": ["vitals"], "to": "family", "until": wall_ms() + 2_000, "allowed": True})
    with listening(ada.relative) as stream:
        eventually(lambda: ada.beat() and stream.heart_rates())
        assert stream.over.wait(10)
        assert stream.told[-1] == ENDED
        told = len(stream.told)
    ada.beat()
    assert len(stream.told) == told


def test_a_right_that_ends_while_the_stream_is_open_ends_it(world: World) -> None:
    ada = Somebody.new(world)
    shares = ada.me.get(f"/api/people/{ada.id}/sharing").json()
    (family,) = [share["id"] for share in shares if share["scope"] == "family"]
    with listening(ada.relative) as stream:
        Shares(world.house.tables).revoke(ada.id, family, wall_ms())
        ada.beat()
        assert stream.over.wait(10)
        assert stream.told == [ENDED]


def test_whoever_sees_everybody_is_ended_for_one_who_keeps_something_back(world: World) -> None:
    ada, everybody = Somebody.new(world), world.admin()
    with listening(everybody) as stream:
        ada.keep_back("vitals", to="treating")
        rate = ada.beat()
        assert stream.over.wait(10)
        assert rate not in stream.heart_rates()
        assert stream.told[-1] == ENDED


def test_a_check_that_fails_closes(world: World) -> None:
    ada = Somebody.new(world)
    with listening(ada.relative) as stream:
        with unreadable(world, "consents"):
            world.person()  # somebody came, so what everybody may is looked up anew
            assert stream.over.wait(10)
            assert ada.relative.get(f"/api/people/{ada.id}/twin").status_code >= 500
        assert [name for name, _ in stream.told] == ["ended"]
        assert "consents" not in json.dumps(stream.told)
    assert ada.relative.get(f"/api/people/{ada.id}/twin").status_code == 200


def test_who_resumes_is_not_told_afterwards_what_was_kept_back_meanwhile(world: World) -> None:
    ada = Somebody.new(world)
    mark = world.house.feed.newest
    first = ada.beat()
    with listening(ada.me, after=mark) as mine:
        eventually(lambda: first in mine.heart_rates())
    ada.keep_back("vitals")
    with listening(ada.relative, after=mark) as stream:
        text = ada.write()
        eventually(lambda: [event["text"] for event in stream.of("event")] == [text])
        assert stream.heart_rates() == []
        for line in stream.of("person"):
            assert (line["withheld"], line["latest"]) == (["vitals"], [])


KEPT = {"keep vitals": ["vitals"], "keep timeline": ["timeline"], "keep both": ["vitals", "timeline"]}

steps = st.lists(st.sampled_from(["beat", "write", *KEPT, "share all", "revoke"]), min_size=2, max_size=7)


@given(steps)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_is_told_that_was_kept_back_when_it_happened(world: World, walk: list[str]) -> None:
    ada, mark = Somebody.new(world), world.house.feed.newest
    tokens = Credentials(world.house.tables).tokens()
    (family,) = [t.id for t in tokens if t.grant.people == {ada.id} and t.grant.scope == "family"]
    may, said = {"vitals", "timeline"}, dict[str, set[object]](vitals=set(), timeline=set())
    allowed, revoked = set[object](), False
    with listening(ada.relative) as stream, listening(ada.me) as own:
        for step in walk:
            if step in {"beat", "write"}:
                kind, told = ("vitals", ada.beat()) if step == "beat" else ("timeline", ada.write())
                said[kind].add(told)
                allowed |= {told} if kind in may else set()
            elif step == "revoke":
                Credentials(world.house.tables).revoke_token(family, wall_ms())
                may, revoked = set(), True
            elif not revoked:
                may = {"vitals", "timeline"} - set(KEPT.get(step, ()))
                ada.keep_back(*KEPT[step]) if step in KEPT else ada.share()
        everything = said["vitals"] | said["timeline"]
        eventually(lambda: told_by(own) >= everything or not everything)
        if may != {"vitals", "timeline"}:
            assert stream.over.wait(10)
            assert stream.told[-1] == ENDED
        elif not set(walk) & {*KEPT, "revoke"}:
            eventually(lambda: told_by(stream) == everything)
        assert told_by(stream) <= allowed
    if not revoked:
        with listening(ada.relative, after=mark) as again:
            last = ada.write() if "timeline" in may else ada.beat()
            if may:
                eventually(lambda: last in told_by(again))
            assert told_by(again) <= {last}.union(*(said[kind] for kind in may))


def told_by(stream: Stream) -> set[object]:
    """Readings and events that were told."""
    rates = {data["values"]["heart_rate"] for data in stream.of("reading")}
    return rates | {data["text"] for data in stream.of("event")}
