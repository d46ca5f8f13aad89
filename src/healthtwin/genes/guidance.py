"""What a person's genes say about one medicine, and what they do not say.

No score over medicines is ever formed: each recommendation stands with its strength, its reason and its
source, and where nobody can know, that is the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from healthtwin.domain import Said, quoted
from healthtwin.domain.errors import InvalidInput
from healthtwin.genes.allele_names import copies_of
from healthtwin.genes.alternatives import without_those
from healthtwin.genes.gene_phenotype import GenePhenotype
from healthtwin.genes.guideline import NO_RESULT, Guideline, Rule, is_genotype
from healthtwin.genes.knowledge import Knowledge, starter
from healthtwin.genes.medicine_names import Medicine, find_medicine, names_among
from healthtwin.genes.phenoconversion import Conversion, Modulator, convert, modulators_among
from healthtwin.genes.phenotype import assign_phenotype
from healthtwin.genes.populations import matching_populations
from healthtwin.genes.profile import Profile
from healthtwin.genes.risk import SideEffectRisk, risks_for
from healthtwin.genes.score import NOT_ASSIGNED, ActivityScore
from healthtwin.genes.wording import INDETERMINATE
from healthtwin.words import say

if TYPE_CHECKING:
    from healthtwin.genes.release import OfficialText

CAUTION = Said.of("gene-caution")
_AGAINST = frozenset({"avoid", "alternative"})


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One piece of advice for one population.

    Args:
        rule: our row, ``None`` where only an imported text exists.
        lookup: gene -> the result the row was found by.
        implications: gene -> what that result means for this medicine.
        official: imported texts for exactly this result.
        certain: false where the given results leave several rows open.
        alternatives: other medicines, without those that the same results speak against too.
        not_instead: named by the source, and left out of `alternatives` for that reason.
        remarks: what must be read together with the advice: what it rests on was not seen in full, say.
        provisional_genes: those of its genes of which part was not seen; their remarks come first.
    """

    guideline: Guideline
    population: str
    rule: Rule | None
    lookup: Mapping[str, str]
    implications: Mapping[str, str]
    official: tuple[OfficialText, ...]
    certain: bool
    alternatives: tuple[str, ...] = ()
    not_instead: tuple[str, ...] = ()
    remarks: tuple[Said, ...] = ()
    provisional_genes: tuple[str, ...] = ()

    @property
    def provisional(self) -> bool:
        """Whether part of what it rests on was not seen."""
        return bool(self.provisional_genes)

    @property
    def strength(self) -> str:
        """The source's own word."""
        return self.rule.strength if self.rule else (self.official[0].strength if self.official else "")

    @property
    def action(self) -> str:
        """usual, caution, reduce, increase, alternative, avoid, test or none; "read" for imports only."""
        return self.rule.action if self.rule else "read"

    @property
    def text(self) -> str:
        """What to do: our words, or the imported text where we have none."""
        return self.rule.say if self.rule else (self.official[0].text if self.official else "")

    @property
    def gives(self) -> tuple[str, ...]:
        """Kinds of advice the source marks it as: dosing, alternative, other."""
        return self.rule.gives if self.rule else (self.official[0].gives if self.official else ())

    def as_dict(self, attribution: str = "") -> dict[str, object]:
        """The contract's JSON form."""
        rule = self.rule
        factor = list(rule.dose_factor) if rule else []
        return {
            "organisation": self.guideline.organisation,
            "population": self.population,
            "strength": self.strength,
            "action": self.action,
            "recommendation": self.text,
            "implications": dict(self.implications),
            "dose_factor": factor[0] if len(factor) == 1 else (factor or None),
            "dose_of": rule.dose_of if rule and rule.dose_factor else None,
            "dose_limit": (rule.dose_limit or None) if rule else None,
            "alternatives": list(self.alternatives),
            "not_instead": list(self.not_instead),
            "remarks": [say(each) for each in self.remarks],
            "provisional": self.provisional,
            "monitoring": list(rule.monitor) if rule else [],
            "gives": list(self.gives),
            "lookup": dict(self.lookup),
            "certain": self.certain,
            "source": self.guideline.source.as_dict(),
            "official": [
                {
                    "strength": text.strength,
                    "text": text.text,
                    "implications": list(text.implications),
                    "id": text.id,
                    "attribution": attribution,
                }
                for text in self.official
            ],
        }


