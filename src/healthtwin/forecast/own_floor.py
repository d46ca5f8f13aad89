"""What is usual for one person and lies beyond an ordinary limit: a known low pulse, a height above the sea.

A limit is made stricter at once and looser only with a name, a date and an end; what never moves stays: no
heart below 30 /min is anybody's usual (Sharma et al., J Am Coll Cardiol 2017;69:1057), nor is oxygen below
80 %.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain.clock import DAY_MS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.forecast.member import Flags, Floats, StructuredArray

LOWEST_FLOOR: Final = 30
"""No pulse below is anybody's usual, 1/min."""

HIGHEST_FLOOR: Final = 40
"""From here on the ordinary limit needs no moving, 1/min."""

NIGHTS: Final = 14
"""Days of which the lowest pulse at rest is kept."""

KEPT_BELOW: Final = 50.0
"""Pulses from here on are no low ones: a floor that they would give moves nothing, 1/min."""

LEAST_DAYS: Final = 3
"""Of so many days a low pulse was seen, or none is confirmed: one may be a sensor that lost the beat."""

NOW_DAYS: Final = 2
"""Days that say how low the heart goes now: last night, and the one before where today has none yet."""

BELOW_USUAL: Final = 5
"""How far under the usual low the floor lies: what a meter may be off (ANSI/AAMI EC13), 1/min."""

CONFIRMED_DAYS: Final = 180
"""A confirmed low pulse holds so long, then it is to be confirmed again (our own choice)."""

ALTITUDE_FROM_M: Final = 2500
"""Above, oxygen is lower at all ages (Rojas-Camayo et al., Thorax 2018;73:776)."""

ALTITUDE_STEP_M: Final = 250
"""Metres that cost 1 % of oxygen saturation in the limits above that (our own choice)."""

ALTITUDE_MOST: Final = 10
"""At most so many points: never below 80 %."""

ACCLIMATISING_DAYS: Final = 3
"""A visitor's first days do not count as usual."""

LOWS_STATE: Final = (
    ("lows", "u1", (NIGHTS,)),  # lowest pulse at rest of each day that had a low one, newest first, 1/min
    ("low_day", "i4"),  # local day of the newest
)
"""What is remembered of one person."""


def note_lows(state: StructuredArray, observations: StructuredArray, heart: Floats, resting: Flags) -> None:
    """Remember each day's lowest pulse at rest, in place.

    Args:
        heart: 1/min, NaN where not measured, shape (n,). resting: shape (n,).
    """
    taken = resting & (heart < KEPT_BELOW)  # NaN compares as False
    if not taken.any():
        return
    lows, day = state["lows"], observations["day"]
    begins = taken & (day > state["low_day"])
    if begins.any():
        lows[begins, 1:] = lows[begins, :-1]
        lows[begins, 0] = 0
        state["low_day"][begins] = day[begins]
    now = np.where(taken, np.nan_to_num(heart), 255).astype(np.uint8)
    lowest = np.where(lows[:, 0] == 0, now, np.minimum(lows[:, 0], now))
    np.copyto(lows[:, 0], lowest, where=taken & (day == state["low_day"]))


def confirm_low_pulse(profiles: StructuredArray, safety: StructuredArray, time_ms: int) -> None:
    """Somebody confirmed that a person's heart beats as is usual for them now, in place.

    The floor lies `BELOW_USUAL` under the lowest value of the newest days (`NOW_DAYS`), within 30 to 40 /min:
    what is confirmed is how the heart beats now, not how it beat before a medicine was begun.

    Args:
        profiles: shape (n,). safety: records of the safety rules, shape (n,).
    """
    for profile, lows in zip(profiles, safety["lows"], strict=True):
        known = lows[lows > 0]
        newest = lows[:NOW_DAYS][lows[:NOW_DAYS] > 0]
        floor = float(newest.min()) - BELOW_USUAL if len(known) >= LEAST_DAYS and len(newest) else 0.0
        lower = 0 < floor < HIGHEST_FLOOR
        profile["confirmed_low_pulse"] = max(round(floor), LOWEST_FLOOR) if lower else 0
        profile["confirmed_until"] = time_ms // DAY_MS + CONFIRMED_DAYS if lower else 0
        profile["own"] |= lower


def pulse_floor(profiles: StructuredArray, day: NDArray[np.int64]) -> Floats:
    """Down to which rate a low pulse is known, shape (n,); infinite where it is not.

    Args:
        day: of the observation, days since 1970-01-01, shape (n,).
    """
    floor = np.full(len(profiles), np.inf)
    for rate, until in (("low_pulse", "low_pulse_until"), ("confirmed_low_pulse", "confirmed_until")):
        holds = (profiles[rate] > 0) & (day <= profiles[until])
        floor = np.where(holds, np.minimum(floor, profiles[rate]), floor)
    held: Floats = np.maximum(floor, float(LOWEST_FLOOR))
    return held


def usual_score(profiles: StructuredArray, day: NDArray[np.int64]) -> NDArray[np.int64]:
    """The NEWS2 total that is usual for each person, as on oxygen at home, shape (n,); 0 where unknown."""
    holds = (profiles["usual_news2"] > 0) & (day <= profiles["usual_news2_until"])
    return np.where(holds, profiles["usual_news2"].astype(np.int64), 0)


def oxygen_shift(profiles: StructuredArray, day: NDArray[np.int64]) -> Floats:
    """By how much the limits of oxygen lie lower at the person's height, points of %, shape (n,)."""
    holds = (day <= profiles["altitude_until"]) & (day >= profiles["altitude_since"] + ACCLIMATISING_DAYS)
    above_m = np.maximum(profiles["altitude_m"].astype(np.float64) - ALTITUDE_FROM_M, 0.0)
    shift: Floats = np.where(holds, np.minimum(above_m // ALTITUDE_STEP_M, ALTITUDE_MOST), 0.0)
    return shift
