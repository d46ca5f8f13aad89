"""A served house with accounts, shared by the files of this folder; every test brings its own people."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

from healthtwin.access import Accounts, Added, wall_ms
from tests.api.conftest import World, world_in

PASSWORD = "tr0mbone lattice gorse"
OTHER = "velvet harbour cinnamon"

_numbers = itertools.count(1)


@dataclass
class Browser:
    """A browser of somebody: keeps its cookies, and sends the CSRF token of its page."""

    client: httpx2.Client
    csrf: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def send(self, method: str, path: str, body: object = None, **headers: str) -> httpx2.Response:
        """A request of its page; a new CSRF token in the answer is the page's from then on."""
        told = {**self.headers, "X-CSRF-Token": self.csrf, **headers}
        answer = self.client.request(method, path, json=body, headers=told)
        if answer.headers.get("content-type", "").startswith("application/json"):
            content = answer.json()
            if isinstance(content, dict) and "csrf" in content:
                self.csrf = content["csrf"]
        return answer

    def get(self, path: str) -> httpx2.Response:
        return self.send("GET", path)

    def post(self, path: str, **body: object) -> httpx2.Response:
        return self.send("POST", path, body)

    def put(self, path: str, **body: object) -> httpx2.Response:
        return self.send("PUT", path, body)

    def delete(self, path: str) -> httpx2.Response:
        return self.send("DELETE", path)

    @property
    def cookie(self) -> str:
        """The session's."""
        return str(self.client.cookies["healthtwin"])

    def account(self) -> Any:  # noqa: ANN401
        """As its owner sees it."""
        answer = self.get("/api/account")
        assert answer.status_code == 200, answer.text
        return answer.json()


@dataclass(frozen=True)
class Town:
    """A served house, and people who sign in."""

    world: World

    @property
    def accounts(self) -> Accounts:
        return self.world.house.access.accounts

    def name(self, role: str = "somebody") -> str:
        """One that nobody has yet."""
        return f"{role} {next(_numbers)}"

    def added(self, role: str, *people: str, name: str | None = None) -> tuple[str, Added]:
        """A fresh account: its name, and what was told once."""
        named = name or self.name(role)
        return named, self.accounts.add(named, role, people, wall_ms())

    def browser(self, agent: str = "Firefox/130 Linux", **headers: str) -> Browser:
        """One that nobody has signed in from."""
        return Browser(self.world.client(**{"User-Agent": agent, **headers}))

    def enrolled(self, role: str, *people: str, password: str = PASSWORD) -> tuple[str, str, Browser]:
        """An account with a password: its name, its id, and the browser in which that was chosen."""
        name, made = self.added(role, *people)
        browser = self.browser()
        answer = browser.post("/api/enrol", secret=made.enrol_secret, password=password)
        assert answer.status_code == 200, answer.text
        return name, made.id, browser

    def signed_in(self, name: str, browser: Browser | None = None, **proof: object) -> Browser:
        """Somebody signed in in a browser, a fresh one unless it is named."""
        browser = browser or self.browser()
        answer = browser.post("/api/sign-in", **{"name": name, "password": PASSWORD, **proof})
        assert answer.status_code == 200, answer.text
        return browser


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The shared house; hashing takes the least memory that is allowed."""
    home = tmp_path_factory.mktemp("town") / "home"
    home.mkdir()
    (home / "config.toml").write_text("[access]\npassword_memory_mib = 19\n")
    with world_in(home) as world:
        yield Town(world)
