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

from healthtwin.genes.calling import Fit, Match, match
from healthtwin.genes.diplotype_table import phenotype_rows, write_rows
from healthtwin.genes.errors import UnknownAllele, UnknownGene, UnknownMedicine, VariantFileError
from healthtwin.genes.guidance import CAUTION, Guidance, Recommendation, guidance_for, guidance_for_all
from healthtwin.genes.knowledge import Knowledge, starter
from healthtwin.genes.medicine_check import check_medicines
from healthtwin.genes.medicine_names import Medicine, find_medicine
from healthtwin.genes.outside_calls import read_outside_calls
from healthtwin.genes.person import GeneCall, call_genes, profile_of, read_person, with_outside_calls
from healthtwin.genes.phenoconversion import Conversion, convert, modulators_among
from healthtwin.genes.phenotype import GenePhenotype, assign_phenotype, phenotype_given, score_given
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
