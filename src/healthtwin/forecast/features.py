"""What the trained members are told of a person: one row of numbers per observation, from a small record.

The same code serves the running house, one observation at a time, and the training table, where everybody's
k-th observation is taken together. Nothing is kept but one fixed-size record per person, the work per
observation is constant, and all arithmetic is elementwise and correctly rounded, so how a stream is cut into
batches never changes a byte.

A value that is not known is NaN, never 0, and the members are built to take it. A metric that was not
measured in this observation is carried forward *with its age*; after `FORGET_H` it is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain.arrays import COLUMN
from healthtwin.forecast import feature_blocks as blocks
from healthtwin.forecast.exertion import elapsed_s, seconds_of
from healthtwin.forecast.feature_names import EVENTS, EXTREME_MEMORIES_H, FEATURES, SERIES, TYPICAL
from healthtwin.forecast.feature_sums import MEMORIES_H, SUMS, add_reading, fading, read, shifted, weight_of
from healthtwin.forecast.member import measured

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.forecast.member import Expected, Flags, Floats, StructuredArray

FEATURES_VERSION: Final = 1
"""Raised whenever a feature or the record changes: models say which version they were trained on."""

OWN_MEMORY_H: Final = 72.0
"""Hours of readings behind a person's own mean and spread within the record; then old ones fade."""

OWN_LEAST_H: Final = 2.0
"""Less than two hours of readings is no "own" level yet."""

_COUNT: Final = len(SERIES)
_COLUMNS: Final = [COLUMN[name] for name in SERIES]
_TYPICAL: Final = np.array(TYPICAL)
_EXTREMES: Final = np.array(EXTREME_MEMORIES_H)
_EVENT_SERIES: Final = [SERIES.index(event.metric) for event in EVENTS]
_EVENT_BELOW: Final = np.array([event.below for event in EVENTS])
_EVENT_FROM: Final = np.array([event.from_ for event in EVENTS])
_HOUR_S: Final = 3600.0

FEATURE_STATE: Final = np.dtype(
    [
        ("first_s", "u4"),  # first observation with any value; 0 never
        ("at_s", "u4", (_COUNT,)),  # latest value of each series; 0 never
        ("before_s", "u4", (_COUNT,)),  # the one before
        ("value", "f4", (_COUNT,)),  # latest
        ("before", "f4", (_COUNT,)),
        ("mean", "f4", (_COUNT,)),  # own, less the typical value
        ("square", "f4", (_COUNT,)),  # own variance
        ("weight", "f4", (_COUNT,)),  # hours of readings behind both
        ("low", "f4", (_COUNT, len(EXTREME_MEMORIES_H))),  # lowest value, forgotten towards the latest
        ("high", "f4", (_COUNT, len(EXTREME_MEMORIES_H))),
        ("event_s", "u4", (len(EVENTS),)),  # when each event last happened; 0 never
        ("event", "f4", (len(EVENTS), len(EXTREME_MEMORIES_H))),  # hours in it, faded, as of at_s
        ("sums", "f4", (SUMS, _COUNT, len(MEMORIES_H))),  # see `feature_sums`; values less the typical one
    ]
)
"""What is remembered of one person."""


def blank_features(count: int) -> StructuredArray:
    """The records of `count` people of whom nothing was seen, shape (count,).

    >>> blank_features(2).shape
    (2,)
    """
    return np.zeros(count, FEATURE_STATE)


def advance(
    state: StructuredArray, observations: StructuredArray, profiles: StructuredArray, expected: Expected
) -> NDArray[np.float32]:
    """Take in one observation per person, in place, and say what is known now.

    An observation in which nothing was measured moves nothing and may be used to ask again later.

    Args:
        state: `FEATURE_STATE`, shape (n,). observations: `domain.OBSERVATION`, shape (n,).
        profiles: `domain.PROFILE`, shape (n,).
        expected: what is usual for each person at this observation, before the twin learned from it;
            `healthtwin.forecast.nothing_expected` where there is no twin.

    Returns:
        Shape (n, len(FEATURES)), columns in the order of `FEATURES`; NaN is unknown.

    >>> from healthtwin.domain.arrays import blank_observations, blank_profiles
    >>> from healthtwin.forecast import nothing_expected
    >>> advance(blank_features(1), blank_observations(1), blank_profiles(1), nothing_expected(1)).shape[0]
    1
    """
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        return _advance(state, observations, profiles, expected)


