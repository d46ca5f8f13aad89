"""The OpenAPI description is true: requests made from it are answered as it says, never with a 500."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from healthtwin.api.app import features
from healthtwin.routing import all_of
from tests.api.conftest import World, reading, world_in

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]

EXAMPLES = 2_000 if os.environ.get("HEALTHTWIN_TORTURE") == "full" else 40
"""Per operation."""


@pytest.fixture(scope="module")
def inhabited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A house with a person, readings and an alert, so that good requests have something to find."""
    with world_in(tmp_path_factory.mktemp("described") / "home") as world:
        person = world.person()
        world.admin().post("/api/vitals", json=reading(person=person, spo2=80, heart_rate=70))
        assert world.house.caught_up(10)
        yield world


@pytest.fixture(scope="module")
def description(inhabited: World) -> dict[str, Any]:
    described: dict[str, Any] = inhabited.admin().get("/openapi.json").json()
    return described


def test_the_contract_is_described(description: dict[str, Any]) -> None:
    paths = description["paths"]
    for path in ("/api/vitals", "/api/alerts/{alert_id}/acknowledge", "/api/alerts/{alert_id}/snooze"):
        assert "post" in paths[path]
    for path in ("series", "twin", "risk"):
        assert "get" in paths[f"/api/people/{{person_id}}/{path}"]
    body = paths["/api/vitals"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["anyOf"][1]["type"] == "array"
    row = description["components"]["schemas"]["VitalsRow"]["properties"]
    number = {"type": "number", "minimum": 10, "maximum": 350, "not": {"enum": [254, 255]}}
    assert row["heart_rate"]["anyOf"][0] == number
    for methods in paths.values():
        for operation in methods.values():
            assert "application/problem+json" in operation["responses"]["401"]["content"]


def operations() -> list[str]:
    return [f"{each.method} {each.path}" for each in all_of(features()) if each.tag is not None]


def test_every_declared_operation_is_described(description: dict[str, Any]) -> None:
    described = {
        f"{method.upper()} {path}" for path, methods in description["paths"].items() for method in methods
    }
    assert described == set(operations())


@pytest.mark.parametrize("operation", operations())
def test_every_answer_is_one_that_the_description_allows(
    inhabited: World, description: dict[str, Any], operation: str
) -> None:
    method, _, path = operation.partition(" ")
    described = schemathesis.openapi.from_dict(description)[path][method]
    headers = {"Authorization": f"Bearer {inhabited.token('admin')}"}
    good, bad = (described.as_strategy(mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE))

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=good | bad)
    def answered_as_described(case: schemathesis.Case[Any]) -> None:
        answer = case.call(base_url=inhabited.url, headers=headers)
        case.validate_response(answer, checks=CHECKS)

    answered_as_described()
