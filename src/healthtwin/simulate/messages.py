"""What a synthetic person's phone would send: the fields of `POST /api/vitals`, in time order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import numpy as np

from healthtwin.domain import DAY_MS, HOUR_MS, METRICS, MINUTE_MS, from_ms
from healthtwin.simulate.people import Kit, SyntheticPerson, is_asleep, usual_activity, usual_vitals
from healthtwin.simulate.scenarios import Scenario, bend

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

LIVE_STEP_MS: Final = 5 * MINUTE_MS
"""The app measures every five minutes while it is open."""

_TEMPERATURE_EVERY: Final = 3
_PRESSURE_HOURS: Final = (8, 20)
_WAKING_GAP_MS: Final = 90 * MINUTE_MS
_NIGHT_GAP_MS: Final = 3 * HOUR_MS


@dataclass(frozen=True, slots=True)
class SyntheticMessage:
    """One message: when, and metric → value."""

    time_ms: int
    values: Mapping[str, float]


def history(
    person: SyntheticPerson, *, days: int, until_ms: int, rng: np.random.Generator
) -> list[SyntheticMessage]:
    """`days` of ordinary life before `until_ms`: a message every 90 minutes or so awake, 180 asleep.

    >>> from healthtwin.simulate.people import draw_person
    >>> rng = np.random.default_rng(7)
    >>> ada = draw_person(rng, this_year=2026)
    >>> past = history(ada, days=2, until_ms=1_772_366_400_000, rng=rng)
    >>> 20 < len(past) < 40, past[-1].time_ms < 1_772_366_400_000
    (True, True)
    """
    times = []
    time_ms = until_ms - days * DAY_MS
    while time_ms < until_ms:
        times.append(time_ms)
        asleep = is_asleep(person, _hours(np.array([time_ms]), person.timezone))[0]
        gap = _NIGHT_GAP_MS if asleep else _WAKING_GAP_MS
        time_ms += int(gap * rng.uniform(0.75, 1.35))
    moments = np.array(times, np.int64)
    hours = _hours(moments, person.timezone)
    activity = usual_activity(person, hours, rng)
    return _messages(person, moments, hours, activity, usual_vitals(person, hours, activity, rng))


def play(
    person: SyntheticPerson,
    scenario: Scenario,
    *,
    start_ms: int,
    onset_ms: int,
    size: float,
    rng: np.random.Generator,
) -> list[SyntheticMessage]:
    """The watched stretch: a message every five minutes from `start_ms` through the scenario's end.

    Args:
        onset_ms: when the effect begins; before it, life is ordinary and at rest.
        size: factor on the full effect (`Strength.draw`).
    """
    moments = np.arange(start_ms, onset_ms + scenario.plays_ms + 1, LIVE_STEP_MS, dtype=np.int64)
    if scenario.silent:
        moments = moments[moments < onset_ms]
    hours = _hours(moments, person.timezone)
    started = moments >= onset_ms
    activity = usual_activity(person, hours, rng)
    if scenario.activity is not None:
        activity = np.where(started, scenario.activity, np.minimum(activity, 0.3))
    # The effort that raises the vitals is part of the scenario's effect: counted once, not twice.
    own_effort = started & (scenario.activity is not None)
    ordinary = usual_vitals(person, hours, np.where(own_effort, 0.1, activity), rng)
    bent = bend(ordinary, scenario, moments - onset_ms, size)
    return _messages(person, moments, hours, activity, bent)


def _hours(moments: NDArray[np.int64], timezone: str) -> NDArray[np.float64]:
    zone = ZoneInfo(timezone)
    local = [from_ms(int(moment)).astimezone(zone) for moment in moments]
    return np.array([moment.hour + moment.minute / 60 for moment in local])


def _messages(
    person: SyntheticPerson,
    moments: NDArray[np.int64],
    hours: NDArray[np.float64],
    activity: NDArray[np.float64],
    vitals: dict[str, NDArray[np.float64]],
) -> list[SyntheticMessage]:
    """Rounded as a sensor would, kept in the plausible range, and only what the kit measures."""
    messages = []
    for i, moment in enumerate(moments.tolist()):
        values = {"activity_level": round(float(activity[i]), 2)}
        for name, column in vitals.items():
            if _measured(person, name, i, hours[i]):
                metric = METRICS[name]
                rounded = round(float(column[i]) / metric.resolution) * metric.resolution
                values[name] = round(min(max(rounded, metric.low), metric.high), 3)
        messages.append(SyntheticMessage(moment, values))
    return messages


def _measured(person: SyntheticPerson, metric: str, index: int, hour: float) -> bool:
    if metric == "oxygen_saturation":
        return person.kit is Kit.PHONE_AND_OXIMETER
    if metric == "body_temperature":
        return index % _TEMPERATURE_EVERY == 0
    if metric.startswith("blood_pressure"):
        return int(hour) in _PRESSURE_HOURS
    return True
