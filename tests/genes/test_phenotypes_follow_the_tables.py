"""Phenotypes of single diplotypes, as CPIC states them, and what stays indeterminate."""

from __future__ import annotations

import csv
from itertools import combinations_with_replacement
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtwin.domain.errors import InvalidInput
from healthtwin.genes import (
    UnknownAllele,
    UnknownGene,
    assign_phenotype,
    gene_result,
    phenotype_given,
    starter,
)
from healthtwin.words import say


@pytest.mark.parametrize(
    ("gene", "diplotype", "phenotype", "score"),
    [
        ("CYP2C19", "*1/*17", "Rapid Metabolizer", None),
        ("CYP2C19", "*17/*17", "Ultrarapid Metabolizer", None),
        ("CYP2C19", "*2/*17", "Intermediate Metabolizer", None),
        ("CYP2C19", "*1/*9", "Likely Intermediate Metabolizer", None),
        ("CYP2C19", "*2/*9", "Likely Poor Metabolizer", None),
        ("CYP2C19", "*1/*12", "Indeterminate", None),
        ("CYP2C9", "*1/*2", "Intermediate Metabolizer", "1.5"),
        ("CYP2C9", "*2/*3", "Poor Metabolizer", "0.5"),
        ("CYP2C9", "*1/*7", "Indeterminate", "n/a"),
        ("CYP2D6", "*1/*4", "Intermediate Metabolizer", "1.0"),
        ("CYP2D6", "*1/*10", "Normal Metabolizer", "1.25"),
        ("CYP2D6", "*1x2/*17", "Ultrarapid Metabolizer", "2.5"),
        ("CYP2D6", "*1x2/*41", "Normal Metabolizer", "2.25"),
        ("CYP2D6", "*1x≥3/*10", "Ultrarapid Metabolizer", "≥3.25"),
        ("CYP2D6", "*1x≥3/*2x≥3", "Ultrarapid Metabolizer", "≥6.0"),
        ("CYP2D6", "*5/*5", "Poor Metabolizer", "0.0"),
        ("CYP2B6", "*1/*4", "Rapid Metabolizer", None),
        ("CYP2B6", "*6/*18", "Poor Metabolizer", None),
        ("CYP3A5", "*1/*8", "Possible Intermediate Metabolizer", None),
        ("CYP3A5", "*3/*8", "Indeterminate", None),
        ("CYP3A4", "*1/*22", "Intermediate Metabolizer", None),
        ("DPYD", "Reference/c.1905+1G>A (*2A)", "Intermediate Metabolizer", "1.0"),
        ("DPYD", "c.2846A>T/c.1679T>G (*13)", "Poor Metabolizer", "0.5"),
        ("TPMT", "*1/*5", "Indeterminate", None),
        ("TPMT", "*3A/*5", "Possible Intermediate Metabolizer", None),
        ("NUDT15", "*1/*3", "Intermediate Metabolizer", None),
        ("SLCO1B1", "*5/*6", "Possible Decreased Function", None),
        ("SLCO1B1", "*5/*14", "Decreased Function", None),
        ("SLCO1B1", "*14/*20", "Increased Function", None),
        ("UGT1A1", "*28/*36", "Intermediate Metabolizer", None),
        ("UGT1A1", "*1/*80", "Indeterminate", None),
        ("VKORC1", "rs9923231 reference (C)/rs9923231 variant (T)", "-1639 AG", None),
        ("CACNA1S", "Reference/Reference", "Uncertain Susceptibility", None),
        ("CFTR", "G551D/ivacaftor non-responsive CFTR sequence", "ivacaftor responsive in CF patients", None),
        ("MT-RNR1", "m.1555A>G", "increased risk of aminoglycoside-induced hearing loss", None),
        ("NAT2", "*4/*5", "Intermediate Metabolizer", None),
        ("ABCG2", "rs2231142 variant (T)/rs2231142 variant (T)", "Poor Function", None),
        ("IFNL3", "rs12979860 reference (C)/rs12979860 variant (T)", "Unfavorable response genotype", None),
        ("CYP4F2", "*1/*3", "Decreased Function", None),
        ("HLA-B", "*57:01/*44:02", "*15:02 negative, *57:01 positive, *58:01 negative", None),
    ],
)
def test_a_diplotype_has_the_phenotype_of_its_guideline(
    gene: str, diplotype: str, phenotype: str, score: str | None
) -> None:
    result = assign_phenotype(gene, diplotype)
    assert (result.phenotype, result.activity_score) == (phenotype, score)
    assert result.reason


