"""A person's genes from a VCF and from outside calls: what is known, what is not, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from healthtwin.domain.errors import InvalidInput
from healthtwin.genes.calling import Fit, Match, match
from healthtwin.genes.definition import Definition
from healthtwin.genes.dpyd import call_variants
from healthtwin.genes.errors import VariantFileError
from healthtwin.genes.knowledge import Knowledge, starter
from healthtwin.genes.observation import Observation, Seen, observe, regions_of
from healthtwin.genes.phenotype import INDETERMINATE, GenePhenotype, assign_phenotype
from healthtwin.genes.profile import Profile
from healthtwin.genes.variant_file import Genotypes, read_variant_file

Status = Literal["called", "ambiguous", "incomplete", "not called", "no data", "refused", "outside"]

# Why a bare VCF cannot tell, for the genes where no definition would help.
REFUSALS = {
    "CYP2D6": (
        "a VCF of small variants shows neither the number of CYP2D6 copies nor hybrids with CYP2D7, and both "
        "change the result; use a caller that reads the alignments (Stargazer, Cyrius, StellarPGx, Aldy) or "
        "a laboratory report, and give it as an outside call"
    ),
    "HLA-A": "HLA types cannot be read from a VCF of small variants; give a typed result as an outside call",
    "HLA-B": "HLA types cannot be read from a VCF of small variants; give a typed result as an outside call",
    "RYR1": "hundreds of RYR1 variants of unknown effect exist; give a classified result as an outside call",
}
_SHOWN_ALTERNATIVES = 25  # a report lists no more; the rest is counted
_SLCO1B1_POSITION = 21178615  # rs4149056, c.521T>C, which CPIC lets stand alone (PMID 35152405)
_SLCO1B1_WORDS = ("Normal Function", "Decreased Function", "Poor Function")


@dataclass(frozen=True, slots=True)
class GeneCall:
    """What one gene came to.

    Args:
        status: called; ambiguous (several equal fits); incomplete (positions that matter were not seen);
            not called (no two named alleles explain it); no data; refused; outside.
        phenotype: ``None`` where nothing may be said.
        alternatives: other diplotypes that fit, with their phenotypes, best first.
        could_be: phenotypes other than the stated one that unseen positions or phase leave open.
    """

    gene: str
    status: Status
    phenotype: GenePhenotype | None
    alternatives: tuple[tuple[str, str], ...] = ()
    could_be: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    phased: bool = False
    why: str = ""
    warnings: tuple[str, ...] = field(default=())

    def as_dict(self) -> dict[str, object]:
        """Plain form for reports."""
        return {
            "gene": self.gene,
            "status": self.status,
            "diplotype": self.phenotype.diplotype if self.phenotype else None,
            "phenotype": self.phenotype.phenotype if self.phenotype else None,
            "activity_score": self.phenotype.activity_score if self.phenotype else None,
            "why": self.why or (self.phenotype.why if self.phenotype else ""),
            "alternatives": [
                {"diplotype": name, "phenotype": word}
                for name, word in self.alternatives[:_SHOWN_ALTERNATIVES]
            ],
            "alternatives_in_all": len(self.alternatives),
            "could_also_be": list(self.could_be),
            "missing_positions": list(self.missing),
            "variants": list(self.variants),
            "phased": self.phased,
            "warnings": list(self.warnings),
        }


def read_person(
    path: Path,
    *,
    sample: str | None = None,
    sex: str | None = None,
    missing_is_reference: bool = False,
    bare_names: bool = False,
    knowledge: Knowledge | None = None,
) -> tuple[GeneCall, ...]:
    """Calls every gene from a VCF.

    Args:
        missing_is_reference: the person says that positions the file leaves out were read and unchanged.

    Raises:
        VariantFileError: whatever is wrong with the file, with line and column.
    """
    tables = knowledge or starter()
    regions: dict[str, list[tuple[int, int]]] = {}
    for gene in tables.called_genes:
        definition = tables.definition(gene)
        if definition is not None:
            regions.setdefault(definition.chromosome, []).extend(regions_of(definition))
    genotypes = read_variant_file(path, regions, sample=sample, bare_names=bare_names)
    try:
        return call_genes(genotypes, sex=sex, missing_is_reference=missing_is_reference, knowledge=tables)
    except VariantFileError as error:
        raise VariantFileError(f"{path.name}, {error.field}", error.value, error.allowed) from error


def call_genes(
    genotypes: Genotypes,
    *,
    sex: str | None = None,
    missing_is_reference: bool = False,
    knowledge: Knowledge | None = None,
) -> tuple[GeneCall, ...]:
    """Calls every gene from genotypes already read, in gene order."""
    tables = knowledge or starter()
    calls = []
    for gene in tables.genes:
        definition = tables.definition(gene)
        if gene in REFUSALS or definition is None:
            calls.append(GeneCall(gene, "refused", None, why=REFUSALS.get(gene, "no allele definitions")))
            continue
        calls.append(_call(definition, genotypes, sex, missing_is_reference, tables))
    return tuple(calls)


def with_outside_calls(
    calls: tuple[GeneCall, ...], outside: Mapping[str, GenePhenotype]
) -> tuple[GeneCall, ...]:
    """The same calls, with outside results in place of ours."""
    kept = {call.gene: call for call in calls}
    for gene, result in outside.items():
        before = kept.get(gene)
        warnings = result.warnings
        if before and before.phenotype and before.phenotype.diplotype != result.diplotype:
            warnings = (
                *warnings,
                f"the VCF shows {before.phenotype.diplotype}; the outside call is followed",
            )
        kept[gene] = GeneCall(gene, "outside", result, warnings=warnings)
    return tuple(kept[gene] for gene in sorted(kept))


def profile_of(
    calls: tuple[GeneCall, ...], *, medicines: tuple[str, ...] = (), sex: str | None = None
) -> Profile:
    """The profile that guidance works with."""
    genes = {call.gene: call.phenotype for call in calls if call.phenotype is not None}
    not_known = {call.gene: f"no result, {call.why}" for call in calls if call.phenotype is None}
    provisional = {
        call.gene: "provisional, could also be " + ", ".join(call.could_be)
        for call in calls
        if call.could_be and call.phenotype is not None
    }
    return Profile(genes, medicines, sex, not_known, provisional)


def _call(
    definition: Definition,
    genotypes: Genotypes,
    sex: str | None,
    missing_is_reference: bool,
    tables: Knowledge,
) -> GeneCall:
    observation = observe(definition, genotypes, missing_is_reference=missing_is_reference)
    try:
        observation = _for_chromosome(definition, observation, sex, tables)
    except InvalidInput as error:
        return GeneCall(definition.gene, "not called", None, why=str(error))
    if not observation.seen:
        label = f"none of its {len(definition.positions)} positions is in the file"
        return GeneCall(
            definition.gene, "no data", None, missing=tuple(p.label for p in definition.positions), why=label
        )
    found = match(definition, observation)
    if not found.fits:
        return _without_pair(definition, observation, found, tables)
    return _from_fits(definition, found, sex if observation.copies == 1 else None, tables)


def _for_chromosome(
    definition: Definition, observation: Observation, sex: str | None, tables: Knowledge
) -> Observation:
    """One copy where the person has one: mitochondria, and X in men."""
    copies = tables.gene(definition.gene).copies
    male = (sex or "").lower() in {"male", "m"}
    female = (sex or "").lower() in {"female", "f"}
    if observation.copies == 1 and (copies == "two" or (copies == "x-linked" and female)):
        raise InvalidInput(
            f"{definition.gene} genotypes", "one allele", "two alleles; confirm sex and sample"
        )
    if copies == "two" or observation.copies == 1 or (copies == "x-linked" and not male):
        return observation
    mixed = [number for number, item in observation.seen.items() if len(set(item.codes)) > 1]
    if mixed:
        label = definition.positions[mixed[0]].label
        kind = "two different alleles on one X" if copies == "x-linked" else "heteroplasmy"
        raise InvalidInput(f"{definition.gene} {label}", kind, "one allele; confirm sex and sample")
    seen = {number: Seen(item.codes[:1], "") for number, item in observation.seen.items()}
    return Observation(seen, 1, observation.assumed, observation.notes)


def _without_pair(
    definition: Definition, observation: Observation, found: Match, tables: Knowledge
) -> GeneCall:
    """No two named alleles explain what was seen; some genes still allow a careful answer."""
    result: GenePhenotype | None = None
    why = "what was seen does not belong to any two named alleles: " + ", ".join(found.variants)
    if definition.gene == "DPYD":
        result = call_variants(definition, observation, tables)
        why = result.why
    elif definition.gene == "SLCO1B1":
        result = _by_single_position(definition, observation, tables)
        why = result.why if result else why
    return GeneCall(
        definition.gene,
        "called" if result else "not called",
        result,
        missing=found.missing,
        variants=found.variants,
        phased=found.phased,
        why=why,
        warnings=found.notes,
    )


def _by_single_position(
    definition: Definition, observation: Observation, tables: Knowledge
) -> GenePhenotype | None:
    number = next(i for i, position in enumerate(definition.positions) if position.at == _SLCO1B1_POSITION)
    item = observation.seen.get(number)
    if item is None or any(code > 1 for code in item.codes):
        return None
    position = definition.positions[number]
    spelled = "/".join((position.reference, *position.others)[code] for code in item.codes)
    word = _SLCO1B1_WORDS[sum(item.codes)]
    why = f"no pair of star alleles fits; {position.rsid} {spelled} alone → {word} (PMID 35152405)"
    facts = tables.gene("SLCO1B1")
    return GenePhenotype("SLCO1B1", f"{position.rsid} {spelled}", (), None, word, why, facts.source)


def _from_fits(definition: Definition, found: Match, sex: str | None, tables: Knowledge) -> GeneCall:
    words: dict[str, GenePhenotype] = {}

    def phenotype(fit: Fit) -> GenePhenotype:
        if fit.diplotype not in words:
            words[fit.diplotype] = _phenotype_of(definition.gene, fit, sex, tables)
        return words[fit.diplotype]

    best = [phenotype(fit) for fit in found.best]
    result = best[0]
    status: Status = "called"
    why = result.why
    others = {phenotype(fit).phenotype for fit in found.fits}
    if len({item.phenotype for item in best}) > 1:
        status = "ambiguous"
        names = ", ".join(f"{item.diplotype} ({item.phenotype})" for item in best)
        why = f"the file fits equally well: {names}"
    elif len(best) > 1:
        status = "ambiguous"
    if found.must_see_missing and len(others) > 1:
        status = "incomplete"
        why = (
            f"not seen: {', '.join(found.must_see_missing)}; without that {result.diplotype} is only one of "
            f"{len(found.fits)} possibilities"
        )
    if status == "incomplete" or (status == "ambiguous" and why != result.why):
        result = _indeterminate(result, why, tables)
    if found.assumed:
        why += f"; positions not in the file and read as reference, as asked: {found.assumed}"
    return GeneCall(
        gene=definition.gene,
        status=status,
        phenotype=result,
        alternatives=tuple((fit.diplotype, phenotype(fit).phenotype) for fit in found.fits[1:]),
        could_be=tuple(sorted(others - {result.phenotype})),
        missing=found.missing,
        variants=found.variants,
        phased=found.phased,
        why=why,
        warnings=found.notes,
    )


def _phenotype_of(gene: str, fit: Fit, sex: str | None, tables: Knowledge) -> GenePhenotype:
    facts = tables.gene(gene)
    unlisted = [name for name in fit.alleles if name not in facts.functions]
    if not unlisted:
        return assign_phenotype(gene, fit.diplotype, sex=sex, knowledge=tables)
    why = f"no function is assigned to {' and '.join(dict.fromkeys(unlisted))}"
    score = "n/a" if facts.method == "activity score" else None
    functions = tuple(facts.functions.get(name, "Unknown function") for name in fit.alleles)
    word = facts.phenotype_of_pair(functions[0], functions[-1]) if facts.pairs else INDETERMINATE
    return GenePhenotype(gene, fit.diplotype, functions, score, word, why, facts.source)


def _indeterminate(result: GenePhenotype, why: str, tables: Knowledge) -> GenePhenotype:
    score = "n/a" if tables.gene(result.gene).method == "activity score" else None
    return GenePhenotype(
        result.gene, result.diplotype, result.functions, score, INDETERMINATE, why, result.source
    )
