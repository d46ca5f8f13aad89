"""The tables of medicines: what was found about medicines and genes. Times are epoch ms."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from healthtwin.store.base import Base, Counted, Id
from healthtwin.store.sealed import Fact, Sealed


class FindingRow(Sealed, Base):
    """What a specialty holds to be so about a person: a projection, which can be computed again."""

    __tablename__ = "findings"
    identity = ("id",)

    number: Mapped[int] = mapped_column(Counted, primary_key=True)
    id: Mapped[str] = mapped_column(Id, unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    specialty: Mapped[str] = mapped_column(String(32))
    urgency: Mapped[int]
    version: Mapped[str]
    found_ms: Mapped[int]
    hypothesis = Fact[str]()
    confidence = Fact[float | None](None)
    evidence = Fact[list[dict[str, Any]]]()
    contraindications = Fact[list[dict[str, Any]]]()
