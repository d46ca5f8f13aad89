"""How models that run in the shadow stand to those that speak: counted for every person, told of the house.

Both are asked at the same moments about the same people. Nothing here says which is right: that takes
outcomes (`healthtwin evaluate early-warning`). It says what would change for people if the shadow spoke.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.forecast.targets import TARGET, WATCHED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from healthtwin.forecast.member import Floats, StructuredArray

LEAST_PROBABILITY: Final = 0.03
"""However quiet somebody is, nobody is told of a chance below 3 in 100: the budget is a bound, no duty."""

COUNTED: Final = ("asked", "gap", "both", "speaking_only", "shadow_only")
"""Sums in a person's record, one of each per watched target; see `Agreement`."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a shadow stands to the models that speak, over everybody and one target.

    Attributes:
        models: version of the shadow. target: its name.
        asked: how often both were asked.
        gap: mean distance of their probabilities, 0 to 1; None before the first.
        both: how often both saw a chance of `LEAST_PROBABILITY` and more; speaking_only, shadow_only: how
            often one alone did.
    """

    models: str
    target: str
    asked: int
    gap: float | None
    both: int
    speaking_only: int
    shadow_only: int


def compare(own: StructuredArray, shadow: Floats, speaking: Floats) -> None:
    """Count how two models' probabilities of the watched targets stand to each other, in place.

    Args:
        own: the shadow's records, shape (people,). shadow, speaking: shape (people, targets).
    """
    columns = [TARGET[name] for name in WATCHED]
    theirs, ours = shadow[:, columns], speaking[:, columns]
    likely, told = theirs >= LEAST_PROBABILITY, ours >= LEAST_PROBABILITY
    own["asked"] += np.float32(1.0)
    own["gap"] += np.abs(theirs - ours).astype(np.float32)
    own["both"] += likely & told
    own["speaking_only"] += told & ~likely
    own["shadow_only"] += likely & ~told


def agreement_counts(trained: StructuredArray, shadows: int) -> NDArray[np.float64]:
    """Everybody's counts one by one, shape (people, shadows, counted, watched), to be summed over people.

    Args:
        trained: the trained member's records. shadows: how many run.
    """
    found = np.zeros((len(trained), shadows, len(COUNTED), len(WATCHED)))
    for place in range(shadows):
        for row, name in enumerate(COUNTED):
            found[:, place, row] = trained[f"shadow_{place}"][name]
    return found


def agreement_of(counted: NDArray[np.float64], versions: Sequence[str]) -> tuple[Agreement, ...]:
    """What the counts of everybody together say, shape (shadows, counted, watched).

    >>> one = np.array([[[200.0] * 2, [3.0] * 2, [10.0] * 2, [4.0] * 2, [0.0] * 2]])
    >>> agreement_of(one, ["next"])[0]
    Agreement(models='next', target='hypoxia', asked=200, gap=0.015, both=10, speaking_only=4, shadow_only=0)
    """
    return tuple(
        Agreement(
            version,
            target,
            int(asked),
            round(float(gap / asked), 6) if asked else None,
            *(int(count) for count in counts),
        )
        for version, of_shadow in zip(versions, counted, strict=True)
        for target, (asked, gap, *counts) in zip(WATCHED, of_shadow.T, strict=True)
    )
