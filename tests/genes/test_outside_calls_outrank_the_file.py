"""Calls made elsewhere take the place of ours, and a contradiction is said."""

from __future__ import annotations

from pathlib import Path

from healthtwin.genes import profile_of, read_outside_calls, read_person, with_outside_calls
from healthtwin.words import say
from tests.genes.vcf_writing import rows_for, write_vcf

LINES = (
    "# gene\tdiplotype\tphenotype\tscore",
    "CYP2D6\t*1/*4",
    "CYP2C19\t*2/*2",
    "CYP2C9\t\t\t1.5",
    "HLA-B\t\t*57:01 positive",
    "HLA-B\t\t*15:02 negative",
    "MT-RNR1\t1555A>G",
    "G6PD\tB (wildtype)/B (wildtype)",
)


def test_every_kind_of_line_is_read() -> None:
    calls = read_outside_calls(LINES)
    assert {gene: result.phenotype for gene, result in calls.items()} == {
        "CYP2D6": "Intermediate Metabolizer",
        "CYP2C19": "Poor Metabolizer",
        "CYP2C9": "Intermediate Metabolizer",
        "HLA-B": "*57:01 positive, *15:02 negative",
        "MT-RNR1": "increased risk of aminoglycoside-induced hearing loss",
        "G6PD": "Normal",
    }


def test_an_outside_call_takes_the_place_of_ours(tmp_path: Path) -> None:
    calls = read_person(write_vcf(tmp_path / "a.vcf", rows_for("CYP2C19", "*1", "*1")))
    merged = with_outside_calls(calls, read_outside_calls(LINES))
    by_gene = {call.gene: call for call in merged}
    assert by_gene["CYP2C19"].status == "outside"
    assert [say(each) for each in by_gene["CYP2C19"].warnings] == [
        "the VCF shows *1/*1; the outside call is followed"
    ]
    assert profile_of(merged).genes["CYP2D6"].activity_score == "1.0"
    assert "CYP2D6" not in profile_of(merged).not_known
