"""Everything the house knows about one person between two readings, as one fixed-size record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.alerts import EPISODE, EPISODE_VERSION, SILENCE_KEY, VITALS_KEY, blank_episodes
from healthtwin.domain.arrays import OBSERVATION, PROFILE, blank_observations, blank_profiles
from healthtwin.forecast import FORECAST, FORECAST_VERSION, blank_forecasts
from healthtwin.twin import TWIN, TWIN_VERSION, blank_twins

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.domain.arrays import Records

STATE: Final = np.dtype(
    [
        ("person", "S24"),  # pseudonym
        ("last_seen_ms", "i8"),  # time of the newest reading; 0 never
        ("profile", PROFILE),
        ("twin", TWIN),
        ("forecast", FORECAST),
        (VITALS_KEY, EPISODE),
        (SILENCE_KEY, EPISODE),
        ("last", OBSERVATION),  # the newest observation, for explanations on demand
    ],
)
"""One person's state."""

_LAYOUT: Final = 1

STATE_VERSION: Final = f"state {_LAYOUT}, twin {TWIN_VERSION}, {FORECAST_VERSION}, episode {EPISODE_VERSION}"
"""Changes with the meaning of any part; snapshots of another version are computed again from the log."""


def blank_states(count: int) -> Records:
    """States of `count` people of whom nothing is known, of shape `(count,)`.

    >>> blank_states(2)["last_seen_ms"].tolist()
    [0, 0]
    """
    states = np.zeros(count, STATE)
    states["profile"] = blank_profiles(count)
    states["twin"] = blank_twins(count)
    states["forecast"] = blank_forecasts(count)
    states[VITALS_KEY] = blank_episodes(count)
    states[SILENCE_KEY] = blank_episodes(count)
    states["last"] = blank_observations(count)
    return states


def score_bands(states: Records) -> NDArray[np.float32]:
    """Hours that each person's trained scores spent in each band lately, shape (people, watched, bands)."""
    bands: NDArray[np.float32] = states["forecast"]["trained"]["bands"]
    return bands
