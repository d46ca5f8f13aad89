"""The activity of one chromosome: one allele, counted copies, a tandem, or several variants of DPYD."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from healthtwin.domain import Said
from healthtwin.genes.allele_names import canonical_allele, copies_of
from healthtwin.genes.errors import UnknownAllele
from healthtwin.genes.gene_facts import UNCERTAIN, GeneFacts
from healthtwin.genes.score import NOT_ASSIGNED, ActivityScore

_TANDEMS = "CYP2D6"  # the only gene here whose copies stand side by side on one chromosome
_LISTS_VARIANTS = "DPYD"


@dataclass(frozen=True, slots=True)
class ScoredSide:
    """One chromosome and its activity.

    Args:
        name: in the table's words.
        score: ``None`` where no value is assigned.
        remark: how the score came about, where that is not plain.
        computed: copies times value, for a copy number that CPIC's table does not hold.
        uncounted: ``xN``, copies that nobody counted.
    """

    name: str
    score: ActivityScore | None
    function: str
    remark: Said | None = None
    computed: bool = False
    uncounted: bool = False


def score_of_side(facts: GeneFacts, side: str) -> ScoredSide:
    """The activity of one side of a diplotype.

    >>> from healthtwin.genes import starter
    >>> str(score_of_side(starter().gene("CYP2D6"), "*36+*10").score)
    '0.25'
    >>> score_of_side(starter().gene("CYP2C9"), "[*2 + *3]").score is None
    True
    """
    if side in facts.values:
        return _listed(facts, side)
    if facts.gene == _LISTS_VARIANTS:
        return _of_variants(facts, side)
    if side.startswith("["):
        # Changes of several alleles on one chromosome: what they do together is not known.
        parts = [canonical_allele(facts, part) for part in side.strip("[]").split(" + ")]
        return ScoredSide(f"[{' + '.join(parts)}]", None, UNCERTAIN[0])
    if facts.gene == _TANDEMS and "+" in side:
        return _of_tandem([_single(facts, part.strip()) for part in side.split("+")])
    return _single(facts, side)


def total_of(sides: Iterable[ScoredSide]) -> ActivityScore | None:
    """The sum, or ``None`` where one side has no value."""
    total = ActivityScore(0.0)
    for side in sides:
        if side.score is None:
            return None
        total += side.score
    return total


def _of_tandem(parts: list[ScoredSide]) -> ScoredSide:
    total = total_of(parts)
    return ScoredSide(
        name="+".join(part.name for part in parts),
        score=total,
        function=UNCERTAIN[0] if total is None else _word_of(total),
        computed=any(part.computed for part in parts),
        uncounted=any(part.uncounted for part in parts),
    )


def _of_variants(facts: GeneFacts, side: str) -> ScoredSide:
    """DPYD lists variants, several on one chromosome: the most harmful of them decides for that copy."""
    names = [part.strip() for part in side.strip().removeprefix("[").removesuffix("]").split(" + ")]
    parts = [_single(facts, name) for name in names]
    if len(parts) == 1:
        return parts[0]
    lowest = min(parts, key=lambda part: part.score.value if part.score else 0.0)
    remark = Said.of("gene-side-lowest", variant=lowest.name)
    return ScoredSide(f"[{' + '.join(part.name for part in parts)}]", lowest.score, lowest.function, remark)


def _single(facts: GeneFacts, name: str) -> ScoredSide:
    if name in facts.values:
        return _listed(facts, name)
    try:
        return _listed(facts, canonical_allele(facts, name))
    except UnknownAllele:
        duplicated = copies_of(name)
        if duplicated is None or duplicated[0] not in facts.values:
            raise
    return _copies(facts, *duplicated)


def _copies(facts: GeneFacts, star: str, copies: int, at_least: bool) -> ScoredSide:
    """A copy number without a row of its own."""
    uncounted = copies == 0
    name = f"{star}xN" if uncounted else f"{star}x{'≥' if at_least else ''}{copies}"
    value = facts.values[star]
    if value != NOT_ASSIGNED and ActivityScore.parse(value).value == 0:
        return ScoredSide(name, ActivityScore(0.0), "No function")
    if uncounted or value == NOT_ASSIGNED:
        return ScoredSide(name, None, UNCERTAIN[0], uncounted=uncounted)
    score = ActivityScore(ActivityScore.parse(value).value * copies, at_least)
    remark = Said.of("gene-side-computed", copies=copies, value=value)
    return ScoredSide(name, score, _word_of(score), remark, computed=True)


def _listed(facts: GeneFacts, name: str) -> ScoredSide:
    value = facts.values[name]
    score = None if value == NOT_ASSIGNED else ActivityScore.parse(value)
    return ScoredSide(name, score, facts.functions[name])


def _word_of(score: ActivityScore) -> str:
    if score.value == 0:
        return "No function"
    if score.value < 1:
        return "Decreased function"
    return "Normal function" if score.value == 1 else "Increased function"
