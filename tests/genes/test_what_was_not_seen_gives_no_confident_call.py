"""Half a genotype, no reads, one chromosome for two, a part of a phase: what was not seen stays open."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.genes import GeneCall, Knowledge, match, read_person
from healthtwin.genes.observation import Observation, Seen
from healthtwin.genes.release import release_from_files
from healthtwin.words import say
from tests.genes.vcf_writing import codes_of, definition_of, write_vcf

NOTHING_READ = {
    "GATK": ("GT:DP:GQ", "0/0:0:0"),
    "quality alone": ("GT:GQ", "0/0:0"),
    "DeepVariant": ("GT:GQ:MIN_DP", "0/0:1:0"),
    "reads by allele": ("GT:AD", "0/0:0,0"),
    "likelihoods": ("GT:PL", "0/0:0,0,0"),
}


@pytest.fixture(params=["our tables", "an imported release"])
def knowledge(request: pytest.FixtureRequest) -> Knowledge | None:
    """The laws hold with either tables: a release names few positions that must be seen."""
    if request.param == "our tables":
        return None
    return _imported(request.getfixturevalue("recordings"))


@cache
def _imported(recordings: Path) -> Knowledge:
    folder = recordings / "cpic"
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    return Knowledge(release_from_files(files))


def rows_of(
    gene: str,
    seen: Mapping[str, str | tuple[str, str]],
    *,
    without: Iterable[str] = (),
    knowledge: Knowledge | None = None,
) -> list[str]:
    """A row for every position of the gene, unchanged where `seen` (by rsID) says nothing."""
    definition = knowledge.definition(gene) if knowledge else definition_of(gene)
    assert definition is not None
    usual = {"rs3758581": "1/1"} if gene == "CYP2C19" else {}
    rows = []
    for position in definition.positions:
        if position.rsid in without:
            continue
        said = seen.get(position.rsid, usual.get(position.rsid, "0/0"))
        keys, values = said if isinstance(said, tuple) else ("GT", said)
        rows.append(
            f"{definition.chromosome}\t{position.at}\t{position.rsid or '.'}\t{position.reference}"
            f"\t{','.join(position.others)}\t.\tPASS\t.\t{keys}\t{values}"
        )
    return rows


def call_of(
    gene: str,
    rows: list[str],
    *,
    knowledge: Knowledge | None = None,
    sex: str | None = None,
    assume: bool = False,
) -> GeneCall:
    with tempfile.TemporaryDirectory() as folder:
        path = write_vcf(Path(folder) / "person.vcf", rows)
        calls = read_person(path, sex=sex, missing_is_reference=assume, knowledge=knowledge)
    return next(call for call in calls if call.gene == gene)


def stated(call: GeneCall) -> tuple[str, str]:
    assert call.phenotype is not None, call.reason
    return call.phenotype.diplotype, call.phenotype.phenotype


def assert_open(call: GeneCall, *could_be: str) -> None:
    """No phenotype is stated, and those that are possible are named beside it."""
    assert call.phenotype is None or call.phenotype.phenotype == "Indeterminate"
    assert set(could_be) <= set(call.could_be)
    assert call.provisional is None or "provisional" in say(call.provisional)


# Half of a genotype


@pytest.mark.parametrize("half", ["./1", "1/.", ".|1"])
@pytest.mark.parametrize(
    ("gene", "rsid", "could_be"),
    [
        ("SLCO1B1", "rs4149056", ("Decreased Function", "Poor Function")),
        ("NUDT15", "rs116855232", ("Intermediate Metabolizer", "Poor Metabolizer")),
        ("DPYD", "rs3918290", ("Intermediate Metabolizer", "Poor Metabolizer")),
        ("SLCO1B1", "rs59502379", ("Decreased Function", "Poor Function")),  # *9, in no minimum set
    ],
)
def test_one_change_seen_is_one_change_and_the_other_copy_is_open(
    gene: str, rsid: str, could_be: tuple[str, ...], half: str, knowledge: Knowledge | None
) -> None:
    call = call_of(gene, rows_of(gene, {rsid: half}, knowledge=knowledge), knowledge=knowledge)
    assert_open(call, *could_be)
    assert set(call.could_be) == set(could_be)  # never the phenotype of somebody without the change


def test_a_split_site_whose_halves_belong_together_is_whole() -> None:
    rows = rows_of("UGT1A1", {}, without=["rs3064744"])
    pair = [
        "chr2\t233760233\t.\tC\tCAT\t.\tPASS\t.\tGT\t1/.",
        "chr2\t233760233\t.\tC\tCATAT\t.\tPASS\t.\tGT\t./1",
    ]
    assert stated(call_of("UGT1A1", [*rows, *pair])) == ("*28/*37", "Poor Metabolizer")
    phased = [row.replace("1/.", "1|.").replace("./1", ".|1") for row in pair]
    assert stated(call_of("UGT1A1", [*rows, *phased])) == ("*28/*37", "Poor Metabolizer")
    beside = [pair[0].replace("1/.", "0/."), pair[1].replace("./1", "0/1")]
    assert stated(call_of("UGT1A1", [*rows, *beside])) == ("*1/*37", "Intermediate Metabolizer")


def test_half_of_a_split_site_alone_stays_half() -> None:
    rows = rows_of("UGT1A1", {}, without=["rs3064744"])
    half = "chr2\t233760233\t.\tC\tCAT\t.\tPASS\t.\tGT\t1/."
    assert_open(call_of("UGT1A1", [*rows, half]), "Intermediate Metabolizer", "Poor Metabolizer")


# Positions that decide


@pytest.mark.parametrize(
    ("gene", "rsid"),
    [
        ("SLCO1B1", "rs4149056"),
        ("G6PD", "rs5030868"),
        ("G6PD", "rs137852314"),  # Mahidol: no minimum set is published, so every telling position is one
        ("UGT1A1", "rs3064744"),
        ("CYP2B6", "rs3745274"),
        ("CYP2C9", "rs1057910"),
        ("CYP3A5", "rs776746"),
        ("TPMT", "rs1142345"),
        ("NUDT15", "rs116855232"),
        ("DPYD", "rs67376798"),
        ("CYP4F2", "rs2108622"),
        ("CFTR", "rs75527207"),  # G551D
        ("NAT2", "rs1799930"),
    ],
)
def test_a_position_that_decides_and_was_not_seen_leaves_no_phenotype(
    gene: str, rsid: str, knowledge: Knowledge | None
) -> None:
    assert any(position.rsid == rsid for position in definition_of(gene).positions)
    call = call_of(gene, rows_of(gene, {}, without=[rsid], knowledge=knowledge), knowledge=knowledge)
    assert call.status == "incomplete"
    assert_open(call)
    assert rsid in call.reason


def test_a_gene_read_at_one_position_says_at_how_many() -> None:
    others = [p.rsid for p in definition_of("CYP2B6").positions if p.rsid != "rs3745274"]
    call = call_of("CYP2B6", rows_of("CYP2B6", {}, without=others))
    assert call.provisional is not None
    assert "read at 1 of 48 positions" in say(call.provisional)


# No reads


@pytest.mark.parametrize("how", list(NOTHING_READ))
@pytest.mark.parametrize("assume", [False, True])
def test_a_row_that_says_nothing_was_read_is_no_genotype(how: str, assume: bool) -> None:
    call = call_of("CYP2C19", rows_of("CYP2C19", {"rs12248560": NOTHING_READ[how]}), assume=assume)
    assert call.status == "incomplete"
    assert_open(call, "Rapid Metabolizer", "Ultrarapid Metabolizer")
    assert "nothing was read at rs12248560" in [say(each) for each in call.warnings]


@pytest.mark.parametrize(
    ("info", "keys", "values"),
    [
        ("END=94853000", "GT:DP:GQ", "0/0:0:0"),
        ("END=94853000", "GT:GQ:MIN_DP:PL", "0/0:1:0:0,0,0"),
        ("END=94853000;MIN_DP=0", "GT:PL", "0/0:0,3,3"),
    ],
)
@pytest.mark.parametrize("assume", [False, True])
def test_a_block_without_coverage_is_no_data(info: str, keys: str, values: str, assume: bool) -> None:
    block = f"chr10\t94761000\t.\tG\t<NON_REF>\t.\t.\t{info}\t{keys}\t{values}"
    call = call_of("CYP2C19", [block], assume=assume)
    assert (call.status, call.phenotype) == ("no data", None)


def test_a_block_with_coverage_is_read() -> None:
    block = "chr10\t94761000\t.\tG\t<NON_REF>\t.\t.\tEND=94853000\tGT:DP:GQ\t0/0:31:90"
    assert stated(call_of("CYP2C19", [block])) == ("*38/*38", "Normal Metabolizer")


# One chromosome where a person has two


@pytest.mark.parametrize(
    "gene_and_rsid", [("CYP2C19", "rs12248560"), ("SLCO1B1", "rs4149056"), ("TPMT", "rs1142345")]
)
def test_one_allele_on_an_autosome_is_not_two(gene_and_rsid: tuple[str, str]) -> None:
    gene, rsid = gene_and_rsid
    call = call_of(gene, rows_of(gene, {rsid: "1"}))
    assert_open(call)
    assert any("where a person has two" in say(each) for each in call.warnings)


def test_one_allele_on_the_x_of_somebody_whose_sex_is_not_known_is_not_two() -> None:
    rows = rows_of("G6PD", {"rs1050828": "1", "rs1050829": "1"})
    assert_open(call_of("G6PD", rows), "Variable", "Deficient")
    assert_open(call_of("G6PD", rows, sex="female"), "Variable", "Deficient")
    assert stated(call_of("G6PD", rows, sex="male")) == ("A- 202A_376G", "Deficient")


# Phase


def _in_set(genotype: str, number: int) -> tuple[str, str]:
    return "GT:PS", f"{genotype}:{number}"


@pytest.mark.parametrize(
    ("first", "second", "score"),
    [("0|1", "0|1", "1.0"), ("1|0", "1|0", "1.0"), ("0|1", "1|0", "0.5")],
)
def test_what_one_phase_set_tells_holds_whatever_other_sets_there_are(
    first: str, second: str, score: str, knowledge: Knowledge | None
) -> None:
    seen = {
        "rs1801268": _in_set(first, 1),  # *10, no function
        "rs67376798": _in_set(second, 1),  # c.2846A>T, half
        "rs140114515": _in_set(first, 1),
        "rs1801265": _in_set("0|1", 2),  # *9A, normal
    }
    call = call_of("DPYD", rows_of("DPYD", seen, knowledge=knowledge), knowledge=knowledge)
    assert call.phenotype is not None
    assert call.phenotype.activity_score == score


def test_two_sets_leave_open_how_they_lie_and_the_worse_counts() -> None:
    seen: dict[str, str | tuple[str, str]] = {
        "rs1801268": _in_set("0|1", 1),
        "rs67376798": _in_set("0|1", 1),
        "rs3918290": _in_set("0|1", 2),
        "rs1801265": "0/1",
    }
    call = call_of("DPYD", rows_of("DPYD", seen))
    assert call.phenotype is not None
    assert call.phenotype.activity_score == "0.0"
    assert "on one chromosome" in call.reason


# Names


def test_sub_alleles_bear_the_name_and_the_function_of_their_allele(knowledge: Knowledge | None) -> None:
    seen = {"rs4149056": "0/1", "rs71581941": "0/1"}
    call = call_of("SLCO1B1", rows_of("SLCO1B1", seen, knowledge=knowledge), knowledge=knowledge)
    assert stated(call) == ("*5/*45", "Poor Function")


def test_among_pairs_that_no_phase_tells_apart_the_common_one_is_picked_though_a_rare_position_is_missing(
    knowledge: Knowledge | None,
) -> None:
    seen = {"rs1801279": "0/1", "rs1801280": "0/1"}
    for without in ([], ["rs79050330"]):
        rows = rows_of("NAT2", seen, without=without, knowledge=knowledge)
        assert stated(call_of("NAT2", rows, knowledge=knowledge)) == ("*5/*46", "Poor Metabolizer")


# Changes that are not spelled base by base


def test_several_bases_on_one_row_are_read_one_by_one() -> None:
    rows = rows_of("TPMT", {}, without=["rs1142345"])
    assert stated(call_of("TPMT", [*rows, "chr6\t18130686\t.\tGT\tAC\t.\t.\t.\tGT\t0/1"])) == (
        "*1/*3C",
        "Intermediate Metabolizer",
    )


@pytest.mark.parametrize(
    "row",
    [
        "chr6\t18130687\t.\tT\t<DEL>\t.\t.\t.\tGT\t0/1",
        "chr6\t18130600\t.\tA\t<DEL>\t.\t.\tEND=18131000\tGT\t0/1",
        "chr6\t18130686\t.\tGTG\tAC\t.\t.\t.\tGT\t0/1",
    ],
)
def test_a_change_that_hides_a_position_leaves_it_unseen_also_where_unlisted_ones_are_passed_over(
    row: str,
) -> None:
    rows = rows_of("TPMT", {}, without=["rs1142345"])
    assert_open(call_of("TPMT", [*rows, row]), "Normal Metabolizer", "Intermediate Metabolizer")


# The law behind all of it


@st.composite
def partly_seen(draw: st.DrawFn) -> tuple[str, tuple[str, str], Observation]:
    """A person made up of two named alleles, of whom some positions and some copies were not seen."""
    gene = draw(st.sampled_from(["CYP2C19", "SLCO1B1", "TPMT", "UGT1A1", "NUDT15", "CYP3A5"]))
    definition = definition_of(gene)
    pair = [draw(st.sampled_from(definition.alleles)) for _ in range(2)]
    one, two = (codes_of(definition, allele) for allele in pair)
    hidden = draw(st.sets(st.sampled_from(range(len(one))), max_size=4))
    half = draw(st.sets(st.sampled_from(range(len(one))), max_size=3)) - hidden
    seen = {}
    for number, codes in enumerate(zip(one, two, strict=True)):
        if number in hidden:
            continue
        kept = (codes[0], None) if number in half else codes
        seen[number] = Seen(kept, "")
    names = sorted((pair[0].name, pair[1].name))
    return gene, (names[0], names[1]), Observation(seen, 2)


@settings(max_examples=60)
@given(partly_seen())
def test_whatever_was_not_seen_the_truth_stays_among_the_fits(
    drawn: tuple[str, tuple[str, str], Observation],
) -> None:
    gene, truth, observation = drawn
    if not observation.seen:
        return
    found = match(definition_of(gene), observation)
    assert tuple(truth) in {tuple(sorted(fit.alleles)) for fit in found.fits}
