"""How exactly genes are read: every allele found again, every phenotype word, every row of the guidelines.

Compared are our answers with the official release (CPIC data of 2025-11, guideline annotations of May 2024),
and with two answers that need no thought: everybody carries the reference alleles, everybody is normal.
"""

from __future__ import annotations

import csv
import statistics
from collections import Counter
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain.errors import ConfigurationError
from healthtwin.genes import Knowledge, assign_phenotype, match, score_given, starter
from healthtwin.genes.guideline import NO_RESULT
from healthtwin.genes.observation import Observation, Seen
from healthtwin.genes.release import release_from_files
from healthtwin.genes.score import NOT_ASSIGNED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from healthtwin.genes.definition import Definition, NamedAllele
    from healthtwin.genes.release import Release

SEEDS: Final = (11, 23, 37, 41, 53)
PAIRS_PER_SEED: Final = 300
"""Diplotypes drawn per gene and seed; all of them where a gene has fewer."""

GOAL_UNIQUE: Final = 0.98
"""Median over genes of unphased diplotypes named first, alone and right."""

UNCOUNTED: Final = "xN combinations"
"""Rows that ask for a copy number instead of advising; they have no strength."""


def evaluate_genes(data_dir: Path, *, seeds: Sequence[int] = SEEDS) -> dict[str, Any]:
    """Measures the gene room on an official release.

    Args:
        data_dir: folder that holds ``cpic``.
        seeds: one draw of diplotypes per gene for each.

    Returns:
        Figures per gene and in all, the trivial predictors beside them, and each goal with what was reached.
    """
    folder = data_dir / "cpic"
    if not folder.is_dir():
        raise ConfigurationError(f"no folder {folder}: set HEALTHTWIN_DATA to the folder that holds cpic")
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    release = release_from_files(files)
    knowledge = Knowledge(release)
    calling = {gene: _calling(definition, seeds) for gene, definition in _definitions(knowledge)}
    phenotypes = _phenotypes(folder)
    guidance = _guidance(release)
    phased = min(row["phased_right"] for row in calling.values())
    unique = statistics.median(row["unphased_unique_right"] for row in calling.values())
    among = min(row["unphased_truth_among_fits"] for row in calling.values())
    return {
        "data": {
            "name": "cpic",
            "release": release.version,
            "checksum": f"sha256:{release.checksum}",
            "part": "development; complete tables are kept aside",
        },
        "knowledge": starter().version,
        "calling": calling,
        "phenotypes": phenotypes,
        "guidance": guidance,
        "goals": [
            {
                "goal": "phased pairs found again, worst gene",
                "wanted": 1.0,
                "reached": phased,
                "met": phased == 1.0,
            },
            {
                "goal": "unphased pairs named first, alone and right, median gene",
                "wanted": GOAL_UNIQUE,
                "reached": unique,
                "met": unique >= GOAL_UNIQUE,
            },
            {
                "goal": "truth among the fits, worst gene",
                "wanted": 1.0,
                "reached": among,
                "met": among == 1.0,
            },
            {
                "goal": "rows of the guidelines met by exactly one row of ours, same strength and kind",
                "wanted": guidance["rows"],
                "reached": guidance["met"],
                "met": guidance["rows"] == guidance["met"],
            },
            {
                "goal": "genes whose phenotype words are the field's",
                "wanted": phenotypes["genes"],
                "reached": phenotypes["genes_with_exact_words"],
                "met": phenotypes["genes"] == phenotypes["genes_with_exact_words"],
            },
        ],
    }


def _definitions(knowledge: Knowledge) -> Iterator[tuple[str, Definition]]:
    for gene in knowledge.called_genes:
        definition = knowledge.definition(gene)
        if definition is not None:
            yield gene, definition


def _calling(definition: Definition, seeds: Sequence[int]) -> dict[str, Any]:
    """Pairs drawn from the definitions, written as genotypes and read again, phased and unphased."""
    pairs = list(combinations_with_replacement(definition.alleles, 2))
    per_seed: list[dict[str, float]] = []
    counted = 0
    for seed in seeds:
        rng = np.random.default_rng(seed)
        chosen = pairs
        if len(pairs) > PAIRS_PER_SEED:
            chosen = [pairs[i] for i in rng.choice(len(pairs), PAIRS_PER_SEED, replace=False)]
        totals: Counter[str] = Counter()
        for pair in chosen:
            totals.update(_one_pair(definition, pair, rng))
        counted += len(chosen)
        per_seed.append({name: totals[name] / len(chosen) for name in _MEASURES})
    result: dict[str, Any] = {"alleles": len(definition.alleles), "diplotypes": counted}
    for name in _MEASURES:
        values = [row[name] for row in per_seed]
        result[name] = statistics.mean(values)
        result[f"{name}_over_seeds"] = [min(values), max(values)]
    return result


