"""The product from outside: its program, a process that serves, and HTTP as the standard library has it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import pytest

PROGRAM: Final = str(Path(sys.executable).with_name("healthtwin"))

PATIENCE_S: Final = 60.0
"""A busy machine is not a defect; what the contract promises within seconds is asked for within those."""


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """`healthtwin …` as its users run it."""
    command = [PROGRAM, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def answer_of(*arguments: str | Path) -> Any:  # noqa: ANN401 - whatever the JSON holds
    """What `healthtwin … --json` prints, which must be JSON and nothing else."""
    done = run(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def add_person(home: Path, name: str = "Ada", birth_year: int = 1950) -> str:
    """Id of a new person."""
    person = ("person", "add", "--name", name, "--birth-year", str(birth_year), "--timezone", "Europe/Berlin")
    return str(answer_of(*person, "--home", home)["id"])


def create_token(home: Path, scope: str, *people: str) -> str:
    """A new token."""
    named = [part for person in people for part in ("--person", person)]
    return str(answer_of("token", "create", "--home", home, "--scope", scope, *named)["token"])


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the JSON holds
        """The body, decoded."""
        return json.loads(self.body)

    @property
    def problem(self) -> dict[str, Any]:
        """The body, which must be a problem."""
        assert self.headers["content-type"] == "application/problem+json", self.body
        told: dict[str, Any] = json.loads(self.body)
        assert told["status"] == self.status
        assert told["title"]
        assert told["detail"]
        return told


@dataclass(frozen=True)
class Served:
    """A home that a process serves."""

    home: Path
    url: str
    process: subprocess.Popen[str]

    def connect(self, timeout: float = PATIENCE_S) -> http.client.HTTPConnection:
        """A connection of our own."""
        target = urlsplit(self.url)
        assert target.hostname is not None
        return http.client.HTTPConnection(target.hostname, target.port, timeout=timeout)

    def ask(
        self,
        method: str,
        path: str,
        token: str | None = None,
        body: bytes | None = None,
        **headers: str,
    ) -> Answer:
        """Send one request; `headers` are named with `_` for `-`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        connection = self.connect()
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            names = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, names, response.read())
        finally:
            connection.close()

    def get(self, path: str, token: str | None = None, **query: object) -> Answer:
        """Ask a question."""
        return self.ask("GET", f"{path}?{urlencode(query)}" if query else path, token)

    def post(self, token: str, content: object) -> Answer:
        """Send readings."""
        body = json.dumps(content).encode()
        return self.ask("POST", "/api/vitals", token, body, Content_Type="application/json")

    def series(self, person: str, token: str, **query: object) -> list[tuple[int, float]]:
        """(time, value) of every reading of a metric, once everything acknowledged is through.

        A question waits a moment for what was acknowledged before it; on a busy machine that moment is short.
        """
        eventually(lambda: self.get("/health", token).json["backlog"] == 0, PATIENCE_S)
        found = self.get(f"/api/people/{person}/series", token, **query)
        assert found.status == 200, found.body
        return list(zip(found.json["t"], found.json["v"], strict=True))

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait; the exit status."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)


@contextmanager
def serving(home: Path, *options: str) -> Iterator[Served]:
    """`healthtwin serve` in a process of its own, from its first line on."""
    command = [PROGRAM, "serve", "--home", str(home), "--port", "0", *options]
    with Path(f"{home}.err").open("a") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        assert process.stdout is not None
        yield Served(home, process.stdout.readline().strip(), process)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=PATIENCE_S)


@dataclass(frozen=True)
class World:
    """A served home with two people in it, and one token of each kind."""

    served: Served
    ada: str
    bo: str
    device: str
    second_device: str
    device_of_bo: str
    clinician: str
    admin: str


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Everybody is added while the server runs: that must take effect at once."""
    home = tmp_path_factory.mktemp("contract") / "home"
    first = add_person(home)
    with serving(home) as served:
        bo = add_person(home, "Bo", 1990)
        yield World(
            served,
            first,
            bo,
            device=create_token(home, "device", first),
            second_device=create_token(home, "device", first),
            device_of_bo=create_token(home, "device", bo),
            clinician=create_token(home, "clinician", first),
            admin=str(
                answer_of("token", "create", "--home", home, "--scope", "admin", "--every-person")["token"]
            ),
        )


@pytest.fixture
def new_device(world: World) -> Callable[[], tuple[str, str]]:
    """Makes a person of their own, for a test that counts readings: (person, device token)."""

    def made() -> tuple[str, str]:
        person = add_person(world.served.home)
        return person, create_token(world.served.home, "device", person)

    return made


def present_ms() -> int:
    """The wall clock, epoch ms."""
    return time.time_ns() // 1_000_000


def eventually(ask: Callable[[], Any], within_s: float) -> Any:  # noqa: ANN401 - what was asked for
    """The first answer that is not empty; fails after `within_s`."""
    ends = time.monotonic() + within_s
    while time.monotonic() < ends:
        if found := ask():
            return found
        time.sleep(0.05)
    pytest.fail(f"nothing came within {within_s:g} s")


def torture_asked_for() -> bool:
    """Whether the long runs are wanted (`make torture`)."""
    return os.environ.get("HEALTHTWIN_TORTURE") == "full"
