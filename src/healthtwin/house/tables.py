"""The tables of house: how it stood week by week, what lies ready to be taken away. Times are epoch ms."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from healthtwin.store.base import Base, Hash, Id
from healthtwin.store.sealed import Fact, Sealed


class HouseWeekRow(Base):
    """How the forecasts of all people together stood in one week; nobody can be told from it."""

    __tablename__ = "house_weeks"

    week_ms: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    allowed: Mapped[float]
    false_alarms: Mapped[float]
    site_offset: Mapped[float]
    drift: Mapped[dict[str, Any]]


class ExportRow(Base):
    """Everything about a person as a file that one asker may fetch for a while; it lies sealed."""

    __tablename__ = "exports"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    grant_id: Mapped[str] = mapped_column(Id)
    key_id: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(Hash)
    from_ms: Mapped[int]
    to_ms: Mapped[int]
    language: Mapped[str] = mapped_column(String(16))
    asked_ms: Mapped[int]
    expires_ms: Mapped[int]


class ResearchConsentRow(Sealed, Base):
    """Somebody agreed that their data goes, de-identified, to one recipient; taken back, it stays as that."""

    __tablename__ = "research_consents"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    given_ms: Mapped[int]
    until_ms: Mapped[int | None]
    withdrawn_ms: Mapped[int | None]
    recipient = Fact[str]()
    shift_weeks = Fact[int]()
