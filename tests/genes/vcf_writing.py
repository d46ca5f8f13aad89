"""Writes VCF files for people made up of named alleles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from healthtwin.genes import starter
from healthtwin.genes.definition import Definition, NamedAllele

HEADER = (
    "##fileformat=VCFv4.2",
    "##contig=<ID=chr10,length=133797422,assembly=GRCh38>",
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
)
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1"


def definition_of(gene: str) -> Definition:
    definition = starter().definition(gene)
    assert definition is not None
    return definition


def codes_of(definition: Definition, allele: NamedAllele) -> list[int]:
    """One chromosome carrying the allele: the lowest spelling it allows at each position."""
    codes = [0] * len(definition.positions)
    for number, mask in allele.allowed.items():
        codes[number] = (mask & -mask).bit_length() - 1
    return codes


def rows_for(
    gene: str, first: str, second: str, *, phased: bool = False, phase_sets: Mapping[int, str] | None = None
) -> list[str]:
    """A row for every position of the gene, for a person with these two alleles."""
    definition = definition_of(gene)
    by_name = {allele.name: allele for allele in definition.alleles}
    one = codes_of(definition, by_name[first])
    two = codes_of(definition, by_name[second])
    rows = []
    for number, position in enumerate(definition.positions):
        genotype = f"{one[number]}{'|' if phased else '/'}{two[number]}"
        keys, values = "GT", genotype
        if phase_sets is not None:
            keys, values = "GT:PS", f"{genotype}:{phase_sets.get(number, '.')}"
        alts = ",".join(position.others)
        rows.append(
            f"{definition.chromosome}\t{position.at}\t{position.rsid or '.'}\t{position.reference}\t{alts}"
            f"\t.\tPASS\t.\t{keys}\t{values}"
        )
    return rows


def write_vcf(
    path: Path, rows: Iterable[str], *, header: Iterable[str] = HEADER, columns: str = COLUMNS
) -> Path:
    path.write_text("\n".join([*header, columns, *rows]) + "\n", encoding="utf-8")
    return path
