"""The tables of house: how it stood week by week. Times are epoch ms."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from healthtwin.store.base import Base


class HouseWeekRow(Base):
    """How the forecasts of all people together stood in one week; nobody can be told from it."""

    __tablename__ = "house_weeks"

    week_ms: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    allowed: Mapped[float]
    false_alarms: Mapped[float]
    site_offset: Mapped[float]
    drift: Mapped[dict[str, Any]]
