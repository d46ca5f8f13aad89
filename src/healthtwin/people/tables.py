"""The tables of people: what happened to them. Times are epoch ms."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from healthtwin.store.base import Base, Id


class EventRow(Base):
    """Something that happened to a person, as the log told it; kept when the log has forgotten it."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_person_id_at_ms", "person_id", "at_ms"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    at_ms: Mapped[int]
    arrived_ms: Mapped[int]
    text: Mapped[str]
    severity: Mapped[float | None]
    codes: Mapped[list[str]]
    actor: Mapped[str] = mapped_column(Id)
