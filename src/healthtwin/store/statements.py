"""What somebody stated about a person, whole: current medicines, gene results, background."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from healthtwin.domain.errors import Conflict, NotFound
from healthtwin.store.base import PersonRow, StatementRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from healthtwin.store import Tables


class Subject(StrEnum):
    """What a statement is about."""

    MEDICINES = "medicines"
    GENES = "genes"
    BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody stated about a person, whole, until it is replaced.

    Attributes:
        content: JSON data, as the house accepted it.
        revision: 1 at first, one more with every change.
        logged_revision: the last one that the log has been told of; 0 is none.
        actor: id of the grant behind it, never a name.
    """

    person_id: str
    subject: Subject
    content: Mapping[str, Any]
    revision: int
    logged_revision: int
    actor: str
    stated_ms: int


class Statements:
    """The statements of a house. Every method is one transaction."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def get(self, person_id: str, subject: Subject) -> Statement | None:
        """What stands now; None before anything was stated."""
        with self._tables.read() as session:
            row = session.get(StatementRow, (person_id, subject.value))
            return None if row is None else _statement(row)

    def state(
        self,
        person_id: str,
        subject: Subject,
        content: Mapping[str, Any],
        *,
        actor: str,
        now_ms: int,
        expected_revision: int | None = None,
    ) -> Statement:
        """Replace what was stated; stating the same again changes nothing.

        Args:
            expected_revision: the revision that this replaces; None: whichever.

        Raises:
            NotFound: no such person.
            Conflict: another revision stands.
        """
        with self._tables.write() as session:
            return put_statement(session, person_id, subject, content, actor, now_ms, expected_revision)

    def unlogged(self) -> Sequence[Statement]:
        """Changes that the log has not been told of, in the order in which they were made."""
        newest = select(StatementRow).where(StatementRow.revision != StatementRow.logged_revision)
        order = (StatementRow.stated_ms, StatementRow.person_id, StatementRow.subject)
        with self._tables.read() as session:
            return [_statement(row) for row in session.scalars(newest.order_by(*order))]

    def note_logged(self, statements: Sequence[Statement]) -> None:
        """The log holds these revisions."""
        with self._tables.write() as session:
            for each in statements:
                session.execute(
                    update(StatementRow)
                    .where(
                        StatementRow.person_id == each.person_id, StatementRow.subject == each.subject.value
                    )
                    .values(logged_revision=each.revision)
                )

    def people_with(self, subject: Subject) -> Sequence[str]:
        """Ids of everybody about whom this was ever stated."""
        found = select(StatementRow.person_id).where(StatementRow.subject == subject.value)
        with self._tables.read() as session:
            return list(session.scalars(found.order_by(StatementRow.person_id)))


def put_statement(
    session: Session,
    person_id: str,
    subject: Subject,
    content: Mapping[str, Any],
    actor: str,
    now_ms: int,
    expected_revision: int | None = None,
) -> Statement:
    """`Statements.state`, inside a transaction of somebody else."""
    if session.get(PersonRow, person_id, with_for_update=True) is None:
        raise NotFound(f"no person {person_id!r}")
    row = session.get(StatementRow, (person_id, subject.value))
    if row is None:
        row = StatementRow(person_id=person_id, subject=subject.value, revision=0, logged_revision=0)
        session.add(row)
    if expected_revision is not None and expected_revision != row.revision:
        raise Conflict(
            f"the {subject} are of revision {row.revision} by now, not {expected_revision}; read them again"
        )
    if row.revision == 0 or row.content != dict(content):
        row.content = dict(content)
        row.revision += 1
        row.actor = actor
        row.stated_ms = now_ms
    return _statement(row)


def _statement(row: StatementRow) -> Statement:
    return Statement(
        row.person_id,
        Subject(row.subject),
        dict(row.content),
        row.revision,
        row.logged_revision,
        row.actor,
        row.stated_ms,
    )
