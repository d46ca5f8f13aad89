"""From alleles to phenotypes to guidance on medicines, with the evidence; pure, standard library only.

::

    VCF ── variant_file ── observation ── calling ──┐
    outside calls ──────────────────────────────────┼─► person ─► profile ─► guidance ─► report
    diplotypes, phenotypes ─────────────────────────┘      ▲                    ▲
                                                     phenotype rules     guidelines, modulators, risks
                                                           └──── knowledge ─────┘  (data/, or an import)

What nobody can know is refused with the reason: CYP2D6 from a bare VCF, a position nobody looked at, a
medicine without guidance, a ranking by expected benefit.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from healthtwin.genes.calling import Fit, Match, match
    from healthtwin.genes.diplotype_table import phenotype_rows, write_rows
    from healthtwin.genes.errors import UnknownAllele, UnknownGene, UnknownMedicine, VariantFileError
    from healthtwin.genes.gene_phenotype import GenePhenotype
    from healthtwin.genes.guidance import CAUTION, Guidance, Recommendation, guidance_for, guidance_for_all
    from healthtwin.genes.knowledge import Knowledge, starter
    from healthtwin.genes.medicine_check import check_medicines
    from healthtwin.genes.medicine_names import Medicine, find_medicine
    from healthtwin.genes.outside_calls import read_outside_calls
    from healthtwin.genes.person import GeneCall, call_genes, profile_of, read_person, with_outside_calls
    from healthtwin.genes.phenoconversion import Conversion, convert, modulators_among
    from healthtwin.genes.phenotype import assign_phenotype, phenotype_given, score_given
    from healthtwin.genes.profile import Profile, gene_result, profile_from
    from healthtwin.genes.release_folder import import_release, knowledge_in
    from healthtwin.genes.response import Response, response_of

__all__ = [
    "CAUTION",
    "Conversion",
    "Fit",
    "GeneCall",
    "GenePhenotype",
    "Guidance",
    "Knowledge",
    "Match",
    "Medicine",
    "Profile",
    "Recommendation",
    "Response",
    "UnknownAllele",
    "UnknownGene",
    "UnknownMedicine",
    "VariantFileError",
    "assign_phenotype",
    "call_genes",
    "check_medicines",
    "convert",
    "find_medicine",
    "gene_result",
    "guidance_for",
    "guidance_for_all",
    "import_release",
    "knowledge_in",
    "match",
    "modulators_among",
    "phenotype_given",
    "phenotype_rows",
    "profile_from",
    "profile_of",
    "read_outside_calls",
    "read_person",
    "response_of",
    "score_given",
    "starter",
    "with_outside_calls",
    "write_rows",
]

# Where each name of the public face lives. A module is loaded when one of its names is first used, so that a
# command that only needs a phenotype does not wait for VCF reading and guidance.
_MODULES = {
    "calling": (
        "Fit",
        "Match",
        "match",
    ),
    "diplotype_table": (
        "phenotype_rows",
        "write_rows",
    ),
    "errors": (
        "UnknownAllele",
        "UnknownGene",
        "UnknownMedicine",
        "VariantFileError",
    ),
    "guidance": (
        "CAUTION",
        "Guidance",
        "Recommendation",
        "guidance_for",
        "guidance_for_all",
    ),
    "knowledge": (
        "Knowledge",
        "starter",
    ),
    "medicine_check": ("check_medicines",),
    "medicine_names": (
        "Medicine",
        "find_medicine",
    ),
    "outside_calls": ("read_outside_calls",),
    "person": (
        "GeneCall",
        "call_genes",
        "profile_of",
        "read_person",
        "with_outside_calls",
    ),
    "phenoconversion": (
        "Conversion",
        "convert",
        "modulators_among",
    ),
    "gene_phenotype": ("GenePhenotype",),
    "phenotype": (
        "assign_phenotype",
        "phenotype_given",
        "score_given",
    ),
    "profile": (
        "Profile",
        "gene_result",
        "profile_from",
    ),
    "release_folder": (
        "import_release",
        "knowledge_in",
    ),
    "response": (
        "Response",
        "response_of",
    ),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
