"""Everything the house knows about one person between two readings, as one fixed-size record."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain import DAY_MS, SECOND_MS
from healthtwin.domain.arrays import OBSERVATION, PROFILE, blank_observations, blank_profiles
from healthtwin.episodes import DEDUP_KEYS, EPISODE, EPISODE_VERSION, LADDER, QUESTIONED, blank_episodes
from healthtwin.forecast import agreement_counts
from healthtwin.pipeline.sensors import SENSORS
from healthtwin.twin import TWIN, TWIN_VERSION, blank_twins

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.domain.arrays import StructuredArray
    from healthtwin.forecast import Forecast

SITE: Final = np.dtype(
    [
        ("from_ms", "i8"),  # since when `offset` holds; 0: from the beginning
        ("offset", "f8"),  # see `TickPayload.site_offset`
        ("before", "f8"),  # what held until then
    ],
)
"""What the house has learned of all people together, as this person's readings are judged by it."""

HEARD: Final = np.dtype(
    [
        ("vital_ms", "i8"),  # time of the newest vital sign; 0 never
        ("known_until_ms", "i8"),  # until then one that is there says how they are
        ("present_ms", "i8"),  # time of the newest that was younger on arrival than the limit of silence
    ]
)
"""How long ago somebody's vital signs were measured, by the signs' own times."""

_LEARNED: Final = (
    ("person", "S24"),  # pseudonym
    ("last_seen_ms", "i8"),  # time of the newest reading; 0 never
    ("profile", PROFILE),
    ("twin", TWIN),
)

LEARNED: Final = np.dtype(list(_LEARNED))
"""How every state begins, whichever members and models there are: who it is about, and what was learned."""


def state_dtype_of(forecast: Forecast) -> np.dtype[np.void]:
    """One person's state, as these members and models need it."""
    return np.dtype(
        [
            *_LEARNED,
            ("forecast", forecast.dtype),
            *((key, EPISODE) for key in DEDUP_KEYS),
            ("heard", HEARD),
            ("questioned", QUESTIONED),
            ("sensors", SENSORS),
            ("ladder", LADDER),  # of the vitals' episode
            ("site", SITE),
            ("last", OBSERVATION),  # the newest observation, for explanations on demand
        ]
    )


def state_version_of(forecast: Forecast) -> str:
    """Changes with the layout and meaning of any part; other snapshots are computed again from the log."""
    layout = hashlib.blake2b(repr(state_dtype_of(forecast).descr).encode(), digest_size=4).hexdigest()
    return f"state {layout}, twin {TWIN_VERSION}, {forecast.version}, episode {EPISODE_VERSION}"


def blank_states(count: int, forecast: Forecast) -> StructuredArray:
    """States of `count` people of whom nothing is known, of shape `(count,)`.

    >>> from healthtwin.forecast import shipped_forecast
    >>> blank_states(2, shipped_forecast())["last_seen_ms"].tolist()
    [0, 0]
    """
    states = np.zeros(count, state_dtype_of(forecast))
    states["profile"] = blank_profiles(count)
    states["twin"] = blank_twins(count)
    states["forecast"] = forecast.blank(count)
    for key in DEDUP_KEYS:
        states[key] = blank_episodes(count)
    states["last"] = blank_observations(count)
    return states


def come_back(states: StructuredArray, now_ms: NDArray[np.int64], from_ms: NDArray[np.int64]) -> None:
    """The house's clock was ahead: no time in these states may lie after the present, in place.

    Whatever names a moment is called ``…_ms``, ``…_s`` or ``…day``. What names the end of something
    (``…_until_ms``) comes nearer by as much as the clock went back; the start of an episode is its name
    and stays.

    Args:
        states: shape (n,).
        now_ms: the present, shape (n,). from_ms: what the clock showed before, shape (n,).
    """
    for path in _moments(states.dtype):
        field: NDArray[Any] = states
        for name in path:
            field = field[name]
        latest_ms = now_ms.reshape((-1,) + (1,) * (field.ndim - 1))
        name = path[-1]
        if name.endswith("_until_ms"):
            jump_ms = (from_ms - now_ms).reshape(latest_ms.shape)
            field[...] = np.minimum(field, np.maximum(field - jump_ms, latest_ms))
        else:
            one_ms = 1 if name.endswith("_ms") else SECOND_MS if name.endswith("_s") else DAY_MS
            latest = latest_ms // one_ms + (1 if one_ms == DAY_MS else 0)  # days are local ones
            field[...] = np.minimum(field, latest).astype(field.dtype)


@cache
def _moments(dtype: np.dtype[np.void]) -> tuple[tuple[str, ...], ...]:
    found: list[tuple[str, ...]] = []
    for name in dtype.names or ():
        part = dtype[name]
        if part.names:
            found += [(name, *path) for path in _moments(part) if name != "profile"]
        elif name.endswith(("_ms", "_s", "day")) and name != "started_ms" and part.base.kind in "iu":
            found.append((name,))
    return tuple(found)


def site_offsets(states: StructuredArray, time_ms: NDArray[np.int64]) -> NDArray[np.float64]:
    """What held for each person at each instant, shape (people,): a reading is judged by its own time's."""
    site = states["site"]
    held: NDArray[np.float64] = np.where(time_ms >= site["from_ms"], site["offset"], site["before"])
    return held


def alarm_counts(states: StructuredArray) -> NDArray[np.float64]:
    """False trained alarms that each person's time was allowed, and those it got, shape (people, 2)."""
    alarms = states["forecast"]["alarms"]
    return np.stack([alarms["budget"]["asked"], alarms["false"]], axis=1)


def site_record(states: StructuredArray) -> NDArray[np.float64]:
    """One for each person, and the house's offset as they have heard of it, shape (people, 2)."""
    offset = states["site"]["offset"]
    return np.stack([np.ones_like(offset), offset], axis=1)


def score_bands(states: StructuredArray) -> NDArray[np.float32]:
    """Hours that each person's trained scores spent in each band lately, shape (people, watched, bands)."""
    bands: NDArray[np.float32] = states["forecast"]["trained"]["bands"]
    return bands


def shadow_counts(states: StructuredArray, shadows: int) -> NDArray[np.float64]:
    """How each person's shadow models stood to those that speak: `forecast.agreement_counts`."""
    return agreement_counts(states["forecast"]["trained"], shadows)
