"""Side effects that a gene makes more likely, by mechanism; the absolute risk where a source has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from healthtwin.genes.gene_facts import Source
from healthtwin.genes.gene_phenotype import GenePhenotype
from healthtwin.genes.knowledge import Knowledge


@dataclass(frozen=True, slots=True)
class SideEffectRisk:
    """One risk of one medicine for one result.

    Args:
        absolute: risk in numbers of people, empty where no source gives it.
        watch: what to look for.
        level: info, warning or critical, for ordering only.
    """

    medicine: str
    gene: str
    result: str
    risk: str
    mechanism: str
    absolute: str
    watch: tuple[str, ...]
    level: str
    source: Source

    def as_dict(self) -> dict[str, object]:
        """Plain form for reports."""
        return {
            "gene": self.gene,
            "result": self.result,
            "risk": self.risk,
            "mechanism": self.mechanism,
            "absolute_risk": self.absolute or None,
            "watch": list(self.watch),
            "source": self.source.as_dict(),
        }


def risks_for(
    medicine: str, results: Mapping[str, GenePhenotype], knowledge: Knowledge
) -> tuple[SideEffectRisk, ...]:
    """The risks of a medicine for a person's (working) results.

    >>> from healthtwin.genes import starter, assign_phenotype
    >>> found = risks_for("carbamazepine", {"HLA-B": assign_phenotype("HLA-B", "*15:02/*40:01")}, starter())
    >>> found[0].risk
    'Stevens-Johnson syndrome and toxic epidermal necrolysis'
    """
    found = []
    for entry in knowledge.risks_of(medicine):
        result = results.get(entry["gene"])
        if result is None:
            continue
        held = {result.phenotype, *result.results}
        key = next((key for key in entry["keys"] if key in held), None)
        if key is not None:
            found.append(
                SideEffectRisk(
                    medicine=medicine,
                    gene=entry["gene"],
                    result=key,
                    risk=entry["risk"],
                    mechanism=entry["mechanism"],
                    absolute=entry["absolute"] or "",
                    watch=tuple(entry["watch"]),
                    level=entry["level"],
                    source=Source(**entry["source"]),
                )
            )
    return tuple(found)
