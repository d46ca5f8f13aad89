"""Genes and medicines over HTTP: questions answered from what they bring; nothing of it is kept.

The tables are loaded by the first question, not by the server's start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec

from healthtwin.access import wall_ms
from healthtwin.domain import Said, from_ms
from healthtwin.routing import Need, Routes
from healthtwin.words import say

if TYPE_CHECKING:
    from healthtwin.genes import Knowledge
    from healthtwin.genes.report import Report
    from healthtwin.house import House

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
    """A phenotype in the field's wording.

    activity_score: null for genes that have none; said: `why` as a code.
    """

    gene: str
    diplotype: str
    phenotype: str
    activity_score: str | None
    functions: list[str]
    why: str
    said: Said
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


PROFILE_EXAMPLE: Final = {"CYP2D6": "*4/*4"}

routes = Routes("/api/genes", tag="genes")


@routes.get("/medicines", need=Need.KNOWN, summary="What has gene guidance")
def guided_medicines(house: House) -> list[GuidedMedicine]:
    """Every medicine with guidance by genes."""
    tables = house.medicines.gene_tables()
    return [_guided(name, tables) for name in tables.guided_medicines]


@routes.post(
    "/phenotype",
    need=Need.KNOWN,
    answer=GenePhenotypeView,
    summary="The phenotype of a diplotype",
    example={"gene": "CYP2C19", "diplotype": "*1/*2"},
)
def phenotype(house: House, body: DiplotypeQuestion) -> dict[str, object]:
    """The phenotype, its activity score, and why."""
    from healthtwin.genes import assign_phenotype

    tables = house.medicines.gene_tables()
    return assign_phenotype(body.gene, body.diplotype, sex=body.sex, knowledge=tables).as_dict()


@routes.post(
    "/guidance",
    need=Need.KNOWN,
    summary="What the genes say about a medicine",
    example={"profile": PROFILE_EXAMPLE, "drug": "codeine"},
)
def guidance(house: House, body: MedicineQuestion) -> dict[str, Any]:
    """Recommendations with strength and source, risks, phenoconversion, and what is not known."""
    from healthtwin.genes import guidance_for, profile_from

    tables = house.medicines.gene_tables()
    profile = profile_from(body.profile, knowledge=tables)
    return guidance_for(profile, body.drug, population=body.population, knowledge=tables).as_dict()


@routes.post(
    "/check",
    need=Need.KNOWN,
    summary="Current medicines against genes",
    example={"profile": PROFILE_EXAMPLE, "medicines": ["codeine"]},
)
def check(house: House, body: CheckQuestion) -> list[FindingView]:
    """Findings, the most urgent first; none where nothing is to be said."""
    from healthtwin.genes import check_medicines, profile_from

    tables = house.medicines.gene_tables()
    profile = profile_from(body.profile, knowledge=tables)
    return [
        FindingView(
            hypothesis=say(finding.hypothesis),
            urgency=finding.urgency.word,
            evidence=[{"text": say(item.said), "source": say(item.source)} for item in finding.evidence],
            contraindications=[say(each) for each in finding.contraindications],
            version=finding.version,
        )
        for finding in check_medicines(profile, body.medicines, knowledge=tables)
    ]


@routes.post(
    "/report",
    need=Need.KNOWN,
    summary="The whole report",
    example={"profile": PROFILE_EXAMPLE, "subject": "somebody"},
)
def report(house: House, body: ReportQuestion) -> dict[str, Any]:
    """Genes, medicines and what is not known, laid out like PharmCAT's report."""
    return _report(body, house.medicines.gene_tables()).as_dict()


@routes.post(
    "/report/fhir",
    need=Need.KNOWN,
    summary="The report as FHIR R4 resources",
    example={"profile": PROFILE_EXAMPLE, "subject": "somebody"},
)
def fhir(house: House, body: ReportQuestion) -> dict[str, Any]:
    """A collection bundle after the HL7 Genomics Reporting guide."""
    from healthtwin.genes.report import fhir_bundle

    return fhir_bundle(_report(body, house.medicines.gene_tables()))


def _guided(name: str, knowledge: Knowledge) -> GuidedMedicine:
    guidelines = knowledge.guidelines_for(name)
    return GuidedMedicine(
        medicine=name,
        genes=sorted({gene for entry in guidelines for gene in entry.genes}),
        sources=[entry.organisation for entry in guidelines],
        populations=sorted({people for entry in guidelines for people in entry.populations}),
    )


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
