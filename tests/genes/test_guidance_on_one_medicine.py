"""Guidance for one person and one medicine: rows, populations, strengths, and what stays open."""

from __future__ import annotations

from pathlib import Path

import pytest

from healthtwin.domain.errors import InvalidInput
from healthtwin.genes import (
    Guidance,
    Knowledge,
    Profile,
    UnknownMedicine,
    guidance_for,
    guidance_for_all,
    import_release,
    knowledge_in,
    profile_from,
)
from healthtwin.words import say


def _advice(profile: dict[str, object], drug: str, population: str | None = None) -> Guidance:
    return guidance_for(profile_from(profile), drug, population=population)


def test_two_genes_decide_together_about_amitriptyline() -> None:
    first = _advice({"CYP2C19": "*1/*1", "CYP2D6": "*4/*4"}, "amitriptyline").recommendations[0]
    assert (first.strength, first.action) == ("Strong", "avoid")
    assert first.rule is not None
    assert first.rule.dose_factor == (0.5,)
    both = _advice({"CYP2C19": "*2/*2", "CYP2D6": "*4/*4"}, "amitriptyline").recommendations[0]
    assert (both.strength, both.rule is not None and both.rule.dose_factor) == ("Optional", ())


def test_an_untested_gene_of_two_is_said_and_the_other_one_used() -> None:
    found = _advice({"CYP2D6": "*1/*4"}, "amitriptyline")
    assert found.recommendations[0].lookup == {"CYP2C19": "No Result", "CYP2D6": "1.0"}
    assert "CYP2C19 matters for amitriptyline and was not tested." in [say(each) for each in found.not_known]


def test_activity_scores_decide_where_a_phenotype_is_too_coarse() -> None:
    low = _advice({"CYP2D6": {"activity_score": "0.5"}}, "nortriptyline").recommendations[0]
    high = _advice({"CYP2D6": {"activity_score": "1.0"}}, "nortriptyline").recommendations[0]
    assert (low.strength, high.strength) == ("Moderate", "Optional")
    open_ = _advice({"CYP2D6": {"phenotype": "Intermediate Metabolizer"}}, "nortriptyline")
    assert {item.strength for item in open_.recommendations} == {"Moderate", "Optional"}
    assert not any(item.certain for item in open_.recommendations)
    assert any("activity score would decide" in say(text) for text in open_.not_known)


@pytest.mark.parametrize(
    ("population", "found"),
    [
        ("adults", "adults"),
        ("paediatric", "pediatrics"),
        ("child", "pediatrics"),
        ("pediatrics", "pediatrics"),
    ],
)
def test_children_and_adults_have_rows_of_their_own(population: str, found: str) -> None:
    rows = _advice({"CYP2D6": "*4/*4"}, "atomoxetine", population).recommendations
    assert [row.population for row in rows] == [found]


@pytest.mark.parametrize(
    ("population", "action"), [("naive", "avoid"), ("established", "caution"), ("no alternatives", "avoid")]
)
def test_who_takes_it_already_gets_another_answer_than_who_starts(population: str, action: str) -> None:
    rows = _advice({"HLA-B": "*15:02/*40:01"}, "carbamazepine", population).recommendations
    assert [row.action for row in rows] == [action]


def test_without_a_population_every_row_is_shown() -> None:
    rows = _advice({"CYP2C19": "*2/*2"}, "clopidogrel").recommendations
    assert {row.population for row in rows} == {"CVI ACS PCI", "CVI non-ACS non-PCI", "NVI"}


def test_an_unknown_population_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(InvalidInput, match="adults; pediatrics"):
        _advice({"CYP2D6": "*4/*4"}, "atomoxetine", "astronauts")


def test_a_guideline_for_everybody_answers_for_children_too() -> None:
    assert _advice({"CYP2D6": "*4/*4"}, "codeine", "paediatric").recommendations[0].action == "avoid"


@pytest.mark.parametrize("name", ["lithium", "valproate", "bupropion", "Depakote 500 mg", "gabapentin"])
def test_what_nobody_knows_is_said(name: str) -> None:
    found = _advice({"CYP2D6": "*1/*1", "CYP2B6": "*6/*6"}, name)
    assert found.recommendations == ()
    assert found.medicine.coverage == "nothing known"
    assert say(found.not_known[0]).startswith("No gene guidance for")