_MEASURES: Final = (
    "phased_right",
    "unphased_unique_right",
    "unphased_truth_among_fits",
    "trivial_reference_right",
)


def _one_pair(
    definition: Definition, pair: tuple[NamedAllele, NamedAllele], rng: np.random.Generator
) -> dict[str, int]:
    truth = sorted(allele.name for allele in pair)
    first, second = (_haplotype(definition, allele, rng) for allele in pair)
    phased = {
        number: Seen((a, b), "block" if a != b else "")
        for number, (a, b) in enumerate(zip(first, second, strict=True))
    }
    swapped = rng.integers(0, 2, len(first))
    unphased = {
        number: Seen((b, a) if swap else (a, b), "")
        for number, (a, b, swap) in enumerate(zip(first, second, swapped, strict=True))
    }
    with_phase = match(definition, Observation(phased, 2))
    without = match(definition, Observation(unphased, 2))
    names = [sorted(fit.alleles) for fit in without.fits]
    reference = [definition.reference.name] * 2
    return {
        "phased_right": int(len(with_phase.best) == 1 and sorted(with_phase.best[0].alleles) == truth),
        "unphased_unique_right": int(len(without.best) == 1 and names[:1] == [truth]),
        "unphased_truth_among_fits": int(truth in names),
        "trivial_reference_right": int(truth == reference),
    }


def _haplotype(definition: Definition, allele: NamedAllele, rng: np.random.Generator) -> list[int]:
    """One chromosome that carries the allele; where several bases are allowed, one of them is drawn."""
    codes = [0] * len(definition.positions)
    for number, mask in allele.allowed.items():
        others = len(definition.positions[number].others)
        allowed = [code for code in range(others + 1) if mask >> code & 1]
        codes[number] = allowed[0] if len(allowed) == 1 else int(rng.choice(allowed))
    return codes


def _phenotypes(folder: Path) -> dict[str, Any]:
    """Every pair of the function table: are the words exactly those of the field?"""
    alleles: dict[str, list[str]] = {}
    with (folder / "allele_function.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            alleles.setdefault(row["gene"], []).append(row["allele"])
    words: dict[str, set[str]] = {}
    with (folder / "phenotype_terms.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            words.setdefault(row["gene"], set()).add(row["phenotype"])
    exact = answered = normal = 0
    differing = {}
    for gene, names in alleles.items():
        if gene not in words:
            continue
        one_copy = starter().gene(gene).copies == "mitochondrial"
        pairs = ((name,) for name in names) if one_copy else combinations_with_replacement(names, 2)
        found = [assign_phenotype(gene, "/".join(pair)).phenotype for pair in pairs]
        answered += len(found)
        normal += sum("Normal" in word or "normal" in word for word in found)
        if set(found) == words[gene]:
            exact += 1
        else:
            differing[gene] = sorted(set(found) ^ words[gene])
    return {
        "genes": len([gene for gene in alleles if gene in words]),
        "genes_with_exact_words": exact,
        "differing": differing,
        "diplotypes": answered,
        "trivial_always_normal_share": normal / answered,
        "note": "the right word of each diplotype is checked on tables kept aside",
    }


def _guidance(release: Release) -> dict[str, Any]:
    """Each annotated row: is there exactly one row of ours, with the same strength and kind of advice?"""
    knowledge = starter()
    rows = met = uncounted = 0
    strengths: Counter[str] = Counter()
    missing: list[dict[str, Any]] = []
    for guideline in release.guidelines:
        for row in guideline["rows"]:
            if UNCOUNTED in row["key"].values():
                uncounted += 1
                continue
            rows += 1
            strengths[row["strength"]] += 1
            keys = {gene: _keys(knowledge, gene, key) for gene, key in row["key"].items()}
            ours = [
                rule
                for entry in knowledge.guidelines_for(row["medicine"])
                if entry.organisation == "CPIC"
                for rule in entry.rows_for(keys)
                if rule.population == row["population"]
            ]
            if len(ours) == 1 and (ours[0].strength, list(ours[0].gives)) == (row["strength"], row["gives"]):
                met += 1
            else:
                missing.append({name: row[name] for name in ("medicine", "population", "key", "strength")})
    return {
        "rows": rows,
        "met": met,
        "rows_that_ask_for_a_copy_number": uncounted,
        "medicines": len(release.medicines),
        "missing": missing[:20],
        "trivial_commonest_strength_share": max(strengths.values()) / rows,
    }


def _keys(knowledge: Knowledge, gene: str, key: str) -> frozenset[str]:
    facts = knowledge.gene(gene)
    if facts.method != "activity score" or key == NO_RESULT:
        return frozenset({key})
    word = "Indeterminate" if key == NOT_ASSIGNED else score_given(gene, key).phenotype
    return frozenset({key, word})
