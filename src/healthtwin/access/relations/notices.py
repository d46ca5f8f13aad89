"""Notices: what somebody must come to know about who sees them, untold until they have read it.

Neither quiet hours nor a snooze holds one back: they are about a person's data, not about their readings.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import or_, select

from healthtwin.access.relation_tables import NoticeRow
from healthtwin.domain.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from healthtwin.store import Tables

TO_PERSON: Final = "person"
"""Audience: whoever is the person. Any other audience is the id of a grant, or `TO_ADMINS`."""

TO_ADMINS: Final = "admin"


class NoticeKind(StrEnum):
    """What a notice is about."""

    BREAK_GLASS = "break_glass"
    """Somebody broke the glass: who, why (to the person alone), until when."""
    BREAK_GLASS_ENDED = "break_glass_ended"
    """It was ended before its hour was over."""
    MAJORITY = "majority"
    """Somebody comes of age: whose relations will rest until confirmed."""
    ACCOUNT_RESET = "account_reset"
    """An account that reaches them was reset: whose. It reaches nobody until that is confirmed."""
    JOINED = "joined"
    """An invitation was used: by whom, from where."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice as it is kept.

    Attributes:
        person_id: whom it is about.
        audience: `TO_PERSON`, `TO_ADMINS` or the id of a grant.
        facts: what it says, by name; sentences are made of them at the edge.
        read_ms: when somebody of its audience said that they read it; None: untold.
    """

    id: str
    person_id: str
    audience: str
    kind: NoticeKind
    facts: Mapping[str, Any]
    at_ms: int
    read_ms: int | None


def note(
    session: Session,
    kind: NoticeKind,
    person_id: str,
    audience: str,
    facts: Mapping[str, Any],
    now_ms: int,
    *,
    of: str,
) -> bool:
    """Note something inside a transaction; False, and no change, when it stands there already.

    Args:
        of: what it is about, so that the same is noted once: the id of a glass, of a grant, an instant.
    """
    digest = hashlib.sha256(f"{kind}\x00{person_id}\x00{audience}\x00{of}".encode()).hexdigest()
    notice_id = f"n-{digest[:24]}"
    if session.get(NoticeRow, notice_id) is not None:
        return False
    session.add(
        NoticeRow(
            id=notice_id,
            person_id=person_id,
            audience=audience,
            kind=str(kind),
            facts=dict(facts),
            at_ms=now_ms,
            read_ms=None,
        )
    )
    session.flush()
    return True


class Notices:
    """The notices of a house. Every method is one transaction."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def to_person(self, person_id: str) -> Sequence[Notice]:
        """What a person was told about who sees them, the newest first."""
        return self._found(NoticeRow.person_id == person_id, NoticeRow.audience == TO_PERSON)

    def to_grant(self, grant_id: str, *, admin: bool) -> Sequence[Notice]:
        """What somebody else was told, the newest first."""
        mine = NoticeRow.audience == grant_id
        return self._found(or_(mine, NoticeRow.audience == TO_ADMINS) if admin else mine)

    def read(self, notice_id: str, audiences: Sequence[str], people: frozenset[str], now_ms: int) -> Notice:
        """Somebody of its audience has read it; again is no error.

        Args:
            audiences: that the reader belongs to. people: whom the reader is, for `TO_PERSON`.

        Raises:
            NotFound: no such notice, or none of theirs.
        """
        with self._tables.write() as session:
            row = session.get(NoticeRow, notice_id)
            theirs = row is not None and (
                row.audience in audiences or (row.audience == TO_PERSON and row.person_id in people)
            )
            if row is None or not theirs:
                raise NotFound("no such notice")
            if row.read_ms is None:
                row.read_ms = now_ms
            return _notice(row)

    def _found(self, *which: Any) -> Sequence[Notice]:  # noqa: ANN401 - conditions of SQLAlchemy
        query = select(NoticeRow).where(*which).order_by(NoticeRow.at_ms.desc(), NoticeRow.id)
        with self._tables.read() as session:
            return [_notice(row) for row in session.scalars(query)]


def _notice(row: NoticeRow) -> Notice:
    return Notice(
        row.id, row.person_id, row.audience, NoticeKind(row.kind), dict(row.facts), row.at_ms, row.read_ms
    )
