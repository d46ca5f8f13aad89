"""From a diplotype to a phenotype in the field's words, with the reason.

Three ways (CPIC): the functions of the two alleles form a pair; activity values add up to a score; or the
mere presence of an allele counts (HLA). What no table speaks of stays "Indeterminate", and says why.
"""

from __future__ import annotations

from healthtwin.domain import Said
from healthtwin.domain.errors import InvalidInput
from healthtwin.genes.activity import score_of_side, total_of
from healthtwin.genes.allele_names import canonical_allele
from healthtwin.genes.gene_facts import UNCERTAIN, GeneFacts
from healthtwin.genes.gene_phenotype import GenePhenotype
from healthtwin.genes.knowledge import Knowledge, starter
from healthtwin.genes.presence import presence_of
from healthtwin.genes.score import NOT_ASSIGNED, ActivityScore
from healthtwin.genes.wording import (
    INDETERMINATE,
    function_said,
    in_field_words,
    names,
    phenotype_said,
    sum_of,
    with_remarks,
)

_DIPLOID = 2
_WITHOUT_Y = {"female", "f"}
_WITH_ONE_X = {"male", "m"}


def assign_phenotype(
    gene: str, diplotype: str, *, sex: str | None = None, knowledge: Knowledge | None = None
) -> GenePhenotype:
    """The phenotype of a diplotype.

    Args:
        gene: HGNC symbol.
        diplotype: ``"*1/*2"``; one allele for MT-RNR1 and for one X; ``+`` joins tandem copies.
        sex: ``"male"`` or ``"female"`` where the gene lies on X (G6PD).

    Raises:
        UnknownGene, UnknownAllele, InvalidInput: with what was read and what would have been right.

    >>> result = assign_phenotype("CYP2D6", "*36+*10/*1x2")
    >>> result.phenotype, result.activity_score
    ('Normal Metabolizer', '2.25')
    >>> assign_phenotype("TPMT", "*3A/*8").phenotype
    'Possible Intermediate Metabolizer'
    """
    facts = (knowledge or starter()).gene(gene)
    if facts.method == "presence":
        return presence_of(facts, diplotype)
    sides = _sides(facts, diplotype, sex)
    if facts.method == "activity score":
        return _by_score(facts, sides)
    return _by_functions(facts, sides, sex)


def phenotype_given(gene: str, phenotype: str, *, knowledge: Knowledge | None = None) -> GenePhenotype:
    """A phenotype that a laboratory reported itself, put into the field's wording.

    >>> phenotype_given("CYP2C19", "poor metaboliser").phenotype
    'Poor Metabolizer'
    """
    facts = (knowledge or starter()).gene(gene)
    words, results = in_field_words(facts, phenotype)
    score = None
    if facts.method == "activity score":
        score = NOT_ASSIGNED if words == INDETERMINATE else None
    return GenePhenotype(
        facts.gene, "", (), score, words, Said.of("gene-why-reported"), facts.source, results
    )


def score_given(gene: str, score: str, *, knowledge: Knowledge | None = None) -> GenePhenotype:
    """An activity score that a laboratory reported itself.

    >>> score_given("CYP2C9", "1.5").phenotype
    'Intermediate Metabolizer'
    """
    facts = (knowledge or starter()).gene(gene)
    if facts.method != "activity score":
        raise InvalidInput(f"{facts.gene} activity_score", score, "nothing: this gene has no activity score")
    if score.strip().lower() == NOT_ASSIGNED:
        phenotype, text = INDETERMINATE, NOT_ASSIGNED
    else:
        parsed = ActivityScore.parse(score)
        phenotype, text = facts.phenotype_of_score(parsed), str(parsed)
    why = Said.of("gene-why-score-reported", score=text)
    return GenePhenotype(facts.gene, "", (), text, phenotype, why, facts.source)


def _sides(facts: GeneFacts, diplotype: str, sex: str | None) -> tuple[str, ...]:
    text = diplotype.strip().removeprefix(facts.gene).strip()
    if not text:
        raise InvalidInput(f"{facts.gene} diplotype", diplotype, "two alleles such as *1/*2")
    # A few variant names hold a slash of their own; a whole known name is one allele.
    sides = (text,) if text in facts.functions else tuple(part.strip() for part in text.split("/"))
    if not all(sides) or len(sides) > _DIPLOID:
        raise InvalidInput(
            f"{facts.gene} diplotype", diplotype, "two alleles parted by one slash, such as *1/*2"
        )
    if facts.copies == "mitochondrial":
        return sides
    if facts.copies == "x-linked":
        return _x_linked_sides(facts, sides, diplotype, sex)
    if len(sides) != _DIPLOID:
        raise InvalidInput(
            f"{facts.gene} diplotype", diplotype, "two alleles parted by one slash, such as *1/*2"
        )
    return sides