@pytest.mark.parametrize(
    ("written", "read", "score"),
    [
        ("*1x5/*4", "*1x≥3/*4", "≥3.0"),
        ("*1≥3/*4", "*1x≥3/*4", "≥3.0"),
        ("*1x>=3/*4", "*1x≥3/*4", "≥3.0"),
        ("*1X2/*4", "*1x2/*4", "2.0"),
        ("*36+*10/*1", "*36+*10/*1", "1.25"),
        ("*68+*4/*4", "*68+*4/*4", "0.0"),
        ("*13+*2/*41", "*13+*2/*41", "1.25"),
        ("*4.001/*1.002", "*4/*1", "1.0"),
        ("CYP2D6*1/*4", "*1/*4", "1.0"),
        ("*4xN/*1", "*4xN/*1", "1.0"),
    ],
)
def test_copies_and_hybrids_are_read_as_laboratories_write_them(written: str, read: str, score: str) -> None:
    result = assign_phenotype("CYP2D6", written)
    assert (result.diplotype, result.activity_score) == (read, score)


def test_a_copy_number_without_a_row_is_computed_and_marked() -> None:
    result = assign_phenotype("CYP2D6", "*17x3/*4")
    assert (result.activity_score, result.phenotype) == ("1.5", "Normal Metabolizer")
    assert any("CPIC lists no activity value for *17x3" in warning for warning in map(say, result.warnings))


def test_what_two_alleles_do_on_one_chromosome_is_not_known() -> None:
    for gene, diplotype in (("CYP2C9", "[*2 + *3]/*1"), ("CYP2C19", "[*2 + *17]/*1")):
        result = assign_phenotype(gene, diplotype)
        assert result.phenotype == "Indeterminate"
        assert "[*2 + *" in result.reason


def test_copies_that_nobody_counted_give_no_score() -> None:
    result = assign_phenotype("CYP2D6", "*1xN/*2")
    assert (result.phenotype, result.activity_score) == ("Indeterminate", "n/a")
    assert "not how many" in result.reason


@pytest.mark.parametrize(
    ("diplotype", "sex", "phenotype"),
    [
        ("B (reference)/B (reference)", "female", "Normal"),
        ("B (wildtype)/B (wildtype)", None, "Normal"),
        ("B (reference)/A- 202A_376G", "female", "Variable"),
        ("A- 202A_376G/A- 202A_376G", "female", "Deficient"),
        ("A- 202A_376G", "male", "Deficient"),
        ("A- 202A_376G/A- 202A_376G", "male", "Deficient"),
        ("Aachen", "male", "Deficient with CNSHA"),
        ("Aachen/Mediterranean", "female", "Deficient"),
        ("Papua", "male", "Indeterminate"),
    ],
)
def test_sex_decides_how_many_copies_g6pd_has(diplotype: str, sex: str | None, phenotype: str) -> None:
    assert assign_phenotype("G6PD", diplotype, sex=sex).phenotype == phenotype


def test_a_man_with_two_different_g6pd_alleles_is_refused() -> None:
    with pytest.raises(InvalidInput, match="one X chromosome"):
        assign_phenotype("G6PD", "B (reference)/A- 202A_376G", sex="male")


def test_a_woman_with_one_g6pd_allele_is_refused() -> None:
    with pytest.raises(InvalidInput, match="two alleles for a woman"):
        assign_phenotype("G6PD", "A- 202A_376G", sex="female")