@dataclass(frozen=True, slots=True)
class Guidance:
    """Everything the genes say about a medicine.

    Args:
        conversions: genes whose working phenotype the current medicines change.
        by_genes: recommendations by genes alone, where they differ from `recommendations`.
        not_known: what was asked for and cannot be answered.
    """

    medicine: Medicine
    genes: Mapping[str, GenePhenotype]
    recommendations: tuple[Recommendation, ...]
    by_genes: tuple[Recommendation, ...]
    conversions: tuple[Conversion, ...]
    risks: tuple[SideEffectRisk, ...]
    not_known: tuple[Said, ...]
    notes: tuple[Said, ...] = field(default=())
    version: str = ""
    attribution: str = ""

    @property
    def by_genes_alone(self) -> tuple[Recommendation, ...]:
        """What would hold without today's medicines."""
        return self.by_genes if any(item.changed for item in self.conversions) else self.recommendations

    def as_dict(self) -> dict[str, object]:
        """The contract's JSON form."""
        return {
            "drug": self.medicine.name,
            "class": self.medicine.group,
            "coverage": self.medicine.coverage,
            "genes": {gene: result.as_dict() for gene, result in self.genes.items()},
            "recommendations": [item.as_dict(self.attribution) for item in self.recommendations],
            "by_genes_alone": [item.as_dict(self.attribution) for item in self.by_genes],
            "phenoconversion": [item.as_dict() for item in self.conversions],
            "side_effect_risks": [item.as_dict() for item in self.risks],
            "not_known": [say(each) for each in self.not_known],
            "notes": [say(each) for each in self.notes],
            "knowledge": self.version,
            "caution": say(CAUTION),
        }


def guidance_for(
    profile: Profile, drug: str, *, population: str | None = None, knowledge: Knowledge | None = None
) -> Guidance:
    """Guidance on one medicine for one person.

    Args:
        drug: a name as written; brands and doses are understood.
        population: only for these people (``"adults"``, ``"naive"``, ``"CVI ACS PCI"``); all where left out.

    Raises:
        UnknownMedicine, InvalidInput: an unknown name; a population the guideline does not have.

    >>> from healthtwin.genes import profile_from
    >>> result = guidance_for(profile_from({"CYP2C19": "*2/*2"}), "citalopram")
    >>> [(r.guideline.organisation, r.strength, r.rule.dose_factor) for r in result.recommendations if r.rule]
    [('CPIC', 'Strong', (0.5,)), ('DPWG', 'DPWG action', ()), ('FDA', 'FDA label', ())]
    """
    tables = knowledge or starter()
    return _guidance(_Person(profile, tables), find_medicine(drug, tables), population)


def guidance_for_all(profile: Profile, *, knowledge: Knowledge | None = None) -> tuple[Guidance, ...]:
    """Guidance on every medicine that asks for a gene with a result, psychiatric medicines first.

    >>> from healthtwin.genes import profile_from
    >>> guidance_for_all(profile_from({"HLA-B": {"phenotype": "*57:01 positive"}}))[0].medicine.name
    'abacavir'
    """
    tables = knowledge or starter()
    person = _Person(profile, tables)
    found = []
    for name in tables.guided_medicines:
        if person.lacks_the_condition_for(name):
            continue
        if any(gene in profile.genes for entry in tables.guidelines_for(name) for gene in entry.genes):
            item = _guidance(person, find_medicine(name, tables), None)
            if item.recommendations:
                found.append(item)
    return tuple(sorted(found, key=lambda item: (not item.medicine.psychiatric, item.medicine.name)))


def genes_of_no_use(profile: Profile, *, knowledge: Knowledge | None = None) -> frozenset[str]:
    """Genes that only matter in a condition which nothing says the person has.

    >>> from healthtwin.genes import profile_from
    >>> sorted(genes_of_no_use(profile_from({"CFTR": "G551D/G551D", "CYP2D6": "*1/*1"})))
    ['CFTR']
    """
    tables = knowledge or starter()
    person = _Person(profile, tables)
    used: set[str] = set()
    idle: set[str] = set()
    for name in tables.guided_medicines:
        genes = {gene for guideline in tables.guidelines_for(name) for gene in guideline.genes}
        (idle if person.lacks_the_condition_for(name) else used).update(genes)
    return frozenset(idle - used)


