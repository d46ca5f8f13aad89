"""What every detector answers: readings with their quality, or for each the reason why there is none.

A detector never guesses. What the signal does not carry is refused, with a code that a screen can translate
and English words that a person understands; what could not even be read as a signal (4 samples, NaN, swapped
columns) raises `healthtwin.domain.errors.InvalidInput`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a metric was not measured.

    Attributes:
        code: stable, lower case, for translation: ``"finger_moved"``, ``"too_short"``.
        words: English, for a person: what happened and what to do.
        facts: the numbers in `words`, by name with unit, for a translation: ``{"still_s": 21}``.
    """

    code: str
    words: str
    facts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one recording gave.

    Attributes:
        values: by metric name (`healthtwin.domain.METRICS`), in the metric's unit.
        refused: by metric name; disjoint from `values`.
        quality: 0 (useless) to 1 (clean), of the part that was used.
        duration_s: length of the recording.
        details: what anybody needs to check the values (``beats_ms``, ``breaths_ms`` …); JSON types only.
    """

    values: Mapping[str, float]
    refused: Mapping[str, Refusal]
    quality: float
    duration_s: float
    details: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Every metric asked for by name (null where refused), the details, quality and the reasons.

        >>> refused = {"heart_rate": Refusal("too_short", "Only 4 s; hold still for 30 s.")}
        >>> answer = Measurement({}, refused, quality=0.0, duration_s=4.0).as_json()
        >>> answer["heart_rate"], answer["refused"]
        (None, {'heart_rate': 'Only 4 s; hold still for 30 s.'})
        """
        return {
            **self.values,
            **dict.fromkeys(self.refused),
            **self.details,
            "quality": self.quality,
            "duration_s": self.duration_s,
            "refused": {metric: refusal.words for metric, refusal in self.refused.items()} or None,
        }
