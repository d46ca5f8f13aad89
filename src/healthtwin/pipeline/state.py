"""Everything the house knows about one person between two readings, as one fixed-size record."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain.arrays import OBSERVATION, PROFILE, blank_observations, blank_profiles
from healthtwin.episodes import DEDUP_KEYS, EPISODE, EPISODE_VERSION, blank_episodes
from healthtwin.forecast import FORECAST, FORECAST_VERSION, blank_forecasts
from healthtwin.twin import TWIN, TWIN_VERSION, blank_twins

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.domain.arrays import Records

SITE: Final = np.dtype(
    [
        ("from_ms", "i8"),  # since when `offset` holds; 0: from the beginning
        ("offset", "f8"),  # see `TickPayload.site_offset`
        ("before", "f8"),  # what held until then
    ],
)
"""What the house has learned of all people together, as this person's readings are judged by it."""

STATE: Final = np.dtype(
    [
        ("person", "S24"),  # pseudonym
        ("last_seen_ms", "i8"),  # time of the newest reading; 0 never
        ("profile", PROFILE),
        ("twin", TWIN),
        ("forecast", FORECAST),
        *((key, EPISODE) for key in DEDUP_KEYS),
        ("site", SITE),
        ("last", OBSERVATION),  # the newest observation, for explanations on demand
    ],
)
"""One person's state."""

_LAYOUT: Final = hashlib.blake2b(repr(STATE.descr).encode(), digest_size=4).hexdigest()

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
    for key in DEDUP_KEYS:
        states[key] = blank_episodes(count)
    states["last"] = blank_observations(count)
    return states


def site_offsets(states: Records, time_ms: NDArray[np.int64]) -> NDArray[np.float64]:
    """What held for each person at each instant, shape (people,): a reading is judged by its own time's."""
    site = states["site"]
    held: NDArray[np.float64] = np.where(time_ms >= site["from_ms"], site["offset"], site["before"])
    return held


def alarm_counts(states: Records) -> NDArray[np.float64]:
    """False trained alarms that each person's time was allowed, and those it got, shape (people, 2)."""
    alarms = states["forecast"]["alarms"]
    return np.stack([alarms["budget"]["asked"], alarms["false"]], axis=1)


def site_record(states: Records) -> NDArray[np.float64]:
    """One for each person, and the house's offset as they have heard of it, shape (people, 2)."""
    offset = states["site"]["offset"]
    return np.stack([np.ones_like(offset), offset], axis=1)


def score_bands(states: Records) -> NDArray[np.float32]:
    """Hours that each person's trained scores spent in each band lately, shape (people, watched, bands)."""
    bands: NDArray[np.float32] = states["forecast"]["trained"]["bands"]
    return bands
