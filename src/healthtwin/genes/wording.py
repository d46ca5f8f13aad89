"""The field's words for phenotypes, and how laboratories spell them (CPIC terms, PMID 27441996)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from healthtwin.domain import Said, quoted
from healthtwin.domain.errors import InvalidInput
from healthtwin.genes.gene_facts import GeneFacts

INDETERMINATE = "Indeterminate"
_SHORT = {
    "PM": "Poor Metabolizer",
    "IM": "Intermediate Metabolizer",
    "NM": "Normal Metabolizer",
    "EM": "Normal Metabolizer",
    "RM": "Rapid Metabolizer",
    "UM": "Ultrarapid Metabolizer",
}
_UNKNOWN = {"indeterminate", "unknown", "n/a", "not available", "no result", "no call"}
_HLA = re.compile(
    r"^(?:HLA-[AB])?\*?(\d{2,3}:\d{2,3})\s*:?\s*(positive|negative|present|absent)$", re.IGNORECASE
)


def phenotype_terms(facts: GeneFacts) -> tuple[str, ...]:
    """Every phenotype a gene can have, in a fixed order.

    >>> from healthtwin.genes import starter
    >>> phenotype_terms(starter().gene("CYP2C9"))
    ('Poor Metabolizer', 'Intermediate Metabolizer', 'Normal Metabolizer', 'Indeterminate')
    """
    if facts.method == "presence":
        return tuple(
            f"{allele} {word}" for allele in facts.guided_alleles for word in ("positive", "negative")
        )
    terms = [phenotype for _, _, phenotype in facts.pairs] or [phenotype for _, _, phenotype in facts.bands]
    if facts.bands:
        terms.append(INDETERMINATE)
    return tuple(dict.fromkeys(terms))


def in_field_words(facts: GeneFacts, text: str) -> tuple[str, tuple[str, ...]]:
    """(phenotype, results of a presence gene) for a reported phrase; `InvalidInput` names the terms.

    >>> from healthtwin.genes import starter
    >>> in_field_words(starter().gene("CYP2D6"), "CYP2D6 Ultrarapid Metaboliser (UM)")
    ('Ultrarapid Metabolizer', ())
    >>> in_field_words(starter().gene("HLA-B"), "*57:01 positive")
    ('*57:01 positive', ('*57:01 positive',))
    """
    if facts.method == "presence":
        return _presence_words(facts, text)
    plain = _plain(facts, text)
    if plain in _UNKNOWN:
        return INDETERMINATE, ()
    terms = {term.casefold(): term for term in phenotype_terms(facts)}
    if plain in terms:
        return terms[plain], ()
    short = _SHORT.get(plain.upper())
    if short and short.casefold() in terms:
        return short, ()
    raise InvalidInput(f"{facts.gene} phenotype", text, "one of " + "; ".join(phenotype_terms(facts)))


SAID = {
    "Poor Metabolizer": "poor-metabolizer",
    "Likely Poor Metabolizer": "likely-poor-metabolizer",
    "Possible Intermediate Metabolizer": "possible-intermediate-metabolizer",
    "Intermediate Metabolizer": "intermediate-metabolizer",
    "Likely Intermediate Metabolizer": "likely-intermediate-metabolizer",
    "Normal Metabolizer": "normal-metabolizer",
    "Rapid Metabolizer": "rapid-metabolizer",
    "Ultrarapid Metabolizer": "ultrarapid-metabolizer",
    INDETERMINATE: "indeterminate",
    "Normal Function": "normal-function",
    "Decreased Function": "decreased-function",
    "Poor Function": "poor-function",
    "Possible Decreased Function": "possible-decreased-function",
    "Increased Function": "increased-function",
    "Malignant Hyperthermia Susceptibility": "hyperthermia",
    "Uncertain Susceptibility": "uncertain-susceptibility",
    "ivacaftor responsive in CF patients": "ivacaftor",
    "ivacaftor non-responsive in CF patients": "no-ivacaftor",
    "Normal": "normal",
    "Variable": "variable",
    "Deficient": "deficient",
    "Deficient with CNSHA": "deficient-anaemia",
    "Favorable response genotype": "favorable",
    "Unfavorable response genotype": "unfavorable",
    "increased risk of aminoglycoside-induced hearing loss": "hearing-increased",
    "uncertain risk of aminoglycoside-induced hearing loss": "hearing-uncertain",
    "normal risk of aminoglycoside-induced hearing loss": "hearing-normal",
}
"""The phenotypes that the catalogues have words for, by the last part of their code."""

FUNCTIONS = {
    "Normal function": "normal",
    "Decreased function": "decreased",
    "No function": "none",
    "Increased function": "increased",
    "Uncertain function": "uncertain",
    "Unknown function": "unknown",
    "Malignant Hyperthermia associated": "hyperthermia",
    "ivacaftor responsive": "ivacaftor",
    "ivacaftor non-responsive": "no-ivacaftor",
    "I/Deficient with CNSHA": "class-1",
    "II/Deficient": "class-2",
    "III/Deficient": "class-3",
    "IV/Normal": "class-4",
    "Favorable response allele": "favorable",
    "Unfavorable response allele": "unfavorable",
    "Normal risk of aminoglycoside-induced hearing loss": "hearing-normal",
    "Uncertain risk of aminoglycoside-induced hearing loss": "hearing-uncertain",
    "Increased risk of aminoglycoside-induced hearing loss": "hearing-increased",
    "Normal coumarin sensitivity": "coumarin-normal",
    "Higher coumarin sensitivity": "coumarin-higher",
}
"""What an allele does, likewise."""

PEOPLE = {
    "adults": "adults",
    "pediatrics": "children",
    "child >40kg_adult": "adults-and-heavy-children",
    "CBZ naive": "not-taken-before",
    "OXC naive": "not-taken-before",
    "PHT naive": "not-taken-before",
    "CBZ use >3mos": "taken-for-months",
    "OXC use >3 mos": "taken-for-months",
    "PHT use >3mos": "taken-for-months",
    "CBZ-no alternatives": "nothing-else-serves",
    "CVI ACS PCI": "coronary",
    "CVI non-ACS non-PCI": "vessels",
    "NVI": "stroke",
}
"""A guideline's labels for the people it speaks of, by the last part of the code that says them in words."""

