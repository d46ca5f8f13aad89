"""FDA's inhibitors and inducers among current medicines; both phenotypes stay visible."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtwin.genes import assign_phenotype, convert, guidance_for, modulators_among, profile_from, starter
from healthtwin.genes.score import ActivityScore
from healthtwin.words import say


@pytest.mark.parametrize(
    ("diplotype", "medicines", "phenotype", "score"),
    [
        ("*1/*1", ["paroxetine"], "Poor Metabolizer", "0.0"),
        ("*1/*1", ["duloxetine"], "Intermediate Metabolizer", "1.0"),
        ("*1/*1x2", ["duloxetine"], "Normal Metabolizer", "1.5"),
        ("*1x≥3/*1", ["Cymbalta 60 mg"], "Normal Metabolizer", "≥2.0"),
        ("*1/*10", ["mirabegron"], "Intermediate Metabolizer", "0.625"),
        ("*1/*1", ["duloxetine", "fluoxetine"], "Poor Metabolizer", "0.0"),
        ("*1/*22", ["duloxetine"], "Indeterminate", "n/a"),
        ("*1/*22", ["bupropion"], "Poor Metabolizer", "0.0"),
        ("*1/*1", ["lithium"], "Normal Metabolizer", "2.0"),
    ],
)
def test_cyp2d6_under_inhibitors(diplotype: str, medicines: list[str], phenotype: str, score: str) -> None:
    found = convert(assign_phenotype("CYP2D6", diplotype), modulators_among(medicines))
    assert (found.working.phenotype, found.working.activity_score) == (phenotype, score)
    assert found.by_genes.diplotype == diplotype


@pytest.mark.parametrize(
    ("diplotype", "medicine", "phenotype"),
    [
        ("*1/*1", "fluvoxamine", "Poor Metabolizer"),
        ("*1/*1", "felbamate", "Intermediate Metabolizer"),
        ("*17/*17", "felbamate", "Intermediate Metabolizer"),
        ("*1/*2", "felbamate", "Poor Metabolizer"),
        ("*1/*1", "rifampicin", "Rapid Metabolizer"),
        ("*2/*2", "rifampicin", "Poor Metabolizer"),
        ("*1/*12", "felbamate", "Indeterminate"),
    ],
)
def test_cyp2c19_under_inhibitors_and_inducers(diplotype: str, medicine: str, phenotype: str) -> None:
    found = convert(assign_phenotype("CYP2C19", diplotype), modulators_among([medicine]))
    assert found.working.phenotype == phenotype


def test_guidance_shows_both_phenotypes() -> None:
    profile = profile_from({"CYP2D6": "*1/*1", "medicines": ["paroxetine"]})
    found = guidance_for(profile, "codeine")
    assert found.recommendations[0].action == "avoid"
    assert found.by_genes[0].action == "usual"
    change = found.conversions[0].as_dict()
    assert change["by_genes"] == {"phenotype": "Normal Metabolizer", "activity_score": "2.0"}
    assert change["working"] == {"phenotype": "Poor Metabolizer", "activity_score": "0.0"}
    assert change["because_of"] == ["paroxetine (strong inhibitor)"]
    assert any("working assumption" in say(note) for note in found.notes)


def test_a_medicine_is_not_held_against_itself() -> None:
    profile = profile_from({"CYP2D6": "*1/*1", "medicines": ["paroxetine"]})
    found = guidance_for(profile, "paroxetine")
    assert found.conversions == ()
    assert found.recommendations[0].action == "usual"


def test_a_score_without_a_row_is_read_by_its_phenotype() -> None:
    profile = profile_from({"CYP2D6": "*1/*10", "medicines": ["duloxetine"]})
    found = guidance_for(profile, "codeine").recommendations
    assert [item.strength for item in found] == ["Moderate"]


SCORED = [g for g in starter().genes if starter().gene(g).method == "activity score"]


@given(st.sampled_from(SCORED), st.data())
def test_an_inhibitor_never_raises_a_score(gene: str, data: st.DataObject) -> None:
    alleles = st.sampled_from(starter().gene(gene).alleles)
    result = assign_phenotype(gene, f"{data.draw(alleles)}/{data.draw(alleles)}")
    modulators = modulators_among(
        data.draw(st.lists(st.sampled_from(["duloxetine", "fluconazole", "bupropion"])))
    )
    working = convert(result, modulators).working
    if result.activity_score != "n/a" and working.activity_score is not None:
        before = ActivityScore.parse(result.activity_score or "0")
        assert ActivityScore.parse(working.activity_score).value <= before.value
