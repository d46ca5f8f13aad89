"""A person's genetic profile: gene results, current medicines, sex; as given in JSON or by a caller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from healthtwin.domain.errors import InvalidInput
from healthtwin.genes.knowledge import Knowledge, starter
from healthtwin.genes.phenotype import GenePhenotype, assign_phenotype, phenotype_given, score_given
from healthtwin.genes.score import NOT_ASSIGNED

_ABOUT_THE_PERSON = {"medicines", "sex", "age", "name", "id", "population", "populations"}
_RESULT_FIELDS = {"diplotype", "phenotype", "activity_score"}


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of one person's genes.

    Args:
        genes: gene -> result. A gene that is absent was not tested, or could not be read.
        medicines: names as written; resolved when they are used.
        not_known: gene -> why there is no result, for genes that were looked at in vain.
        provisional: gene -> what was not seen, for results that rest on part of the positions.
    """

    genes: Mapping[str, GenePhenotype]
    medicines: tuple[str, ...] = ()
    sex: str | None = None
    not_known: Mapping[str, str] = field(default_factory=dict)
    provisional: Mapping[str, str] = field(default_factory=dict)


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
    medicines = _names(document.get("medicines", ()))
    sex = document.get("sex")
    if sex is not None and (not isinstance(sex, str) or sex.lower() not in {"male", "female", "m", "f"}):
        raise InvalidInput("sex", sex, "male or female, or leave it out")
    genes = {}
    for symbol, result in document.items():
        if symbol in _ABOUT_THE_PERSON:
            continue
        read = _result(symbol, result, sex, tables)
        genes[read.gene] = read
    return Profile(genes, medicines, sex)


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

    >>> gene_result("CYP2D6", diplotype="*1/*4", activity_score="2.0").warnings
    ('the reported activity score 2.0 is not that of *1/*4 (1.0); the report is followed',)
    """
    tables = knowledge or starter()
    computed = assign_phenotype(gene, diplotype, sex=sex, knowledge=tables) if diplotype else None
    if activity_score:
        given = score_given(gene, activity_score, knowledge=tables)
    elif phenotype:
        given = phenotype_given(gene, phenotype, knowledge=tables)
    elif computed:
        return computed
    else:
        raise InvalidInput(gene, "nothing", "a diplotype, a phenotype or an activity score")
    return _reconciled(given, computed, phenotype if activity_score else "", tables)


def _reconciled(
    given: GenePhenotype, computed: GenePhenotype | None, also_phenotype: str, tables: Knowledge
) -> GenePhenotype:
    warnings = []
    if also_phenotype:
        stated = phenotype_given(given.gene, also_phenotype, knowledge=tables).phenotype
        if stated != given.phenotype:
            warnings.append(f"the reported phenotype {stated} is not that of score {given.activity_score}")
    score, results = given.activity_score, given.results
    if computed:
        if given.activity_score not in {None, computed.activity_score} and computed.activity_score:
            warnings.append(
                f"the reported activity score {given.activity_score} is not that of {computed.diplotype} "
                f"({computed.activity_score}); the report is followed"
            )
        elif given.phenotype != computed.phenotype:
            warnings.append(
                f"the reported phenotype {given.phenotype} is not that of {computed.diplotype} "
                f"({computed.phenotype}); the report is followed"
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


def _result(symbol: str, result: object, sex: str | None, tables: Knowledge) -> GenePhenotype:
    gene = tables.gene(symbol).gene
    if isinstance(result, str):
        if result.strip().lower() == NOT_ASSIGNED:
            return phenotype_given(gene, "Indeterminate", knowledge=tables)
        return assign_phenotype(gene, result, sex=sex, knowledge=tables)
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


def _names(value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise InvalidInput("medicines", value, 'a list of names such as ["sertraline"]')
    for index, name in enumerate(value):
        if not isinstance(name, str) or not name.strip():
            raise InvalidInput("medicines", name, "a name", index)
    return tuple(value)
