"""The tables of what a relation goes through: glass that was broken, notices, what was confirmed at majority.

Times are epoch ms. A row about a person carries `person_id`, so it is erased and exported with them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from healthtwin.store.base import Base, Id
from healthtwin.store.sealed import Fact, Sealed


class BreakGlassRow(Sealed, Base):
    """One hour in which a clinician sees somebody whom nobody gave them to see."""

    __tablename__ = "break_glass"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    grant_id: Mapped[str] = mapped_column(Id, index=True)
    proof: Mapped[str] = mapped_column(Id)
    at_ms: Mapped[int]
    until_ms: Mapped[int]
    ended_ms: Mapped[int | None]
    who = Fact[str]()
    reason = Fact[str]()
    verdict = Fact[str]()


class NoticeRow(Sealed, Base):
    """Something that somebody must come to know; untold until they said that they read it."""

    __tablename__ = "notices"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    audience: Mapped[str] = mapped_column(Id, index=True)
    kind: Mapped[str] = mapped_column(String(32))
    at_ms: Mapped[int]
    read_ms: Mapped[int | None]
    facts = Fact[dict[str, Any]]()


class OwnInvitationRow(Base):
    """A grant that a young person gave by themselves: no parent's."""

    __tablename__ = "own_invitations"

    grant_id: Mapped[str] = mapped_column(ForeignKey("grants.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[str] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class ConfirmedRelationRow(Base):
    """A relation of before somebody came of age, which they confirmed since."""

    __tablename__ = "confirmed_relations"

    grant_id: Mapped[str] = mapped_column(ForeignKey("grants.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[str] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    confirmed_ms: Mapped[int]


class CountryRow(Sealed, Base):
    """Where somebody lives, as far as it changes from when on they decide alone."""

    __tablename__ = "countries"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    country = Fact[str]()


class JoinedGrantRow(Base):
    """A relation that somebody took into a sign-in that they had, beside its own."""

    __tablename__ = "joined_grants"

    grant_id: Mapped[str] = mapped_column(ForeignKey("grants.id", ondelete="CASCADE"), primary_key=True)
    to_grant_id: Mapped[str] = mapped_column(ForeignKey("grants.id", ondelete="CASCADE"), index=True)
    joined_ms: Mapped[int]


class ActingRow(Base):
    """In which of two relations a session acts towards a person."""

    __tablename__ = "acting"

    proof: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    relation: Mapped[str] = mapped_column(String(10))
