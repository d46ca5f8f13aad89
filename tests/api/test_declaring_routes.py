"""A route that says too little, or contradicts itself, cannot be built."""

from __future__ import annotations

from typing import Any, cast

import msgspec
import pytest
from starlette.testclient import TestClient

from healthtwin.routing import Application, Kind, Need, Routes, WronglyDeclared, all_of


class Question(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A body."""

    words: str


def built(routes: Routes, **provided: object) -> Application:
    return Application(all_of([routes]), provided, allowed_hosts={"testserver"}, secure=False)


@pytest.mark.parametrize("need", [None, "read", 0])
def test_a_route_without_a_need_cannot_be_built(need: Any) -> None:  # noqa: ANN401
    with pytest.raises(TypeError):
        cast("Any", Routes("/api")).get("/x", answer=None)(lambda: None)
    with pytest.raises(WronglyDeclared, match="need"):
        Routes("/api").get("/x", need=need, answer=None)(lambda: None)
    with pytest.raises(WronglyDeclared, match="need"):
        Routes("/api").websocket("/x", need=need)(lambda: None)


def test_a_need_about_a_person_and_a_path_that_names_one_belong_together() -> None:
    with pytest.raises(WronglyDeclared, match="person_id"):
        Routes("/api").get("/x", need=Need.READ, kind=Kind.VITALS, answer=None)(lambda: None)
    for need in (Need.KNOWN, Need.NOBODY, Need.OPERATE):
        with pytest.raises(WronglyDeclared, match="about a person"):
            Routes("/api/{person_id}").get("/x", need=need, answer=None)(lambda: None)


def test_a_route_says_what_it_answers() -> None:
    with pytest.raises(WronglyDeclared, match="answers"):
        Routes("/api").get("/x", need=Need.KNOWN)(lambda: None)


def test_a_handler_gets_only_what_somebody_gives_it() -> None:
    routes = Routes("/api")
    routes.get("/x", need=Need.NOBODY, answer=None)(lambda weather: weather)
    with pytest.raises(WronglyDeclared, match="weather"):
        built(routes)
    assert built(routes, weather="fair").declarations


def test_one_method_of_one_path_is_declared_once() -> None:
    routes = Routes("/api")
    for _ in range(2):
        routes.get("/x", need=Need.NOBODY, answer=None)(lambda: None)
    with pytest.raises(WronglyDeclared, match="twice"):
        built(routes)


def test_a_guarded_route_is_not_built_where_nobody_could_tell_who_asks() -> None:
    routes = Routes("/api")
    routes.get("/x", need=Need.KNOWN, answer=None)(lambda: None)
    with pytest.raises(WronglyDeclared, match="who asks"):
        built(routes)


def test_what_handlers_return_is_the_answer() -> None:
    routes = Routes("/api")
    routes.post("/x", need=Need.NOBODY, body=Question, answer=Question, status=201)(lambda body: body)
    routes.delete("/x", need=Need.NOBODY, answer=None)(lambda: None)
    client = TestClient(built(routes))
    answer = client.post("/api/x", json={"words": "hello"})
    assert (answer.status_code, answer.json()) == (201, {"words": "hello"})
    assert client.delete("/api/x").status_code == 204
    assert client.delete("/api/x?force=1").json()["field"] == "force"
    other = client.get("/api/x")
    assert (other.status_code, other.headers["allow"]) == (405, "DELETE, POST")
    assert client.get("/api/y").status_code == 404
