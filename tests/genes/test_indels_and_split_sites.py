"""One change has many spellings in a VCF; all of them mean the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from healthtwin.genes import GeneCall, read_person
from healthtwin.words import say
from tests.genes.vcf_writing import rows_for, write_vcf


def _call(tmp_path: Path, gene: str, rows: list[str]) -> GeneCall:
    return next(c for c in read_person(write_vcf(tmp_path / "a.vcf", rows)) if c.gene == gene)


def _diplotype(call: GeneCall) -> str:
    assert call.phenotype is not None, call.reason
    return call.phenotype.diplotype


def _with(rows: list[str], position: int, *replacements: str) -> list[str]:
    """The rows with the one at a position replaced."""
    kept: list[str] = []
    for row in rows:
        if row.split("\t")[1] == str(position):
            kept.extend(replacements)
        else:
            kept.append(row)
    return kept


@pytest.mark.parametrize(
    ("at", "reference", "other"),
    [
        (99652770, "T", "TA"),  # shortest, leftmost
        (99652771, "A", "AA"),  # shifted to the right
        (99652769, "CT", "CTA"),  # a needless base in front
        (99652770, "TA", "TAA"),  # a needless base behind
    ],
)
def test_an_insertion_in_a_repeat_is_moved_left(at: int, reference: str, other: str, tmp_path: Path) -> None:
    row = f"chr7\t{at}\t.\t{reference}\t{other}\t.\t.\t.\tGT\t0/1"
    rows = _with(rows_for("CYP3A5", "*1", "*1"), 99652770, row)
    assert _diplotype(_call(tmp_path, "CYP3A5", rows)) == "*1/*7"


@pytest.mark.parametrize(
    ("at", "reference", "other"),
    [
        (233760233, "CAT", "CATAT"),
        (233760233, "C", "CAT"),
        (233760235, "T", "TAT"),
        (233760233, "CATAT", "CATATAT"),
        (233760247, "TA", "TATA"),
    ],
)
def test_the_ta_repeat_of_ugt1a1_is_read_in_every_spelling(
    at: int, reference: str, other: str, tmp_path: Path
) -> None:
    rows = _with(
        rows_for("UGT1A1", "*1", "*1"), 233760233, f"chr2\t{at}\t.\t{reference}\t{other}\t.\t.\t.\tGT\t0/1"
    )
    assert _diplotype(_call(tmp_path, "UGT1A1", rows)) == "*1/*28"


def test_a_deletion_is_read_shifted_too(tmp_path: Path) -> None:
    usual = "chr1\t97740410\t.\tGATGA\tG\t.\t.\t.\tGT\t0/1"
    shifted = "chr1\t97740414\t.\tAATGA\tA\t.\t.\t.\tGT\t0/1"
    for row in (usual, shifted):
        rows = _with(rows_for("DPYD", "Reference", "Reference"), 97740410, row)
        assert _diplotype(_call(tmp_path, "DPYD", rows)) == "Reference/c.295_298delTCAT (*7)"


def test_a_site_with_several_others_may_stand_on_one_row_or_on_several(tmp_path: Path) -> None:
    rows = rows_for("UGT1A1", "*36", "*37")
    assert _diplotype(_call(tmp_path, "UGT1A1", rows)) == "*36/*37"
    split = _with(
        rows,
        233760233,
        "chr2\t233760233\t.\tCAT\tC\t.\t.\t.\tGT\t0/1",
        "chr2\t233760233\t.\tC\tCATAT\t.\t.\t.\tGT\t0/1",
    )
    assert _diplotype(_call(tmp_path, "UGT1A1", split)) == "*36/*37"


def test_two_changed_bases_on_one_row_are_two_changes(tmp_path: Path) -> None:
    rows = [
        row for row in rows_for("CYP2C9", "*1", "*1") if row.split("\t")[1] not in {"94981296", "94981301"}
    ]
    joined = [*rows, "chr10\t94981296\t.\tATTGAC\tCTTGAG\t.\t.\t.\tGT\t0|1"]
    call = _call(tmp_path, "CYP2C9", joined)
    assert [name for name in call.variants if "rs" in name] == ["rs1057910 A|C", "rs28371686 C|G"]


def test_an_unlisted_change_ends_the_call_with_its_reason(tmp_path: Path) -> None:
    rows = _with(
        rows_for("CYP2C19", "*1", "*1"), 94781859, "chr10\t94781859\trs4244285\tG\tT\t.\t.\t.\tGT\t0/1"
    )
    call = _call(tmp_path, "CYP2C19", rows)
    assert (call.status, call.phenotype) == ("not called", None)
    assert "an unlisted change at rs4244285" in [say(each) for each in call.warnings]


def test_where_missing_harm_is_worse_an_unlisted_change_is_passed_over_and_said(tmp_path: Path) -> None:
    rows = _with(rows_for("TPMT", "*1", "*3C"), 18138997, "chr6\t18138997\trs1800460\tC\tG\t.\t.\t.\tGT\t0/1")
    call = _call(tmp_path, "TPMT", rows)
    assert _diplotype(call) == "*1/*3C"
    assert "the unlisted change at rs1800460 is not part of this result" in [
        say(each) for each in call.warnings
    ]


def test_a_deletion_over_a_position_is_not_read_as_reference(tmp_path: Path) -> None:
    rows = _with(
        rows_for("CYP2C19", "*1", "*1"), 94761900, "chr10\t94761900\trs12248560\tC\t*\t.\t.\t.\tGT\t0/1"
    )
    assert _call(tmp_path, "CYP2C19", rows).status == "incomplete"


def test_more_dpyd_variants_than_two_names_can_say_give_the_two_lowest(tmp_path: Path) -> None:
    rows = rows_for("DPYD", "c.1905+1G>A (*2A)", "c.2846A>T")
    third = next(row for row in rows_for("DPYD", "Reference", "c.1627A>G (*5)") if row.endswith("0/1"))
    call = _call(tmp_path, "DPYD", _with(rows, int(third.split("\t")[1]), third))
    assert call.phenotype is not None
    assert (call.phenotype.activity_score, call.phenotype.phenotype) == ("0.5", "Poor Metabolizer")
    assert "c.1627A>G (*5)" in call.reason


def test_slco1b1_falls_back_on_its_one_well_studied_position(tmp_path: Path) -> None:
    rows = rows_for("SLCO1B1", "*5", "*2")
    third = next(row for row in rows_for("SLCO1B1", "*1", "*9") if row.endswith("0/1"))
    call = _call(tmp_path, "SLCO1B1", _with(rows, int(third.split("\t")[1]), third))
    assert call.phenotype is not None
    assert call.phenotype.phenotype == "Decreased Function"
    assert "rs4149056" in call.reason
    assert call.could_be == ("Poor Function",)  # *9 takes function away too
    assert call.provisional is not None


def test_a_man_has_one_g6pd_and_a_heterozygous_man_is_questioned(tmp_path: Path) -> None:
    path = write_vcf(tmp_path / "a.vcf", rows_for("G6PD", "A- 202A_376G", "A- 202A_376G"))
    man = next(c for c in read_person(path, sex="male") if c.gene == "G6PD")
    assert man.phenotype is not None
    assert (man.phenotype.diplotype, man.phenotype.phenotype) == ("A- 202A_376G", "Deficient")
    path = write_vcf(tmp_path / "b.vcf", rows_for("G6PD", "B (reference)", "A- 202A_376G"))
    odd = next(c for c in read_person(path, sex="male") if c.gene == "G6PD")
    assert odd.status == "not called"
    assert "confirm sex and sample" in odd.reason
    woman = next(c for c in read_person(path, sex="female") if c.gene == "G6PD")
    assert woman.phenotype is not None
    assert woman.phenotype.phenotype == "Variable"


def test_a_haploid_row_needs_no_sex(tmp_path: Path) -> None:
    rows = [row[: row.rindex("/")] for row in rows_for("G6PD", "B (reference)", "B (reference)")]
    call = _call(tmp_path, "G6PD", rows)
    assert call.phenotype is not None
    assert (call.phenotype.diplotype, call.phenotype.phenotype) == ("B (reference)", "Normal")


def test_one_allele_on_an_autosome_is_questioned(tmp_path: Path) -> None:
    rows = [row[: row.rindex("/")] for row in rows_for("CYP2C19", "*1", "*1")]
    call = _call(tmp_path, "CYP2C19", rows)
    assert (call.status, call.phenotype) == ("not called", None)
    assert "two alleles" in call.reason


def test_a_woman_with_one_g6pd_is_questioned(tmp_path: Path) -> None:
    rows = [row[: row.rindex("/")] for row in rows_for("G6PD", "B (reference)", "B (reference)")]
    path = write_vcf(tmp_path / "a.vcf", rows)
    call = next(c for c in read_person(path, sex="female") if c.gene == "G6PD")
    assert (call.status, call.phenotype) == ("not called", None)


def test_phased_dpyd_variants_on_one_chromosome_count_once(tmp_path: Path) -> None:
    rows = rows_for("DPYD", "Reference", "c.1905+1G>A (*2A)", phased=True)
    for other in ("c.2846A>T", "c.1627A>G (*5)"):
        extra = next(r for r in rows_for("DPYD", "Reference", other, phased=True) if r.endswith("0|1"))
        rows = _with(rows, int(extra.split("\t")[1]), extra)
    call = _call(tmp_path, "DPYD", rows)
    assert call.phenotype is not None
    assert (call.phenotype.activity_score, call.phenotype.phenotype) == ("1.0", "Intermediate Metabolizer")
    assert call.phenotype.diplotype.startswith("Reference/[")


def test_mitochondria_have_one_copy_and_two_are_questioned(tmp_path: Path) -> None:
    call = _call(tmp_path, "MT-RNR1", rows_for("MT-RNR1", "m.1555A>G", "m.1555A>G"))
    assert _diplotype(call) == "m.1555A>G"
    mixed = _call(tmp_path, "MT-RNR1", rows_for("MT-RNR1", "Reference", "m.1555A>G"))
    assert mixed.status == "not called"
    assert "heteroplasmy" in mixed.reason


def test_a_structural_change_over_a_position_ends_the_call(tmp_path: Path) -> None:
    rows = _with(rows_for("CYP2C19", "*1", "*1"), 94781859, "chr10\t94781859\t.\tG\t<DEL>\t.\t.\t.\tGT\t0/1")
    assert _call(tmp_path, "CYP2C19", rows).status == "not called"


def test_split_rows_of_one_phase_set_keep_their_sides(tmp_path: Path) -> None:
    rows = _with(
        rows_for("UGT1A1", "*36", "*37", phased=True),
        233760233,
        "chr2\t233760233\t.\tCAT\tC\t.\t.\t.\tGT\t1|0",
        "chr2\t233760233\t.\tC\tCATAT\t.\t.\t.\tGT\t0|1",
    )
    assert _diplotype(_call(tmp_path, "UGT1A1", rows)) == "*36/*37"
