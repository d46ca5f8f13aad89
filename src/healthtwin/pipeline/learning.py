"""How the twins of a house learn, as one thing: speeds, phases and freezes.

The product runs `DEFAULT_LEARNING`; other ones exist so that `healthtwin evaluate twin` can measure, on the
very step of the house, what each of them brings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from healthtwin.episodes import DEFAULT_FREEZE, Freeze
from healthtwin.twin import DEFAULT_PHASES, DEFAULT_TUNING, Phases, Tuning


@dataclass(frozen=True, slots=True)
class Learning:
    """What decides how readings become somebody's normal.

    Attributes:
        tuning: speeds and thresholds of the baseline.
        phases: days until the twin may ask, and until it may warn.
        freeze: how learning slows while something is wrong.
    """

    tuning: Tuning = DEFAULT_TUNING
    phases: Phases = DEFAULT_PHASES
    freeze: Freeze = DEFAULT_FREEZE


DEFAULT_LEARNING: Final = Learning()
"""What the product runs."""
