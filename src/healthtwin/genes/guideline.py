"""One guideline: which results of which genes lead to which advice, for whom, how strongly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from healthtwin.genes.gene_facts import Source

if TYPE_CHECKING:
    from healthtwin.genes.release import OfficialText, Release

NO_RESULT = "No Result"
_ORDER = {"CPIC": 0, "DPWG": 1, "FDA": 2}
_FLAGS = (("d", "dosing"), ("a", "alternative"), ("o", "other"))


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of advice, in our words.

    Args:
        population: for whom (``"general"``, ``"adults"``, ``"CBZ naive"`` ...).
        when: gene -> keys that this row covers: scores, phenotypes, carried alleles or ``"No Result"``.
        strength: the source's own word (``"Strong"``, ``"Moderate"``, ``"Optional"`` ...).
        action: usual, caution, reduce, increase, alternative, avoid, test, none.
        dose_factor: share of the named dose, or lowest and highest share; ``None`` where no number is given.
        dose_of: which dose the factor is of (starting dose, maintenance dose ...).
        dose_limit: a stated upper bound, with its unit.
        gives: what kinds of advice the source marks the row as (dosing, alternative, other).
    """

    population: str
    when: Mapping[str, frozenset[str]]
    strength: str
    action: str
    say: str
    gives: tuple[str, ...] = ()
    dose_factor: tuple[float, ...] = ()
    dose_of: str = ""
    dose_limit: str = ""
    alternatives: tuple[str, ...] = ()
    monitor: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guideline:
    """Advice of one organisation on one medicine.

    Args:
        genes: the genes it asks for, in its order.
        implications: gene -> (keys, what they mean for this medicine).
        official: imported rows with their texts, empty where nothing was imported.
        condition: the only condition it speaks of, under its names; empty where it holds for everybody.
    """

    medicine: str
    genes: tuple[str, ...]
    organisation: str
    source: Source
    rules: tuple[Rule, ...]
    implications: Mapping[str, tuple[tuple[frozenset[str], str], ...]]
    notes: tuple[str, ...] = ()
    official: Mapping[tuple[tuple[str, str], ...], tuple[OfficialText, ...]] = field(default_factory=dict)
    condition: tuple[str, ...] = ()

    @property
    def populations(self) -> tuple[str, ...]:
        """Populations with rows of their own, in the guideline's order."""
        named = [rule.population for rule in self.rules]
        named.extend(text.population for texts in self.official.values() for text in texts)
        return tuple(dict.fromkeys(name for name in named if name))

    def by_genotype(self, gene: str) -> bool:
        """Whether it asks for the two alleles themselves, such as ``*1/*3``, not for what they add up to."""
        return any(is_genotype(key) for rule in self.rules for key in rule.when.get(gene, ()))

    def rows_for(self, keys: Mapping[str, frozenset[str]]) -> tuple[Rule, ...]:
        """The rows whose every gene is met by one of the person's keys."""
        return tuple(
            rule
            for rule in self.rules
            if all(rule.when[gene] & keys.get(gene, frozenset({NO_RESULT})) for gene in rule.when)
        )

    def official_for(self, keys: Mapping[str, str]) -> tuple[OfficialText, ...]:
        """Imported rows for exactly these keys."""
        return self.official.get(tuple(sorted(keys.items())), ())

    def meaning(self, gene: str, keys: frozenset[str]) -> str:
        """What a result of this gene means for the medicine, empty where nothing is stated."""
        for covered, words in self.implications.get(gene, ()):
            if covered & keys:
                return words
        return ""


def is_genotype(key: str) -> bool:
    """Whether a key names two alleles.

    >>> is_genotype("*1/*3"), is_genotype("1.5")
    (True, False)
    """
    return key.startswith("*") and "/" in key


def index_guidelines(
    documents: Iterable[Mapping[str, Any]], release: Release | None
) -> dict[str, tuple[Guideline, ...]]:
    """Medicine -> its guidelines, CPIC before DPWG before FDA, with imported texts laid beside ours."""
    found: dict[str, list[Guideline]] = {}
    for document in documents:
        for entry in document["guidelines"]:
            for medicine in entry["medicines"]:
                found.setdefault(medicine, []).append(_guideline(medicine, entry, release))
    if release:
        for medicine in release.medicines:
            ours = [g for g in found.get(medicine, []) if g.organisation == "CPIC"]
            if not ours:
                found.setdefault(medicine, []).append(_official_guideline(medicine, release))
    return {
        medicine: tuple(sorted(entries, key=lambda entry: _ORDER.get(entry.organisation, 9)))
        for medicine, entries in found.items()
    }


def _official_guideline(medicine: str, release: Release) -> Guideline:
    """A guideline that we hold no words of our own for."""
    entry = next(item for item in release.guidelines if medicine in item["medicines"])
    source = Source(entry["name"], f"version {entry['version']}", entry["pmid"], entry["url"])
    return Guideline(medicine, tuple(entry["genes"]), "CPIC", source, (), {}, (), release.texts_for(medicine))


def _guideline(medicine: str, entry: Mapping[str, Any], release: Release | None) -> Guideline:
    official: Mapping[tuple[tuple[str, str], ...], tuple[OfficialText, ...]] = {}
    if release and entry["organisation"] == "CPIC":
        official = release.texts_for(medicine)
    return Guideline(
        medicine=medicine,
        genes=tuple(entry["genes"]),
        organisation=entry["organisation"],
        source=Source(**entry["source"]),
        rules=tuple(_rule(row, medicine) for row in entry["rules"]),
        implications={
            gene: tuple((frozenset(keys), words) for keys, words in rows)
            for gene, rows in entry["implications"].items()
        },
        notes=tuple(entry.get("notes", ())),
        official=official,
        condition=tuple(entry.get("condition", ())),
    )


def _rule(row: Mapping[str, Any], medicine: str) -> Rule:
    factor = row.get("dose_factor", ())
    factors: Sequence[float] = (factor,) if isinstance(factor, int | float) else factor
    alternatives = tuple(
        name for name in row.get("alternatives", ()) if name.casefold() != medicine.casefold()
    )
    limit = row.get("dose_limit", "")
    # A limit may hold for one medicine of a group only; then it opens with that name.
    named, _, rest = limit.partition(": ")
    if rest and named.isalpha():
        limit = rest if named == medicine else ""
    return Rule(
        population=row["population"],
        when={gene: frozenset(keys) for gene, keys in row["when"].items()},
        strength=row["strength"],
        action=row["action"],
        say=row["say"],
        gives=tuple(word for letter, word in _FLAGS if letter in row.get("flags", "")),
        dose_factor=tuple(float(value) for value in factors),
        dose_of=row.get("dose_of", ""),
        dose_limit=limit,
        alternatives=alternatives,
        monitor=tuple(row.get("monitor", ())),
    )
