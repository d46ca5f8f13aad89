"""What is refused is answered with its field, what stood there, and what would have been right."""

from __future__ import annotations

import pytest

from tests.api.conftest import World, problem_of


@pytest.mark.parametrize(
    ("method", "path", "body", "field", "value", "allowed"),
    [
        ("GET", "/api/alerts?state=open", None, "state", "open", "one of triggered, acknowledged, "),
        (
            "GET",
            "/api/people/{ada}/events?limit=0",
            None,
            "limit",
            0,
            "a whole number, at least 1, at most 1000",
        ),
        ("GET", "/api/people/{ada}/events?limit=few", None, "limit", "few", "a whole number, at least 1"),
        ("GET", "/api/people/{ada}/series", None, "metric", None, "one of activity_level, "),
        ("GET", "/api/people?of=me", None, "of", "me", "no parameter"),
        ("POST", "/api/vitals?person={ada}", {"timestamp": 1}, "person", "{ada}", "no parameter"),
        (
            "PUT",
            "/api/people/{ada}/medicines",
            {"medicine": []},
            "medicine",
            [],
            "one of the fields medicines",
        ),
        (
            "PUT",
            "/api/people/{ada}/medicines",
            {"medicines": [""]},
            "medicines[0]",
            "",
            "text, at least 1 long",
        ),
        ("PUT", "/api/people/{ada}/genes", {}, "genes", None, "an object"),
        ("POST", "/api/people/{ada}/sharing", {"scope": "cat", "label": "x"}, "scope", "cat", "one of "),
        ("POST", "/api/pair", {"code": 7}, "code", 7, "text, at least 1 long, at most 64 long"),
        ("PUT", "/api/people/{ada}/profile", [], "body", [], "a JSON object"),
    ],
)
def test_field_value_and_what_would_be_right(
    world: World, method: str, path: str, body: object, field: str, value: object, allowed: str
) -> None:
    ada = world.person()
    path, value = path.replace("{ada}", ada), ada if value == "{ada}" else value
    problem = problem_of(world.admin().request(method, path, json=body), 422)
    assert (problem["field"], problem["allowed"][: len(allowed)]) == (field, allowed)
    if not isinstance(value, list):
        assert problem["value"] == value
    assert field in problem["detail"]


def test_a_path_or_method_that_is_not_served_says_so_and_names_what_is(world: World) -> None:
    assert "/openapi.json" in problem_of(world.admin().get("/api/nothing"), 404)["detail"]
    assert "GET" in problem_of(world.admin().put("/api/people"), 405)["detail"]


def test_headers_that_cannot_be_right_are_named_too(world: World) -> None:
    admin = world.admin()
    xml = problem_of(
        admin.post("/api/vitals", content=b"<a/>", headers={"Content-Type": "application/xml"}), 415
    )
    assert (xml["field"], xml["value"], xml["allowed"]) == (
        "Content-Type",
        "application/xml",
        "application/json",
    )
    host = problem_of(admin.get("/api/people", headers={"Host": "evil.test"}), 421)
    assert (host["field"], host["value"]) == ("Host", "evil.test")
    assert "--allowed-host" in host["allowed"]
