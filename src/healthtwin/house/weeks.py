"""The weeks of a house as its operator sees them: what forecasts cost, whether they still see the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from healthtwin.domain import DAY_MS
from healthtwin.forecast import drift_said
from healthtwin.house.health import DriftItem, WeekItem
from healthtwin.house.house_weeks import HouseWeek
from healthtwin.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from healthtwin.forecast import Drift
    from healthtwin.house.health import TrainedAlarmsItem

_WEEK_MS: Final = 7 * DAY_MS
_MONDAY_MS: Final = 4 * DAY_MS
"""The epoch began on a Thursday; four days later was a Monday."""


def week_of(now_ms: int) -> int:
    """The Monday, 00:00 UTC, of this instant's week, epoch ms.

    >>> week_of(0) == -3 * DAY_MS, week_of(_MONDAY_MS) == _MONDAY_MS
    (True, True)
    """
    return (now_ms - _MONDAY_MS) // _WEEK_MS * _WEEK_MS + _MONDAY_MS


def week_to_note(now_ms: int, alarms: TrainedAlarmsItem, drift: Sequence[Drift]) -> HouseWeek:
    """What is known of the present week so far."""
    told = {each.target: (round(each.hours, 1), _rounded(each.index)) for each in drift}
    return HouseWeek(week_of(now_ms), alarms.allowed, alarms.false, alarms.offset, told)


def drift_item(target: str, hours: float, index: float | None) -> DriftItem:
    """The drift of one forecast, in the language that is being spoken."""
    said = drift_said(index)
    return DriftItem(target, hours, index, say(said), said)


def _rounded(index: float | None) -> float | None:
    return None if index is None else round(index, 4)


def week_items(newest_first: Sequence[HouseWeek]) -> list[WeekItem]:
    """Each week by itself, newest first: the totals less those of the week before that is known.

    Somebody who was erased takes their alarms along; no week has less than none.
    """
    items = []
    for place, week in enumerate(newest_first, start=1):
        last = newest_first[place] if place < len(newest_first) else None
        allowed, false = (0.0, 0.0) if last is None else (last.allowed, last.false_alarms)
        drift = [drift_item(target, hours, index) for target, (hours, index) in week.drift.items()]
        items.append(
            WeekItem(
                week.week_ms,
                max(week.allowed - allowed, 0.0),
                max(week.false_alarms - false, 0.0),
                week.site_offset,
                drift,
            )
        )
    return items
