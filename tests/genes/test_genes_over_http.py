"""The routes on genes: signed in, strict, typed, and keeping nothing."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from healthtwin.access import Credentials, wall_ms
from healthtwin.api import Listen, serving
from healthtwin.house import open_house

PROFILE = {"CYP2C19": "*2/*2", "CYP2D6": {"activity_score": "1.0"}}


@pytest.fixture(scope="module")
def url_and_token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    house = open_house(tmp_path_factory.mktemp("asked") / "home")
    house.start()
    try:
        with serving(house, Listen()) as url:
            yield url, Credentials(house.tables).create_token("admin", (), wall_ms()).secret
    finally:
        house.stop()


@pytest.fixture
def client(url_and_token: tuple[str, str]) -> Iterator[httpx2.Client]:
    url, token = url_and_token
    with httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=30) as made:
        yield made


def test_nobody_asks_without_signing_in(url_and_token: tuple[str, str]) -> None:
    with httpx2.Client(base_url=url_and_token[0]) as stranger:
        assert stranger.get("/api/genes/medicines").status_code == 401
        assert stranger.post("/api/genes/phenotype", json={}).status_code == 401


def test_a_diplotype_is_answered_with_its_reason(client: httpx2.Client) -> None:
    answer = client.post("/api/genes/phenotype", json={"gene": "CYP2C9", "diplotype": "*1/*3"})
    assert answer.status_code == 200
    assert (answer.json()["phenotype"], answer.json()["activity_score"]) == (
        "Intermediate Metabolizer",
        "1.0",
    )


def test_guidance_and_findings(client: httpx2.Client) -> None:
    asked = {"profile": PROFILE, "drug": "citalopram"}
    answer = client.post("/api/genes/guidance", json=asked).json()
    assert answer["recommendations"][0]["strength"] == "Strong"
    found = client.post("/api/genes/check", json={"profile": PROFILE, "medicines": ["clopidogrel"]}).json()
    assert found[0]["urgency"] == "warning"


def test_reports_as_json_and_fhir(client: httpx2.Client) -> None:
    asked = {"profile": PROFILE, "subject": "example", "synthetic": True}
    assert client.post("/api/genes/report", json=asked).json()["synthetic"] is True
    assert client.post("/api/genes/report/fhir", json=asked).json()["resourceType"] == "Bundle"


def test_the_list_of_medicines(client: httpx2.Client) -> None:
    rows = client.get("/api/genes/medicines").json()
    assert {"medicine", "genes", "sources", "populations"} == set(rows[0])


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("phenotype", {"gene": "CYP2C19", "diplotype": "*1/*99"}, "*99"),
        ("phenotype", {"gene": "CYP2C19"}, "diplotype"),
        ("guidance", {"profile": {"CYP2C19": "*1/*1"}, "drug": "nothing at all"}, "drug"),
        ("guidance", {"profile": {"CYP2X": "*1/*1"}, "drug": "citalopram"}, "CYP2C19"),
        ("check", {"profile": {}, "medicines": "codeine"}, "medicines"),
        ("report", {"profile": {}, "subject": "x", "extra": 1}, "extra"),
    ],
)
def test_a_bad_question_is_a_problem_that_names_the_field(
    path: str, body: dict[str, object], said: str, client: httpx2.Client
) -> None:
    answer = client.post(f"/api/genes/{path}", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.text
