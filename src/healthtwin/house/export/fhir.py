"""A person as HL7 FHIR R4: one collection bundle, written entry by entry.

Every entry bears a ``urn:uuid``, and references are that same string, so that they resolve inside the bundle
(R4, Bundle.entry.fullUrl). The same record has the same address in every export, so that a system that
takes in two of them recognises what it has.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import msgspec

from healthtwin.domain import from_ms
from healthtwin.domain.errors import HealthTwinError
from healthtwin.house.export.entries import Addresses, instant, quantity
from healthtwin.house.export.fhir_alerts import alerts_told
from healthtwin.house.export.fhir_values import observations
from healthtwin.notify import alerts_about
from healthtwin.store import HomeKind
from healthtwin.store.statements import Subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from healthtwin.house.export.values import Readings
    from healthtwin.house.export.wanted import Wanted
    from healthtwin.store import Home, Tables
    from healthtwin.store.people import Person

Resource = dict[str, Any]

_CLINICAL: Final = "http://terminology.hl7.org/CodeSystem/{}-clinical"
_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/observation-category"
_TEST: Final = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST"}
"""Marks made-up people."""

_AT_ONCE: Final = 1 << 18
"""Bytes that are handed on together."""


def bundle_of(
    home: Home,
    tables: Tables,
    person: Person,
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    readings: Readings | None,
    wanted: Wanted,
) -> Iterator[bytes]:
    """The bundle's JSON, piece by piece.

    Args:
        rows: of every table, by its name, as they are exported.
        readings: values over time; None where there are none.
    """
    at = Addresses(person.id)
    synthetic = home.kind is HomeKind.DEMO
    head = {"resourceType": "Bundle", "type": "collection", "timestamp": instant(wanted.made_ms)}
    waiting = bytearray(msgspec.json.encode(head)[:-1] + b',"entry":[')
    first = True
    for url, resource in _entries(home, tables, person, rows, readings, wanted, at):
        if synthetic:
            resource.setdefault("meta", {})["security"] = [_TEST]
        waiting += b"\n" if first else b",\n"
        waiting += msgspec.json.encode({"fullUrl": url, "resource": resource})
        first = False
        if len(waiting) >= _AT_ONCE:
            yield bytes(waiting)
            waiting.clear()
    waiting += b"\n]}\n"
    yield bytes(waiting)


def id_of(*parts: str) -> str:
    """A FHIR id: letters, digits, hyphens and dots, at most 64.

    >>> id_of("heart_rate", "2026-03-01")
    'heart-rate-2026-03-01'
    """
    return re.sub(r"[^A-Za-z0-9.-]+", "-", "-".join(parts))[:64].strip("-")


def _entries(
    home: Home,
    tables: Tables,
    person: Person,
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    readings: Readings | None,
    wanted: Wanted,
    at: Addresses,
) -> Iterator[tuple[str, Resource]]:
    stated = {row["subject"]: row for row in rows.get("statements", ())}
    background = stated.get(Subject.BACKGROUND, {}).get("content", {})
    yield at.url("Patient", person.id), _patient(person, background)
    for resource in _background(at, stated.get(Subject.BACKGROUND)):
        yield at.url(resource["resourceType"], resource["id"]), resource
    for resource in _medicines(at, stated.get(Subject.MEDICINES)):
        yield at.url(resource["resourceType"], resource["id"]), resource
    yield from _genes(home, person, at, stated, wanted)
    for row in rows.get("events", ()):
        resource = _event(at, row)
        yield at.url("Observation", resource["id"]), resource
    told = alerts_about(tables, person, synthetic=home.kind is HomeKind.DEMO)
    for resource in alerts_told(at, (alert for alert in told if wanted.holds(alert.raised_at))):
        yield at.url(resource["resourceType"], resource["id"]), resource
    if readings is not None:
        for resource in observations(readings, at):
            yield at.url("Observation", resource["id"]), resource


def _patient(person: Person, background: Mapping[str, Any]) -> Resource:
    profile = person.profile
    resource: Resource = {
        "resourceType": "Patient",
        "id": id_of(person.id),
        "active": True,
        "name": [{"text": person.name}],
    }
    if profile.sex is not None:
        resource["gender"] = profile.sex
    if profile.birth_year is not None:
        month = "" if profile.birth_month is None else f"-{profile.birth_month:02}"
        resource["birthDate"] = f"{profile.birth_year:04}{month}"
    contacts = [
        {
            **({"relationship": [{"text": each["relation"]}]} if each.get("relation") else {}),
            "name": {"text": each["name"]},
            "telecom": [{"system": "phone", "value": each["phone"]}],
        }
        for each in background.get("emergency_contacts", [])
    ]
    if contacts:
        resource["contact"] = contacts
    return resource


def _background(at: Addresses, row: Mapping[str, Any] | None) -> Iterator[Resource]:
    if row is None:
        return
    content, since = row["content"], instant(row["stated_ms"])
    for number, text in enumerate(content.get("allergies", []), 1):
        yield {
            "resourceType": "AllergyIntolerance",
            "id": f"allergy-{number}",
            "clinicalStatus": _coded(_CLINICAL.format("allergyintolerance"), "active"),
            "code": {"text": text},
            "patient": at.patient,
            "recordedDate": since,
        }
    for number, text in enumerate(content.get("conditions", []), 1):
        yield {
            "resourceType": "Condition",
            "id": f"condition-{number}",
            "clinicalStatus": _coded(_CLINICAL.format("condition"), "active"),
            "code": {"text": text},
            "subject": at.patient,
            "recordedDate": since,
        }
    for number, text in enumerate(content.get("risk_factors", []), 1):
        yield {
            "resourceType": "Observation",
            "id": f"risk-factor-{number}",
            "status": "final",
            "category": [_coded(_CATEGORY, "social-history")],
            "code": {"text": "Risk factor"},
            "subject": at.patient,
            "effectiveDateTime": since,
            "valueString": text,
        }


def _medicines(at: Addresses, row: Mapping[str, Any] | None) -> Iterator[Resource]:
    if row is None:
        return
    for number, name in enumerate(row["content"].get("medicines", []), 1):
        yield {
            "resourceType": "MedicationStatement",
            "id": f"medicine-{number}",
            "status": "active",
            "medicationCodeableConcept": {"text": name},
            "subject": at.patient,
            "dateAsserted": instant(row["stated_ms"]),
        }


def _event(at: Addresses, row: Mapping[str, Any]) -> Resource:
    resource: Resource = {
        "resourceType": "Observation",
        "id": id_of(row["id"]),
        "status": "final",
        "category": [_coded(_CATEGORY, "survey")],
        "code": {"text": row["kind"]},
        "subject": at.patient,
        "effectiveDateTime": instant(row["at_ms"]),
        "valueString": row["text"],
    }
    if row["severity"] is not None:
        resource["component"] = [
            {
                "code": {"text": "Severity, 0 none to 10 worst imaginable"},
                "valueQuantity": quantity(row["severity"], "1"),
            }
        ]
    return resource


def _genes(
    home: Home, person: Person, at: Addresses, stated: Mapping[str, Mapping[str, Any]], wanted: Wanted
) -> Iterator[tuple[str, Resource]]:
    """The report on genes, as `healthtwin genes report --fhir` makes it, about this patient."""
    row = stated.get(Subject.GENES)
    if row is None or not row["content"]:
        return
    from healthtwin.genes import knowledge_in, profile_from
    from healthtwin.genes.report import build_report, fhir_bundle

    medicines = stated.get(Subject.MEDICINES, {}).get("content", {}).get("medicines", [])
    tables = knowledge_in(home.path)
    try:
        profile = profile_from({**row["content"], "medicines": list(medicines)}, knowledge=tables)
    except (
        HealthTwinError
    ):  # stated to an earlier release of the tables; tables/statements.json has it as it is
        return
    made = from_ms(wanted.made_ms).date().isoformat()
    report = build_report(
        profile,
        subject=person.name,
        made=made,
        synthetic=home.kind is HomeKind.DEMO,
        knowledge=tables,
    )
    for entry in fhir_bundle(report)["entry"]:
        resource = entry["resource"]
        for field in ("subject", "for"):
            if field in resource:
                resource[field] = {**at.patient, **resource[field]}
        yield entry["fullUrl"], resource


def _coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}
