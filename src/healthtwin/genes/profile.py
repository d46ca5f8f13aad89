"""A person's genetic profile: gene results, current medicines, sex; as given in JSON or by a caller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from healthtwin.domain import Said
from healthtwin.domain.errors import InvalidInput
from healthtwin.genes.gene_phenotype import GenePhenotype
from healthtwin.genes.knowledge import Knowledge, starter
from healthtwin.genes.phenotype import assign_phenotype, phenotype_given, score_given
from healthtwin.genes.score import NOT_ASSIGNED
from healthtwin.genes.wording import phenotype_said

_ABOUT_THE_PERSON = {"medicines", "conditions", "sex", "age", "name", "id", "population", "populations"}
_NO_RESULT = {"no result", "not tested"}
_RESULT_FIELDS = {"diplotype", "phenotype", "activity_score"}


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of one person's genes.

    Args:
        genes: gene -> result. A gene that is absent was not tested, or could not be read.
        medicines: names as written; resolved when they are used.
        not_known: gene -> why there is no result, for genes that were looked at in vain.
        provisional: gene -> what was not seen, for results that rest on part of the positions.
        conditions: what the person has, for medicines that serve in one condition only.
    """

    genes: Mapping[str, GenePhenotype]
    medicines: tuple[str, ...] = ()
    sex: str | None = None
    not_known: Mapping[str, Said] = field(default_factory=dict)
    provisional: Mapping[str, Said] = field(default_factory=dict)
    conditions: tuple[str, ...] = ()


def profile_from(document: object, *, knowledge: Knowledge | None = None) -> Profile:
    """Reads the contract's JSON form.

    Args:
        document: ``{"CYP2C19": "*1/*2", "CYP2D6": {"activity_score": "1.0"}, "medicines": ["sertraline"]}``.

    Raises:
        InvalidInput, UnknownGene, UnknownAllele: naming the field.

    >>> profile = profile_from({"CYP2C19": "*2/*2", "medicines": ["citalopram"]})
    >>> profile.genes["CYP2C19"].phenotype
    'Poor Metabolizer'
    """
    if not isinstance(document, Mapping):
        raise InvalidInput("profile", type(document).__name__, 'an object such as {"CYP2C19": "*1/*2"}')
    tables = knowledge or starter()
    medicines = _names("medicines", document.get("medicines", ()), "sertraline")
    conditions = _names("conditions", document.get("conditions", ()), "cystic fibrosis")
    sex = document.get("sex")
    if sex is not None and (not isinstance(sex, str) or sex.lower() not in {"male", "female", "m", "f"}):
        raise InvalidInput("sex", sex, "male or female, or leave it out")
    genes = {}
    not_known = {}
    for symbol, result in document.items():
        if symbol in _ABOUT_THE_PERSON:
            continue
        gene = tables.gene(symbol).gene
        if _says_no_result(result):
            not_known[gene] = Said.of("gene-not-reported")
        else:
            genes[gene] = _result(gene, result, sex, tables)
    return Profile(genes, medicines, sex, not_known, {}, conditions)


def gene_result(
    gene: str,
    *,
    diplotype: str = "",
    phenotype: str = "",
    activity_score: str = "",
    sex: str | None = None,
    knowledge: Knowledge | None = None,
) -> GenePhenotype:
    """A result from whatever parts a laboratory gave; a score outranks a phenotype, which outranks stars.

    Contradictions do not stop the result, they are listed in its warnings.

    >>> from healthtwin.words import say
    >>> [say(each) for each in gene_result("CYP2D6", diplotype="*1/*4", activity_score="2.0").warnings]
    ['the reported activity score 2.0 is not that of *1/*4 (1.0); the report is followed']
    """
    tables = knowledge or starter()
    computed = assign_phenotype(gene, diplotype, sex=sex, knowledge=tables) if diplotype else None
    if activity_score:
        given = score_given(gene, activity_score, knowledge=tables)
    elif phenotype:
        given = _phenotype_or_score(gene, phenotype, tables)
    elif computed:
        return computed
    else:
        raise InvalidInput(gene, "nothing", "a diplotype, a phenotype or an activity score")
    return _reconciled(given, computed, phenotype if activity_score else "", tables)


