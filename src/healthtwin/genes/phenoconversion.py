"""Medicines that slow or speed up an enzyme change what the genes alone would say.

FDA's strong inhibitors leave no activity, moderate ones half of it. That arithmetic is agreed for CYP2D6 and
opioids only (CPIC, PMID 33387367); elsewhere it is a working assumption, and both phenotypes are shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from healthtwin.domain import Said
from healthtwin.genes.errors import UnknownMedicine
from healthtwin.genes.gene_phenotype import GenePhenotype
from healthtwin.genes.knowledge import Knowledge, starter
from healthtwin.genes.medicine_names import find_medicine
from healthtwin.genes.score import NOT_ASSIGNED, ActivityScore
from healthtwin.genes.wording import INDETERMINATE
from healthtwin.words import say

_SHARE_LEFT = {"strong": 0.0, "moderate": 0.5}
# Activity that stands for a phenotype where the gene has no score: one normal copy is 1.
_STANDS_FOR = {
    "Ultrarapid Metabolizer": 3.0,
    "Rapid Metabolizer": 2.5,
    "Normal Metabolizer": 2.0,
    "Likely Intermediate Metabolizer": 1.5,
    "Intermediate Metabolizer": 1.0,
    "Possible Intermediate Metabolizer": 1.0,
    "Likely Poor Metabolizer": 0.5,
    "Poor Metabolizer": 0.0,
}
_ONE_STEP_FASTER = {
    "Intermediate Metabolizer": "Normal Metabolizer",
    "Likely Intermediate Metabolizer": "Normal Metabolizer",
    "Normal Metabolizer": "Rapid Metabolizer",
    "Rapid Metabolizer": "Ultrarapid Metabolizer",
}
_GENES_WITH_RAPID = frozenset({"CYP2C19", "CYP2B6"})
_INTERMEDIATE_FROM = 1.0
_NORMAL_FROM = 2.0


@dataclass(frozen=True, slots=True)
class Modulator:
    """A current medicine that changes an enzyme's activity."""

    medicine: str
    gene: str
    kind: str
    strength: str


@dataclass(frozen=True, slots=True)
class Conversion:
    """The phenotype by genes and the one to work with, with the medicines that lie between them."""

    gene: str
    by_genes: GenePhenotype
    working: GenePhenotype
    modulators: tuple[Modulator, ...]
    why: Said | None

    @property
    def changed(self) -> bool:
        """Whether guidance is looked up differently."""
        return self.working.lookup_keys != self.by_genes.lookup_keys

    @property
    def reason(self) -> str:
        """`why` in the language that is being spoken; empty where no medicine changes anything."""
        return "" if self.why is None else say(self.why)

    def as_dict(self) -> dict[str, object]:
        """Plain form: both phenotypes side by side."""
        return {
            "gene": self.gene,
            "by_genes": {
                "phenotype": self.by_genes.phenotype,
                "activity_score": self.by_genes.activity_score,
            },
            "working": {"phenotype": self.working.phenotype, "activity_score": self.working.activity_score},
            "because_of": [f"{m.medicine} ({m.strength} {m.kind})" for m in self.modulators],
            "why": self.reason,
        }


def modulators_among(medicines: Iterable[str], knowledge: Knowledge | None = None) -> tuple[Modulator, ...]:
    """FDA's strong and moderate inhibitors and inducers among medicines; names nobody knows are passed over.

    >>> [(m.gene, m.strength) for m in modulators_among(["paroxetine", "rice"])]
    [('CYP2D6', 'strong')]
    """
    tables = knowledge or starter()
    lists = tables.table("modulators")
    found: list[Modulator] = []
    known = set()
    for written in medicines:
        try:
            known.add(find_medicine(written, tables).name)
        except UnknownMedicine:
            continue
    names = sorted(known)  # what is said of them must not depend on who wrote which down first
    for kind in ("inhibitors", "inducers"):
        for gene, strengths in lists[kind].items():
            for strength, listed in strengths.items():
                found.extend(
                    Modulator(name, gene, kind.removesuffix("s"), strength)
                    for name in names
                    if name in listed
                )
    return tuple(found)


def convert(
    result: GenePhenotype, modulators: Iterable[Modulator], knowledge: Knowledge | None = None
) -> Conversion:
    """The working phenotype of one gene under current medicines.

    >>> from healthtwin.genes import assign_phenotype
    >>> conversion = convert(assign_phenotype("CYP2D6", "*1/*2"), modulators_among(["paroxetine"]))
    >>> conversion.working.phenotype, conversion.working.activity_score
    ('Poor Metabolizer', '0.0')
    """
    mine = tuple(item for item in modulators if item.gene == result.gene)
    inhibitors = [item for item in mine if item.kind == "inhibitor"]
    inducers = [item for item in mine if item.kind == "inducer"]
    if inhibitors:
        share = min(_SHARE_LEFT[item.strength] for item in inhibitors)
        working = _slowed(result, share, knowledge or starter())
        why = Said.of(
            "conversion-slowed",
            medicines=_named(inhibitors),
            percent=round(100 * share),
            induced_too=bool(inducers),
        )
    elif inducers:
        working = _sped_up(result)
        why = Said.of("conversion-sped-up", medicines=_named(inducers))
    else:
        return Conversion(result.gene, result, result, (), None)
    return Conversion(result.gene, result, working, mine, why)


def _named(modulators: Iterable[Modulator]) -> tuple[Said, ...]:
    return tuple(Said.of("modulator", medicine=item.medicine, strength=item.strength) for item in modulators)


def _slowed(result: GenePhenotype, share: float, knowledge: Knowledge) -> GenePhenotype:
    facts = knowledge.gene(result.gene)
    if facts.method == "activity score":
        if share == 0:
            return replace(
                result, activity_score="0.0", phenotype=facts.phenotype_of_score(ActivityScore(0.0))
            )
        if result.activity_score in {None, NOT_ASSIGNED}:
            return result
        left = ActivityScore.parse(result.activity_score or "0").times(share)
        return replace(result, activity_score=str(left), phenotype=facts.phenotype_of_score(left))
    if share == 0:
        return replace(result, phenotype="Poor Metabolizer")
    activity = _STANDS_FOR.get(result.phenotype)
    if activity is None or result.phenotype == INDETERMINATE:
        return result
    left_over = activity * share
    if left_over >= _NORMAL_FROM:
        return replace(result, phenotype="Normal Metabolizer")
    word = "Intermediate Metabolizer" if left_over >= _INTERMEDIATE_FROM else "Poor Metabolizer"
    return replace(result, phenotype=word)


def _sped_up(result: GenePhenotype) -> GenePhenotype:
    if result.gene not in _GENES_WITH_RAPID:
        return result
    return replace(result, phenotype=_ONE_STEP_FASTER.get(result.phenotype, result.phenotype))