@pytest.mark.parametrize(
    ("written", "phenotype", "score"),
    [
        ("[c.498G>A + c.2582A>G]/c.2846A>T", "Intermediate Metabolizer", "1.5"),
        ("[c.1905+1G>A (*2A) + c.2846A>T]/Reference", "Intermediate Metabolizer", "1.0"),
        ("*2A/HapB3", "Poor Metabolizer", "0.5"),
    ],
)
def test_the_most_harmful_dpyd_variant_of_each_chromosome_counts(
    written: str, phenotype: str, score: str
) -> None:
    result = assign_phenotype("DPYD", written)
    assert (result.phenotype, result.activity_score) == (phenotype, score)


@pytest.mark.parametrize("diplotype", ["", "*1", "*1/*2/*3", "/", "*1/"])
def test_what_is_no_diplotype_is_refused(diplotype: str) -> None:
    with pytest.raises(InvalidInput, match="two alleles"):
        assign_phenotype("CYP2C19", diplotype)


def test_an_unknown_gene_and_an_unknown_star_are_named() -> None:
    with pytest.raises(UnknownGene, match="CYP2C19"):
        assign_phenotype("CYP2C99", "*1/*1")
    with pytest.raises(UnknownAllele, match=r"\*77"):
        assign_phenotype("CYP2C19", "*1/*77")


def test_an_ambiguous_g6pd_name_is_refused_with_the_choices() -> None:
    with pytest.raises(UnknownAllele, match="Chinese-1"):
        assign_phenotype("G6PD", "Chinese")


@pytest.mark.parametrize(
    ("gene", "written", "read"),
    [
        ("CYP2D6", "PM", "Poor Metabolizer"),
        ("CYP2D6", "extensive metaboliser", "Normal Metabolizer"),
        ("CYP2C19", "likely CYP2C19 poor metaboliser", "Likely Poor Metabolizer"),
        ("CYP2C19", "Unknown", "Indeterminate"),
        ("HLA-B", "HLA-B*57:01 Positive", "*57:01 positive"),
        ("SLCO1B1", "decreased function", "Decreased Function"),
    ],
)
def test_reported_phenotypes_are_put_into_the_fields_words(gene: str, written: str, read: str) -> None:
    assert phenotype_given(gene, written).phenotype == read


def test_contradictions_in_a_report_are_said_and_the_report_is_followed() -> None:
    result = gene_result("CYP2C19", diplotype="*1/*1", phenotype="Poor Metabolizer")
    assert result.phenotype == "Poor Metabolizer"
    assert "not that of *1/*1" in say(result.warnings[0])


GENES_OF_TWO = [
    g for g in starter().genes if starter().gene(g).copies == "two" and starter().gene(g).functions
]


@given(st.sampled_from(GENES_OF_TWO), st.data())
def test_the_order_of_alleles_changes_nothing(gene: str, data: st.DataObject) -> None:
    alleles = st.sampled_from(starter().gene(gene).alleles)
    one, two = data.draw(alleles), data.draw(alleles)
    straight, turned = assign_phenotype(gene, f"{one}/{two}"), assign_phenotype(gene, f"{two}/{one}")
    assert (straight.phenotype, straight.activity_score) == (turned.phenotype, turned.activity_score)


def test_every_diplotype_of_the_release_has_one_of_the_fields_words(recordings: Path) -> None:
    with (recordings / "cpic/allele_function.csv").open(encoding="utf-8", newline="") as stream:
        alleles: dict[str, list[str]] = {}
        for row in csv.DictReader(stream):
            alleles.setdefault(row["gene"], []).append(row["allele"])
    with (recordings / "cpic/phenotype_terms.csv").open(encoding="utf-8", newline="") as stream:
        words: dict[str, set[str]] = {}
        for row in csv.DictReader(stream):
            words.setdefault(row["gene"], set()).add(row["phenotype"])
    answered = 0
    for gene, allowed in words.items():
        one_copy = starter().gene(gene).copies == "mitochondrial"
        pairs = [(a,) for a in alleles[gene]] if one_copy else combinations_with_replacement(alleles[gene], 2)
        found = [assign_phenotype(gene, "/".join(pair)).phenotype for pair in pairs]
        assert set(found) == allowed
        answered += len(found)
    assert answered == 32_117