class _Person:
    """A profile with what its medicines do to its enzymes, worked out once for all questions."""

    def __init__(self, profile: Profile, tables: Knowledge) -> None:
        self.profile = profile
        self.tables = tables
        self.modulators = modulators_among(profile.medicines, tables)
        self.conversions = self._converted(self.modulators)
        self._against: dict[str, bool] = {}

    def conversions_but(self, medicine: str) -> Mapping[str, Conversion]:
        """Conversions without a medicine's own effect, which is already part of its guideline."""
        others = tuple(item for item in self.modulators if item.medicine != medicine)
        return self.conversions if len(others) == len(self.modulators) else self._converted(others)

    def speaks_against(self, name: str) -> bool:
        """Whether these genes say of a medicine to avoid it, or to prefer another."""
        if name not in self._against:
            working = {gene: item.working for gene, item in self.conversions_but(name).items()}
            rows = _recommendations(self.tables.guidelines_for(name), working, None, self.tables)
            self._against[name] = any(row.action in _AGAINST for row in rows)
        return self._against[name]

    def lacks_the_condition_for(self, name: str) -> bool:
        """Whether a medicine serves in one condition only, and nothing says that the person has it."""
        guidelines = self.tables.guidelines_for(name)
        if not guidelines or not all(guideline.condition for guideline in guidelines):
            return False
        stated = {each.casefold().strip() for each in self.profile.conditions}
        if any(term.casefold() in stated for guideline in guidelines for term in guideline.condition):
            return False
        return name not in names_among(self.profile.medicines, self.tables)

    def _converted(self, modulators: tuple[Modulator, ...]) -> dict[str, Conversion]:
        return {gene: convert(result, modulators, self.tables) for gene, result in self.profile.genes.items()}


def _guidance(person: _Person, medicine: Medicine, population: str | None) -> Guidance:
    profile, tables = person.profile, person.tables
    guidelines = tables.guidelines_for(medicine.name)
    wanted = {gene for guideline in guidelines for gene in guideline.genes}
    wanted.update(tables.table("medicines")["algorithm_only"].get(medicine.name, {}).get("genes", ()))
    mine = {gene: result for gene, result in profile.genes.items() if gene in wanted}
    every = person.conversions_but(medicine.name)
    conversions = {gene: every[gene] for gene in mine}
    working = {gene: item.working for gene, item in conversions.items()}
    recommendations = _recommendations(guidelines, working, population, tables)
    by_genes: tuple[Recommendation, ...] = ()
    if any(item.changed for item in conversions.values()):
        by_genes = _recommendations(guidelines, mine, population, tables)
    if population is not None and guidelines:
        _require_population(guidelines, population)
    return Guidance(
        medicine=medicine,
        genes=mine,
        recommendations=tuple(_completed(item, person) for item in recommendations),
        by_genes=tuple(_completed(item, person) for item in by_genes),
        conversions=tuple(item for item in conversions.values() if item.modulators),
        risks=risks_for(medicine.name, working, tables),
        not_known=tuple(_not_known(medicine, guidelines, profile, recommendations)),
        notes=tuple(_notes(guidelines, profile, wanted, conversions.values(), tables)),
        version=tables.version,
        attribution=tables.release.attribution if tables.release else "",
    )


def _recommendations(
    guidelines: tuple[Guideline, ...],
    results: Mapping[str, GenePhenotype],
    population: str | None,
    tables: Knowledge,
) -> tuple[Recommendation, ...]:
    found: list[Recommendation] = []
    for guideline in guidelines:
        if not any(gene in results for gene in guideline.genes):
            continue
        found.extend(_from_guideline(guideline, results, population, tables))
    return tuple(found)


def _completed(item: Recommendation, person: _Person) -> Recommendation:
    """The advice with what must be read together with it."""
    profile = person.profile
    provisional = tuple(
        gene
        for gene in item.guideline.genes
        if gene in profile.provisional and item.lookup.get(gene) != NO_RESULT
    )
    remarks = [Said.of("gene-not-known", gene=gene, why=profile.provisional[gene]) for gene in provisional]
    remarks.extend(
        Said.of("gene-copies-uncounted", gene=gene)
        for gene in item.guideline.genes
        if gene in profile.genes and _is_uncounted(profile.genes[gene])
    )
    kept: list[str] = []
    dropped: list[str] = []
    for alternative in item.rule.alternatives if item.rule else ():
        left, against = without_those(alternative, person.speaks_against, person.tables)
        kept.extend(filter(None, [left]))
        dropped.extend(against)
    if dropped:
        remarks.append(Said.of("gene-not-instead", medicines=", ".join(dropped)))
    return replace(
        item,
        alternatives=tuple(kept),
        not_instead=tuple(dropped),
        remarks=tuple(remarks),
        provisional_genes=provisional,
    )


