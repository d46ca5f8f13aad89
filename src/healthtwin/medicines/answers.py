"""What is answered about medicines, genes and what both make of each other."""

from __future__ import annotations

from typing import Any

import msgspec

from healthtwin.domain import Said
from healthtwin.words.evidence import EvidenceView


class MedicinesView(msgspec.Struct, frozen=True):
    """What a person takes now, as stated.

    Attributes:
        unknown: names among them that no table knows, so that nothing was checked for them.
        revision: counts the changes; 0 before the first.
    """

    person: str
    medicines: list[str]
    unknown: list[str]
    revision: int
    stated_at: int | None


class GeneResult(msgspec.Struct, frozen=True):
    """A gene's phenotype in the field's wording.

    activity_score: None for genes that have none; said: `why` as a code.
    """

    gene: str
    diplotype: str
    phenotype: str
    activity_score: str | None
    why: str
    said: Said


class GenesView(msgspec.Struct, frozen=True):
    """A person's gene results as stated (`genes`), and what they mean; revision as in `MedicinesView`."""

    person: str
    genes: dict[str, Any]
    results: list[GeneResult]
    revision: int
    stated_at: int | None


class PersonFinding(msgspec.Struct, frozen=True):
    """What a specialty holds to be so (`healthtwin.domain.Finding`); shown, never pushed.

    Attributes:
        hypothesis, contraindications: in the language of who asked; said, contraindications_said: as codes
            and facts.
        urgency: ``info`` or ``warning``.
        version: of the tables it was made from.
        found_at: since when it has stood in these words.
    """

    specialty: str
    hypothesis: str
    urgency: str
    evidence: list[EvidenceView]
    contraindications: list[str]
    version: str
    found_at: int
    said: Said
    contraindications_said: list[Said]


class FindingsView(msgspec.Struct, frozen=True):
    """Everything that stands about a person, the most urgent first."""

    person: str
    findings: list[PersonFinding]
