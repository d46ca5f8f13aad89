"""Positions of one phase block agree the same way round; blocks are free against each other."""

from __future__ import annotations

from pathlib import Path

from healthtwin.genes import GeneCall, read_person
from tests.genes.vcf_writing import definition_of, rows_for, write_vcf

GENE = "TPMT"  # *3A carries both changes, *3B and *3C one each


def _call(path: Path) -> GeneCall:
    return next(call for call in read_person(path) if call.gene == GENE)


def _changed() -> list[int]:
    definition = definition_of(GENE)
    star_3a = next(allele for allele in definition.alleles if allele.name == "*3A")
    return list(star_3a.core)


def test_one_block_tells_cis_from_trans(tmp_path: Path) -> None:
    sets = dict.fromkeys(_changed(), "100")
    cis = write_vcf(tmp_path / "cis.vcf", rows_for(GENE, "*1", "*3A", phased=True, phase_sets=sets))
    trans = write_vcf(tmp_path / "trans.vcf", rows_for(GENE, "*3B", "*3C", phased=True, phase_sets=sets))
    for path, diplotype in ((cis, "*1/*3A"), (trans, "*3B/*3C")):
        call = _call(path)
        assert call.phenotype is not None
        assert (call.phenotype.diplotype, call.alternatives) == (diplotype, ())


def test_two_blocks_leave_both_open(tmp_path: Path) -> None:
    first, second = _changed()
    sets = {first: "100", second: "200"}
    path = write_vcf(tmp_path / "blocks.vcf", rows_for(GENE, "*3B", "*3C", phased=True, phase_sets=sets))
    call = _call(path)
    named = {name for name, _ in call.alternatives} | {call.phenotype.diplotype if call.phenotype else ""}
    assert named == {"*1/*3A", "*3B/*3C"}


def test_a_bar_without_phase_set_phases_the_whole_chromosome(tmp_path: Path) -> None:
    path = write_vcf(tmp_path / "bar.vcf", rows_for(GENE, "*3B", "*3C", phased=True))
    call = _call(path)
    assert call.phenotype is not None
    assert call.phenotype.diplotype == "*3B/*3C"
    assert call.phased
