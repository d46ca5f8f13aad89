"""What every detector answers: readings with their quality, or for each the reason why there is none.

A detector never guesses. What the signal does not carry is refused, with a code for programs and what is to
be said to a person; what could not even be read as a signal (4 samples, NaN, swapped columns) raises
`healthtwin.domain.errors.InvalidInput`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from healthtwin.domain import Said

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a metric was not measured.

    Attributes:
        code: stable, lower case, for programs: ``"finger_moved"``, ``"too_short"``.
        said: for a person: what happened and what to do.
    """

    code: str
    said: Said

    @property
    def facts(self) -> dict[str, float]:
        """The numbers of what is said, by name with unit: ``{"still_s": 21}``."""
        return {
            name: fact
            for name, fact in self.said.facts.items()
            if isinstance(fact, int | float) and not isinstance(fact, bool)
        }


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

    def as_json(self, say: Callable[[Said], str]) -> dict[str, Any]:
        """Every metric asked for by name (null where refused), the details, quality and the reasons.

        Args:
            say: makes a sentence of a reason (`healthtwin.words.say`).

        >>> from healthtwin.words import say
        >>> refused = {"heart_rate": Refusal("too_short", Said.of("refusal-pulse-short", duration_s=4))}
        >>> answer = Measurement({}, refused, quality=0.0, duration_s=4.0).as_json(say)
        >>> answer["heart_rate"], answer["refused"]
        (None, {'heart_rate': 'Only 4 s; hold still for 30 s.'})
        """
        return {
            **self.values,
            **dict.fromkeys(self.refused),
            **self.details,
            "quality": self.quality,
            "duration_s": self.duration_s,
            "refused": {metric: say(refusal.said) for metric, refusal in self.refused.items()} or None,
        }
