"""What a report says, before it takes a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

from healthtwin.domain import Said, quoted
from healthtwin.genes.errors import UnknownMedicine
from healthtwin.genes.gene_phenotype import GenePhenotype
from healthtwin.genes.guidance import (
    CAUTION,
    Guidance,
    Recommendation,
    genes_of_no_use,
    guidance_for,
    guidance_for_all,
)
from healthtwin.genes.guideline import NO_RESULT, is_genotype
from healthtwin.genes.knowledge import Knowledge, starter
from healthtwin.genes.person import GeneCall
from healthtwin.genes.phenoconversion import Conversion
from healthtwin.genes.profile import Profile
from healthtwin.genes.response import Response, response_of
from healthtwin.genes.wording import PROVISIONAL_MARK, phenotype_said
from healthtwin.words import say

_STRENGTHS = ("Strong", "FDA label", "DPWG action", "Moderate", "Optional")
_ACTIONABLE = frozenset({"avoid", "alternative", "reduce", "increase", "caution", "test"})
_ANSWERS = frozenset({"usual"})
_URGENCY = {"avoid": 0, "alternative": 1, "reduce": 2, "increase": 2, "test": 3, "caution": 4}


@dataclass(frozen=True, slots=True)
class Change:
    """One piece of advice that departs from usual, for one medicine or several.

    Args:
        because: the results it rests on, in words; "with paroxetine" where a medicine changed one.
        views: (medicine, organisation, action) of other organisations, which may see it otherwise.
    """

    medicines: tuple[str, ...]
    advice: Recommendation
    because: str
    psychiatric: bool
    views: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a report shows, most important first.

    Args:
        subject: whose report it is, as the caller names it (a sample name, never looked up).
        made: the date it was made on, given by the caller.
        calls: one per gene; empty where only a profile was given.
        current: guidance on current medicines, in the order given.
        guidance: guidance on every medicine with a row for this person.
        unknown_medicines: current medicines that no table knows.
        genes_of_no_use: genes that only matter in a condition which nothing says the person has.
    """

    subject: str
    made: str
    profile: Profile
    calls: tuple[GeneCall, ...]
    current: tuple[Guidance, ...]
    guidance: tuple[Guidance, ...]
    response: Response
    version: str
    synthetic: bool = False
    unknown_medicines: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
    genes_of_no_use: frozenset[str] = frozenset()

    @property
    def changes(self) -> tuple[Change, ...]:
        """Advice that departs from usual, gravest and strongest first, psychiatric medicines before others.

        Medicines with the same advice for the same reason stand together.
        """
        return _grouped(
            (
                item,
                _gravest(item.recommendations),
                tuple(change for change in item.conversions if change.changed),
            )
            for item in self.guidance
        )

    @property
    def unchanged(self) -> tuple[str, ...]:
        """Medicines that some source speaks of for these results, and none asks to change."""
        return tuple(
            f"{item.medicine.name} {PROVISIONAL_MARK}" if _rests_on_doubt(item) else item.medicine.name
            for item in self.guidance
            if _actions(item) & _ANSWERS and not _actions(item) & _ACTIONABLE
        )

    @property
    def unanswered(self) -> tuple[str, ...]:
        """Medicines of which these results tell nothing: that is not the same as no change."""
        return tuple(
            item.medicine.name for item in self.guidance if not _actions(item) & (_ANSWERS | _ACTIONABLE)
        )

    @property
    def caveats(self) -> tuple[tuple[tuple[str, ...], Said], ...]:
        """(genes, what was not seen of them or is not known), genes with the same reason together."""
        nothing_read = Said.of("gene-nothing-read")
        unread = {call.gene for call in self.calls if call.status == "no data"}
        told: dict[Said, list[str]] = {}
        for gene, why in sorted({**self.profile.provisional, **self.profile.not_known}.items()):
            told.setdefault(nothing_read if gene in unread else why, []).append(gene)
        return tuple((tuple(genes), why) for why, genes in told.items())

    @property
    def lasting_changes(self) -> tuple[Change, ...]:
        """The same by genes alone, whatever is taken today: what a card may say for years."""
        return _grouped((item, _gravest(item.by_genes_alone), ()) for item in self.guidance)

    def as_dict(self) -> dict[str, object]:
        """JSON form, laid out like PharmCAT's report: genes by source, drugs by source."""
        by_source: dict[str, dict[str, object]] = {}
        for item in self.guidance:
            for organisation in dict.fromkeys(r.guideline.organisation for r in item.recommendations):
                by_source.setdefault(organisation, {})[item.medicine.name] = _drug(item, organisation)
        return {
            "title": f"Pharmacogenomic report for {self.subject}",
            "timestamp": self.made,
            "dataVersion": self.version,
            "synthetic": self.synthetic,
            "genes": {"CPIC": {gene: _gene(gene, call, result) for gene, call, result in _genes(self)}},
            "drugs": by_source,
            "currentMedicines": [item.as_dict() for item in self.current],
            "unknownMedicines": list(self.unknown_medicines),
            "response": self.response.as_dict(),
            "notes": list(self.notes),
            "caution": say(CAUTION),
        }