def _phenotype_or_score(gene: str, text: str, tables: Knowledge) -> GenePhenotype:
    """Some reports print the activity score where the phenotype belongs."""
    try:
        return phenotype_given(gene, text, knowledge=tables)
    except InvalidInput:
        with suppress(InvalidInput):
            return score_given(gene, text, knowledge=tables)
        raise


def _reconciled(
    given: GenePhenotype, computed: GenePhenotype | None, also_phenotype: str, tables: Knowledge
) -> GenePhenotype:
    warnings = []
    if also_phenotype:
        stated = phenotype_given(given.gene, also_phenotype, knowledge=tables).phenotype
        if stated != given.phenotype:
            warnings.append(
                Said.of(
                    "gene-warns-score-phenotype",
                    phenotype=phenotype_said(stated),
                    score=given.activity_score or given.phenotype,
                )
            )
    score, results = given.activity_score, given.results
    if computed:
        if given.activity_score not in {None, computed.activity_score} and computed.activity_score:
            warnings.append(
                Said.of(
                    "gene-warns-score",
                    reported=given.activity_score,
                    diplotype=computed.diplotype,
                    computed=computed.activity_score,
                )
            )
        elif given.phenotype != computed.phenotype:
            warnings.append(
                Said.of(
                    "gene-warns-phenotype",
                    reported=phenotype_said(given.phenotype),
                    diplotype=computed.diplotype,
                    computed=phenotype_said(computed.phenotype),
                )
            )
        else:
            score = computed.activity_score
            results = results or computed.results
    return GenePhenotype(
        given.gene,
        computed.diplotype if computed else "",
        computed.functions if computed else (),
        score,
        given.phenotype,
        given.why,
        given.source,
        results,
        tuple(warnings),
    )


def _says_no_result(result: object) -> bool:
    """A gene that was asked for and not answered is the same as one not tested, unlike "Indeterminate"."""
    values = result.values() if isinstance(result, Mapping) else (result,)
    said = [value.strip().lower() for value in values if isinstance(value, str)]
    return bool(said) and all(value in _NO_RESULT for value in said)


def _from_text(gene: str, text: str, sex: str | None, tables: Knowledge) -> GenePhenotype:
    """A diplotype; or, where it is none, a phenotype or a score that stands in its place."""
    if text.strip().lower() == NOT_ASSIGNED:
        return phenotype_given(gene, "Indeterminate", knowledge=tables)
    try:
        return assign_phenotype(gene, text, sex=sex, knowledge=tables)
    except InvalidInput:
        for read in (phenotype_given, score_given):
            with suppress(InvalidInput):
                return read(gene, text, knowledge=tables)
        raise


def _result(symbol: str, result: object, sex: str | None, tables: Knowledge) -> GenePhenotype:
    gene = tables.gene(symbol).gene
    if isinstance(result, str):
        return _from_text(gene, result, sex, tables)
    if not isinstance(result, Mapping) or not _RESULT_FIELDS.intersection(result):
        allowed = 'a diplotype such as "*1/*2", or an object with diplotype, phenotype or activity_score'
        raise InvalidInput(symbol, result, allowed)
    parts = {}
    for name in _RESULT_FIELDS:
        value = result.get(name)
        if value is not None and value != "":
            if not isinstance(value, str | int | float) or isinstance(value, bool):
                raise InvalidInput(f"{symbol}.{name}", value, "text")
            parts[name] = str(value)
    return gene_result(gene, sex=sex, knowledge=tables, **parts)


def _names(what: str, value: object, example: str) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise InvalidInput(what, value, f'a list of names such as ["{example}"]')
    for index, name in enumerate(value):
        if not isinstance(name, str) or not name.strip():
            raise InvalidInput(what, name, "a name", index)
    return tuple(value)
