"""Ten thousand marked words and values, sent through every route, whole and broken: none is ever logged."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from healthtwin.access import wall_ms
from healthtwin.api.app import features
from healthtwin.routing import all_of
from healthtwin.routing.declaration import SOCKET, Declaration
from tests.cli.conftest import PROGRAM, Commands
from tests.notify.receiver import receiving

ROUTES: Final = [
    each
    for each in all_of(features())
    if each.method != SOCKET and each.path != "/api/live" and "sign-out" not in each.path
]

KEPT_TABLES: Final = frozenset(
    {"people", "grants", "grant_people", "tokens", "revision", "devices", "alembic_version", "webhooks"}
)
"""Without these nobody could even ask; all others are taken away under the running house."""

FIELDS: Final = (
    *(
        "name",
        "label",
        "text",
        "note",
        "kind",
        "medicines",
        "person",
        "email",
        "password",
        "secret",
        "reason",
    ),
    *(
        "url",
        "code",
        "value",
        "device",
        "timezone",
        "sex",
        "genes",
        "verb",
        "by",
        "to",
        "what",
        "answer",
        "id",
    ),
)


@dataclass
class Marks:
    """Words and values that stand nowhere else; each is used once."""

    count: int = 0
    words: list[str] = field(default_factory=list)

    def word(self) -> str:
        """A word such as a name, a note, a token or an id."""
        self.count += 1
        self.words.append(f"zq{self.count:06d}qz")
        return self.words[-1]

    def value(self) -> float:
        """A reading with digits that no other figure has."""
        self.count += 1
        self.words.append(f"71.{self.count:06d}7")
        return float(self.words[-1])

    def found_in(self, text: str) -> list[str]:
        """Those that stand in a text."""
        found = set(re.findall(r"zq\d{6}qz|71\.\d{6}7", text))
        return sorted(found & set(self.words))


@contextmanager
def served(home: Path, log: Path) -> Iterator[str]:
    """A server of its own whose stderr is kept; yields its URL."""
    with log.open("w") as stderr:
        process = subprocess.Popen(
            [PROGRAM, "serve", "--home", str(home), "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
            process.communicate(timeout=60)


@dataclass
class Sent:
    """What a run left behind: marks, and all that an operator or somebody else could read."""

    marks: Marks
    log: str
    figures: str
    to_others: str
    statuses: set[int]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Sent:
    folder = tmp_path_factory.mktemp("marked")
    run, marks = Commands(folder / "home"), Marks()
    ada, bob = (
        run("person", "add", "--name", marks.word(), "--timezone", "UTC", "--json").json["id"]
        for _ in range(2)
    )
    (run.home / "config.toml").write_text("[webhooks]\nallow_private = true\n", encoding="utf-8")
    own = run("token", "create", "--scope", "admin", "--person", ada, "--json").json["token"]
    other = run("token", "create", "--scope", "clinician", "--person", bob, "--json").json["token"]
    statuses: set[int] = set()
    with receiving() as receiver, served(run.home, folder / "log") as url:
        receiver.statuses[:] = [500]
        assert run("webhook", "add", f"{receiver.url}/{marks.word()}", "--person", ada).status == 0
        with httpx2.Client(base_url=url, timeout=30) as client:
            statuses |= {_send(client, route, marks, own, ada) for route in _last_erasing(ROUTES)}
            _break(run.home)
            statuses |= {_send(client, route, marks, own, ada) for route in _last_erasing(ROUTES)}
            statuses |= {_send(client, route, marks, None, ada) for route in ROUTES}
            figures = client.get("/metrics", headers=_bearer(own)).text
            figures += client.get("/health", headers=_bearer(own)).text
            to_others = "".join(
                client.get(route.path.replace("{person_id}", bob), headers=_bearer(other)).text
                for route in ROUTES
                if route.method == "GET"
            )
    return Sent(marks, (folder / "log").read_text(), figures, to_others, statuses)


def test_so_many_were_sent_and_some_of_it_broke(sent: Sent) -> None:
    assert sent.marks.count >= 10_000
    assert {200, 401, 404, 422, 500} <= sent.statuses
    assert "ERROR" in sent.log


def test_none_stands_in_the_log(sent: Sent) -> None:
    assert sent.marks.found_in(sent.log) == []


def test_none_stands_in_figures_or_health(sent: Sent) -> None:
    assert sent.marks.found_in(sent.figures) == []


def test_none_is_told_to_somebody_else(sent: Sent) -> None:
    names = {sent.marks.words[1]}  # Bob's own, whom the other one treats
    assert set(sent.marks.found_in(sent.to_others)) <= names


def test_the_log_names_no_path_that_was_asked_for(sent: Sent) -> None:
    assert "/api/people/p-" not in sent.log
    assert "?" not in sent.log


def _last_erasing(routes: list[Declaration]) -> list[Declaration]:
    """Without what would end the run: erasing the person, revoking the token."""
    return [route for route in routes if route.method != "DELETE"]


def _bearer(token: str | None) -> dict[str, str]:
    return {} if token is None else {"Authorization": f"Bearer {token}"}


def _send(client: httpx2.Client, route: Declaration, marks: Marks, token: str | None, person: str) -> int:
    """One request full of marks; its status."""
    path = re.sub(
        r"{(\w+)(?::\w+)?}", lambda each: person if each[1] == "person_id" else marks.word(), route.path
    )
    headers = {
        "User-Agent": marks.word(),
        "Referer": f"https://{marks.word()}.example/{marks.word()}",
        **{f"X-Note-{number}": marks.word() for number in range(9)},
        "X-Forwarded-For": marks.word(),
        "Cookie": f"healthtwin={marks.word()}; other={marks.word()}",
        **(_bearer(token) if token is not None else {"Authorization": f"Bearer ht_{marks.word()}"}),
    }
    params = {name: marks.word() for name in ("metric", "q", "name", "since")} if route.query is None else {}
    body: dict[str, Any] | None = None
    if route.method not in {"GET", "DELETE"}:
        body = {name: f"{marks.word()} {marks.word()}" for name in FIELDS}
        body |= {"timestamp": wall_ms(), "sequence": marks.count}
        body |= {"heart_rate": marks.value(), "temperature": marks.value()}
        body |= dict(route.example or {}) if marks.count % 2 else {}
    answer = client.request(
        route.method,
        path,
        headers=headers,
        params=params or {marks.word(): marks.word() for _ in range(8)},
        json=body,
    )
    return answer.status_code


def _break(home: Path) -> None:
    """Tables are gone under the running house: errors of the database quote statements and their values."""
    with closing(sqlite3.connect(home / "records.db", timeout=30)) as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for name in names:
            if name not in KEPT_TABLES and not name.startswith("sqlite_"):
                database.execute(f'DROP TABLE "{name}"')
        database.commit()
