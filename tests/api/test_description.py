"""The OpenAPI description is true, whoever asks: what comes back is as it says, and never a 500."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from healthtwin.access import csrf_token_of
from healthtwin.api.app import features
from healthtwin.routing import all_of
from tests.access.accounts.conftest import Town
from tests.api.conftest import World, reading, world_in

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]

EXAMPLES: Final = 1_500 if os.environ.get("HEALTHTWIN_TORTURE") == "full" else 58
"""Per operation; one without any parameter has fewer that differ."""

NOBODY: Final = "nobody"
TREATS_ALL: Final = "a token that treats everybody"
RUNS_THE_HOUSE: Final = "a token of an admin without a relation"
TOKENS: Final = ("device", "person", "family", "clinician", "service", "admin")
SIGNED_IN: Final = ("person", "family", "clinician", "admin")

WHO: Final = (
    *(TREATS_ALL, RUNS_THE_HOUSE),
    *(f"a {scope} token" for scope in TOKENS),
    *(f"a {role} in a browser" for role in SIGNED_IN),
    NOBODY,
)
"""Whoever gets furthest first: hypothesis draws the beginning most often."""


@dataclass(frozen=True)
class Cast:
    """A person with an alert, and whoever may ask about them: by what they send along."""

    person: str
    alert: str
    sends: dict[str, dict[str, str]]

    def all_there(self, world: World) -> bool:
        """Whether nobody was erased, signed out or locked out by what was asked before."""
        return (
            all(
                world.client(**sent).get("/openapi.json").status_code == 200
                for who, sent in self.sends.items()
                if who != NOBODY
            )
            and world.client(**self.sends[TREATS_ALL]).get(f"/api/people/{self.person}").is_success
        )


def cast_in(world: World) -> Cast:
    town = Town(world)
    person = world.person()
    admin = world.admin()
    admin.post("/api/vitals", json=reading(person=person, spo2=80, heart_rate=70))
    assert world.house.caught_up(10)
    (alert, *_) = admin.get("/api/alerts", params={"person": person}).json()
    sends = {
        NOBODY: {},
        TREATS_ALL: {"Authorization": admin.headers["authorization"]},
        RUNS_THE_HOUSE: {"Authorization": f"Bearer {world.token('admin')}"},
    }
    for scope in TOKENS:
        sends[f"a {scope} token"] = {"Authorization": f"Bearer {world.token(scope, person)}"}
    for role in SIGNED_IN:
        _, _, browser = town.enrolled(role, person)
        csrf = csrf_token_of(browser.cookie)
        sends[f"a {role} in a browser"] = {"Cookie": f"healthtwin={browser.cookie}", "X-CSRF-Token": csrf}
    return Cast(person, alert["id"], sends)


@pytest.fixture(scope="module")
def inhabited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A house with a person, readings and an alert, so that good requests have something to find."""
    home = tmp_path_factory.mktemp("described") / "home"
    home.mkdir()
    (home / "config.toml").write_text("[access]\npassword_memory_mib = 19\n", encoding="utf-8")
    with world_in(home) as world:
        person = world.person()
        world.admin().post("/api/vitals", json=reading(person=person, spo2=80, heart_rate=70))
        assert world.house.caught_up(10)
        yield world


@pytest.fixture(scope="module")
def casts() -> list[Cast]:
    """The newest is on the stage."""
    return []


@pytest.fixture
def cast(inhabited: World, casts: list[Cast], operation: str) -> Iterator[Cast]:
    """Everybody is there; anew when what was asked before erased somebody or signed them out."""
    if not casts:
        casts.append(cast_in(inhabited))
    yield casts[-1]
    if not operation.startswith("GET ") and not casts[-1].all_there(inhabited):
        casts.clear()
    if operation == "POST /api/webhooks":  # nobody is to be told of what is asked next
        admin = inhabited.client(**casts[-1].sends[TREATS_ALL]) if casts else inhabited.admin()
        for webhook in admin.get("/api/webhooks").json():
            assert admin.delete(f"/api/webhooks/{webhook['id']}").is_success


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
    inhabited: World, description: dict[str, Any], cast: Cast, operation: str
) -> None:
    method, _, path = operation.partition(" ")
    described = schemathesis.openapi.from_dict(description)[path][method]
    good, bad = (described.as_strategy(mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE))
    theirs = {"person_id": cast.person, "alert_id": cast.alert}

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=good | bad, who=st.sampled_from(WHO), about_them=st.booleans())
    def answered_as_described(case: schemathesis.Case[Any], who: str, about_them: bool) -> None:
        if about_them:
            for name in theirs.keys() & case.path_parameters.keys():
                case.path_parameters[name] = theirs[name]
        answer = case.call(base_url=inhabited.url, headers=cast.sends[who])
        case.validate_response(answer, checks=CHECKS)

    answered_as_described()
