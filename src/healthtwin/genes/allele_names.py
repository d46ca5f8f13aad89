"""From the names laboratories print to the names the tables use.

The tables are strict (``c.1905+1G>A (*2A)``); reports are not (``*2A``, ``DPYD*2A``). What is ambiguous is
refused with the choices, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from healthtwin.genes.errors import UnknownAllele
from healthtwin.genes.gene_facts import GeneFacts

_COPIES = re.compile(r"^\(?(\*\d+[A-Z]?)\)?\s*(?:[x×X]\s*)?(≥|>=)?\s*(\d+|N)$")
_COPY_MARK = re.compile(r"[x×X≥]|>=")
_SUBALLELE = re.compile(r"^(\*\d+[A-Z]?)\.\d{3}(\.\d+)?$")
_SMALLEST_BIN = 3  # copies from which CPIC no longer counts, where it holds such a row


def canonical_allele(facts: GeneFacts, text: str) -> str:
    """The table's name for what was written, or `UnknownAllele` with the closest names.

    >>> from healthtwin.genes import starter
    >>> canonical_allele(starter().gene("DPYD"), "*2A")
    'c.1905+1G>A (*2A)'
    >>> canonical_allele(starter().gene("CYP2D6"), "*1x5")
    '*1x≥3'
    """
    name = text.strip().removeprefix(facts.gene).strip().lstrip(":").strip() or text.strip()
    known = facts.functions
    if name in known:
        return name
    for variant in _spellings(facts, name):
        if variant in known:
            return variant
    matches = _matches(facts, name)
    if len(matches) == 1:
        return matches[0]
    if len(matches) > 1:
        raise UnknownAllele(f"{facts.gene} allele", text, "one of " + "; ".join(matches[:8]))
    raise UnknownAllele(f"{facts.gene} allele", text, _examples(facts, name))


def copies_of(name: str) -> tuple[str, int, bool] | None:
    """(allele, copies, at least that many) of a duplication, ``None`` for a single copy.

    ``xN`` (a duplication nobody counted) gives 0 copies.

    >>> copies_of("*2x≥3"), copies_of("*17x3"), copies_of("*1xN"), copies_of("*41")
    (('*2', 3, True), ('*17', 3, False), ('*1', 0, True), None)
    """
    if not _COPY_MARK.search(name):
        return None
    found = _COPIES.match(name.strip())
    if not found:
        return None
    star, at_least, count = found.groups()
    if count == "N":
        return star, 0, True
    return star, int(count), at_least is not None


def _spellings(facts: GeneFacts, name: str) -> Iterable[str]:
    duplicated = copies_of(name)
    if duplicated:
        star, count, at_least = duplicated
        if not at_least:
            yield f"{star}x{count}"
            if count == 1:
                yield star
        if count >= _SMALLEST_BIN:
            yield f"{star}x≥{_SMALLEST_BIN}"
    suballele = _SUBALLELE.match(name)
    if suballele:
        yield suballele.group(1)
    if name.isdigit() or re.fullmatch(r"\d+[A-Z]?", name):
        yield "*" + name
    if facts.copies == "mitochondrial":
        yield "m." + name
    if name.lower() in {"reference", "wildtype", "wild type", "ref", "*1"}:
        yield "Reference"
    if "(wildtype)" in name:
        yield name.replace("(wildtype)", "(reference)")


def _matches(facts: GeneFacts, name: str) -> list[str]:
    """Names that hold the written one as a whole part: between commas, before or inside brackets."""
    wanted = name.casefold()
    found = []
    for allele in facts.functions:
        head, _, bracket = allele.partition(" (")
        parts = {allele.casefold(), head.casefold(), bracket.rstrip(")").casefold()}
        parts.update(part.strip().casefold() for part in head.split(","))
        if wanted in parts:
            found.append(allele)
    exact = [allele for allele in found if allele.casefold() == wanted]
    if exact:
        return exact
    # "c.1236G>A (HapB3)" rather than the single change that also opens its name.
    alone = [allele for allele in found if allele.partition(" (")[0].casefold() == wanted]
    return alone if len(alone) == 1 else found


def _examples(facts: GeneFacts, name: str) -> str:
    start = name[:2].casefold()
    close = [allele for allele in facts.functions if allele.casefold().startswith(start)][:3]
    shown = list(dict.fromkeys([*close, *list(facts.functions)[:4]]))
    return f"one of the {len(facts.functions)} alleles with a function, such as " + ", ".join(shown)
