"""Another genome is refused however its name is spelled, and by the lengths of its chromosomes."""

from __future__ import annotations

from pathlib import Path

import pytest

from healthtwin.genes import VariantFileError, read_person
from tests.genes.vcf_writing import HEADER, rows_for, write_vcf

FIRST, FORMAT = HEADER[0], HEADER[2]
ROWS = rows_for("CYP2C19", "*2", "*2")


def _read(tmp_path: Path, *lines: str, assume: bool = False) -> str:
    """The phenotype, or the refusal."""
    path = write_vcf(tmp_path / "a.vcf", ROWS, header=(FIRST, *lines, FORMAT))
    try:
        calls = read_person(path, missing_is_reference=assume)
    except VariantFileError as error:
        return str(error)
    found = next(call for call in calls if call.gene == "CYP2C19").phenotype
    return found.phenotype if found else "no result"


@pytest.mark.parametrize(
    "line",
    [
        "##reference=file:///ref/human_g1k_v37.fasta",
        "##reference=file:///ref/human_g1k_v37_decoy.fasta.gz",
        "##reference=hs37d5.fa",
        "##reference=/refs/b37/genome.fa",
        "##reference=ucsc.hg19.fasta",
        "##reference=file:///broad/Homo_sapiens_assembly19.fasta",
        "##reference=GCF_000001405.25_GRCh37.p13_genomic.fna",
        "##reference=GCA_000001405.14.fna",
        "##reference=1000Genomes-NCBI37",
        "##reference=human_b36_both.fasta",
        "##reference=grch37.fa",
        "##assembly=b37",
        "##genome_build=37",
        "##reference=chm13v2.0.fa",
        "##contig=<ID=chr1,length=249250621>",
        "##contig=<ID=10,length=135534747>",
        "##contig=<ID=chr10,length=135534747>",
        "##contig=<ID=chrM,length=16571>",
        "##contig=<ID=X,length=155270560>",
        "##contig=<ID=hs37d5,length=35477943>",
        '##contig=<ID=chr10,assembly=hg19,species="Homo sapiens">',
    ],
)
def test_another_genome_is_refused_by_name_or_by_length(line: str, tmp_path: Path) -> None:
    for assume in (False, True):
        said = _read(tmp_path, line, assume=assume)
        assert "a.vcf, line 2" in said
        assert "GRCh38" in said


@pytest.mark.parametrize(
    "line",
    [
        "##reference=file:///ref/GRCh38_full_analysis_set_plus_decoy_hla.fa",
        "##reference=Homo_sapiens_assembly38.fasta",
        "##reference=file:///data/hs38DH.fa",
        "##reference=GCF_000001405.40.fna",
        "##reference=GCA_000001405.15_GRCh38_no_alt_analysis_set.fna",
        "##contig=<ID=chr10,length=133797422>",
        "##contig=<ID=chrX,length=156040895>",
        "##dbSNP_BUILD_ID=137",
    ],
)
def test_this_genome_is_read(line: str, tmp_path: Path) -> None:
    assert _read(tmp_path, line) == "Poor Metabolizer"


def test_a_command_that_used_another_genome_counts_where_nothing_else_names_one(tmp_path: Path) -> None:
    command = '##GATKCommandLine=<ID=HaplotypeCaller,CommandLine="-R /refs/human_g1k_v37.fasta">'
    assert "line 2" in _read(tmp_path, command)
    lifted = "##contig=<ID=chr10,length=133797422>"
    assert _read(tmp_path, command, lifted) == "Poor Metabolizer"


def test_what_is_missing_is_not_called_unchanged_on_an_unknown_genome(tmp_path: Path) -> None:
    assert _read(tmp_path) == "Poor Metabolizer"
    assert "##reference or ##contig lines of GRCh38" in _read(tmp_path, assume=True)
