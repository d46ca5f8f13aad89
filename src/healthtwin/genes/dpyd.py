"""DPYD lists single variants, and a person may carry more than two: the two most harmful decide.

Rule of CPIC (PMID 29152729): the score is the sum of the two lowest variant values; two different harmful
variants are taken to lie on different chromosomes unless the phase says otherwise.
"""

from __future__ import annotations

from healthtwin.domain import Said
from healthtwin.genes.definition import Definition
from healthtwin.genes.gene_phenotype import GenePhenotype
from healthtwin.genes.knowledge import Knowledge
from healthtwin.genes.observation import Observation
from healthtwin.genes.phenotype import assign_phenotype
from healthtwin.genes.score import ActivityScore

_COPIES = 2


def call_variants(definition: Definition, observation: Observation, tables: Knowledge) -> GenePhenotype:
    """The phenotype from all variants seen, where they are more than one pair of names can say."""
    values = tables.gene("DPYD").values
    per_copy = [_carried(definition, observation, copy) for copy in range(observation.copies)]
    blocks = {item.block for item in observation.seen.values() if len(set(item.codes)) > 1}
    if len(blocks) == 1 and "" not in blocks:
        sides = [
            "[" + " + ".join(names) + "]" if len(names) > 1 else (names or ["Reference"])[0]
            for names in per_copy
        ]
        return assign_phenotype("DPYD", "/".join(sides), knowledge=tables)
    every = sorted((name for names in per_copy for name in names), key=lambda name: _value(values, name))
    lowest = [name if _value(values, name) < 1 else "Reference" for name in every[:_COPIES]]
    lowest += ["Reference"] * (_COPIES - len(lowest))
    result = assign_phenotype("DPYD", "/".join(lowest), knowledge=tables)
    return GenePhenotype(
        result.gene,
        result.diplotype,
        result.functions,
        result.activity_score,
        result.phenotype,
        Said.of("gene-why-two-lowest", variants=", ".join(every), why=result.why),
        result.source,
    )


def _carried(definition: Definition, observation: Observation, copy: int) -> list[str]:
    """Names of the variants on one chromosome; a name that needs two positions outranks its parts."""
    present = {
        number: item.codes[copy]
        for number, item in observation.seen.items()
        if copy < len(item.codes) and item.codes[copy] > 0
    }
    names = []
    left = dict(present)
    for allele in sorted(definition.alleles[1:], key=lambda allele: -len(allele.core)):
        if all(number in left and allele.allowed[number] >> left[number] & 1 for number in allele.core):
            names.append(allele.name)
            for number in allele.core:
                del left[number]
    return names


def _value(values: object, name: str) -> float:
    text = values.get(name, "n/a") if isinstance(values, dict) else "n/a"
    return 1.0 if text == "n/a" else ActivityScore.parse(text).value
