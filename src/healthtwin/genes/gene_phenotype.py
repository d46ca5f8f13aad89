"""What a person's two copies of a gene add up to: the answer that everything downstream reads."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from healthtwin.domain import Said
from healthtwin.genes.gene_facts import Source
from healthtwin.words import say


@dataclass(frozen=True, slots=True)
class GenePhenotype:
    """What a person's two copies of a gene add up to.

    Args:
        diplotype: in the tables' names, empty where only the phenotype was given.
        functions: function word per allele, in the order of the diplotype.
        activity_score: as text (``"2.0"``, ``"≥3.25"``, ``"n/a"``), ``None`` for genes without scores.
        phenotype: the field's wording.
        results: for presence genes one per guided allele (``"*57:01 positive"``).
        why: what a reader can check.
        warnings: contradictions that did not stop the result.
    """

    gene: str
    diplotype: str
    functions: tuple[str, ...]
    activity_score: str | None
    phenotype: str
    why: Said
    source: Source
    results: tuple[str, ...] = ()
    warnings: tuple[Said, ...] = field(default=())

    @property
    def reason(self) -> str:
        """`why` in the language that is being spoken."""
        return say(self.why)

    @property
    def lookup_keys(self) -> tuple[str, ...]:
        """What guidelines look a person up by: the score, the carried alleles, or the phenotype."""
        if self.results:
            return self.results
        if self.activity_score is not None:
            return (self.activity_score,)
        return (self.phenotype,)

    def as_dict(self) -> dict[str, object]:
        """The contract's JSON form."""
        return {
            "gene": self.gene,
            "diplotype": self.diplotype,
            "phenotype": self.phenotype,
            "activity_score": self.activity_score,
            "functions": list(self.functions),
            "why": self.reason,
            "said": asdict(self.why),
            "source": self.source.as_dict(),
            "warnings": [say(each) for each in self.warnings],
        }
