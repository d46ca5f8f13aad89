"""The tables of notify: alerts as they stand, what is told of them to whom. Times are epoch ms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from healthtwin.store.base import Base, Counted, Id
from healthtwin.store.sealed import Fact, Sealed

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from healthtwin.store.erasure import Leaving


class AlertRow(Sealed, Base):
    """An episode as it stands: a projection of the outbox, which can be emptied and filled again."""

    __tablename__ = "alerts"
    __table_args__ = (Index("ix_alerts_pseudonym_raised_ms", "pseudonym", "raised_ms"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    first_id: Mapped[str] = mapped_column(Id)
    pseudonym: Mapped[str] = mapped_column(String(32))
    level: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), index=True)
    started_ms: Mapped[int]
    raised_ms: Mapped[int]
    updated_ms: Mapped[int]
    resolved_ms: Mapped[int | None]
    snoozed_until_ms: Mapped[int | None]
    version: Mapped[int] = mapped_column(server_default="1")
    within_h: Mapped[int | None]
    dedup_key = Fact[str]()
    rule = Fact[str]()
    evidence = Fact[list[dict[str, Any]]]()
    told = Fact[dict[str, Any]]({})
    known = Fact[dict[str, Any]]({})
    standing = Fact[list[dict[str, Any]]]([])


class AlertAliasRow(Base):
    """An id that an alert had before its start turned out to be another."""

    __tablename__ = "alert_aliases"

    alias: Mapped[str] = mapped_column(Id, primary_key=True)
    alert_id: Mapped[str] = mapped_column(Id, index=True)


class AlertChangeRow(Sealed, Base):
    """One step in an alert's history; its id makes the projection idempotent."""

    __tablename__ = "alert_changes"
    identity = ("change_id",)

    number: Mapped[int] = mapped_column(Counted, primary_key=True)
    change_id: Mapped[str] = mapped_column(Id, unique=True)
    alert_id: Mapped[str] = mapped_column(Id, index=True)
    pseudonym: Mapped[str] = mapped_column(String(32), index=True)
    level: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    at_ms: Mapped[int]
    arrived_ms: Mapped[int]
    version: Mapped[int] = mapped_column(server_default="1")
    actor: Mapped[str] = mapped_column(server_default="")
    verb = Fact[str]()
    rule = Fact[str]()
    evidence = Fact[list[dict[str, Any]]]()
    news = Fact[list[dict[str, Any]]]([])


class AlertNoteRow(Sealed, Base):
    """Why somebody closed an alert, in their words. It stands here and in the log, in no message."""

    __tablename__ = "alert_notes"
    identity = ("id",)

    number: Mapped[int] = mapped_column(Counted, primary_key=True)
    id: Mapped[str] = mapped_column(Id, unique=True)
    alert_id: Mapped[str] = mapped_column(Id, index=True)
    pseudonym: Mapped[str] = mapped_column(String(32), index=True)
    actor: Mapped[str]
    at_ms: Mapped[int]
    reason = Fact[str]()
    note = Fact[str]()


class DeliveryRow(Sealed, Base):
    """One thing to tell one recipient over one channel, once."""

    __tablename__ = "deliveries"
    __table_args__ = (Index("ix_deliveries_status_next_attempt_ms", "status", "next_attempt_ms"),)

    idempotency_key: Mapped[str] = mapped_column(String(200), primary_key=True)
    alert_id: Mapped[str] = mapped_column(Id, index=True)
    pseudonym: Mapped[str] = mapped_column(String(32), index=True)
    channel: Mapped[str]
    recipient: Mapped[str]
    status: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int]
    next_attempt_ms: Mapped[int]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]
    body = Fact[str]()


class ReceiptRow(Base):
    """What came of one attempt to deliver."""

    __tablename__ = "receipts"
    __table_args__ = (UniqueConstraint("idempotency_key", "attempt"),)

    number: Mapped[int] = mapped_column(Counted, primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(
        ForeignKey("deliveries.idempotency_key", ondelete="CASCADE"), index=True
    )
    attempt: Mapped[int]
    at_ms: Mapped[int]
    outcome: Mapped[str]


class WebhookRow(Sealed, Base):
    """Where alerts are posted to; without a person, the alerts of everybody."""

    __tablename__ = "webhooks"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    active: Mapped[bool] = mapped_column()
    created_ms: Mapped[int]
    url = Fact[str]()
    secret = Fact[str]()
    """In hexadecimal digits."""
    grant_id: Mapped[str] = mapped_column(Id, server_default="")
    """Of whoever added it, on whose behalf it is told; empty: whoever has the home itself."""


def erase(session: Session, leaving: Leaving) -> None:
    """Former ids of their alerts: they say of no person that they are about them."""
    theirs = select(AlertChangeRow.alert_id).where(AlertChangeRow.pseudonym == leaving.pseudonym)
    session.execute(delete(AlertAliasRow).where(AlertAliasRow.alert_id.in_(theirs)))
