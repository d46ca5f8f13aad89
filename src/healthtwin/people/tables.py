"""The tables of people: what happened to them. Times are epoch ms."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from healthtwin.store.base import Base, Id
from healthtwin.store.sealed import Fact, Sealed


class EventRow(Sealed, Base):
    """Something that happened to a person, as the log told it; kept when the log has forgotten it."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_person_id_at_ms", "person_id", "at_ms"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    at_ms: Mapped[int]
    arrived_ms: Mapped[int]
    actor: Mapped[str] = mapped_column(Id)
    kind = Fact[str]()
    text = Fact[str]()
    severity = Fact[float | None](None)
    codes = Fact[list[str]]()
