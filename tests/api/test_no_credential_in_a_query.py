"""A credential in a URL ends up in histories, logs and `Referer`: no route reads one there."""

from __future__ import annotations

import logging

import msgspec
import pytest

from healthtwin.access import Credentials, Need, wall_ms
from healthtwin.api.app import features
from healthtwin.routing import all_of
from tests.api.conftest import World

NAMES = (
    "token",
    "access_token",
    "api_key",
    "key",
    "auth",
    "authorization",
    "session",
    "healthtwin",
    "bearer",
)


def test_no_route_has_a_parameter_that_could_be_one() -> None:
    for route in all_of(features()):
        if route.query is not None:
            names = {field.encode_name for field in msgspec.structs.fields(route.query)}
            assert not names & set(NAMES), (route.method, route.path)


@pytest.mark.parametrize("name", NAMES)
def test_a_good_token_in_a_query_opens_nothing(world: World, name: str) -> None:
    token = world.token("clinician", world.person())
    session = Credentials(world.house.tables).create_link("admin", [], wall_ms())
    for secret in (token, f"Bearer {token}", session.secret):
        for path in ("/api/people", "/api/live", "/api/me"):
            assert world.client().get(path, params={name: secret}).status_code == 401
        page = world.client().get("/", params={name: secret})
        assert (page.status_code, page.headers["location"]) == (303, "/sign-in")


def test_a_stream_is_opened_with_the_cookie(world: World) -> None:
    browser = world.client()
    link = Credentials(world.house.tables).create_link("family", [world.person()], wall_ms())
    assert browser.post(f"/sign-in/{link.secret}").status_code == 303
    with browser.stream("GET", "/api/live") as answer:
        assert answer.status_code == 200


def test_what_is_logged_names_no_path_with_a_secret_in_it(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    link = Credentials(world.house.tables).create_link("admin", [], wall_ms())
    with caplog.at_level(logging.DEBUG, logger="healthtwin"):
        world.client().get(f"/sign-in/{link.secret}")
        world.client().post(f"/sign-in/{link.secret}?token={link.secret}")
        world.client().get("/api/people", params={"token": link.secret})
    assert link.secret not in caplog.text


def test_every_guarded_route_asks_who_it_is_before_it_reads_a_query(world: World) -> None:
    for route in all_of(features()):
        if route.need is Need.NOBODY or route.path_parameters or route.method != "GET":
            continue
        answer = world.client().get(route.path, params={"token": "ht_x", "nonsense": "1"})
        assert answer.status_code in {303, 401}, route.path
