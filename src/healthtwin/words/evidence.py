"""Evidence and advice as they leave the house: facts beside the sentence that says them."""

from __future__ import annotations

import msgspec


class EvidenceView(msgspec.Struct, frozen=True):
    """One fact behind an alert (`healthtwin.domain.Evidence`)."""

    text: str
    source: str
    metric: str | None = None
    value: float | None = None
    unit: str | None = None
    expected: float | None = None
    spread: float | None = None
    at: int | None = None


class AdviceView(msgspec.Struct, frozen=True):
    """An action with its source."""

    action: str
    source: str
