"""A person's genes from a VCF and from outside calls: what is known, what is not, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, Protocol

from healthtwin.domain import Said
from healthtwin.genes.calling import Fit, Match, match
from healthtwin.genes.definition import Definition
from healthtwin.genes.dpyd import call_variants
from healthtwin.genes.errors import VariantFileError
from healthtwin.genes.gene_phenotype import GenePhenotype
from healthtwin.genes.knowledge import Knowledge, starter
from healthtwin.genes.observation import Observation, Seen, observe, regions_of
from healthtwin.genes.phenotype import assign_phenotype
from healthtwin.genes.profile import Profile
from healthtwin.genes.variant_file import Genotypes, read_variant_file
from healthtwin.genes.wording import INDETERMINATE, names, phenotype_said
from healthtwin.words import say

Status = Literal["called", "ambiguous", "incomplete", "not called", "no data", "refused", "outside"]

# Why a bare VCF cannot tell, for the genes where no definition would help.
REFUSALS = {
    "CYP2D6": Said.of("gene-refused-cyp2d6"),
    "HLA-A": Said.of("gene-refused-hla"),
    "HLA-B": Said.of("gene-refused-hla"),
    "RYR1": Said.of("gene-refused-ryr1"),
}
_SHOWN_UNREAD = 3  # positions without a read that are named one by one
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
        positions: how many define the gene's alleles; 0 where it was not called from positions.
    """

    gene: str
    status: Status
    phenotype: GenePhenotype | None
    alternatives: tuple[tuple[str, str], ...] = ()
    could_be: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    phased: bool = False
    why: Said | None = None
    warnings: tuple[Said, ...] = field(default=())
    positions: int = 0

    @property
    def provisional(self) -> Said | None:
        """What a reader must know beside any advice that rests on this call; ``None`` where all was seen."""
        if self.phenotype is None or not self.could_be:
            return None
        return Said.of(
            "gene-provisional",
            phenotypes=tuple(phenotype_said(each) for each in self.could_be),
            seen=self.positions - len(self.missing),
            positions=self.positions,
            whole=not self.missing,
        )

    @property
    def reason(self) -> str:
        """`why`, else why the phenotype is what it is, in the language that is being spoken."""
        why = self.why or (self.phenotype.why if self.phenotype else None)
        return say(why) if why else ""

    def as_dict(self) -> dict[str, object]:
        """Plain form for reports."""
        return {
            "gene": self.gene,
            "status": self.status,
            "diplotype": self.phenotype.diplotype if self.phenotype else None,
            "phenotype": self.phenotype.phenotype if self.phenotype else None,
            "activity_score": self.phenotype.activity_score if self.phenotype else None,
            "why": self.reason,
            "alternatives": [
                {"diplotype": name, "phenotype": word}
                for name, word in self.alternatives[:_SHOWN_ALTERNATIVES]
            ],
            "alternatives_in_all": len(self.alternatives),
            "could_also_be": list(self.could_be),
            "missing_positions": list(self.missing),
            "variants": list(self.variants),
            "phased": self.phased,
            "warnings": [say(each) for each in self.warnings],
        }


class ReadGenotypes(Protocol):
    """Reads the rows of a file that touch the wanted regions, as `read_variant_file` does."""

    def __call__(
        self,
        path: Path,
        regions: Mapping[str, Iterable[tuple[int, int]]],
        *,
        sample: str | None = None,
        bare_names: bool = False,
    ) -> Genotypes:
        """What the file says."""


