"""An answer's sentences are in the language of who asks; the code and the facts stand beside them."""

from __future__ import annotations

import pytest

from healthtwin.access import wall_ms
from healthtwin.domain.errors import StorageBusy
from healthtwin.domain.said import Said
from healthtwin.words import say
from tests.api.conftest import World, eventually


@pytest.fixture
def ill(world: World) -> str:
    """Somebody with an open alert."""
    person = world.person()
    row = {"timestamp": wall_ms(), "oxygen_saturation": 84, "respiratory_rate": 24}
    assert world.phone(person).post("/api/vitals", json=row).status_code == 200
    eventually(lambda: world.admin().get("/api/alerts", params={"person": person}).json(), within_s=5)
    return person


def test_an_alert_is_told_in_german_to_who_reads_german(world: World, ill: str) -> None:
    asked = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
    (german,) = world.admin().get("/api/alerts", params={"person": ill}, headers=asked).json()
    (english,) = world.admin().get("/api/alerts", params={"person": ill}).json()
    assert german["summary"] == "Jetzt handeln: die Sauerstoffsättigung ist sehr niedrig."
    assert english["summary"] == "Act now: oxygen saturation is very low."
    assert german["said"] == english["said"]
    assert german["evidence"][0]["text"].startswith("Sauerstoffsättigung 84 %: die Sauerstoffsättigung ist")
    assert german["advice"][0]["action"].startswith("Rufen Sie jetzt den Notruf")


def test_the_sentence_can_be_made_again_from_what_stands_beside_it(world: World, ill: str) -> None:
    (alert,) = world.admin().get("/api/alerts", params={"person": ill}).json()
    for part, text in ((alert, "summary"), *((fact, "text") for fact in alert["evidence"])):
        assert say(Said.from_plain(part["said"]), "en") == part[text]
    for fact in (*alert["evidence"], *alert["advice"]):
        assert say(Said.from_plain(fact["cited"]), "en") == fact["source"]


def test_a_person_s_values_are_named_in_the_language(world: World, ill: str) -> None:
    asked = {"Accept-Language": "de"}
    twin = world.admin().get(f"/api/people/{ill}/twin", headers=asked).json()
    told = {each["metric"]: (each["label"], each["text"]) for each in twin["metrics"]}
    assert told["respiratory_rate"] == ("Atmung", "24 /min; was für die Person üblich ist, wird noch gelernt")
    risks = world.admin().get(f"/api/people/{ill}/risk", headers=asked).json()["risks"]
    assert all(
        risk["said"] is None or risk["text"] == say(Said.from_plain(risk["said"]), "de") for risk in risks
    )


def test_why_a_gene_s_result_is_what_it_is_is_told_in_the_language(world: World) -> None:
    person, asked = world.person(), {"Accept-Language": "de"}
    stated = world.admin().put(
        f"/api/people/{person}/genes", json={"genes": {"CYP2C19": "*1/*2"}}, headers=asked
    )
    assert stated.status_code == 200, stated.text
    (result,) = stated.json()["results"]
    german = "*1 (normale Funktion) + *2 (keine Funktion) → intermediärer Metabolisierer"
    assert result["why"] == german == say(Said.from_plain(result["said"]), "de")
    question = {"gene": "CYP2C19", "diplotype": "*1/*2"}
    english = world.admin().post("/api/genes/phenotype", json=question).json()
    assert english["why"] == "*1 (Normal function) + *2 (No function) → Intermediate Metabolizer"
    assert english["said"] == result["said"]


def test_what_is_wrong_in_the_house_is_told_in_the_language(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.house.operations, "_failures", lambda: {"alerts": StorageBusy("a.db")})
    (german,) = world.admin().get("/health", headers={"Accept-Language": "de"}).json()["faults"]
    (english,) = world.admin().get("/health").json()["faults"]
    assert german["text"].startswith("eine Datei ist von einem anderen Programm belegt")
    assert (english["text"], english["said"]) == ("a.db", german["said"])
