"""The absolute limits that hold for a person now, and where newest values stand against them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from healthtwin.domain import DAY_MS, AlertLevel
from healthtwin.forecast.exertion import LIGHT
from healthtwin.forecast.limits_told import ToldLimit, meanings, told_limits
from healthtwin.pipeline import ProfilePayload
from healthtwin.pipeline.rows import profile_record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from healthtwin.domain import Profile


class LimitItem(msgspec.Struct, frozen=True):
    """One limit.

    Attributes:
        side: ``low`` (values at or below are beyond it) or ``high`` (at or above).
        value: in the metric's unit.
        tier: 3 act now (critical), 2 be seen now (a warning within 2 hours), 1 today or tomorrow.
        after_s: how long it must have been passed, in two readings at least; 0: one reading is enough.
        first: tier of one reading until then; 0 nothing, −1 that a second reading is asked for.
        at_once: from this value on one reading is enough; null where there is none.
        waits: the second reading is asked for out of doubt, which another meter's grave value takes away.
    """

    metric: str
    side: str
    value: float
    tier: int
    after_s: int
    first: int
    at_once: float | None
    waits: bool


class LimitsView(msgspec.Struct, frozen=True):
    """Every absolute limit that holds for a person who is awake and at rest; `at`: when that was so."""

    person: str
    at: int
    limits: list[LimitItem]


def limits_view(person_id: str, profile: Profile, now_ms: int) -> LimitsView:
    """What a phone judges by while nobody answers."""
    items = [msgspec.convert(limit, LimitItem, from_attributes=True) for limit in limits_of(profile, now_ms)]
    return LimitsView(person_id, now_ms, items)


def limits_of(profile: Profile, now_ms: int) -> tuple[ToldLimit, ...]:
    """The limits of a person, gravest of each side first."""
    return _limits(ProfilePayload.of(profile), now_ms // DAY_MS)


def levels(
    profile: Profile, values: Mapping[str, float], now_ms: int, activity: float | None = None
) -> dict[str, str]:
    """The level that each of these values alone would be told at, by metric; only those beyond a limit.

    Args:
        values: measured together, by metric, in its unit. activity: level of it then; None: unknown, taken
            for rest.
    """
    resting = activity is None or not activity >= LIGHT
    found = meanings(limits_of(profile, now_ms), values, resting=resting)
    return {one.metric: (AlertLevel.INFO if one.level is None else one.level).word for one in found}


@lru_cache(maxsize=2_000)
def _limits(payload: ProfilePayload, day: int) -> tuple[ToldLimit, ...]:
    return told_limits(day * DAY_MS, profile_record(payload))