def build_report(
    profile: Profile,
    *,
    subject: str,
    made: str,
    calls: tuple[GeneCall, ...] = (),
    synthetic: bool = False,
    notes: tuple[str, ...] = (),
    knowledge: Knowledge | None = None,
) -> Report:
    """Gathers a report.

    Args:
        made: date in words or ISO form; the room has no clock of its own.

    >>> from healthtwin.genes import profile_from
    >>> report = build_report(profile_from({"CYP2D6": "*4/*4"}), subject="example", made="2025-11-20")
    >>> report.changes[0].medicines, report.changes[0].because
    (('amitriptyline',), 'CYP2D6 Poor Metabolizer (score 0.0)')
    """
    tables = knowledge or starter()
    current = []
    unknown = []
    for name in profile.medicines:
        try:
            current.append(guidance_for(profile, name, knowledge=tables))
        except UnknownMedicine:
            unknown.append(name)
    guidance = guidance_for_all(profile, knowledge=tables)
    return Report(
        subject=subject,
        made=made,
        profile=profile,
        calls=calls,
        current=tuple(current),
        guidance=guidance,
        response=response_of(profile, knowledge=tables, guidance=guidance),
        version=tables.version,
        synthetic=synthetic,
        unknown_medicines=tuple(unknown),
        notes=notes,
        genes_of_no_use=genes_of_no_use(profile, knowledge=tables),
    )


def _actions(item: Guidance) -> frozenset[str]:
    return frozenset(advice.action for advice in item.recommendations)


def _rests_on_doubt(item: Guidance) -> bool:
    return any(advice.provisional for advice in item.recommendations)


def _gravest(recommendations: tuple[Recommendation, ...]) -> Recommendation | None:
    telling = [item for item in recommendations if item.action in _ACTIONABLE]
    return min(telling, key=lambda item: _URGENCY[item.action]) if telling else None


def _grouped(
    found: Iterable[tuple[Guidance, Recommendation | None, tuple[Conversion, ...]]],
) -> tuple[Change, ...]:
    groups: dict[tuple[object, ...], Change] = {}
    for item, advice, conversions in found:
        if advice is None:
            continue
        because = because_of(item, advice, conversions)
        said = (
            (advice.rule.say, advice.alternatives, advice.remarks, advice.rule.monitor)
            if advice.rule
            else item.medicine.name
        )
        key = (item.medicine.psychiatric, advice.action, advice.strength, advice.population, because, said)
        before = groups.get(key)
        views = _views(item, advice)
        groups[key] = Change(
            (*before.medicines, item.medicine.name) if before else (item.medicine.name,),
            before.advice if before else advice,
            because,
            item.medicine.psychiatric,
            (*before.views, *views) if before else views,
        )
    return tuple(sorted(groups.values(), key=_order))


def _views(item: Guidance, lead: Recommendation) -> tuple[tuple[str, str, str], ...]:
    """What other organisations make of the same medicine, where they see it otherwise."""
    others: dict[str, list[Recommendation]] = {}
    for row in item.recommendations:
        if row.guideline.organisation != lead.guideline.organisation:
            others.setdefault(row.guideline.organisation, []).append(row)
    found = []
    for organisation, rows in others.items():
        gravest = _gravest(tuple(rows)) or rows[0]
        if gravest.action != lead.action:
            found.append((item.medicine.name, organisation, gravest.action))
    return tuple(found)


def _order(change: Change) -> tuple[object, ...]:
    strength = change.advice.strength
    place = _STRENGTHS.index(strength) if strength in _STRENGTHS else len(_STRENGTHS)
    return not change.psychiatric, _URGENCY[change.advice.action], place, change.medicines


