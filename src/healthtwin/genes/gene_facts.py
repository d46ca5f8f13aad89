"""What is known of one gene: the function of its alleles and how functions add up to a phenotype."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from healthtwin.genes.score import NOT_ASSIGNED, ActivityScore

Method = Literal["function pair", "activity score", "presence"]
Copies = Literal["two", "x-linked", "mitochondrial"]

Band = tuple[float, float | None, str]

ANY = "any"
UNCERTAIN = ("Uncertain function", "Unknown function")
# Function words for genes whose tables hold numbers only (CPIC term standardisation, PMID 27441996).
_WORD_BY_VALUE = ((0.0, "No function"), (0.999, "Decreased function"), (1.0, "Normal function"))


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from: guideline, version of its data, PubMed id (empty where there is none)."""

    guideline: str
    version: str
    pmid: str = ""
    url: str = ""

    def as_dict(self) -> dict[str, str]:
        """Plain form for reports, empty parts left out."""
        parts = {"guideline": self.guideline, "version": self.version, "pmid": self.pmid, "url": self.url}
        return {name: text for name, text in parts.items() if text}


@dataclass(frozen=True, slots=True)
class GeneFacts:
    """The table of one gene.

    Args:
        functions: allele -> function word (empty for presence genes).
        values: allele -> activity value as text, ``"n/a"`` where none is assigned (score genes only).
        pairs: rules (first functions, second functions, phenotype); the first to fit,
            either way round, wins.
        bands: (lowest score, highest score or None, phenotype), ascending.
        bands_elsewhere: organisation -> its own bands, where it draws the lines elsewhere.
        guided_alleles: alleles whose mere presence carries guidance (HLA).
    """

    gene: str
    name: str
    chromosome: str
    method: Method
    copies: Copies
    source: Source
    functions: Mapping[str, str]
    values: Mapping[str, str] = field(default_factory=dict)
    pairs: Sequence[tuple[tuple[str, ...], tuple[str, ...], str]] = ()
    bands: Sequence[Band] = ()
    bands_elsewhere: Mapping[str, Sequence[Band]] = field(default_factory=dict)
    guided_alleles: tuple[str, ...] = ()

    @property
    def alleles(self) -> tuple[str, ...]:
        """Every allele that has a function here."""
        return tuple(self.functions)

    def phenotype_of_pair(self, first: str, second: str) -> str:
        """The phenotype of two functions; "Indeterminate" where no rule speaks of them."""
        for left, right, phenotype in self.pairs:
            if (_in(first, left) and _in(second, right)) or (_in(second, left) and _in(first, right)):
                return phenotype
        return "Indeterminate"

    def phenotype_of_score(self, score: ActivityScore, organisation: str = "") -> str:
        """The phenotype whose band holds the score, by the lines that an organisation draws."""
        for low, high, phenotype in self.bands_elsewhere.get(organisation, self.bands):
            if low <= score.value and (high is None or score.value <= high):
                return phenotype
        return "Indeterminate"


def _in(function: str, allowed: tuple[str, ...]) -> bool:
    return function in allowed or ANY in allowed


def function_word(value: str) -> str:
    """The function word of an activity value.

    >>> function_word("0.25"), function_word("≥3.0"), function_word("n/a")
    ('Decreased function', 'Increased function', 'Uncertain function')
    """
    if value == NOT_ASSIGNED:
        return "Uncertain function"
    number = ActivityScore.parse(value).value
    for limit, word in _WORD_BY_VALUE:
        if number <= limit:
            return word
    return "Increased function"


def facts_from(document: Mapping[str, Any]) -> GeneFacts:
    """Builds the table from one file of ``data/genes``."""
    values = {allele: value for value, alleles in document.get("values", {}).items() for allele in alleles}
    if values:
        functions = {allele: function_word(value) for allele, value in values.items()}
    else:
        functions = {
            allele: function
            for function, alleles in document.get("functions", {}).items()
            for allele in alleles
        }
    return GeneFacts(
        gene=document["gene"],
        name=document["name"],
        chromosome=document["chromosome"],
        method=document["method"],
        copies=document["copies"],
        source=Source(**document["source"]),
        functions=functions,
        values=values,
        pairs=tuple((tuple(a), tuple(b), phenotype) for a, b, phenotype in document.get("pairs", ())),
        bands=_bands(document.get("bands", ())),
        bands_elsewhere={
            organisation: _bands(rows) for organisation, rows in document.get("bands_elsewhere", {}).items()
        },
        guided_alleles=tuple(document.get("alleles_with_guidance", ())),
    )


def _bands(rows: Sequence[Sequence[Any]]) -> tuple[Band, ...]:
    return tuple((low, high, phenotype) for low, high, phenotype in rows)
