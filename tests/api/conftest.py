"""A real house behind a real server on loopback, shared by one run; every test brings its own people."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import pytest
from sqlalchemy import text

from healthtwin.access import Credentials, wall_ms
from healthtwin.api import Listen, ServeSettings, serving
from healthtwin.domain import Profile
from healthtwin.house import House, open_house
from healthtwin.store.people import People

T = TypeVar("T")

_names = itertools.count(1)


@dataclass(frozen=True)
class World:
    """A served house, and what it takes to talk to it."""

    url: str
    house: House
    home: Path
    clients: list[httpx2.Client] = field(default_factory=list)

    def person(self, *, birth_year: int | None = 1980) -> str:
        """Id of a new person."""
        profile = Profile("Europe/London", birth_year=birth_year)
        return People(self.house.tables).add(f"Person {next(_names)}", profile, wall_ms()).id

    def token(self, scope: str, *people: str, expires_ms: int | None = None) -> str:
        """A new token."""
        made = Credentials(self.house.tables).create_token(scope, people, wall_ms(), expires_ms=expires_ms)
        return made.secret

    def client(self, token: str | None = None, **headers: str) -> httpx2.Client:
        """A client that sends this token."""
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        client = httpx2.Client(base_url=self.url, headers=headers, timeout=30)
        self.clients.append(client)
        return client

    def phone(self, person: str) -> httpx2.Client:
        """A client with a device token for this person."""
        return self.client(self.token("device", person))

    def clinician(self, *people: str) -> httpx2.Client:
        """A client with a clinician token for these people."""
        return self.client(self.token("clinician", *people))

    def admin(self) -> httpx2.Client:
        """A client with an admin token that treats everybody, whoever comes later too."""
        made = Credentials(self.house.tables).create_token("admin", (), wall_ms(), every_person=True)
        return self.client(made.secret)

    def operator(self) -> httpx2.Client:
        """A client with an admin token that runs the house and sees nobody."""
        return self.client(self.token("admin"))

    def values(self, person: str, metric: str = "heart_rate") -> list[float]:
        """What is stored, in order of time."""
        series = self.admin().get(f"/api/people/{person}/series", params={"metric": metric}).json()
        values: list[float] = series["v"]
        return values


@contextmanager
def world_in(home: Path, settings: ServeSettings | None = None) -> Iterator[World]:
    """A house in a directory, started and served."""
    house = open_house(home)
    house.start()
    try:
        with serving(house, Listen(), settings) as url:
            world = World(url, house, home)
            yield world
            for client in world.clients:
                client.close()
    finally:
        house.stop()


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The shared house."""
    with world_in(tmp_path_factory.mktemp("house") / "home") as served:
        yield served


@contextmanager
def unreadable(world: World, table: str) -> Iterator[None]:
    """Within it every question that needs this table of the house fails, as on a damaged disk."""
    gone = f"{table}_gone"
    with world.house.tables.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {gone}"))
    try:
        yield
    finally:
        with world.house.tables.engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {gone} RENAME TO {table}"))


def reading(**fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """A row measured now, unless it says otherwise."""
    return {"timestamp": wall_ms(), "heart_rate": 72, **fields}


def problem_of(response: httpx2.Response, status: int) -> dict[str, Any]:
    """The problem in an answer, which must have this status and say so in its body."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    return problem


def eventually(ask: Callable[[], T | None], within_s: float = 10.0) -> T:
    """The first answer that is not None (or empty)."""
    ends = time.monotonic() + within_s
    while True:
        answer = ask()
        if answer:
            return answer
        assert time.monotonic() < ends, "it never happened"
        time.sleep(0.02)
