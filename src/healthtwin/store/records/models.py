"""The tables of the records, the same on SQLite and PostgreSQL. Nobody outside this folder sees them.

Times are epoch milliseconds; ids are our own text ids; whatever opens a door is kept as its SHA-256 only.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Every table; constraints have names, so that migrations can reach them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: BigInteger,
        str: Text,
        bytes: LargeBinary,
        dict[str, str]: JSON,
        dict[str, Any]: JSON,
        list[dict[str, Any]]: JSON,
        list[str]: JSON,
    }


Id = String(64)
Hash = String(64)
Counted = BigInteger().with_variant(Integer(), "sqlite")
"""Numbers itself; SQLite does that for its own INTEGER only."""


class RevisionRow(Base):
    """One row: counts the writes that change who somebody is or what they may do."""

    __tablename__ = "revision"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]


class PersonRow(Base):
    """A person, and the secret that alone links the pseudonym in log and series to them."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    pseudonym: Mapped[str] = mapped_column(String(32), unique=True)
    secret: Mapped[bytes]
    key_id: Mapped[int]
    name: Mapped[str]
    timezone: Mapped[str]
    birth_year: Mapped[int | None]
    sex: Mapped[str | None]
    pregnant: Mapped[bool]
    spo2_scale_2: Mapped[bool]
    false_alarms_per_week: Mapped[float]
    silence_after_ms: Mapped[int | None]
    alarms: Mapped[bool]
    labels: Mapped[dict[str, str]]
    profile_revision: Mapped[int]
    created_ms: Mapped[int]


class DeviceRow(Base):
    """What sends readings; its id is the key that makes ingest idempotent."""

    __tablename__ = "devices"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    label: Mapped[str]
    created_ms: Mapped[int]


class GrantRow(Base):
    """What somebody may do, whichever token, link or session proves it."""

    __tablename__ = "grants"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    scope: Mapped[str] = mapped_column(String(16))
    label: Mapped[str]
    device_id: Mapped[str | None] = mapped_column(ForeignKey("devices.id", ondelete="CASCADE"), index=True)
    created_ms: Mapped[int]


class GrantPersonRow(Base):
    """A person whom a grant covers."""

    __tablename__ = "grant_people"

    grant_id: Mapped[str] = mapped_column(ForeignKey("grants.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[str] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class TokenRow(Base):
    """A bearer token, by its hash."""

    __tablename__ = "tokens"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    hash: Mapped[str] = mapped_column(Hash, unique=True)
    grant_id: Mapped[str] = mapped_column(ForeignKey("grants.id", ondelete="CASCADE"), index=True)
    created_ms: Mapped[int]
    expires_ms: Mapped[int | None]
    revoked_ms: Mapped[int | None]


class SignInLinkRow(Base):
    """A link that signs in once, by its hash."""

    __tablename__ = "sign_in_links"

    hash: Mapped[str] = mapped_column(Hash, primary_key=True)
    grant_id: Mapped[str] = mapped_column(ForeignKey("grants.id", ondelete="CASCADE"), index=True)
    created_ms: Mapped[int]
    expires_ms: Mapped[int]
    used_ms: Mapped[int | None]


class SessionRow(Base):
    """A signed-in browser, by the hash of its cookie."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    hash: Mapped[str] = mapped_column(Hash, unique=True)
    grant_id: Mapped[str] = mapped_column(ForeignKey("grants.id", ondelete="CASCADE"), index=True)
    created_ms: Mapped[int]
    expires_ms: Mapped[int]
    last_used_ms: Mapped[int | None]


class AlertRow(Base):
    """An episode as it stands: a projection of the outbox, which can be emptied and filled again."""

    __tablename__ = "alerts"
    __table_args__ = (Index("ix_alerts_pseudonym_raised_ms", "pseudonym", "raised_ms"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    first_id: Mapped[str] = mapped_column(Id)
    pseudonym: Mapped[str] = mapped_column(String(32))
    dedup_key: Mapped[str]
    rule: Mapped[str]
    level: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), index=True)
    started_ms: Mapped[int]
    raised_ms: Mapped[int]
    updated_ms: Mapped[int]
    resolved_ms: Mapped[int | None]
    snoozed_until_ms: Mapped[int | None]
    evidence: Mapped[list[dict[str, Any]]]


class AlertAliasRow(Base):
    """An id that an alert had before its start turned out to be another."""

    __tablename__ = "alert_aliases"

    alias: Mapped[str] = mapped_column(Id, primary_key=True)
    alert_id: Mapped[str] = mapped_column(Id, index=True)


class AlertChangeRow(Base):
    """One step in an alert's history; its id makes the projection idempotent."""

    __tablename__ = "alert_changes"

    number: Mapped[int] = mapped_column(Counted, primary_key=True)
    change_id: Mapped[str] = mapped_column(Id, unique=True)
    alert_id: Mapped[str] = mapped_column(Id, index=True)
    pseudonym: Mapped[str] = mapped_column(String(32), index=True)
    verb: Mapped[str]
    rule: Mapped[str]
    level: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    at_ms: Mapped[int]
    arrived_ms: Mapped[int]
    evidence: Mapped[list[dict[str, Any]]]


class DeliveryRow(Base):
    """One thing to tell one recipient over one channel, once."""

    __tablename__ = "deliveries"
    __table_args__ = (Index("ix_deliveries_status_next_attempt_ms", "status", "next_attempt_ms"),)

    idempotency_key: Mapped[str] = mapped_column(String(200), primary_key=True)
    alert_id: Mapped[str] = mapped_column(Id, index=True)
    pseudonym: Mapped[str] = mapped_column(String(32), index=True)
    channel: Mapped[str]
    recipient: Mapped[str]
    body: Mapped[str]
    status: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int]
    next_attempt_ms: Mapped[int]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


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


class WebhookRow(Base):
    """Where alerts are posted to; without a person, the alerts of everybody."""

    __tablename__ = "webhooks"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    url: Mapped[str]
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    secret: Mapped[bytes]
    active: Mapped[bool] = mapped_column()
    created_ms: Mapped[int]


class StatementRow(Base):
    """What somebody stated about a person, whole: current medicines, gene results, background."""

    __tablename__ = "statements"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(16), primary_key=True)
    content: Mapped[dict[str, Any]]
    revision: Mapped[int]
    logged_revision: Mapped[int]
    actor: Mapped[str] = mapped_column(Id)
    stated_ms: Mapped[int]


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


class HouseWeekRow(Base):
    """How the forecasts of all people together stood in one week; nobody can be told from it."""

    __tablename__ = "house_weeks"

    week_ms: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    allowed: Mapped[float]
    false_alarms: Mapped[float]
    site_offset: Mapped[float]
    drift: Mapped[dict[str, Any]]


class FindingRow(Base):
    """What a specialty holds to be so about a person: a projection, which can be computed again."""

    __tablename__ = "findings"

    number: Mapped[int] = mapped_column(Counted, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    specialty: Mapped[str] = mapped_column(String(32))
    hypothesis: Mapped[str]
    urgency: Mapped[int]
    confidence: Mapped[float | None]
    evidence: Mapped[list[dict[str, Any]]]
    contraindications: Mapped[list[dict[str, Any]]]
    version: Mapped[str]
    found_ms: Mapped[int]
