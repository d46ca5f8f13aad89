"""Evidence and advice as they leave the house: facts beside the sentence that says them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from healthtwin.domain import METRICS, Said
from healthtwin.words.sentences import say

if TYPE_CHECKING:
    from healthtwin.domain import Advice, Evidence


class EvidenceView(msgspec.Struct, frozen=True):
    """One fact behind an alert (`healthtwin.domain.Evidence`).

    Attributes:
        text, source: in the language of who asked. said, cited: the same as codes and facts.
    """

    text: str
    source: str
    said: Said
    cited: Said
    metric: str | None = None
    value: float | None = None
    unit: str | None = None
    expected: float | None = None
    spread: float | None = None
    at: int | None = None


def evidence_view(fact: Evidence) -> EvidenceView:
    """A fact in the language that is being spoken."""
    return EvidenceView(
        text=say(fact.said),
        source=say(fact.source),
        said=fact.said,
        cited=fact.source,
        metric=fact.metric,
        value=fact.value,
        unit=None if fact.metric is None else METRICS[fact.metric].unit,
        expected=fact.expected,
        spread=fact.spread,
        at=fact.time_ms,
    )


class AdviceView(msgspec.Struct, frozen=True):
    """An action with its source. said, cited: the same as codes and facts."""

    action: str
    source: str
    said: Said
    cited: Said


def advice_view(step: Advice) -> AdviceView:
    """A step in the language that is being spoken."""
    return AdviceView(say(step.said), say(step.source), step.said, step.source)