def test_warfarin_gets_no_dose_from_genes_alone() -> None:
    found = _advice({"CYP2C9": "*3/*3"}, "warfarin")
    assert found.recommendations == ()
    assert "algorithm" in say(found.not_known[0])
    assert found.risks[0].risk == "bleeding"


def test_a_misspelt_name_is_refused_with_close_ones() -> None:
    with pytest.raises(UnknownMedicine, match="citalopram"):
        _advice({"CYP2C19": "*1/*1"}, "citalopran")


@pytest.mark.parametrize(("written", "name"), [("Zoloft", "sertraline"), ("Tegretol 200mg", "carbamazepine")])
def test_brands_are_understood(written: str, name: str) -> None:
    assert _advice({"CYP2C19": "*1/*1"}, written).medicine.name == name


def test_an_indeterminate_gene_is_explained() -> None:
    found = _advice({"CYP2C19": "*1/*12"}, "citalopram")
    assert found.recommendations[0].strength == "No recommendation"
    assert any("*12" in say(text) for text in found.not_known)


def test_risks_carry_mechanism_and_numbers() -> None:
    found = _advice({"HLA-B": "*15:02/*40:01"}, "carbamazepine")
    assert found.risks[0].risk.startswith("Stevens-Johnson")
    assert "4,877" in found.risks[0].absolute
    assert found.risks[0].source.pmid == "21428768"


def test_slow_cyp2c19_with_citalopram_warns_of_the_qt_interval() -> None:
    found = _advice({"CYP2C19": "*2/*2"}, "citalopram")
    assert [risk.risk for risk in found.risks] == ["QT prolongation"]
    assert {item.guideline.organisation for item in found.recommendations} == {"CPIC", "DPWG", "FDA"}


def test_all_guidance_lists_psychiatric_medicines_first() -> None:
    found = guidance_for_all(profile_from({"CYP2C19": "*2/*2", "CYP2D6": "*4/*4"}))
    order = [item.medicine.psychiatric for item in found]
    assert order == sorted(order, reverse=True)
    assert len(found) > 40


def test_nothing_is_ever_a_score_over_medicines() -> None:
    text = str([item.as_dict() for item in guidance_for_all(profile_from({"CYP2D6": "*4/*4"}))]).lower()
    assert "rank" not in text
    assert "combinatorial" not in text


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory, recordings: Path) -> Knowledge:
    home = tmp_path_factory.mktemp("home")
    import_release(recordings / "cpic", home)
    return knowledge_in(home)


def test_every_annotated_row_has_one_row_in_our_words(imported: Knowledge) -> None:
    release = imported.release
    assert release is not None
    asked = 0
    for guideline in release.guidelines:
        for row in guideline["rows"]:
            if "xN combinations" in row["key"].values():
                continue
            profile = _profile_of_key(row["key"], imported)
            if not profile.genes:
                continue
            found = guidance_for(profile, row["medicine"], population=row["population"], knowledge=imported)
            ours = [item for item in found.recommendations if item.guideline.organisation == "CPIC"]
            assert len(ours) == 1, (row["medicine"], row["key"])
            assert ours[0].rule is not None
            assert ours[0].rule.strength == row["strength"]
            assert [text.id for text in ours[0].official] == [row["id"]]
            asked += 1
    assert asked == 1_996


def test_imported_texts_are_shown_with_their_attribution(imported: Knowledge) -> None:
    found = guidance_for(profile_from({"CYP2C19": "*2/*2"}), "citalopram", knowledge=imported)
    first = found.recommendations[0].as_dict(found.attribution)["official"]
    assert isinstance(first, list)
    assert "CC BY-SA 4.0" in first[0]["attribution"]
    assert "clinically appropriate" in first[0]["text"]


def _profile_of_key(key: dict[str, str], knowledge: Knowledge) -> Profile:
    document: dict[str, object] = {}
    for gene, value in key.items():
        if value == "No Result":
            continue
        if knowledge.gene(gene).method == "activity score" and value != "n/a":
            document[gene] = {"activity_score": value}
        else:
            document[gene] = {"phenotype": "Indeterminate" if value == "n/a" else value}
    return profile_from(document, knowledge=knowledge)
