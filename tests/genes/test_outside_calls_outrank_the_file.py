"""Calls made elsewhere take the place of ours, and a contradiction is said."""

from __future__ import annotations

from pathlib import Path

import pytest

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


@pytest.mark.parametrize("nothing", ["./.", ".", "-", "no call", "No Call/No Call", "n/a", "Unknown/Unknown"])
def test_a_line_without_a_call_leaves_the_rest_to_be_used(nothing: str) -> None:
    calls = read_outside_calls(["CYP2D6\t*1/*4", f"NAT2\t{nothing}", "CYP2C9\t\t\t1.5"])
    assert set(calls) == {"CYP2D6", "CYP2C9"}
    assert calls.problems == []
    merged = with_outside_calls((), calls)
    nat2 = next(call for call in merged if call.gene == "NAT2")
    assert (nat2.status, nat2.phenotype) == ("not called", None)
    assert nothing in say(profile_of(merged).not_known["NAT2"])


@pytest.mark.parametrize(
    "line", ["CYP2C19\t*1/*99", "CYP9Z9\t*1/*1", "just some words", "CYP2D6\t\tQuick Metabolizer"]
)
def test_one_bad_line_does_not_refuse_the_others(line: str) -> None:
    calls = read_outside_calls(["TPMT\t*1/*3A", line, "CYP2C9\t\t\t1.5"], name="calls.tsv")
    assert set(calls) == {"TPMT", "CYP2C9"}
    assert [str(problem).startswith("calls.tsv, line 2") for problem in calls.problems] == [True]


def test_a_gene_called_twice_is_believed_neither_way_unless_both_say_the_same() -> None:
    calls = read_outside_calls(["TPMT\t*1/*3A", "CYP2D6\t*1/*1", "CYP2D6\t*4/*4"])
    assert (set(calls), set(calls.refused)) == ({"TPMT"}, {"CYP2D6"})
    assert set(read_outside_calls(["CYP2D6\t*1/*4", "CYP2D6\t*1/*4"])) == {"CYP2D6"}


def test_a_line_without_a_call_does_not_take_ours_away(tmp_path: Path) -> None:
    calls = read_person(write_vcf(tmp_path / "a.vcf", rows_for("CYP2C19", "*1", "*2")))
    merged = with_outside_calls(calls, read_outside_calls(["CYP2C19\t./.", "TPMT\t*1/*1"]))
    ours = next(call for call in merged if call.gene == "CYP2C19")
    assert ours.phenotype is not None
    assert ours.phenotype.diplotype == "*1/*2"
    assert any("no call was made elsewhere" in say(each) for each in ours.warnings)
