"""Everything the room knows, as versioned tables: what ships with the package, and what an import adds.

The tables lie as small JSON files below ``data/``: ``genes`` (function and phenotype rules), ``positions``
(what defines an allele on GRCh38), ``guidance`` (one file per group of medicines) and a few lists. Each is
read when it is first asked for, so that importing the room costs nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from healthtwin.domain.errors import CorruptStorage
from healthtwin.genes.errors import UnknownGene
from healthtwin.genes.gene_facts import UNCERTAIN, GeneFacts, facts_from

if TYPE_CHECKING:
    from healthtwin.genes.definition import Definition
    from healthtwin.genes.guideline import Guideline
    from healthtwin.genes.release import Release

T = TypeVar("T")

_DATA = Path(__file__).parent / "data"
STARTER_VERSION = "2025-11"


class Knowledge:
    """Tables of genes, alleles and medicines; immutable once built.

    Not for storing a person's results: it holds what is true of everybody.

    Args:
        release: an imported official release whose texts and newer tables are laid over the starter set.

    >>> knowledge = Knowledge()
    >>> knowledge.gene("CYP2C19").functions["*17"]
    'Increased function'
    >>> knowledge.gene("cyp2c19").gene
    'CYP2C19'
    """

    def __init__(self, release: Release | None = None) -> None:
        self.release = release
        self._facts: dict[str, GeneFacts] = {}
        self._definitions: dict[str, Definition | None] = {}
        self._worked_out: dict[str, Any] = {}
        self._lists: dict[str, dict[str, Any]] = {}
        self._guidelines: dict[str, tuple[Guideline, ...]] | None = None

    @property
    def version(self) -> str:
        """What a result was made with: the starter's version, and the import's where there is one."""
        imported = f"+import {self.release.version}" if self.release else ""
        return f"starter {STARTER_VERSION}{imported}"

    @property
    def genes(self) -> tuple[str, ...]:
        """Every gene with a table, sorted."""
        return _shipped("genes")

    @property
    def called_genes(self) -> tuple[str, ...]:
        """Genes that can be called from a VCF, sorted."""
        return _shipped("positions")

    def gene(self, symbol: str) -> GeneFacts:
        """The table of a gene; `UnknownGene` names the genes there are."""
        facts = self._facts.get(symbol)
        if facts is None:
            facts = self._read_facts(symbol)
            self._facts[symbol] = facts
        return facts

    def definition(self, symbol: str) -> Definition | None:
        """Positions and alleles of a gene, ``None`` where a VCF cannot show them."""
        from healthtwin.genes.definition import definition_from

        gene = self.gene(symbol).gene
        if gene not in self._definitions:
            path = _DATA / "positions" / f"{gene}.json"
            document: Mapping[str, Any] | None = _read(path) if path.exists() else None
            imported = self.release.definitions.get(gene) if self.release else None
            if imported is not None:
                document = _with_our_must_see(imported, document)
            if document is not None and not document["must_see"]:
                document = {**document, "must_see": _telling_positions(document, self.gene(gene))}
            self._definitions[gene] = definition_from(document) if document is not None else None
        return self._definitions[gene]

    def guidelines_for(self, medicine: str) -> tuple[Guideline, ...]:
        """Every guideline on a medicine (its table name), in the order CPIC, DPWG, FDA."""
        return self._all_guidelines().get(medicine, ())

    @property
    def guided_medicines(self) -> tuple[str, ...]:
        """Medicines with at least one guideline, sorted."""
        return tuple(sorted(self._all_guidelines()))

    def table(self, name: str) -> dict[str, Any]:
        """One of the plain lists: ``medicines``, ``modulators``, ``risks``, ``response``."""
        if name not in self._lists:
            self._lists[name] = _read(_DATA / f"{name}.json")
        return self._lists[name]

    def remembered(self, what: str, build: Callable[[Knowledge], T]) -> T:
        """Something worked out of these tables once and kept with them."""
        if what not in self._worked_out:
            self._worked_out[what] = build(self)
        found: T = self._worked_out[what]
        return found

    def risks_of(self, medicine: str) -> list[dict[str, Any]]:
        """The rows of the risk table that name a medicine."""
        return self.remembered("risks", _risks_by_medicine).get(medicine, [])

    def _read_facts(self, symbol: str) -> GeneFacts:
        gene = symbol.strip().upper()
        if gene not in _shipped("genes"):
            raise UnknownGene("gene", symbol, "one of " + ", ".join(_shipped("genes")))
        facts = facts_from(_read(_DATA / "genes" / f"{gene}.json"))
        if self.release and gene in self.release.functions:
            return self.release.overlay(facts)
        return facts

    def _all_guidelines(self) -> dict[str, tuple[Guideline, ...]]:
        if self._guidelines is None:
            from healthtwin.genes.guideline import index_guidelines

            documents: list[Mapping[str, Any]] = [
                _read(path) for path in sorted((_DATA / "guidance").glob("*.json"))
            ]
            self._guidelines = index_guidelines(documents, self.release)
        return self._guidelines


def _risks_by_medicine(knowledge: Knowledge) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in knowledge.table("risks")["risks"]:
        for name in entry["medicines"]:
            found.setdefault(name, []).append(entry)
    return found


@cache
def starter() -> Knowledge:
    """The tables that ship with the package, shared by everybody who asks.

    >>> "CYP2D6" in starter().genes, "CYP2D6" in starter().called_genes
    (True, False)
    """
    return Knowledge()


@cache
def _shipped(folder: str) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in (_DATA / folder).glob("*.json")))


def _with_our_must_see(imported: Mapping[str, Any], ours: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """An imported definition; what must be seen by our list must be so there too: few genes have one."""
    kept = {at for at, *_ in imported["positions"]}
    must_see = {*imported["must_see"], *(ours["must_see"] if ours else ())} & kept
    named = {**(ours or {}).get("suballeles", {}), **imported.get("suballeles", {})}
    return {**imported, "must_see": sorted(must_see), "suballeles": named}


def _telling_positions(document: Mapping[str, Any], facts: GeneFacts) -> list[int]:
    """Positions that define an allele of another function than the reference.

    All of them matter where no minimum set is published (G6PD, CFTR).
    """
    usual = facts.functions.get(document["reference"])
    return sorted(
        {
            int(at)
            for name, spelled in document["alleles"].items()
            if facts.functions.get(name, UNCERTAIN[0]) not in {usual, *UNCERTAIN}
            for at in spelled
        }
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CorruptStorage(f"{path.name} of the gene tables cannot be read: {error}") from error
    return document
