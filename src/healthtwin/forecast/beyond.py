"""What of an observation lies beyond which limit, and what one reading may say before a second confirms it.

Nothing is ever silent for want of a second reading: what needs one is told at a lower tier at once, or asks
for it (`Limit.first`), and rises once it is confirmed. Only what means nothing while it passes says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import BASELINES
from healthtwin.domain import METRICS as KNOWN_METRICS
from healthtwin.forecast.exertion import elapsed_s
from healthtwin.forecast.limit import ASK, HIGH, LOW, METRICS, PLACE, TIERS, Tier
from healthtwin.forecast.limits import LIMITED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.forecast.exertion import Seconds
    from healthtwin.forecast.limits import LimitArrays
    from healthtwin.forecast.member import Flags, Floats, StructuredArray

TOGETHER_S: Final = 4 * 3600
"""Readings of one metric further apart than this are no run: RCP (2017) has patients of low risk re-measured
every 4 to 6 hours."""

RUN_STATE: Final = (
    ("since_s", "u4", (len(METRICS), 2, TIERS)),  # since when each limit is passed; 0 it is not
    ("read_s", "u4", (len(METRICS),)),  # the latest reading of each limited metric; 0 never
)
"""What is remembered of one person."""

_AT_REST_ONLY: Final = np.zeros((len(METRICS), 2, 1), np.bool_)
for _name in ("heart_rate", "respiratory_rate"):
    _AT_REST_ONLY[PLACE[_name], HIGH] = True

METER: Final = np.array([i - (name == "blood_pressure_diastolic") for i, name in enumerate(METRICS)])
"""Which metrics come from one meter: both pressures from the cuff."""

_METERS: Final = np.array([BASELINES[column].meter.lasting for column in LIMITED])
"""What a meter may be off by for long, in each metric's unit."""

_SHOWN: Final = np.array([10.0 ** KNOWN_METRICS[name].digits for name in METRICS])
"""Steps per unit in which people are shown a value."""

_CUFF: Final = np.array([name.startswith("blood_pressure") for name in METRICS])
FAR_BELOW_OWN: Final = 40.0
"""A systolic pressure more than so far under the own usual is a sign of danger (NICE NG51), mm[Hg]."""

_SYS: Final = PLACE["blood_pressure_systolic"]
_DIA: Final = PLACE["blood_pressure_diastolic"]
_BREATH: Final = PLACE["respiratory_rate"]
_TIER: Final = np.array([int(tier) for tier in Tier], np.int8)


@dataclass(frozen=True, slots=True, eq=False)
class Beyond:
    """What lies beyond which limits. Shape (people, metrics, sides) unless said.

    Attributes:
        tier: what is told of it (`Tier`); 0 nothing, `ASK` that a second reading is asked for.
        alone: it is told as less than its limit says, since one reading is not confirmed yet.
        passed: which limits are passed, shape (people, metrics, sides, tiers).
        own: the tier of the gravest limit that is passed, whatever is told of it; 0 none.
        doubted: which values are hard to believe and only asked about, shape (people, metrics).
    """

    tier: NDArray[np.int8]
    alone: Flags
    passed: Flags
    own: NDArray[np.int8]
    doubted: Flags


def nothing_beyond(people: int) -> Beyond:
    """Nobody is beyond anything."""
    shape = (people, len(METRICS), 2)
    return Beyond(
        np.zeros(shape, np.int8),
        np.zeros(shape, np.bool_),
        np.zeros((*shape, TIERS), np.bool_),
        np.zeros(shape, np.int8),
        np.zeros(shape[:2], np.bool_),
    )


NOTHING: Final = nothing_beyond(1)
"""Nobody is beyond anything."""