def _x_linked_sides(
    facts: GeneFacts, sides: tuple[str, ...], written: str, sex: str | None
) -> tuple[str, ...]:
    known = (sex or "").strip().lower()
    if known in _WITH_ONE_X and len(sides) == _DIPLOID:
        if sides[0] == sides[1]:
            return sides[:1]
        raise InvalidInput(
            f"{facts.gene} diplotype",
            written,
            "one allele: a man has one X chromosome (two X, as in Klinefelter syndrome: leave the sex out)",
        )
    if known in _WITHOUT_Y and len(sides) == 1:
        raise InvalidInput(
            f"{facts.gene} diplotype", written, "two alleles for a woman, such as B (reference)/B (reference)"
        )
    return sides


def _by_functions(facts: GeneFacts, sides: tuple[str, ...], sex: str | None) -> GenePhenotype:
    alleles = [_side_name(facts, side) for side in sides]
    functions = [facts.functions.get(allele, UNCERTAIN[0]) for allele in alleles]
    phenotype = facts.phenotype_of_pair(functions[0], functions[-1])
    joined = sum_of(
        Said.of("gene-allele-function", allele=allele, function=function_said(function))
        for allele, function in zip(alleles, functions, strict=True)
    )
    remarks = []
    if phenotype == INDETERMINATE:
        remarks.append(_why_indeterminate(alleles, functions))
    if phenotype == "Variable":
        remarks.append(Said.of("gene-why-one-x-off"))
    if facts.copies == "x-linked" and len(sides) == 1:
        remarks.append(Said.of("gene-why-one-x") if sex else Said.of("gene-why-one-x-read"))
    pair = Said.of("gene-why-pair", alleles=joined, phenotype=phenotype_said(phenotype))
    why = with_remarks(pair, *remarks)
    return GenePhenotype(facts.gene, "/".join(alleles), tuple(functions), None, phenotype, why, facts.source)


def _why_indeterminate(alleles: list[str], functions: list[str]) -> Said:
    unknown = [
        allele
        for allele, function in zip(alleles, functions, strict=True)
        if function in UNCERTAIN or allele.startswith("[")
    ]
    what = names(unknown) if unknown else Said.of("gene-this-pair")
    return Said.of("gene-why-unknown-effect", alleles=what)


def _side_name(facts: GeneFacts, side: str) -> str:
    """One side of the diplotype: an allele, or an unnamed combination ``[*2 + *17]``."""
    if side.startswith("[") and side.endswith("]"):
        parts = [canonical_allele(facts, part) for part in side[1:-1].split(" + ")]
        return "[" + " + ".join(parts) + "]" if len(parts) > 1 else parts[0]
    return canonical_allele(facts, side)


def _by_score(facts: GeneFacts, sides: tuple[str, ...]) -> GenePhenotype:
    scored = [score_of_side(facts, side) for side in sides]
    total = total_of(scored)
    if total is None:
        text, phenotype = NOT_ASSIGNED, INDETERMINATE
        unknown = names(side.name for side in scored if side.score is None)
        why = Said.of("gene-why-no-value", alleles=unknown)
        if any(side.uncounted for side in scored):
            why = with_remarks(why, Said.of("gene-why-uncounted"))
    else:
        text, phenotype = str(total), facts.phenotype_of_score(total)
        reasons = sum_of(
            Said.of("gene-side", name=side.name, score=str(side.score), remark=side.remark) for side in scored
        )
        why = Said.of("gene-why-score", sides=reasons, score=text, phenotype=phenotype_said(phenotype))
    warnings = [
        Said.of("gene-warns-value", allele=side.name, remark=side.remark) for side in scored if side.computed
    ]
    return GenePhenotype(
        facts.gene,
        "/".join(side.name for side in scored),
        tuple(side.function for side in scored),
        text,
        phenotype,
        why,
        facts.source,
        (),
        tuple(warnings),
    )
