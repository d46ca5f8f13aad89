"""Named alleles from observed positions: every pair that fits, best first, and what could not be seen.

A pair fits when each of its alleles agrees with one chromosome at every seen position; positions of one
phase block must agree the same way round, different blocks and unphased positions are free. A position
nobody saw agrees with everything, and so does a copy nobody saw, so alleles that differ only there stay
possible and are listed, never dropped. Among the fits the pair whose definitions state most seen positions
comes first (the rule of PharmCAT's matcher, PMID 31306493). A pair that needs an unseen change stands equal
where it explains what was seen as well as any; it never leads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations_with_replacement

from healthtwin.domain import Said
from healthtwin.genes.definition import Definition, NamedAllele
from healthtwin.genes.observation import UNDOCUMENTED, UNREADABLE, Codes, Observation, Seen

# Genes in which a missed harmful allele is worse than an ignored unknown one: there an unlisted change is
# passed over, with a note, instead of ending the call (PharmCAT's choice too).
HARM_FIRST = frozenset({"CACNA1S", "DPYD", "G6PD", "NUDT15", "TPMT"})


@dataclass(frozen=True, slots=True)
class Fit:
    """A pair of alleles (one allele where there is one chromosome) that agrees with all that was seen.

    Args:
        unseen: labels of positions where it differs from the reference and nobody looked.
        assumed_alleles: how many of its alleles rest on unseen positions alone.
    """

    alleles: tuple[str, ...]
    score: int
    unseen: tuple[str, ...] = ()
    assumed_alleles: int = 0

    @property
    def diplotype(self) -> str:
        """As written in reports: ``*1/*2``."""
        return "/".join(self.alleles)


@dataclass(frozen=True, slots=True)
class Match:
    """What the positions of one gene allow.

    Args:
        fits: best first; empty where no two named alleles explain what was seen.
        missing: labels of the defining positions nobody saw, or of which one copy was not seen.
        must_see_missing: those of them without which no phenotype may be stated: the published ones, and
            those where one copy carries a change and the other was not seen.
        variants: seen changes, one per copy, for readers and for genes that list variants.
    """

    gene: str
    fits: tuple[Fit, ...]
    missing: tuple[str, ...]
    must_see_missing: tuple[str, ...]
    variants: tuple[str, ...]
    phased: bool
    assumed: int
    notes: tuple[Said, ...] = field(default=())

    @property
    def best(self) -> tuple[Fit, ...]:
        """The first fit and all that explain what was seen as well, unseen changes or not."""
        return tuple(fit for fit in self.fits if fit.score >= self.fits[0].score)


def match(definition: Definition, observation: Observation) -> Match:
    """Every fitting diplotype of a gene, best first.

    >>> from healthtwin.genes import starter
    >>> definition = starter().definition("CYP2C19")
    >>> seen = {number: Seen((0, 0), "") for number in range(len(definition.positions))}
    >>> [fit.diplotype for fit in match(definition, Observation(seen, 2)).fits]
    ['*38/*38']
    """
    seen, notes = _documented(definition, observation)
    view = _View(definition, seen, observation.copies)
    candidates = [allele for allele in definition.alleles if view.could_be(allele)]
    pairs: Iterable[tuple[NamedAllele, ...]]
    if observation.copies == 1:
        pairs = ((allele,) for allele in candidates)
    else:
        pairs = (pair for pair in combinations_with_replacement(candidates, 2) if view.pair_fits(*pair))
    fits = sorted((view.fit(pair) for pair in pairs), key=_rank) if seen else []
    fits = _with_preference(definition, _each_once(fits), view.phased)
    positions = definition.positions
    missing = [number for number in range(len(positions)) if number not in seen or not seen[number].whole]
    matter = [
        number
        for number in missing
        if positions[number].at in definition.must_see or (number in seen and any(seen[number].known))
    ]
    return Match(
        gene=definition.gene,
        fits=tuple(fits),
        missing=tuple(positions[number].label for number in missing),
        must_see_missing=tuple(positions[number].label for number in matter),
        variants=tuple(_variants(definition, seen)),
        phased=view.phased,
        assumed=observation.assumed,
        notes=(*observation.notes, *notes),
    )


class _View:
    """Bit sets over positions: where an allele agrees with the first and the second observed chromosome."""

    def __init__(self, definition: Definition, seen: dict[int, Seen], copies: int) -> None:
        self.definition = definition
        self.everywhere = (1 << len(definition.positions)) - 1
        self.seen_bits = sum(1 << number for number, item in seen.items() if item.whole)
        self.half_seen = {number: item.known for number, item in seen.items() if not item.whole}
        # Per chromosome: what it carries where it was seen, and the positions where it was not.
        self.codes = [
            {number: code for number, item in seen.items() if (code := item.codes[copy]) is not None}
            for copy in range(copies)
        ]
        self.unseen_bits = [self.everywhere & ~sum(1 << number for number in codes) for codes in self.codes]
        self.reference = [
            unseen | sum(1 << number for number, code in codes.items() if code == 0)
            for codes, unseen in zip(self.codes, self.unseen_bits, strict=True)
        ]
        self.agreement: dict[int, list[int]] = {}
        self.trusts: dict[int, tuple[int, tuple[str, ...], bool]] = {}
        self.blocks = self._blocks(seen, copies)
        heterozygous = [item for item in seen.values() if len(set(item.codes)) > 1]
        self.phased = len(self.blocks) <= 1 and all(item.block for item in heterozygous)

    def _blocks(self, seen: dict[int, Seen], copies: int) -> list[int]:
        """Bit set of each group of heterozygous positions that must agree the same way round."""
        if copies == 1:
            return []
        blocks: dict[str, int] = {}
        for number, item in seen.items():
            if item.codes[0] != item.codes[1]:
                key = item.block or f"alone {number}"
                blocks[key] = blocks.get(key, 0) | 1 << number
        return list(blocks.values())

    def agree(self, allele: NamedAllele) -> list[int]:
        """Per chromosome the positions where the allele agrees."""
        known = self.agreement.get(id(allele))
        if known is None:
            known = []
            stated = sum(1 << number for number in allele.allowed)
            for codes, reference, unseen in zip(self.codes, self.reference, self.unseen_bits, strict=True):
                bits = (reference & ~stated) | (unseen & stated)
                for number, mask in allele.allowed.items():
                    if number in codes and mask >> codes[number] & 1:
                        bits |= 1 << number
                known.append(bits)
            self.agreement[id(allele)] = known
        return known

    def could_be(self, allele: NamedAllele) -> bool:
        """Whether the allele agrees with one of the chromosomes at each position."""
        together = 0
        for bits in self.agree(allele):
            together |= bits
        return together == self.everywhere

    def pair_fits(self, one: NamedAllele, two: NamedAllele) -> bool:
        """Whether the two explain both chromosomes, block by block."""
        one_first, one_second = self.agree(one)
        two_first, two_second = self.agree(two)
        straight = one_first & two_second
        crossed = one_second & two_first
        return all(straight & block == block or crossed & block == block for block in self.blocks)

    def fit(self, pair: tuple[NamedAllele, ...]) -> Fit:
        """The pair with its rank and with what it takes on trust."""
        trusts = [self._trust(allele) for allele in pair]
        score = sum(trust[0] for trust in trusts)
        unseen = dict.fromkeys(label for trust in trusts for label in trust[1])
        assumed = sum(trust[2] for trust in trusts)
        names = sorted((allele.name for allele in pair), key=_natural)
        if len(pair) > 1 and pair[0] is self.definition.reference and not names[0].startswith("*"):
            names = [allele.name for allele in pair]
        return Fit(tuple(names), score, tuple(unseen), assumed)

    def _trust(self, allele: NamedAllele) -> tuple[int, tuple[str, ...], bool]:
        """(seen positions its definition states, labels of its unseen changes, all of them unseen)."""
        known = self.trusts.get(id(allele))
        if known is None:
            score = sum(1 for number in allele.stated if self.seen_bits >> number & 1)
            blind = [number for number in allele.core if not self._shown(allele, number)]
            if len(allele.stated) == len(self.definition.positions):
                blind = []  # defined in full, like the reference: a usual allele needs no unseen change
            labels = tuple(self.definition.positions[number].label for number in blind)
            known = (score, labels, bool(blind) and len(blind) == len(allele.core))
            self.trusts[id(allele)] = known
        return known

    def _shown(self, allele: NamedAllele, number: int) -> bool:
        """Whether a position was seen, or half of it with the change that the allele has there."""
        if self.seen_bits >> number & 1:
            return True
        return any(allele.allowed[number] >> code & 1 for code in self.half_seen.get(number, ()))


def _documented(definition: Definition, observation: Observation) -> tuple[dict[int, Seen], list[Said]]:
    if definition.gene not in HARM_FIRST:
        return observation.seen, []
    seen = {}
    notes = []
    for number, item in observation.seen.items():
        if {UNDOCUMENTED, UNREADABLE}.isdisjoint(item.codes):
            seen[number] = item
            continue
        # Another base than the listed ones is passed over; a change that hides the bases leaves them unseen.
        codes: Codes = tuple(
            0 if code == UNDOCUMENTED else None if code == UNREADABLE else code for code in item.codes
        )
        if any(code is not None for code in codes):
            seen[number] = Seen(codes, item.block if len(set(codes)) > 1 else "")
        notes.append(Said.of("gene-warns-not-part", position=definition.positions[number].label))
    return seen, notes


def _each_once(fits: Iterable[Fit]) -> list[Fit]:
    """Sub-alleles bear the name of their allele, so one diplotype may fit in several ways."""
    found: dict[tuple[str, ...], Fit] = {}
    for fit in fits:
        found.setdefault(fit.alleles, fit)
    return list(found.values())


def _rank(fit: Fit) -> tuple[object, ...]:
    return fit.assumed_alleles, -fit.score, len(fit.unseen), [_natural(name) for name in fit.alleles]


def _with_preference(definition: Definition, fits: list[Fit], phased: bool) -> list[Fit]:
    """Of pairs that unphased data cannot tell apart, the commonest comes first (NAT2)."""
    if phased or not definition.preferred or not fits:
        return fits
    names = {fit.diplotype for fit in fits if not fit.unseen}
    for group, pick in definition.preferred:
        if group == names and pick in names:
            # One rank above its equals, so that it alone is best.
            top = max(fit.score for fit in fits)
            chosen = next(fit for fit in fits if fit.diplotype == pick)
            rest = [fit for fit in fits if fit is not chosen]
            return [Fit(chosen.alleles, top + 1, chosen.unseen, chosen.assumed_alleles), *rest]
    return fits


def _variants(definition: Definition, seen: dict[int, Seen]) -> Iterable[str]:
    for number, item in sorted(seen.items()):
        position = definition.positions[number]
        spellings = (position.reference, *position.others)
        if any(item.codes):
            spelled = [
                "." if code is None else "?" if code >= UNDOCUMENTED else spellings[code]
                for code in item.codes
            ]
            sign = "|" if item.block else "/"
            yield f"{position.label} {sign.join(spelled)}"


def _natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts *2 before *10."""
    return tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", name) if part
    )