def read_person(
    path: Path,
    *,
    sample: str | None = None,
    sex: str | None = None,
    missing_is_reference: bool = False,
    bare_names: bool = False,
    knowledge: Knowledge | None = None,
    read: ReadGenotypes = read_variant_file,
) -> tuple[GeneCall, ...]:
    """Calls every gene from a VCF.

    Args:
        read: what reads the file; one that does it in a process of its own, for a file of somebody else's.
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
    genotypes = read(path, regions, sample=sample, bare_names=bare_names)
    if missing_is_reference and not genotypes.build:
        raise VariantFileError(
            f"{path.name}, header",
            "no genome named",
            "##reference or ##contig lines of GRCh38, if what the file leaves out is to be read as unchanged",
        )
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
            why = REFUSALS.get(gene, Said.of("gene-refused-undefined"))
            calls.append(GeneCall(gene, "refused", None, why=why))
            continue
        calls.append(_call(definition, genotypes, sex, missing_is_reference, tables))
    return tuple(calls)


def with_outside_calls(
    calls: tuple[GeneCall, ...], outside: Mapping[str, GenePhenotype]
) -> tuple[GeneCall, ...]:
    """The same calls, with outside results in place of ours.

    A line without a result (``./.``), or one that cannot be read, leaves ours as it is and says so.
    """
    kept = {call.gene: call for call in calls}
    for gene, why in getattr(outside, "refused", {}).items():
        before = kept.get(gene)
        if before is None or before.phenotype is None:
            kept[gene] = GeneCall(gene, "not called", None, why=why)
        else:
            kept[gene] = replace(before, warnings=(*before.warnings, why))
    for gene, result in outside.items():
        before = kept.get(gene)
        warnings = result.warnings
        if before and before.phenotype and before.phenotype.diplotype != result.diplotype:
            warnings = (
                *warnings,
                Said.of("gene-warns-outside", diplotype=before.phenotype.diplotype),
            )
        kept[gene] = GeneCall(gene, "outside", result, warnings=warnings)
    return tuple(kept[gene] for gene in sorted(kept))


def profile_of(
    calls: tuple[GeneCall, ...],
    *,
    medicines: tuple[str, ...] = (),
    sex: str | None = None,
    conditions: tuple[str, ...] = (),
) -> Profile:
    """The profile that guidance works with."""
    genes = {call.gene: call.phenotype for call in calls if call.phenotype is not None}
    not_known = {
        call.gene: Said.of("gene-no-result", why=call.why) for call in calls if call.phenotype is None
    }
    provisional = {call.gene: said for call in calls if (said := call.provisional) is not None}
    return Profile(genes, medicines, sex, not_known, provisional, conditions)


def _call(
    definition: Definition,
    genotypes: Genotypes,
    sex: str | None,
    missing_is_reference: bool,
    tables: Knowledge,
) -> GeneCall:
    one_copy = _has_one(definition, sex, tables)
    observation = observe(definition, genotypes, missing_is_reference=missing_is_reference, one_copy=one_copy)
    confirm = _to_confirm(definition, observation, sex, tables)
    if confirm:
        return GeneCall(definition.gene, "not called", None, why=confirm)
    observation = _for_chromosome(definition, observation, sex, tables)
    if not observation.seen:
        why = Said.of("gene-why-none-seen", positions=len(definition.positions))
        return GeneCall(
            definition.gene,
            "no data",
            None,
            missing=tuple(p.label for p in definition.positions),
            why=why,
            warnings=_few(observation.notes),
            positions=len(definition.positions),
        )
    found = match(definition, observation)
    if not found.fits:
        return _without_pair(definition, observation, found, tables)
    return _from_fits(definition, found, sex if observation.copies == 1 else None, tables)


def _has_one(definition: Definition, sex: str | None, tables: Knowledge) -> bool:
    copies = tables.gene(definition.gene).copies
    male = (sex or "").lower() in {"male", "m"}
    return copies == "mitochondrial" or (copies == "x-linked" and male)


def _to_confirm(
    definition: Definition, observation: Observation, sex: str | None, tables: Knowledge
) -> Said | None:
    """What cannot be so by the number of copies that such a person has."""
    copies = tables.gene(definition.gene).copies
    if observation.copies == 1:
        female = (sex or "").lower() in {"female", "f"}
        if copies == "two" or (copies == "x-linked" and female):
            return Said.of("gene-why-one-allele", gene=definition.gene)
        return None
    if not _has_one(definition, sex, tables):
        return None
    mixed = [number for number, item in observation.seen.items() if len(set(item.known)) > 1]
    if not mixed:
        return None
    return Said.of(
        "gene-why-two-on-one",
        gene=definition.gene,
        position=definition.positions[mixed[0]].label,
        kind="x" if copies == "x-linked" else "mitochondrial",
    )


def _for_chromosome(
    definition: Definition, observation: Observation, sex: str | None, tables: Knowledge
) -> Observation:
    """One copy where the person has one: mitochondria, and X in men."""
    if observation.copies == 1 or not _has_one(definition, sex, tables):
        return observation
    seen = {number: Seen(item.known[:1], "") for number, item in observation.seen.items()}
    return Observation(seen, 1, observation.assumed, observation.notes)


def _without_pair(
    definition: Definition, observation: Observation, found: Match, tables: Knowledge
) -> GeneCall:
    """No two named alleles explain what was seen; some genes still allow a careful answer."""
    result: GenePhenotype | None = None
    why = Said.of("gene-why-unmatched", variants=", ".join(found.variants))
    status: Status = "not called"
    if definition.gene == "DPYD":
        result = call_variants(definition, observation, tables)
    elif definition.gene == "SLCO1B1":
        result = _by_single_position(definition, observation, tables)
    could_be: tuple[str, ...] = ()
    if result is not None:
        status, why = "called", result.why
        could_be = _worse_by_others(definition, observation, result, tables)
    if result is not None and found.must_see_missing and not _worst_already(result):
        could_be = (result.phenotype,)
        status = "incomplete"
        why = Said.of("gene-why-unseen-variants", positions=", ".join(found.must_see_missing), why=result.why)
        result = _indeterminate(result, why, tables)
    return GeneCall(
        definition.gene,
        status,
        result,
        could_be=could_be,
        missing=found.missing,
        variants=found.variants,
        phased=found.phased,
        why=why,
        warnings=_few(found.notes),
        positions=len(definition.positions),
    )


def _worse_by_others(
    definition: Definition, observation: Observation, result: GenePhenotype, tables: Knowledge
) -> tuple[str, ...]:
    """What one position alone does not tell, where a change elsewhere also takes function away (SLCO1B1)."""
    if definition.gene != "SLCO1B1":
        return ()
    functions = tables.gene("SLCO1B1").functions
    harmless = {
        number
        for allele in definition.alleles
        if functions.get(allele.name) != "No function"
        for number in allele.core
    }
    changed = {number for number, item in observation.seen.items() if any(item.known)}
    harmful = {
        number
        for allele in definition.alleles
        if functions.get(allele.name) == "No function"
        for number in allele.core
        if number not in harmless and definition.positions[number].at != _SLCO1B1_POSITION
    }
    return _SLCO1B1_WORDS[_SLCO1B1_WORDS.index(result.phenotype) + 1 :] if changed & harmful else ()


def _worst_already(result: GenePhenotype) -> bool:
    """Whether nothing unseen could make it worse."""
    if result.gene == "DPYD":
        return result.activity_score == "0.0"
    return True  # one position alone gave it


def _few(notes: tuple[Said, ...]) -> tuple[Said, ...]:
    """Notes, those about positions without a read gathered in one: a file may have hundreds."""
    unread = [note for note in notes if note.code == "gene-warns-unread"]
    if len(unread) <= _SHOWN_UNREAD:
        return notes
    others = tuple(note for note in notes if note.code != "gene-warns-unread")
    return (*others, Said.of("gene-warns-unread-many", count=len(unread)))


def _by_single_position(
    definition: Definition, observation: Observation, tables: Knowledge
) -> GenePhenotype | None:
    number = next(i for i, position in enumerate(definition.positions) if position.at == _SLCO1B1_POSITION)
    item = observation.seen.get(number)
    if item is None or not item.whole or any(code > 1 for code in item.known):
        return None
    position = definition.positions[number]
    spelled = "/".join((position.reference, *position.others)[code] for code in item.known)
    word = _SLCO1B1_WORDS[sum(item.known)]
    why = Said.of(
        "gene-why-single-position", position=position.rsid, bases=spelled, phenotype=phenotype_said(word)
    )
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
        fits = tuple(
            Said.of("gene-fit", diplotype=item.diplotype, phenotype=phenotype_said(item.phenotype))
            for item in best
        )
        why = Said.of("gene-why-equal", fits=fits)
    elif len(best) > 1:
        status = "ambiguous"
        if len({item.activity_score for item in best}) > 1:
            # One phenotype, several scores: none of the scores was seen, so none is stated.
            result = replace(result, activity_score=None)
    if found.must_see_missing and len(others) > 1:
        status = "incomplete"
        why = Said.of(
            "gene-why-unseen",
            positions=", ".join(found.must_see_missing),
            diplotype=result.diplotype,
            count=len(found.fits),
        )
    if status == "incomplete" or (status == "ambiguous" and why != result.why):
        result = _indeterminate(result, why, tables)
    if found.assumed:
        why = Said.of("gene-why-assumed", why=why, count=found.assumed)
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
        warnings=_few(found.notes),
        positions=len(definition.positions),
    )


def _phenotype_of(gene: str, fit: Fit, sex: str | None, tables: Knowledge) -> GenePhenotype:
    facts = tables.gene(gene)
    unlisted = [name for name in fit.alleles if name not in facts.functions]
    if not unlisted:
        return assign_phenotype(gene, fit.diplotype, sex=sex, knowledge=tables)
    why = Said.of("gene-why-no-function", alleles=names(unlisted))
    score = "n/a" if facts.method == "activity score" else None
    functions = tuple(facts.functions.get(name, "Unknown function") for name in fit.alleles)
    word = facts.phenotype_of_pair(functions[0], functions[-1]) if facts.pairs else INDETERMINATE
    return GenePhenotype(gene, fit.diplotype, functions, score, word, why, facts.source)


def _indeterminate(result: GenePhenotype, why: Said, tables: Knowledge) -> GenePhenotype:
    score = "n/a" if tables.gene(result.gene).method == "activity score" else None
    return GenePhenotype(
        result.gene, result.diplotype, result.functions, score, INDETERMINATE, why, result.source
    )
