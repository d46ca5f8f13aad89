"""What the twin says: one person's deviations, usual ranges and rhythm of the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import LEARNED, Deviation, Direction, Said
from healthtwin.domain.arrays import COLUMN, blank_observations
from healthtwin.domain.shifts import USUAL
from healthtwin.twin.baseline import expect
from healthtwin.twin.state import HOURS
from healthtwin.twin.tuning import DEFAULT_TUNING, Tuning

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from healthtwin.twin.baseline import Expectation
    from healthtwin.twin.state import StructuredArray

RESTING_BELOW: Final = 0.5
LIGHT_BELOW: Final = 1.5


@dataclass(frozen=True, slots=True)
class UsualRange:
    """Personal thresholds of one metric at one hour and activity.

    Attributes:
        metric: name in `healthtwin.domain.METRICS`.
        hour: local hour of day, 0 to 23.
        center: expected value, in the metric's unit.
        spread: one robust standard deviation, same unit.
        low, high: where "unusual for you" begins, same unit; kept within what the metric can be.
    """

    metric: str
    hour: int
    center: float
    spread: float
    low: float
    high: float


def _one(record: np.void) -> StructuredArray:
    return np.array([record])


def _ranges_of(
    expectation: Expectation, columns: Sequence[int], hours: Sequence[int], first_row: int = 0
) -> list[tuple[UsualRange | None, ...]]:
    """For each of these columns one range per row of the expectation from `first_row` on, at `hours`."""
    parts = (expectation.ready, expectation.center, expectation.spread, expectation.low, expectation.high)
    rows = slice(first_row, first_row + len(hours))
    # One pass through numpy and plain numbers from there: element by element costs ten times as much.
    whole = zip(*(part[rows][:, columns].T.tolist() for part in parts), strict=True)
    return [
        tuple(
            UsualRange(metric.name, hour, center, spread, max(low, metric.low), min(high, metric.high))
            if ready
            else None
            for hour, ready, center, spread, low, high in zip(hours, *told, strict=True)
        )
        for metric, told in zip((LEARNED[column] for column in columns), whole, strict=True)
    ]


def usual_ranges(
    twin: np.void, observation: np.void, tuning: Tuning = DEFAULT_TUNING
) -> tuple[UsualRange, ...]:
    """The personal thresholds at the observation's time, hour and activity, of every metric that has any.

    Args:
        twin: one `TWIN` record.
        observation: one `OBSERVATION` record; its values are not looked at.
        tuning: how the twin learned.
    """
    expectation = expect(_one(twin), _one(observation), tuning)
    found = _ranges_of(expectation, range(len(LEARNED)), [int(observation["hour"])])
    return tuple(usual for (usual,) in found if usual is not None)


def daily_rhythm(
    twin: np.void, metric: str, time_ms: int, activity: float | None = None, tuning: Tuning = DEFAULT_TUNING
) -> tuple[UsualRange | None, ...]:
    """The usual range of one metric for each of the 24 local hours, as known at `time_ms`; None if unknown.

    Args:
        twin: one `TWIN` record.
        metric: name of a learned metric.
        time_ms: epoch milliseconds; what was learned long before counts less.
        activity: level, or None for the person's usual one.
        tuning: how the twin learned.
    """
    expectation = expect(np.repeat(_one(twin), HOURS), _whole_day(time_ms, activity), tuning)
    (rhythm,) = _ranges_of(expectation, [COLUMN[metric]], range(HOURS))
    return rhythm


def _whole_day(time_ms: int, activity: float | None = None) -> StructuredArray:
    hours = blank_observations(HOURS)
    hours["hour"] = np.arange(HOURS)
    hours["time_ms"] = time_ms
    hours["activity"] = np.nan if activity is None else activity
    return hours


@dataclass(frozen=True, slots=True)
class Moment:
    """What one observation's metrics are measured against, by metric; what is not known yet is left out.

    Attributes:
        usual: range at that hour and activity. deviations: of the values. rhythms: `daily_rhythm` of each.
    """

    usual: Mapping[str, UsualRange]
    deviations: Mapping[str, Deviation]
    rhythms: Mapping[str, tuple[UsualRange | None, ...]]


def moments(
    twin: np.void, observations: StructuredArray, tuning: Tuning = DEFAULT_TUNING
) -> tuple[Moment, ...]:
    """`usual_ranges`, `deviations` and `daily_rhythm` of what some observations measured, in two predictions.

    Args:
        twin: one `TWIN` record.
        observations: of the twin's person, shape `(n,)`.
        tuning: how the twin learned.
    """
    count = len(observations)
    if not count:
        return ()
    then = expect(np.repeat(_one(twin), count), observations, tuning)
    days = np.concatenate([_whole_day(int(observation["time_ms"])) for observation in observations])
    all_day = expect(np.repeat(_one(twin), len(days)), days, tuning)
    found = []
    for row, observation in enumerate(observations):
        columns = np.flatnonzero(~np.isnan(observation["value"])).tolist()
        names = [LEARNED[column].name for column in columns]
        usual = _ranges_of(then, columns, [int(observation["hour"])], row)
        rhythms = _ranges_of(all_day, columns, range(HOURS), row * HOURS)
        found.append(
            Moment(
                {name: known for name, (known,) in zip(names, usual, strict=True) if known is not None},
                {each.metric: each for each in _deviations_of(then, row, twin, observation)},
                dict(zip(names, rhythms, strict=True)),
            )
        )
    return tuple(found)


def deviations(twin: np.void, observation: np.void, tuning: Tuning = DEFAULT_TUNING) -> tuple[Deviation, ...]:
    """How unusual each value of an observation is for this person, the most unusual first.

    Metrics that were not measured, and those of which too little is known, are left out. `since_ms` comes
    from `note_departures`: call it first where the duration matters.

    Args:
        twin: one `TWIN` record.
        observation: one `OBSERVATION` record.
        tuning: how the twin learned.
    """
    expectation = expect(_one(twin), _one(observation), tuning)
    found = _deviations_of(expectation, 0, twin, observation)
    return tuple(sorted(found, key=lambda deviation: -abs(deviation.z)))


def _deviations_of(
    expectation: Expectation, row: int, twin: np.void, observation: np.void
) -> list[Deviation]:
    found = []
    for column in np.flatnonzero(np.isfinite(expectation.z[row])).tolist():
        z = float(expectation.z[row, column])
        since_s = int(twin["since_s"][column])
        found.append(
            Deviation(
                metric=LEARNED[column].name,
                value=float(observation["value"][column]),
                expected=float(expectation.center[row, column]),
                spread=float(expectation.spread[row, column]),
                z=z,
                direction=Direction.ABOVE if z >= 0 else Direction.BELOW,
                since_ms=since_s * 1000 if since_s else None,
                hour=int(observation["hour"]),
                low=float(expectation.low[row, column]),
                high=float(expectation.high[row, column]),
            )
        )
    return found


def activity_word(activity: float | None) -> str | None:
    """How an activity level is named in what is said; None when it is unknown.

    >>> activity_word(0.2), activity_word(1), activity_word(3), activity_word(None)
    ('resting', 'light', 'active', None)
    """
    if activity is None or np.isnan(activity):
        return None
    if activity < RESTING_BELOW:
        return "resting"
    return "light" if activity < LIGHT_BELOW else "active"


def explain(deviation: Deviation, *, activity: float | None = None, now_ms: int | None = None) -> Said:
    """One deviation: value, how far from what is usual for this person then, in the metric's unit, how long.

    The figure after ± is how far the usual range reaches on the value's side, so that 62 ± 5 says 57 to 67. A
    value inside that range is never said to be above or below.

    Args:
        deviation: what to explain.
        activity: the activity level that was expected for; None when unknown.
        now_ms: epoch milliseconds up to which a departure has lasted; None leaves the duration out.

    >>> high = Deviation("heart_rate", 84, 68, 5, 3.2, Direction.ABOVE, 1_000_000, 14, 58, 78)
    >>> told = explain(high, activity=0, now_ms=3_400_000)
    >>> told.code, told.facts["away"], told.facts["direction"], told.facts["lasting"].facts
    ('against-usual', 16, 'above', {'ms': 2400000})
    """
    lasting = None
    if deviation.outside and deviation.since_ms is not None and now_ms is not None:
        lasting = Said.of("lasting", ms=max(now_ms - deviation.since_ms, 0))
    edge = deviation.high if deviation.direction is Direction.ABOVE else deviation.low
    return Said.of(
        "against-usual",
        metric=deviation.metric,
        value=deviation.value,
        hour=deviation.hour,
        activity=activity_word(activity),
        expected=deviation.expected,
        reach=USUAL * deviation.spread if edge is None else abs(edge - deviation.expected),
        away=abs(deviation.value - deviation.expected),
        direction=deviation.direction.value if deviation.outside else "within",
        lasting=lasting,
    )