def _from_guideline(
    guideline: Guideline, results: Mapping[str, GenePhenotype], population: str | None, tables: Knowledge
) -> list[Recommendation]:
    lookup = {gene: _primary_key(guideline, gene, results) for gene in guideline.genes}
    keys = {
        gene: _keys(guideline, results[gene], lookup[gene], tables)
        for gene in guideline.genes
        if gene in results
    }
    rows = guideline.rows_for(keys)
    official = guideline.official_for(lookup)
    guessed = False
    if not rows and not official:
        # What was not given (two alleles, where the guideline asks for them) can only be guessed at.
        guessed = any(guideline.by_genotype(gene) for gene in keys)
        keys = {
            gene: _widened(guideline, results[gene], found, tables) if gene in results else found
            for gene, found in keys.items()
        }
        rows = guideline.rows_for(keys)
    allowed = matching_populations(guideline.populations, population)
    rows = tuple(rule for rule in rows if rule.population in allowed)
    texts = [text for text in official if not text.population or text.population in allowed]
    by_population: dict[str, list[Rule]] = {}
    for rule in rows:
        by_population.setdefault(rule.population, []).append(rule)
    implications = {
        gene: words for gene in keys if (words := guideline.meaning(gene, keys[gene] | {lookup[gene]}))
    }
    found = []
    for name, rules in by_population.items():
        one = len({(rule.action, rule.say, rule.strength) for rule in rules}) == 1
        for rule in rules[:1] if one else rules:
            matched = tuple(text for text in texts if text.population == name)
            certain = one and not guessed
            found.append(Recommendation(guideline, name, rule, lookup, implications, matched, certain))
    found.extend(
        Recommendation(guideline, text.population, None, lookup, implications, (text,), True)
        for text in texts
        if text.population not in by_population
    )
    return found


def _primary_key(guideline: Guideline, gene: str, results: Mapping[str, GenePhenotype]) -> str:
    """The one key that stands for the gene in a guideline's table."""
    result = results.get(gene)
    if result is None:
        return NO_RESULT
    if result.results:
        asked = {key for rule in guideline.rules for key in rule.when.get(gene, ())}
        asked.update(key for keys in guideline.official for name, key in keys if name == gene)
        return next((key for key in result.results if key in asked), NO_RESULT)
    if guideline.by_genotype(gene) and _has_genotype(result):
        return result.diplotype
    return result.activity_score or result.phenotype


def _has_genotype(result: GenePhenotype) -> bool:
    """Whether the two alleles are known: a diplotype without its score is one of several that fit equally."""
    return bool(result.diplotype) and result.phenotype != INDETERMINATE and result.activity_score is not None


def _is_uncounted(result: GenePhenotype) -> bool:
    """``xN``: copies that nobody counted, so that no score can be formed."""
    if result.activity_score != NOT_ASSIGNED:
        return False
    return any((copies_of(part) or ("", 1, False))[1] == 0 for part in result.diplotype.split("/"))


def _keys(guideline: Guideline, result: GenePhenotype, primary: str, tables: Knowledge) -> frozenset[str]:
    if result.results:
        return frozenset({primary})
    if is_genotype(primary):
        return frozenset({primary, "/".join(reversed(primary.split("/")))})
    keys = {primary, result.phenotype}
    if result.activity_score not in {None, NOT_ASSIGNED}:
        score = ActivityScore.parse(result.activity_score or "")
        facts = tables.gene(result.gene)
        if guideline.organisation in facts.bands_elsewhere:
            # It draws the lines elsewhere: its own word for the score takes the place of CPIC's.
            keys = {primary, facts.phenotype_of_score(score, guideline.organisation)}
            if score.at_least:
                keys.add(result.phenotype)
    if result.activity_score is not None:
        keys.add(result.activity_score)
    return frozenset(keys)


