"""A position nobody looked at is never read as the reference, unless the person says so."""

from __future__ import annotations

from pathlib import Path

from healthtwin.genes import GeneCall, guidance_for, profile_of, read_person
from healthtwin.words import say
from tests.genes.vcf_writing import rows_for, write_vcf


def _call(path: Path, gene: str, *, assume: bool = False) -> GeneCall:
    return next(c for c in read_person(path, missing_is_reference=assume) if c.gene == gene)


def test_without_the_deciding_position_there_is_no_phenotype(tmp_path: Path) -> None:
    rows = [row for row in rows_for("CYP2C19", "*1", "*1") if "rs12248560" not in row]
    call = _call(write_vcf(tmp_path / "a.vcf", rows), "CYP2C19")
    assert call.status == "incomplete"
    assert call.phenotype is not None
    assert call.phenotype.phenotype == "Indeterminate"
    assert call.missing == ("rs12248560",)
    assert {"Normal Metabolizer", "Rapid Metabolizer", "Ultrarapid Metabolizer"} <= set(call.could_be)
    assert "not seen: rs12248560" in call.reason


def test_a_missing_rare_position_leaves_a_provisional_result(tmp_path: Path) -> None:
    rows = [row for row in rows_for("CYP2C19", "*1", "*1") if "rs56337013" not in row]  # *5
    call = _call(write_vcf(tmp_path / "a.vcf", rows), "CYP2C19")
    assert call.status == "called"
    assert call.phenotype is not None
    assert call.phenotype.phenotype == "Normal Metabolizer"
    assert "Intermediate Metabolizer" in call.could_be
    assert "CYP2C19" in profile_of((call,)).provisional


def test_the_doubt_is_shown_beside_the_guidance(tmp_path: Path) -> None:
    rows = [row for row in rows_for("CYP2C19", "*1", "*1") if "rs56337013" not in row]
    profile = profile_of((_call(write_vcf(tmp_path / "a.vcf", rows), "CYP2C19"),))
    notes = guidance_for(profile, "citalopram").notes
    assert any("provisional" in note and "Intermediate Metabolizer" in note for note in map(say, notes))


def test_no_call_is_missing_too(tmp_path: Path) -> None:
    rows = [
        row.rsplit("\t", 1)[0] + "\t./." if "rs12248560" in row else row
        for row in rows_for("CYP2C19", "*1", "*1")
    ]
    assert _call(write_vcf(tmp_path / "a.vcf", rows), "CYP2C19").status == "incomplete"


def test_half_a_genotype_is_missing_and_said(tmp_path: Path) -> None:
    rows = [
        row.rsplit("\t", 1)[0] + "\t0/." if "rs12248560" in row else row
        for row in rows_for("CYP2C19", "*1", "*1")
    ]
    call = _call(write_vcf(tmp_path / "a.vcf", rows), "CYP2C19")
    assert call.status == "incomplete"
    assert "half of the genotype is missing at rs12248560" in [say(each) for each in call.warnings]


def test_the_person_may_say_that_missing_means_unchanged(tmp_path: Path) -> None:
    rows = [row for row in rows_for("CYP2C19", "*1", "*1") if "rs12248560" not in row]
    call = _call(write_vcf(tmp_path / "a.vcf", rows), "CYP2C19", assume=True)
    assert call.phenotype is not None
    assert (call.status, call.phenotype.phenotype) == ("called", "Normal Metabolizer")
    assert "positions not in the file and read as reference, as asked: 1" in call.reason


def test_a_no_call_stays_missing_even_then(tmp_path: Path) -> None:
    rows = [
        row.rsplit("\t", 1)[0] + "\t./." if "rs12248560" in row else row
        for row in rows_for("CYP2C19", "*1", "*1")
    ]
    assert _call(write_vcf(tmp_path / "a.vcf", rows), "CYP2C19", assume=True).status == "incomplete"


def test_a_gene_that_is_not_in_the_file_has_no_result(tmp_path: Path) -> None:
    call = _call(write_vcf(tmp_path / "a.vcf", rows_for("CYP2C19", "*1", "*1")), "CYP2C9")
    assert (call.status, call.phenotype) == ("no data", None)


def test_reference_blocks_of_a_genome_vcf_count_as_seen(tmp_path: Path) -> None:
    rows = ["chr16\t31096000\t.\tA\t<NON_REF>\t.\t.\tEND=31097000\tGT\t0/0"]
    call = _call(write_vcf(tmp_path / "a.vcf", rows), "VKORC1")
    assert call.phenotype is not None
    assert call.phenotype.phenotype == "-1639 GG"


def test_cyp2d6_from_a_bare_vcf_is_refused_with_the_reason(tmp_path: Path) -> None:
    call = _call(write_vcf(tmp_path / "a.vcf", rows_for("CYP2C19", "*1", "*1")), "CYP2D6")
    assert (call.status, call.phenotype) == ("refused", None)
    assert "copies" in call.reason
    assert "hybrids" in call.reason
    told = [say(each) for each in guidance_for(profile_of((call,)), "codeine").not_known]
    assert any("CYP2D6" in line and "copies" in line for line in told)


def test_where_only_star_1_and_star_38_cannot_be_told_apart_star_1_stands_first(tmp_path: Path) -> None:
    rows = [row for row in rows_for("CYP2C19", "*1", "*17") if "rs3758581" not in row]
    call = _call(write_vcf(tmp_path / "a.vcf", rows), "CYP2C19")
    assert call.phenotype is not None
    assert (call.phenotype.diplotype, call.phenotype.phenotype) == ("*1/*17", "Rapid Metabolizer")
    assert ("*17/*38", "Rapid Metabolizer") in call.alternatives


def test_an_allele_that_explains_what_was_seen_as_well_stands_equal(tmp_path: Path) -> None:
    rows = [
        row for row in rows_for("CYP2C19", "*1", "*17") if "rs28399504" not in row
    ]  # *4 allows *17's change
    call = _call(write_vcf(tmp_path / "a.vcf", rows), "CYP2C19")
    assert call.phenotype is not None
    assert (call.status, call.phenotype.phenotype) == ("ambiguous", "Indeterminate")
    assert {"Rapid Metabolizer", "Intermediate Metabolizer"} <= set(call.could_be)
    assert ("*1/*4", "Intermediate Metabolizer") in call.alternatives


def test_an_allele_with_nothing_seen_of_it_does_not_stand_equal(tmp_path: Path) -> None:
    rows = [row for row in rows_for("CYP2C19", "*1", "*1") if "rs28399504" not in row]  # *4 again
    call = _call(write_vcf(tmp_path / "a.vcf", rows), "CYP2C19")
    assert call.phenotype is not None
    assert (call.status, call.phenotype.phenotype) == ("called", "Normal Metabolizer")
    assert call.provisional is not None
