"""Calls made elsewhere (another caller, a laboratory report), in PharmCAT's tab-separated form.

Columns: gene, diplotype or allele, phenotype, activity score; the last three may be empty, one must be there.
Lines that open with ``#`` are comments. An outside call outranks what the VCF shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from healthtwin.domain.errors import InvalidInput
from healthtwin.genes.errors import VariantFileError
from healthtwin.genes.gene_phenotype import GenePhenotype
from healthtwin.genes.knowledge import Knowledge, starter
from healthtwin.genes.profile import gene_result

_COLUMNS = 4
_GENE = re.compile(r"^[A-Z][A-Z0-9-]+$")


def read_outside_calls(
    lines: Iterable[str], *, name: str = "calls", sex: str | None = None, knowledge: Knowledge | None = None
) -> dict[str, GenePhenotype]:
    r"""Gene -> result for every line.

    Args:
        lines: the file's lines.
        name: the file's name, for error messages.

    Raises:
        VariantFileError: with line and column; a gene given twice; columns in another order.

    >>> calls = read_outside_calls(["CYP2D6\t*1/*4", "HLA-B\t\t*57:01 positive"])
    >>> calls["CYP2D6"].phenotype, calls["HLA-B"].phenotype
    ('Intermediate Metabolizer', '*57:01 positive')
    """
    tables = knowledge or starter()
    found: dict[str, GenePhenotype] = {}
    seen_at: dict[str, int] = {}
    for number, raw in enumerate(lines, start=1):
        line = raw.rstrip("\r\n")
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        where = f"{name}, line {number}"
        if len(cells) < 2 or len(cells) > _COLUMNS:  # noqa: PLR2004  # a gene and at least one result
            raise VariantFileError(where, line, "gene, diplotype, phenotype, activity score, parted by tabs")
        cells += [""] * (_COLUMNS - len(cells))
        gene = cells[0].upper()
        if not _GENE.match(gene):
            raise VariantFileError(f"{where}, column 1", cells[0], "a gene symbol; are columns swapped?")
        if gene in found and gene not in {"HLA-A", "HLA-B"}:
            raise VariantFileError(where, gene, f"each gene once; line {seen_at[gene]} has it already")
        try:
            result = gene_result(
                gene,
                diplotype=cells[1],
                phenotype=cells[2],
                activity_score=cells[3],
                sex=sex,
                knowledge=tables,
            )
        except InvalidInput as error:
            raise type(error)(f"{where}, {error.field}", error.value, error.allowed) from error
        found[gene] = _joined(found[gene], result) if gene in found else result
        seen_at[gene] = number
    return found


def _joined(first: GenePhenotype, second: GenePhenotype) -> GenePhenotype:
    """Several alleles of one HLA gene come on several lines."""
    results = tuple(dict.fromkeys((*first.results, *second.results)))
    return GenePhenotype(
        first.gene,
        first.diplotype or second.diplotype,
        (),
        None,
        ", ".join(results),
        first.why,
        first.source,
        results,
    )
