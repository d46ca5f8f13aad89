"""The report as HL7 FHIR R4 resources after the Genomics Reporting guide (STU3).

One collection bundle: a DiagnosticReport (genomic-report), a genotype Observation per gene, a
therapeutic-implication Observation per medicine and gene result, and a Task (medication-recommendation) for
each piece of advice that asks for a change.
"""

from __future__ import annotations

import re
from typing import Any

from healthtwin.genes.gene_phenotype import GenePhenotype
from healthtwin.genes.guidance import CAUTION, Guidance, Recommendation
from healthtwin.genes.report.content import Report
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
# LOINC answers for metabolizer phenotypes (list LL3856-1).
_METABOLIZER = {
    "Ultrarapid Metabolizer": "LA10315-2",
    "Rapid Metabolizer": "LA25390-8",
    "Normal Metabolizer": "LA25391-6",
    "Intermediate Metabolizer": "LA10317-8",
    "Poor Metabolizer": "LA9657-3",
}
# LOINC answers for what a recommendation asks (list LL4049-2).
_ASKS = {
    "avoid": ("LA26421-0", "Consider alternative medication"),
    "alternative": ("LA26421-0", "Consider alternative medication"),
    "reduce": ("LA26423-6", "Decrease dose"),
    "increase": ("LA26422-8", "Increase dose"),
}


def fhir_bundle(report: Report) -> dict[str, Any]:
    """The bundle as plain JSON data.

    >>> from healthtwin.genes import profile_from
    >>> from healthtwin.genes.report import build_report
    >>> bundle = fhir_bundle(build_report(profile_from({"CYP2D6": "*4/*4"}), subject="x", made="2025-11-20"))
    >>> bundle["resourceType"], bundle["entry"][0]["resource"]["resourceType"]
    ('Bundle', 'DiagnosticReport')
    """
    genotypes = [_genotype(report, gene, result) for gene, result in sorted(report.profile.genes.items())]
    implications: list[dict[str, Any]] = []
    tasks: list[dict[str, Any]] = []
    for item in report.guidance:
        for number, advice in enumerate(item.recommendations):
            implication = _implication(report, item, advice, number)
            implications.append(implication)
            if advice.action in _ASKS:
                tasks.append(_task(report, item, advice, implication["id"]))
    resources = [
        _diagnostic_report(report, [*genotypes, *implications], tasks),
        *genotypes,
        *implications,
        *tasks,
    ]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": _instant(report.made),
        "entry": [{"fullUrl": f"urn:healthtwin:{r['id']}", "resource": r} for r in resources],
    }


def _diagnostic_report(
    report: Report, results: list[dict[str, Any]], tasks: list[dict[str, Any]]
) -> dict[str, Any]:
    resource: dict[str, Any] = {
        "resourceType": "DiagnosticReport",
        "id": "report",
        "meta": {"profile": [f"{_GUIDE}/StructureDefinition/genomic-report"]},
        "status": "final",
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "GE"}]}],
        "code": _loinc("51969-4", "Genetic analysis report"),
        "subject": _subject(report),
        "effectiveDateTime": report.made,
        "result": [_reference(result) for result in results],
        "conclusion": say(CAUTION),
    }
    if report.synthetic:
        label = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST"}
        resource["meta"]["security"] = [label]
    if tasks:
        resource["extension"] = [
            {"url": f"{_GUIDE}/StructureDefinition/recommended-action", "valueReference": _reference(task)}
            for task in tasks
        ]
    return resource


def _genotype(report: Report, gene: str, result: GenePhenotype) -> dict[str, Any]:
    component = [
        {"code": _loinc("48018-6", "Gene studied [ID]"), "valueCodeableConcept": _gene(gene)},
        {"code": _tbd("conclusion-string", "Conclusion"), "valueString": result.reason},
    ]
    return {
        "resourceType": "Observation",
        "id": _id("genotype", gene),
        "meta": {"profile": [f"{_GUIDE}/StructureDefinition/genotype"]},
        "status": "final",
        "category": _category(),
        "code": _loinc("84413-4", "Genotype display name"),
        "subject": _subject(report),
        "valueCodeableConcept": {
            "text": f"{gene} {result.diplotype}" if result.diplotype else f"{gene}: not given"
        },
        "component": component,
    }


def _implication(report: Report, item: Guidance, advice: Recommendation, number: int) -> dict[str, Any]:
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
        if result.phenotype in _METABOLIZER:
            words["coding"] = [
                {"system": _LOINC, "code": _METABOLIZER[result.phenotype], "display": result.phenotype}
            ]
        component.append(
            {
                "code": _tbd("therapeutic-implication", "Therapeutic Implication"),
                "valueCodeableConcept": words,
            }
        )
    for gene, meaning in advice.implications.items():
        component.append(
            {"code": _tbd("conclusion-string", "Conclusion"), "valueString": f"{gene}: {meaning}"}
        )
    return {
        "resourceType": "Observation",
        "id": _id("implication", item.medicine.name, advice.guideline.organisation, str(number)),
        "meta": {"profile": [f"{_GUIDE}/StructureDefinition/therapeutic-implication"]},
        "status": "final",
        "category": _category(),
        "code": _tbd("therapeutic-implication", "Therapeutic Implication"),
        "subject": _subject(report),
        "derivedFrom": [
            {"reference": f"Observation/{_id('genotype', gene)}"}
            for gene in advice.guideline.genes
            if gene in report.profile.genes
        ],
        "note": [{"text": _cited(advice)}],
        "component": component,
    }


def _task(report: Report, item: Guidance, advice: Recommendation, implication: str) -> dict[str, Any]:
    code, display = _ASKS[advice.action]
    said = advice.text
    return {
        "resourceType": "Task",
        "id": implication.replace("implication", "task", 1),
        "meta": {"profile": [f"{_GUIDE}/StructureDefinition/medication-recommendation"]},
        "status": "requested",
        "intent": "proposal",
        "code": _loinc(code, display),
        "description": f"{item.medicine.name} ({advice.population}): {said}",
        "for": _subject(report),
        "reasonReference": {"reference": f"Observation/{implication}"},
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


def _subject(report: Report) -> dict[str, Any]:
    return {"display": report.subject}


def _reference(resource: dict[str, Any]) -> dict[str, str]:
    return {"reference": f"{resource['resourceType']}/{resource['id']}"}


def _instant(made: str) -> str:
    return f"{made}T00:00:00Z" if re.fullmatch(r"\d{4}-\d{2}-\d{2}", made) else made


def _id(*parts: str) -> str:
    """A FHIR id: letters, digits, hyphens, at most 64."""
    return re.sub(r"[^A-Za-z0-9-]+", "-", "-".join(parts))[:64].strip("-")
