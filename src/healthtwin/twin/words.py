"""The twin in words: one person's deviations, usual ranges, rhythm of the day, and sentences about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import DAY_MS, HOUR_MS, LEARNED, METRICS, MINUTE_MS, Deviation, Direction
from healthtwin.domain.arrays import COLUMN, blank_observations
from healthtwin.twin.baseline import expect
from healthtwin.twin.state import HOURS
from healthtwin.twin.tuning import DEFAULT_TUNING, Tuning

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from healthtwin.twin.baseline import Expectation
    from healthtwin.twin.state import Records

RESTING_BELOW: Final = 0.5
LIGHT_BELOW: Final = 1.5

ROUGH_STEPS: Final = 5
"""A spread of fewer steps than this gets one decimal more: "± 2" for 2.5 would belie the distance shown."""


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


def _one(record: np.void) -> Records:
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


def _whole_day(time_ms: int, activity: float | None = None) -> Records:
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


def moments(twin: np.void, observations: Records, tuning: Tuning = DEFAULT_TUNING) -> tuple[Moment, ...]:
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
            )
        )
    return found


def activity_word(activity: float | None) -> str:
    """How an activity level is called in a sentence; empty when it is unknown.

    >>> activity_word(0.2), activity_word(1), activity_word(3), activity_word(None)
    ('resting', 'lightly active', 'active', '')
    """
    if activity is None or np.isnan(activity):
        return ""
    if activity < RESTING_BELOW:
        return "resting"
    return "lightly active" if activity < LIGHT_BELOW else "active"


def duration_words(duration_ms: int) -> str:
    """A duration as people say it.

    >>> (
    ...     duration_words(30_000),
    ...     duration_words(2_400_000),
    ...     duration_words(9_000_000),
    ...     duration_words(300_000_000),
    ... )
    ('less than a minute', '40 minutes', '2 h 30 min', '3 days')
    """
    if duration_ms < MINUTE_MS:
        return "less than a minute"
    if duration_ms < 2 * HOUR_MS:
        minutes = duration_ms // MINUTE_MS
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    if duration_ms < 2 * DAY_MS:
        hours, rest = divmod(duration_ms, HOUR_MS)
        minutes = rest // MINUTE_MS
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{duration_ms // DAY_MS} days"


def value_words(metric: str, value: float, *, with_unit: bool = True) -> str:
    """A value with its unit, rounded to what means something.

    >>> (
    ...     value_words("heart_rate", 84.2),
    ...     value_words("body_temperature", 37.0),
    ...     value_words("oxygen_saturation", 97),
    ... )
    ('84 /min', '37.0 °C', '97 %')
    """
    number = f"{value:.{METRICS[metric].digits}f}"
    unit = METRICS[metric].symbol
    return f"{number} {unit}" if unit and with_unit else number


def _spread_words(metric: str, spread: float) -> str:
    decimals = METRICS[metric].digits
    if spread < ROUGH_STEPS * 10**-decimals:
        decimals += 1
    return f"{spread:.{decimals}f}"


def explain(deviation: Deviation, *, activity: float | None = None, now_ms: int | None = None) -> str:
    """One deviation as a sentence: value, what is usual for this person then, how far off, how long.

    The distance is in spreads: 3.2 above means 3.2 times the ± figure.

    Args:
        deviation: what to explain.
        activity: the activity level that was expected for; None when unknown.
        now_ms: epoch milliseconds up to which a departure has lasted; None leaves the duration out.

    >>> high = Deviation("heart_rate", 84, 68, 5, 3.2, Direction.ABOVE, 1_000_000, 14)
    >>> explain(high, activity=0, now_ms=3_400_000)
    '84 /min; for you at 14:00, resting, 68 ± 5; 3.2 above; for 40 minutes'
    """
    metric = deviation.metric
    when = ", ".join(part for part in (f"at {deviation.hour:02d}:00", activity_word(activity)) if part)
    center = value_words(metric, deviation.expected, with_unit=False)
    usual = f"{center} ± {_spread_words(metric, deviation.spread)}"
    parts = [
        value_words(metric, deviation.value),
        f"for you {when}, {usual}",
        f"{abs(deviation.z):.1f} {deviation.direction}",
    ]
    if deviation.since_ms is not None and now_ms is not None:
        parts.append(f"for {duration_words(max(now_ms - deviation.since_ms, 0))}")
    return "; ".join(parts)
