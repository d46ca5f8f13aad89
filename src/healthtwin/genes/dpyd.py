"""DPYD lists single variants, and a person may carry more than two: the lowest of each chromosome decides.

Rule of CPIC (PMID 29152729): the score is the sum of the two lowest variant values; two different harmful
variants are taken to lie on different chromosomes unless the phase says otherwise. It says so set by set:
variants of one phase set that lie on one chromosome stay together, whatever other sets there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from healthtwin.domain import Said
from healthtwin.genes.definition import Definition
from healthtwin.genes.gene_phenotype import GenePhenotype
from healthtwin.genes.knowledge import Knowledge
from healthtwin.genes.observation import Observation, Seen
from healthtwin.genes.phenotype import assign_phenotype
from healthtwin.genes.score import ActivityScore
from healthtwin.genes.wording import with_remarks

_COPIES = 2


@dataclass(frozen=True, slots=True)
class _Block:
    """Variants whose sides are known to each other: one phase set, or one position alone."""

    sides: tuple[tuple[str, ...], tuple[str, ...]]

    def lowest(self, values: Mapping[str, str]) -> tuple[str, str]:
        """The lowest variant of either side, ``"Reference"`` where there is none below normal."""
        first, second = (_lowest(side, values) for side in self.sides)
        return first, second


def call_variants(definition: Definition, observation: Observation, tables: Knowledge) -> GenePhenotype:
    """The phenotype from all variants seen, where they are more than one pair of names can say."""
    values = tables.gene("DPYD").values
    if observation.copies == 1:
        return assign_phenotype("DPYD", f"{_side(_carried(definition, observation.seen, 0))}/Reference")
    sets, alone = _by_phase_set(observation.seen)
    if len(sets) == 1 and all(len(set(item.codes)) == 1 for item in alone.values()):
        # One set and nothing open beside it: both chromosomes are known as they are.
        seen = {**next(iter(sets.values())), **alone}
        first, second = (_carried(definition, seen, copy) for copy in (0, 1))
        return assign_phenotype("DPYD", f"{_side(first)}/{_side(second)}", knowledge=tables)
    blocks = [
        _Block((_carried(definition, seen, 0), _carried(definition, seen, 1))) for seen in sets.values()
    ]
    blocks.extend(_each_alone(definition, alone))
    result = assign_phenotype("DPYD", "/".join(_worst_case(blocks, values)), knowledge=tables)
    every = sorted(
        (name for block in blocks for side in block.sides for name in side),
        key=lambda name: _value(values, name),
    )
    together = [side for block in blocks for side in block.sides if len(side) > 1]
    why: Said = Said.of("gene-why-two-lowest", variants=", ".join(every), why=result.why)
    if together:
        told = "; ".join(" + ".join(side) for side in together)
        why = with_remarks(why, Said.of("gene-why-in-cis", variants=told))
    return replace(result, why=why)


def _by_phase_set(seen: Mapping[int, Seen]) -> tuple[dict[str, dict[int, Seen]], dict[int, Seen]]:
    """Positions by phase set, and those that belong to none (also what is alike on both chromosomes)."""
    sets: dict[str, dict[int, Seen]] = {}
    alone: dict[int, Seen] = {}
    for number, item in seen.items():
        if item.block:
            sets.setdefault(item.block, {})[number] = item
        elif any(item.known):
            alone[number] = item
    return sets, alone


def _each_alone(definition: Definition, alone: Mapping[int, Seen]) -> Iterator[_Block]:
    """A block for every variant of no phase set; two positions of one name (HapB3) are that name."""
    sorted_codes = {
        number: Seen(tuple(sorted(item.known, reverse=True)) + (0,) * (_COPIES - len(item.known)), "")
        for number, item in alone.items()
    }
    once, twice = (list(_carried(definition, sorted_codes, copy)) for copy in (0, 1))
    for name in once:
        both = name in twice
        if both:
            twice.remove(name)
        yield _Block(((name,), (name,) if both else ()))
    for name in twice:
        yield _Block(((name,), ()))


def _worst_case(blocks: list[_Block], values: Mapping[str, str]) -> tuple[str, str]:
    """The lowest variant of each chromosome in the worst arrangement that the blocks allow."""
    lowest = [block.lowest(values) for block in blocks]

    def value(name: str) -> float:
        return _value(values, name)

    best: tuple[str, str] | None = None
    for number, sides in enumerate(lowest):
        for one, two in (sides, sides[::-1]):
            others = [name for at, pair in enumerate(lowest) if at != number for name in pair]
            pair = (one, min([two, *others], key=value))
            if best is None or sum(map(value, pair)) < sum(map(value, best)):
                best = pair
    return best or ("Reference", "Reference")


def _lowest(side: tuple[str, ...], values: Mapping[str, str]) -> str:
    name = min(side, key=lambda each: _value(values, each), default="Reference")
    return name if _value(values, name) < 1 else "Reference"


def _side(names: tuple[str, ...]) -> str:
    return "[" + " + ".join(names) + "]" if len(names) > 1 else (names or ("Reference",))[0]


def _carried(definition: Definition, seen: Mapping[int, Seen], copy: int) -> tuple[str, ...]:
    """Names of the variants on one chromosome; a name that needs two positions outranks its parts."""
    left = {number: code for number, item in seen.items() if (code := item.codes[copy])}
    names = []
    for allele in sorted(definition.alleles[1:], key=lambda allele: -len(allele.core)):
        if all(number in left and allele.allowed[number] >> left[number] & 1 for number in allele.core):
            names.append(allele.name)
            for number in allele.core:
                del left[number]
    return tuple(names)


def _value(values: Mapping[str, str], name: str) -> float:
    text = values.get(name, "n/a")
    return 1.0 if text == "n/a" else ActivityScore.parse(text).value
