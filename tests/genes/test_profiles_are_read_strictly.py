"""A profile is read as given, or refused with the field and what would be right."""

from __future__ import annotations

import pytest

from healthtwin.domain.errors import InvalidInput
from healthtwin.genes import (
    assign_phenotype,
    gene_result,
    guidance_for,
    phenotype_given,
    profile_from,
    score_given,
)
from healthtwin.words import say


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "an object"),
        ({"CYP2C19": 1}, "CYP2C19"),
        ({"CYP2C19": {}}, "diplotype, phenotype or activity_score"),
        ({"CYP2C19": {"phenotype": ["PM"]}}, "CYP2C19.phenotype"),
        ({"CYP2C19": {"phenotype": "slowish"}}, "Poor Metabolizer"),
        ({"CYP2D6": {"activity_score": "lots"}}, "a number"),
        ({"CYP2D6": {"activity_score": "-1"}}, "0 to 100"),
        ({"medicines": "sertraline"}, "a list of names"),
        ({"medicines": ["sertraline", ""]}, "row 1, medicines"),
        ({"sex": "unknown"}, "male or female"),
        ({"HLA-B": {"phenotype": "57:01"}}, "*57:01 positive"),
        ({"HLA-B": "*5701/*0801"}, "two fields"),
        ({"HLA-B": "*57:01/*08:01/*15:02"}, "two alleles"),
    ],
)
def test_a_bad_field_is_named(document: object, said: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        profile_from(document)
    assert said in str(caught.value)


def test_every_form_of_a_result_is_read() -> None:
    profile = profile_from(
        {
            "cyp2c19": "n/a",
            "CYP2D6": {"activity_score": 1.25},
            "CYP2C9": {"diplotype": "*1/*2", "phenotype": "Intermediate Metabolizer"},
            "HLA-A": {"phenotype": "*31:01 absent"},
            "G6PD": "A- 202A_376G",
            "sex": "male",
            "name": "nobody",
        }
    )
    assert {gene: result.phenotype for gene, result in profile.genes.items()} == {
        "CYP2C19": "Indeterminate",
        "CYP2D6": "Normal Metabolizer",
        "CYP2C9": "Intermediate Metabolizer",
        "HLA-A": "*31:01 negative",
        "G6PD": "Deficient",
    }
    assert profile.genes["CYP2C9"].activity_score == "1.5"


def test_a_score_and_a_phenotype_that_differ_are_both_told() -> None:
    result = gene_result("CYP2D6", diplotype="*1/*1", phenotype="Poor Metabolizer", activity_score="1.0")
    assert result.phenotype == "Intermediate Metabolizer"
    assert len(result.warnings) == 2


def test_a_score_that_nobody_assigned_is_indeterminate() -> None:
    assert score_given("CYP2D6", "n/a").phenotype == "Indeterminate"
    assert phenotype_given("CYP2D6", "Indeterminate").activity_score == "n/a"


def test_one_typed_hla_allele_leaves_the_others_open() -> None:
    result = assign_phenotype("HLA-B", "*58:01")
    assert result.results == ("*58:01 positive",)
    assert "cannot be ruled out" in result.reason


def test_an_hla_typed_for_another_allele_is_said() -> None:
    found = guidance_for(profile_from({"HLA-B": {"phenotype": "*57:01 negative"}}), "carbamazepine")
    assert found.recommendations == ()
    assert "HLA-B was not typed for the allele that matters for carbamazepine." in [
        say(each) for each in found.not_known
    ]


def test_several_hla_results_in_one_phrase_are_read() -> None:
    profile = profile_from({"HLA-B": {"phenotype": "*57:01 negative, *15:02 positive; no result"}})
    assert profile.genes["HLA-B"].results == ("*57:01 negative", "*15:02 positive", "No Result")


@pytest.mark.parametrize(
    ("gene", "text", "phenotype"),
    [
        ("CYP2C19", "Poor Metabolizer", "Poor Metabolizer"),
        ("CYP2D6", "1.25", "Normal Metabolizer"),
        ("CYP2D6", "≥3.25", "Ultrarapid Metabolizer"),
        ("HLA-B", "*57:01 positive", "*57:01 positive"),
        ("G6PD", "Deficient", "Deficient"),
        (
            "MT-RNR1",
            "normal risk of aminoglycoside-induced hearing loss",
            "normal risk of aminoglycoside-induced hearing loss",
        ),
    ],
)
def test_a_phenotype_or_score_may_stand_in_the_diplotypes_place(gene: str, text: str, phenotype: str) -> None:
    assert profile_from({gene: text}).genes[gene].phenotype == phenotype


def test_what_is_neither_is_refused_as_a_diplotype() -> None:
    with pytest.raises(InvalidInput, match="two alleles"):
        profile_from({"CYP2C19": "quick"})


@pytest.mark.parametrize(
    "result", ["No Result", {"phenotype": "No Result"}, {"activity_score": "not tested"}]
)
def test_no_result_is_not_indeterminate(result: object) -> None:
    profile = profile_from({"CYP2C19": result, "CYP2D6": "*1/*22"})
    assert "CYP2C19" not in profile.genes
    found = guidance_for(profile, "amitriptyline")
    assert found.recommendations[0].lookup == {"CYP2C19": "No Result", "CYP2D6": "n/a"}
    assert "CYP2C19: reported without a result" in [say(each) for each in found.not_known]


def test_a_score_in_the_phenotypes_place_is_read_as_one() -> None:
    result = profile_from({"CYP2D6": {"phenotype": "0.5"}}).genes["CYP2D6"]
    assert (result.activity_score, result.phenotype) == ("0.5", "Intermediate Metabolizer")
