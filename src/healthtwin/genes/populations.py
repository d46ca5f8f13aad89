"""Who a recommendation is for: the guidelines' own labels, and the words people use for them."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Words -> the part of a guideline's label they stand for (CPIC's labels such as "CBZ use >3mos").
_WORDS = (
    (frozenset({"adult", "adults"}), ("adults", "child >40kg_adult")),
    (
        frozenset({"child", "children", "paediatric", "paediatrics", "pediatric", "pediatrics"}),
        ("pediatrics",),
    ),
    (frozenset({"naive", "naïve", "new"}), ("naive",)),
    (frozenset({"established", "current", "in use"}), ("use >3mos", "use >3 mos")),
    (frozenset({"no alternatives", "no alternative"}), ("no alternatives",)),
    (frozenset({"acs", "pci", "acs pci", "stent"}), ("CVI ACS PCI",)),
    (frozenset({"stroke", "neurovascular"}), ("NVI",)),
)
_EVERYBODY = frozenset({"general", ""})
_ANYONE = frozenset({"all", "everybody", "any"})


def matching_populations(offered: Iterable[str], asked: str | None) -> frozenset[str]:
    """Which of a guideline's populations a question is about.

    A guideline for everybody answers every question; nothing asked means all of them.

    >>> sorted(matching_populations(["CBZ naive", "CBZ use >3mos"], "established"))
    ['CBZ use >3mos']
    >>> sorted(matching_populations(["general"], "paediatric"))
    ['general']
    """
    names = frozenset(offered)
    if asked is None or asked.strip().lower() in _ANYONE:
        return names
    plain = _plain(asked)
    exact = {name for name in names if _plain(name) == plain}
    if exact:
        return frozenset(exact)
    parts: tuple[str, ...] = ()
    for words, labels in _WORDS:
        if plain in words:
            parts = tuple(_plain(label) for label in labels)
    chosen = {name for name in names if any(_plain(name).endswith(part) for part in parts)}
    if chosen:
        return frozenset(chosen)
    if parts or plain in _EVERYBODY:
        return names & _EVERYBODY
    return frozenset()


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.casefold().replace("-", " ").replace("> ", ">")).strip()
