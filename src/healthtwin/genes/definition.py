"""What defines the named alleles of a gene: positions on GRCh38, and what each allele has there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from healthtwin.domain.errors import InvalidInput

Edit = tuple[int, str, str]  # position, reference bases, other bases: as short and as far left as it goes

# IUPAC codes that stand for several bases in one allele's definition.
_CODES = {"R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC", "N": "ACGT"}


@dataclass(frozen=True, slots=True)
class Position:
    """One place that tells alleles apart.

    Args:
        at: 1-based position on GRCh38.
        reference: bases of the reference genome there.
        others: the other alleles known there, in VCF spelling.
        rsid: dbSNP id, empty where there is none.
    """

    at: int
    reference: str
    others: tuple[str, ...]
    rsid: str

    @property
    def label(self) -> str:
        """How a reader finds it: the rsID, or the position."""
        return self.rsid or f"position {self.at}"


@dataclass(frozen=True, slots=True)
class NamedAllele:
    """A star allele or named variant.

    Args:
        name: as in the function table; sub-alleles (``*45.001``) bear the name of their allele.
        allowed: for each index into the definition's positions, the bit mask of spellings it may have;
            bit 0 is the reference, bit i the i-th of `Position.others`. Absent: the reference only.
        score: number of positions its definition states, which ranks equally good fits.
        core: indices where it cannot be the reference.
        stated: indices its definition speaks of at all; every index for an allele defined in full.
    """

    name: str
    allowed: Mapping[int, int]
    score: int
    core: tuple[int, ...]
    stated: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """All named alleles of a gene.

    Args:
        must_see: positions without which no phenotype is stated (AMP tier 1 alleles where published).
        preferred: sets of diplotypes that unphased data cannot tell apart, and the commonest of each set.
        known_bases: reference bases around repeats, so that shifted indels can be moved left.
        source: where the table comes from.
    """

    gene: str
    chromosome: str
    positions: tuple[Position, ...]
    alleles: tuple[NamedAllele, ...]
    must_see: frozenset[int]
    preferred: tuple[tuple[frozenset[str], str], ...]
    known_bases: Mapping[int, str]
    edits: Mapping[Edit, tuple[int, int]]
    source: str

    @property
    def reference(self) -> NamedAllele:
        """The allele that equals the reference genome at every position."""
        return self.alleles[0]

    def left_aligned(self, at: int, reference: str, other: str) -> Edit:
        """Shortest, leftmost spelling of a change (Tan 2015, PMID 25701572), as far as bases are known.

        >>> from healthtwin.genes import starter
        >>> definition = starter().definition("CYP3A5")
        >>> definition.left_aligned(99652771, "A", "AA")
        (99652770, 'T', 'TA')
        """
        while True:
            shortened = False
            if reference and other and reference[-1] == other[-1] and min(len(reference), len(other)) > 0:
                if min(len(reference), len(other)) == 1:
                    before = self.known_bases.get(at - 1)
                    if before is None or len(reference) == len(other):
                        break
                    at, reference, other = at - 1, before + reference, before + other
                reference, other = reference[:-1], other[:-1]
                shortened = True
            if not shortened:
                break
        while min(len(reference), len(other)) > 1 and reference[0] == other[0]:
            at, reference, other = at + 1, reference[1:], other[1:]
        return at, reference, other


def definition_from(document: Mapping[str, Any]) -> Definition:
    """Builds a definition from one file of ``data/positions`` (or the same form from an import)."""
    positions = tuple(
        Position(at, reference, tuple(others), rsid or "")
        for at, reference, others, rsid in document["positions"]
    )
    index = {position.at: number for number, position in enumerate(positions)}
    stated_fully = set(document["fully_specified"])
    everywhere = tuple(range(len(positions)))
    alleles = [NamedAllele(document["reference"], {}, len(positions), (), everywhere)]
    named_after = document.get("suballeles", {})
    for name, spelled in document["alleles"].items():
        allowed = {
            index[int(at)]: _mask(positions[index[int(at)]], bases, document["gene"], name)
            for at, bases in spelled.items()
        }
        core = tuple(sorted(number for number, mask in allowed.items() if not mask & 1))
        stated = everywhere if name in stated_fully else tuple(sorted(allowed))
        alleles.append(NamedAllele(named_after.get(name, name), allowed, len(stated), core, stated))
    definition = Definition(
        gene=document["gene"],
        chromosome=document["chromosome"],
        positions=positions,
        alleles=tuple(alleles),
        must_see=frozenset(document["must_see"]),
        preferred=tuple((frozenset(group), pick) for group, pick in document["preferred"]),
        known_bases=_known_bases(document, positions),
        edits={},
        source=document["source"],
    )
    edits: dict[Edit, tuple[int, int]] = {}
    for number, position in enumerate(positions):
        for bit, other in enumerate(position.others, start=1):
            edits[definition.left_aligned(position.at, position.reference, other)] = (number, bit)
    object.__setattr__(definition, "edits", edits)
    return definition


def _known_bases(document: Mapping[str, Any], positions: tuple[Position, ...]) -> dict[int, str]:
    bases: dict[int, str] = {}
    for start, sequence in document["context"].items():
        bases.update({int(start) + offset: base for offset, base in enumerate(sequence)})
    for position in positions:
        bases.update({position.at + offset: base for offset, base in enumerate(position.reference)})
    return bases


def _mask(position: Position, bases: str, gene: str, allele: str) -> int:
    spellings = (position.reference, *position.others)
    wanted = _CODES.get(bases, bases) if len(bases) == 1 else None
    mask = 0
    for bit, spelling in enumerate(spellings):
        if spelling == bases or (wanted is not None and len(spelling) == 1 and spelling in wanted):
            mask |= 1 << bit
    if mask == 0:
        raise InvalidInput(
            f"definition of {gene} {allele} at {position.at}", bases, "one of " + ", ".join(spellings)
        )
    return mask