def passed(limit: Floats, values: Floats, resting: Flags) -> Flags:
    """Which limits are passed, shape (people, metrics, sides, tiers).

    What is shown as beyond a limit is beyond it: 92.4 % stands on every screen as 92 %, which is told. It
    never makes a limit looser.

    Args:
        limit: from `limit_values`.
        values: of the limited metrics, shape (people, metrics); NaN where not measured.
        resting: shape (people,).
    """
    shown = np.floor(values * _SHOWN + 0.5) / _SHOWN
    over = np.empty(limit.shape, np.bool_)
    np.less_equal(np.minimum(values, shown)[:, :, None], limit[:, :, LOW], out=over[:, :, LOW])
    np.greater_equal(np.maximum(values, shown)[:, :, None], limit[:, :, HIGH], out=over[:, :, HIGH])
    if not resting.all():
        over &= resting[:, None, None, None] | ~_AT_REST_ONLY
    return over


def fallen_far(over: Flags, values: Floats, center: Floats, ready: Flags) -> None:
    """A pressure far under the person's own usual counts as a low one, in place.

    Args:
        over: from `passed`. values: of the limited metrics, shape (people, metrics).
        center, ready: of what is expected, shape (people, learned metrics).
    """
    usual, known = center[:, LIMITED[_SYS]], ready[:, LIMITED[_SYS]]
    fallen = known & (usual - values[:, _SYS] > FAR_BELOW_OWN)  # NaN compares as False
    if fallen.any():
        over[:, _SYS, LOW, Tier.NOW - 1] |= fallen


def note(state: StructuredArray, over: Flags, values: Floats, resting: Flags, now_s: Seconds) -> None:
    """Remember since when each limit is passed, in place."""
    since, read = state["since_s"], state["read_s"]
    if not since.any() and not over.any():
        np.copyto(read, now_s[:, None], where=~np.isnan(values))
        return
    seen = ~np.isnan(values)
    if over[:, _CUFF, HIGH].any():  # either pressure of a sitting makes it one that was too high
        over = over.copy()
        over[:, _SYS, HIGH] = over[:, _DIA, HIGH] = over[:, _SYS, HIGH] | over[:, _DIA, HIGH]
    torn = seen & (elapsed_s(read, now_s[:, None]) > TOGETHER_S)
    judged = seen[:, :, None, None]
    if not resting.all():  # at work a fast heart neither begins a run nor ends it
        judged = judged & (resting[:, None, None, None] | ~_AT_REST_ONLY)
    begins = over & ((since == 0) | torn[:, :, None, None])
    np.copyto(since, np.broadcast_to(now_s[:, None, None, None], since.shape), where=begins)
    np.copyto(since, np.uint32(0), where=judged & ~over)
    np.copyto(read, np.broadcast_to(now_s[:, None], read.shape), where=seen)


def told(
    limits: LimitArrays,
    over: Flags,
    values: Floats,
    since_s: Seconds,
    now_s: Seconds,
    believed: Flags,
    doubtful: Flags,
    usual: Flags,
) -> Beyond:
    """What is told of an observation, once it was noted.

    Args:
        over: from `passed`. since_s: of the state, after `note`.
        believed: whose slow breathing needs no second reading, shape (people,).
        doubtful: which values are hard to believe (`healthtwin.forecast.doubt`), shape (people, metrics).
        usual: which values are usual for the person, shape (people, metrics): they silence limits that say
            so (`Limit.own`), and no other.
    """
    if not over.any():
        return nothing_beyond(len(over))
    value = values[:, :, None]
    at_once = np.empty(over.shape, np.bool_)
    np.less_equal(value, limits.at_once[:, :, LOW], out=at_once[:, :, LOW])
    np.greater_equal(value, limits.at_once[:, :, HIGH], out=at_once[:, :, HIGH])
    lasted = elapsed_s(since_s, now_s[:, None, None, None])
    sure = over & (at_once | (limits.after_s == 0) | (lasted >= limits.after_s))
    sure &= ~(usual[:, :, None, None] & limits.own)
    doubted = over & ~sure & limits.waits
    if doubted.any():
        sure |= doubted & _others(sure)[:, :, None, None]
        sure[:, _BREATH, LOW] |= doubted[:, _BREATH, LOW] & believed[:, None]
    certain = np.where(sure, _TIER, np.int8(0)).max(axis=-1)
    single = np.where(over & ~sure, limits.first, np.int8(0))
    tentative = single.max(axis=-1)
    tier = np.maximum(certain, tentative)
    asks = (tier == 0) & (single == ASK).any(axis=-1)
    tier = np.where(asks, np.int8(ASK), tier)
    pending = np.where(over & ~sure & (limits.first != 0), _TIER, np.int8(0)).max(axis=-1)
    own = np.maximum(certain, pending)
    if doubtful.any():
        hard = doubtful & ~_others(sure) & (own >= Tier.NOW).any(axis=-1)
        # A cuff is used now and then, so what it shows is not only asked about.
        asked = np.where(_CUFF[:, None], np.minimum(tier, np.int8(Tier.TODAY)), np.int8(ASK))
        tier = np.where(hard[:, :, None] & (own > 0), asked, tier)
        doubtful = hard
    return Beyond(tier, (own > tier) & (tier != 0), over, own, doubtful)