def _advance(
    state: StructuredArray, observations: StructuredArray, profiles: StructuredArray, expected: Expected
) -> NDArray[np.float32]:
    now_s = seconds_of(observations["time_ms"])
    values = measured(observations)[:, _COLUMNS]
    seen: Flags = ~np.isnan(values)
    never = state["at_s"] == 0
    passed_h = np.where(never, 0.0, _hours(state["at_s"], now_s[:, None]))
    weight = np.where(never, 1.0, weight_of(passed_h))

    sums = shifted(state["sums"].astype(np.float64), passed_h)
    add_reading(sums, values - _TYPICAL, weight, seen)
    own = _own(state, expected)
    kept = fading(passed_h[:, :, None], _EXTREMES)
    _remember_events(state, values, kept, weight, seen, now_s)
    _remember_extremes(state, values, kept, seen, never)
    _remember_values(state, values, weight, seen, now_s)
    np.copyto(state["sums"], sums.astype(np.float32), where=seen[:, None, :, None])
    np.copyto(state["first_s"], now_s, where=(state["first_s"] == 0) & seen.any(axis=1))

    age_h = _hours(state["at_s"], now_s[:, None])
    table = np.empty((len(state), len(FEATURES)), np.float32)
    blocks.fill(
        table,
        blocks.Known(
            state=state,
            observations=observations,
            profiles=profiles,
            z=expected.z[:, _COLUMNS],
            age_h=age_h,
            before_h=_hours(state["before_s"], now_s[:, None]),
            faded=read(sums),
            own_center=own[0],
            own_spread=own[1],
            event_age_h=_hours(state["event_s"], now_s[:, None]),
            known_h=np.where(state["first_s"] == 0, np.nan, _hours(state["first_s"], now_s)),
        ),
    )
    return table


def _hours(since: NDArray[np.uint32], now: NDArray[np.uint32]) -> Floats:
    """Hours from `since` to `now`, infinite for never."""
    return elapsed_s(since, now) / _HOUR_S


def _own(state: StructuredArray, expected: Expected) -> tuple[Floats, Floats]:
    """This person's usual level and spread before this reading: the twin's where it knows, else the record's.

    Both (people, series), NaN where neither knows.
    """
    enough = state["weight"] >= OWN_LEAST_H
    mean = np.where(enough, state["mean"].astype(np.float64) + _TYPICAL, np.nan)
    spread = np.where(enough, np.sqrt(state["square"].astype(np.float64)), np.nan)
    ready = expected.ready[:, _COLUMNS]
    return (
        np.where(ready, expected.center[:, _COLUMNS], mean),
        np.where(ready, expected.spread[:, _COLUMNS], spread),
    )


def _remember_events(
    state: StructuredArray,
    values: Floats,
    kept: Floats,
    weight: Floats,
    seen: Flags,
    now_s: NDArray[np.uint32],
) -> None:
    fresh, value = seen[:, _EVENT_SERIES], values[:, _EVENT_SERIES]
    happens = fresh & ((value < _EVENT_BELOW) | (value >= _EVENT_FROM))
    hours = state["event"] * kept[:, _EVENT_SERIES]
    hours += np.where(happens, weight[:, _EVENT_SERIES], 0.0)[:, :, None]
    np.copyto(state["event"], hours.astype(np.float32), where=fresh[:, :, None])
    np.copyto(state["event_s"], now_s[:, None], where=happens)


def _remember_extremes(
    state: StructuredArray, values: Floats, kept: Floats, seen: Flags, never: Flags
) -> None:
    value = values[:, :, None]
    for name, farther in (("low", np.minimum), ("high", np.maximum)):
        old = np.where(never[:, :, None], value, state[name].astype(np.float64))
        forgotten = value + (old - value) * kept
        np.copyto(state[name], farther(forgotten, value).astype(np.float32), where=seen[:, :, None])


def _remember_values(
    state: StructuredArray, values: Floats, weight: Floats, seen: Flags, now_s: NDArray[np.uint32]
) -> None:
    held = np.minimum(state["weight"].astype(np.float64), OWN_MEMORY_H)
    share = np.where(held > 0.0, weight / (held + weight), 1.0)
    mean = state["mean"].astype(np.float64)
    apart = values - _TYPICAL - mean
    square = np.where(
        held > 0.0, state["square"] + share * (apart * apart * (1.0 - share) - state["square"]), 0.0
    )
    np.copyto(state["square"], square.astype(np.float32), where=seen)
    np.copyto(state["mean"], (mean + share * apart).astype(np.float32), where=seen)
    np.copyto(state["weight"], (held + weight).astype(np.float32), where=seen)
    np.copyto(state["before"], state["value"], where=seen)
    np.copyto(state["before_s"], state["at_s"], where=seen)
    np.copyto(state["value"], values.astype(np.float32), where=seen)
    np.copyto(state["at_s"], now_s[:, None], where=seen)
