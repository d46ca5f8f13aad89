"""Genes and medicines over HTTP: questions answered from what they bring; nothing of it is kept.

The tables are loaded by the first question, not by the server's start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from healthtwin.access.authenticator import wall_ms
from healthtwin.api.parameters import body_of, require_known_parameters
from healthtwin.api.people import json_of
from healthtwin.api.schema import answers, takes
from healthtwin.domain import from_ms

if TYPE_CHECKING:
    from collections.abc import Callable

    from healthtwin.api.identity import Identity
    from healthtwin.genes import Knowledge
    from healthtwin.genes.report import Report

MOST_MEDICINES: Final = 100
"""Nobody takes more; a longer list is a mistake."""

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=400)]
Medicines = Annotated[list[Text], msgspec.Meta(max_length=MOST_MEDICINES)]
GeneProfile = dict[str, Any]
"""Gene to diplotype or result, ``medicines``, ``sex``: as `healthtwin genes guidance --profile` reads it."""


class DiplotypeQuestion(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A gene and its two alleles. sex: male or female, where the gene lies on X."""

    gene: Text
    diplotype: Text
    sex: str | None = None


class MedicineQuestion(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A profile and a medicine. population: only for these people; left out: for all."""

    profile: GeneProfile
    drug: Text
    population: str | None = None


class ReportQuestion(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A profile and the name that stands on its report. synthetic: marks made-up data on every form."""

    profile: GeneProfile
    subject: Text
    synthetic: bool = False


class CheckQuestion(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A profile and current medicines."""

    profile: GeneProfile
    medicines: Medicines


class GenePhenotypeView(msgspec.Struct, frozen=True):
    """A phenotype in the field's wording. activity_score: null for genes that have none."""

    gene: str
    diplotype: str
    phenotype: str
    activity_score: str | None
    functions: list[str]
    why: str
    source: dict[str, str]
    warnings: list[str]


class GuidedMedicine(msgspec.Struct, frozen=True):
    """A medicine with guidance. genes: those it asks for; populations: whom rows are for."""

    medicine: str
    genes: list[str]
    sources: list[str]
    populations: list[str]


class FindingView(msgspec.Struct, frozen=True):
    """What a current medicine and a gene make of each other. urgency: info or warning."""

    hypothesis: str
    urgency: str
    evidence: list[dict[str, str]]
    contraindications: list[str]
    version: str


def gene_routes(identity: Identity, knowledge: Callable[[], Knowledge]) -> APIRouter:
    """`/api/genes` and below, for everybody who is signed in.

    Args:
        identity: who asks.
        knowledge: gives the starter tables, or those of the home with its imported release.
    """
    router = APIRouter(prefix="/api/genes", tags=["genes"], dependencies=[Depends(identity.authenticate)])

    @router.get("/medicines", responses=answers(list[GuidedMedicine]), summary="What has gene guidance")
    def medicines(request: Request) -> Response:
        """Every medicine with guidance by genes."""
        require_known_parameters(request, ())
        tables = knowledge()
        return json_of([_guided(name, tables) for name in tables.guided_medicines])

    @router.post(
        "/phenotype",
        responses=answers(GenePhenotypeView, 413, 415, 422),
        openapi_extra=takes(DiplotypeQuestion),
        summary="The phenotype of a diplotype",
    )
    async def phenotype(request: Request) -> Response:
        """The phenotype, its activity score, and why."""
        require_known_parameters(request, ())
        asked = await body_of(request, DiplotypeQuestion)
        return json_of(await run_in_threadpool(lambda: _phenotype(asked, knowledge())))

    @router.post(
        "/guidance",
        responses=answers(dict[str, Any], 413, 415, 422),
        openapi_extra=takes(MedicineQuestion),
        summary="What the genes say about a medicine",
    )
    async def guidance(request: Request) -> Response:
        """Recommendations with strength and source, risks, phenoconversion, and what is not known."""
        require_known_parameters(request, ())
        asked = await body_of(request, MedicineQuestion)
        return json_of(await run_in_threadpool(lambda: _guidance(asked, knowledge())))

    @router.post(
        "/check",
        responses=answers(list[FindingView], 413, 415, 422),
        openapi_extra=takes(CheckQuestion),
        summary="Current medicines against genes",
    )
    async def check(request: Request) -> Response:
        """Findings, the most urgent first; none where nothing is to be said."""
        require_known_parameters(request, ())
        asked = await body_of(request, CheckQuestion)
        return json_of(await run_in_threadpool(lambda: _findings(asked, knowledge())))

    @router.post(
        "/report",
        responses=answers(dict[str, Any], 413, 415, 422),
        openapi_extra=takes(ReportQuestion),
        summary="The whole report",
    )
    async def report(request: Request) -> Response:
        """Genes, medicines and what is not known, laid out like PharmCAT's report."""
        require_known_parameters(request, ())
        asked = await body_of(request, ReportQuestion)
        return json_of(await run_in_threadpool(lambda: _report(asked, knowledge()).as_dict()))

    @router.post(
        "/report/fhir",
        responses=answers(dict[str, Any], 413, 415, 422),
        openapi_extra=takes(ReportQuestion),
        summary="The report as FHIR R4 resources",
    )
    async def fhir(request: Request) -> Response:
        """A collection bundle after the HL7 Genomics Reporting guide."""
        require_known_parameters(request, ())
        asked = await body_of(request, ReportQuestion)
        return json_of(await run_in_threadpool(lambda: _fhir(asked, knowledge())))

    return router


def _guided(name: str, knowledge: Knowledge) -> GuidedMedicine:
    guidelines = knowledge.guidelines_for(name)
    return GuidedMedicine(
        medicine=name,
        genes=sorted({gene for entry in guidelines for gene in entry.genes}),
        sources=[entry.organisation for entry in guidelines],
        populations=sorted({people for entry in guidelines for people in entry.populations}),
    )


def _phenotype(asked: DiplotypeQuestion, knowledge: Knowledge) -> dict[str, object]:
    from healthtwin.genes import assign_phenotype

    return assign_phenotype(asked.gene, asked.diplotype, sex=asked.sex, knowledge=knowledge).as_dict()


def _guidance(asked: MedicineQuestion, knowledge: Knowledge) -> dict[str, object]:
    from healthtwin.genes import guidance_for, profile_from

    profile = profile_from(asked.profile, knowledge=knowledge)
    return guidance_for(profile, asked.drug, population=asked.population, knowledge=knowledge).as_dict()


def _findings(asked: CheckQuestion, knowledge: Knowledge) -> list[FindingView]:
    from healthtwin.genes import check_medicines, profile_from

    profile = profile_from(asked.profile, knowledge=knowledge)
    return [
        FindingView(
            hypothesis=finding.hypothesis,
            urgency=finding.urgency.word,
            evidence=[{"text": item.text, "source": item.source} for item in finding.evidence],
            contraindications=list(finding.contraindications),
            version=finding.version,
        )
        for finding in check_medicines(profile, asked.medicines, knowledge=knowledge)
    ]


def _report(asked: ReportQuestion, knowledge: Knowledge) -> Report:
    from healthtwin.genes import profile_from
    from healthtwin.genes.report import build_report

    return build_report(
        profile_from(asked.profile, knowledge=knowledge),
        subject=asked.subject,
        made=from_ms(wall_ms()).date().isoformat(),
        synthetic=asked.synthetic,
        knowledge=knowledge,
    )


def _fhir(asked: ReportQuestion, knowledge: Knowledge) -> dict[str, object]:
    from healthtwin.genes.report import fhir_bundle

    return fhir_bundle(_report(asked, knowledge))
