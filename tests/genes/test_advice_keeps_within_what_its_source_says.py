"""Limits, genotypes, conditions, other medicines, a second view: advice says what its source says."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.genes import Guidance, Knowledge, Recommendation, guidance_for, guidance_for_all, profile_from
from healthtwin.genes.release import release_from_files
from healthtwin.genes.report import build_report, wallet_card
from healthtwin.words import say


def _advice(profile: dict[str, object], drug: str) -> Guidance:
    return guidance_for(profile_from(profile), drug)


def _of(profile: dict[str, object], drug: str, organisation: str) -> Recommendation:
    """The one recommendation of an organisation."""
    (found,) = [r for r in _advice(profile, drug).recommendations if r.guideline.organisation == organisation]
    return found


# A label that goes by the two alleles


@pytest.mark.parametrize(
    ("diplotype", "action", "said"),
    [
        ("*1/*1", "usual", "2 mg/day"),
        ("*1/*2", "usual", "2 mg/day"),
        ("*2/*2", "usual", "2 mg/day"),
        ("*1/*3", "reduce", "1 mg/day"),
        ("*3/*2", "reduce", "1 mg/day"),
        ("*3/*3", "avoid", "Contraindicated"),
    ],
)
def test_siponimod_goes_by_the_genotype_and_has_one_answer(diplotype: str, action: str, said: str) -> None:
    (only,) = _advice({"CYP2C9": diplotype}, "siponimod").recommendations
    assert (only.action, only.certain) == (action, True)
    assert said in only.text


def test_alleles_that_the_label_does_not_name_get_no_dose_from_it() -> None:
    found = _advice({"CYP2C9": "*1/*5"}, "siponimod")
    assert found.recommendations == ()
    assert any("No row" in say(each) for each in found.not_known)


@pytest.mark.parametrize("given_as", [{"activity_score": "1.0"}, {"phenotype": "Intermediate Metabolizer"}])
def test_without_the_alleles_every_row_that_is_possible_is_shown_and_none_is_certain(
    given_as: dict[str, object],
) -> None:
    found = _advice({"CYP2C9": given_as}, "siponimod")
    assert {row.action for row in found.recommendations} == {"usual", "reduce"}
    assert not any(row.certain for row in found.recommendations)
    assert any("two alleles" in say(each) for each in found.not_known)


def test_two_alleles_that_are_only_one_of_several_possible_pairs_are_not_known() -> None:
    from dataclasses import replace

    known = profile_from({"CYP2C9": "*1/*2"})
    guessed = replace(known, genes={"CYP2C9": replace(known.genes["CYP2C9"], activity_score=None)})
    rows = guidance_for(guessed, "siponimod").recommendations
    assert rows
    assert not any(row.certain for row in rows)


def test_a_known_score_is_not_answered_with_the_row_of_another() -> None:
    """Only a score that lies between two listed ones is read by its neighbours."""
    rows = _advice({"CYP2D6": {"activity_score": "0.375"}}, "nortriptyline").recommendations
    assert [(row.action, row.certain) for row in rows] == [("reduce", True)]


# Where the Dutch group draws its lines


@pytest.mark.parametrize(
    "medicine", ["haloperidol", "risperidone", "zuclopenthixol", "paroxetine", "venlafaxine"]
)
def test_a_score_of_two_and_a_half_is_normal_for_the_dutch_group(medicine: str) -> None:
    assert _of({"CYP2D6": {"activity_score": "2.5"}}, medicine, "DPWG").action == "usual"
    assert _of({"CYP2D6": {"activity_score": "3.0"}}, medicine, "DPWG").action != "usual"


PM, IM, UM = "Poor Metabolizer", "Intermediate Metabolizer", "Ultrarapid Metabolizer"


@pytest.mark.parametrize(
    ("medicine", "gene", "result", "action", "limit", "factor"),
    [
        ("citalopram", "CYP2C19", IM, "reduce", "30 mg/day; from 65 years 15", ()),
        ("citalopram", "CYP2C19", PM, "reduce", "20 mg/day; from 65 years 10", ()),
        ("citalopram", "CYP2C19", UM, "usual", "", ()),
        ("escitalopram", "CYP2C19", IM, "reduce", "15 mg/day; from 65 years 7.5", ()),
        ("escitalopram", "CYP2C19", PM, "reduce", "10 mg/day; from 65 years 5", ()),
        ("escitalopram", "CYP2C19", UM, "avoid", "", ()),
        ("sertraline", "CYP2C19", PM, "reduce", "75 mg/day", ()),
        ("sertraline", "CYP2C19", IM, "usual", "", ()),
        ("sertraline", "CYP2C19", UM, "usual", "", ()),
        ("paroxetine", "CYP2D6", PM, "usual", "", ()),
        ("paroxetine", "CYP2D6", IM, "usual", "", ()),
        ("paroxetine", "CYP2D6", UM, "avoid", "", ()),
        ("venlafaxine", "CYP2D6", PM, "avoid", "", ()),
        ("venlafaxine", "CYP2D6", IM, "avoid", "", ()),
        ("venlafaxine", "CYP2D6", UM, "increase", "150 %", (1.5,)),
        ("amitriptyline", "CYP2D6", PM, "reduce", "", (0.7,)),
        ("amitriptyline", "CYP2D6", IM, "reduce", "", (0.75,)),
        ("amitriptyline", "CYP2D6", UM, "increase", "", (1.4,)),
        ("flecainide", "CYP2D6", PM, "reduce", "", (0.5,)),
        ("flecainide", "CYP2D6", IM, "reduce", "", (0.75,)),
        ("irinotecan", "UGT1A1", PM, "reduce", "", (0.7,)),
        ("irinotecan", "UGT1A1", IM, "usual", "", ()),
        ("acenocoumarol", "VKORC1", "-1639 AA", "reduce", "", (0.5,)),
        ("acenocoumarol", "VKORC1", "-1639 AG", "usual", "", ()),
        ("lamotrigine", "HLA-B", "*15:02 positive", "avoid", "", ()),
        ("lamotrigine", "HLA-B", "*15:02 negative", "usual", "", ()),
    ],
)
def test_the_dutch_group_is_a_view_of_its_own(
    medicine: str, gene: str, result: str, action: str, limit: str, factor: tuple[float, ...]
) -> None:
    row = _of({gene: {"phenotype": result}}, medicine, "DPWG")
    assert row.action == action
    assert row.rule is not None
    assert limit in row.rule.dose_limit
    assert row.rule.dose_factor == factor
    assert "DPWG" in row.guideline.source.guideline
    assert row.guideline.source.version == "May 2024"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Tambocor 100 mg", "flecainide"),
        ("Sintrom", "acenocoumarol"),
        ("hydralazine", "hydralazine"),
        ("irinotecan", "irinotecan"),
        ("Lamictal", "lamotrigine"),
    ],
)
def test_medicines_of_these_guidelines_are_known(written: str, name: str) -> None:
    assert (_advice({}, written).medicine.name, _advice({}, written).medicine.coverage) == (name, "guided")


def test_hydralazine_goes_by_nat2() -> None:
    assert _of({"NAT2": "*5/*6"}, "hydralazine", "CPIC").action == "caution"
    assert _of({"NAT2": "*1/*4"}, "hydralazine", "CPIC").action == "usual"


# Limits of a dose


@pytest.mark.parametrize(
    ("medicine", "profile", "limit"),
    [
        ("pravastatin", {"SLCO1B1": "*1/*5"}, "40 mg/day"),
        ("pravastatin", {"SLCO1B1": "*5/*5"}, "40 mg/day"),
        ("fluvastatin", {"SLCO1B1": "*1/*5", "CYP2C9": "*1/*1"}, "40 mg/day"),
        ("rosuvastatin", {"SLCO1B1": "*1/*5"}, "20 mg/day"),
        ("rosuvastatin", {"SLCO1B1": "*5/*5"}, "20 mg/day"),
    ],
)
def test_a_risk_that_begins_at_a_dose_is_told_with_that_dose(
    medicine: str, profile: dict[str, object], limit: str
) -> None:
    row = _of(profile, medicine, "CPIC")
    assert f"up to {limit}" in row.implications["SLCO1B1"]
    assert limit in row.text


# Other medicines


def _named_against(item: Guidance, everything: dict[str, Guidance]) -> set[str]:
    """Medicines offered in its place that the same genes speak against."""
    offered = {name for row in item.recommendations for name in row.alternatives}
    return {
        name
        for name in offered & set(everything)
        if any(row.action in {"avoid", "alternative"} for row in everything[name].recommendations)
    }


def test_what_the_same_genes_speak_against_is_not_offered_in_its_place() -> None:
    row = _of({"CYP2D6": "*4/*4", "CYP2C19": "*2/*2"}, "amitriptyline", "CPIC")
    assert row.alternatives == ("a medicine that CYP2C19 does not clear",)
    assert row.not_instead == ("nortriptyline", "desipramine")
    assert any("nortriptyline, desipramine" in say(each) for each in row.remarks)
    kept = _of({"CYP2D6": "*1/*1", "CYP2C19": "*2/*2"}, "amitriptyline", "CPIC")
    assert kept.alternatives[1:] == ("nortriptyline", "desipramine")


@settings(max_examples=40, deadline=None)
@given(
    st.fixed_dictionaries(
        {
            "CYP2D6": st.sampled_from(["*1/*1", "*4/*4", "*4/*41", "*1x2/*1", "*1/*4"]),
            "CYP2C19": st.sampled_from(["*1/*1", "*2/*2", "*17/*17", "*1/*2"]),
            "CYP2C9": st.sampled_from(["*1/*1", "*3/*3", "*1/*3"]),
            "CYP3A4": st.sampled_from(["*1/*1", "*20/*20"]),
            "SLCO1B1": st.sampled_from(["*1/*1", "*5/*5"]),
            "medicines": st.sampled_from([[], ["paroxetine"], ["fluconazole"]]),
        }
    )
)
def test_no_profile_is_ever_offered_what_it_must_avoid(profile: dict[str, object]) -> None:
    everything = {item.medicine.name: item for item in guidance_for_all(profile_from(profile))}
    assert not {name for item in everything.values() for name in _named_against(item, everything)}


# Copies that nobody counted


@cache
def _imported(recordings: Path) -> Knowledge:
    folder = recordings / "cpic"
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    return Knowledge(release_from_files(files))


@pytest.mark.parametrize("medicine", ["amitriptyline", "codeine", "atomoxetine", "tramadol"])
def test_copies_that_nobody_counted_have_one_answer_per_group_of_people(
    medicine: str, recordings: Path
) -> None:
    for knowledge in (None, _imported(recordings)):
        profile = profile_from({"CYP2D6": "*1/*1xN"}, knowledge=knowledge)
        rows = [
            row
            for row in guidance_for(profile, medicine, knowledge=knowledge).recommendations
            if row.guideline.organisation == "CPIC"
        ]
        assert len({row.population for row in rows}) == len(rows)
        assert all(row.strength and row.rule for row in rows)
        assert all(any("not counted" in say(each) for each in row.remarks) for row in rows)


# Words that cannot be read as their opposite


@pytest.mark.parametrize("medicine", ["azathioprine", "mercaptopurine", "thioguanine"])
@pytest.mark.parametrize("profile", [{"TPMT": "*3A/*3A"}, {"NUDT15": "*3/*3"}])
def test_outside_cancer_and_in_cancer_are_told_apart(medicine: str, profile: dict[str, object]) -> None:
    text = _advice(profile, medicine).recommendations[0].text
    assert text.startswith("Outside cancer: take another immunosuppressant")
    assert "In cancer: " in text
    assert "ot for cancer" not in text


# A medicine for one condition


def test_a_medicine_for_a_condition_that_nobody_stated_is_not_among_what_to_change() -> None:
    genes = {"CFTR": "ivacaftor non-responsive CFTR sequence/ivacaftor non-responsive CFTR sequence"}
    report = build_report(profile_from(genes), subject="x", made="2026-11-29")
    assert not any("ivacaftor" in change.medicines for change in report.changes)
    assert "ivacaftor" not in wallet_card(report)
    assert not any(item.medicine.name == "ivacaftor" for item in guidance_for_all(profile_from(genes)))


@pytest.mark.parametrize("stated", [{"conditions": ["Cystic fibrosis"]}, {"medicines": ["Kalydeco"]}])
def test_it_is_where_the_condition_is_stated_or_the_medicine_is_taken(stated: dict[str, object]) -> None:
    genes = {"CFTR": "ivacaftor non-responsive CFTR sequence/ivacaftor non-responsive CFTR sequence"}
    report = build_report(profile_from({**genes, **stated}), subject="x", made="2026-11-29")
    assert any("ivacaftor" in change.medicines for change in report.changes)


def test_asked_by_name_it_is_answered_with_the_condition() -> None:
    found = _advice({"CFTR": "G551D/ivacaftor non-responsive CFTR sequence"}, "ivacaftor")
    assert any("cystic fibrosis" in say(note) for note in found.notes)
