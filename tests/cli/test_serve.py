"""`healthtwin serve`: ready on its first line, gone on SIGTERM, and nothing acknowledged is lost."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from healthtwin.access import wall_ms
from healthtwin.domain import Profile
from healthtwin.store import Home, HomeKind, Tables
from healthtwin.store.people import People
from tests.cli.conftest import PROGRAM, Commands


@contextmanager
def served(home: Path, *options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server in a process of its own; yields its first line and the process."""
    process = subprocess.Popen(
        [PROGRAM, "serve", "--home", str(home), "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=30)


def test_the_first_line_is_the_url_and_sigterm_drains_and_exits_0(healthtwin: Commands, ada: str) -> None:
    token = healthtwin("token", "create", "--scope", "device", "--person", ada, "--json").json["token"]
    headers, row = {"Authorization": f"Bearer {token}"}, {"timestamp": wall_ms(), "heart_rate": 72}
    with served(healthtwin.home) as (url, process):
        assert url.startswith("http://127.0.0.1:")
        with httpx2.Client(base_url=url, headers=headers) as client:
            assert client.get("/health").json()["status"] == "ok"
            assert client.post("/api/vitals", json=row).json()["accepted"] == 1
            with client.stream("GET", "/api/live") as stream:  # an open stream must not hold the end up
                assert stream.status_code == 200
                process.send_signal(signal.SIGTERM)
                assert process.wait(20) == 0
    with served(healthtwin.home) as (url, process):
        with httpx2.Client(base_url=url, headers=headers) as client:
            assert client.get(f"/api/people/{ada}/series?metric=heart_rate").json()["v"] == [72]
            assert client.post("/api/vitals", json=row).json()["duplicates"] == 1
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


def test_people_tokens_and_links_made_beside_the_server_work_at_once(healthtwin: Commands) -> None:
    with served(healthtwin.home) as (url, _):
        ada = healthtwin("person", "add", "--name", "Ada", "--timezone", "UTC", "--json").json["id"]
        made = healthtwin("token", "create", "--scope", "device", "--person", ada, "--json").json
        headers = {"Authorization": f"Bearer {made['token']}"}
        with httpx2.Client(base_url=url, headers=headers) as client:
            row = {"timestamp": wall_ms(), "heart_rate": 72}
            assert client.post("/api/vitals", json=row).json()["accepted"] == 1
            assert [person["id"] for person in client.get("/api/people").json()] == [ada]
            assert healthtwin("token", "revoke", made["id"]).status == 0
            assert client.get("/api/people").status_code == 401
        link = healthtwin("sign-in-link", "--json").json["url"]
        assert link.startswith(f"{url}/sign-in/")
        with httpx2.Client() as browser:
            assert browser.post(link).status_code == 303
            assert browser.get(f"{url}/api/people").status_code == 200


def test_a_second_server_on_the_same_home_is_refused(healthtwin: Commands) -> None:
    with served(healthtwin.home) as (url, _):
        assert url
        second = healthtwin("serve", "--port", "0")
        assert second.status == 1
        assert "in use" in second.err


@pytest.mark.parametrize("kind", [HomeKind.REPLAY, HomeKind.DEMO])
def test_a_home_of_another_kind_is_not_served_as_somebodys_twin(healthtwin: Commands, kind: HomeKind) -> None:
    home = Home.create(healthtwin.home, kind)
    with Tables.of(home) as tables:
        People(tables).add("Synthetic", Profile("UTC"), wall_ms())
    refused = healthtwin("serve", "--port", "0")
    assert (refused.status, refused.out) == (2, "")
    assert str(kind) in refused.err


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--host", "0.0.0.0"), "--behind-proxy"),  # noqa: S104 - refused is what is tested
        (("--tls-cert", "/no/such/file.pem"), "belong together"),
        (("--tls-cert", "/no/such/file.pem", "--tls-key", "/no/such/key.pem"), "no such file"),
        (("--host", "no-such-host.invalid", "--behind-proxy"), "cannot listen"),
        (("--port", "99999"), "65535"),
    ],
)
def test_what_cannot_be_served_is_said_before_anything_is_started(
    healthtwin: Commands, options: tuple[str, ...], complaint: str
) -> None:
    refused = healthtwin("serve", *options)
    assert (refused.status, refused.out) == (2, "")
    assert complaint in refused.err
    assert "Traceback" not in refused.err
