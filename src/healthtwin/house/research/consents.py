"""Who agreed that their data, de-identified, goes to whom; and by how much their dates move for that one."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import select

from healthtwin.domain import plain_text
from healthtwin.domain.errors import NotFound
from healthtwin.house.tables import ResearchConsentRow
from healthtwin.privacy.deidentify import drawn_shift_weeks
from healthtwin.store.base import PersonRow
from healthtwin.store.secrets import new_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from healthtwin.store import Tables

LONGEST_RECIPIENT = 200


class ResearchConsents:
    """The consents of a house. Every method is one transaction.

    A consent that was taken back stays with its secret: should it be given again, dates move as before, so
    that what went out twice cannot be told apart by them.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def give(self, person_id: str, recipient: str, now_ms: int, until_ms: int | None = None) -> None:
        """This person agrees.

        Raises:
            NotFound: no such person. InvalidInput: a recipient that cannot be kept.
        """
        recipient = recipient_of(recipient)
        with self._tables.write() as session:
            if session.get(PersonRow, person_id) is None:
                raise NotFound(f"no person {person_id!r}")
            row = _row(session, person_id, recipient)
            if row is None:
                row = ResearchConsentRow(id=new_id("r-"), person_id=person_id, given_ms=now_ms)
                row.recipient = recipient
                row.shift_weeks = drawn_shift_weeks(secrets.randbelow)
                session.add(row)
            row.given_ms, row.until_ms, row.withdrawn_ms = now_ms, until_ms, None

    def withdraw(self, person_id: str, recipient: str, now_ms: int) -> None:
        """Take it back; what went out went out.

        Raises:
            NotFound: they never agreed to that.
        """
        with self._tables.write() as session:
            row = _row(session, person_id, recipient_of(recipient))
            if row is None:
                raise NotFound("this person never agreed to that")
            row.withdrawn_ms = now_ms

    def shifts(self, recipient: str, now_ms: int) -> dict[str, int]:
        """Ids of those who agree at present, and by how many weeks the dates of each move."""
        recipient = recipient_of(recipient)
        with self._tables.read() as session:
            return {
                row.person_id: row.shift_weeks
                for row in session.scalars(select(ResearchConsentRow))
                if row.recipient == recipient
                and row.withdrawn_ms is None
                and (row.until_ms is None or row.until_ms > now_ms)
            }


def recipient_of(text: str) -> str:
    """Who gets it, as it is kept: plain text, one line.

    Raises:
        InvalidInput: it is empty, too long, or holds what cannot be read.
    """
    return plain_text("recipient", text, LONGEST_RECIPIENT)


def _row(session: Session, person_id: str, recipient: str) -> ResearchConsentRow | None:
    rows = session.scalars(select(ResearchConsentRow).where(ResearchConsentRow.person_id == person_id))
    return next((row for row in rows if row.recipient == recipient), None)
