"""What its own schema calls valid an operation takes, or refuses for a reason that no schema can say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from healthtwin.api import ServeSettings
from healthtwin.api.app import features
from healthtwin.routing import all_of
from tests.api.conftest import World, world_in

BEYOND_A_SCHEMA: Final = (
    "id of a person",
    "id of the person",
    "a person's id",
    "IANA time zone",
    "ahead of our clock",
    "not before the person's birth",
    "this counts",  # a time in micro- or nanoseconds, told from milliseconds by the present year
    "such as 2026-03-01T12:00:00",  # the 30th of February
    "RFC 3339",  # alike
    "each entry once",  # however it is written
    "each medicine once",
    "only together with",
    "least 15 characters",  # after composing; and what is guessed first
    "no list of stolen passwords",
    "a passkey that",
    "access to this person",
    "a day up to",
    "a day from",
    "to 2026, the present year",
    "the present year",
    "one of ABCG2",  # genes of the tables that are shipped
    "names",  # medicines, alike
    "activity_score, diplotype, phenotype",
    "genes with their results",
    "an address outside",
    "a host that can exist",
    "with a host",
    "ascending",
    "as many",
    "samples",
    "frames",
    "pcm16",
    "base64",
    "consent",
    "not before from",
    "the same measurement once",
)
"""Whom somebody covers, what day it is, what stands in tables: what a refusal for such a reason says."""

EXAMPLES: Final = 15


def operations() -> list[str]:
    return [
        f"{each.method} {each.path}"
        for each in all_of(features())
        if each.tag is not None and (each.body is not None or each.query is not None)
        if not each.path.startswith("/api/live") and each.method != "DELETE"
    ]


@pytest.fixture(scope="module")
def open_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    settings_ = ServeSettings(pairing_tries=100_000)
    with world_in(tmp_path_factory.mktemp("allowed") / "home", settings_) as world:
        yield world


@pytest.fixture(scope="module")
def description(open_house: World) -> dict[str, Any]:
    described: dict[str, Any] = open_house.admin().get("/openapi.json").json()
    return described


@pytest.mark.parametrize("operation", operations())
def test_a_valid_request_is_refused_only_for_what_no_schema_can_say(
    open_house: World, description: dict[str, Any], operation: str
) -> None:
    method, _, path = operation.partition(" ")
    person, admin = open_house.person(), open_house.admin()
    described = schemathesis.openapi.from_dict(description)[path][method]
    filled = path.replace("{person_id}", person).replace("{alert_id}", "a-none")

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=described.as_strategy(GenerationMode.POSITIVE))
    def is_taken(case: schemathesis.Case[Any]) -> None:
        content = json.dumps(case.body).encode() if _has_body(case) else None
        answer = admin.request(
            method,
            filled,
            params=case.query or {},
            headers={"Content-Type": "application/json"},
            content=content,
        )
        if answer.status_code in {400, 415, 422}:
            told = answer.json()
            assert any(reason in str(told.get("allowed")) for reason in BEYOND_A_SCHEMA), told

    is_taken()


def _has_body(case: schemathesis.Case[Any]) -> bool:
    return isinstance(case.body, (dict, list, str, int, float, bool))
