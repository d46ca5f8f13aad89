"""What the phone app starts from: one shell for everybody, which alone may measure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from healthtwin.api import Listen, serving
from healthtwin.house import open_house


@pytest.fixture(scope="module")
def anybody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """A browser that nobody is signed in with, at a real server."""
    house = open_house(Path(tmp_path_factory.mktemp("shell")) / "home")
    house.start()
    try:
        with serving(house, Listen()) as url, httpx2.Client(base_url=url, timeout=30) as client:
            yield client
    finally:
        house.stop()


def test_every_screen_is_the_same_shell_and_asks_for_a_new_one(anybody: httpx2.Client) -> None:
    shells = [anybody.get(path) for path in ("/app", "/app/pair", "/app/check/pulse", "/app/")]
    assert {shell.status_code for shell in shells} == {200}
    assert len({shell.text for shell in shells}) == 1
    assert {shell.headers["cache-control"] for shell in shells} == {"no-cache"}
    assert '<meta name="csrf-token" content="">' in shells[0].text  # a shell that is kept holds no secret
    assert 'href="/app/manifest.webmanifest"' in shells[0].text


def test_only_the_app_may_measure(anybody: httpx2.Client) -> None:
    app, portal = (anybody.get(path).headers for path in ("/app/check", "/sign-in"))
    for sensor in ("camera", "microphone", "accelerometer", "gyroscope", "bluetooth", "screen-wake-lock"):
        assert f"{sensor}=(self)" in app["permissions-policy"]
    assert "camera=()" in portal["permissions-policy"]
    assert "microphone=()" in portal["permissions-policy"]
    assert "media-src 'self' blob:" in app["content-security-policy"]
    assert "worker-src 'self'" in app["content-security-policy"]
    assert "unsafe" not in app["content-security-policy"]
    assert "media-src" not in portal["content-security-policy"]
    assert "camera=()" in anybody.get("/application").headers["permissions-policy"]


def test_the_service_worker_may_look_after_the_whole_app(anybody: httpx2.Client) -> None:
    worker = anybody.get("/app/service_worker.js")
    assert worker.headers["service-worker-allowed"] == "/app"
    assert worker.headers["content-type"].startswith("text/javascript")
    assert worker.headers["cache-control"] == "no-cache"


def test_the_manifest_says_where_the_app_begins(anybody: httpx2.Client) -> None:
    manifest = anybody.get("/app/manifest.webmanifest")
    assert manifest.headers["content-type"].startswith("application/manifest+json")
    told = json.loads(manifest.text)
    assert told["start_url"].startswith("/app")
    assert told["scope"].startswith("/app")
