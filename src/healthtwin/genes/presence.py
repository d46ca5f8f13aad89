"""HLA: a guideline asks only whether an allele is carried on either chromosome."""

from __future__ import annotations

import re

from healthtwin.domain import Said, quoted
from healthtwin.domain.errors import InvalidInput
from healthtwin.genes.gene_facts import GeneFacts
from healthtwin.genes.gene_phenotype import GenePhenotype
from healthtwin.genes.wording import both, with_remarks

_ALLELE = re.compile(r"^\*?(\d{2,3}):(\d{2,3})(?::\d{2,3}){0,2}[NLSCAQ]?$")
_CHROMOSOMES = 2


def presence_of(facts: GeneFacts, diplotype: str) -> GenePhenotype:
    """Which guided alleles are carried, from two typed alleles (two or more fields).

    >>> from healthtwin.genes import starter
    >>> presence_of(starter().gene("HLA-B"), "*15:02:01/*40:01").results
    ('*15:02 positive', '*57:01 negative', '*58:01 negative')
    """
    typed = [part.strip().removeprefix(facts.gene).strip() for part in diplotype.split("/")]
    if len(typed) > _CHROMOSOMES:
        raise InvalidInput(f"{facts.gene} diplotype", diplotype, "two alleles such as *15:02/*40:01")
    carried = [_two_fields(facts, name, diplotype) for name in typed]
    results = []
    undecided = []
    for allele in facts.guided_alleles:
        if allele in carried:
            results.append(f"{allele} positive")
        elif len(carried) == _CHROMOSOMES:
            results.append(f"{allele} negative")
        else:
            undecided.append(allele)
    phenotype = ", ".join(results) or "Indeterminate"
    why = Said.of("gene-why-carries", alleles=both(quoted(each) for each in carried))
    if undecided:
        why = with_remarks(why, Said.of("gene-why-one-typed", alleles=", ".join(undecided)))
    return GenePhenotype(
        facts.gene,
        "/".join(carried),
        (),
        None,
        phenotype,
        why,
        facts.source,
        tuple(results) or ("No Result",),
    )


def _two_fields(facts: GeneFacts, name: str, written: str) -> str:
    found = _ALLELE.match(name)
    if not found:
        raise InvalidInput(f"{facts.gene} allele", written, "two alleles of two fields such as *15:02/*40:01")
    return f"*{found.group(1)}:{found.group(2)}"
