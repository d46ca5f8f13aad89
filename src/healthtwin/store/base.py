"""What every room's tables are made of, the same on SQLite and PostgreSQL, and those that several use.

Times are epoch milliseconds; ids are our own text ids.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, ForeignKey, Integer, LargeBinary, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from healthtwin.store.sealed import Fact, Sealed


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
        list[int]: JSON,
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


class PersonRow(Sealed, Base):
    """A person, and the secret that alone links the pseudonym in log and series to them."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    pseudonym: Mapped[str] = mapped_column(String(32), unique=True)
    secret: Mapped[bytes]
    key_id: Mapped[int]
    profile_revision: Mapped[int]
    created_ms: Mapped[int]
    name = Fact[str]()
    timezone = Fact[str]()
    birth_year = Fact[int | None](None)
    sex = Fact[str | None](None)
    pregnant = Fact[bool]()
    spo2_scale_2 = Fact[bool]()
    false_alarms_per_week = Fact[float]()
    silence_after_ms = Fact[int | None](None)
    alarms = Fact[bool]()
    own = Fact[dict[str, Any]]()
    labels = Fact[dict[str, str]]()


class StatementRow(Sealed, Base):
    """What somebody stated about a person, whole: current medicines, gene results, background."""

    __tablename__ = "statements"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(16), primary_key=True)
    revision: Mapped[int]
    logged_revision: Mapped[int]
    actor: Mapped[str] = mapped_column(Id)
    stated_ms: Mapped[int]
    content = Fact[dict[str, Any]]()


class ErasureRow(Base):
    """Somebody who shall be forgotten: written first, deleted when nothing of them is left."""

    __tablename__ = "erasures"

    person_id: Mapped[str] = mapped_column(Id, primary_key=True)
    pseudonym: Mapped[str] = mapped_column(String(32))
    devices: Mapped[list[str]]
    proofs: Mapped[list[str]] = mapped_column(server_default="[]")
    begun_ms: Mapped[int]