def _widened(
    guideline: Guideline, result: GenePhenotype, keys: frozenset[str], tables: Knowledge
) -> frozenset[str]:
    """Every key that the person's phenotype leaves open, where the score or the genotype is not known.

    A score that is known but stands in no row (0.375) lies between two that do; those are taken.
    """
    if result.phenotype == INDETERMINATE or result.results:
        return keys
    facts = tables.gene(result.gene)
    listed = {key for rule in guideline.rules for key in rule.when.get(result.gene, ())}
    if guideline.by_genotype(result.gene):
        return keys if _has_genotype(result) else keys | _genotypes_of(result, listed, tables)
    if facts.method != "activity score":
        return keys
    scores = {}
    for key in listed:
        try:
            score = ActivityScore.parse(key)
        except InvalidInput:
            continue
        if facts.phenotype_of_score(score, guideline.organisation) == result.phenotype:
            scores[score.value] = key
    if result.activity_score in {None, NOT_ASSIGNED}:
        return keys | frozenset(scores.values())
    mine = ActivityScore.parse(result.activity_score or "").value
    below = max((value for value in scores if value < mine), default=None)
    above = min((value for value in scores if value > mine), default=None)
    if below is None or above is None:
        return keys
    return keys | {scores[below], scores[above]}


def _genotypes_of(result: GenePhenotype, listed: set[str], tables: Knowledge) -> frozenset[str]:
    """The listed genotypes that have the person's phenotype, and the score where one is known."""
    found = set()
    for key in filter(is_genotype, listed):
        other = assign_phenotype(result.gene, key, knowledge=tables)
        if other.phenotype == result.phenotype and result.activity_score in {None, other.activity_score}:
            found.add(key)
    return frozenset(found)


def _require_population(guidelines: tuple[Guideline, ...], population: str) -> None:
    offered = tuple(dict.fromkeys(name for guideline in guidelines for name in guideline.populations))
    if not matching_populations(offered, population):
        raise InvalidInput("population", population, "one of " + "; ".join(offered))


def _not_known(
    medicine: Medicine,
    guidelines: tuple[Guideline, ...],
    profile: Profile,
    recommendations: tuple[Recommendation, ...],
) -> list[Said]:
    name, told = medicine.name, []
    if medicine.coverage == "nothing known":
        told.append(Said.of("gene-no-guidance", medicine=name, why=medicine.why))
    elif medicine.coverage == "algorithm only":
        told.append(Said.of("gene-no-dose", medicine=name, why=medicine.why))
    elif medicine.coverage == "modulator":
        told.append(Said.of("gene-only-modulator", medicine=name))
    for gene in dict.fromkeys(gene for guideline in guidelines for gene in guideline.genes):
        if gene in profile.not_known:
            told.append(Said.of("gene-not-known", gene=gene, why=profile.not_known[gene]))
        elif gene not in profile.genes:
            told.append(Said.of("gene-not-tested", gene=gene, medicine=name))
        elif profile.genes[gene].results and not _typed_for(gene, profile.genes[gene], guidelines):
            told.append(Said.of("gene-not-typed", gene=gene, medicine=name))
        elif profile.genes[gene].phenotype == INDETERMINATE:
            told.append(Said.of("gene-indeterminate", gene=gene, why=profile.genes[gene].why))
    if (
        guidelines
        and not recommendations
        and any(gene in profile.genes for g in guidelines for gene in g.genes)
    ):
        told.append(Said.of("gene-no-row", medicine=name))
    by_genotype = {
        any(item.guideline.by_genotype(gene) for gene in item.lookup)
        for item in recommendations
        if not item.certain
    }
    told.extend(Said.of("gene-several-genotypes" if each else "gene-several-rows") for each in by_genotype)
    return told


def _typed_for(gene: str, result: GenePhenotype, guidelines: tuple[Guideline, ...]) -> bool:
    keys = [_primary_key(entry, gene, {gene: result}) for entry in guidelines if gene in entry.genes]
    return any(key != NO_RESULT for key in keys)


def _notes(
    guidelines: tuple[Guideline, ...],
    profile: Profile,
    wanted: set[str],
    conversions: Iterable[Conversion],
    tables: Knowledge,
) -> list[Said]:
    notes = [quoted(note) for guideline in guidelines for note in guideline.notes]
    notes.extend(
        Said.of("gene-not-known", gene=gene, why=why)
        for gene, why in profile.provisional.items()
        if gene in wanted
    )
    if any(item.modulators for item in conversions):
        notes.append(quoted(tables.table("modulators")["rule"]))
    return list(dict.fromkeys(notes))
