"""How a house's forecasts stood, week by week: what makes a change visible that no single day shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select

from healthtwin.house.tables import HouseWeekRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from healthtwin.store import Tables

WEEKS_KEPT: Final = 104
"""Two years: a winter beside the one before."""


@dataclass(frozen=True, slots=True)
class HouseWeek:
    """The last that was known in one week.

    Attributes:
        week_ms: its Monday, 00:00 UTC, epoch ms.
        allowed: false trained alarms that all people together were allowed since the house began.
        false_alarms: that came since then.
        site_offset: natural log units, see `healthtwin.forecast.SiteBudget.offset`.
        drift: target → (person-hours, population stability index or None while those are too few).
    """

    week_ms: int
    allowed: float
    false_alarms: float
    site_offset: float
    drift: Mapping[str, tuple[float, float | None]]


class HouseWeeks:
    """The weeks of a house. Every method is one transaction."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def note(self, week: HouseWeek) -> None:
        """Keep this as what is known of its week, and the newest `WEEKS_KEPT` weeks; durable on return."""
        drift = {target: list(told) for target, told in week.drift.items()}
        row = HouseWeekRow(
            week_ms=week.week_ms,
            allowed=week.allowed,
            false_alarms=week.false_alarms,
            site_offset=week.site_offset,
            drift=drift,
        )
        newest = select(HouseWeekRow.week_ms).order_by(HouseWeekRow.week_ms.desc()).limit(WEEKS_KEPT)
        with self._tables.write() as session:
            session.merge(row)
            session.flush()
            kept = list(session.scalars(newest))
            session.execute(delete(HouseWeekRow).where(HouseWeekRow.week_ms < kept[-1]))

    def list(self, limit: int = WEEKS_KEPT) -> Sequence[HouseWeek]:
        """The newest `limit` weeks, newest first."""
        query = select(HouseWeekRow).order_by(HouseWeekRow.week_ms.desc()).limit(limit)
        with self._tables.read() as session:
            return [_week(row) for row in session.scalars(query)]


def _week(row: HouseWeekRow) -> HouseWeek:
    drift = {target: (float(hours), index) for target, (hours, index) in row.drift.items()}
    return HouseWeek(row.week_ms, row.allowed, row.false_alarms, row.site_offset, drift)