EVERYBODY = frozenset({"general", ""})

MARKS = {
    "avoid": "\N{MULTIPLICATION X}",
    "alternative": "\N{RIGHTWARDS ARROW OVER LEFTWARDS ARROW}",
    "reduce": "\N{BLACK DOWN-POINTING TRIANGLE}",
    "increase": "\N{BLACK UP-POINTING TRIANGLE}",
    "test": "?",
    "caution": "!",
    "usual": "\N{CHECK MARK}",
}
"""A shape for each kind of advice, so that no reader depends on its colour."""

PROVISIONAL_MARK = "\N{WHITE DIAMOND}"

_CARRIED = re.compile(r"^(\*\S+) (positive|negative)$")


def phenotype_said(term: str) -> Said:
    """A phenotype for people; a term that no catalogue has (an activity score, say) stands as it is.

    >>> phenotype_said("Poor Metabolizer").code, phenotype_said("*57:01 positive").facts
    ('phenotype-poor-metabolizer', {'allele': '*57:01', 'carried': True})
    """
    if term in SAID:
        return Said(f"phenotype-{SAID[term]}")
    found = _CARRIED.match(term)
    if found:
        return Said.of("phenotype-allele", allele=found[1], carried=found[2] == "positive")
    return quoted(term)


def function_said(term: str) -> Said:
    """What an allele does, for people; a term that no catalogue has stands as it is.

    >>> function_said("No function").code
    'function-none'
    """
    return Said(f"function-{FUNCTIONS[term]}") if term in FUNCTIONS else quoted(term)


def people_said(population: str) -> Said | None:
    """For whom an advice is, in words; ``None`` where it is for everybody.

    >>> people_said("CVI ACS PCI").code, people_said("general"), people_said("astronauts").code
    ('gene-people-coronary', None, 'plain')
    """
    if population in EVERYBODY:
        return None
    return Said(f"gene-people-{PEOPLE[population]}") if population in PEOPLE else quoted(population)


def both(parts: Iterable[Said]) -> Said:
    """One part, or the first and the others: ``"*1 and *2"``."""
    return _folded(parts, lambda first, others: Said.of("gene-results", first=first, others=others))


def names(parts: Iterable[str]) -> Said:
    """Names, each once, said like `both`."""
    return both(quoted(each) for each in dict.fromkeys(parts))


def sum_of(parts: Iterable[Said]) -> Said:
    """What is added up: ``"*1 1.0 + *2 1.0"``."""
    return _folded(parts, lambda first, others: Said.of("gene-why-sum", first=first, others=others))


def with_remarks(said: Said, *remarks: Said) -> Said:
    """A reason and what is to be added to it."""
    return _folded(
        (said, *remarks), lambda first, others: Said.of("gene-why-and", first=first, others=others)
    )


def _folded(parts: Iterable[Said], join: Callable[[Said, Said], Said]) -> Said:
    *before, said = parts
    for each in reversed(before):
        said = join(each, said)
    return said


def _plain(facts: GeneFacts, text: str) -> str:
    body = re.sub(r"\((?:[A-Z]{2,3})\)", "", text)
    body = re.sub(re.escape(facts.gene), "", body, flags=re.IGNORECASE)
    body = re.sub(r"metabolis", "metaboliz", body, flags=re.IGNORECASE)
    body = re.sub(r"metabolizers\b", "metabolizer", body, flags=re.IGNORECASE)
    body = re.sub(r"\bextensive\b", "normal", body, flags=re.IGNORECASE)
    return re.sub(r"\s+", " ", body).strip().casefold()


def _presence_words(facts: GeneFacts, text: str) -> tuple[str, tuple[str, ...]]:
    results = []
    for part in re.split(r"[,;]", text):
        found = _HLA.match(part.strip())
        if not found:
            if part.strip().casefold() in _UNKNOWN:
                results.append("No Result")
                continue
            allowed = "; ".join(phenotype_terms(facts))
            raise InvalidInput(f"{facts.gene} phenotype", text, f"one or more of {allowed}")
        carried = found.group(2).lower() in {"positive", "present"}
        results.append(f"*{found.group(1)} {'positive' if carried else 'negative'}")
    return ", ".join(results), tuple(results)
