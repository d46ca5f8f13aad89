"""The facts behind what stands of one person now: of the newest message, and of what stands besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from healthtwin.episodes import VITALS_KEY, is_open, standing_facts, standing_signs, untold_facts
from healthtwin.forecast import MOST_FACTS, expected_row
from healthtwin.twin import expect

if TYPE_CHECKING:
    from healthtwin.domain import Evidence
    from healthtwin.forecast import Forecast


def facts_of(forecast: Forecast, person: np.void) -> tuple[Evidence, ...]:
    """The facts behind what stands now, from a person's state alone.

    Args:
        forecast: the members and models that wrote the state.
    """
    one = np.array([person], person.dtype)
    expected = expect(one["twin"], one["last"])
    signs = person[VITALS_KEY]["signs"]
    facts = forecast.explain(
        person["forecast"], person["last"], expected_row(expected, 0), person["profile"], signs
    )
    return with_standing(person, facts)


def with_standing(person: np.void, facts: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Facts of the newest message, and the newest value of whatever stands besides."""
    episode, ladder = person[VITALS_KEY], person["ladder"]
    facts += standing_facts(standing_signs(episode, ladder), [fact.metric for fact in facts])
    if is_open(episode):
        facts += untold_facts(episode, ladder, [fact.metric for fact in facts])
    return facts[:MOST_FACTS]
