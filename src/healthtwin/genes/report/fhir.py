"""The report as HL7 FHIR R4 resources after the Genomics Reporting guide (STU3).

One collection bundle: a DiagnosticReport (genomic-report), a genotype Observation per gene, a
therapeutic-implication Observation per medicine and gene result, and a Task (medication-recommendation) for
each piece of advice that asks for a change. Every entry bears a ``urn:uuid``, and references are that same
string, so that they resolve inside the bundle (R4, Bundle.entry.fullUrl). What was not seen in full is
``preliminary``.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Any

from healthtwin.domain import Said
from healthtwin.genes.gene_phenotype import GenePhenotype
from healthtwin.genes.guidance import CAUTION, Guidance, Recommendation
from healthtwin.genes.report.content import Report
from healthtwin.genes.wording import with_remarks
from healthtwin.words import say

_GUIDE = "http://hl7.org/fhir/uv/genomics-reporting"
_LOINC = "http://loinc.org"
_TBD = f"{_GUIDE}/CodeSystem/tbd-codes-cs"
# HGNC ids of the genes (https://www.genenames.org).
_HGNC = {
    "ABCG2": 74,
    "CACNA1S": 1397,
    "CFTR": 1884,
    "CYP2B6": 2615,
    "CYP2C19": 2621,
    "CYP2C9": 2623,
    "CYP2D6": 2625,
    "CYP3A4": 2637,
    "CYP3A5": 2638,
    "CYP4F2": 2645,
    "DPYD": 3012,
    "G6PD": 4057,
    "HLA-A": 4931,
    "HLA-B": 4932,
    "IFNL3": 18365,
    "MT-RNR1": 7470,
    "NAT2": 7646,
    "NUDT15": 23063,
    "RYR1": 10483,
    "SLCO1B1": 10959,
    "TPMT": 12014,
    "UGT1A1": 12530,
    "VKORC1": 23663,
}
# Names of the entries: one name space of our own, so that the same report has the same references.
_ENTRIES = uuid.UUID("6f2f3f0e-6d0c-5f0e-9a54-1f6d3c1f7a10")
# LOINC answers for metabolizer phenotypes (list LL3856-3) and for transporters (in the guide's value set
# genetic-therapeutic-implications), with LOINC's own words.
_PHENOTYPE = {
    "Ultrarapid Metabolizer": ("LA10315-2", "Ultrarapid metabolizer"),
    "Rapid Metabolizer": ("LA25390-8", "Rapid metabolizer"),
    "Normal Metabolizer": ("LA25391-6", "Normal metabolizer"),
    "Intermediate Metabolizer": ("LA10317-8", "Intermediate metabolizer"),
    "Poor Metabolizer": ("LA9657-3", "Poor metabolizer"),
    "Increased Function": ("LA25392-4", "Increased function"),
    "Normal Function": ("LA25393-2", "Normal function"),
    "Decreased Function": ("LA25395-7", "Decreased function"),
    "Poor Function": ("LA25394-0", "Poor function"),
}
# LOINC answers for what a recommendation asks (list LL4049-4; examples PGxRecEx01 to 05 of the guide).
_ASKS = {
    "avoid": ("LA26421-0", "Consider alternative medication"),
    "alternative": ("LA26421-0", "Consider alternative medication"),
    "reduce": ("LA26422-8", "Decrease dose"),
    "increase": ("LA26423-6", "Increase dose"),
}


def fhir_bundle(report: Report) -> dict[str, Any]:
    """The bundle as plain JSON data.

    >>> from healthtwin.genes import profile_from
    >>> from healthtwin.genes.report import build_report
    >>> bundle = fhir_bundle(build_report(profile_from({"CYP2D6": "*4/*4"}), subject="x", made="2025-11-20"))
    >>> bundle["resourceType"], bundle["entry"][0]["resource"]["resourceType"]
    ('Bundle', 'DiagnosticReport')
    """
    made = _Bundle(report)
    genotypes = [_genotype(made, gene, result) for gene, result in sorted(report.profile.genes.items())]
    implications: list[dict[str, Any]] = []
    tasks: list[dict[str, Any]] = []
    for item in report.guidance:
        for number, advice in enumerate(item.recommendations):
            implication = _implication(made, item, advice, number)
            implications.append(implication)
            if advice.action in _ASKS:
                tasks.append(_task(made, item, advice, implication["id"]))
    resources = [
        _diagnostic_report(made, [*genotypes, *implications], tasks),
        *genotypes,
        *implications,
        *tasks,
    ]
    bundle: dict[str, Any] = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": made.url(resource["id"]), "resource": resource} for resource in resources],
    }
    if _is_date(report.made):
        bundle["timestamp"] = f"{report.made}T00:00:00Z"
    return bundle


@dataclass(frozen=True, slots=True)
class _Bundle:
    """A report on its way into a bundle."""

    report: Report

    def url(self, name: str) -> str:
        """The address of an entry, the same for the same report."""
        report = self.report
        return uuid.uuid5(_ENTRIES, f"{report.subject}\0{report.made}\0{report.version}\0{name}").urn

    def reference(self, name: str) -> dict[str, str]:
        """A reference that resolves to the entry."""
        return {"reference": self.url(name)}

    @property
    def subject(self) -> dict[str, str]:
        """Whose report it is: a name, no record."""
        return {"display": self.report.subject}


def _diagnostic_report(
    made: _Bundle, results: list[dict[str, Any]], tasks: list[dict[str, Any]]
) -> dict[str, Any]:
    report = made.report
    resource: dict[str, Any] = {
        "resourceType": "DiagnosticReport",
        "id": "report",
        "meta": {"profile": [f"{_GUIDE}/StructureDefinition/genomic-report"]},
        "status": "preliminary" if report.profile.provisional else "final",
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "GE"}]}],
        "code": _loinc("51969-4", "Genetic analysis report"),
        "subject": made.subject,
        "result": [made.reference(result["id"]) for result in results],
        "conclusion": " ".join([say(CAUTION), *_caveats(report)]),
    }
    if _is_date(report.made):
        resource["effectiveDateTime"] = report.made
    if report.synthetic:
        label = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST"}
        resource["meta"]["security"] = [label]
    if tasks:
        resource["extension"] = [
            {
                "url": f"{_GUIDE}/StructureDefinition/recommended-action",
                "valueReference": made.reference(task["id"]),
            }
            for task in tasks
        ]
    return resource


def _caveats(report: Report) -> list[str]:
    """What was not seen, and what could not be read, gene by gene."""
    told = {**report.profile.provisional, **report.profile.not_known}
    return [f"{say(Said.of('gene-not-known', gene=gene, why=why))}." for gene, why in sorted(told.items())]


def _genotype(made: _Bundle, gene: str, result: GenePhenotype) -> dict[str, Any]:
    provisional = made.report.profile.provisional.get(gene)
    conclusion = say(with_remarks(result.why, provisional)) if provisional else result.reason
    component = [
        {"code": _loinc("48018-6", "Gene studied [ID]"), "valueCodeableConcept": _gene(gene)},
        {"code": _tbd("conclusion-string", "Conclusion"), "valueString": conclusion},
    ]
    return {
        "resourceType": "Observation",
        "id": _id("genotype", gene),
        "meta": {"profile": [f"{_GUIDE}/StructureDefinition/genotype"]},
        "status": "preliminary" if provisional else "final",
        "category": _category(),
        "code": _loinc("84413-4", "Genotype display name"),
        "subject": made.subject,
        "valueCodeableConcept": {
            "text": f"{gene} {result.diplotype}" if result.diplotype else f"{gene}: not given"
        },
        "component": component,
    }


def _implication(made: _Bundle, item: Guidance, advice: Recommendation, number: int) -> dict[str, Any]:
    component: list[dict[str, Any]] = [
        {
            "code": _loinc("51963-7", "Medication assessed [ID]"),
            "valueCodeableConcept": {"text": item.medicine.name},
        },
        {
            "code": _loinc("93044-6", "Level of evidence"),
            "valueCodeableConcept": {"text": f"{advice.guideline.organisation}: {advice.strength}"},
        },
    ]
    working = {change.gene: change.working for change in item.conversions}
    for gene in advice.guideline.genes:
        result = working.get(gene, item.genes.get(gene))
        if result is None:
            continue
        words: dict[str, Any] = {
            "text": f"{gene} {advice.lookup.get(gene, result.phenotype)}: {result.phenotype}"
        }
        if result.phenotype in _PHENOTYPE:
            code, display = _PHENOTYPE[result.phenotype]
            words["coding"] = [{"system": _LOINC, "code": code, "display": display}]
        component.append(
            {
                "code": _tbd("therapeutic-implication", "Therapeutic Implication"),
                "valueCodeableConcept": words,
            }
        )
    meant = [f"{gene}: {meaning}" for gene, meaning in advice.implications.items()]
    meant.extend(say(each) for each in advice.remarks)
    if meant:
        component.append({"code": _tbd("conclusion-string", "Conclusion"), "valueString": "; ".join(meant)})
    return {
        "resourceType": "Observation",
        "id": _id("implication", item.medicine.name, advice.guideline.organisation, str(number)),
        "meta": {"profile": [f"{_GUIDE}/StructureDefinition/therapeutic-implication"]},
        "status": "preliminary" if advice.provisional else "final",
        "category": _category(),
        "code": _tbd("therapeutic-implication", "Therapeutic Implication"),
        "subject": made.subject,
        "derivedFrom": [
            made.reference(_id("genotype", gene))
            for gene in advice.guideline.genes
            if gene in made.report.profile.genes
        ],
        "note": [{"text": _cited(advice)}],
        "component": component,
    }


def _task(made: _Bundle, item: Guidance, advice: Recommendation, implication: str) -> dict[str, Any]:
    code, display = _ASKS[advice.action]
    said = " ".join([advice.text, *(f"({say(each)})" for each in advice.remarks)])
    return {
        "resourceType": "Task",
        "id": implication.replace("implication", "task", 1),
        "meta": {"profile": [f"{_GUIDE}/StructureDefinition/medication-recommendation"]},
        "status": "requested",
        "intent": "proposal",
        "code": _loinc(code, display),
        "description": f"{item.medicine.name} ({advice.population}): {said}",
        "for": made.subject,
        "reasonReference": made.reference(implication),
    }


def _cited(advice: Recommendation) -> str:
    source = advice.guideline.source
    return f"{source.guideline}, {source.version}" + (f", PMID {source.pmid}" if source.pmid else "")


def _gene(gene: str) -> dict[str, Any]:
    return {
        "coding": [
            {"system": "http://www.genenames.org/geneId", "code": f"HGNC:{_HGNC[gene]}", "display": gene}
        ]
    }


def _category() -> list[dict[str, Any]]:
    return [
        {
            "coding": [
                {"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory"}
            ]
        },
        {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "GE"}]},
    ]


def _loinc(code: str, display: str) -> dict[str, Any]:
    return {"coding": [{"system": _LOINC, "code": code, "display": display}]}


def _tbd(code: str, display: str) -> dict[str, Any]:
    return {"coding": [{"system": _TBD, "code": code, "display": display}]}


def _is_date(made: str) -> bool:
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}", made) is not None


def _id(*parts: str) -> str:
    """A FHIR id: letters, digits, hyphens, at most 64."""
    return re.sub(r"[^A-Za-z0-9-]+", "-", "-".join(parts))[:64].strip("-")