def because_of(item: Guidance, advice: Recommendation, conversions: Iterable[Conversion]) -> str:
    """The results an advice rests on: ``"CYP2D6 Poor Metabolizer (score 0.0, with paroxetine)"``."""
    changed = {change.gene: change for change in conversions}
    parts = []
    for gene, key in advice.lookup.items():
        result = item.genes.get(gene)
        if key == NO_RESULT or result is None:
            continue
        if result.results:
            parts.append(say(Said.of("gene-result", gene=gene, result=phenotype_said(key))))
            continue
        change = changed.get(gene)
        remarks = []
        if is_genotype(key):
            remarks.append(quoted(key))
        elif result.activity_score is not None:
            remarks.append(Said.of("gene-because-score", score=key))
        if change:
            remarks.append(Said.of("gene-because-with", medicines=_both(change)))
        phenotype = phenotype_said(change.working.phenotype if change else result.phenotype)
        told = Said.of("gene-result", gene=gene, result=phenotype)
        parts.append(say(Said.of("gene-because", result=told, remarks=tuple(remarks)) if remarks else told))
    return ", ".join(parts)


def _both(change: Conversion) -> Said:
    names = [quoted(each) for each in dict.fromkeys(m.medicine for m in change.modulators)]
    said = names.pop()
    while names:
        said = Said.of("gene-results", first=names.pop(), others=said)
    return said


def _genes(report: Report) -> list[tuple[str, GeneCall | None, GenePhenotype | None]]:
    called = {call.gene: call for call in report.calls}
    names = sorted({*called, *report.profile.genes})
    return [(gene, called.get(gene), report.profile.genes.get(gene)) for gene in names]


def _gene(gene: str, call: GeneCall | None, result: GenePhenotype | None) -> Mapping[str, object]:
    return {
        "geneSymbol": gene,
        "callSource": {"outside": "OUTSIDE"}.get(call.status, "MATCHER") if call else "OUTSIDE",
        "status": call.status if call else "outside",
        "phased": call.phased if call else False,
        "sourceDiplotypes": [_diplotype(result)] if result else [],
        "alternatives": call.as_dict()["alternatives"] if call else [],
        "couldAlsoBe": list(call.could_be) if call else [],
        "provisional": bool(call and call.provisional),
        "variants": list(call.variants) if call else [],
        "missingPositions": list(call.missing) if call else [],
        "messages": [say(each) for each in (*call.warnings, call.why) if each] if call else [],
    }


def _diplotype(result: GenePhenotype) -> Mapping[str, object]:
    names = result.diplotype.split("/") if result.diplotype else []
    alleles = [
        {"name": name, "function": result.functions[i] if i < len(result.functions) else None}
        for i, name in enumerate(names)
    ]
    return {
        "gene": result.gene,
        "label": result.diplotype or result.phenotype,
        "allele1": alleles[0] if alleles else None,
        "allele2": alleles[1] if len(alleles) > 1 else None,
        "phenotypes": [result.phenotype],
        "activityScore": result.activity_score,
        "lookupKey": list(result.lookup_keys),
        "why": result.reason,
        "said": asdict(result.why),
        "source": result.source.as_dict(),
    }


def _drug(item: Guidance, organisation: str) -> Mapping[str, object]:
    mine = [r for r in item.recommendations if r.guideline.organisation == organisation]
    return {
        "name": item.medicine.name,
        "guidelines": [
            {
                "name": r.guideline.source.guideline,
                "version": r.guideline.source.version,
                "url": r.guideline.source.url or None,
                "annotations": [
                    {
                        "implications": [f"{gene}: {words}" for gene, words in r.implications.items()],
                        "drugRecommendation": r.text,
                        "classification": r.strength,
                        "population": r.population,
                        "lookupKey": dict(r.lookup),
                        "provisional": r.provisional,
                        "remarks": [say(each) for each in r.remarks],
                        "alternatives": list(r.alternatives),
                        "dosingInformation": "dosing" in r.gives,
                        "alternateDrugAvailable": "alternative" in r.gives,
                        "otherPrescribingGuidance": "other" in r.gives,
                        "official": r.as_dict(item.attribution)["official"],
                    }
                ],
            }
            for r in mine
        ],
    }
