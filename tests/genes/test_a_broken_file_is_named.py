"""Bad input gives an error that says what was wrong, where, and what would be right."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from healthtwin.domain.errors import InvalidInput
from healthtwin.genes import UnknownAllele, UnknownGene, VariantFileError, read_outside_calls, read_person
from tests.genes.vcf_writing import COLUMNS, HEADER, rows_for, write_vcf

ROWS = rows_for("CYP2C19", "*1", "*2")
BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")


def _refusal(path: Path, **options: str) -> str:
    with pytest.raises(VariantFileError) as caught:
        read_person(path, sample=options.get("sample"))
    return str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        "##reference=file:///refs/human_g1k_v37.GRCh37.fasta",
        "##contig=<ID=chr10,length=135534747,assembly=hg19>",
        "##contig=<ID=chr1,length=249250621>",
        "##reference=hs37d5.fa",
    ],
)
def test_another_genome_build_is_refused(line: str, tmp_path: Path) -> None:
    said = _refusal(write_vcf(tmp_path / "old.vcf", ROWS, header=(HEADER[0], line)))
    assert "old.vcf, line 2" in said
    assert "GRCh38" in said


def test_names_without_chr_are_refused_with_the_name_wanted(tmp_path: Path) -> None:
    rows = [row.removeprefix("chr") for row in ROWS]
    said = _refusal(write_vcf(tmp_path / "bare.vcf", rows))
    assert "line 5, column CHROM: got '10'; allowed: chr10" in said


def test_names_without_chr_are_read_when_the_person_says_so(tmp_path: Path) -> None:
    rows = [row.removeprefix("chr") for row in ROWS]
    calls = read_person(write_vcf(tmp_path / "bare.vcf", rows), bare_names=True)
    assert next(c for c in calls if c.gene == "CYP2C19").status == "called"


def test_a_mix_of_both_ways_is_refused(tmp_path: Path) -> None:
    rows = [ROWS[0], ROWS[1].removeprefix("chr"), *ROWS[2:]]
    assert "line 6, column CHROM" in _refusal(write_vcf(tmp_path / "mixed.vcf", rows))


def test_a_row_cut_off_is_named_with_its_line(tmp_path: Path) -> None:
    path = write_vcf(tmp_path / "cut.vcf", ROWS)
    path.write_text(path.read_text(encoding="utf-8")[:-12], encoding="utf-8")
    said = _refusal(path)
    assert f"line {len(ROWS) + 4}" in said
    assert "10 as in the #CHROM line" in said or "genotype" in said


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.95])
def test_a_gzip_cut_off_anywhere_is_refused(keep: float, tmp_path: Path) -> None:
    text = "\n".join([*HEADER, COLUMNS, *ROWS]) + "\n"
    packed = gzip.compress(text.encode())
    path = tmp_path / "cut.vcf.gz"
    path.write_bytes(packed[: int(len(packed) * keep)])
    assert "cut off" in _refusal(path)


def test_a_bgzip_without_its_end_block_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.vcf.gz"
    block = _bgzf_block("\n".join([*HEADER, COLUMNS, *ROWS]) + "\n")
    path.write_bytes(block)
    assert "end-of-file block" in _refusal(path)
    path.write_bytes(block + BGZF_END)
    assert next(c for c in read_person(path) if c.gene == "CYP2C19").status == "called"


def test_several_samples_need_a_choice(tmp_path: Path) -> None:
    rows = [f"{row}\t0/0" for row in ROWS]
    path = write_vcf(tmp_path / "two.vcf", rows, columns=f"{COLUMNS}\tS2")
    assert "got '2 samples'; allowed: one sample, or say which: S1, S2" in _refusal(path)
    assert "one of S1, S2" in _refusal(path, sample="S3")
    assert next(c for c in read_person(path, sample="S1") if c.gene == "CYP2C19").status == "called"


def test_rows_with_more_samples_than_the_header_are_refused(tmp_path: Path) -> None:
    rows = [*ROWS[:3], f"{ROWS[3]}\t0/0", *ROWS[4:]]
    assert "line 8: got '11 columns'" in _refusal(write_vcf(tmp_path / "wide.vcf", rows))


def test_a_file_without_samples_is_refused(tmp_path: Path) -> None:
    columns = COLUMNS.removesuffix("\tFORMAT\tS1")
    said = _refusal(write_vcf(tmp_path / "sites.vcf", [], columns=columns))
    assert "at least one sample column" in said


def test_swapped_columns_are_named(tmp_path: Path) -> None:
    columns = COLUMNS.replace("POS\tID", "ID\tPOS")
    assert "got 'ID'; allowed: POS" in _refusal(write_vcf(tmp_path / "swap.vcf", ROWS, columns=columns))
    cells = ROWS[0].split("\t")
    cells[1], cells[2] = cells[2], cells[1]
    said = _refusal(write_vcf(tmp_path / "swap2.vcf", ["\t".join(cells), *ROWS[1:]]))
    assert "column POS: got 'rs12248560'" in said


def test_reference_bases_of_another_genome_are_refused(tmp_path: Path) -> None:
    cells = ROWS[0].split("\t")
    cells[3], cells[4] = cells[4], cells[3]
    said = _refusal(write_vcf(tmp_path / "ref.vcf", ["\t".join(cells), *ROWS[1:]]))
    assert "ref.vcf, line 5, chr10:94761900, column REF: got 'T'; allowed: C at 94761900 on GRCh38" in said


@pytest.mark.parametrize(
    ("value", "where"),
    [("0/7", "allele numbers"), ("x/y", "genotype"), ("0/0/1", "one or two"), ("/", "allele")],
)
def test_an_impossible_genotype_is_refused(value: str, where: str, tmp_path: Path) -> None:
    rows = [ROWS[0].rsplit("\t", 1)[0] + f"\t{value}", *ROWS[1:]]
    said = _refusal(write_vcf(tmp_path / "gt.vcf", rows))
    assert "line 5, column S1" in said
    assert where in said


def test_rows_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    turned = ROWS[0].rsplit("\t", 1)[0]
    rows = [f"{turned}\t1/1", f"{turned}\t0/1", *ROWS[1:]]
    assert "rows that agree on one genotype" in _refusal(write_vcf(tmp_path / "two.vcf", rows))


@pytest.mark.parametrize("text", ["", "gene,diplotype\n", "##fileformat=VCFv3.3\n", "##fileformat=BCF\n"])
def test_what_is_not_a_vcf_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "not.vcf"
    path.write_text(text, encoding="utf-8")
    assert "VCF" in _refusal(path)


def test_a_header_without_a_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "head.vcf"
    path.write_text("\n".join(HEADER) + "\n", encoding="utf-8")
    assert "ends inside its header" in _refusal(path)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bytes.vcf"
    path.write_bytes(b"##fileformat=VCFv4.2\n##\xff\xfe\n")
    assert "line 2" in _refusal(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "absent.vcf" in _refusal(tmp_path / "absent.vcf")


@pytest.mark.parametrize(
    ("line", "error", "said"),
    [
        ("CYP2C19\t*1/*99", UnknownAllele, "*99"),
        ("CYP9Z9\t*1/*1", UnknownGene, "CYP9Z9"),
        ("*1/*2\tCYP2C19", VariantFileError, "columns swapped"),
        ("CYP2C19", VariantFileError, "parted by tabs"),
        ("CYP2C19\t\t\t", InvalidInput, "a diplotype, a phenotype or an activity score"),
        ("CYP2C19\t\t\t2.0", InvalidInput, "no activity score"),
        ("CYP2D6\t\tQuick Metabolizer", InvalidInput, "Ultrarapid Metabolizer"),
    ],
)
def test_a_bad_line_of_outside_calls_is_named(line: str, error: type[InvalidInput], said: str) -> None:
    with pytest.raises(error) as caught:
        read_outside_calls(["# from the laboratory", line], name="calls.tsv")
    assert "calls.tsv, line 2" in str(caught.value)
    assert said in str(caught.value)


def test_a_gene_called_twice_is_refused() -> None:
    with pytest.raises(VariantFileError, match="line 1 has it already"):
        read_outside_calls(["CYP2D6\t*1/*1", "CYP2D6\t*4/*4"])


def _bgzf_block(text: str) -> bytes:
    """One block of the blocked gzip format (SAM specification, section 4.1)."""
    import struct
    import zlib

    data = text.encode()
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    body = packer.compress(data) + packer.flush()
    size = len(body) + 25
    head = b"\x1f\x8b\x08\x04\x00\x00\x00\x00\x00\xff\x06\x00BC\x02\x00" + struct.pack("<H", size)
    return head + body + struct.pack("<II", zlib.crc32(data), len(data))


@pytest.mark.parametrize(
    "row",
    [
        "HLA-A*01:01:01:01\t100\t.\tA\tT\t.\t.\t.\tGT\t0/1",
        "chrUn_KI270742v1\t100\t.\tA\tT\t.\t.\t.\tGT\t0/1",
        "chr3\t16902880\t.\tM\tC\t.\t.\t.\tGT\t0/1",
        "chr10\t94761700\t.\tN\t<DUP>\t.\t.\tEND=94761800\tCN\t3",
    ],
)
def test_a_row_that_says_nothing_of_our_genes_refuses_no_file(row: str, tmp_path: Path) -> None:
    calls = read_person(write_vcf(tmp_path / "a.vcf", [*ROWS, row]))
    found = next(c for c in calls if c.gene == "CYP2C19").phenotype
    assert found is not None
    assert found.diplotype == "*1/*2"


def test_a_row_without_a_genotype_is_no_genotype(tmp_path: Path) -> None:
    place = ROWS[0].split("\t")
    bare = "\t".join([*place[:8], "CN", "2"])
    call = next(
        c for c in read_person(write_vcf(tmp_path / "a.vcf", [bare, *ROWS[1:]])) if c.gene == "CYP2C19"
    )
    assert call.missing == ("rs12248560",)


@pytest.mark.parametrize("name", ["Chr10", "CHR10", "NC_000010.11"])
def test_chromosomes_under_names_that_nobody_reads_are_refused_and_not_passed_over(
    name: str, tmp_path: Path
) -> None:
    rows = [row.replace("chr10", name) for row in ROWS]
    assert "column CHROM" in _refusal(write_vcf(tmp_path / "other.vcf", rows))
