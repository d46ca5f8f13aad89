"""A reading that is possible and hard to believe: a second one is asked for, and silence never follows.

What is doubted is told as "one reading, not confirmed: measure again now". The next reading of the same
metric settles it. Where none comes, it is told at the level of its own limit after `CONTINUOUS_WAIT_S` of a
meter that measures all the time and `SPOT_WAIT_S` of any other: doubt delays, it never hides. Each metric
waits by itself, so that doubt about a pressure does not put out doubt about breathing.

Not doubted is what must be acted on at once: oxygen below 80 %, breathing of 5 /min and less, whoever is not
alert, and a reading beside which another meter shows somebody in need, whichever of the two came first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.forecast.beyond import METER
from healthtwin.forecast.exertion import elapsed_s
from healthtwin.forecast.limit import LOW, METRICS, PLACE, Tier

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

_OF_EACH: Final = (len(METRICS),)

DOUBT_STATE: Final = (
    ("doubt_s", "u4", _OF_EACH),  # when what waits for a second reading was measured; 0 nothing waits
    ("doubt_value", "f2", _OF_EACH),  # to the digits that people are shown
    ("doubt_wait_s", "u2", _OF_EACH),
    ("doubt_what", "u1", _OF_EACH),  # side + `_TIER` x tier, + `_HARD` where it is hard to believe
)
"""What is remembered of one person, of each limited metric."""

_TIER: Final = 2
_HARD: Final = 8
"""Without it, the limit wants a second reading."""


def side_and_tier(what: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """On which side, and of which `Tier`, what waits lies (``doubt_what``)."""
    return what % _TIER, what % _HARD // _TIER


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
_BREATH = PLACE["respiratory_rate"]


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
    here = (state["doubt_s"] == now_s[:, None]) & (state["doubt_what"] >= _HARD)
    doubted: Flags = (here[:, :, None] & (METER[:, None] == METER)).any(axis=1)
    return doubted


def settle(state: StructuredArray, values: Floats, now_s: Seconds) -> None:
    """Forget what waited where its metric was measured again, or where it is too old, in place."""
    waited_s = elapsed_s(state["doubt_s"], now_s[:, None])
    over = (~np.isnan(values) & (waited_s > 0)) | (waited_s > LONGEST_S)
    np.copyto(state["doubt_s"], np.uint32(0), where=over)


def believe(state: StructuredArray, beyond: Beyond, believed: Flags, now_s: Seconds) -> None:
    """End the wait of what another meter bears out within a round (`SPOT_WAIT_S`), in place.

    Had that meter spoken first, nothing would have been doubted; the order of two readings changes nothing.

    Args:
        beyond: what the other meter shows now. believed: whose slow breathing is believed, shape (people,).
    """
    waiting = (state["doubt_s"] > 0) & (elapsed_s(state["doubt_s"], now_s[:, None]) <= SPOT_WAIT_S)
    if not waiting.any():
        return
    sure: Flags = np.logical_or.reduce(np.where(beyond.alone, 0, beyond.tier) >= Tier.NOW, axis=-1)
    others: Flags = (sure[:, None, :] & (METER[:, None] != METER)).any(axis=-1)
    borne_out: Flags = np.logical_and(waiting, others)
    side, _ = side_and_tier(state["doubt_what"][:, _BREATH])
    borne_out[:, _BREATH] |= waiting[:, _BREATH] & believed & (side == LOW)
    np.copyto(state["doubt_wait_s"], np.uint16(0), where=borne_out)


def wait(
    state: StructuredArray,
    beyond: Beyond,
    limits: LimitArrays,
    values: Floats,
    now_s: Seconds,
    before: Before,
) -> None:
    """Remember what waits for a second reading, in place: of each metric the gravest."""
    asked = (beyond.passed & limits.waits).any(axis=-1) | beyond.doubted[:, :, None]
    tiers = np.where(beyond.alone & asked, beyond.own, 0)
    side = tiers.argmax(axis=-1)
    tier = tiers.max(axis=-1)
    _, known = side_and_tier(state["doubt_what"])
    begins = (tier > 0) & ((state["doubt_s"] == 0) | (known <= tier))
    if not begins.any():
        return
    often = elapsed_s(before.read_s, now_s[:, None]) <= CONTINUOUS_WAIT_S
    for field, of_each in (
        ("doubt_s", np.broadcast_to(now_s[:, None], begins.shape)),
        ("doubt_value", values),
        ("doubt_wait_s", np.where(often, CONTINUOUS_WAIT_S, SPOT_WAIT_S)),
        ("doubt_what", side + _TIER * tier + _HARD * beyond.doubted),
    ):
        np.copyto(state[field], of_each, where=begins, casting="unsafe")


def overdue(state: StructuredArray, now_s: Seconds) -> NDArray[np.uint8]:
    """What waited long enough and is told as it is: its tier, 0 where nothing is, shape (people, metrics)."""
    waited = elapsed_s(state["doubt_s"], now_s[:, None])
    due = (state["doubt_s"] > 0) & (waited >= state["doubt_wait_s"]) & (waited <= LONGEST_S)
    _, tier = side_and_tier(state["doubt_what"])
    return np.where(due, tier, np.uint8(0))
