"""Calls made elsewhere (another caller, a laboratory report), in PharmCAT's tab-separated form.

Columns: gene, diplotype or allele, phenotype, activity score; the last three may be empty, one must be there.
Lines that open with ``#`` are comments. An outside call outranks what the VCF shows. A line without a result
(``./.``), or one that cannot be read, does not speak for the others: its reason is kept, the rest is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from healthtwin.domain import Said
from healthtwin.domain.errors import InvalidInput
from healthtwin.genes.errors import UnknownGene, VariantFileError
from healthtwin.genes.gene_phenotype import GenePhenotype
from healthtwin.genes.knowledge import Knowledge, starter
from healthtwin.genes.profile import gene_result

_COLUMNS = 4
_GENE = re.compile(r"^[A-Z][A-Z0-9-]+$")
# How callers write that they have no call, on one side or on both: "./.", "no call", "-".
_NO_CALL = frozenset(
    {".", "-", "--", "?", "none", "null", "nocall", "no call", "no_call", "no-call", "not called"}
    | {"no result", "not determined", "undetermined", "not tested", "missing", "failed", "no data"}
)
# In a diplotype's place they say that there is none; as a phenotype or a score they are a result.
_NOT_KNOWN = frozenset({"na", "n/a", "unknown", "indeterminate", "not available"})
_SEVERAL_LINES = frozenset({"HLA-A", "HLA-B"})  # one line for each allele that was looked for


class OutsideCalls(dict[str, GenePhenotype]):
    """Gene -> result of every line that has one.

    Attributes:
        refused: gene -> why no line of it was used.
        problems: what is wrong with lines that could not be read, for the person who gave the file.
    """

    def __init__(self) -> None:
        super().__init__()
        self.refused: dict[str, Said] = {}
        self.problems: list[InvalidInput] = []


def read_outside_calls(
    lines: Iterable[str], *, name: str = "calls", sex: str | None = None, knowledge: Knowledge | None = None
) -> OutsideCalls:
    r"""Gene -> result for every line that has one.

    Args:
        lines: the file's lines.
        name: the file's name, for error messages.

    Raises:
        VariantFileError, InvalidInput: nothing in the file can be used; with the line of the first fault.

    >>> calls = read_outside_calls(["CYP2D6\t*1/*4", "HLA-B\t\t*57:01 positive", "NAT2\t./."])
    >>> calls["CYP2D6"].phenotype, calls["HLA-B"].phenotype, list(calls.refused)
    ('Intermediate Metabolizer', '*57:01 positive', ['NAT2'])
    """
    tables = knowledge or starter()
    found = OutsideCalls()
    seen_at: dict[str, int] = {}
    for number, raw in enumerate(lines, start=1):
        line = raw.rstrip("\r\n")
        if not line.strip() or line.startswith("#"):
            continue
        try:
            gene, cells = _cells(line, f"{name}, line {number}")
            if gene in seen_at and gene not in _SEVERAL_LINES:
                _take_again(found, gene, cells, f"{name}, line {number}", seen_at[gene], sex, tables)
                continue
            seen_at[gene] = number
            if _says_nothing(cells):
                gene = tables.gene(gene).gene
                found.refused[gene] = Said.of("gene-no-call", written=next(filter(None, cells)))
                continue
            result = _result(gene, cells, f"{name}, line {number}", sex, tables)
        except InvalidInput as error:
            found.problems.append(error)
            _refuse(found, line, error, tables)
            continue
        found[gene] = _joined(found[gene], result) if gene in found else result
        found.refused.pop(gene, None)
    if found.problems and not found and all(why.code != "gene-no-call" for why in found.refused.values()):
        raise found.problems[0]
    return found


def _cells(line: str, where: str) -> tuple[str, list[str]]:
    cells = [cell.strip() for cell in line.split("\t")]
    if len(cells) < 2 or len(cells) > _COLUMNS:  # noqa: PLR2004  # a gene and at least one result
        raise VariantFileError(where, line, "gene, diplotype, phenotype, activity score, parted by tabs")
    gene = cells[0].upper()
    if not _GENE.match(gene):
        raise VariantFileError(f"{where}, column 1", cells[0], "a gene symbol; are columns swapped?")
    return gene, cells[1:] + [""] * (_COLUMNS - len(cells))


def _says_nothing(cells: list[str]) -> bool:
    """Whether a line has no result: something stands there, and none of it is one."""
    diplotype, *others = cells
    if diplotype:
        return _is_no_call(diplotype, _NO_CALL | _NOT_KNOWN) and all(
            not cell or _is_no_call(cell, _NO_CALL | _NOT_KNOWN) for cell in others
        )
    return any(others) and all(not cell or _is_no_call(cell, _NO_CALL) for cell in others)


def _is_no_call(cell: str, words: frozenset[str]) -> bool:
    plain = cell.casefold()
    return plain in words or {side.strip() for side in re.split(r"[/|]", plain)} <= words


def _result(gene: str, cells: list[str], where: str, sex: str | None, tables: Knowledge) -> GenePhenotype:
    diplotype, phenotype, score = cells
    if diplotype and (phenotype or score) and _is_no_call(diplotype, _NO_CALL | _NOT_KNOWN):
        diplotype = ""
    try:
        return gene_result(
            gene, diplotype=diplotype, phenotype=phenotype, activity_score=score, sex=sex, knowledge=tables
        )
    except InvalidInput as error:
        raise type(error)(f"{where}, {error.field}", error.value, error.allowed) from error


def _take_again(
    found: OutsideCalls,
    gene: str,
    cells: list[str],
    where: str,
    before: int,
    sex: str | None,
    tables: Knowledge,
) -> None:
    """A gene's second line: the same result is no harm, another one leaves neither to be believed."""
    if _says_nothing(cells):
        return
    again = _result(gene, cells, where, sex, tables)
    if gene in found.refused and found.refused[gene].code == "gene-no-call":
        del found.refused[gene]
        found[gene] = again
        return
    if gene in found and again == found[gene]:
        return
    found.pop(gene, None)
    raise VariantFileError(where, gene, f"each gene once; line {before} has it already")


def _refuse(found: OutsideCalls, line: str, error: InvalidInput, tables: Knowledge) -> None:
    """Says on the gene that its line was not used, where the line names a gene of ours."""
    try:
        gene = tables.gene(line.split("\t", maxsplit=1)[0].strip()).gene
    except UnknownGene:
        return
    if gene not in found:
        found.refused[gene] = Said.of("gene-line-refused", problem=str(error))


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