def with_symptoms(beyond: Beyond, least: NDArray[np.int8]) -> Beyond:
    """The same, where what was felt makes a value an emergency (`least`: from which of its tiers on)."""
    grave = (beyond.own > 0) & (beyond.own >= least)
    if not grave.any():
        return beyond
    tier = np.where(grave, np.int8(Tier.EMERGENCY), beyond.tier)
    return replace(beyond, tier=tier, alone=beyond.alone & ~grave)


def second(over: Flags, since_s: Seconds, now_s: Seconds) -> Flags:
    """Where a reading confirms an earlier one: a grave limit was passed before, shape (people, metrics)."""
    before = over & (since_s > 0) & (since_s < now_s[:, None, None, None])
    confirms: Flags = np.logical_or.reduce(before[..., Tier.NOW - 1 :], axis=(-1, -2))
    return confirms


def as_usual(center: Floats, ready: Flags, values: Floats) -> Flags:
    """Which values lie where the person's usually do, within what a meter may be off by for long.

    Args:
        center, ready: of what is expected, shape (people, learned metrics).
        values: of the limited metrics, shape (people, metrics).
    """
    learned = len(LIMITED)
    usual = np.zeros(values.shape, np.bool_)
    usual[:, :learned] = np.abs(values[:, :learned] - center[:, LIMITED]) < _METERS
    usual[:, :learned] &= ready[:, LIMITED]
    return usual


def _others(sure: Flags) -> Flags:
    """Where another meter shows somebody to be in need: one reading is enough. Shape (people, metrics)."""
    grave: Flags = np.logical_or.reduce(sure[..., Tier.NOW - 1 :], axis=(-1, -2))
    others = np.zeros_like(grave)
    for i, meter in enumerate(METER):
        others[:, i] = grave[:, meter != METER].any(axis=1)
    return others


MARGIN: Final = np.array(
    [
        {
            "respiratory_rate": 1.0,
            "oxygen_saturation": 1.0,
            "heart_rate": 5.0,
            "blood_pressure_systolic": 5.0,
            "blood_pressure_diastolic": 5.0,
            "body_temperature": 0.5,
            "blood_glucose": 5.0,
        }[name]
        for name in METRICS
    ]
)
"""How far inside the limits a value must lie before what it raised is over: about a meter's error, so that a
value on the edge does not open and close episodes."""


def clear(limits: LimitArrays, values: Floats) -> Flags:
    """Where a measured value is clearly back inside, shape (people, metrics)."""
    # what only matters while it lasts is passed or not: no margin
    passing = (limits.after_s > 0) & (limits.first == 0)
    margin = np.where(passing, 0.0, MARGIN[:, None, None])
    low = (limits.value[:, :, LOW] + margin[:, :, LOW]).max(axis=-1)
    high = (limits.value[:, :, HIGH] - margin[:, :, HIGH]).min(axis=-1)
    inside: Flags = (values > low) & (values < high)
    return inside
