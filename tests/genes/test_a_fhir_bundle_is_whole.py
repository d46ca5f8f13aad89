"""The bundle by R4, as a validator of another maker sees it, and by the Genomics Reporting guide (STU3).

The cardinalities below are those of the guide's definitions (CGBase, CGFindings, CGImplications, CGReport).
The guide itself cannot be had as a package here, so the validator checks R4 alone.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import fhirkit
import pytest

from healthtwin.domain import Said
from healthtwin.genes import Profile, profile_from
from healthtwin.genes.report import Report, build_report, fhir_bundle

PROFILE = {
    "CYP2C19": "*2/*2",
    "CYP2D6": "*1x2/*2",
    "CYP2C9": "*1/*3",
    "HLA-B": "*15:02/*40:01",
    "SLCO1B1": "*1/*5",
    "TPMT": {"phenotype": "Poor Metabolizer"},
    "medicines": ["sertraline"],
}
PREFIX = "http://hl7.org/fhir/uv/genomics-reporting/StructureDefinition/"
# code of a component -> how often it may stand in each kind of observation
COMPONENTS: dict[str, dict[str, tuple[int, int | None]]] = {
    "genotype": {"48018-6": (1, None), "conclusion-string": (0, 1)},
    "therapeutic-implication": {
        "51963-7": (1, 1),
        "93044-6": (0, None),
        "therapeutic-implication": (0, None),
        "conclusion-string": (0, 1),
    },
}


@pytest.fixture(scope="module")
def report() -> Report:
    return build_report(profile_from(PROFILE), subject="A. Example", made="2026-11-29")


@pytest.fixture(scope="module")
def bundle(report: Report) -> dict[str, Any]:
    return fhir_bundle(report)


def _resources(bundle: dict[str, Any], kind: str = "") -> list[dict[str, Any]]:
    every = [entry["resource"] for entry in bundle["entry"]]
    return [each for each in every if not kind or each["resourceType"] == kind]


def _references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)


def test_every_reference_is_the_address_of_an_entry(bundle: dict[str, Any]) -> None:
    addresses = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(set(addresses)) == len(addresses)
    for address in addresses:
        assert address == uuid.UUID(address.removeprefix("urn:uuid:")).urn
    found = set(_references(bundle))
    assert found
    assert found <= set(addresses)


def test_the_same_report_has_the_same_addresses_and_another_person_others(report: Report) -> None:
    again = fhir_bundle(build_report(profile_from(PROFILE), subject="A. Example", made="2026-11-29"))
    assert again == fhir_bundle(report)
    other = fhir_bundle(build_report(profile_from(PROFILE), subject="B. Example", made="2026-11-29"))
    assert not {e["fullUrl"] for e in again["entry"]} & {e["fullUrl"] for e in other["entry"]}


@pytest.mark.parametrize(
    ("medicine", "organisation", "code", "display"),
    [
        ("sertraline", "CPIC", "LA26422-8", "Decrease dose"),
        ("metoprolol", "CPIC", None, None),
        ("haloperidol", "DPWG", "LA26423-6", "Increase dose"),
        ("carbamazepine", "CPIC", "LA26421-0", "Consider alternative medication"),
    ],
)
def test_a_task_asks_in_loincs_own_answers(
    bundle: dict[str, Any], medicine: str, organisation: str, code: str | None, display: str | None
) -> None:
    asked = {
        (coding["code"], coding["display"])
        for task in _resources(bundle, "Task")
        if task["id"].startswith(f"task-{medicine}-{organisation}")
        for coding in task["code"]["coding"]
    }
    assert asked == ({(code, display)} if code else set())


def test_lower_and_higher_doses_are_never_mixed_up(report: Report) -> None:
    told = {
        f"task-{item.medicine.name.replace(' ', '-')}-{advice.guideline.organisation}-{number}": advice.action
        for item in report.guidance
        for number, advice in enumerate(item.recommendations)
    }
    by_code = {"LA26422-8": "reduce", "LA26423-6": "increase"}
    for task in _resources(fhir_bundle(report), "Task"):
        code = task["code"]["coding"][0]["code"]
        if code in by_code:
            assert told[task["id"]] == by_code[code]


def test_phenotypes_are_loincs_own_answers(bundle: dict[str, Any]) -> None:
    codings = {
        (coding["code"], coding["display"])
        for each in _resources(bundle, "Observation")
        for component in each["component"]
        for coding in component.get("valueCodeableConcept", {}).get("coding", [])
        if coding["system"] == "http://loinc.org"
    }
    assert {
        ("LA9657-3", "Poor metabolizer"),
        ("LA10315-2", "Ultrarapid metabolizer"),
        ("LA25395-7", "Decreased function"),
    } <= codings


def test_observations_keep_the_cardinalities_of_their_profiles(bundle: dict[str, Any]) -> None:
    for each in _resources(bundle, "Observation"):
        kind = each["meta"]["profile"][0].removeprefix(PREFIX)
        categories = {category["coding"][0]["code"] for category in each["category"]}
        assert categories == {"laboratory", "GE"}
        counts: dict[str, int] = {}
        for component in each["component"]:
            code = component["code"]["coding"][0]["code"]
            counts[code] = counts.get(code, 0) + 1
            assert sum(name.startswith("value") for name in component) == 1
        for code, (least, most) in COMPONENTS[kind].items():
            assert least <= counts.pop(code, 0) <= (most if most is not None else 99)
        assert counts == {}
        if kind == "therapeutic-implication":
            assert each["derivedFrom"]
            assert not any(name.startswith("value") for name in each)


def test_tasks_and_the_report_keep_to_their_profiles(bundle: dict[str, Any]) -> None:
    addresses = {entry["fullUrl"]: entry["resource"] for entry in bundle["entry"]}
    for task in _resources(bundle, "Task"):
        assert (task["status"], task["intent"]) == ("requested", "proposal")
        reason = addresses[task["reasonReference"]["reference"]]
        assert reason["meta"]["profile"] == [f"{PREFIX}therapeutic-implication"]
    (made,) = _resources(bundle, "DiagnosticReport")
    assert made["code"]["coding"][0]["code"] == "51969-4"
    assert len(made["extension"]) == len(_resources(bundle, "Task"))
    assert all(each["url"] == f"{PREFIX}recommended-action" for each in made["extension"])
    ids = [each["id"] for each in _resources(bundle)]
    assert all(re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", each) for each in ids)
    assert len(set(ids)) == len(ids)


def test_what_was_not_seen_in_full_is_preliminary_and_says_so() -> None:
    known = profile_from({"CYP2B6": "*1/*1", "CYP2C19": "*1/*1"})
    doubt = Said.of(
        "gene-provisional",
        phenotypes=(Said("phenotype-poor-metabolizer"),),
        seen=1,
        positions=48,
        whole=False,
    )
    partly = Profile(known.genes, ("efavirenz",), None, {}, {"CYP2B6": doubt})
    bundle = fhir_bundle(build_report(partly, subject="x", made="2026-11-29"))
    status = {each["id"]: each["status"] for each in _resources(bundle)}
    assert status["report"] == "preliminary"
    assert status["genotype-CYP2B6"] == "preliminary"
    assert status["genotype-CYP2C19"] == "final"
    assert status["implication-efavirenz-CPIC-0"] == "preliminary"
    assert status["implication-omeprazole-CPIC-0"] == "final"
    implication = next(e for e in _resources(bundle) if e["id"] == "implication-efavirenz-CPIC-0")
    told = [c["valueString"] for c in implication["component"] if "valueString" in c]
    assert any("provisional" in each and "1 of 48 positions" in each for each in told)


def test_the_official_r4_definitions_hold(bundle: dict[str, Any]) -> None:
    assert [str(issue) for issue in fhirkit.validate(json.dumps(bundle))] == []


def test_the_validator_sees_what_is_broken(bundle: dict[str, Any]) -> None:
    broken = json.loads(json.dumps(bundle))
    del broken["entry"][0]["resource"]["status"]
    broken["entry"][-1]["resource"]["made_up"] = 1
    assert len(fhirkit.validate(json.dumps(broken))) >= 2
