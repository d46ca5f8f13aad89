"""Every pair of named alleles, written as genotypes, is read back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtwin.genes import match, read_person, starter
from healthtwin.genes.definition import Definition
from healthtwin.genes.observation import Observation, Seen
from tests.genes.vcf_writing import codes_of, definition_of, rows_for, write_vcf

GENES = starter().called_genes


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Definition, tuple[str, str], list[tuple[int, int]]]:
    """A gene, two of its alleles, and the codes of both chromosomes at each position."""
    definition = definition_of(draw(st.sampled_from(GENES)))
    alleles = st.sampled_from(definition.alleles)
    one, two = draw(alleles), draw(alleles)
    codes = list(zip(codes_of(definition, one), codes_of(definition, two), strict=True))
    return definition, (one.name, two.name), codes


@given(pairs())
def test_a_phased_pair_is_the_only_best_fit(
    drawn: tuple[Definition, tuple[str, str], list[tuple[int, int]]],
) -> None:
    definition, names, codes = drawn
    seen = {number: Seen(pair, "1" if pair[0] != pair[1] else "") for number, pair in enumerate(codes)}
    found = match(definition, Observation(seen, 2))
    assert [sorted(fit.alleles) for fit in found.best] == [sorted(names)]


@given(pairs(), st.randoms(use_true_random=False))
def test_an_unphased_pair_is_always_among_the_fits(
    drawn: tuple[Definition, tuple[str, str], list[tuple[int, int]]], random: object
) -> None:
    definition, names, codes = drawn
    seen = {number: Seen(tuple(sorted(pair)), "") for number, pair in enumerate(codes)}
    found = match(definition, Observation(seen, 2))
    assert sorted(names) in [sorted(fit.alleles) for fit in found.fits]


@given(pairs(), st.data())
def test_hiding_positions_never_loses_the_truth(
    drawn: tuple[Definition, tuple[str, str], list[tuple[int, int]]], data: st.DataObject
) -> None:
    definition, names, codes = drawn
    hidden = data.draw(st.sets(st.integers(0, len(codes) - 1), max_size=min(4, len(codes) - 1)))
    seen = {n: Seen(tuple(sorted(pair)), "") for n, pair in enumerate(codes) if n not in hidden}
    found = match(definition, Observation(seen, 2))
    assert sorted(names) in [sorted(fit.alleles) for fit in found.fits]
    assert set(found.missing) == {definition.positions[number].label for number in hidden}


@given(pairs(), st.permutations([0, 1]))
def test_the_order_of_two_chromosomes_changes_nothing(
    drawn: tuple[Definition, tuple[str, str], list[tuple[int, int]]], order: list[int]
) -> None:
    definition, _, codes = drawn
    straight = {n: Seen(pair, "1" if pair[0] != pair[1] else "") for n, pair in enumerate(codes)}
    turned = {
        n: Seen((item.codes[order[0]], item.codes[order[1]]), item.block) for n, item in straight.items()
    }
    assert match(definition, Observation(straight, 2)).fits == match(definition, Observation(turned, 2)).fits


@pytest.mark.parametrize("gene", [gene for gene in GENES if gene not in {"G6PD", "MT-RNR1"}])
def test_a_file_says_what_was_written_into_it(gene: str, tmp_path: Path) -> None:
    definition = definition_of(gene)
    first, second = definition.alleles[0].name, definition.alleles[-1].name
    path = write_vcf(tmp_path / "person.vcf", rows_for(gene, first, second, phased=True))
    call = next(call for call in read_person(path) if call.gene == gene)
    assert call.phenotype is not None
    assert call.status == "called"
    assert sorted(call.phenotype.diplotype.split("/")) == sorted([first, second])


def test_unphased_tpmt_star_3a_lists_the_rare_alternative(tmp_path: Path) -> None:
    path = write_vcf(tmp_path / "person.vcf", rows_for("TPMT", "*1", "*3A"))
    call = next(call for call in read_person(path) if call.gene == "TPMT")
    assert call.phenotype is not None
    assert call.phenotype.diplotype == "*1/*3A"
    assert ("*3B/*3C", "Poor Metabolizer") in call.alternatives
    assert call.could_be == ("Poor Metabolizer",)


def test_unphased_nat2_prefers_the_commonest_pair_that_fits(tmp_path: Path) -> None:
    path = write_vcf(tmp_path / "person.vcf", rows_for("NAT2", "*4", "*34"))
    call = next(call for call in read_person(path) if call.gene == "NAT2")
    assert call.phenotype is not None
    assert call.phenotype.diplotype == "*1/*6"
    assert call.alternatives[0][0] == "*4/*34"
