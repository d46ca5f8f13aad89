"""A reading that is possible and hard to believe: a second one is asked for, and silence never follows.

What is doubted is told as "one reading, not confirmed: measure again now". The next reading of the same
metric settles it. Where none comes, it is told at the level of its own limit after `CONTINUOUS_WAIT_S` of a
meter that measures all the time and `SPOT_WAIT_S` of any other: doubt delays, it never hides.

Not doubted is what must be acted on at once: oxygen below 80 %, breathing of 5 /min and less, whoever is not
alert, and a reading beside which another meter shows somebody in need.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.forecast.beyond import METER
from healthtwin.forecast.exertion import elapsed_s
from healthtwin.forecast.limit import PLACE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.forecast.beyond import Beyond
    from healthtwin.forecast.exertion import Seconds
    from healthtwin.forecast.limits import LimitArrays
    from healthtwin.forecast.member import Flags, Floats, StructuredArray

CONTINUOUS_WAIT_S: Final = 2 * 60
SPOT_WAIT_S: Final = 15 * 60
LONGEST_S: Final = 4 * 3600
"""After this a doubted reading says nothing about now."""

FASTEST_HEART: Final = 220.0
"""A grown heart above is doubted: 220 less the age is what effort reaches, 1/min."""

HEART_JUMP: Final = 60.0
"""More than so much within a minute at rest is a sensor that lost the beat, 1/min."""

HALF_OR_DOUBLE: Final = 1.0
"""How near to half or twice the last value a pulse is that missed every second beat, 1/min."""

SPO2_FALL: Final = 10.0
"""Points of oxygen that nobody loses in ten seconds (OURS)."""

NEVER_DOUBTED_SPO2: Final = 80.0

PULSE_PRESSURE: Final = (15.0, 120.0)
"""Between systolic and diastolic pressure: less or more is a cuff that was disturbed, mm[Hg] (OURS)."""

FEVER_JUMP: Final = 1.5
"""Degrees that no body gains or loses in five minutes, Cel (OURS)."""

JUMP_WITHIN_S: Final = 60
HALF_WITHIN_S: Final = 5 * 60
FALL_WITHIN_S: Final = 10
LEAP_WITHIN_S: Final = 5 * 60

DOUBT_STATE: Final = (
    ("doubt_s", "u4"),  # when what waits for a second reading was measured; 0 nothing waits
    ("doubt_value", "f4"),
    ("doubt_wait_s", "u2"),
    ("doubt_place", "u1"),  # of its metric
    ("doubt_side", "u1"),
    ("doubt_tier", "u1"),
    ("doubt_hard", "u1"),  # 1 where it is hard to believe, 0 where its limit wants a second reading
)
"""What is remembered of one person."""


@dataclass(frozen=True, slots=True, eq=False)
class Before:
    """What was known before an observation: of each limited metric the latest value (NaN never) and when.

    Both of shape (people, metrics).
    """

    value: Floats
    read_s: Seconds


_HEART, _SPO2, _TEMPERATURE = (
    PLACE[name] for name in ("heart_rate", "oxygen_saturation", "body_temperature")
)
_SYS, _DIA = PLACE["blood_pressure_systolic"], PLACE["blood_pressure_diastolic"]


def hard_to_believe(before: Before, values: Floats, now_s: Seconds, adult: Flags, resting: Flags) -> Flags:
    """Which values are doubted on their own, shape (people, metrics).

    Args:
        before: what stood before this observation.
        values: of the limited metrics, NaN where not measured.
    """
    doubted = np.zeros(values.shape, np.bool_)
    ago = elapsed_s(before.read_s, now_s[:, None])
    # Of two values of one instant neither is the later: a fall from one to the other is none.
    ago = np.where(ago > 0, ago, np.inf)
    heart, last = values[:, _HEART], before.value[:, _HEART]  # NaN compares as False
    jump = resting & (np.abs(heart - last) > HEART_JUMP) & (ago[:, _HEART] <= JUMP_WITHIN_S)
    half = (np.abs(heart * 2 - last) <= HALF_OR_DOUBLE) | (np.abs(heart - last * 2) <= HALF_OR_DOUBLE)
    counted = half & (ago[:, _HEART] <= HALF_WITHIN_S)
    doubted[:, _HEART] = (adult & (heart > FASTEST_HEART)) | jump | counted
    falls = (before.value[:, _SPO2] - values[:, _SPO2] >= SPO2_FALL) & (ago[:, _SPO2] < FALL_WITHIN_S)
    doubted[:, _SPO2] = falls & (values[:, _SPO2] >= NEVER_DOUBTED_SPO2)
    apart = values[:, _SYS] - values[:, _DIA]
    disturbed = (apart < PULSE_PRESSURE[0]) | (apart > PULSE_PRESSURE[1])
    doubted[:, _SYS], doubted[:, _DIA] = disturbed, disturbed
    leaps = np.abs(values[:, _TEMPERATURE] - before.value[:, _TEMPERATURE]) > FEVER_JUMP
    doubted[:, _TEMPERATURE] = leaps & (ago[:, _TEMPERATURE] <= LEAP_WITHIN_S)
    return doubted


def doubted_at(state: StructuredArray, now_s: Seconds) -> Flags:
    """Which values of the observation at `now_s` were doubted, once it was noted, shape (people, metrics)."""
    here = (state["doubt_s"] == now_s) & (state["doubt_hard"] > 0)
    meter: Flags = METER[state["doubt_place"].astype(np.intp)][:, None] == METER
    doubted: Flags = here[:, None] & meter
    return doubted


def settle(state: StructuredArray, values: Floats, now_s: Seconds) -> None:
    """Forget what waited where its metric was measured again, or where it is too old, in place."""
    waiting = state["doubt_s"] > 0
    if not waiting.any():
        return
    place = state["doubt_place"].astype(np.intp)
    again = ~np.isnan(np.take_along_axis(values, place[:, None], axis=1)[:, 0])
    newer = elapsed_s(state["doubt_s"], now_s) > 0
    old = elapsed_s(state["doubt_s"], now_s) > LONGEST_S
    state["doubt_s"][waiting & ((again & newer) | old)] = 0


def wait(
    state: StructuredArray,
    beyond: Beyond,
    limits: LimitArrays,
    values: Floats,
    now_s: Seconds,
    before: Before,
) -> None:
    """Remember what waits for a second reading, in place: of each person the gravest."""
    asked = (beyond.passed & limits.waits).any(axis=-1) | beyond.doubted[:, :, None]
    tier = np.where(beyond.alone & asked, beyond.own, 0)
    if not tier.any():
        return
    for i in np.flatnonzero(tier.any(axis=(1, 2))).tolist():
        place, side = divmod(int(tier[i].argmax()), 2)
        record = state[i : i + 1]
        if record["doubt_s"][0] and record["doubt_tier"][0] > tier[i, place, side]:
            continue
        ago_s = float(elapsed_s(before.read_s[i, place : place + 1], now_s[i : i + 1])[0])
        record["doubt_s"], record["doubt_value"] = now_s[i], values[i, place]
        record["doubt_wait_s"] = CONTINUOUS_WAIT_S if ago_s <= CONTINUOUS_WAIT_S else SPOT_WAIT_S
        record["doubt_place"], record["doubt_side"] = place, side
        record["doubt_tier"], record["doubt_hard"] = tier[i, place, side], beyond.doubted[i, place]


def overdue(state: StructuredArray, now_s: Seconds) -> NDArray[np.uint8]:
    """What waited long enough and is told as it is: its tier, 0 where nothing is, shape (people,)."""
    waited = elapsed_s(state["doubt_s"], now_s)
    due = (state["doubt_s"] > 0) & (waited >= state["doubt_wait_s"]) & (waited <= LONGEST_S)
    tiers: NDArray[np.uint8] = np.where(due, state["doubt_tier"], 0).astype(np.uint8)
    return tiers
