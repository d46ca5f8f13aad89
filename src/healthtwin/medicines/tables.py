"""The tables of medicines: what was found about medicines and genes. Times are epoch ms."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from healthtwin.store.base import Base, Counted


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
